"""The API of what a person has before them today, and of their team's week. Thin."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import deadline_calendar
from registry.api.description import PAGE_SIZE
from registry.api.pagination import asked_page_size
from registry.api.parsing import day_asked
from registry.api.reminding_serializers import NoticeSerializer
from registry.api.serializers import DeadlineInListSerializer
from registry.deadline_calendar import EARLIEST, LATEST
from registry.my_day import SHOWN, MyDay, my_day, team_week
from registry.refusals import Invalid


class DeadlineShareSerializer(serializers.Serializer):
    more = serializers.BooleanField(
        help_text="Whether there are more: ask /deadlines/ for all, with a cursor."
    )
    results = DeadlineInListSerializer(many=True)


class MyDaySerializer(serializers.Serializer):
    """Days are those of the zone of the person who asks."""

    day = serializers.DateField()
    overdue = DeadlineShareSerializer()
    today = DeadlineShareSerializer()
    week = DeadlineShareSerializer(help_text="In the seven days after.")
    away = serializers.ListField(
        child=serializers.CharField(), help_text="Those for whom the person stands in."
    )
    standing_in = DeadlineShareSerializer()
    to_acknowledge = NoticeSerializer(many=True)


class TeamDaySerializer(serializers.Serializer):
    day = serializers.DateField()
    deadlines = serializers.IntegerField()
    critical = serializers.IntegerField()


class TeamMemberWeekSerializer(serializers.Serializer):
    person = serializers.CharField()
    overdue = serializers.IntegerField()
    days = TeamDaySerializer(many=True)


class TeamWeekSerializer(serializers.Serializer):
    first = serializers.DateField()
    too_many = serializers.BooleanField(help_text="The counts stop short.")
    people = TeamMemberWeekSerializer(many=True)


class Today(APIView):
    """What is overdue, what ends today and in the seven days after, what waits in the matters of
    those for whom one stands in, and the notices that nobody has acknowledged yet."""

    @extend_schema(
        operation_id="my_day",
        summary="My day: overdue, today, the seven days after, standing in, to acknowledge",
        parameters=[PAGE_SIZE],
        responses=MyDaySerializer,
    )
    def get(self, request: Request) -> Response:
        size = asked_page_size(request, SHOWN) or SHOWN
        zone = timezone.get_current_timezone()
        found = my_day(request.user, now=timezone.now(), zone=zone, size=size)
        return Response(_day_told(found))


class TeamWeek(APIView):
    """The week of each person of one's team, counted from what one may see; at most 200 people."""

    @extend_schema(
        operation_id="team_week",
        summary="My team's week: how many deadlines end on each day, person by person",
        parameters=[OpenApiParameter("on", OpenApiTypes.DATE, description="A day of the week.")],
        responses=TeamWeekSerializer,
    )
    def get(self, request: Request) -> Response:
        on = day_asked(request.GET, "on") or timezone.localdate()
        if not EARLIEST <= on <= LATEST:
            raise Invalid(
                "invalid", "This day lies outside the calendar.", fields={"on": [str(EARLIEST)]}
            )
        begins = deadline_calendar.first_weekday(request.user)
        first, _last = deadline_calendar.span_of_week(on, begins)
        zone = timezone.get_current_timezone()
        week = team_week(request.user, first, now=timezone.now(), zone=zone)
        people = [
            {
                "person": one.person.name,
                "overdue": one.overdue,
                "days": [
                    {"day": day, "deadlines": count, "critical": critical}
                    for day, count, critical in cells
                ],
            }
            for one, cells in week.rows
        ]
        told = {"first": first, "too_many": week.too_many, "people": people}
        return Response(TeamWeekSerializer(told).data)


def _day_told(found: MyDay) -> dict[str, Any]:
    told = MyDaySerializer(
        {
            "day": timezone.localdate(),
            "overdue": found.overdue.__dict__ | {"results": found.overdue.rows},
            "today": found.today.__dict__ | {"results": found.today.rows},
            "week": found.week.__dict__ | {"results": found.week.rows},
            "away": [person.name for person in found.away],
            "standing_in": found.standing_in.__dict__ | {"results": found.standing_in.rows},
            "to_acknowledge": found.to_acknowledge,
        }
    )
    return dict(told.data)

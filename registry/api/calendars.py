"""The API of working days: calendars side by side, and the days that offices mark."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import local_days
from registry.api.description import NOTHING
from registry.api.parsing import checked, day_asked
from registry.models import Authority, State
from registry.refusals import Invalid
from registry.side_by_side import Mark, side_by_side

SINCE = OpenApiParameter("since", OpenApiTypes.DATE, description="First day; 1 January if absent.")
UNTIL = OpenApiParameter("until", OpenApiTypes.DATE, description="Last day; 31 December if absent.")


class LocalDaySerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    state = serializers.CharField(source="state_id", max_length=8)
    authority = serializers.IntegerField(
        source="authority_id",
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Absent or null: for everything in the State.",
    )
    first_day = serializers.DateField()
    last_day = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Absent: one day only."
    )
    working = serializers.BooleanField(
        default=False, help_text="Days worked instead of days off, for example a Saturday."
    )
    label = serializers.CharField(max_length=160)


class DayOffSerializer(serializers.Serializer):
    day = serializers.DateField()
    mark = serializers.ChoiceField([mark.value for mark in Mark])
    name = serializers.CharField(allow_blank=True)


class SideSerializer(serializers.Serializer):
    state = serializers.CharField()
    holidays_known = serializers.BooleanField()
    working_days = serializers.IntegerField()
    days = DayOffSerializer(many=True, help_text="The days that are not ordinary working days.")


class SideBySideSerializer(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField()
    both_work = serializers.IntegerField(help_text="Days on which every State named works.")
    sides = SideSerializer(many=True)


class LocalDays(APIView):
    @extend_schema(
        operation_id="local_days_list",
        summary="The days that offices of a State have marked",
        parameters=[OpenApiParameter("state", str, required=True), SINCE, UNTIL],
        responses=LocalDaySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        first, last = _span(request)
        found = local_days.local_days(_state(request, "state").code, first, last)
        return Response(LocalDaySerializer(found, many=True).data)

    @extend_schema(
        operation_id="local_days_create",
        summary="Mark days as days off or as days worked",
        request=LocalDaySerializer,
        responses={201: LocalDaySerializer},
    )
    def post(self, request: Request) -> Response:
        asked = checked(request, LocalDaySerializer)
        state = State.objects.filter(pk=asked["state_id"].replace("\x00", "")).first()
        number = asked["authority_id"]
        authority = Authority.objects.filter(pk=number).first() if number is not None else None
        errors = {}
        if state is None:
            errors["state"] = ["There is no State with this code."]
        if number is not None and authority is None:
            errors["authority"] = ["There is no such authority."]
        if errors:
            raise Invalid("local_day_incomplete", "The days were not marked.", fields=errors)
        made = local_days.add(
            state=state,
            authority=authority,
            first_day=asked["first_day"],
            last_day=asked["last_day"],
            label=asked["label"],
            working=asked["working"],
            user=request.user,
            now=timezone.now(),
        )
        return Response(LocalDaySerializer(made).data, status=201)


class OneLocalDay(APIView):
    @extend_schema(
        operation_id="local_days_delete", summary="Take a mark away", responses={204: NOTHING}
    )
    def delete(self, request: Request, pk: int) -> Response:
        local_days.remove(pk, user=request.user, now=timezone.now())
        return Response(status=204)


class Calendars(APIView):
    @extend_schema(
        operation_id="calendars_read",
        summary="The working days of one State or of two, side by side",
        parameters=[
            OpenApiParameter("state", str, required=True),
            OpenApiParameter("other", str),
            SINCE,
            UNTIL,
        ],
        responses=SideBySideSerializer,
    )
    def get(self, request: Request) -> Response:
        first, last = _span(request)
        names = [name for name in ("state", "other") if name == "state" or request.GET.get(name)]
        shown = side_by_side([(_state(request, name), None) for name in names], first, last)
        sides = [
            {
                "state": side.state.code,
                "holidays_known": side.known,
                "working_days": side.working,
                "days": [day for day in side.days.values() if day.mark != Mark.WORKED or day.name],
            }
            for side in shown.sides
        ]
        told: dict[str, Any] = {"since": shown.first, "until": shown.last}
        told |= {"both_work": shown.both_work, "sides": sides}
        return Response(SideBySideSerializer(told).data)


def _state(request: Request, name: str) -> State:
    found = State.objects.filter(pk=request.GET.get(name, "").upper().replace("\x00", "")).first()
    if found is None:
        sentence = "Give the code of a State."
        raise Invalid("unknown_state", sentence, fields={name: [sentence]})
    return found


def _span(request: Request) -> tuple[date, date]:
    year = timezone.now().year
    first = day_asked(request.GET, "since") or date(year, 1, 1)
    last = day_asked(request.GET, "until") or date(first.year, 12, 31)
    if not 1900 <= first.year <= last.year <= 2900 or last < first:
        sentence = "The span ends before it begins, or is too far away."
        raise Invalid("invalid", sentence, fields={"until": [sentence]})
    return first, last

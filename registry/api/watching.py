"""The API of what must be looked after: at risk, missed and why, urgent, late with them, health."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import missed
from registry.api.description import CURSOR, PAGE_SIZE
from registry.api.pagination import asked_page_size, page_answer
from registry.api.parsing import checked, instant_asked
from registry.api.serializers import DeadlineInListSerializer
from registry.at_risk import deadlines_at_risk
from registry.clock_health import health_for
from registry.deadline_list import DeadlinePage
from registry.urgent_queue import late_with_them, urgent_queue


class AtRiskSerializer(DeadlineInListSerializer):
    reasons = serializers.ListField(child=serializers.CharField())


class ExplanationSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=missed.LONGEST_TEXT)
    by = serializers.CharField(source="by.name", read_only=True)
    at = serializers.DateTimeField(read_only=True)


class MissedSerializer(DeadlineInListSerializer):
    days_late = serializers.IntegerField(
        help_text="Calendar days of the zone in which the deadline runs; 0 on the due day itself."
    )
    explanation = ExplanationSerializer(allow_null=True)
    recorded_reason = serializers.CharField(source="recorded", allow_blank=True)


class AtRiskPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AtRiskSerializer(many=True)


class MissedPageSerializer(AtRiskPageSerializer):
    results = MissedSerializer(many=True)


class LatePageSerializer(AtRiskPageSerializer):
    results = DeadlineInListSerializer(many=True)


class UrgentSerializer(serializers.Serializer):
    reference = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    counterpart = serializers.CharField(source="counterpart_id", allow_null=True)
    responsible = serializers.CharField(source="responsible.name")
    reason = serializers.CharField(source="urgency_reason")
    needed_by = serializers.DateField(source="urgent_until")
    next_due_at = serializers.DateTimeField(source="soonest", allow_null=True)


class UrgentQueueSerializer(AtRiskPageSerializer):
    results = UrgentSerializer(many=True)


class HealthSerializer(serializers.Serializer):
    healthy = serializers.BooleanField()
    silent = serializers.BooleanField(help_text="No scan for ten minutes.")
    last_scan = serializers.DateTimeField(allow_null=True)
    last_delivery = serializers.DateTimeField(allow_null=True)
    lag_seconds = serializers.FloatField()
    due = serializers.IntegerField()
    pending = serializers.IntegerField()
    failed = serializers.IntegerField()
    untold = serializers.IntegerField()
    troubles = serializers.ListField(child=serializers.DictField())


class AtRisk(APIView):
    @extend_schema(
        operation_id="deadlines_at_risk",
        summary="Deadlines that may go wrong, with the reasons",
        parameters=[CURSOR, PAGE_SIZE],
        responses=AtRiskPageSerializer,
    )
    def get(self, request: Request) -> Response:
        found = deadlines_at_risk(request.user, now=timezone.now(), **_place(request))
        return _paged(request, found.page, AtRiskSerializer)


class LateWithThem(APIView):
    @extend_schema(
        operation_id="deadlines_late_with_them",
        summary="Deadlines that bind the other side and have passed",
        parameters=[CURSOR, PAGE_SIZE],
        responses=LatePageSerializer,
    )
    def get(self, request: Request) -> Response:
        page = late_with_them(request.user, now=timezone.now(), **_place(request))
        return _paged(request, page, DeadlineInListSerializer)


class Missed(APIView):
    @extend_schema(
        operation_id="deadlines_missed",
        summary="Deadlines that we missed and why, the latest first",
        parameters=[
            OpenApiParameter("due_from", OpenApiTypes.DATETIME),
            OpenApiParameter("due_before", OpenApiTypes.DATETIME),
            CURSOR,
            PAGE_SIZE,
        ],
        responses=MissedPageSerializer,
    )
    def get(self, request: Request) -> Response:
        page = missed.missed_deadlines(
            request.user,
            now=timezone.now(),
            since=instant_asked(request.GET, "due_from"),
            until=instant_asked(request.GET, "due_before"),
            **_place(request),
        )
        return _paged(request, page, MissedSerializer)


class Explanation(APIView):
    @extend_schema(
        operation_id="deadlines_explain",
        summary="Say why a deadline was missed",
        request=ExplanationSerializer,
        responses={201: ExplanationSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        asked = checked(request, ExplanationSerializer)
        made = missed.explain(pk, asked["text"], user=request.user, now=timezone.now())
        return Response(ExplanationSerializer(made).data, status=201)


class Urgent(APIView):
    @extend_schema(
        operation_id="urgent_list",
        summary="Open urgent matters of every kind, needed soonest first",
        parameters=[CURSOR, PAGE_SIZE],
        responses=UrgentQueueSerializer,
    )
    def get(self, request: Request) -> Response:
        queue = urgent_queue(request.user, **_place(request))
        return page_answer(request, queue, UrgentSerializer(queue.matters, many=True).data)


class Health(APIView):
    @extend_schema(
        operation_id="deadlines_health",
        summary="The health of the reminding: last scan, lag, queue, failures",
        responses=HealthSerializer,
    )
    def get(self, request: Request) -> Response:
        found, wrong = health_for(request.user, timezone.now())
        troubles = [{"what": each.what, "remedy": each.remedy} for each in wrong]
        told = {**found.__dict__, "lag_seconds": found.lag.total_seconds(), "troubles": troubles}
        return Response(HealthSerializer(told).data)


def _place(request: Request) -> dict[str, Any]:
    cursor = request.GET.get("cursor", "").replace("\x00", "")
    return {"cursor": cursor, "size": asked_page_size(request, 50)}


def _paged(request: Request, page: DeadlinePage, shape: type[serializers.Serializer]) -> Response:
    return page_answer(request, page, shape(page.rows, many=True).data)

"""The API of figures and questionnaires."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mla import feedback, statistics, statistics_received
from registry.access import reads_files_of
from registry.deadlines import today_of
from treaties import questionnaires
from treaties.api.obligations import office_asked
from treaties.compliance_report.ordering import offices_read
from treaties.web.days import period_asked

PERIOD = [
    OpenApiParameter("authority", int, description="Your office, where you work in several."),
    OpenApiParameter("since", OpenApiTypes.DATE, description="The first of January if absent."),
    OpenApiParameter("until", OpenApiTypes.DATE, description="Today if absent."),
]


class KindCountSerializer(serializers.Serializer):
    sent = serializers.IntegerField()
    received = serializers.IntegerField()


class StatisticsSerializer(serializers.Serializer):
    authority = serializers.IntegerField()
    since = serializers.DateField()
    until = serializers.DateField()
    balanced = serializers.BooleanField(
        help_text="False: dossiers contradict their timeline, and stock and flow are not given."
    )
    contradictions = serializers.ListField(child=serializers.CharField())
    figures = serializers.DictField(child=serializers.IntegerField())
    median_days = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    by_state = serializers.DictField(child=serializers.IntegerField())
    by_basis = serializers.DictField(child=serializers.IntegerField())
    by_measure = serializers.DictField(child=serializers.IntegerField())
    received = serializers.DictField(
        child=serializers.IntegerField(), help_text="What we did with the requests received."
    )
    received_median_days = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    feedback_given = serializers.DictField(
        child=serializers.IntegerField(), help_text="By usefulness, as we said of others' help."
    )
    feedback_received = serializers.DictField(
        child=serializers.IntegerField(), help_text="By usefulness, as others said of ours."
    )
    by_kind = serializers.DictField(
        child=KindCountSerializer(),
        help_text="Every kind, also those that are no requests and are not in the figures.",
    )
    by_ground = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Refusals by the ground cited, in the register's word; empty: none known.",
    )


class Statistics(APIView):
    @extend_schema(
        operation_id="statistics_read",
        summary="What became of the requests sent and received, of those that I may see",
        parameters=PERIOD,
        responses=StatisticsSerializer,
    )
    def get(self, request: Request) -> Response:
        office = office_asked(request, request.query_params.get("authority"))
        if office.pk not in reads_files_of(request.user):
            raise Http404
        since, until = period_asked(request.query_params, today_of(office, timezone.now()))
        found = statistics.of_period(office, since, until, request.user)
        said_by_us, said_of_us = feedback.counts(office, since, until, request.user)
        received = statistics_received.of_period(office, since, until, request.user)
        flow = {"carried", "new", "ended", "open"}
        codes = [c for c in statistics.LABELS if found.balanced or c not in flow]
        answer: dict[str, Any] = {
            "authority": office.pk,
            "since": since,
            "until": until,
            "balanced": found.balanced,
            "contradictions": [m.reference for m in found.breaks],
            "figures": {code: found.count(code) for code in codes},
            "median_days": found.days,
            "by_state": dict(found.by("state")),
            "by_basis": dict(found.by("basis")),
            "by_measure": dict(found.by_measure),
            "received": {code: received.count(code) for code in statistics_received.LABELS},
            "received_median_days": received.days,
            "feedback_given": dict(said_by_us),
            "feedback_received": dict(said_of_us),
            "by_kind": found.by_kind,
            "by_ground": dict(found.by_ground),
        }
        return Response(StatisticsSerializer(answer).data)


class AnsweredItemSerializer(serializers.Serializer):
    number = serializers.CharField()
    provision = serializers.CharField()
    question = serializers.CharField()
    answered = serializers.BooleanField()
    obligations = serializers.ListField(child=serializers.DictField())
    figures = serializers.ListField(child=serializers.DictField())


class QuestionnaireSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()
    reviewer = serializers.CharField()
    source = serializers.CharField()
    as_of = serializers.CharField()
    verified = serializers.BooleanField(help_text="Whether the questions were compared.")
    items = AnsweredItemSerializer(many=True)


class Questionnaire(APIView):
    @extend_schema(
        operation_id="questionnaires_read",
        summary="A review's questions with the State's published answers and figures",
        parameters=[
            OpenApiParameter("code", str, OpenApiParameter.PATH, enum=list(questionnaires.known())),
            *PERIOD,
        ],
        responses=QuestionnaireSerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        office = office_asked(request, request.query_params.get("authority"))
        if office.pk not in offices_read(request.user):
            raise Http404
        since, until = period_asked(request.query_params, today_of(office, timezone.now()))
        found = questionnaires.arrange(office, code, since, until, request.user)
        items = [
            {
                "number": item.number,
                "provision": item.provision,
                "question": item.question,
                "answered": item.answered,
                "obligations": [
                    {
                        "code": row.obligation.pk,
                        "status": row.status,
                        "explanation": row.assessment.explanation if row.assessment else "",
                    }
                    for row in item.rows
                ],
                "figures": [
                    {"code": f.code, "label": str(f.label), "value": f.value, "of": f.of}
                    for f in item.figures
                ],
            }
            for item in found.items
        ]
        answer = {
            "code": found.code,
            "title": found.title,
            "reviewer": found.reviewer,
            "source": found.source,
            "as_of": found.as_of,
            "verified": found.verified,
            "items": items,
        }
        return Response(QuestionnaireSerializer(answer).data)

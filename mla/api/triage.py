"""The triage of a received request, by API."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mla import triage
from mla.api.serializers import ReceiptSerializer
from mla.api.views import RequestEndpoint
from mla.models import AssistanceRequest, Receipt, RefusalAssessment
from registry.api.description import IF_MATCH
from registry.api.parsing import checked, json_object
from registry.models import Confidence
from registry.refusals import NotPossibleNow
from treaties.models import RefusalGround


class FindingsSerializer(serializers.Serializer):
    """Any of these; what is left out stays."""

    priority = serializers.ChoiceField(Receipt.Priority.choices, required=False)
    competent_authority = serializers.IntegerField(required=False, allow_null=True)
    dual_criminality = serializers.ChoiceField(Receipt.DualCriminality.choices, required=False)
    dual_criminality_note = serializers.CharField(required=False, allow_blank=True)


class GroundSerializer(serializers.Serializer):
    """A ground of the legal basis; those that must be answered have an answer, or nothing yet."""

    id = serializers.IntegerField()
    ground = serializers.CharField()
    instrument = serializers.CharField(source="instrument_id")
    article = serializers.CharField()
    effect = serializers.ChoiceField(RefusalGround.Effect.choices)
    note = serializers.CharField()
    confidence = serializers.ChoiceField(Confidence.choices)
    answer = serializers.ChoiceField(RefusalAssessment.Answer.choices, allow_null=True)
    reasons = serializers.CharField(allow_null=True)


class GroundAnswerSerializer(serializers.Serializer):
    ground = serializers.IntegerField(min_value=1, max_value=2**62)
    answer = serializers.ChoiceField(RefusalAssessment.Answer.choices)
    reasons = serializers.CharField(default="", allow_blank=True, max_length=10_000)


class GroundAnswersSerializer(serializers.Serializer):
    answers = GroundAnswerSerializer(many=True)


def grounds_shown(request: AssistanceRequest) -> list[dict[str, object]]:
    """Every ground, those to be answered first."""
    found = triage.grounds_of(request)
    answered = {asked.ground.pk: asked.assessment for asked in found.asked}
    known = [asked.ground for asked in found.asked]
    for ground in [*known, *found.barred, *found.duties, *found.conditions]:
        assessment = answered.get(ground.pk)
        ground.answer = assessment.answer if assessment else None  # type: ignore[attr-defined]
        ground.reasons = assessment.reasons if assessment else None  # type: ignore[attr-defined]
    every = [*known, *found.barred, *found.duties, *found.conditions]
    return GroundSerializer(every, many=True).data


class TriageEndpoint(RequestEndpoint):
    def received(self, reference: str) -> AssistanceRequest:
        """The request; one that we sent has no triage (NotPossibleNow)."""
        found = self.matter(reference)
        if not found.is_received:
            raise NotPossibleNow("not_received", _("Only a request that came to us is triaged."))
        return found


class Triage(TriageEndpoint):
    @extend_schema(
        operation_id="requests_triage",
        summary="How a received request came and what the triage found",
        responses=ReceiptSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.received(reference)
        return self.answer(found, ReceiptSerializer(found.receipt).data)

    @extend_schema(
        operation_id="requests_note_findings",
        summary="Note priority, competent authority, dual criminality",
        parameters=[IF_MATCH],
        request=FindingsSerializer,
        responses=ReceiptSerializer,
    )
    def patch(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        triage.note_findings(
            found,
            json_object(request),
            user=request.user,
            expected_version=version,
            now=timezone.now(),
        )
        return self.get(request, reference)


class Grounds(TriageEndpoint):
    @extend_schema(
        operation_id="requests_refusal_grounds",
        summary="The grounds of refusal of the legal basis, and how each was answered",
        responses=GroundSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.received(reference)
        return self.answer(found, grounds_shown(found))

    @extend_schema(
        operation_id="requests_answer_refusal_grounds",
        summary="Answer grounds of refusal: yes, no or not relevant, with reasons",
        parameters=[IF_MATCH],
        request=GroundAnswersSerializer,
        responses=GroundSerializer(many=True),
    )
    def put(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        given = checked(request, GroundAnswersSerializer)
        triage.answer_grounds(
            found,
            {row["ground"]: (row["answer"], row["reasons"]) for row in given["answers"]},
            user=request.user,
            expected_version=version,
            now=timezone.now(),
        )
        return self.get(request, reference)

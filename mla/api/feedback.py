"""How useful the help was, by API."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mla import feedback
from mla.api.views import RequestEndpoint
from mla.models import Feedback
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH
from registry.api.parsing import checked
from registry.api.repeating import done_once


class FeedbackSerializer(serializers.ModelSerializer):
    told_here = serializers.SerializerMethodField(
        help_text="Whether the other side reads it in its own dossier of this installation."
    )

    class Meta:
        model = Feedback
        fields = ["usefulness", "note", "given_at", "told_on", "told_here"]

    def get_told_here(self, said: Feedback) -> bool:
        return said.told_dossier_id is not None


class GiveFeedbackSerializer(serializers.Serializer):
    usefulness = serializers.ChoiceField(Feedback.Usefulness.choices)
    note = serializers.CharField(max_length=feedback.LONGEST_NOTE, default="", allow_blank=True)


class TellFeedbackSerializer(serializers.Serializer):
    on = serializers.CharField(max_length=20, help_text="Day, as 2028-02-29.")


class RequestFeedback(RequestEndpoint):
    @extend_schema(
        operation_id="requests_feedback",
        summary="How useful it was; of a request received, what they said of our help",
        responses={200: FeedbackSerializer, 204: None},
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        said = feedback.received_with(found) if found.is_received else feedback.feedback_of(found)
        if said is None:
            return self.answer(found, status=204)
        return self.answer(found, FeedbackSerializer(said).data)

    @extend_schema(
        operation_id="requests_give_feedback",
        summary="Say how useful it was, once the request is closed",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=GiveFeedbackSerializer,
        responses={201: FeedbackSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        given = checked(request, GiveFeedbackSerializer)
        said = feedback.give(
            found, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, FeedbackSerializer(said).data, status=201)


class FeedbackTelling(RequestEndpoint):
    @extend_schema(
        operation_id="requests_tell_feedback",
        summary="Record the day on which the feedback was sent",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=TellFeedbackSerializer,
        responses=FeedbackSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        if found.is_received:
            raise Http404
        given = checked(request, TellFeedbackSerializer)
        said = feedback.note_telling(
            found, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, FeedbackSerializer(said).data)

"""The sending log of a request, by API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mla import sending_log
from mla.api.views import RequestEndpoint
from mla.models import AssistanceRequest
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH
from registry.api.parsing import checked
from registry.api.repeating import done_once


class SendingSerializer(serializers.Serializer):
    """Something that left, or is on its way; ``id`` only of sendings of the request itself."""

    id = serializers.IntegerField(source="number", allow_null=True)
    what = serializers.CharField()
    channel = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    tracking_number = serializers.CharField()
    proof = serializers.IntegerField(
        source="proof.pk", default=None, allow_null=True, help_text="Number of the document."
    )
    note = serializers.CharField()
    arrived_at = serializers.DateTimeField(allow_null=True)
    came_back_at = serializers.DateTimeField(allow_null=True)
    waiting = serializers.BooleanField(help_text="It is in the outbox and tried again.")
    refused = serializers.BooleanField(help_text="The other installation refused it.")
    tries = serializers.IntegerField()
    error = serializers.CharField()


class SendAgainSerializer(serializers.Serializer):
    channel = serializers.ChoiceField(AssistanceRequest.Transmission.choices)
    sent_at = serializers.DateTimeField()
    tracking_number = serializers.CharField(max_length=120, default="", allow_blank=True)
    note = serializers.CharField(max_length=10_000, default="", allow_blank=True)


class SendingOutcomeSerializer(serializers.Serializer):
    arrived = serializers.BooleanField(help_text="False: it came back undelivered.")
    at = serializers.DateTimeField()
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class Sendings(RequestEndpoint):
    def log(self, reference: str, status: int = 200) -> Response:
        found = self.matter(reference)
        sendings = sending_log.sendings_of(found)
        return self.answer(found, SendingSerializer(sendings, many=True).data, status=status)

    @extend_schema(
        operation_id="requests_sendings",
        summary="The sending log: everything that left, the latest first",
        responses=SendingSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.log(reference)

    @extend_schema(
        operation_id="requests_send_again",
        summary="Record that the request was sent once more",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=SendAgainSerializer,
        responses={201: SendingSerializer(many=True)},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        given = checked(request, SendAgainSerializer)
        sending_log.send_again(
            found, user=request.user, now=timezone.now(), expected_version=version, **given
        )
        return self.log(reference, 201)


class SendingOutcome(Sendings):
    http_method_names = ["put", "options"]

    @extend_schema(
        operation_id="requests_sending_outcome",
        summary="Record that a sending arrived, or came back",
        parameters=[IF_MATCH],
        request=SendingOutcomeSerializer,
        responses=SendingSerializer(many=True),
    )
    def put(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, SendingOutcomeSerializer)
        sending_log.record_outcome(
            found, pk, user=request.user, now=timezone.now(), expected_version=version, **given
        )
        return self.log(reference)

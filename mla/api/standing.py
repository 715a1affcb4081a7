"""Where a request of ours stands, by API."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mla import standing
from mla.api.views import RequestEndpoint
from registry.models import Deadline


class StandingClockSerializer(serializers.ModelSerializer):
    label = serializers.CharField(source="shown_label")

    class Meta:
        model = Deadline
        fields = ["label", "due_at", "state", "bound_party"]


class StandingSerializer(serializers.Serializer):
    where = serializers.CharField(help_text="In plain words, in the language asked for.")
    since = serializers.DateTimeField()
    with_whom = serializers.CharField()
    contact = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    due = StandingClockSerializer(many=True)


class RequestStanding(RequestEndpoint):
    @extend_schema(
        operation_id="requests_standing",
        summary="Where a request of ours stands: who has it, what is missing, by when",
        responses=StandingSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        if found.is_received:
            raise Http404
        return self.answer(found, StandingSerializer(standing.of(found)).data)

"""What comes of a matter, and how a sent request was amended, by API."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mla import amendments
from mla.api.serializers import RequestSerializer
from mla.api.views import RequestEndpoint
from mla.models import RequestKind
from mla.starting_from import WAYS, related_to, start_from, ways_from
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH
from registry.api.parsing import checked
from registry.api.repeating import done_once


class RelatedSerializer(serializers.Serializer):
    """A matter that this one came from, or that came from it."""

    reference = serializers.CharField(source="request.dossier.reference")
    title = serializers.CharField(source="request.dossier.title")
    kind = serializers.ChoiceField(RequestKind.choices, source="request.kind")
    words = serializers.CharField()


class WaySerializer(serializers.Serializer):
    way = serializers.CharField(source="name")
    label = serializers.CharField()


class FollowingSerializer(serializers.Serializer):
    related = RelatedSerializer(many=True)
    ways = WaySerializer(many=True, help_text="What can be started from it now.")


class StartFromSerializer(serializers.Serializer):
    way = serializers.ChoiceField([(way.name, way.label) for way in WAYS.values()])
    requested_state = serializers.CharField(
        max_length=8, default="", allow_blank=True, help_text="For a copy: another State."
    )


class AmendmentSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    changes = serializers.CharField()
    reason = serializers.CharField()
    amended_at = serializers.DateTimeField()
    amended_by = serializers.CharField(source="amended_by.name")
    told_at = serializers.DateTimeField(allow_null=True)


class AmendmentLetterSerializer(serializers.Serializer):
    letter = serializers.IntegerField(help_text="Number of the draft letter.")


class Following(RequestEndpoint):
    @extend_schema(
        operation_id="requests_following",
        summary="The matters before and after it, and what can be started from it",
        responses=FollowingSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        told = {"related": related_to(found, request.user), "ways": ways_from(found)}
        return self.answer(found, FollowingSerializer(told).data)

    @extend_schema(
        operation_id="requests_start_from",
        summary="Start a supplement, a follow-up, a conversion or a copy",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=StartFromSerializer,
        responses={201: RequestSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        given = checked(request, StartFromSerializer)
        started = start_from(
            found,
            given["way"],
            requested_state=given["requested_state"],
            user=request.user,
            expected_version=version,
            now=timezone.now(),
        )
        new = started.dossier.reference
        where = reverse("api-request", kwargs={"reference": new})
        return self.whole(new, 201, Location=request.build_absolute_uri(where))


class Amendments(RequestEndpoint):
    @extend_schema(
        operation_id="requests_amendments",
        summary="How the request was amended after it was sent",
        responses=AmendmentSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        rows = found.amendments.select_related("amended_by")
        return self.answer(found, AmendmentSerializer(rows, many=True).data)


class AmendmentLetter(RequestEndpoint):
    @extend_schema(
        operation_id="requests_amendment_letter",
        summary="Draft the letter that tells of the amendments not told yet",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=None,
        responses={201: AmendmentLetterSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, _version = self.seen(reference)
        draft = amendments.draft_letter(found, user=request.user, now=timezone.now())
        return Response({"letter": draft.pk}, status=201)

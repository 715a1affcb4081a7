"""Persons by name, and their matches: thin, what may be seen is decided in the domain."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import deconfliction, person_search, protected_identities
from cases.deconfliction import Seen
from registry.api.parsing import checked
from registry.refusals import Invalid, NotPossibleNow


class FoundPersonSerializer(serializers.Serializer):
    """A person found, by the name for letters: a protected one by the alias."""

    id = serializers.IntegerField(source="person.pk")
    name = serializers.CharField(source="person.name_for_letters")
    matched_name = serializers.CharField(source="name", help_text="The name that fits best.")
    role = serializers.CharField(source="person.role")
    reference = serializers.CharField(source="person.dossier.reference")
    score = serializers.FloatField(source="comparison.score", help_text="0 to 1.")
    verdict = serializers.CharField(source="comparison.verdict")
    reasons = serializers.ListField(child=serializers.CharField(), source="comparison.reasons")


class FoundPersonsSerializer(serializers.Serializer):
    results = FoundPersonSerializer(many=True)


class MatchSideSerializer(serializers.Serializer):
    person = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="name_for_letters")
    reference = serializers.CharField(source="dossier.reference")


class MatchContactSerializer(serializers.Serializer):
    name = serializers.CharField()
    email = serializers.CharField()
    office = serializers.CharField()
    reference = serializers.CharField()


class MatchSerializer(serializers.Serializer):
    """A match as the caller may see it: of a hidden matter nothing before both sides agree."""

    id = serializers.IntegerField(source="key")
    mine = MatchSideSerializer()
    theirs = MatchSideSerializer(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    decision = serializers.CharField(help_text="open, same or not_same.")
    stage = serializers.CharField(
        help_text="Of a hidden match: asked, waiting, declined, refused, agreed; else empty."
    )
    contact = MatchContactSerializer(allow_null=True)
    may_answer = serializers.BooleanField()
    may_decide = serializers.BooleanField()


class MatchPageSerializer(serializers.Serializer):
    next_before = serializers.IntegerField(allow_null=True)
    results = MatchSerializer(many=True)


class MatchAnswerSerializer(serializers.Serializer):
    agree = serializers.BooleanField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=400)


class MatchDecisionSerializer(serializers.Serializer):
    same = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=400)


class Persons(APIView):
    @extend_schema(
        operation_id="persons_search",
        summary="Persons of this name, in any script or spelling, of the dossiers one sees",
        parameters=[
            OpenApiParameter("name", OpenApiTypes.STR, required=True, description="A name.")
        ],
        responses=FoundPersonsSerializer,
    )
    def get(self, request: Request) -> Response:
        name = request.query_params.get("name", "")
        if not name.strip():
            raise Invalid("invalid", _("Give a name."), fields={"name": [_("Give a name.")]})
        found = person_search.search(request.user, name)
        return Response({"results": FoundPersonSerializer(found, many=True).data})


class ReadIdentitySerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=400, help_text="Kept on the timeline.")


class IdentityLineSerializer(serializers.Serializer):
    field = serializers.CharField()
    label = serializers.CharField()
    value = serializers.CharField()


class ReadIdentityAnswerSerializer(serializers.Serializer):
    """What is kept of who a protected person is."""

    alias = serializers.CharField()
    known = IdentityLineSerializer(many=True)


class PersonIdentity(APIView):
    @extend_schema(
        operation_id="persons_read_identity",
        summary="Who a protected person is; each reading is logged with its reason",
        request=ReadIdentitySerializer,
        responses=ReadIdentityAnswerSerializer,
    )
    def post(self, request: Request, key: int) -> Response:
        person = deconfliction.person_or_refusal(request.user, key)
        if not person.protected:
            raise NotPossibleNow("not_protected", _("The person is not protected."))
        asked = checked(request, ReadIdentitySerializer)
        known = protected_identities.read_identity(
            person, **asked, user=request.user, now=timezone.now()
        )
        told = ReadIdentityAnswerSerializer({"alias": person.protected_alias, "known": known}).data
        return Response(told, headers={"Cache-Control": "no-store"})


class Matches(APIView):
    @extend_schema(
        operation_id="matches_list",
        summary="Matches of persons, newest first",
        parameters=[
            OpenApiParameter("before", OpenApiTypes.INT, description="Older than this match.")
        ],
        responses=MatchPageSerializer,
    )
    def get(self, request: Request) -> Response:
        shown, more = deconfliction.matches_page(request.user, before=_before(request))
        return Response({"next_before": more, "results": MatchSerializer(shown, many=True).data})


def _before(request: Request) -> int | None:
    given = request.query_params.get("before", "")
    if not given:
        return None
    if given.isascii() and given.isdigit() and len(given) < 18:
        return int(given)
    raise Invalid("invalid", _("Not a match."), fields={"before": [_("Write a whole number.")]})


class OneMatch(APIView):
    @extend_schema(operation_id="matches_read", summary="One match", responses=MatchSerializer)
    def get(self, request: Request, key: int) -> Response:
        return _shown(deconfliction.get_match(request.user, key))


class MatchAnswer(APIView):
    @extend_schema(
        operation_id="matches_answer",
        summary="Agree to be put in touch with the other side, or decline",
        request=MatchAnswerSerializer,
        responses=MatchSerializer,
    )
    def post(self, request: Request, key: int) -> Response:
        deconfliction.get_match(request.user, key)
        asked = checked(request, MatchAnswerSerializer)
        return _shown(deconfliction.answer(key, **asked, user=request.user, now=timezone.now()))


class MatchDecision(APIView):
    @extend_schema(
        operation_id="matches_decide",
        summary="Keep the decision whether the two are one person",
        request=MatchDecisionSerializer,
        responses=MatchSerializer,
    )
    def post(self, request: Request, key: int) -> Response:
        deconfliction.get_match(request.user, key)
        asked = checked(request, MatchDecisionSerializer)
        return _shown(deconfliction.decide(key, **asked, user=request.user, now=timezone.now()))


def _shown(match: Seen) -> Response:
    return Response(MatchSerializer(match).data)

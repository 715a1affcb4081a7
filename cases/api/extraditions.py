"""The API of extraditions: thin. What may be done and what it causes is in the domain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import (
    assurances,
    enclosures,
    extradition,
    extradition_opening,
    matters,
    other_states,
    speciality,
)
from cases.api import serializers
from cases.models import ExtraditionCase, ExtraditionStatus
from registry import matter_list
from registry.api.description import CURSOR, IDEMPOTENCY_KEY, IF_MATCH, PAGE_SIZE
from registry.api.offices import office_asked
from registry.api.pagination import asked_page_size, page_answer
from registry.api.parsing import checked, json_object
from registry.api.preconditions import etag, expected_version
from registry.api.repeating import done_once
from registry.api.serializers import (
    DeadlineSerializer,
    TimelineEntrySerializer,
    clocks_of,
    timeline_of,
)
from registry.models import Authority

FILTERS = [
    OpenApiParameter("status", str, enum=ExtraditionStatus.values),
    OpenApiParameter("direction", str, enum=serializers.DIRECTIONS),
    OpenApiParameter("other_state", str, description="Code of the other State."),
    OpenApiParameter("q", str, description="Words of a reference, title or name."),
    CURSOR,
    PAGE_SIZE,
]


class ExtraditionEndpoint(APIView):
    """An address below one extradition: 404 for who may not see it."""

    def matter(self, reference: str) -> ExtraditionCase:
        try:
            return matters.visible_extradition(self.request.user, reference)
        except ExtraditionCase.DoesNotExist:
            raise Http404 from None

    def whole(self, reference: str, status: int = 200, **headers: str) -> Response:
        case = self.matter(reference)
        return Response(
            serializers.ExtraditionSerializer(case).data,
            status=status,
            headers={"ETag": etag(case.dossier), **headers},
        )

    def do(self, reference: str, work: Callable[..., Any], *which: Any, **given: Any) -> Response:
        """Call a function of the domain as this person, on the version seen; the case as it is."""
        case = self.matter(reference)
        work(
            case,
            *which,
            user=self.request.user,
            expected_version=expected_version(self.request, case.dossier),
            now=timezone.now(),
            **given,
        )
        return self.whole(reference)

    def told(self, case: ExtraditionCase, data: Any) -> Response:
        return Response(data, headers={"ETag": etag(case.dossier)})


class Extraditions(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_list",
        summary="Extraditions that I may see",
        parameters=FILTERS,
        responses=serializers.ExtraditionPageSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = {
            name: request.query_params.get(name, "").replace("\x00", "")[:200]
            for name in ("status", "direction", "other_state", "q", "cursor")
        }
        wanted = matter_list.condition(
            matters.EXTRADITION,
            status=asked["status"],
            direction=asked["direction"],
            counterpart=asked["other_state"].upper(),
            words=asked["q"],
        )
        size = asked_page_size(request, matter_list.PAGE_SIZE)
        page = matter_list.page_of(request.user, wanted, place=asked["cursor"], size=size)
        return page_answer(
            request, page, serializers.ExtraditionRowSerializer(page.rows, many=True).data
        )

    @extend_schema(
        operation_id="extraditions_create",
        summary="Open an extradition: the legal basis is proposed",
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.OpenExtraditionSerializer,
        responses={201: serializers.ExtraditionSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        wish = checked(request, serializers.OpenExtraditionSerializer)
        case = extradition_opening.open_extradition(
            user=request.user,
            owner=self._owner(wish.pop("owner", None)),
            basis_code=wish.pop("basis", None) or None,
            now=timezone.now(),
            **wish,
        )
        reference = case.dossier.reference
        where = reverse("api-extradition", kwargs={"reference": reference})
        return self.whole(reference, 201, Location=request.build_absolute_uri(where))

    def _owner(self, number: int | None) -> Authority:
        """The authority named, or the only one in which the person runs extraditions."""
        return office_asked(
            self.request.user,
            number,
            "run_extradition",
            refusal=_("The case cannot be opened like this."),
            choose=_("Choose an authority in which you run extraditions."),
        )


class OneExtradition(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_read",
        summary="An extradition",
        responses=serializers.ExtraditionSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.whole(reference)

    @extend_schema(
        operation_id="extraditions_change",
        summary="Correct what the case says of the person and the facts",
        parameters=[IF_MATCH],
        request=serializers.ChangeExtraditionSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def patch(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        return self.do(reference, extradition_opening.change, json_object(request))


class ExtraditionMoves(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_moves",
        summary="What I can do with the case now, and why not yet",
        responses=serializers.ExtraditionMoveSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.matter(reference)
        offered = extradition.possibilities(case, request.user)
        return self.told(case, serializers.ExtraditionMoveSerializer(offered, many=True).data)

    @extend_schema(
        operation_id="extraditions_move",
        summary="Make a move: arrest, formal request, decision, surrender…",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=serializers.MakeExtraditionMoveSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        data = checked(request, serializers.MakeExtraditionMoveSerializer)
        return self.do(reference, extradition.advance, data.pop("move"), **data)


class ExtraditionContents(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_contents",
        summary="What the instrument requires, and on what grounds it lets extradition be refused",
        responses=serializers.ExtraditionContentsSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.matter(reference)
        return self.told(case, serializers.contents_of(case))

    @extend_schema(
        operation_id="extraditions_provide_content",
        summary="Say what a required content says, or where it is",
        parameters=[IF_MATCH],
        request=serializers.ProvideContentSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        asked = checked(request, serializers.ProvideContentSerializer)
        return self.do(reference, enclosures.provide, **asked)


class Assurances(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_ask_assurance",
        summary="Record an assurance or condition",
        parameters=[IF_MATCH],
        request=serializers.AskAssuranceSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        return self.do(
            reference, assurances.ask, **checked(request, serializers.AskAssuranceSerializer)
        )


class OneAssurance(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_follow_assurance",
        summary="Say what became of an assurance",
        parameters=[IF_MATCH],
        request=serializers.FollowAssuranceSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        self.matter(reference)
        asked = checked(request, serializers.FollowAssuranceSerializer)
        return self.do(reference, assurances.follow, pk, **asked)


class Speciality(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_judge_charge",
        summary="Whether the ledger bears a further charge or re-extradition",
        parameters=[
            OpenApiParameter("family", str, required=True, description="Family of offences."),
            OpenApiParameter("third_state", str, description="For re-extradition."),
        ],
        responses=serializers.JudgementSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.matter(reference)
        asked = {
            name: request.query_params.get(name, "").replace("\x00", "")[:48]
            for name in ("family", "third_state")
        }
        said = speciality.judge(
            case, asked["family"], third_state=asked["third_state"], now=timezone.now()
        )
        return self.told(case, serializers.JudgementSerializer(said).data)

    @extend_schema(
        operation_id="extraditions_ask_consent",
        summary="Record that consent beyond speciality is asked",
        parameters=[IF_MATCH],
        request=serializers.AskConsentSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        asked = checked(request, serializers.AskConsentSerializer)
        return self.do(reference, speciality.ask_consent, **asked)


class OneConsent(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_answer_consent",
        summary="Record the answer to a consent that was asked",
        parameters=[IF_MATCH],
        request=serializers.AnswerGivenSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        self.matter(reference)
        asked = checked(request, serializers.AnswerGivenSerializer)
        return self.do(reference, speciality.answer_consent, pk, **asked)


class ConcurrentRequests(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_add_concurrent",
        summary="Record another State's request for the same person",
        parameters=[IF_MATCH],
        request=serializers.AddConcurrentSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        asked = {"offences": ""} | checked(request, serializers.AddConcurrentSerializer)
        return self.do(reference, other_states.add_concurrent, **asked)


class OneConcurrentRequest(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_weigh",
        summary="Record what was weighed, and which request has priority",
        parameters=[IF_MATCH],
        request=serializers.WeighSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        self.matter(reference)
        asked = checked(request, serializers.WeighSerializer)
        return self.do(reference, other_states.weigh, pk, **asked)


class Transits(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_ask_transit",
        summary="Record that transit is asked for",
        parameters=[IF_MATCH],
        request=serializers.AskTransitSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def post(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        asked = {"route": ""} | checked(request, serializers.AskTransitSerializer)
        return self.do(reference, other_states.ask_transit, **asked)


class OneTransit(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_answer_transit",
        summary="Record the answer on transit",
        parameters=[IF_MATCH],
        request=serializers.AnswerGivenSerializer,
        responses=serializers.ExtraditionSerializer,
    )
    def patch(self, request: Request, reference: str, pk: int) -> Response:
        self.matter(reference)
        asked = checked(request, serializers.AnswerGivenSerializer)
        return self.do(reference, other_states.answer_transit, pk, **asked)


class ExtraditionTimeline(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_timeline",
        summary="What happened, oldest first",
        responses=TimelineEntrySerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.matter(reference)
        return self.told(case, timeline_of(case.dossier))


class ExtraditionDeadlines(ExtraditionEndpoint):
    @extend_schema(
        operation_id="extraditions_deadlines",
        summary="The clocks of the case",
        responses=DeadlineSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.matter(reference)
        return self.told(case, clocks_of(case.dossier, now=timezone.now()))

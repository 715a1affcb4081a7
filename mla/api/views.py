"""The API of requests: thin. What may be done and what it causes is in the domain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mla import completeness, drafting, duplicates, letters, lifecycle, matters, paper_follows
from mla.api import serializers
from mla.api.filters import PARAMETERS, filters_of
from mla.api.rows import rows
from mla.intake import Scan, register_received
from mla.models import AssistanceRequest
from mla.reassigning import reassign
from registry import documents
from registry.access import may
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH, PDF
from registry.api.offices import office_asked
from registry.api.pagination import asked_page_size, page_answer
from registry.api.parsing import JSONParser, checked, json_object
from registry.api.preconditions import etag, expected_version
from registry.api.problems import MEDIA_TYPE
from registry.api.rendering import FileNegotiation
from registry.api.repeating import done_once
from registry.api.serializers import (
    DeadlineSerializer,
    TimelineEntrySerializer,
    clocks_of,
    timeline_of,
)
from registry.deadlines import today_of
from registry.models import Authority, Document, User
from registry.refusals import NotAllowed, NotPossibleNow
from registry.web.downloads import attachment

NOT_MADE = OpenApiResponse(OpenApiTypes.OBJECT, description="The letter is not made yet.")


class RequestEndpoint(APIView):
    """An address below one request: 404 for who may not see it."""

    def matter(self, reference: str) -> AssistanceRequest:
        try:
            return matters.get_visible(self.request.user, reference)
        except AssistanceRequest.DoesNotExist:
            raise Http404 from None

    def seen(self, reference: str) -> tuple[AssistanceRequest, int | None]:
        """The request, and the version that the caller saw of it (If-Match)."""
        request = self.matter(reference)
        return request, expected_version(self.request, request.dossier)

    def answer(
        self, request: AssistanceRequest, data: Any = None, status: int = 200, **headers: str
    ) -> Response:
        """An answer that bears the dossier's version as its ETag."""
        return Response(data, status=status, headers={"ETag": etag(request.dossier), **headers})

    def whole(self, reference: str, status: int = 200, **headers: str) -> Response:
        request = self.matter(reference)
        return self.answer(
            request, serializers.RequestSerializer(request).data, status=status, **headers
        )


class Requests(RequestEndpoint):
    @extend_schema(
        operation_id="requests_list",
        summary="Requests that I may see",
        parameters=PARAMETERS,
        responses=serializers.RequestPageSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        page = matters.page_of_requests(
            request.user,
            filters_of(request),
            order=asked.get("order") or "-updated_at",
            cursor=asked.get("cursor", ""),
            size=asked_page_size(request, matters.PAGE_SIZE),
        )
        return page_answer(request, page, rows(page.rows))

    @extend_schema(
        operation_id="requests_create",
        summary="Start a request: the legal basis is proposed",
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.StartRequestSerializer,
        responses={201: serializers.RequestSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        wish = checked(request, serializers.StartRequestSerializer)
        started = drafting.start_request(
            user=request.user,
            owner=office_of(request.user, wish.pop("owner", None), "open_dossier"),
            basis_code=wish.pop("instrument", None),
            now=timezone.now(),
            **wish,
        )
        reference = started.dossier.reference
        where = reverse("api-request", kwargs={"reference": reference})
        return self.whole(reference, 201, Location=request.build_absolute_uri(where))


def office_of(user: User, number: int | None, act: str) -> Authority:
    """The authority named, or the only one in which the person does this act. Raises Invalid."""
    return office_asked(
        user,
        number,
        act,
        refusal=_("The request cannot be started like this."),
        choose=_("Choose an authority in which you draft requests."),
    )


class ReceivedRequests(RequestEndpoint):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="requests_register",
        summary="Register a request that came to us; as multipart, with its scan",
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.RegisterRequestSerializer,
        responses={201: serializers.RequestSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        given = checked(request, serializers.RegisterRequestSerializer)
        scan = given.pop("scan", None)
        earlier = given.pop("follows", "")
        registered = register_received(
            user=request.user,
            owner=office_of(request.user, given.pop("owner", None), "register"),
            basis_code=given.pop("instrument", None),
            follows=matters.earlier_named(request.user, earlier),
            scan=Scan(scan.name or "", scan) if scan else None,
            now=timezone.now(),
            **given,
        )
        reference = registered.dossier.reference
        where = reverse("api-request", kwargs={"reference": reference})
        return self.whole(reference, 201, Location=request.build_absolute_uri(where))


class OneRequest(RequestEndpoint):
    @extend_schema(
        operation_id="requests_read", summary="A request", responses=serializers.RequestSerializer
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.whole(reference)

    @extend_schema(
        operation_id="requests_change",
        summary="Change fields of a draft",
        parameters=[IF_MATCH],
        request=serializers.DraftChangesSerializer,
        responses=serializers.RequestSerializer,
    )
    def patch(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        drafting.save_draft(
            found,
            user=request.user,
            changes=json_object(request),
            expected_version=version,
            now=timezone.now(),
        )
        return self.whole(reference)


class RequestBasis(RequestEndpoint):
    @extend_schema(
        operation_id="requests_legal_basis",
        summary="Under what the request may rest today, and why not",
        responses=serializers.BasisAnswerSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        return self._told(self.matter(reference))

    @extend_schema(
        operation_id="requests_choose_basis",
        summary="Rest the draft on another applicable instrument",
        parameters=[IF_MATCH],
        request=serializers.ChosenBasisSerializer,
        responses=serializers.BasisAnswerSerializer,
    )
    def put(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        asked = checked(request, serializers.ChosenBasisSerializer)
        code = asked["instrument"]
        drafting.choose_basis(
            found, code, user=request.user, expected_version=version, now=timezone.now()
        )
        return self._told(self.matter(reference))

    def _told(self, request: AssistanceRequest) -> Response:
        day = today_of(request.dossier.owner, timezone.now())
        told = drafting.basis_answer(request, day).as_json()
        return self.answer(request, {"chosen": request.basis_id, **told})


class RequestChecklist(RequestEndpoint):
    @extend_schema(
        operation_id="requests_checklist",
        summary="What the request must still say, with the article that requires it",
        responses=serializers.ChecklistSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        listed = completeness.checklist(found)
        return self.answer(found, serializers.ChecklistSerializer(listed).data)


class RequestDuplicates(RequestEndpoint):
    @extend_schema(
        operation_id="requests_duplicates",
        summary="Requests that I may see and that look like this one",
        responses=serializers.AlikeSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        told = duplicates.alike(found, request.user)
        return self.answer(found, serializers.AlikeSerializer(told, many=True).data)


class Reassignment(APIView):
    @extend_schema(
        operation_id="requests_reassign",
        summary="Give requests to another officer, all or none",
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.ReassignSerializer,
        responses=serializers.ReassignedSerializer,
    )
    @done_once
    def post(self, request: Request) -> Response:
        given = checked(request, serializers.ReassignSerializer)
        changed = reassign(**given, user=request.user, now=timezone.now())
        return Response({"changed": [dossier.reference for dossier in changed]})


class RequestMoves(RequestEndpoint):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="requests_moves",
        summary="What I can do with the request now, and why not yet",
        responses=serializers.MoveSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        offered = lifecycle.possibilities(found, request.user)
        return self.answer(found, serializers.MoveSerializer(offered, many=True).data)

    @extend_schema(
        operation_id="requests_move",
        summary="Make a move: submit, approve, send, acknowledge…",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=serializers.MakeMoveSerializer,
        responses=serializers.RequestSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        data = checked(request, serializers.MakeMoveSerializer)
        name = data.pop("move")
        now = timezone.now()
        proof = data.pop("proof", None)
        with transaction.atomic():
            if proof is not None:
                data["proof"] = self._kept(found, proof, now)
            lifecycle.advance(
                found, name, user=request.user, now=now, expected_version=version, **data
            )
        return self.whole(reference)

    def _kept(self, found: AssistanceRequest, proof: UploadedFile, now: datetime) -> Document:
        """The proof of sending as a document of the dossier, if the person may send at all."""
        if not may(self.request.user, "send", found.dossier):
            raise NotAllowed("role_may_not", _("Your role in this authority does not allow this."))
        return documents.keep(
            found.dossier,
            kind=Document.Kind.PROOF_OF_SENDING,
            title=_("Proof of sending"),
            file_name=proof.name or "",
            content=proof,
            user=self.request.user,
            now=now,
        )


class RequestLetter(RequestEndpoint):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="requests_letter",
        summary="The letter as a PDF; with `language`, a preview of the draft",
        parameters=[OpenApiParameter("language", str, description="Preview in this language.")],
        responses={(200, "application/pdf"): PDF, (409, MEDIA_TYPE): NOT_MADE},
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        found = self.matter(reference)
        if found.is_received:
            raise NotPossibleNow(
                "no_letter_of_ours",
                _("This request came to us. Its scan is among the documents."),
            )
        if language := request.query_params.get("language", ""):
            content = letters.draft_pdf(found, language, now=timezone.now())
            name = f"{reference}-{language}-draft.pdf"
        elif found.letter and found.letter.document:
            content, name = documents.read_content(found.letter.document), f"{reference}.pdf"
        else:
            raise NotPossibleNow(
                "letter_not_made",
                _("The letter is not made yet. It is made after the approval."),
            )
        answer = attachment(content, "application/pdf", name)
        answer["ETag"] = etag(found.dossier)
        return answer


class RequestOriginal(RequestEndpoint):
    @extend_schema(
        operation_id="requests_original",
        summary="Register that the original of a request sent ahead was sent",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=serializers.OriginalSerializer,
        responses=serializers.RequestSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        given = checked(request, serializers.OriginalSerializer)
        paper_follows.register_original(
            found, user=request.user, now=timezone.now(), expected_version=version, **given
        )
        return self.whole(reference)


class RequestTimeline(RequestEndpoint):
    @extend_schema(
        operation_id="requests_timeline",
        summary="What happened, oldest first",
        responses=TimelineEntrySerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        return self.answer(found, timeline_of(found.dossier))


class RequestDeadlines(RequestEndpoint):
    @extend_schema(
        operation_id="requests_deadlines",
        summary="The clocks of the request",
        responses=DeadlineSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        return self.answer(found, clocks_of(found.dossier, now=timezone.now()))

"""The API of case files: thin. What may be done and what it causes is in the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import case_board, case_file_parts, case_files
from cases.api import case_file_serializers as serializers
from cases.models import CaseFile
from registry import matter_list
from registry.access import authorities_where
from registry.api.description import CURSOR, IDEMPOTENCY_KEY, IF_MATCH, NOTHING, PAGE_SIZE
from registry.api.pagination import asked_page_size, page_answer
from registry.api.parsing import checked, json_object
from registry.api.preconditions import etag, expected_version
from registry.api.repeating import done_once
from registry.models import Authority
from registry.refusals import Invalid

FILTERS = [
    OpenApiParameter("stage", str, enum=CaseFile.Stage.values),
    OpenApiParameter("q", str, description="Words of a reference, title, number or name."),
    CURSOR,
    PAGE_SIZE,
]


class CaseFileEndpoint(APIView):
    """An address below one case file: 404 for who may not see it."""

    def matter(self, reference: str) -> CaseFile:
        try:
            return case_files.visible_case_file(self.request.user, reference)
        except CaseFile.DoesNotExist:
            raise Http404 from None

    def whole(self, reference: str, status: int = 200, **headers: str) -> Response:
        case = self.matter(reference)
        shown = serializers.CaseFileSerializer(case, context={"user": self.request.user})
        return self.told(case, shown.data, status=status, **headers)

    def told(self, case: CaseFile, data: Any = None, status: int = 200, **headers: str) -> Response:
        return Response(data, status=status, headers={"ETag": etag(case.dossier), **headers})

    def do(self, reference: str, work: Callable[..., Any], *given: Any) -> tuple[CaseFile, Any]:
        """Call a function of the domain as this person, on the version seen."""
        case = self.matter(reference)
        done = work(
            case,
            *given,
            user=self.request.user,
            expected_version=expected_version(self.request, case.dossier),
            now=timezone.now(),
        )
        return case, done


class CaseFiles(CaseFileEndpoint):
    @extend_schema(
        operation_id="cases_list",
        summary="Case files that I may see",
        parameters=FILTERS,
        responses=serializers.CaseFilePageSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = {
            name: request.query_params.get(name, "").replace("\x00", "")[:200]
            for name in ("stage", "q", "cursor")
        }
        wanted = matter_list.condition(case_files.KIND, status=asked["stage"], words=asked["q"])
        size = asked_page_size(request, matter_list.PAGE_SIZE)
        page = matter_list.page_of(request.user, wanted, place=asked["cursor"], size=size)
        return page_answer(
            request, page, serializers.CaseFileRowSerializer(page.rows, many=True).data
        )

    @extend_schema(
        operation_id="cases_create",
        summary="Open a case file",
        parameters=[IDEMPOTENCY_KEY],
        request=serializers.OpenCaseFileSerializer,
        responses={201: serializers.CaseFileSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        wish = checked(request, serializers.OpenCaseFileSerializer)
        case = case_files.open_case_file(
            user=request.user,
            owner=self._owner(wish.pop("owner", None)),
            now=timezone.now(),
            **wish,
        )
        reference = case.dossier.reference
        where = reverse("api-case-file", kwargs={"reference": reference})
        return self.whole(reference, 201, Location=request.build_absolute_uri(where))

    def _owner(self, number: int | None) -> Authority:
        """The authority named, or the only one in which the person keeps case files."""
        mine = authorities_where(self.request.user, "keep_case_file")
        chosen = number if number is not None else mine[0] if len(mine) == 1 else None
        owner = Authority.objects.filter(pk=chosen).first() if chosen in mine else None
        if owner is None:
            sentence = _("Choose an authority in which you keep case files.")
            raise Invalid("invalid", sentence, fields={"owner": [sentence]})
        return owner


class OneCaseFile(CaseFileEndpoint):
    @extend_schema(
        operation_id="cases_read",
        summary="A case file",
        responses=serializers.CaseFileSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.whole(reference)

    @extend_schema(
        operation_id="cases_change",
        summary="Change what a case file says of itself",
        parameters=[IF_MATCH],
        request=serializers.ChangeCaseFileSerializer,
        responses=serializers.CaseFileSerializer,
    )
    def patch(self, request: Request, reference: str) -> Response:
        self.matter(reference)
        self.do(reference, case_files.change, json_object(request))
        return self.whole(reference)


class CaseBoard(CaseFileEndpoint):
    @extend_schema(
        operation_id="cases_board",
        summary="What waits on whom in the linked matters that I may see",
        responses=serializers.BoardLineSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.matter(reference)
        matters = case_files.linked_matters(case, request.user)
        lines = case_board.board(matters, timezone.now())
        return self.told(case, serializers.board_of(lines))


class CaseTimeline(CaseFileEndpoint):
    @extend_schema(
        operation_id="cases_timeline",
        summary="What happened in the case and the linked matters that I may see, newest first",
        responses=serializers.CaseTimelineEntrySerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        case = self.matter(reference)
        matters = case_files.linked_matters(case, request.user)
        entries = case_board.timeline_across(case, matters)
        return self.told(case, serializers.CaseTimelineEntrySerializer(entries, many=True).data)


class FollowRelatedFile(CaseFileEndpoint):
    @extend_schema(
        operation_id="cases_follow_related_file",
        summary="Record consultation, transfer or the state of proceedings elsewhere",
        parameters=[IF_MATCH],
        request=serializers.FollowRelatedFileSerializer,
        responses=serializers.CaseRelatedFileSerializer,
    )
    def patch(self, request: Request, reference: str, number: int) -> Response:
        self.matter(reference)
        given = json_object(request)
        case, row = self.do(reference, case_file_parts.follow_related, number, given)
        return self.told(case, serializers.CaseRelatedFileSerializer(row).data)


def views_of(part: str, word: str, one: str) -> Mapping[str, Callable[..., Any]]:
    """The two addresses of one kind of part: all of them, and one."""
    shown = serializers.SHOWN_AS[part]
    changeable = bool(case_file_parts.PARTS[part].changeable())

    class All(CaseFileEndpoint):
        @extend_schema(
            operation_id=f"cases_{word}", summary=f"The {word}", responses=shown(many=True)
        )
        def get(self, request: Request, reference: str) -> Response:
            case = self.matter(reference)
            rows = case_file_parts.PARTS[part].rows(case, request.user)
            return self.told(case, shown(rows, many=True).data)

        @extend_schema(
            operation_id=f"cases_add_{one}",
            summary=f"Add one of the {word}",
            parameters=[IF_MATCH, IDEMPOTENCY_KEY],
            request=shown,
            responses={201: shown},
        )
        @done_once
        def post(self, request: Request, reference: str) -> Response:
            self.matter(reference)
            case, row = self.do(reference, case_file_parts.add, part, json_object(request))
            return self.told(case, shown(row).data, status=201)

    class One(CaseFileEndpoint):
        @extend_schema(
            operation_id=f"cases_remove_{one}",
            summary=f"Take one of the {word} away; the timeline keeps what it said",
            parameters=[IF_MATCH],
            responses={204: NOTHING},
        )
        def delete(self, request: Request, reference: str, number: int) -> Response:
            case, _none = self.do(reference, case_file_parts.remove, part, number)
            return self.told(case, status=204)

    class Changeable(One):
        @extend_schema(
            operation_id=f"cases_change_{one}",
            summary=f"Correct one of the {word}; the timeline keeps what it said before",
            parameters=[IF_MATCH],
            request=shown,
            responses=shown,
        )
        def patch(self, request: Request, reference: str, number: int) -> Response:
            self.matter(reference)
            given = json_object(request)
            case, row = self.do(reference, case_file_parts.change, part, number, given)
            return self.told(case, shown(row).data)

    return {"all": All.as_view(), "one": (Changeable if changeable else One).as_view()}

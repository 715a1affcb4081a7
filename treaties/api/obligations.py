"""The API of obligations: what a State owes, and the files in which it is assessed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import documents
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH, NOTHING
from registry.api.parsing import checked
from registry.api.preconditions import etag, expected_version
from registry.api.rendering import FileNegotiation
from registry.api.repeating import done_once
from registry.api.serializers import (
    DeadlineSerializer,
    TimelineEntrySerializer,
    clocks_of,
    timeline_of,
)
from registry.deadlines import zone_of
from registry.models import Authority
from registry.refusals import Invalid
from treaties import assessments, commitments, obligation_files
from treaties.api import obligation_serializers as shapes
from treaties.api.views import ON, day_asked
from treaties.compliance import STATUSES, current, office_of, tally
from treaties.models import Evidence, Instrument, Obligation, ObligationFile

AUTHORITY = OpenApiParameter(
    "authority", int, description="Your office, where you work in several."
)


def office_asked(request: Request, number: object) -> Authority:
    """The person's office with this number, or the one that assesses. Raises Invalid."""
    office, _mine = office_of(request.user, str(number or ""))
    if office is None or (number and str(office.pk) != str(number)):
        sentence = _("Choose an authority in which you work.")
        raise Invalid("unknown_authority", sentence, fields={"authority": [sentence]})
    return office


def _chosen(request: Request, name: str, known: Any) -> str:
    """A parameter that must be one of these, if it is given. Raises Invalid."""
    given = request.query_params.get(name, "").replace("\x00", "")
    if given and given not in known:
        sentence = _("“%(given)s” is not known here.") % {"given": given[:40]}
        raise Invalid("unknown_value", sentence, fields={name: [sentence]})
    return given


class Obligations(APIView):
    @extend_schema(
        operation_id="obligations_list",
        summary="What the State of my office owes on a day, and how it stands",
        parameters=[
            AUTHORITY,
            OpenApiParameter("instrument", str, description="Code: only under this instrument."),
            OpenApiParameter("theme", str, enum=Obligation.Theme.values),
            OpenApiParameter("status", str, enum=list(STATUSES)),
            ON,
        ],
        responses=shapes.ObligationsSerializer,
    )
    def get(self, request: Request) -> Response:
        instrument = _chosen(request, "instrument", Instrument.objects.values_list("pk", flat=True))
        theme = _chosen(request, "theme", Obligation.Theme.values)
        status = _chosen(request, "status", STATUSES)
        on: date = day_asked(request)
        office, rows = None, []
        if request.query_params.get("authority") or office_of(request.user)[0]:
            office = office_asked(request, request.query_params.get("authority"))
            rows = current(
                office.state_id,
                on=on,
                instrument=instrument,
                user=request.user,
                owner=office,
                zone=zone_of(office),
            )
        rows = [row for row in rows if not theme or row.obligation.theme == theme]
        answer = {
            "authority": office.pk if office else None,
            "state": office.state_id if office else None,
            "on": on,
            "law": tally(row for row in rows if row.obligation.binding),
            "commitments": tally(row for row in rows if not row.obligation.binding),
            "obligations": [row for row in rows if not status or row.status == status],
        }
        return Response(shapes.ObligationsSerializer(answer).data)


class Recommendations(APIView):
    @extend_schema(
        operation_id="obligations_add_recommendation",
        summary="Add a recommendation of the Universal Periodic Review that the State accepted",
        parameters=[IDEMPOTENCY_KEY],
        request=shapes.RecommendationSerializer,
        responses={201: shapes.ObligationSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        wish = checked(request, shapes.RecommendationSerializer)
        office = office_asked(request, wish.pop("authority", None))
        wish["cycle"] = str(wish["cycle"])
        added = commitments.add_accepted_recommendation(
            office, **{"as_of": None, **wish}, user=request.user
        )
        return Response(shapes.ObligationSerializer(added).data, status=201)


class FileEndpoint(APIView):
    """An address below the file of an obligation: 404 for who may not see it."""

    def file(self, reference: str) -> ObligationFile:
        try:
            return obligation_files.get_visible(self.request.user, reference)
        except ObligationFile.DoesNotExist:
            raise Http404 from None

    def seen(self, reference: str) -> tuple[ObligationFile, dict[str, Any]]:
        """The file, and what every change of the domain is given: who, when, which version."""
        file = self.file(reference)
        version = expected_version(self.request, file.dossier)
        return file, {
            "user": self.request.user,
            "now": timezone.now(),
            "expected_version": version,
        }

    def answer(
        self, file: ObligationFile, data: Any = None, status: int = 200, **headers: str
    ) -> Response:
        return Response(data, status=status, headers={"ETag": etag(file.dossier), **headers})

    def whole(self, reference: str, status: int = 200, **headers: str) -> Response:
        file = self.file(reference)
        file.shown_assessments = file.assessments.select_related(  # type: ignore[attr-defined]
            "drafted_by", "submitted_by", "reviewed_by"
        ).prefetch_related("national_measures", "evidence__document")
        data = shapes.ObligationFileSerializer(file).data
        return self.answer(file, data, status, **headers)


class Files(FileEndpoint):
    @extend_schema(
        operation_id="obligations_open_file",
        summary="Open the file of an obligation; the one there is already is answered too",
        parameters=[IDEMPOTENCY_KEY],
        request=shapes.OpenFileSerializer,
        responses={201: shapes.ObligationFileSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        wish = checked(request, shapes.OpenFileSerializer)
        obligation = Obligation.objects.filter(pk=wish["obligation"]).first()
        if obligation is None:
            sentence = _("There is no obligation with this code.")
            raise Invalid("unknown_obligation", sentence, fields={"obligation": [sentence]})
        file = obligation_files.open_file(
            office_asked(request, wish.get("authority")),
            obligation,
            wish["period"],
            user=request.user,
            now=timezone.now(),
        )
        reference = file.dossier.reference
        where = reverse("api-obligation-file", kwargs={"reference": reference})
        return self.whole(reference, 201, Location=request.build_absolute_uri(where))


class File(FileEndpoint):
    @extend_schema(
        operation_id="obligations_read_file",
        summary="The file of an obligation with its assessments",
        responses=shapes.ObligationFileSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.whole(reference)

    @extend_schema(
        operation_id="obligations_change_draft",
        summary="Change the draft of an assessment",
        parameters=[IF_MATCH],
        request=shapes.AssessmentChangesSerializer,
        responses=shapes.ObligationFileSerializer,
    )
    def patch(self, request: Request, reference: str) -> Response:
        file, common = self.seen(reference)
        asked = checked(request, shapes.AssessmentChangesSerializer)
        held = assessments.must_be_in_hand(file)
        assessments.save(held, asked, **common)
        return self.whole(reference)


class FileMoves(FileEndpoint):
    @extend_schema(
        operation_id="obligations_moves",
        summary="What I can do with the file now, and why not yet",
        responses=shapes.ObligationMoveSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        file = self.file(reference)
        offered = assessments.possibilities(file, request.user)
        return self.answer(file, shapes.ObligationMoveSerializer(offered, many=True).data)

    @extend_schema(
        operation_id="obligations_move",
        summary="Begin, submit, return, publish or discard an assessment",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=shapes.MakeObligationMoveSerializer,
        responses=shapes.ObligationFileSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        file, common = self.seen(reference)
        asked = checked(request, shapes.MakeObligationMoveSerializer)
        assessments.advance(file, **asked, **common)
        return self.whole(reference)


class FileEvidence(FileEndpoint):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="obligations_add_evidence",
        summary="Add a document as evidence of the draft",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request={"multipart/form-data": shapes.NewEvidenceSerializer},
        responses={201: shapes.EvidenceSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        file, common = self.seen(reference)
        upload = request.FILES.get("file")
        if upload is None:
            sentence = _("Send a file in the field “file”, as multipart/form-data.")
            raise Invalid("invalid", sentence, fields={"file": [sentence]})
        kept = assessments.add_evidence(
            assessments.must_be_in_hand(file),
            title=str(request.data.get("title", "")),
            file_name=upload.name or "",
            content=upload,
            note=str(request.data.get("note", "")),
            public=str(request.data.get("public", "")).lower() in ("true", "1", "on"),
            **common,
        )
        return self.answer(file, shapes.EvidenceSerializer(kept).data, status=201)


class OneEvidence(FileEndpoint):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="obligations_evidence_content",
        summary="The file of a piece of evidence, as a download",
        responses={(200, "application/octet-stream"): bytes},
    )
    def get(self, request: Request, reference: str, pk: int) -> FileResponse:
        found = Evidence.objects.filter(assessment__file=self.file(reference))
        kept = get_object_or_404(found.select_related("document"), pk=pk).document
        return FileResponse(
            documents.open_content(kept),
            as_attachment=True,
            filename=kept.file_name,
            content_type="application/octet-stream",
        )

    @extend_schema(
        operation_id="obligations_remove_evidence",
        summary="Take a document off the draft; it stays in the file",
        parameters=[IF_MATCH],
        responses={204: NOTHING},
    )
    def delete(self, request: Request, reference: str, pk: int) -> Response:
        file, common = self.seen(reference)
        try:
            assessments.remove_evidence(assessments.must_be_in_hand(file), pk, **common)
        except Evidence.DoesNotExist:
            raise Http404 from None
        return self.answer(file, status=204)


class FileDue(FileEndpoint):
    @extend_schema(
        operation_id="obligations_set_due",
        summary="Set the day of an obligation whose day the office sets",
        parameters=[IF_MATCH],
        request=shapes.DueSerializer,
        responses=shapes.ObligationFileSerializer,
    )
    def put(self, request: Request, reference: str) -> Response:
        file, common = self.seen(reference)
        asked = checked(request, shapes.DueSerializer)
        obligation_files.set_due(file, asked["due_on"], **common)
        return self.whole(reference)


class FileTimeline(FileEndpoint):
    @extend_schema(
        operation_id="obligations_timeline",
        summary="What happened with the file, oldest first",
        responses=TimelineEntrySerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        file = self.file(reference)
        return self.answer(file, timeline_of(file.dossier))


class FileDeadlines(FileEndpoint):
    @extend_schema(
        operation_id="obligations_deadlines",
        summary="The clocks of the file",
        responses=DeadlineSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        file = self.file(reference)
        return self.answer(file, clocks_of(file.dossier, now=timezone.now()))

"""The API of taking in an office's spreadsheets."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mla.models import SpreadsheetImport, SpreadsheetRow
from mla.office_spreadsheets import importing, showing
from registry.api.description import IDEMPOTENCY_KEY, NOTHING
from registry.api.parsing import checked
from registry.api.repeating import done_once
from registry.refusals import Invalid


class NewSpreadsheetSerializer(serializers.Serializer):
    """Described only: the view reads the form."""

    owner = serializers.IntegerField(required=False, help_text="Number of the authority.")
    kind = serializers.ChoiceField(SpreadsheetImport.Kind.choices)
    file = serializers.FileField()


class SpreadsheetQuestionSerializer(serializers.Serializer):
    field = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()
    rows = serializers.IntegerField()
    nearest = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    may_be_left = serializers.BooleanField(help_text="Whether `-` keeps it as a note.")


class SpreadsheetColumnSerializer(serializers.Serializer):
    place = serializers.IntegerField()
    heading = serializers.CharField()
    sample = serializers.ListField(child=serializers.CharField())
    field = serializers.CharField(help_text="Empty: left out.")


class SpreadsheetSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    owner = serializers.IntegerField(source="owner_id")
    kind = serializers.ChoiceField(SpreadsheetImport.Kind.choices)
    file_name = serializers.CharField()
    digest = serializers.CharField()
    sheet = serializers.CharField()
    stage = serializers.ChoiceField(SpreadsheetImport.Stage.choices)
    rows = serializers.IntegerField()
    handled = serializers.IntegerField(help_text="Rows handled in the present stage.")
    last_error = serializers.CharField()
    taken_in_at = serializers.DateTimeField()
    counts = serializers.DictField(child=serializers.IntegerField())
    columns = SpreadsheetColumnSerializer(many=True)
    questions = SpreadsheetQuestionSerializer(many=True)
    days_are_ambiguous = serializers.BooleanField()


class SpreadsheetProblemSerializer(serializers.Serializer):
    code = serializers.CharField()
    field = serializers.CharField()
    column = serializers.CharField()
    text = serializers.CharField()
    why = serializers.CharField()
    nearest = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class SpreadsheetLineSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    state = serializers.ChoiceField(SpreadsheetRow.State.choices)
    cells = serializers.ListField(child=serializers.CharField())
    reference = serializers.CharField(allow_null=True)
    problems = SpreadsheetProblemSerializer(many=True)


class SpreadsheetLinesSerializer(serializers.Serializer):
    next_after = serializers.IntegerField(allow_null=True)
    results = SpreadsheetLineSerializer(many=True)


class MappingSerializer(serializers.Serializer):
    mapping = serializers.DictField(
        child=serializers.CharField(max_length=40, allow_blank=True),
        help_text="Place of the column: field.",
    )


class AnswersSerializer(serializers.Serializer):
    choices = serializers.DictField(
        help_text="By field, what each text means; and `day_order`: `dmy` or `mdy`."
    )


class ApplicationSerializer(serializers.Serializer):
    although_known = serializers.BooleanField(required=False, default=False)
    without_the_wrong = serializers.BooleanField(required=False, default=False)


class SpreadsheetEndpoint(APIView):
    """An address below one spreadsheet: 404 for all but the person who took it in."""

    def one(self, number: int) -> SpreadsheetImport:
        found = importing.visible_to(self.request.user).filter(pk=number).first()
        if found is None:
            raise Http404
        return found

    def shown(self, taken_in: SpreadsheetImport, status: int = 200) -> Response:
        told: Any = taken_in
        told.counts = importing.counts_of(taken_in)
        told.columns = showing.columns_of(taken_in)
        told.questions = showing.questions_of(taken_in)
        told.days_are_ambiguous = showing.days_are_ambiguous(taken_in)
        return Response(SpreadsheetSerializer(told).data, status=status)


class Spreadsheets(SpreadsheetEndpoint):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="spreadsheets_take_in",
        summary="Send an office's spreadsheet: it is read and checked; nothing is written",
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": NewSpreadsheetSerializer},
        responses={201: SpreadsheetSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        upload = request.FILES.get("file")
        offices = {str(office.pk): office for office in importing.offices_of(request.user)}
        given = str(request.data.get("owner", ""))
        only = next(iter(offices.values())) if len(offices) == 1 and not given else None
        owner = offices.get(given, only)
        wrong: dict[str, list[Any]] = {}
        if owner is None:
            wrong["owner"] = [_("Choose an authority in which you are an officer.")]
        if upload is None:
            wrong["file"] = [_("Send a file in the field “file”, as multipart/form-data.")]
        if wrong or upload is None or owner is None:
            raise Invalid("incomplete", _("The spreadsheet was not taken in."), fields=wrong)
        taken_in = importing.take_in(
            owner=owner,
            kind=str(request.data.get("kind", "")),
            content=upload.read(),
            file_name=upload.name or "",
            user=request.user,
            now=timezone.now(),
        )
        return self.shown(taken_in, 201)


class OneSpreadsheet(SpreadsheetEndpoint):
    @extend_schema(
        operation_id="spreadsheets_read",
        summary="How far a spreadsheet is, and what is asked of it",
        responses=SpreadsheetSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return self.shown(self.one(pk))

    @extend_schema(
        operation_id="spreadsheets_forget",
        summary="Forget a spreadsheet of which nothing was written",
        responses={204: NOTHING},
    )
    def delete(self, request: Request, pk: int) -> Response:
        importing.discard(self.one(pk), user=request.user)
        return Response(status=204)


class SpreadsheetRows(SpreadsheetEndpoint):
    @extend_schema(
        operation_id="spreadsheets_rows",
        summary="Its rows in one state, with what is wrong",
        parameters=[
            OpenApiParameter("state", str, enum=SpreadsheetRow.State.values),
            OpenApiParameter("after", int, description="From `next_after` of another page."),
        ],
        responses=SpreadsheetLinesSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        taken_in = self.one(pk)
        state = request.query_params.get("state", SpreadsheetRow.State.WRONG)
        after = request.query_params.get("after", "0")
        wrong: dict[str, list[Any]] = {}
        if state not in SpreadsheetRow.State.values:
            choices = ", ".join(SpreadsheetRow.State.values)
            wrong["state"] = [_("Choose one of: %(values)s.") % {"values": choices}]
        if not (after.isascii() and after.isdecimal() and len(after) < 10):
            wrong["after"] = [_("Write a whole number.")]
        if wrong:
            raise Invalid("invalid", _("The rows cannot be shown like this."), fields=wrong)
        lines, following = showing.lines_of(taken_in, state, int(after))
        return Response({"next_after": following, "results": lines})


class SpreadsheetMapping(SpreadsheetEndpoint):
    @extend_schema(
        operation_id="spreadsheets_map",
        summary="Say what each column holds",
        request=MappingSerializer,
        responses=SpreadsheetSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        taken_in = self.one(pk)
        asked = checked(request, MappingSerializer)
        now = timezone.now()
        importing.map_columns(taken_in, asked["mapping"], user=request.user, now=now)
        return self.shown(taken_in)


class SpreadsheetAnswers(SpreadsheetEndpoint):
    @extend_schema(
        operation_id="spreadsheets_answer",
        summary="Say what values mean that were not understood",
        request=AnswersSerializer,
        responses=SpreadsheetSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        taken_in = self.one(pk)
        asked = checked(request, AnswersSerializer)
        importing.answer(taken_in, asked["choices"], user=request.user, now=timezone.now())
        return self.shown(taken_in)


class SpreadsheetApplication(SpreadsheetEndpoint):
    @extend_schema(
        operation_id="spreadsheets_apply",
        summary="Write the rows that are ready",
        request=ApplicationSerializer,
        responses=SpreadsheetSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        taken_in = self.one(pk)
        asked = checked(request, ApplicationSerializer)
        importing.apply(taken_in, user=request.user, now=timezone.now(), **asked)
        return self.shown(taken_in)


class SpreadsheetUndoing(SpreadsheetEndpoint):
    @extend_schema(
        operation_id="spreadsheets_undo",
        summary="Undo all that it wrote",
        request=None,
        responses=SpreadsheetSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        taken_in = self.one(pk)
        importing.undo(taken_in, user=request.user, now=timezone.now())
        return self.shown(taken_in)

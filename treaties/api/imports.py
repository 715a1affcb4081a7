"""The API of taking in depositaries' tables."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.api.description import IDEMPOTENCY_KEY
from registry.api.parsing import checked
from registry.api.repeating import done_once
from registry.refusals import Invalid
from treaties.depositary_tables import importing
from treaties.depositary_tables.comparing import KINDS
from treaties.models import DepositaryImport, Instrument
from treaties.register_editing.editing import may_edit
from treaties.web.days import day_typed


class NewImportSerializer(serializers.Serializer):
    """Described only: the view reads the form."""

    instrument = serializers.CharField(max_length=24)
    file = serializers.FileField()
    source = serializers.CharField(max_length=400)
    as_of = serializers.DateField(required=False)


class PlanLineSerializer(serializers.Serializer):
    key = serializers.CharField()
    row = serializers.IntegerField()
    participant = serializers.CharField()
    kind = serializers.ChoiceField(list(KINDS))
    column = serializers.CharField()
    text = serializers.CharField()
    state = serializers.CharField()
    action = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    entry_into_force = serializers.DateField(allow_null=True)
    before = serializers.DictField()
    nearest = serializers.ListField(child=serializers.DictField())
    why = serializers.CharField()


class ImportSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    instrument = serializers.CharField(source="instrument_id")
    file_name = serializers.CharField()
    digest = serializers.CharField()
    source = serializers.CharField()
    as_of = serializers.CharField()
    stage = serializers.ChoiceField(DepositaryImport.Stage.choices)
    rows = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    lines = PlanLineSerializer(many=True, help_text="What it would change; while not applied.")


class NamedSerializer(serializers.Serializer):
    named = serializers.DictField(
        child=serializers.CharField(max_length=8), help_text="Name in the table: code of the State."
    )


class ApplySerializer(serializers.Serializer):
    chosen = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1500)


class ImportEndpoint(APIView):
    def kept(self, number: int) -> DepositaryImport:
        if not may_edit(self.request.user):
            raise Http404
        return get_object_or_404(DepositaryImport.objects.select_related("instrument"), pk=number)

    def shown(self, kept: DepositaryImport, status: int = 200) -> Response:
        lines: list[Any] = []
        if kept.stage == DepositaryImport.Stage.LOOKED_AT:
            lines = [line.as_json() for line in importing.plan_of(kept).lines]
        kept.lines = lines  # type: ignore[attr-defined]
        return Response(ImportSerializer(kept).data, status=status)


class Imports(ImportEndpoint):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="imports_look_at",
        summary="Send a depositary's table: says what it would change; nothing is written",
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": NewImportSerializer},
        responses={201: ImportSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        given = request.data
        upload = request.FILES.get("file")
        code = str(given.get("instrument", "")).replace("\x00", "")
        instrument = Instrument.objects.filter(pk=code).first()
        errors: dict[str, list[Any]] = {}
        if instrument is None:
            errors["instrument"] = [_("Choose the instrument.")]
        if upload is None:
            errors["file"] = [_("Send a file in the field “file”, as multipart/form-data.")]
        if errors or instrument is None or upload is None:
            raise Invalid("incomplete", _("The table was not read."), fields=errors)
        kept = importing.look_at(
            instrument,
            content=upload.read(),
            file_name=upload.name or "",
            source=str(given.get("source", "")).replace("\x00", ""),
            as_of=day_typed(str(given.get("as_of", "")), "as_of"),
            user=request.user,
            now=timezone.now(),
        )
        return self.shown(kept, 201)


class OneImport(ImportEndpoint):
    @extend_schema(
        operation_id="imports_read",
        summary="What a table would change, or that it was applied",
        responses=ImportSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return self.shown(self.kept(pk))


class ImportNames(ImportEndpoint):
    @extend_schema(
        operation_id="imports_name",
        summary="Say which States unknown names mean",
        request=NamedSerializer,
        responses=ImportSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        kept = self.kept(pk)
        asked = checked(request, NamedSerializer)
        return self.shown(importing.name_participants(kept, asked["named"], user=request.user))


class ImportApplication(ImportEndpoint):
    @extend_schema(
        operation_id="imports_apply",
        summary="Write what the table adds and changes",
        request=ApplySerializer,
        responses=ImportSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        kept = self.kept(pk)
        asked = checked(request, ApplySerializer)
        importing.apply(kept, **asked, user=request.user, now=timezone.now())
        return self.shown(kept)


class ImportUndoing(ImportEndpoint):
    @extend_schema(
        operation_id="imports_undo",
        summary="Bring back what was before the table",
        request=None,
        responses=ImportSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        kept = self.kept(pk)
        importing.undo(kept, user=request.user, now=timezone.now())
        return self.shown(kept)

"""Lists as tables, by API: order, ask how far it is, take the file."""

from __future__ import annotations

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import list_exports
from registry.api.description import IDEMPOTENCY_KEY
from registry.api.parsing import checked
from registry.api.rendering import FileNegotiation
from registry.api.repeating import done_once
from registry.models import ListExport
from registry.web.list_exports import SHOWN, file_of


class OrderListExportSerializer(serializers.Serializer):
    list = serializers.CharField(
        max_length=40,
        help_text="Its code: requests, extraditions, case-files, deadlines, deadlines-at-risk, "
        "deadlines-missed, late-with-them, persons, authorities, states, obligations.",
    )
    query = serializers.CharField(
        max_length=list_exports.LONGEST_QUERY,
        default="",
        allow_blank=True,
        help_text="The query string of the list's page, which holds its filters.",
    )
    form = serializers.ChoiceField(ListExport.Form.choices)


class ListExportSerializer(serializers.ModelSerializer):
    list = serializers.CharField(source="list_code")

    class Meta:
        model = ListExport
        fields = [
            "id",
            "list",
            "query",
            "form",
            "state",
            "rows",
            "cut_short",
            "size",
            "ordered_at",
            "made_at",
        ]
        extra_kwargs = {
            "state": {"choices": ListExport.State.choices},
            "rows": {"help_text": "Written so far."},
        }


class ListExports(APIView):
    @extend_schema(
        operation_id="list_exports",
        summary="The tables that I had made, the latest 50",
        responses=ListExportSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        own = list_exports.of_person(request.user)[:SHOWN]
        return Response(ListExportSerializer(own, many=True).data)

    @extend_schema(
        operation_id="list_exports_order",
        summary="Have a list made as a table, with its filters",
        parameters=[IDEMPOTENCY_KEY],
        request=OrderListExportSerializer,
        responses={202: ListExportSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        asked = checked(request, OrderListExportSerializer)
        made = list_exports.order(
            asked["list"], asked["query"], asked["form"], user=request.user, now=timezone.now()
        )
        return Response(ListExportSerializer(made).data, status=202)


class OneListExport(APIView):
    @extend_schema(
        operation_id="list_exports_read",
        summary="How far one table is",
        responses=ListExportSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(ListExportSerializer(list_exports.one_of(request.user, pk)).data)


class ListExportFile(APIView):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="list_exports_file",
        summary="The table as a file, for a day",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        return file_of(list_exports.one_of(request.user, pk))

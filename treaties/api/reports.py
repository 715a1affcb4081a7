"""The API of the compliance reports: ordered, made by a worker, published, downloaded."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.api.description import IDEMPOTENCY_KEY, NOTHING
from registry.api.parsing import checked
from registry.api.rendering import FileNegotiation
from registry.api.repeating import done_once
from treaties.api import report_serializers as shapes
from treaties.api.obligations import office_asked
from treaties.compliance_report import ordering, scheduling
from treaties.compliance_report.ordering import Period
from treaties.models import ComplianceReport
from treaties.web.report_files import file_answer

FILE = OpenApiResponse(bytes, description="The report as a file.")


class Reports(generics.ListAPIView):
    serializer_class = shapes.ReportSerializer

    def get_queryset(self):
        found = ordering.visible_reports(self.request.user).defer("content")
        return found.select_related("ordered_by", "published_by").order_by("-id")

    @extend_schema(operation_id="reports_list", summary="Reports on what a State owes")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="reports_order",
        summary="Order a report; a worker makes it",
        parameters=[IDEMPOTENCY_KEY],
        request=shapes.OrderReportSerializer,
        responses={202: shapes.ReportSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        wish = checked(request, shapes.OrderReportSerializer)
        compared = wish.pop("compared", None)
        report = ordering.order(
            office_asked(request, wish.pop("authority", None)),
            Period(wish.pop("since"), wish.pop("until")),
            compared=Period(**compared) if compared else None,
            user=request.user,
            now=timezone.now(),
            **wish,
        )
        where = reverse("api-report", kwargs={"report": report.reference})
        return Response(
            shapes.ReportSerializer(report).data,
            status=202,
            headers={"Location": request.build_absolute_uri(where)},
        )


class ReportEndpoint(APIView):
    def report(self, reference: str) -> ComplianceReport:
        try:
            return ordering.get_visible(self.request.user, reference)
        except ComplianceReport.DoesNotExist:
            raise Http404 from None


class Report(ReportEndpoint):
    @extend_schema(
        operation_id="reports_read",
        summary="A report: how far its making is, who published it",
        responses=shapes.ReportSerializer,
    )
    def get(self, request: Request, report: str) -> Response:
        return Response(shapes.ReportSerializer(self.report(report)).data)

    @extend_schema(
        operation_id="reports_discard",
        summary="Discard a report that was never published",
        responses={204: NOTHING},
    )
    def delete(self, request: Request, report: str) -> Response:
        ordering.discard(self.report(report), user=request.user)
        return Response(status=204)


class ReportFile(ReportEndpoint):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="reports_download",
        summary="The report as pdf, xlsx, csv or json",
        responses={(200, "application/octet-stream"): FILE},
    )
    def get(self, request: Request, report: str, form: str) -> HttpResponse:
        return file_answer(self.report(report), form)


class ReportPublication(ReportEndpoint):
    @extend_schema(
        operation_id="reports_publish",
        summary="Publish a report that another officer ordered",
        request=None,
        responses=shapes.ReportSerializer,
    )
    def post(self, request: Request, report: str) -> Response:
        found = self.report(report)
        ordering.publish(found, user=request.user, now=timezone.now())
        return Response(shapes.ReportSerializer(found).data)


class ReportWithdrawal(ReportEndpoint):
    @extend_schema(
        operation_id="reports_withdraw",
        summary="Withdraw a published report, with the reason that readers are told",
        request=shapes.WithdrawSerializer,
        responses=shapes.ReportSerializer,
    )
    def post(self, request: Request, report: str) -> Response:
        found = self.report(report)
        asked = checked(request, shapes.WithdrawSerializer)
        ordering.withdraw(found, **asked, user=request.user, now=timezone.now())
        return Response(shapes.ReportSerializer(found).data)


class Schedules(APIView):
    @extend_schema(
        operation_id="report_schedules_list",
        summary="Reports that come again by themselves",
        responses=shapes.ScheduleSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = scheduling.schedules_of(ordering.offices_read(request.user))
        return Response(shapes.ScheduleSerializer(found, many=True).data)

    @extend_schema(
        operation_id="report_schedules_create",
        summary="Have a report made every month, quarter or year",
        parameters=[IDEMPOTENCY_KEY],
        request=shapes.NewScheduleSerializer,
        responses={201: shapes.ScheduleSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        wish = checked(request, shapes.NewScheduleSerializer)
        office = office_asked(request, wish.pop("authority", None))
        kept = scheduling.schedule(office, **wish, user=request.user, now=timezone.now())
        return Response(shapes.ScheduleSerializer(kept).data, status=201)


class Schedule(APIView):
    @extend_schema(
        operation_id="report_schedules_stop",
        summary="Stop a schedule; what it has made stays",
        responses={204: NOTHING},
    )
    def delete(self, request: Request, pk: int) -> Response:
        scheduling.stop(pk, user=request.user, now=timezone.now())
        return Response(status=204)


@extend_schema_view(
    get=extend_schema(
        operation_id="published_reports_list",
        summary="Public editions that were published (public)",
        auth=[],
    )
)
class PublishedReports(generics.ListAPIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    serializer_class = shapes.PublishedReportSerializer

    def get_queryset(self):
        return ordering.published_reports().defer("content").order_by("-id")


class PublishedReportFile(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="published_reports_download",
        summary="A published report as pdf, xlsx, csv or json (public)",
        auth=[],
        responses={(200, "application/octet-stream"): FILE},
    )
    def get(self, request: Request, report: str, form: str) -> HttpResponse:
        found = ordering.get_published(report)
        if found is None:
            raise Http404
        return file_answer(found, form)

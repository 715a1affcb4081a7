"""The API of one running clock: its events, corrections, and what a change would move."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry import clock_events, deadlines, recomputation
from registry.api.pagination import CursorPagination
from registry.api.parsing import checked
from registry.api.preconditions import etag, expected_version
from registry.api.serializers import DeadlineSerializer, deadline_row
from registry.clock_words import movement, sentence
from registry.deadline_list import visible_deadline
from registry.models import ClockEvent, Deadline, ProposedMove
from registry.refusals import NotFound
from registry.running_clock import EventKind

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag you saw."
)


class ClockSerializer(DeadlineSerializer):
    reference = serializers.CharField(source="dossier.reference")
    sentence = serializers.CharField(help_text="How the due instant was reached, in words.")
    movement = serializers.CharField(help_text="What has moved it since the start, in words.")
    why_not_extendable = serializers.CharField(help_text="Empty where the rule allows it.")


class ClockEventSerializer(serializers.ModelSerializer):
    recorded_by = serializers.CharField(source="recorded_by.name", default=None, allow_null=True)

    class Meta:
        model = ClockEvent
        fields = [
            "id",
            "kind",
            "at",
            "event",
            "ground",
            "reason",
            "length",
            "unit",
            "until",
            "by",
            "recorded_by",
            "recorded_at",
            "replaced_by",
            "withdrawn",
        ]


class NewClockEventSerializer(serializers.Serializer):
    """``suspend`` needs a ground; ``extend`` a length with its unit, or until; ``restart`` and
    ``stop`` a reason. Without ``at`` it happened now."""

    kind = serializers.ChoiceField(clock_events.RECORDABLE)
    at = serializers.DateTimeField(required=False)
    ground = serializers.CharField(required=False, allow_blank=True, max_length=160, default="")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    length = serializers.DecimalField(required=False, max_digits=5, decimal_places=1)
    unit = serializers.CharField(required=False, allow_blank=True, max_length=20, default="")
    until = serializers.DateField(required=False)
    by = serializers.CharField(required=False, allow_blank=True, max_length=12, default="")


class ClockCorrectionSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=2000)


class DecisionReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class ProposedMoveSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="deadline.dossier.reference")
    label = serializers.CharField(source="deadline.shown_label")
    cause = serializers.CharField(source="shown_cause")
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = ProposedMove
        fields = [
            "id",
            "deadline",
            "reference",
            "label",
            "old_due",
            "new_due",
            "zone",
            "cause",
            "sentence",
            "proposed_at",
            "state",
            "reason",
        ]

    def get_sentence(self, move: ProposedMove) -> str:
        return sentence(move.derivation)


class AcceptedMovesSerializer(serializers.Serializer):
    moved = serializers.IntegerField()


def answer(deadline: Deadline, *, status: int = 200) -> Response:
    """One clock with its ETag."""
    row = deadline_row(deadline, now=timezone.now())
    row |= {
        "dossier": {"reference": deadline.dossier.reference},
        "sentence": sentence(deadline.derivation),
        "movement": movement(deadline.derivation),
        "why_not_extendable": str(clock_events.why_not_extendable(deadline)),
    }
    response = Response(ClockSerializer(row).data, status=status)
    response["ETag"] = etag(deadline.dossier)
    return response


class Clock(APIView):
    @extend_schema(
        operation_id="clocks_read",
        summary="One clock, and how it was counted",
        responses=ClockSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return answer(visible_deadline(request.user, pk))


class Events(APIView):
    @extend_schema(
        operation_id="clocks_events_list",
        summary="What happened to a clock, also what was corrected since",
        responses=ClockEventSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        found = visible_deadline(request.user, pk)
        rows = found.clock_events.select_related("recorded_by").order_by("at", "id")
        response = Response(ClockEventSerializer(rows, many=True).data)
        response["ETag"] = etag(found.dossier)
        return response

    @extend_schema(
        operation_id="clocks_events_add",
        summary="Pause, extend, settle… a clock; the clock is counted anew",
        parameters=[IF_MATCH],
        request=NewClockEventSerializer,
        responses={201: ClockSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        found = visible_deadline(request.user, pk)
        version = expected_version(request, found.dossier)
        given = checked(request, NewClockEventSerializer)
        _record(found, given, request.user, version)
        return answer(visible_deadline(request.user, pk), status=201)


def _record(found: Deadline, given: dict[str, Any], user: Any, version: int | None) -> None:
    """Hand an event to the function that knows its rules."""
    common = {"user": user, "now": timezone.now(), "at": given.get("at")}
    kind, reason = given["kind"], given["reason"]
    if kind in {EventKind.MEET, EventKind.MISS}:
        deadlines.settle_by_hand(found, met=kind == EventKind.MEET, **common)
        return
    common["expected_version"] = version
    if kind == EventKind.SUSPEND:
        clock_events.suspend(found, ground=given["ground"], **common)
    elif kind == EventKind.RESUME:
        clock_events.resume(found, ground=given["ground"], **common)
    elif kind == EventKind.RESTART:
        clock_events.restart(found, reason=reason, **common)
    elif kind == EventKind.EXTEND:
        clock_events.extend(
            found,
            length=given.get("length"),
            unit=given["unit"],
            until=given.get("until"),
            by=given["by"],
            reason=reason,
            **common,
        )
    else:
        del common["at"]
        clock_events.cancel(found, reason=reason, **common)


def _event_of(found: Deadline, event: int) -> ClockEvent:
    row = found.clock_events.select_related("deadline__dossier").filter(pk=event).first()
    if row is None:
        raise NotFound("not_found", _("The clock has no such entry."))
    return row


class Amend(APIView):
    @extend_schema(
        operation_id="clocks_events_amend",
        summary="Correct when something happened; the old entry stays",
        parameters=[IF_MATCH],
        request=ClockCorrectionSerializer,
        responses=ClockSerializer,
    )
    def post(self, request: Request, pk: int, event: int) -> Response:
        found = visible_deadline(request.user, pk)
        version = expected_version(request, found.dossier)
        row = _event_of(found, event)
        given = checked(request, ClockCorrectionSerializer)
        clock_events.amend_event(
            row, user=request.user, now=timezone.now(), expected_version=version, **given
        )
        return answer(visible_deadline(request.user, pk))


class Withdraw(APIView):
    @extend_schema(
        operation_id="clocks_events_withdraw",
        summary="Say that something recorded never happened; the entry stays, withdrawn",
        parameters=[IF_MATCH],
        request=DecisionReasonSerializer,
        responses=ClockSerializer,
    )
    def post(self, request: Request, pk: int, event: int) -> Response:
        found = visible_deadline(request.user, pk)
        version = expected_version(request, found.dossier)
        row = _event_of(found, event)
        given = checked(request, DecisionReasonSerializer)
        clock_events.withdraw_event(
            row, user=request.user, now=timezone.now(), expected_version=version, **given
        )
        return answer(visible_deadline(request.user, pk))


class Moves(APIView):
    pagination_class = CursorPagination

    @extend_schema(
        operation_id="moves_list",
        summary="What a changed rule or calendar would move in the dossiers that I may see",
        responses=ProposedMoveSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        pages = self.pagination_class()
        moves = recomputation.moves_visible_to(request.user)
        page = pages.paginate_queryset(moves, request, view=self)
        return pages.get_paginated_response(ProposedMoveSerializer(page, many=True).data)


class AcceptAll(APIView):
    @extend_schema(
        operation_id="moves_accept_all",
        summary="Accept what I may decide on, a hundred at once; repeat until none moved",
        request=None,
        responses=AcceptedMovesSerializer,
    )
    def post(self, request: Request) -> Response:
        return Response({"moved": recomputation.accept_all(request.user, timezone.now())})


class Accept(APIView):
    @extend_schema(
        operation_id="moves_accept",
        summary="Let a clock move as proposed",
        request=None,
        responses=ClockSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        move = recomputation.visible_move(request.user, pk)
        recomputation.accept(move, user=request.user, now=timezone.now())
        return answer(visible_deadline(request.user, move.deadline_id))


class Keep(APIView):
    @extend_schema(
        operation_id="moves_keep",
        summary="Keep the old date, with a reason",
        request=DecisionReasonSerializer,
        responses=ClockSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        move = recomputation.visible_move(request.user, pk)
        given = checked(request, DecisionReasonSerializer)
        recomputation.keep(move, user=request.user, now=timezone.now(), **given)
        return answer(visible_deadline(request.user, move.deadline_id))


class Release(APIView):
    @extend_schema(
        operation_id="moves_release",
        summary="Let go of a date that was kept; what would move the clock is proposed again",
        request=None,
        responses=ClockSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        move = recomputation.visible_move(request.user, pk)
        recomputation.release(move, user=request.user, now=timezone.now())
        return answer(visible_deadline(request.user, move.deadline_id))

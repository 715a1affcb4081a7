"""The API of the register's editing: facts, their history, proposals."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.api.description import IDEMPOTENCY_KEY, NOTHING
from registry.api.parsing import checked
from registry.api.repeating import done_once
from treaties.api import editing_serializers as shapes
from treaties.models import Proposal, RegisterChange
from treaties.register_editing import editing, proposals
from treaties.register_editing.fact_kinds import KINDS, as_values, kind_of, title_of

KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS))


def _fact(kind: str, fact: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "key": str(fact.pk),
        "title": title_of(fact),
        "seen": editing.last_change(kind, str(fact.pk)),
        "values": as_values(fact),
    }


class Facts(APIView):
    @extend_schema(
        operation_id="register_add",
        summary="Add a fact to the register",
        parameters=[KIND, IDEMPOTENCY_KEY],
        request=shapes.AddFactSerializer,
        responses={201: shapes.FactSerializer},
    )
    @done_once
    def post(self, request: Request, kind: str) -> Response:
        asked = checked(request, shapes.AddFactSerializer)
        values = asked.pop("values")
        made = editing.add(kind, values, **asked, user=request.user, now=timezone.now())
        return Response(shapes.FactSerializer(_fact(kind, made)).data, status=201)


class Fact(APIView):
    @extend_schema(
        operation_id="register_read",
        summary="A fact of the register",
        parameters=[KIND],
        responses=shapes.FactSerializer,
    )
    def get(self, request: Request, kind: str, key: str) -> Response:
        return Response(shapes.FactSerializer(_fact(kind, kind_of(kind).of(key))).data)

    @extend_schema(
        operation_id="register_change",
        summary="Correct fields of a fact",
        parameters=[KIND],
        request=shapes.ChangeFactSerializer,
        responses=shapes.FactSerializer,
    )
    def patch(self, request: Request, kind: str, key: str) -> Response:
        asked = checked(request, shapes.ChangeFactSerializer)
        values = asked.pop("values")
        made = editing.change(kind, key, values, **asked, user=request.user, now=timezone.now())
        return Response(shapes.FactSerializer(_fact(kind, made)).data)


class FactRemoval(APIView):
    @extend_schema(
        operation_id="register_remove",
        summary="Take a fact out of the register",
        parameters=[KIND],
        request=shapes.RemoveFactSerializer,
        responses={204: NOTHING},
    )
    def post(self, request: Request, kind: str, key: str) -> Response:
        asked = checked(request, shapes.RemoveFactSerializer)
        editing.remove(kind, key, **asked, user=request.user, now=timezone.now())
        return Response(status=204)


class FactVerification(APIView):
    @extend_schema(
        operation_id="register_verify",
        summary="Verify a fact by name",
        parameters=[KIND],
        request=shapes.VerifyFactSerializer,
        responses=shapes.FactSerializer,
    )
    def post(self, request: Request, kind: str, key: str) -> Response:
        asked = checked(request, shapes.VerifyFactSerializer)
        made = editing.verify(kind, key, **asked, user=request.user, now=timezone.now())
        return Response(shapes.FactSerializer(_fact(kind, made)).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="register_changes",
        summary="What was changed in the register, latest first",
        parameters=[
            OpenApiParameter("kind", str, enum=list(KINDS)),
            OpenApiParameter("key", str),
            OpenApiParameter("state", str),
            OpenApiParameter("instrument", str),
        ],
    )
)
class Changes(generics.ListAPIView):
    serializer_class = shapes.RegisterChangeSerializer

    def get_queryset(self):
        wanted = Q()
        for name in ("kind", "key", "state", "instrument"):
            if value := self.request.query_params.get(name, "").replace("\x00", ""):
                wanted &= Q(**{name: value})
        found = RegisterChange.objects.filter(wanted)
        return found.select_related("actor", "undone_by").order_by("-id")


class Undo(APIView):
    @extend_schema(
        operation_id="register_undo",
        summary="Undo the last change of a fact",
        request=None,
        responses=shapes.RegisterChangeSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        made = editing.undo(pk, user=request.user, now=timezone.now())
        return Response(shapes.RegisterChangeSerializer(made).data)


class Proposals(generics.ListAPIView):
    serializer_class = shapes.ProposalSerializer

    def get_queryset(self):
        seen = Q(proposed_by=self.request.user)
        if editing.may_edit(self.request.user):
            seen |= Q(stage=Proposal.Stage.OPEN)
        found = Proposal.objects.filter(seen)
        return found.select_related("proposed_by", "decided_by").order_by("-id")

    @extend_schema(
        operation_id="proposals_list", summary="My proposals; for editors also those to decide"
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="proposals_create",
        summary="Propose a correction",
        parameters=[IDEMPOTENCY_KEY],
        request=shapes.ProposeSerializer,
        responses={201: shapes.ProposalSerializer},
    )
    @done_once
    def post(self, request: Request) -> Response:
        asked = checked(request, shapes.ProposeSerializer)
        kind, key, values = asked.pop("kind"), asked.pop("key"), asked.pop("values")
        made = proposals.propose(kind, key, values, **asked, user=request.user, now=timezone.now())
        return Response(shapes.ProposalSerializer(made).data, status=201)


class Decision(APIView):
    @extend_schema(
        operation_id="proposals_decide",
        summary="Accept a proposal, or decline it with an answer",
        request=shapes.DecideSerializer,
        responses=shapes.ProposalSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        if not editing.may_edit(request.user):
            raise Http404
        found = get_object_or_404(Proposal.objects.select_related("proposed_by"), pk=pk)
        asked = checked(request, shapes.DecideSerializer)
        common = {"user": request.user, "now": timezone.now()}
        if asked["accept"]:
            proposals.accept(found, verified=asked["verified"], **common)
        else:
            proposals.decline(found, asked.get("answer", ""), **common)
        found.refresh_from_db()
        return Response(shapes.ProposalSerializer(found).data)

"""The register's API: thin; what it says is decided in ``treaties/register.py`` and the resolver."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.models import State
from registry.refusals import Invalid
from treaties import asking, register
from treaties.api import serializers
from treaties.legal_basis import Question, resolve
from treaties.legal_basis_matrix import one_against_all
from treaties.models import Instrument, MeasureKind, OffenceFamily, Participation, Purpose

ON = OpenApiParameter("on", OpenApiTypes.DATE, description="The day asked about; today if absent.")


def day_asked(request: Request) -> date:
    """The day in ``?on=``, today without one. Raises Invalid."""
    given = request.query_params.get("on")
    if not given:
        return timezone.localdate()
    try:
        return asking.day(given, "on")
    except asking.Unclear as unclear:
        raise Invalid("invalid_date", str(unclear), fields={"on": [str(unclear)]}) from None


def _text(name: str, description: str, **extra: Any) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description, **extra)


@extend_schema_view(
    get=extend_schema(
        operation_id="states_list",
        summary="States and international bodies",
        parameters=[
            _text("kind", "Only this kind.", enum=[k.value for k in State.Kind]),
            _text("q", "Part of the name or code."),
        ],
    )
)
class StateList(generics.ListAPIView):
    serializer_class = serializers.StateSerializer

    def get_queryset(self):
        states = State.objects.order_by("code")
        if kind := self.request.query_params.get("kind"):
            states = states.filter(kind=kind)
        if words := self.request.query_params.get("q"):
            states = states.filter(
                Q(name__icontains=words) | Q(code__iexact=words) | Q(alpha2__iexact=words)
            )
        return states


@extend_schema_view(
    get=extend_schema(
        operation_id="states_read",
        summary="A State: its instruments on a day, and its authorities",
        parameters=[ON],
    )
)
class StateDetail(generics.RetrieveAPIView):
    serializer_class = serializers.StateDetailSerializer
    queryset = State.objects.all()
    lookup_field = "code"

    def get_serializer_context(self):
        context = super().get_serializer_context()
        if code := self.kwargs.get("code"):
            context["instruments"] = register.instruments_of_state(code, day_asked(self.request))
            context["authorities"] = register.authorities_for(code)
        return context


@extend_schema_view(
    get=extend_schema(
        operation_id="instruments_list",
        summary="Instruments",
        parameters=[_text("kind", "Only this kind.", enum=[k.value for k in Instrument.Kind])],
    )
)
class InstrumentList(generics.ListAPIView):
    serializer_class = serializers.InstrumentSerializer

    def get_queryset(self):
        instruments = Instrument.objects.order_by("code")
        if kind := self.request.query_params.get("kind"):
            instruments = instruments.filter(kind=kind)
        return instruments


@extend_schema_view(
    get=extend_schema(
        operation_id="instruments_read",
        summary="An instrument: purposes, offences, measures, declarations",
    )
)
class InstrumentDetail(generics.RetrieveAPIView):
    serializer_class = serializers.InstrumentDetailSerializer
    queryset = Instrument.objects.prefetch_related(
        "purposes", "offences", "measures", "declarations"
    )
    lookup_field = "code"


class InstrumentParties(generics.GenericAPIView):
    serializer_class = serializers.PartySerializer
    queryset = Instrument.objects.all()
    lookup_field = "code"
    pagination_class = None

    @extend_schema(
        operation_id="instruments_parties",
        summary="The status table of an instrument on a day",
        parameters=[ON],
        responses=serializers.PartySerializer(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        instrument = self.get_object()
        parties = register.parties_of(instrument.code, day_asked(request))
        return Response(self.get_serializer(parties, many=True).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="participations_list",
        summary="Acts of States: signatures, ratifications, withdrawals",
        parameters=[
            _text("state", "Code of the State."),
            _text("instrument", "Code of the instrument."),
            _text("action", "Only this act.", enum=[a.value for a in Participation.Action]),
        ],
    )
)
class ParticipationList(generics.ListAPIView):
    serializer_class = serializers.ParticipationSerializer

    def get_queryset(self):
        acts = Participation.objects.order_by("id")
        for name in ("state", "instrument", "action"):
            if value := self.request.query_params.get(name):
                acts = acts.filter(**{name: value})
        return acts


@extend_schema_view(
    get=extend_schema(operation_id="measures_list", summary="Kinds of measures and particulars")
)
class MeasureList(generics.ListAPIView):
    serializer_class = serializers.MeasureSerializer
    queryset = MeasureKind.objects.prefetch_related("particulars", "available_under")
    pagination_class = None


@extend_schema_view(
    get=extend_schema(operation_id="offences_list", summary="Families of offences and synonyms")
)
class OffenceList(generics.ListAPIView):
    serializer_class = serializers.OffenceFamilySerializer
    queryset = OffenceFamily.objects.all()
    pagination_class = None


class LegalBasis(APIView):
    """Under what one State may ask another, and why not under the rest."""

    @extend_schema(
        operation_id="legal_basis",
        summary="The legal bases for a request, in order of preference",
        parameters=[
            _text("requesting", "The State that asks: BEL, be, ICC.", required=True),
            _text("requested", "The State that is asked.", required=True),
            _text("purpose", "mla if absent.", enum=[p.value for p in Purpose]),
            _text("offence", "A family of offences; may be repeated.", many=True),
            _text("measure", "A kind of measure; may be repeated.", many=True),
            ON,
        ],
        responses=serializers.AnswerSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        absent = [name for name in ("requesting", "requested") if not asked.get(name)]
        if absent:
            said = f"Name the State: ?{absent[0]}=BEL."
            raise Invalid("missing_value", said, fields={name: [said] for name in absent})
        question = Question(
            asked["requesting"],
            asked["requested"],
            asked.get("purpose") or Purpose.ASSISTANCE,
            day_asked(request),
            tuple(o for o in asked.getlist("offence") if o),
            tuple(m for m in asked.getlist("measure") if m),
        )
        answer = resolve(question)
        if answer.error:
            field = {"offence_family": "offence"}.get(answer.error.field, answer.error.field)
            said = answer.error.sentence
            raise Invalid(answer.error.code, said, fields={field: [said]})
        return Response(answer.as_json())


class LegalBasisMatrix(APIView):
    """One State against all others."""

    @extend_schema(
        operation_id="legal_basis_matrix",
        summary="Under what one State may ask each other State",
        parameters=[
            _text("state", "The State that asks: BEL, be.", required=True),
            _text("purpose", "mla if absent.", enum=[p.value for p in Purpose]),
            _text("offence", "A family of offences; may be repeated.", many=True),
            ON,
        ],
        responses=serializers.MatrixLineSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        try:
            lines = one_against_all(
                asked.get("state", ""),
                purpose=asked.get("purpose") or Purpose.ASSISTANCE,
                on=day_asked(request),
                offences=[o for o in asked.getlist("offence") if o],
            )
        except asking.Unclear as unclear:
            problem = unclear.problem
            field = {"offence_family": "offence"}.get(problem.field, problem.field)
            raise Invalid(
                problem.code, problem.sentence, fields={field: [problem.sentence]}
            ) from None
        return Response(serializers.MatrixLineSerializer(lines, many=True).data)

"""The execution of a request and its results, by API."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mla import measures, results
from mla.api.serializers import MeasureSerializer
from mla.api.views import RequestEndpoint
from mla.models import Item, Measure, MeasureState, PassingOn, Transmission
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH
from registry.api.parsing import checked, json_object
from registry.api.repeating import done_once
from registry.refusals import NotFound

KEY = {"min_value": 1, "max_value": 2**62}


class MeasureMoveSerializer(serializers.Serializer):
    move = serializers.CharField(source="name")
    label = serializers.CharField()
    leads_to = serializers.ChoiceField(MeasureState.choices, source="target")
    needs = serializers.ListField(child=serializers.CharField())


class MakeMeasureMoveSerializer(serializers.Serializer):
    move = serializers.ChoiceField(sorted(measures.MEASURE_MOVES))
    reason = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    until = serializers.DateField(required=False, help_text="Day until which it is postponed.")


class AssignSerializer(serializers.Serializer):
    """An authority of the requested State by its number, or in words."""

    authority = serializers.IntegerField(required=False, allow_null=True, **KEY)
    named = serializers.CharField(max_length=300, default="", allow_blank=True)


class PassingOnSerializer(serializers.ModelSerializer):
    class Meta:
        model = PassingOn
        fields = [
            "id",
            "to_whom",
            "purpose",
            "at",
            "limits_considered",
            "warned_of",
            "allowed_because",
        ]


class ItemSerializer(serializers.ModelSerializer):
    passings_on = PassingOnSerializer(many=True)

    class Meta:
        model = Item
        fields = [
            "id",
            "number",
            "kind",
            "description",
            "quantity",
            "measure",
            "original",
            "return_by",
            "returned_at",
            "use_limitation",
            "conditions",
            "transmission",
            "added_at",
            "passings_on",
        ]


class NewItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = [
            "kind",
            "description",
            "quantity",
            "measure",
            "original",
            "return_by",
            "use_limitation",
            "conditions",
        ]


class PassOnSerializer(serializers.Serializer):
    """Where something limits the use of the item, both last fields are needed."""

    to_whom = serializers.CharField(max_length=300)
    purpose = serializers.CharField(max_length=500)
    limits_considered = serializers.BooleanField(
        default=False, help_text="Must be said where limits of use or conditions hang on the item."
    )
    allowed_because = serializers.CharField(
        max_length=500,
        default="",
        allow_blank=True,
        help_text="Why it may be passed on: within the limits, or with whose consent.",
    )


class ReturnSerializer(serializers.Serializer):
    returned_at = serializers.DateTimeField()


class TransmissionSerializer(serializers.ModelSerializer):
    items = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = Transmission
        fields = ["id", "channel", "sent_at", "tracking_number", "note", "received_at", "items"]


class TransmitSerializer(serializers.Serializer):
    items = serializers.ListField(child=serializers.IntegerField(**KEY), max_length=2000)
    channel = serializers.ChoiceField(Transmission.Channel.choices)
    sent_at = serializers.DateTimeField()
    tracking_number = serializers.CharField(max_length=120, default="", allow_blank=True)
    note = serializers.CharField(max_length=10_000, default="", allow_blank=True)


class ReceiptOfResultsSerializer(serializers.Serializer):
    received_at = serializers.DateTimeField()


class MeasureMoves(RequestEndpoint):
    @extend_schema(
        operation_id="requests_measure_moves",
        summary="What I can record of a measure now",
        responses=MeasureMoveSerializer(many=True),
    )
    def get(self, request: Request, reference: str, pk: int) -> Response:
        found = self.matter(reference)
        measure = Measure.objects.filter(request=found, pk=pk).first()
        if measure is None:
            raise NotFound("no_such_part", _("The request has no such entry."))
        offered = measures.offered(measure, found, request.user)
        return self.answer(found, MeasureMoveSerializer(offered, many=True).data)

    @extend_schema(
        operation_id="requests_move_measure",
        summary="Record what becomes of a measure",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=MakeMeasureMoveSerializer,
        responses=MeasureSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, MakeMeasureMoveSerializer)
        moved = measures.move_measure(
            found,
            pk,
            given.pop("move"),
            user=request.user,
            expected_version=version,
            now=timezone.now(),
            **given,
        )
        return self.answer(found, MeasureSerializer(moved).data)


class MeasureAuthority(RequestEndpoint):
    @extend_schema(
        operation_id="requests_assign_measure",
        summary="Give a measure to the authority that executes it",
        parameters=[IF_MATCH],
        request=AssignSerializer,
        responses=MeasureSerializer,
    )
    def put(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, AssignSerializer)
        assigned = measures.assign(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, MeasureSerializer(assigned).data)


class Items(RequestEndpoint):
    @extend_schema(
        operation_id="requests_items",
        summary="The inventory of results",
        responses=ItemSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        items = results.inventory(found).prefetch_related("passings_on")
        return self.answer(found, ItemSerializer(items, many=True).data)

    @extend_schema(
        operation_id="requests_add_item",
        summary="Put an item on the inventory",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=NewItemSerializer,
        responses={201: ItemSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        item = results.add_item(
            found,
            json_object(request),
            user=request.user,
            expected_version=version,
            now=timezone.now(),
        )
        return self.answer(found, ItemSerializer(item).data, status=201)


class ItemPassingOn(RequestEndpoint):
    @extend_schema(
        operation_id="requests_pass_item_on",
        summary="Record that an item is passed on; its limits of use are told",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=PassOnSerializer,
        responses={201: PassingOnSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, PassOnSerializer)
        passed = results.pass_on(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, PassingOnSerializer(passed).data, status=201)


class ItemReturn(RequestEndpoint):
    @extend_schema(
        operation_id="requests_return_item",
        summary="Record that an original came back",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=ReturnSerializer,
        responses=ItemSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, ReturnSerializer)
        item = results.note_return(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, ItemSerializer(item).data)


class Transmissions(RequestEndpoint):
    @extend_schema(
        operation_id="requests_transmissions",
        summary="How results went over",
        responses=TransmissionSerializer(many=True),
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        sent = Transmission.objects.filter(request=found).prefetch_related("items")
        return self.answer(found, TransmissionSerializer(sent, many=True).data)

    @extend_schema(
        operation_id="requests_transmit",
        summary="Record that items went over",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=TransmitSerializer,
        responses={201: TransmissionSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        given = checked(request, TransmitSerializer)
        sent = results.transmit(
            found, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, TransmissionSerializer(sent).data, status=201)


class TransmissionReceipt(RequestEndpoint):
    @extend_schema(
        operation_id="requests_confirm_transmission",
        summary="Record that a transmission arrived",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=ReceiptOfResultsSerializer,
        responses=TransmissionSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, ReceiptOfResultsSerializer)
        arrived = results.confirm_receipt(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, TransmissionSerializer(arrived).data)

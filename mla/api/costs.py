"""The costs of a request, by API. Amounts are decimals written as text, each of one currency."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mla import costs, money
from mla.api.views import RequestEndpoint
from mla.models import Cost
from registry.api.description import IDEMPOTENCY_KEY, IF_MATCH
from registry.api.parsing import checked, json_object
from registry.api.repeating import done_once

AMOUNT = {"max_digits": money.DIGITS, "decimal_places": money.PLACES}


class CostSerializer(serializers.ModelSerializer):
    settled = serializers.BooleanField(source="is_settled")

    class Meta:
        model = Cost
        fields = [
            "id",
            "nature",
            "description",
            "measure",
            "currency",
            "estimated",
            "bearer",
            "consulted_on",
            "consultation_note",
            "agreed",
            "agreed_on",
            "agreement_note",
            "paid",
            "paid_on",
            "dropped_reason",
            "settled",
            "added_at",
        ]


class CostSumSerializer(serializers.Serializer):
    currency = serializers.CharField(help_text="ISO 4217")
    estimated = serializers.DecimalField(**AMOUNT)
    agreed = serializers.DecimalField(**AMOUNT)
    paid = serializers.DecimalField(**AMOUNT)


class CostRuleSerializer(serializers.Serializer):
    """Who bears costs of a nature, as the legal basis says."""

    instrument = serializers.CharField()
    article = serializers.CharField()
    nature = serializers.CharField()
    borne_by = serializers.CharField()
    consultation = serializers.BooleanField()
    note = serializers.CharField()
    source = serializers.CharField()
    as_of = serializers.CharField()
    confidence = serializers.CharField()


class CostsSerializer(serializers.Serializer):
    costs = CostSerializer(many=True)
    sums = CostSumSerializer(many=True)
    rules = CostRuleSerializer(many=True)


class NewCostSerializer(serializers.ModelSerializer):
    class Meta:
        model = Cost
        fields = ["nature", "description", "measure", "currency", "estimated", "bearer"]


class ConsultOnCostSerializer(serializers.Serializer):
    on = serializers.CharField(help_text="Day, as 2028-02-29.")
    note = serializers.CharField(max_length=10_000, default="", allow_blank=True)


class AgreeOnCostSerializer(serializers.Serializer):
    amount = serializers.CharField(max_length=20)
    bearer = serializers.ChoiceField(Cost.Bearer.choices)
    on = serializers.CharField(help_text="Day, as 2028-02-29.")
    note = serializers.CharField(max_length=10_000, default="", allow_blank=True)


class PayCostSerializer(serializers.Serializer):
    amount = serializers.CharField(max_length=20)
    on = serializers.CharField(help_text="Day, as 2028-02-29.")


class DropCostSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=10_000)


class Costs(RequestEndpoint):
    @extend_schema(
        operation_id="requests_costs",
        summary="The costs, their sums by currency, and who bears them",
        responses=CostsSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        found = self.matter(reference)
        listed = list(costs.costs_of(found))
        data = {"costs": listed, "sums": costs.sums(listed), "rules": costs.rules(found)}
        return self.answer(found, CostsSerializer(data).data)

    @extend_schema(
        operation_id="requests_note_cost",
        summary="Note a cost",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=NewCostSerializer,
        responses={201: CostSerializer},
    )
    @done_once
    def post(self, request: Request, reference: str) -> Response:
        found, version = self.seen(reference)
        cost = costs.add(
            found,
            json_object(request),
            user=request.user,
            expected_version=version,
            now=timezone.now(),
        )
        return self.answer(found, CostSerializer(cost).data, status=201)


class CostConsultation(RequestEndpoint):
    @extend_schema(
        operation_id="requests_consult_on_cost",
        summary="Record the consultation on an extraordinary cost",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=ConsultOnCostSerializer,
        responses=CostSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, ConsultOnCostSerializer)
        cost = costs.note_consultation(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, CostSerializer(cost).data)


class CostAgreement(RequestEndpoint):
    @extend_schema(
        operation_id="requests_agree_on_cost",
        summary="Record how much was agreed and who bears it",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=AgreeOnCostSerializer,
        responses=CostSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, AgreeOnCostSerializer)
        cost = costs.agree(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, CostSerializer(cost).data)


class CostPayment(RequestEndpoint):
    @extend_schema(
        operation_id="requests_pay_cost",
        summary="Record that a cost was paid",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=PayCostSerializer,
        responses=CostSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, PayCostSerializer)
        cost = costs.pay(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, CostSerializer(cost).data)


class CostDropping(RequestEndpoint):
    @extend_schema(
        operation_id="requests_drop_cost",
        summary="Record that a cost does not arise",
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
        request=DropCostSerializer,
        responses=CostSerializer,
    )
    @done_once
    def post(self, request: Request, reference: str, pk: int) -> Response:
        found, version = self.seen(reference)
        given = checked(request, DropCostSerializer)
        cost = costs.drop(
            found, pk, user=request.user, expected_version=version, now=timezone.now(), **given
        )
        return self.answer(found, CostSerializer(cost).data)

"""What the API shows and takes of extraditions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases import extradition_law
from cases.extradition import MOVES, RECEIVED, SENT
from cases.models import (
    Assurance,
    ConcurrentRequest,
    CustodyPeriod,
    ExtraditionCase,
    ExtraditionDecision,
    ExtraditionStatus,
    Person,
    ProsecutionAtHome,
    SpecialityEntry,
    Transit,
)
from cases.other_states import CRITERIA
from registry.models import Dossier

DIRECTIONS = [SENT, RECEIVED]


class ExtraditionRowSerializer(serializers.ModelSerializer):
    """A line of the list."""

    status = serializers.ChoiceField(ExtraditionStatus.choices)
    direction = serializers.ChoiceField(DIRECTIONS)
    other_state = serializers.CharField(source="counterpart_id")
    responsible = serializers.CharField(source="responsible.name")

    class Meta:
        model = Dossier
        fields = [
            "reference",
            "foreign_reference",
            "title",
            "direction",
            "other_state",
            "status",
            "is_open",
            "urgent",
            "confidentiality",
            "responsible",
            "updated_at",
            "version",
        ]


class ExtraditionPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ExtraditionRowSerializer(many=True)


class WantedPersonSerializer(serializers.ModelSerializer):
    nationalities = serializers.ListField(child=serializers.CharField(), required=False)

    class Meta:
        model = Person
        fields = [
            "family_name",
            "given_names",
            "name_in_original_script",
            "aliases",
            "birth_year",
            "birth_month",
            "birth_day",
            "birth_place",
            "nationalities",
            "location",
        ]


class CustodyPeriodSerializer(serializers.ModelSerializer):
    class Meta:
        model = CustodyPeriod
        fields = ["began_at", "ended_at", "place", "zone", "end_reason"]


class ExtraditionDecisionSerializer(serializers.ModelSerializer):
    grounds = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = ExtraditionDecision
        fields = ["phase", "outcome", "decided_at", "body", "reason", "grounds"]


class AssuranceSerializer(serializers.ModelSerializer):
    state = serializers.ChoiceField(Assurance.State.choices)

    class Meta:
        model = Assurance
        fields = ["id", "kind", "text", "state", "asked_at", "given_at", "ended_at", "note"]


class SpecialityEntrySerializer(serializers.ModelSerializer):
    family = serializers.CharField(source="family_id")
    third_state = serializers.CharField(source="third_state_id", allow_null=True)

    class Meta:
        model = SpecialityEntry
        fields = [
            "id",
            "kind",
            "family",
            "description",
            "third_state",
            "answer",
            "asked_at",
            "answered_at",
        ]


class ConcurrentRequestSerializer(serializers.ModelSerializer):
    state = serializers.CharField(source="state_id")
    weighed = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = ConcurrentRequest
        fields = ["id", "state", "received_on", "offences", "weighed", "preferred"]


class TransitSerializer(serializers.ModelSerializer):
    state = serializers.CharField(source="state_id")

    class Meta:
        model = Transit
        fields = ["id", "state", "route", "by_air", "answer", "asked_at", "answered_at"]


class ProsecutionAtHomeSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProsecutionAtHome
        fields = [
            "instrument",
            "article",
            "verified",
            "opened_at",
            "submitted_at",
            "submitted_to",
            "case_number",
            "outcome",
            "outcome_at",
            "told_at",
        ]


class ExtraditionSerializer(serializers.ModelSerializer):
    """A whole case. ``custody_seconds`` is the time in custody as far as it lasts now."""

    reference = serializers.CharField(source="dossier.reference")
    foreign_reference = serializers.CharField(source="dossier.foreign_reference")
    title = serializers.CharField(source="dossier.title")
    status = serializers.ChoiceField(ExtraditionStatus.choices, source="dossier.status")
    direction = serializers.ChoiceField(DIRECTIONS, source="dossier.direction")
    is_open = serializers.BooleanField(source="dossier.is_open")
    version = serializers.IntegerField(source="dossier.version")
    requesting_state = serializers.CharField(source="requesting_state_id")
    requested_state = serializers.CharField(source="requested_state_id")
    basis = serializers.CharField(source="basis_id", allow_null=True)
    protocols = serializers.ListField(
        child=serializers.CharField(), source="basis_answer.supplements", default=list
    )
    person = WantedPersonSerializer()
    offences = serializers.SerializerMethodField()
    custody = CustodyPeriodSerializer(source="custody_periods", many=True)
    decisions = ExtraditionDecisionSerializer(many=True)
    assurances = AssuranceSerializer(many=True)
    speciality = SpecialityEntrySerializer(many=True)
    concurrent_requests = ConcurrentRequestSerializer(many=True)
    transits = TransitSerializer(many=True)
    prosecution_at_home = serializers.SerializerMethodField()

    class Meta:
        model = ExtraditionCase
        fields = [
            "reference",
            "foreign_reference",
            "title",
            "status",
            "direction",
            "is_open",
            "version",
            "requesting_state",
            "requested_state",
            "basis",
            "protocols",
            "person",
            "convicted",
            "facts",
            "notice",
            "offences",
            "arrest_requested_at",
            "arrested_at",
            "arrest_zone",
            "formal_request_sent_at",
            "formal_request_received_at",
            "consented_at",
            "speciality_renounced",
            "decided_at",
            "surrender_at",
            "surrender_place",
            "return_by",
            "surrendered_at",
            "finally_discharged_at",
            "custody",
            "decisions",
            "assurances",
            "speciality",
            "concurrent_requests",
            "transits",
            "prosecution_at_home",
        ]

    def get_offences(self, case: ExtraditionCase) -> list[str]:
        return [offence.family_id for offence in case.dossier.offences.all()]

    def get_prosecution_at_home(self, case: ExtraditionCase) -> dict[str, Any] | None:
        at_home = getattr(case, "at_home", None)
        return ProsecutionAtHomeSerializer(at_home).data if at_home else None


class OpenExtraditionSerializer(serializers.Serializer):
    owner = serializers.IntegerField(required=False, help_text="Number of the authority.")
    direction = serializers.ChoiceField(DIRECTIONS)
    other_state = serializers.CharField(help_text="Code of the other State.")
    person = WantedPersonSerializer()
    offences = serializers.ListField(child=serializers.CharField())
    basis = serializers.CharField(required=False, allow_blank=True, help_text="Instrument's code.")
    title = serializers.CharField(required=False, allow_blank=True)
    foreign_reference = serializers.CharField(required=False, allow_blank=True)
    facts = serializers.CharField(required=False, allow_blank=True)
    notice = serializers.CharField(required=False, allow_blank=True)
    urgent = serializers.BooleanField(
        required=False, help_text="Needs urgency_reason and urgent_until."
    )
    urgency_reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    urgent_until = serializers.DateField(required=False, allow_null=True)
    convicted = serializers.BooleanField(required=False)
    sealed = serializers.BooleanField(required=False)


class ChangeExtraditionSerializer(WantedPersonSerializer):
    """Fields of the person or of the case; those not given stay."""

    title = serializers.CharField(required=False, allow_blank=True)
    foreign_reference = serializers.CharField(required=False, allow_blank=True)
    facts = serializers.CharField(required=False, allow_blank=True)
    notice = serializers.CharField(required=False, allow_blank=True)
    urgent = serializers.BooleanField(
        required=False, help_text="Needs urgency_reason and urgent_until."
    )
    urgency_reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    urgent_until = serializers.DateField(required=False, allow_null=True)
    convicted = serializers.BooleanField(required=False)

    class Meta(WantedPersonSerializer.Meta):
        fields = [
            *WantedPersonSerializer.Meta.fields,
            "title",
            "foreign_reference",
            "facts",
            "notice",
            "urgent",
            "urgency_reason",
            "urgent_until",
            "convicted",
        ]


class ExtraditionMoveSerializer(serializers.Serializer):
    """A move that I may make, and the reasons why not yet."""

    move = serializers.CharField(source="move.name")
    label = serializers.CharField(source="move.label")
    needs = serializers.ListField(child=serializers.CharField(), source="move.needs")
    takes = serializers.ListField(child=serializers.CharField(), source="move.takes")
    possible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class MakeExtraditionMoveSerializer(serializers.Serializer):
    move = serializers.ChoiceField(sorted(MOVES))
    at = serializers.DateTimeField(required=False, help_text="When it happened.")
    surrender_at = serializers.DateTimeField(required=False)
    return_by = serializers.DateField(required=False)
    zone = serializers.CharField(required=False, help_text="Time zone of the place of arrest.")
    channel = serializers.CharField(required=False, max_length=40)
    outcome = serializers.CharField(required=False)
    outcome_at_home = serializers.CharField(required=False)
    place = serializers.CharField(required=False, max_length=160)
    body = serializers.CharField(required=False, max_length=160)
    case_number = serializers.CharField(required=False, max_length=120)
    reason = serializers.CharField(required=False, max_length=10_000)
    speciality_renounced = serializers.BooleanField(required=False)
    grounds = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Numbers of the grounds offered."
    )


class RequiredContentLineSerializer(serializers.Serializer):
    key = serializers.CharField(source="item.key")
    label = serializers.CharField()
    article = serializers.CharField(source="item.article")
    requirement = serializers.CharField(source="item.requirement")
    confidence = serializers.CharField(source="item.confidence")
    missing = serializers.BooleanField(source="is_missing")
    text = serializers.CharField(source="given.text", default="")


class RefusalGroundLineSerializer(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    instrument = serializers.CharField(source="instrument_id")
    ground = serializers.CharField()
    article = serializers.CharField()
    effect = serializers.CharField()
    note = serializers.CharField()
    confidence = serializers.CharField()


class ExtraditionContentsSerializer(serializers.Serializer):
    """What the instrument requires of both requests, and on what it lets extradition be refused."""

    formal_request = RequiredContentLineSerializer(many=True)
    provisional_arrest = RequiredContentLineSerializer(many=True)
    grounds_of_refusal = RefusalGroundLineSerializer(many=True)
    barred = RefusalGroundLineSerializer(many=True)


def contents_of(case: ExtraditionCase) -> dict[str, Any]:
    lists = (extradition_law.EXTRADITION, extradition_law.PROVISIONAL_ARREST)
    formal, arrest = (extradition_law.checklist(case, type_).lines for type_ in lists)
    return ExtraditionContentsSerializer(
        {
            "formal_request": formal,
            "provisional_arrest": arrest,
            "grounds_of_refusal": extradition_law.grounds_of_refusal(case),
            "barred": extradition_law.barred_grounds(case),
        }
    ).data


class ProvideContentSerializer(serializers.Serializer):
    request_type = serializers.ChoiceField(
        [extradition_law.EXTRADITION, extradition_law.PROVISIONAL_ARREST]
    )
    key = serializers.CharField(max_length=48)
    text = serializers.CharField(max_length=10_000)


class AskAssuranceSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Assurance.Kind.choices)
    text = serializers.CharField(max_length=10_000)


class FollowAssuranceSerializer(serializers.Serializer):
    state = serializers.ChoiceField(Assurance.State.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000)


class AskConsentSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(
        [SpecialityEntry.Kind.PROSECUTION, SpecialityEntry.Kind.RE_EXTRADITION]
    )
    family = serializers.CharField(max_length=48)
    description = serializers.CharField(max_length=10_000)
    third_state = serializers.CharField(required=False, allow_blank=True, max_length=8)


class AnswerGivenSerializer(serializers.Serializer):
    answer = serializers.ChoiceField(["granted", "refused"])


class JudgementSerializer(serializers.Serializer):
    """What the ledger says of a further charge: an aid, not a verdict."""

    covered = serializers.BooleanField()
    sentence = serializers.CharField()


class AddConcurrentSerializer(serializers.Serializer):
    state = serializers.CharField(max_length=8)
    received_on = serializers.DateField()
    offences = serializers.CharField(required=False, allow_blank=True, max_length=10_000)


class WeighSerializer(serializers.Serializer):
    weighed = serializers.DictField(
        child=serializers.CharField(max_length=2000),
        help_text="Words by criterion: " + ", ".join(CRITERIA),
    )
    preferred = serializers.ChoiceField(["this", "theirs"])


class AskTransitSerializer(serializers.Serializer):
    state = serializers.CharField(max_length=8)
    route = serializers.CharField(required=False, allow_blank=True, max_length=240)
    by_air = serializers.BooleanField(required=False)

"""What the register's API shows. Read only."""

from rest_framework import serializers

from registry.models import State
from treaties.models import (
    CoveredOffence,
    CoveredPurpose,
    Declaration,
    Instrument,
    MeasureAvailability,
    MeasureKind,
    MeasureParticular,
    OffenceFamily,
    Participation,
)

PROVENANCE = ["source", "as_of", "confidence"]


class StateSerializer(serializers.ModelSerializer):
    class Meta:
        model = State
        fields = [
            "code",
            "alpha2",
            "kind",
            "name",
            "formal_name",
            "time_zone",
            "holiday_calendar",
            "established",
            "ended",
            "note",
            *PROVENANCE,
        ]


class DesignationSerializer(serializers.Serializer):
    authority = serializers.IntegerField(help_text="Key of the authority.")
    name = serializers.CharField()
    instrument = serializers.CharField(help_text="Empty where no instrument names it.")
    function = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    channel = serializers.CharField()
    urgent_channel = serializers.CharField()
    verified = serializers.BooleanField()


class DeclarationSerializer(serializers.ModelSerializer):
    instrument = serializers.CharField(source="instrument_id")
    state = serializers.CharField(source="state_id")

    class Meta:
        model = Declaration
        fields = [
            "instrument",
            "state",
            "kind",
            "provision",
            "paraphrase",
            "effects",
            "affects_cooperation",
            *PROVENANCE,
        ]


class PartySerializer(serializers.Serializer):
    """A line of a status table: how a State stands towards an instrument on the day asked for."""

    state = serializers.CharField(source="state.code")
    state_name = serializers.CharField(source="state.called")
    instrument = serializers.CharField(source="instrument.code")
    instrument_title = serializers.CharField(source="instrument.short_title")
    standing = serializers.CharField(help_text="bound, signed_only, bound_later, withdrawn…")
    bound = serializers.BooleanField(help_text="Bound on the day asked for.")
    signature = serializers.DateField(allow_null=True)
    act = serializers.SerializerMethodField()
    act_date = serializers.SerializerMethodField()
    entry_into_force = serializers.DateField(allow_null=True)
    withdrawal_effect = serializers.SerializerMethodField()
    sentence = serializers.CharField(help_text="The standing in words.")
    sources = serializers.ListField(child=serializers.CharField())
    verified = serializers.BooleanField()

    def get_act(self, party) -> str | None:
        return party.deposit.action if party.deposit else None

    def get_act_date(self, party) -> str | None:
        day = party.deposit.date if party.deposit else None
        return day.isoformat() if day else None

    def get_withdrawal_effect(self, party) -> str | None:
        act = party.withdrawal
        day = (act.entry_into_force or act.date) if act else None
        return day.isoformat() if day else None


class StateDetailSerializer(StateSerializer):
    instruments = serializers.SerializerMethodField()
    authorities = serializers.SerializerMethodField()

    class Meta(StateSerializer.Meta):
        fields = [
            *StateSerializer.Meta.fields,
            "mandate_source",
            "cooperation_route",
            "instruments",
            "authorities",
        ]

    def get_instruments(self, state) -> list[dict]:
        return PartySerializer(self.context["instruments"], many=True).data

    def get_authorities(self, state) -> list[dict]:
        return DesignationSerializer(self.context["authorities"], many=True).data


class InstrumentSerializer(serializers.ModelSerializer):
    parent = serializers.CharField(source="parent_id", allow_null=True)

    class Meta:
        model = Instrument
        fields = [
            "code",
            "title",
            "short_title",
            "kind",
            "parent",
            "adopted",
            "in_force",
            "in_force_since",
            "in_force_note",
            "depositary",
            "citation",
            "topics",
            "authentic_languages",
            *PROVENANCE,
        ]


class CoveredPurposeSerializer(serializers.ModelSerializer):
    class Meta:
        model = CoveredPurpose
        fields = ["purpose", "article", "strength", "note", "gives_way_to_treaty_in_force"]


class CoveredOffenceSerializer(serializers.ModelSerializer):
    family = serializers.CharField(source="family_id")

    class Meta:
        model = CoveredOffence
        fields = ["family", "article", "condition", "annex", "confidence"]


class InstrumentMeasureSerializer(serializers.ModelSerializer):
    measure = serializers.CharField(source="measure_id")

    class Meta:
        model = MeasureAvailability
        fields = ["measure", "article", "confidence"]


class InstrumentDetailSerializer(InstrumentSerializer):
    purposes = CoveredPurposeSerializer(many=True)
    offences = CoveredOffenceSerializer(many=True)
    measures = InstrumentMeasureSerializer(many=True)
    declarations = DeclarationSerializer(many=True)

    class Meta(InstrumentSerializer.Meta):
        fields = [
            *InstrumentSerializer.Meta.fields,
            "offence_scope",
            "between",
            "central_authority_article",
            "notes",
            "unverified_fields",
            "purposes",
            "offences",
            "measures",
            "declarations",
        ]


class ParticipationSerializer(serializers.ModelSerializer):
    instrument = serializers.CharField(source="instrument_id")
    state = serializers.CharField(source="state_id")

    class Meta:
        model = Participation
        fields = [
            "id",
            "instrument",
            "state",
            "action",
            "date",
            "entry_into_force",
            "note",
            *PROVENANCE,
        ]


class ParticularSerializer(serializers.ModelSerializer):
    class Meta:
        model = MeasureParticular
        fields = ["key", "article", "requirement", "help", "confidence"]


class AvailabilitySerializer(serializers.ModelSerializer):
    instrument = serializers.CharField(source="instrument_id")

    class Meta:
        model = MeasureAvailability
        fields = ["instrument", "article", "confidence"]


class MeasureSerializer(serializers.ModelSerializer):
    particulars = ParticularSerializer(many=True)
    available_under = AvailabilitySerializer(many=True)

    class Meta:
        model = MeasureKind
        fields = ["code", "label", "labels", "particulars", "available_under"]


class OffenceFamilySerializer(serializers.ModelSerializer):
    class Meta:
        model = OffenceFamily
        fields = ["code", "label", "labels", "aliases", "core_crime"]


class QuestionSerializer(serializers.Serializer):
    requesting = serializers.CharField()
    requested = serializers.CharField()
    purpose = serializers.CharField()
    on = serializers.DateField()
    offences = serializers.ListField(child=serializers.CharField())
    measures = serializers.ListField(child=serializers.CharField())


class BoundSerializer(serializers.Serializer):
    state = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    action = serializers.CharField()
    act_date = serializers.DateField(allow_null=True)
    source = serializers.CharField()
    verified = serializers.BooleanField()
    sentence = serializers.CharField()


class BasisSerializer(serializers.Serializer):
    """An instrument that applies; the first of the list is proposed."""

    code = serializers.CharField()
    title = serializers.CharField()
    short_title = serializers.CharField()
    kind = serializers.CharField()
    article = serializers.CharField(help_text="Empty where the number is not established.")
    strength = serializers.CharField(help_text="basis, supplement or supporting.")
    since_requesting = serializers.DateField(allow_null=True)
    since_requested = serializers.DateField(allow_null=True)
    acts = BoundSerializer(many=True)
    declarations = serializers.ListField(child=serializers.DictField())
    offences = serializers.ListField(child=serializers.DictField())
    offences_not_covered = serializers.ListField(child=serializers.CharField())
    measures = serializers.ListField(child=serializers.DictField())
    dual_criminality = serializers.CharField(allow_null=True)
    displaces = serializers.ListField(child=serializers.CharField())
    displaced = serializers.CharField(allow_null=True)
    languages = serializers.ListField(child=serializers.DictField())
    language_rule = serializers.CharField()
    channel = serializers.CharField()
    urgent_channel = serializers.CharField()
    authorities = serializers.ListField(child=serializers.DictField())
    reasons = serializers.ListField(child=serializers.CharField())
    verified = serializers.BooleanField(help_text="Every fact used is verified.")


class UnavailableSerializer(serializers.Serializer):
    code = serializers.CharField()
    reason = serializers.CharField(help_text="A code: signed_only, withdrawn, displaced…")
    sentence = serializers.CharField()
    short_title = serializers.CharField()
    article = serializers.CharField()
    states = serializers.ListField(child=serializers.DictField())


class AnswerSerializer(serializers.Serializer):
    question = QuestionSerializer()
    proposed = serializers.CharField(allow_null=True)
    applicable = BasisSerializer(many=True)
    inapplicable = UnavailableSerializer(many=True)
    error = serializers.DictField(
        allow_null=True, help_text="Always null here: an error is a problem document."
    )


class MatrixLineSerializer(serializers.Serializer):
    """One other State: the bases that apply, best first."""

    state = serializers.CharField(source="state.code")
    state_name = serializers.CharField(source="state.called")
    best = serializers.CharField(source="best.code", default=None, allow_null=True)
    article = serializers.CharField(help_text="Of the best basis, for this purpose.")
    applicable = serializers.SerializerMethodField()
    verified = serializers.BooleanField()

    def get_applicable(self, line) -> list[str]:
        return [instrument.code for instrument in line.applicable]

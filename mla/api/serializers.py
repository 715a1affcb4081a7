"""What the API shows and takes of requests. Rules are in the domain; here is only shape."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from cases.models import Offence, Person
from mla.completeness import Checklist
from mla.draft_fields import LONG_TEXTS
from mla.lifecycle import ALL_MOVES
from mla.models import (
    STATUS_LABELS,
    AssistanceRequest,
    InformationRequest,
    Measure,
    Receipt,
    RequestKind,
)
from mla.move_fields import FIELDS, MoveField
from mla.request_kinds import RULES, STARTED_ALONE
from registry.models import Confidence, Dossier
from treaties.models import Requirement

Channel = AssistanceRequest.Transmission
STATUSES = list(STATUS_LABELS.items())
DIRECTIONS = [Dossier.Direction.SENT, Dossier.Direction.RECEIVED]


class StateNameSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class AuthorityNameSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class InstrumentNameSerializer(serializers.Serializer):
    code = serializers.CharField()
    title = serializers.CharField()


class RequestRowSerializer(serializers.Serializer):
    """A line of the list. Only described here: ``mla/api/rows.py`` writes it."""

    reference = serializers.CharField()
    foreign_reference = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(RequestKind.choices)
    status = serializers.ChoiceField(STATUSES)
    is_open = serializers.BooleanField()
    urgent = serializers.BooleanField()
    confidentiality = serializers.ChoiceField(Dossier.Confidentiality.choices)
    owner = AuthorityNameSerializer()
    direction = serializers.ChoiceField(DIRECTIONS)
    counterpart = StateNameSerializer(help_text="The other State: asked, or asking.")
    requested_state = StateNameSerializer()
    instrument = InstrumentNameSerializer(allow_null=True)
    responsible = serializers.CharField(help_text="Name of the person in charge.")
    language = serializers.CharField()
    sent_at = serializers.DateTimeField(allow_null=True)
    answer_wanted_by = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class RequestPageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RequestRowSerializer(many=True)


@extend_schema_serializer(component_name="RequestMeasure")
class MeasureSerializer(serializers.ModelSerializer):
    kind = serializers.CharField(source="kind_id")

    class Meta:
        model = Measure
        fields = [
            "id",
            "kind",
            "description",
            "particulars",
            "position",
            "state",
            "state_reason",
            "state_changed_at",
            "postponed_until",
            "executing_authority",
            "executing_authority_text",
        ]
        read_only_fields = fields[5:]
        extra_kwargs = {"particulars": {"help_text": "Texts by the keys of the kind of measure."}}


class PersonSerializer(serializers.ModelSerializer):
    nationalities = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Person
        fields = [
            "id",
            "role",
            "family_name",
            "given_names",
            "name_in_original_script",
            "aliases",
            "protected",
            "protected_alias",
            "birth_year",
            "birth_month",
            "birth_day",
            "birth_place",
            "nationalities",
            "location",
            "identity_documents",
            "note",
            "position",
        ]


class OffenceSerializer(serializers.ModelSerializer):
    family = serializers.CharField(source="family_id")

    class Meta:
        model = Offence
        fields = [
            "id",
            "family",
            "provision",
            "legal_text",
            "penalty",
            "time_of_acts",
            "place_of_acts",
            "position",
        ]


class ReceiptSerializer(serializers.ModelSerializer):
    """How a received request came, and what we decided."""

    requesting_authority = AuthorityNameSerializer(allow_null=True)
    competent_authority = AuthorityNameSerializer(allow_null=True)
    decided_by = serializers.CharField(source="decided_by.name", default=None, allow_null=True)
    scan = serializers.IntegerField(
        source="scan_id", allow_null=True, help_text="Number of the document."
    )

    class Meta:
        model = Receipt
        fields = [
            "received_at",
            "channel",
            "requesting_authority",
            "requesting_authority_text",
            "scan",
            "registered_at",
            "acknowledged_at",
            "priority",
            "competent_authority",
            "dual_criminality",
            "dual_criminality_note",
            "consulted_at",
            "consultation_note",
            "outcome",
            "outcome_reason",
            "decided_at",
            "decided_by",
            "postponed_until",
            "referred_to",
            "referral_answer_wanted_by",
            "referral_answered_at",
            "referral_answer",
            "times_returned",
        ]


class InformationRequestSerializer(serializers.ModelSerializer):
    class Meta:
        model = InformationRequest
        fields = [
            "id",
            "asked_by_us",
            "question",
            "asked_at",
            "wanted_by",
            "answered_at",
            "answer",
        ]


class RequestSerializer(serializers.ModelSerializer):
    """One request. Its parts, checklist, timeline and deadlines have addresses of their own."""

    direction = serializers.ChoiceField(DIRECTIONS, source="dossier.direction")
    receipt = ReceiptSerializer(
        default=None, allow_null=True, help_text="Of a received request only."
    )
    information_requests = InformationRequestSerializer(many=True)

    reference = serializers.CharField(source="dossier.reference")
    foreign_reference = serializers.CharField(source="dossier.foreign_reference")
    former_reference = serializers.CharField(
        source="dossier.former_reference", read_only=True, help_text="Ours, before this system."
    )
    title = serializers.CharField(source="dossier.title")
    status = serializers.ChoiceField(STATUSES, source="dossier.status")
    is_open = serializers.BooleanField(source="dossier.is_open")
    urgent = serializers.BooleanField(source="dossier.urgent")
    confidentiality = serializers.ChoiceField(
        Dossier.Confidentiality.choices, source="dossier.confidentiality"
    )
    owner = AuthorityNameSerializer(source="dossier.owner")
    responsible = serializers.CharField(source="dossier.responsible.name")
    requesting_state = StateNameSerializer()
    requested_state = StateNameSerializer()
    addressee = AuthorityNameSerializer(allow_null=True)
    instrument = serializers.CharField(
        source="basis_id", allow_null=True, help_text="Code of the legal basis."
    )
    drafted_by = serializers.CharField(source="drafted_by.name")
    last_edited_by = serializers.CharField(
        source="last_edited_by.name", default=None, allow_null=True
    )
    submitted_by = serializers.CharField(source="submitted_by.name", default=None, allow_null=True)
    approved_by = serializers.CharField(source="approved_by.name", default=None, allow_null=True)
    letter_state = serializers.CharField(
        source="letter.state",
        default=None,
        allow_null=True,
        help_text="ordered, made, failed, void or nothing.",
    )
    verification_code = serializers.CharField(
        source="letter.verification_code", default=None, allow_null=True
    )
    created_at = serializers.DateTimeField(source="dossier.created_at")
    updated_at = serializers.DateTimeField(source="dossier.updated_at")
    version = serializers.IntegerField(source="dossier.version")
    kind_record = serializers.DictField(
        help_text="What the moves of its kind recorded, by the names of their fields."
    )
    refusal_ground = serializers.CharField(
        source="refusal_ground.ground",
        default=None,
        allow_null=True,
        help_text="The ground that the requested State cited, in the register's word.",
    )

    class Meta:
        model = AssistanceRequest
        fields = [
            "reference",
            "foreign_reference",
            "former_reference",
            "title",
            "kind",
            "kind_record",
            "refusal_ground",
            "status",
            "direction",
            "is_open",
            "urgent",
            "confidentiality",
            "owner",
            "responsible",
            "receipt",
            "information_requests",
            "requesting_state",
            "requested_state",
            "addressee",
            "instrument",
            "language",
            "transmission",
            *LONG_TEXTS,
            "answer_wanted_by",
            "further_contents",
            "drafted_by",
            "last_edited_by",
            "submitted_by",
            "submitted_at",
            "approved_by",
            "approved_at",
            "sent_at",
            "acknowledged_at",
            "closed_at",
            "letter_state",
            "verification_code",
            "created_at",
            "updated_at",
            "version",
        ]


class StartRequestSerializer(serializers.Serializer):
    owner = serializers.IntegerField(
        required=False, help_text="Authority that asks; may be left out by a person who has one."
    )
    requested_state = serializers.CharField(max_length=8)
    measures = serializers.ListField(child=serializers.CharField(max_length=48), default=list)
    offences = serializers.ListField(child=serializers.CharField(max_length=48), default=list)
    instrument = serializers.CharField(
        max_length=24, required=False, help_text="Another applicable legal basis than proposed."
    )
    title = serializers.CharField(default="", allow_blank=True)
    kind = serializers.ChoiceField(
        [(code, RULES[code].label) for code in STARTED_ALONE], default=RequestKind.REQUEST
    )
    urgent = serializers.BooleanField(
        default=False, help_text="Needs urgency_reason and answer_wanted_by."
    )
    urgency_reason = serializers.CharField(default="", allow_blank=True)
    answer_wanted_by = serializers.DateField(required=False, allow_null=True)
    sealed = serializers.BooleanField(default=False)
    language = serializers.ChoiceField(settings.LETTER_LANGUAGES, required=False)


class RegisterRequestSerializer(serializers.Serializer):
    """A request that came to us; what is not known yet is completed later."""

    owner = serializers.IntegerField(
        required=False, help_text="Authority that received it; may be left out by who has one."
    )
    requesting_state = serializers.CharField(max_length=8)
    received_at = serializers.DateTimeField()
    channel = serializers.ChoiceField(Receipt.Channel.choices, default=Receipt.Channel.POST)
    title = serializers.CharField(max_length=300, help_text="What they ask for, in a few words.")
    kind = serializers.ChoiceField(RequestKind.choices, default=RequestKind.REQUEST)
    follows = serializers.CharField(
        max_length=60,
        default="",
        allow_blank=True,
        help_text="Our reference of the matter that it supplements or came of.",
    )
    conditions = serializers.CharField(
        max_length=20_000,
        default="",
        allow_blank=True,
        help_text="Conditions of use of information given without a request.",
    )
    foreign_reference = serializers.CharField(max_length=120, default="", allow_blank=True)
    requesting_authority = serializers.IntegerField(required=False, allow_null=True)
    requesting_authority_text = serializers.CharField(max_length=2000, default="", allow_blank=True)
    measures = serializers.ListField(child=serializers.CharField(max_length=48), default=list)
    offences = serializers.ListField(child=serializers.CharField(max_length=48), default=list)
    person = PersonSerializer(required=False, help_text="One person concerned; others later.")
    urgent = serializers.BooleanField(default=False)
    urgency_reason = serializers.CharField(default="", allow_blank=True)
    answer_wanted_by = serializers.DateField(required=False, allow_null=True)
    sealed = serializers.BooleanField(default=False)
    language = serializers.ChoiceField(settings.LETTER_LANGUAGES, required=False)
    instrument = serializers.CharField(
        max_length=24, required=False, help_text="Another applicable legal basis than proposed."
    )
    scan = serializers.FileField(required=False, help_text="As multipart.")


class DraftChangesSerializer(serializers.Serializer):
    """Any of these; what is left out stays. Read by ``mla/draft_fields.py``."""

    title = serializers.CharField(max_length=300, allow_blank=True)
    foreign_reference = serializers.CharField(max_length=120, allow_blank=True)
    urgent = serializers.BooleanField()
    language = serializers.ChoiceField(settings.LETTER_LANGUAGES)
    transmission = serializers.ChoiceField(Channel.choices)
    addressee = serializers.IntegerField(allow_null=True, help_text="An authority of that State.")
    answer_wanted_by = serializers.DateField(allow_null=True)
    further_contents = serializers.DictField(child=serializers.CharField(allow_blank=True))
    for _name in LONG_TEXTS:
        vars()[_name] = serializers.CharField(max_length=100_000, allow_blank=True)


class ChosenBasisSerializer(serializers.Serializer):
    instrument = serializers.CharField(max_length=24)


class BasisAnswerSerializer(serializers.Serializer):
    """The resolver's answer for this request today, and the basis chosen."""

    chosen = serializers.CharField(allow_null=True)
    question = serializers.DictField()
    proposed = serializers.CharField(allow_null=True)
    applicable = serializers.ListField(child=serializers.DictField())
    inapplicable = serializers.ListField(child=serializers.DictField())
    error = serializers.DictField(allow_null=True)


class ChecklistItemSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    article = serializers.CharField()
    requirement = serializers.ChoiceField(Requirement.choices)
    required = serializers.BooleanField(help_text="Required in this request as it stands.")
    help = serializers.CharField()
    confidence = serializers.ChoiceField(Confidence.choices)
    state = serializers.ChoiceField(["present", "missing", "optional", "not_needed"])
    fields_to_fill = serializers.ListField(child=serializers.CharField(), source="fields")
    group = serializers.ChoiceField(["contents", "measures", "letter"])


class ChecklistSerializer(serializers.Serializer):
    complete = serializers.BooleanField()
    required = serializers.IntegerField(help_text="How many items are required.")
    present = serializers.SerializerMethodField(help_text="How many of those are there.")
    notes = serializers.ListField(child=serializers.CharField())
    items = ChecklistItemSerializer(many=True)

    def get_present(self, checklist: Checklist) -> int:
        return checklist.progress[0]


class NewMeasureSerializer(serializers.Serializer):
    kind = serializers.CharField(max_length=48)
    description = serializers.CharField(required=False, allow_blank=True)
    particulars = serializers.DictField(
        child=serializers.CharField(allow_blank=True), required=False
    )


class NewOffenceSerializer(OffenceSerializer):
    class Meta(OffenceSerializer.Meta):
        fields = [f for f in OffenceSerializer.Meta.fields if f not in {"id", "position"}]


class NewPersonSerializer(PersonSerializer):
    class Meta(PersonSerializer.Meta):
        fields = [f for f in PersonSerializer.Meta.fields if f not in {"id", "position"}]


class NewAnnexSerializer(serializers.Serializer):
    file = serializers.FileField()
    title = serializers.CharField(max_length=240, required=False)


class AlikeSerializer(serializers.Serializer):
    """A request that looks like another, and why."""

    reference = serializers.CharField(source="dossier.reference")
    title = serializers.CharField(source="dossier.title")
    status = serializers.ChoiceField(STATUSES, source="dossier.status")
    why = serializers.CharField()


class ReassignSerializer(serializers.Serializer):
    references = serializers.ListField(child=serializers.CharField(max_length=60))
    to = serializers.IntegerField(min_value=1, max_value=2**62, help_text="Number of a person.")


class ReassignedSerializer(serializers.Serializer):
    changed = serializers.ListField(child=serializers.CharField())


class MoveSerializer(serializers.Serializer):
    """A move from the present status, and the reasons why it cannot be made yet."""

    move = serializers.CharField(source="move.name")
    label = serializers.CharField(source="move.label")
    leads_to = serializers.ChoiceField(
        STATUSES, source="move.target", allow_null=True, help_text="Nothing: the status stays."
    )
    needs = serializers.ListField(child=serializers.CharField(), source="move.needs")
    takes = serializers.ListField(child=serializers.CharField(), source="move.takes")
    possible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class OriginalSerializer(serializers.Serializer):
    """The original of a request that went ahead of it."""

    channel = serializers.ChoiceField(Channel.choices)
    sent_at = serializers.DateTimeField()
    tracking_number = serializers.CharField(
        max_length=120, required=False, allow_blank=True, default=""
    )
    note = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")


def _move_field(field: MoveField) -> serializers.Field:
    """How the API takes a field of ``mla/move_fields.py``."""
    what = {"required": False, "help_text": str(field.help or field.label)}
    if field.kind == "moment":
        return serializers.DateTimeField(**what)
    if field.kind == "day":
        return serializers.DateField(**what)
    if field.kind == "choice":
        return serializers.ChoiceField(list(field.choices), **what)
    if field.kind == "file":
        return serializers.FileField(**what)
    return serializers.CharField(max_length=field.longest, allow_blank=True, **what)


class MakeMoveSerializer(serializers.Serializer):
    """The move and what it needs (see ``needs`` and ``takes`` of the moves offered)."""

    move = serializers.ChoiceField(sorted(ALL_MOVES))
    for _field in FIELDS.values():
        vars()[_field.name] = _move_field(_field)
    del _field

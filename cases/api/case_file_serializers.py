"""What the API shows and takes of case files. A protected person stands under the alias alone."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cases import case_files
from cases.case_board import Line
from cases.models import (
    CaseFile,
    CaseRole,
    EvidenceReceived,
    JointTeam,
    LimitationPeriod,
    LinkedMatter,
    LinkedObject,
    Offence,
    Person,
    RelatedFile,
)
from registry.models import Dossier, TimelineEntry
from registry.timeline_words import sentence


class CaseFileRowSerializer(serializers.ModelSerializer):
    """A line of the list."""

    stage = serializers.ChoiceField(CaseFile.Stage.choices, source="status")
    responsible = serializers.CharField(source="responsible.name")

    class Meta:
        model = Dossier
        fields = [
            "reference",
            "title",
            "stage",
            "is_open",
            "confidentiality",
            "responsible",
            "updated_at",
            "version",
        ]


class CaseFilePageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CaseFileRowSerializer(many=True)


class CasePersonSerializer(serializers.ModelSerializer):
    """A person of the case; of a protected one only role and alias are told."""

    nationalities = serializers.ListField(child=serializers.CharField(), required=False)

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
        ]
        read_only_fields = ["protected"]


class CaseOffenceSerializer(serializers.ModelSerializer):
    family = serializers.CharField(source="family_id")

    class Meta:
        model = Offence
        fields = [
            "id",
            "family",
            "provision",
            "penalty",
            "acts_from",
            "acts_until",
            "time_of_acts",
            "place_of_acts",
        ]


class CaseTeamSerializer(serializers.ModelSerializer):
    person = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.name", read_only=True)

    class Meta:
        model = CaseRole
        fields = ["id", "person", "name", "role"]


class CaseLinkSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="dossier.reference")

    class Meta:
        model = LinkedMatter
        fields = ["id", "reference", "linked_at"]
        read_only_fields = ["linked_at"]


class CaseRelatedFileSerializer(serializers.ModelSerializer):
    country = serializers.CharField(source="country_id")
    state = serializers.ChoiceField(RelatedFile.State.choices)

    class Meta:
        model = RelatedFile
        fields = [
            "id",
            "country",
            "office",
            "number",
            "same_acts",
            "state",
            "note",
            "consulted_on",
            "transfer",
            "must_be_consulted",
            "bars_a_second_trial",
        ]
        read_only_fields = [
            "consulted_on",
            "transfer",
            "must_be_consulted",
            "bars_a_second_trial",
        ]

    must_be_consulted = serializers.BooleanField(read_only=True)
    bars_a_second_trial = serializers.BooleanField(read_only=True)


class CaseJointTeamSerializer(serializers.ModelSerializer):
    countries = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = JointTeam
        fields = ["id", "name", "countries", "agreed_on", "ends_on"]


class CaseEvidenceSerializer(serializers.ModelSerializer):
    country = serializers.CharField(source="country_id")

    class Meta:
        model = EvidenceReceived
        fields = ["id", "description", "country", "received_on", "use_limits"]


class CaseObjectSerializer(serializers.ModelSerializer):
    country = serializers.CharField(source="country_id", allow_null=True, required=False)
    holder = serializers.IntegerField(source="holder_id", allow_null=True, required=False)

    class Meta:
        model = LinkedObject
        fields = [
            "id",
            "kind",
            "identifier_kind",
            "identifier",
            "country",
            "holder",
            "description",
        ]


class CaseLimitationSerializer(serializers.ModelSerializer):
    offence = serializers.IntegerField(source="offence_id")
    country = serializers.CharField(source="country_id")
    interruption = serializers.ChoiceField(
        LimitationPeriod.Interruption.choices, required=False, allow_blank=True
    )

    class Meta:
        model = LimitationPeriod
        fields = [
            "id",
            "offence",
            "country",
            "source",
            "none_runs",
            "years",
            "months",
            "runs_from",
            "interruption",
            "interrupted_on",
            "suspended_days",
            "note",
        ]


SHOWN_AS: dict[str, type[serializers.ModelSerializer]] = {
    "persons": CasePersonSerializer,
    "offences": CaseOffenceSerializer,
    "team": CaseTeamSerializer,
    "linked": CaseLinkSerializer,
    "related": CaseRelatedFileSerializer,
    "joint-teams": CaseJointTeamSerializer,
    "evidence": CaseEvidenceSerializer,
    "objects": CaseObjectSerializer,
    "limitation": CaseLimitationSerializer,
}


class LinkedToCaseSerializer(serializers.ModelSerializer):
    """A request or extradition of the case, as far as the caller may see it."""

    class Meta:
        model = Dossier
        fields = ["reference", "kind", "title", "direction", "status", "is_open"]


class CaseFileSerializer(serializers.ModelSerializer):
    """A whole case file."""

    reference = serializers.CharField(source="dossier.reference")
    title = serializers.CharField(source="dossier.title")
    stage = serializers.ChoiceField(CaseFile.Stage.choices, source="dossier.status")
    is_open = serializers.BooleanField(source="dossier.is_open")
    confidentiality = serializers.CharField(source="dossier.confidentiality")
    responsible = serializers.CharField(source="dossier.responsible.name")
    version = serializers.IntegerField(source="dossier.version")
    persons = CasePersonSerializer(source="dossier.persons", many=True)
    offences = CaseOffenceSerializer(source="dossier.offences", many=True)
    related_files = CaseRelatedFileSerializer(many=True)
    joint_teams = CaseJointTeamSerializer(many=True)
    evidence = CaseEvidenceSerializer(many=True)
    objects_linked = CaseObjectSerializer(source="dossier.linked_objects", many=True)
    matters = serializers.SerializerMethodField()

    class Meta:
        model = CaseFile
        fields = [
            "reference",
            "title",
            "number",
            "court",
            "stage",
            "is_open",
            "confidentiality",
            "responsible",
            "version",
            "summary",
            "victims_count",
            "protection_needs",
            "persons",
            "offences",
            "related_files",
            "joint_teams",
            "evidence",
            "objects_linked",
            "matters",
        ]

    def get_matters(self, case: CaseFile) -> list[dict[str, Any]]:
        seen = case_files.linked_matters(case, self.context["user"])
        return list(LinkedToCaseSerializer(seen, many=True).data)


class OpenCaseFileSerializer(serializers.Serializer):
    owner = serializers.IntegerField(required=False, help_text="Number of the authority.")
    title = serializers.CharField()
    number = serializers.CharField(required=False, allow_blank=True)
    court = serializers.CharField(required=False, allow_blank=True)
    stage = serializers.ChoiceField(CaseFile.Stage.choices, required=False)
    summary = serializers.CharField(required=False, allow_blank=True)
    victims_count = serializers.IntegerField(required=False, allow_null=True)
    protection_needs = serializers.CharField(required=False, allow_blank=True)
    sealed = serializers.BooleanField(required=False)


class ChangeCaseFileSerializer(serializers.Serializer):
    """Fields of the case file; those not given stay."""

    title = serializers.CharField(required=False)
    number = serializers.CharField(required=False, allow_blank=True)
    court = serializers.CharField(required=False, allow_blank=True)
    stage = serializers.ChoiceField(CaseFile.Stage.choices, required=False)
    summary = serializers.CharField(required=False, allow_blank=True)
    victims_count = serializers.IntegerField(required=False, allow_null=True)
    protection_needs = serializers.CharField(required=False, allow_blank=True)


class FollowRelatedFileSerializer(serializers.Serializer):
    consulted_on = serializers.DateField(required=False, allow_null=True)
    transfer = serializers.ChoiceField(
        RelatedFile.Transfer.choices, required=False, allow_blank=True
    )
    state = serializers.ChoiceField(RelatedFile.State.choices, required=False)


class BoardClockSerializer(serializers.Serializer):
    label = serializers.CharField(source="shown_label")
    due_at = serializers.DateTimeField()
    bound_party = serializers.CharField()


class BoardLineSerializer(serializers.Serializer):
    """An open matter of the case, and whose move it is."""

    reference = serializers.CharField(source="dossier.reference")
    kind = serializers.CharField(source="dossier.kind")
    status = serializers.CharField(source="dossier.status")
    waits_on_us = serializers.BooleanField()
    waits_on_them = serializers.BooleanField()
    overdue = serializers.BooleanField()
    clocks = BoardClockSerializer(many=True)


def board_of(lines: list[Line]) -> Any:
    return BoardLineSerializer(lines, many=True).data


class CaseTimelineEntrySerializer(serializers.ModelSerializer):
    """What happened in the case file or in a linked matter that the caller may see."""

    reference = serializers.CharField(source="dossier.reference")
    actor = serializers.CharField(source="actor.name", default=None, allow_null=True)
    words = serializers.SerializerMethodField()

    class Meta:
        model = TimelineEntry
        fields = ["at", "reference", "event", "words", "actor"]

    def get_words(self, entry: TimelineEntry) -> str:
        return sentence(entry)

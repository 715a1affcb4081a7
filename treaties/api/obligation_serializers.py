"""What the API shows and takes of obligations and their assessments."""

from __future__ import annotations

from rest_framework import serializers

from registry.api.serializers import DocumentSerializer
from registry.models import Dossier
from treaties.assessments import MOVES
from treaties.compliance import STATUSES
from treaties.models import Assessment, Evidence, NationalMeasure, Obligation

PERSON = {"default": None, "allow_null": True}


class ObligationSerializer(serializers.ModelSerializer):
    """One thing that an instrument requires, or a political commitment (``binding`` false)."""

    instrument = serializers.CharField(source="instrument_id", allow_null=True)
    binding = serializers.BooleanField(help_text="False for a political commitment.")

    class Meta:
        model = Obligation
        fields = [
            "code",
            "instrument",
            "binding",
            "theme",
            "document",
            "reference",
            "article",
            "text",
            "category",
            "kind",
            "due_from",
            "due_months",
            "every_months",
            "typical_evidence",
            "source",
            "as_of",
            "confidence",
        ]


class NationalMeasureSerializer(serializers.ModelSerializer):
    date = serializers.DateField(required=False, allow_null=True)

    class Meta:
        model = NationalMeasure
        fields = ["title", "article", "date", "note"]
        extra_kwargs = {
            "title": {"max_length": 300},
            "article": {"required": False},
            "note": {"required": False, "max_length": 5000},
        }


class EvidenceSerializer(serializers.ModelSerializer):
    document = DocumentSerializer()

    class Meta:
        model = Evidence
        fields = ["id", "document", "note", "public"]


class AssessmentSerializer(serializers.ModelSerializer):
    responsible_authority = serializers.IntegerField(
        source="responsible_authority_id", allow_null=True
    )
    drafted_by = serializers.CharField(source="drafted_by.name")
    submitted_by = serializers.CharField(source="submitted_by.name", **PERSON)
    reviewed_by = serializers.CharField(source="reviewed_by.name", **PERSON)
    national_measures = NationalMeasureSerializer(many=True)
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Assessment
        fields = [
            "number",
            "stage",
            "status",
            "as_on",
            "explanation",
            "internal_note",
            "responsible_authority",
            "responsible_text",
            "next_step",
            "next_step_due",
            "national_measures",
            "evidence",
            "drafted_by",
            "submitted_by",
            "submitted_at",
            "reviewed_by",
            "published_at",
            "superseded_at",
            "return_reason",
        ]


class AssessmentChangesSerializer(serializers.Serializer):
    """What may be changed in a draft; what is left out stays."""

    status = serializers.ChoiceField(Assessment.Status.choices, required=False, allow_blank=True)
    as_on = serializers.DateField(required=False)
    explanation = serializers.CharField(required=False, allow_blank=True)
    internal_note = serializers.CharField(required=False, allow_blank=True)
    responsible_authority = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31
    )
    responsible_text = serializers.CharField(required=False, allow_blank=True)
    next_step = serializers.CharField(required=False, allow_blank=True)
    next_step_due = serializers.DateField(required=False, allow_null=True)
    national_measures = NationalMeasureSerializer(many=True, required=False)


class ObligationMoveSerializer(serializers.Serializer):
    move = serializers.ChoiceField(list(MOVES))
    label = serializers.CharField()
    possible = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class MakeObligationMoveSerializer(serializers.Serializer):
    move = serializers.ChoiceField(list(MOVES))
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=10_000, help_text="For returning a draft."
    )


class ObligationFileSerializer(serializers.Serializer):
    """The file of one obligation, with every assessment made of it."""

    reference = serializers.CharField(source="dossier.reference")
    authority = serializers.IntegerField(source="owner_id")
    state = serializers.CharField(source="state_id")
    obligation = ObligationSerializer()
    period = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    status = serializers.CharField(source="dossier.status")
    confidentiality = serializers.ChoiceField(
        Dossier.Confidentiality.choices, source="dossier.confidentiality"
    )
    version = serializers.IntegerField(source="dossier.version")
    assessments = AssessmentSerializer(many=True, source="shown_assessments")


class OpenFileSerializer(serializers.Serializer):
    obligation = serializers.CharField(max_length=40, help_text="Code, for example UNTOC-06.")
    period = serializers.IntegerField(min_value=1, max_value=32_000, default=1)
    authority = serializers.IntegerField(
        required=False, min_value=1, help_text="Your office; needed where you work in several."
    )


class DueSerializer(serializers.Serializer):
    due_on = serializers.DateField(allow_null=True)


class NewEvidenceSerializer(serializers.Serializer):
    """Described only: the view reads the form."""

    file = serializers.FileField()
    title = serializers.CharField(required=False)
    note = serializers.CharField(required=False, max_length=300)
    public = serializers.BooleanField(required=False)


class RecommendationSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=20, help_text="Paragraph, for example 135.24.")
    cycle = serializers.IntegerField(min_value=1, max_value=99)
    text = serializers.CharField(max_length=4000)
    recommended_by = serializers.CharField(required=False, allow_blank=True, max_length=200)
    source = serializers.CharField(max_length=400)
    as_of = serializers.DateField(required=False, allow_null=True)
    authority = serializers.IntegerField(required=False, min_value=1)


class OwedSerializer(serializers.Serializer):
    """A line of what the State owes: the obligation, when it is due and how it stands."""

    obligation = ObligationSerializer()
    period = serializers.IntegerField(source="owed.period")
    preparing = serializers.BooleanField(
        source="owed.preparing", help_text="The State is not bound yet."
    )
    bound_since = serializers.DateField(source="owed.since", allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    overdue = serializers.BooleanField()
    status = serializers.ChoiceField(list(STATUSES))
    in_hand = serializers.CharField(source="in_hand.stage", **PERSON)
    reference = serializers.CharField(
        source="file.dossier.reference", help_text="Of the file, if opened.", **PERSON
    )
    published_at = serializers.DateTimeField(source="assessment.published_at", **PERSON)
    verified = serializers.BooleanField(source="owed.verified")


class TallySerializer(serializers.Serializer):
    counts = serializers.DictField(child=serializers.IntegerField())
    overdue = serializers.IntegerField()
    total = serializers.IntegerField()
    assessed = serializers.IntegerField()


class ObligationsSerializer(serializers.Serializer):
    authority = serializers.IntegerField(allow_null=True)
    state = serializers.CharField(allow_null=True)
    on = serializers.DateField()
    law = TallySerializer(help_text="Obligations of law.")
    commitments = TallySerializer(help_text="Political commitments, which bind nobody in law.")
    obligations = OwedSerializer(many=True)

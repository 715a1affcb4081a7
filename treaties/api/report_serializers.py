"""What the API shows and takes of reports."""

from __future__ import annotations

from django.conf import settings
from rest_framework import serializers

from treaties.models import ComplianceReport, Edition, ReportSchedule


class PeriodSerializer(serializers.Serializer):
    """Days, both included."""

    since = serializers.DateField()
    until = serializers.DateField()


class ChoicesSerializer(serializers.Serializer):
    """What an order and a schedule share."""

    authority = serializers.IntegerField(required=False, min_value=1)
    edition = serializers.ChoiceField(Edition.choices, default=Edition.INTERNAL)
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")
    scope = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=100,
        help_text="Codes of instruments and themes; empty for all.",
    )


class OrderReportSerializer(ChoicesSerializer):
    since = serializers.DateField()
    until = serializers.DateField()
    compared = PeriodSerializer(required=False, allow_null=True)


class NewScheduleSerializer(ChoicesSerializer):
    every = serializers.ChoiceField(ReportSchedule.Every.choices)


class ReportSerializer(serializers.ModelSerializer):
    authority = serializers.IntegerField(source="owner_id")
    state = serializers.CharField(source="state_id")
    ordered_by = serializers.CharField(source="ordered_by.name")
    published_by = serializers.CharField(source="published_by.name", default=None, allow_null=True)
    scope = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ComplianceReport
        fields = [
            "reference",
            "authority",
            "state",
            "edition",
            "language",
            "scope",
            "since",
            "until",
            "compared_since",
            "compared_until",
            "stage",
            "steps_done",
            "steps_total",
            "ordered_by",
            "ordered_at",
            "made_at",
            "digest",
            "published_by",
            "published_at",
            "withdrawn_at",
            "withdrawal_reason",
        ]


class ScheduleSerializer(serializers.ModelSerializer):
    authority = serializers.IntegerField(source="owner_id")
    scope = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ReportSchedule
        fields = ["id", "authority", "every", "edition", "language", "scope", "next_on"]


class WithdrawSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class PublishedReportSerializer(serializers.ModelSerializer):
    """What anybody is told of a published report: not who ordered or published it."""

    authority = serializers.CharField(source="owner.name")
    state = serializers.CharField(source="state_id")

    class Meta:
        model = ComplianceReport
        fields = [
            "reference",
            "authority",
            "state",
            "language",
            "since",
            "until",
            "published_at",
            "digest",
        ]

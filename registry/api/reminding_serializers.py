"""How reminders, absences, supervision and webhooks are written in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry import webhooks
from registry.models import (
    Absence,
    Audience,
    Notice,
    ReminderPreferences,
    ReminderStep,
    User,
    WebhookEndpoint,
)
from registry.reminder_preferences import StepWanted

LARGEST_KEY = 2**63 - 1
AUDIENCES = {
    "responsible": Audience.RESPONSIBLE,
    "supervisor": Audience.SUPERVISOR,
    "both": Audience.BOTH,
}
AUDIENCE_NAMES = {value.value: name for name, value in AUDIENCES.items()}


class NoticeSerializer(serializers.Serializer):
    """What a program is told of a reminder; of a sealed matter no more than by mail or webhook."""

    id = serializers.IntegerField()
    told_at = serializers.DateTimeField()
    open = serializers.BooleanField(
        help_text="Not acknowledged, not overtaken by a later reminder, not settled."
    )
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    kind = serializers.CharField(help_text="reminder or still_paused.")
    capacity = serializers.ChoiceField(Notice.Capacity.values)
    due_at = serializers.DateTimeField()
    critical = serializers.BooleanField()
    confidential = serializers.BooleanField()
    label = serializers.CharField()
    deadline = serializers.IntegerField(required=False, help_text="Absent of a sealed matter.")
    reference = serializers.CharField(required=False, help_text="Absent of a sealed matter.")

    def to_representation(self, notice: Notice) -> dict[str, Any]:
        told = webhooks.told(notice)
        known = {name: told[name] for name in self.fields if name in told}
        acknowledged = notice.reminder.acknowledged_at
        return {
            "id": notice.pk,
            "told_at": notice.created_at,
            "open": notice.closed_at is None and acknowledged is None,
            "acknowledged_at": acknowledged,
        } | known


class NoticePageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = NoticeSerializer(many=True)


class PreferencesSerializer(serializers.ModelSerializer):
    extra_days = serializers.ListField(
        child=serializers.IntegerField(), help_text="Further days before the end, 1 to 365."
    )

    class Meta:
        model = ReminderPreferences
        fields = [
            "in_application",
            "mail",
            "webhook",
            "digest",
            "digest_hour",
            "quiet_from",
            "quiet_until",
            "extra_days",
        ]


class ChangedPreferencesSerializer(serializers.Serializer):
    """What is to change; what is absent stays."""

    in_application = serializers.BooleanField(required=False)
    mail = serializers.BooleanField(required=False)
    webhook = serializers.BooleanField(required=False)
    digest = serializers.BooleanField(required=False)
    digest_hour = serializers.IntegerField(required=False)
    quiet_from = serializers.TimeField(required=False, allow_null=True)
    quiet_until = serializers.TimeField(required=False, allow_null=True)
    extra_days = serializers.ListField(child=serializers.IntegerField(), required=False)


class ColleagueSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name"]


class AbsenceSerializer(serializers.ModelSerializer):
    deputy = ColleagueSerializer(allow_null=True)

    class Meta:
        model = Absence
        fields = ["id", "first_day", "last_day", "deputy"]


class NewAbsenceSerializer(serializers.Serializer):
    first_day = serializers.DateField()
    last_day = serializers.DateField(help_text="Included.")
    deputy = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=LARGEST_KEY,
        help_text="A colleague of my authority; absent or null: my supervisors are told.",
    )


class SupervisionSerializer(serializers.Serializer):
    officer = ColleagueSerializer()
    supervisors = serializers.ListField(
        child=serializers.IntegerField(), help_text="Empty: the approving officers."
    )


class SupervisionWantedSerializer(serializers.Serializer):
    officer = serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    supervisors = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)
    )


class StepSerializer(serializers.Serializer):
    """One step; hours are counted from the morning of the last day, or from the due instant."""

    offset_hours = serializers.IntegerField(help_text="Negative: before.")
    repeat_hours = serializers.IntegerField(default=0, help_text="0: once.")
    audience = serializers.ChoiceField(list(AUDIENCES), default="responsible")
    escalate_after_hours = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Absent or null: never."
    )
    escalate_critical_after_hours = serializers.IntegerField(
        required=False, allow_null=True, default=None
    )

    def to_representation(self, step: ReminderStep) -> dict[str, Any]:
        return {
            "offset_hours": step.offset_hours,
            "repeat_hours": step.repeat_hours,
            "audience": AUDIENCE_NAMES[step.audience],
            "escalate_after_hours": step.escalate_after_hours,
            "escalate_critical_after_hours": step.escalate_critical_after_hours,
        }


class ReminderScheduleSerializer(serializers.Serializer):
    own = serializers.BooleanField(help_text="False: the office reminds by everybody's steps.")
    steps = StepSerializer(many=True)


class ScheduleWantedSerializer(serializers.Serializer):
    steps = StepSerializer(many=True, help_text="Empty: everybody's steps apply again.")


def step_wanted(asked: dict[str, Any]) -> StepWanted:
    """A step as the domain takes it."""
    return StepWanted(
        asked["offset_hours"],
        asked["repeat_hours"],
        AUDIENCES[asked["audience"]],
        asked["escalate_after_hours"],
        asked["escalate_critical_after_hours"],
    )


class RiskLimitsSerializer(serializers.Serializer):
    """Numbers of days; see the fields of the model for what each means."""

    critical_days = serializers.IntegerField()
    not_acknowledged_days = serializers.IntegerField()
    paused_days = serializers.IntegerField()
    nobody_days = serializers.IntegerField()
    changed_at = serializers.DateTimeField(read_only=True, allow_null=True)


class WebhookSerializer(serializers.ModelSerializer):
    address = serializers.CharField()
    authority = serializers.IntegerField(
        source="authority_id", allow_null=True, help_text="Null: my own."
    )

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id",
            "address",
            "authority",
            "created_at",
            "last_success_at",
            "failures",
            "last_error",
            "disabled_at",
        ]


class NewWebhookSerializer(serializers.Serializer):
    address = serializers.CharField(max_length=500)
    authority = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=LARGEST_KEY,
        help_text="Absent or null: my own webhook.",
    )


class WebhookWithSecretSerializer(WebhookSerializer):
    secret = serializers.CharField(help_text="Shown now and never again.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class WebhookTestSerializer(serializers.Serializer):
    taken = serializers.BooleanField()
    problem = serializers.CharField(allow_blank=True, help_text="Why it was not taken.")

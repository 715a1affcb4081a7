"""What the API shows and takes of offices, people, tokens, deadlines and timelines."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.deadline_list import deadlines_of
from registry.models import (
    Authority,
    Confidence,
    Deadline,
    Document,
    Dossier,
    PersonalAccessToken,
    Role,
)


class AuthoritySerializer(serializers.ModelSerializer):
    state = serializers.CharField(source="state_id")
    works_here = serializers.SerializerMethodField(
        help_text="Whether it works in this installation and numbers its own dossiers."
    )

    class Meta:
        model = Authority
        fields = [
            "id",
            "state",
            "kind",
            "name",
            "names",
            "postal_address",
            "city",
            "email",
            "telephone",
            "languages",
            "time_zone",
            "works_here",
            "source",
            "as_of",
            "confidence",
        ]

    def get_works_here(self, authority: Authority) -> bool:
        return bool(authority.reference_prefix)


class MembershipSerializer(serializers.Serializer):
    authority = serializers.IntegerField(source="authority_id")
    authority_name = serializers.CharField(source="authority.name")
    state = serializers.CharField(source="authority.state_id")
    role = serializers.ChoiceField(Role.choices)


class MeSerializer(serializers.Serializer):
    email = serializers.EmailField()
    name = serializers.CharField()
    job_title = serializers.CharField()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    memberships = MembershipSerializer(many=True)


class TokenSerializer(serializers.ModelSerializer):
    class Meta:
        model = PersonalAccessToken
        fields = ["id", "name", "prefix", "created_at", "expires_at", "last_used_at"]


class NewTokenSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    days = serializers.IntegerField(
        min_value=1, max_value=366, default=90, help_text="Calendar days until it expires."
    )


class TokenWithKeySerializer(TokenSerializer):
    key = serializers.CharField(help_text="Shown now and never again.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "key"]


class DeadlineSerializer(serializers.Serializer):
    """A clock of a dossier; ``sentence`` tells how the day was reached."""

    id = serializers.IntegerField()
    label = serializers.CharField()
    rule_code = serializers.CharField(help_text="Empty for one set by hand.")
    instrument = serializers.CharField()
    article = serializers.CharField()
    rule_confidence = serializers.ChoiceField(Confidence.choices, allow_blank=True)
    consequence = serializers.CharField()
    bound_party = serializers.ChoiceField(Deadline.BoundParty.choices)
    started_from = serializers.CharField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    zone = serializers.CharField()
    state = serializers.ChoiceField(Deadline.State.choices)
    suspended_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when the clock has been paused, while it is."
    )
    settled_at = serializers.DateTimeField(allow_null=True)
    critical = serializers.BooleanField()
    overdue = serializers.BooleanField()
    derivation = serializers.DictField()


class DeadlineInListSerializer(DeadlineSerializer):
    reference = serializers.CharField(source="dossier__reference")
    title = serializers.CharField(source="dossier__title")
    counterpart = serializers.CharField(source="dossier__counterpart_id", allow_null=True)


class DeadlinePageSerializer(serializers.Serializer):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DeadlineInListSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer):
    sequence = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor.name", default=None, allow_null=True)
    event = serializers.CharField()
    data = serializers.DictField()
    digest = serializers.CharField(help_text="SHA-256 of this entry and the digest before it.")


class DocumentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Document
        fields = [
            "id",
            "kind",
            "title",
            "file_name",
            "media_type",
            "size",
            "sha256",
            "position",
            "added_at",
        ]


class VerificationSerializer(serializers.Serializer):
    genuine = serializers.BooleanField()
    code = serializers.CharField()


def deadline_row(deadline: Deadline, *, now: Any) -> dict[str, Any]:
    """A deadline as the rows of the list have it."""
    names = (name for name in DeadlineSerializer().fields if name != "overdue")
    return {name: getattr(deadline, name) for name in names} | {"overdue": deadline.is_overdue(now)}


def timeline_of(dossier: Dossier) -> Any:
    """What happened with a dossier, oldest first."""
    entries = dossier.timeline.select_related("actor").order_by("sequence")
    return TimelineEntrySerializer(entries, many=True).data


def clocks_of(dossier: Dossier, *, now: Any) -> Any:
    """The clocks of a dossier."""
    clocks = [deadline_row(deadline, now=now) for deadline in deadlines_of(dossier)]
    return DeadlineSerializer(clocks, many=True).data

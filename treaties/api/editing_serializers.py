"""What the API shows and takes of the register's editing."""

from __future__ import annotations

from rest_framework import serializers

from treaties.models import Proposal, RegisterChange


class RegisterChangeSerializer(serializers.ModelSerializer):
    actor = serializers.CharField(
        source="actor.name", default=None, allow_null=True, help_text="None: the register's files."
    )
    before = serializers.DictField()
    after = serializers.DictField()
    undone = serializers.SerializerMethodField()

    class Meta:
        model = RegisterChange
        fields = [
            "id",
            "kind",
            "key",
            "title",
            "instrument",
            "state",
            "act",
            "origin",
            "before",
            "after",
            "reason",
            "actor",
            "at",
            "undone",
        ]

    def get_undone(self, change: RegisterChange) -> bool:
        return hasattr(change, "undone_by")


class FactSerializer(serializers.Serializer):
    """A fact of the register with all its fields, and the number of its last change."""

    kind = serializers.CharField()
    key = serializers.CharField()
    title = serializers.CharField()
    seen = serializers.IntegerField(help_text="Send it back with a change.")
    values = serializers.DictField()


class AddFactSerializer(serializers.Serializer):
    values = serializers.DictField(help_text="The fields of the fact, source included.")
    reason = serializers.CharField(max_length=2000)
    verified = serializers.BooleanField(default=False)


class ChangeFactSerializer(AddFactSerializer):
    seen = serializers.IntegerField(
        min_value=0, help_text="The last change that you saw; 0 where there was none."
    )


class RemoveFactSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)
    seen = serializers.IntegerField(min_value=0)


class VerifyFactSerializer(serializers.Serializer):
    source = serializers.CharField(max_length=1000, help_text="What it was compared with.")
    seen = serializers.IntegerField(min_value=0)


class ProposeSerializer(serializers.Serializer):
    kind = serializers.CharField(max_length=24)
    key = serializers.CharField(max_length=60)
    values = serializers.DictField()
    reason = serializers.CharField(max_length=2000)


class ProposalSerializer(serializers.ModelSerializer):
    proposed_by = serializers.CharField(source="proposed_by.name")
    decided_by = serializers.CharField(source="decided_by.name", default=None, allow_null=True)
    values = serializers.DictField()

    class Meta:
        model = Proposal
        fields = [
            "id",
            "kind",
            "key",
            "title",
            "values",
            "reason",
            "stage",
            "proposed_by",
            "proposed_at",
            "decided_by",
            "decided_at",
            "answer",
        ]


class DecideSerializer(serializers.Serializer):
    accept = serializers.BooleanField()
    answer = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    verified = serializers.BooleanField(default=False)

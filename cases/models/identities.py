"""What identifies a person: further names, identity documents, and the index that finds names."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonName(models.Model):
    """A further name of a person, in whatever script; the main one is on the person itself."""

    class Kind(models.TextChoices):
        SPELLING = "spelling", _("Other spelling or script")
        ALIAS = "alias", _("Alias")
        BIRTH = "birth", _("Name at birth")
        FORMER = "former", _("Former name")
        NICKNAME = "nickname", _("Nickname")

    person = models.ForeignKey("cases.Person", on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=240)
    script = models.CharField(_("script"), max_length=20, help_text=_("Read from the letters."))
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("A code like ar, ru or sr-Latn.")
    )
    source = models.CharField(
        _("source"), max_length=160, blank=True, help_text=_("Passport, statement, INTERPOL…")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="person_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class IdentityDocument(models.Model):
    """A passport, identity card or the like. ``number_key`` is the number without separators."""

    class Kind(models.TextChoices):
        PASSPORT = "passport", _("Passport")
        IDENTITY_CARD = "identity_card", _("Identity card")
        DRIVING_LICENCE = "driving_licence", _("Driving licence")
        RESIDENCE_PERMIT = "residence_permit", _("Residence permit")
        NATIONAL_NUMBER = "national_number", _("National number")
        OTHER = "other", _("Other")

    person = models.ForeignKey(
        "cases.Person", on_delete=models.CASCADE, related_name="documents_of_identity"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    number = models.CharField(_("number"), max_length=60)
    number_key = models.CharField(max_length=60, db_index=True, editable=False)
    issued_by = models.ForeignKey(
        "registry.State", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "number_key"], name="identity_document_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class PersonNameKey(models.Model):
    """A key under which a person's names are found: the hash of a sound (``cases/names/keys.py``)."""

    person = models.ForeignKey("cases.Person", on_delete=models.CASCADE, related_name="name_keys")
    key = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "person"], name="person_name_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.key}"


class PersonMatch(models.Model):
    """Two persons of two dossiers that may be one.

    ``one`` has the smaller key. Where nobody of one side may see the other, each side's responsible
    officer is told only that there is a match; what they agreed to is kept for each side
    (``cases/deconfliction.py``).
    """

    class Decision(models.TextChoices):
        OPEN = "open", _("To be looked at")
        SAME = "same", _("The same person")
        NOT_SAME = "not_same", _("Not the same person")

    class Answer(models.TextChoices):
        NONE = "none", _("Not answered")
        AGREED = "agreed", _("Agreed to be put in touch")
        DECLINED = "declined", _("Declined")

    one = models.ForeignKey("cases.Person", on_delete=models.CASCADE, related_name="matches_up")
    other = models.ForeignKey("cases.Person", on_delete=models.CASCADE, related_name="matches_down")
    score = models.FloatField(help_text=_("How alike the names are, 0 to 1."))
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=400, blank=True)
    one_answer = models.CharField(max_length=8, choices=Answer, default=Answer.NONE)
    one_answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    one_reason = models.CharField(max_length=400, blank=True)
    other_answer = models.CharField(max_length=8, choices=Answer, default=Answer.NONE)
    other_answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    other_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="person_match_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="person_match_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"match {self.pk}"

"""Letters while they are still being written, and the record that one was sent."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter


class DraftLetter(models.Model):
    """A letter of a dossier that officers can still rework; ordered, it becomes a frozen Letter.

    ``about`` names what in the dossier the letter is about (a deadline, measures), as plain data
    that the kind's gatherer understands; ``gathered`` is what it last found there. Paragraphs are
    rows of their own (``DraftParagraph``), so that two people can work on different ones.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
        ORDERED = "ordered", _("Final")
        DISCARDED = "discarded", _("Discarded")

    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="draft_letters"
    )
    kind = models.CharField(max_length=60, help_text=_("The registered kind of letter."))
    language = models.CharField(_("language"), max_length=10)
    second_language = models.CharField(
        _("second language"), max_length=10, blank=True, help_text=_("Side by side; empty: none.")
    )
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    about = models.JSONField(default=dict, blank=True)
    gathered = models.JSONField(default=dict, blank=True)
    addressee_text = models.TextField(
        _("addressee"), blank=True, help_text=_("Designation and address; empty: as gathered.")
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    last_edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    letter = models.OneToOneField(
        "registry.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="draft"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["dossier", "-id"], name="draft_letter_dossier")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(letter__isnull=False),
                name="draft_letter_ordered_has_letter",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("submitted_by"))),
                name="draft_letter_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(state="ordered"),
                name="draft_letter_sent_was_final",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.dossier_id}"

    @property
    def is_editable(self) -> bool:
        return self.state == self.State.DRAFT


class DraftParagraph(models.Model):
    """One paragraph of a draft letter, in one language.

    Three texts, so that nothing an officer wrote is ever lost: ``standard`` is what the standard
    wording says of the dossier as it is now, ``base`` what it said when the officer began to
    rework it, ``text`` what the officer made of it (None: the standard text as it is). Where
    ``text`` is set and ``standard`` has moved away from ``base``, the page shows the change.
    """

    class Shape(models.TextChoices):
        TEXT = "text", _("Text")
        OWN_WORDS = "own_words", _("In the officer's own words")
        TABLE = "table", _("Table")

    letter = models.ForeignKey(DraftLetter, on_delete=models.CASCADE, related_name="paragraphs")
    language = models.CharField(max_length=10)
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    shape = models.CharField(max_length=12, choices=Shape, default=Shape.TEXT)
    heading = models.CharField(max_length=240, blank=True)
    needed = models.BooleanField(
        default=False, help_text=_("The letter is not final while this is empty.")
    )
    standard = models.TextField(blank=True)
    standard_version = models.CharField(max_length=64, blank=True)
    base = models.TextField(blank=True)
    text = models.TextField(null=True, blank=True)  # noqa: DJ001 (None: not reworked; empty: emptied)
    original_language = models.CharField(
        max_length=10, blank=True, help_text=_("Where it was not written in the letter's language.")
    )
    translation = models.TextField(
        blank=True,
        help_text=_("The certified translation of what was written in another language."),
    )
    left_out = models.BooleanField(default=False)
    orphaned = models.BooleanField(
        default=False,
        help_text=_("The standard letter no longer has it; kept since it was edited."),
    )
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "language", "key"], name="draft_paragraph_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.language} {self.key}"

    @property
    def shown(self) -> str:
        """What the letter says here."""
        return self.standard if self.text is None else self.text

    @property
    def is_reworked(self) -> bool:
        return self.text is not None and self.text != self.standard

    @property
    def source_changed(self) -> bool:
        """Whether the standard text has moved since the officer reworked it."""
        return self.text is not None and self.standard != self.base


class LetterDispatch(models.Model):
    """The record that a letter was sent: how, when, with what proof."""

    class Channel(models.TextChoices):
        CENTRAL_AUTHORITY = "central_authority", _("Between central authorities")
        DIPLOMATIC = "diplomatic", _("Diplomatic channel")
        JUDICIAL = "judicial", _("Directly between judicial authorities")
        INTERPOL = "interpol", _("INTERPOL")
        ELECTRONIC = "electronic", _("Secure electronic channel")
        POST = "post", _("Post or courier")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    sent_at = models.DateTimeField(_("sent"))
    tracking_number = models.CharField(_("tracking number"), max_length=120, blank=True)
    proof = models.ForeignKey(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.channel}"

"""What instruments oblige a State to do, and how far a State says that it has done it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models import SourcedFact


class Obligation(SourcedFact):
    """One thing that an instrument requires of a State, or to which it is committed politically.

    Without an instrument it is a political commitment, which binds nobody in law. When it comes due
    is data too: ``due_from`` names the event, ``due_months`` how many months later, and
    ``every_months`` after how many it returns. ``only_state`` marks a commitment of one State, such
    as a recommendation that it accepted. ``figure`` names what measures an obligation of each case.
    """

    class Category(models.TextChoices):
        CRIMINALISE = "criminalise", _("Criminalise")
        JURISDICTION = "jurisdiction", _("Establish jurisdiction")
        PROSECUTE_OR_EXTRADITE = "prosecute_or_extradite", _("Prosecute or extradite")
        DESIGNATE_AUTHORITY = "designate_authority", _("Designate an authority")
        NOTIFY_DEPOSITARY = "notify_depositary", _("Notify the depositary")
        COOPERATE = "cooperate", _("Cooperate")
        PROCEDURE = "procedure", _("Follow a procedure")
        VICTIMS = "victims", _("Protect victims and witnesses")
        PREVENTION = "prevention", _("Prevent")
        REPORTING = "reporting", _("Report")
        DOMESTIC_INCORPORATION = "domestic_incorporation", _("Incorporate into domestic law")

    class Kind(models.TextChoices):
        ONE_OFF = "one_off", _("Once")
        RECURRING = "recurring", _("Recurring")
        PER_CASE = "per_case", _("In each case")

    class DueFrom(models.TextChoices):
        DEPOSIT = "deposit", _("On deposit")
        BINDING = "binding", _("From entry into force for the State")
        CONTINUOUS = "continuous", _("At all times while bound")
        EACH_CASE = "each_case", _("In each case")
        OWN_DATE = "own_date", _("On a date that the office sets")

    class Theme(models.TextChoices):
        RESPONSIBILITY_TO_PROTECT = "responsibility_to_protect", _("Responsibility to Protect")
        ACCOUNTABILITY_BODIES = (
            "accountability_bodies",
            _("Support to international accountability bodies"),
        )
        UNIVERSAL_PERIODIC_REVIEW = (
            "universal_periodic_review",
            _("Accepted recommendations of the Universal Periodic Review"),
        )

    code = models.CharField(max_length=40, primary_key=True)
    instrument = models.ForeignKey(
        "treaties.Instrument",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="obligations",
    )
    only_state = models.ForeignKey(
        "registry.State", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    theme = models.CharField(_("theme"), max_length=40, choices=Theme, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    article = models.CharField(_("article"), max_length=80, blank=True)
    text = models.TextField(_("obligation"))
    category = models.CharField(_("category"), max_length=30, choices=Category)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    due_from = models.CharField(_("due"), max_length=12, choices=DueFrom)
    due_months = models.PositiveSmallIntegerField(default=0)
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    due_words = models.CharField(max_length=200, blank=True)
    typical_evidence = models.TextField(_("usual evidence"), blank=True)
    figure = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(instrument__isnull=False, theme="")
                | Q(instrument__isnull=True) & ~Q(theme=""),
                name="obligation_of_instrument_or_commitment",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def binding(self) -> bool:
        return self.instrument_id is not None


class ObligationFile(models.Model):
    """An obligation (and, where it returns, one of its periods) under assessment by an authority.

    The dossier holds documents, timeline, deadlines and who may see it. ``due_on`` is the day on
    which it comes due by the instrument, or that the office set; none while the State is not bound.
    """

    dossier = models.OneToOneField(
        "registry.Dossier",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="obligation_file",
    )
    owner = models.ForeignKey("registry.Authority", on_delete=models.PROTECT, related_name="+")
    state = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="files")
    period = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(_("due"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "obligation", "period"], name="obligation_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.dossier.reference}"


class Assessment(models.Model):
    """How far a State meets an obligation: drafted by one officer, reviewed by another.

    Its life is ``treaties/assessments.py``. A published one never changes; a later one supersedes
    it. ``as_on`` is the day on which matters stand as described.
    """

    class Status(models.TextChoices):
        NOT_MET = "not_met", _("Not met")
        PARTLY_MET = "partly_met", _("Partly met")
        MET = "met", _("Met")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    file = models.ForeignKey(ObligationFile, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.DRAFT)
    status = models.CharField(_("assessment"), max_length=16, choices=Status, blank=True)
    as_on = models.DateField(_("as on"))
    explanation = models.TextField(_("explanation"), blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    responsible_authority = models.ForeignKey(
        "registry.Authority", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    responsible_text = models.CharField(_("responsible authority"), max_length=240, blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    next_step_due = models.DateField(_("next step by"), null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["file_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="assessment_number_once"),
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(stage__in=["draft", "in_review"]),
                name="assessment_one_in_hand",
            ),
            models.UniqueConstraint(
                fields=["file"], condition=Q(stage="published"), name="assessment_one_published"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "in_review"], published_at__isnull=True)
                | Q(
                    stage__in=["published", "superseded"],
                    published_at__isnull=False,
                    reviewed_by__isnull=False,
                )
                & ~Q(status=""),
                name="assessment_published_was_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | (~Q(reviewed_by=F("drafted_by")) & ~Q(reviewed_by=F("submitted_by"))),
                name="assessment_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"


class NationalMeasure(models.Model):
    """A law, decree, judgment or practice by which the State meets the obligation."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="national_measures"
    )
    title = models.CharField(_("law or measure"), max_length=300)
    article = models.CharField(_("article"), max_length=120, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """A document of the dossier offered as evidence; ``public`` if the public edition may list it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey("registry.Document", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    public = models.BooleanField(_("may be named in the public edition"), default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "document"], name="evidence_once"),
        ]

    def __str__(self) -> str:
        return str(self.document)

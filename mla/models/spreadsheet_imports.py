"""An office's spreadsheet taken in, its rows, and what was remembered of its columns."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SpreadsheetImport(models.Model):
    """A spreadsheet of an office: read, checked, applied in batches, perhaps undone.

    Only the person who took it in sees it, since its rows may tell of sealed matters. ``digest`` is
    the SHA-256 of the file, under which it is kept. ``mapping`` says which field each column holds
    (by its place, as text); ``choices`` what the officer said of values that are not understood.
    ``read_to`` is how far the present stage has come: a sweep that dies goes on from there.
    """

    class Kind(models.TextChoices):
        REQUESTS = "requests", _("Requests")
        PERSONS = "persons", _("Persons")
        DEADLINES = "deadlines", _("Deadlines")

    class Stage(models.TextChoices):
        MAPPING = "mapping", _("Columns to be named")
        READING = "reading", _("Being read")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked; nothing is written yet")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    owner = models.ForeignKey("registry.Authority", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what the rows are"), max_length=12, choices=Kind)
    file_name = models.CharField(max_length=240)
    digest = models.CharField(max_length=64)
    sheet = models.CharField(max_length=120, blank=True)
    headings = models.JSONField(default=list)
    first_row = models.PositiveIntegerField(help_text=_("Number of the first row below the heads."))
    sample = models.JSONField(default=list)
    signature = models.CharField(max_length=64, help_text=_("SHA-256 of the headings."))
    mapping = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    orders = models.JSONField(default=dict, help_text=_("How each column writes its days."))
    findings = models.JSONField(default=dict, help_text=_("Values that were not understood."))
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.MAPPING)
    rows = models.PositiveIntegerField(default=0)
    read_to = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    taken_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_in_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["taken_in_by", "-id"], name="spreadsheet_import_of"),
            models.Index(
                fields=["id"],
                condition=Q(stage__in=["reading", "checking", "applying", "undoing"]),
                name="spreadsheet_import_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.stage in WORKING

    @property
    def percent(self) -> int:
        return min(100, self.handled * 100 // self.rows) if self.rows else 0


WORKING = (
    SpreadsheetImport.Stage.READING,
    SpreadsheetImport.Stage.CHECKING,
    SpreadsheetImport.Stage.APPLYING,
    SpreadsheetImport.Stage.UNDOING,
)


class SpreadsheetRow(models.Model):
    """One row of a spreadsheet and what became of it. ``problems`` are told in ``problems.py``."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        WRONG = "wrong", _("To be corrected")
        DUPLICATE = "duplicate", _("Known already")
        WRITTEN = "written", _("Written")
        UNDONE = "undone", _("Undone")
        KEPT = "kept", _("Changed since, so kept")

    taken_in = models.ForeignKey(SpreadsheetImport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(help_text=_("Its number in the file, from 1."))
    cells = models.JSONField()
    state = models.CharField(max_length=9, choices=State, default=State.READY)
    problems = models.JSONField(default=list)
    dossier = models.ForeignKey(
        "registry.Dossier", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made = models.BigIntegerField(null=True, help_text=_("Key of the person or deadline made."))
    version_before = models.PositiveIntegerField(default=0)
    version_after = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["taken_in", "number"], name="spreadsheet_row_once"),
            models.CheckConstraint(
                condition=~Q(state="written") | Q(dossier__isnull=False),
                name="spreadsheet_row_written_has_dossier",
            ),
        ]
        indexes = [
            models.Index(fields=["taken_in", "state", "number"], name="spreadsheet_row_state")
        ]

    def __str__(self) -> str:
        return f"{self.taken_in_id}: {self.number}"


class RememberedColumns(models.Model):
    """What an office said of a spreadsheet's columns and values, for the next of the same form."""

    owner = models.ForeignKey("registry.Authority", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=SpreadsheetImport.Kind)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "signature"], name="remembered_columns_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.kind} {self.signature[:8]}"

"""Lists taken away as tables: who took what, with which filters, and the file while it is kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ListExport(models.Model):
    """One list as a table, made by the sweep for one person, with what that person may see then.

    ``query`` is the query string of the list's page. ``rows`` is how many are written so far. The
    file is thrown away after a time; the row stays and tells who took what.
    """

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    class State(models.TextChoices):
        ORDERED = "ordered", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")
        FORGOTTEN = "forgotten", _("Thrown away")

    list_code = models.CharField(max_length=40)
    query = models.TextField(blank=True)
    form = models.CharField(max_length=4, choices=Form)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=9, choices=State, default=State.ORDERED)
    rows = models.PositiveIntegerField(default=0)
    cut_short = models.BooleanField(default=False, help_text=_("There were more rows."))
    place = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="made") | ~Q(place=""), name="list_export_made_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="ordered"), name="list_export_ordered"),
            models.Index(fields=["ordered_by", "-id"], name="list_export_person"),
            models.Index(fields=["made_at"], condition=Q(state="made"), name="list_export_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.list_code}.{self.form}"

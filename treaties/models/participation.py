"""What each State did with each instrument, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models import SourcedFact


class Participation(SourcedFact):
    """An act of a State towards an instrument.

    For a withdrawal ``date`` is the notification and ``entry_into_force`` the day on which it takes
    effect. A succession without ``entry_into_force`` binds at the latest from its notification.
    """

    class Action(models.TextChoices):
        SIGNATURE = "signature", _("Signature")
        RATIFICATION = "ratification", _("Ratification")
        ACCESSION = "accession", _("Accession")
        ACCEPTANCE = "acceptance", _("Acceptance")
        APPROVAL = "approval", _("Approval")
        SUCCESSION = "succession", _("Succession")
        APPLICATION = "application", _("Application of an act of the Union")
        WITHDRAWAL = "withdrawal", _("Withdrawal")

    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.CASCADE, related_name="participations"
    )
    state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="participations"
    )
    action = models.CharField(max_length=14, choices=Action)
    date = models.DateField(_("date"), null=True, blank=True)
    entry_into_force = models.DateField(_("entry into force"), null=True, blank=True)
    entry_computed = models.BooleanField(
        default=False, help_text=_("The day follows from the instrument's own rule.")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["state_id", "date", "id"]
        indexes = [models.Index(fields=["state", "instrument"], name="participation_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "state", "action", "date"],
                condition=models.Q(date__isnull=False),
                name="participation_once",
            ),
            models.UniqueConstraint(
                fields=["instrument", "state", "action", "entry_into_force"],
                condition=models.Q(date__isnull=True),
                name="participation_once_undated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.state_id} {self.action} {self.date}"


class Declaration(SourcedFact):
    """A reservation, declaration or notification and its effect on cooperation.

    ``effects`` holds what the resolver reads: a list of objects, each with a ``code`` and, where the
    effect has one, a ``value`` (languages, an annex list, a partner State).
    """

    class Kind(models.TextChoices):
        RESERVATION = "reservation", _("Reservation")
        DECLARATION = "declaration", _("Declaration")
        NOTIFICATION = "notification", _("Notification")

    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.CASCADE, related_name="declarations"
    )
    state = models.ForeignKey(
        "registry.State", on_delete=models.PROTECT, related_name="declarations"
    )
    kind = models.CharField(max_length=14, choices=Kind)
    provision = models.CharField(max_length=80, blank=True)
    paraphrase = models.TextField()
    effects = models.JSONField(default=list)
    affects_cooperation = models.BooleanField(default=True)

    class Meta:
        ordering = ["instrument_id", "state_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "state", "kind", "provision", "paraphrase"],
                name="declaration_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.state_id} {self.provision}"


class Designation(SourcedFact):
    """An authority named by its State under an instrument for a function."""

    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.CASCADE, related_name="designations"
    )
    authority = models.ForeignKey(
        "registry.Authority", on_delete=models.PROTECT, related_name="designations"
    )
    function = models.CharField(max_length=40)
    languages = models.JSONField(default=list)
    channel = models.TextField(blank=True)
    urgent_channel = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["instrument_id", "authority_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "authority", "function"], name="designation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} ({self.instrument_id})"

"""Rules of instruments held as data: required contents, measures, time limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models import SourcedFact


class RequestTemplate(SourcedFact):
    """The list of what a request of one type must contain under one instrument."""

    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.CASCADE, related_name="request_templates"
    )
    request_type = models.CharField(max_length=48)
    article = models.CharField(max_length=120, blank=True)
    form = models.TextField(blank=True)
    channel = models.TextField(blank=True)
    urgent_channel = models.TextField(blank=True)
    language = models.TextField(blank=True)
    notes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "request_type"], name="request_template_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.request_type}"


class Requirement(models.TextChoices):
    MANDATORY = "mandatory", _("Required")
    WHERE_POSSIBLE = "where_possible", _("Where possible")
    CONDITIONAL = "conditional", _("In some cases")
    OPTIONAL = "optional", _("Optional")


class RequiredContent(SourcedFact):
    """One thing that a request must, should or may contain, with the article that says so."""

    template = models.ForeignKey(RequestTemplate, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=48)
    article = models.CharField(max_length=120, blank=True)
    requirement = models.CharField(max_length=16, choices=Requirement)
    help = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="required_content_once"),
        ]

    def __str__(self) -> str:
        return self.key


class MeasureKind(SourcedFact):
    """A kind of thing asked for: a statement, bank records, a search, service of documents."""

    code = models.CharField(max_length=48, primary_key=True)
    label = models.CharField(max_length=160)
    labels = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label


class MeasureParticular(SourcedFact):
    """A particular that a measure of this kind needs, with the article it comes from."""

    measure = models.ForeignKey(MeasureKind, on_delete=models.CASCADE, related_name="particulars")
    key = models.CharField(max_length=48)
    article = models.CharField(max_length=120, blank=True)
    requirement = models.CharField(max_length=16, choices=Requirement)
    help = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "key"], name="measure_particular_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id}: {self.key}"


class MeasureAvailability(SourcedFact):
    """That an instrument provides for a kind of measure, and where."""

    measure = models.ForeignKey(
        MeasureKind, on_delete=models.CASCADE, related_name="available_under"
    )
    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.CASCADE, related_name="measures"
    )
    article = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "instrument"], name="measure_availability_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} under {self.instrument_id}"


class RefusalGround(SourcedFact):
    """A ground on which a request may or must be refused or postponed, or a duty before refusing.

    ``ground`` is the same word across instruments (``double_criminality``), so that they compare.
    """

    class Effect(models.TextChoices):
        MANDATORY_REFUSAL = "mandatory_refusal", _("Must be refused")
        OPTIONAL_REFUSAL = "optional_refusal", _("May be refused")
        BARRED_AS_GROUND = "barred_as_ground", _("May not be used as a ground")
        POSTPONEMENT = "postponement", _("May be postponed")
        CONDITION = "condition_or_assurance", _("Condition, assurance or priority")
        DUTY = "duty", _("Duty of the requested State")

    instrument = models.ForeignKey(
        "treaties.Instrument", on_delete=models.CASCADE, related_name="refusal_grounds"
    )
    request_type = models.CharField(max_length=48)
    ground = models.CharField(max_length=48)
    effect = models.CharField(max_length=24, choices=Effect)
    article = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["instrument_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "request_type", "ground", "article"],
                name="refusal_ground_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.ground}"


class RegisterVersion(models.Model):
    """One row whose stamp changes with the register, so that what a process remembers of it ages.

    ``treaties/register_index.py`` reads it before each answer.
    """

    stamp = models.CharField(max_length=32)
    loaded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.stamp


class TimeLimit(SourcedFact):
    """A time limit as its source states it. The law owns the limit, the dossier the clock.

    ``length`` is empty where the source fixes no period (``unit`` then says *promptly*, *without
    delay*…): such a limit starts no clock by itself. ``starts_on`` is the event of a dossier that
    sets a clock running (``mla.sent``); ``office_norm`` marks a limit that is office practice and
    not law. ``day_count`` tells calendar from working days; see ``registry/time_rules.py``.

    ``calendar_of`` says whose working days count and ``zone_of`` where its days begin and end: the
    side that the limit binds, unless the source says otherwise (a provisional arrest counts where
    the person was arrested). The ``extension`` fields say who may lengthen it, how often and by how
    much (no ``extension_by``: nobody); ``extendable`` keeps the words of the source. Events of a
    dossier in ``suspended_by`` pause its clocks, those in ``resumed_by`` let them go on.
    """

    class Side(models.TextChoices):
        BOUND = "bound", _("The side that is bound")
        REQUESTING = "requesting", _("The requesting side")
        REQUESTED = "requested", _("The requested side")
        BOTH = "both", _("Both sides")

    class ZoneOf(models.TextChoices):
        BOUND = "bound", _("The side that is bound")
        REQUESTING = "requesting", _("The requesting side")
        REQUESTED = "requested", _("The requested side")

    class ExtensionBy(models.TextChoices):
        NOBODY = "", _("Not extendable")
        REQUESTING = "requesting", _("The requesting side")
        REQUESTED = "requested", _("The requested side")
        BOTH = "both", _("By agreement of both sides")
        OFFICE = "office", _("The office")
        COURT = "court", _("A court")

    class Kind(models.TextChoices):
        DEADLINE = "deadline", _("Deadline")
        WINDOW = "window", _("Window")
        LEAD_TIME = "lead_time", _("Time that must lie before an event")
        NOTIFICATION = "notification", _("Notification")
        REPORTING = "reporting", _("Report")
        RECURRING = "recurring", _("Recurring")
        SERVICE_LEVEL = "service_level", _("Level of service")
        THRESHOLD = "threshold", _("Threshold")
        ENTRY_INTO_FORCE = "entry_into_force", _("Entry into force")

    class Rounding(models.TextChoices):
        NONE = "", _("As counted")
        FIRST_OF_NEXT_MONTH = "first_of_next_month", _("First day of the month after")

    code = models.CharField(max_length=40, primary_key=True)
    instrument = models.ForeignKey(
        "treaties.Instrument",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="time_limits",
    )
    article = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=240, blank=True)
    kind = models.CharField(max_length=24, choices=Kind)
    trigger = models.CharField(max_length=200)
    length = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    unit = models.CharField(max_length=40)
    day_count = models.CharField(max_length=20, blank=True)
    first_day_counted = models.BooleanField(default=False)
    rolls_to_working_day = models.BooleanField(default=False)
    rounding = models.CharField(
        max_length=24,
        choices=Rounding,
        blank=True,
        default="",
        help_text=_("What is done with the last day, as some treaties say."),
    )
    extendable = models.CharField(max_length=160, blank=True)
    consequence = models.TextField(blank=True)
    bound_party = models.CharField(max_length=40, blank=True)
    calendar_of = models.CharField(
        _("whose working days count"), max_length=12, choices=Side, default=Side.BOUND
    )
    zone_of = models.CharField(
        _("where its days begin and end"), max_length=12, choices=ZoneOf, default=ZoneOf.BOUND
    )
    extension_by = models.CharField(
        _("who may extend it"), max_length=12, choices=ExtensionBy, blank=True, default=""
    )
    extension_times = models.PositiveSmallIntegerField(
        _("how often"), null=True, blank=True, help_text=_("Empty: as often as wanted.")
    )
    extension_length = models.DecimalField(
        _("by at most"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    extension_unit = models.CharField(
        _("unit of the extension"),
        max_length=20,
        blank=True,
        help_text=_("hours, days, working_days, months or years"),
    )
    extension_article = models.CharField(_("article on the extension"), max_length=120, blank=True)
    suspended_by = models.JSONField(_("paused by"), default=list, blank=True)
    resumed_by = models.JSONField(_("goes on with"), default=list, blank=True)
    starts_on = models.CharField(max_length=60, blank=True)
    met_by = models.CharField(max_length=60, blank=True)
    critical = models.BooleanField(default=False)
    office_norm = models.BooleanField(default=False)

    class Meta:
        ordering = ["instrument_id", "code"]

    def __str__(self) -> str:
        return self.code


class EntryIntoForceRule(SourcedFact):
    """When an instrument enters into force for a State: so long after its deposit.

    ``deposits`` is how many bring the instrument itself into force, where that is known.
    """

    class Unit(models.TextChoices):
        DAYS = "days", _("Days")
        MONTHS = "months", _("Months")

    instrument = models.OneToOneField(
        "treaties.Instrument",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="entry_into_force_rule",
    )
    article = models.CharField(_("article"), max_length=120, blank=True)
    length = models.PositiveSmallIntegerField(_("length"))
    unit = models.CharField(_("unit"), max_length=6, choices=Unit)
    rounding = models.CharField(
        _("rounding"), max_length=24, choices=TimeLimit.Rounding, blank=True, default=""
    )
    deposits = models.PositiveSmallIntegerField(_("deposits"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.length} {self.unit}"

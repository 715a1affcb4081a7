"""What happened to a running clock, and what would move it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.running_clock import EventKind
from registry.time_rules import Unit, length_in_words, plain


class ClockEvent(models.Model):
    """Something that happened to a clock. Corrected by a new row, never overwritten.

    ``replaced_by`` is the row that holds the corrected event; ``withdrawn`` a row that never
    happened. What counts are the rows that neither concerns. ``event`` is the event of the dossier
    that caused it; ``ground`` why the clock was paused, or which pause it ends (none: all of them).
    An extension has a length with its unit, or the day until which.
    """

    class Kind(models.TextChoices):
        START = EventKind.START.value, _("Started")
        SUSPEND = EventKind.SUSPEND.value, _("Paused")
        RESUME = EventKind.RESUME.value, _("Goes on")
        RESTART = EventKind.RESTART.value, _("Counted afresh")
        EXTEND = EventKind.EXTEND.value, _("Extended")
        MEET = EventKind.MEET.value, _("Met")
        MISS = EventKind.MISS.value, _("Given up")
        STOP = EventKind.STOP.value, _("Cancelled")

    deadline = models.ForeignKey(
        "registry.Deadline", on_delete=models.CASCADE, related_name="clock_events"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(_("when it happened"))
    event = models.CharField(max_length=60, blank=True)
    ground = models.CharField(_("ground"), max_length=160, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    length = models.DecimalField(_("length"), max_digits=6, decimal_places=1, null=True, blank=True)
    unit = models.CharField(
        _("unit"), max_length=20, blank=True, choices=[(unit.value, unit.value) for unit in Unit]
    )
    until = models.DateField(_("until"), null=True, blank=True)
    by = models.CharField(_("by whom"), max_length=12, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["deadline", "at"], name="clock_event_deadline")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="extend")
                | Q(length__gt=0, until__isnull=True) & ~Q(unit="")
                | Q(length__isnull=True, until__isnull=False),
                name="clock_event_extension_says_how_far",
            ),
            models.UniqueConstraint(
                fields=["deadline"],
                condition=Q(kind="start", replaced_by__isnull=True, withdrawn=False),
                name="clock_event_one_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.kind} {self.at}"

    @property
    def counts(self) -> bool:
        return self.replaced_by_id is None and not self.withdrawn

    @property
    def shown_ground(self) -> str:
        """The ground in the reader's language, where it is one of the product's own."""
        return gettext(self.ground) if self.ground else ""

    @property
    def length_in_words(self) -> str:
        return length_in_words(plain(self.length), self.unit) if self.length is not None else ""


class ClockSource(models.Model):
    """Something that clocks are counted by: a rule of the register or the calendar of a State.

    ``fingerprint`` is of its content as the running clocks were last compared with it. A sweep that
    finds another one goes through the clocks in batches: ``after`` is the last clock looked at,
    ``to_look_at``, ``looked_at`` and ``moved`` its progress.
    """

    class Kind(models.TextChoices):
        RULE = "rule", _("Rule of the register")
        CALENDAR = "calendar", _("Calendar")

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64, blank=True)
    comparing = models.CharField(max_length=64, blank=True)
    change = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    after = models.BigIntegerField(default=0)
    to_look_at = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="clock_source_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=~Q(comparing=""), name="clock_source_comparing")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def percent(self) -> int:
        """How far a comparison is; no number of clocks, which would count sealed matters."""
        return min(100, 100 * self.looked_at // max(1, self.to_look_at))


class ProposedMove(models.Model):
    """A due instant that would change, because a rule or a calendar has. Nothing moves by itself.

    An officer who may see the dossier accepts it, or keeps the old date and says why: that date then
    stays until it is *released* (``registry/kept_dates.py``; ``counted_due`` is what counting alone
    gives meanwhile). ``rule`` and ``derivation`` are what the deadline would have.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        ACCEPTED = "accepted", _("Moved")
        KEPT = "kept", _("Kept as it was")
        RELEASED = "released", _("Kept for a time")
        OVERTAKEN = "overtaken", _("Overtaken by events")

    deadline = models.ForeignKey(
        "registry.Deadline", on_delete=models.CASCADE, related_name="proposed_moves"
    )
    source = models.ForeignKey(ClockSource, on_delete=models.PROTECT, related_name="proposed")
    old_due = models.DateTimeField()
    new_due = models.DateTimeField()
    counted_due = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=60)
    rule = models.JSONField(default=dict)
    derivation = models.JSONField(default=dict)
    cause = models.CharField(max_length=300)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"], condition=Q(state="open"), name="proposed_move_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="proposed_move_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | ~Q(reason=""), name="proposed_move_kept_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="open"), name="proposed_move_open")
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id}: {self.old_due} -> {self.new_due}"

    @property
    def shown_cause(self) -> str:
        """Why the clock would move, in the reader's language."""
        from registry.recomputation import cause_in_words

        return cause_in_words(self)

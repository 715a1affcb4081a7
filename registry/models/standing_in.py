"""Who supervises whom, who stands in for whom, and how a person wants to be told."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Supervision(models.Model):
    """One person supervises another in an authority.

    An officer of whom nobody is said to supervise them is supervised by the authority's approving
    officers.
    """

    authority = models.ForeignKey(
        "registry.Authority", on_delete=models.CASCADE, related_name="supervisions"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supervised_by"
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supervises"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "officer", "supervisor"], name="supervision_once"
            ),
            models.CheckConstraint(
                condition=~Q(officer=F("supervisor")), name="supervision_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supervisor} supervises {self.officer}"


class Absence(models.Model):
    """A person is away from ``first_day`` to ``last_day`` (both included, days of their zone)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences"
    )
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who stands in"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(user=F("deputy")),
                name="absence_deputy_is_another",
            ),
        ]
        indexes = [models.Index(fields=["last_day"], name="absence_last_day")]

    def __str__(self) -> str:
        return f"{self.user}: {self.first_day} to {self.last_day}"


class ReminderPreferences(models.Model):
    """How a person wants to be told. Critical deadlines ask neither digest nor quiet hours."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="reminder_preferences",
    )
    in_application = models.BooleanField(_("in the application"), default=True)
    mail = models.BooleanField(_("by e-mail"), default=True)
    webhook = models.BooleanField(_("by webhook"), default=True)
    digest = models.BooleanField(_("one mail each morning"), default=False)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the morning mail"),
        default=8,
        validators=[MinValueValidator(0), MaxValueValidator(23)],
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    extra_days = models.JSONField(
        default=list, help_text=_("Further days before the end on which to be reminded.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_application=True) | Q(mail=True),
                name="reminders_reach_the_person_somehow",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        ]

    def __str__(self) -> str:
        return f"reminders of {self.user_id}"

"""Case files: a domestic case that crosses borders, and what hangs together with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CaseFile(models.Model):
    """A prosecutor's case. The dossier holds reference, owner, title and, as its status, the stage.

    Persons and offences are those of the dossier. Requests and extraditions belong to it as linked
    matters, each with its own dossier and its own confidentiality.
    """

    class Stage(models.TextChoices):
        INQUIRY = "inquiry", _("Preliminary inquiry")
        INVESTIGATION = "investigation", _("Investigation")
        TRIAL = "trial", _("Trial")
        APPEAL = "appeal", _("Appeal")
        ENFORCEMENT = "enforcement", _("Enforcement")
        ENDED = "ended", _("Ended")

    dossier = models.OneToOneField(
        "registry.Dossier", primary_key=True, on_delete=models.PROTECT, related_name="case_file"
    )
    number = models.CharField(_("case number"), max_length=120, blank=True)
    court = models.CharField(_("court or prosecution office"), max_length=240, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    victims_count = models.PositiveIntegerField(_("number of victims"), null=True, blank=True)
    protection_needs = models.TextField(_("protection needs"), blank=True)

    def __str__(self) -> str:
        return self.dossier.reference


class CaseRole(models.Model):
    """Who works on the case as what. Whoever has a role is named on the dossier."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Leading prosecutor")
        PROSECUTOR = "prosecutor", _("Prosecutor")
        JUDGE = "investigating_judge", _("Investigating judge")
        ANALYST = "analyst", _("Analyst")
        ASSISTANT = "assistant", _("Assistant")
        CENTRAL_AUTHORITY = "central_authority", _("Central authority")

    case_file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case_file", "user"], name="case_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class LinkedMatter(models.Model):
    """A request or an extradition that belongs to the case; shown to who may see that matter."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="linked")
    dossier = models.ForeignKey(
        "registry.Dossier", on_delete=models.PROTECT, related_name="in_case_files"
    )
    linked_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case_file", "dossier"], name="linked_matter_once"),
            models.CheckConstraint(
                condition=~Q(case_file=F("dossier")), name="linked_matter_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_file_id}: {self.dossier_id}"


class RelatedFile(models.Model):
    """A file elsewhere, at home or abroad. For the same acts, it is a parallel proceeding."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        JUDGED = "judged", _("Finally judged")
        DISCONTINUED = "discontinued", _("Discontinued")

    class Transfer(models.TextChoices):
        NONE = "", _("Not proposed")
        PROPOSED_BY_US = "proposed_by_us", _("Transfer to them proposed")
        PROPOSED_BY_THEM = "proposed_by_them", _("Transfer to us proposed")
        ACCEPTED = "accepted", _("Transfer accepted")
        DECLINED = "declined", _("Transfer declined")

    case_file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="related_files")
    country = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    office = models.CharField(_("court or office there"), max_length=240, blank=True)
    number = models.CharField(_("number there"), max_length=120, blank=True)
    same_acts = models.BooleanField(_("for the same acts"), default=False)
    state = models.CharField(_("state there"), max_length=12, choices=State, default=State.PENDING)
    consulted_on = models.DateField(_("consulted on"), null=True, blank=True)
    transfer = models.CharField(
        _("transfer of proceedings"), max_length=20, choices=Transfer, blank=True, default=""
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.country_id} {self.number}"

    @property
    def bars_a_second_trial(self) -> bool:
        return self.same_acts and self.state == self.State.JUDGED

    @property
    def must_be_consulted(self) -> bool:
        return self.same_acts and self.state == self.State.PENDING and self.consulted_on is None


class JointTeam(models.Model):
    """A joint investigation team on the case."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="joint_teams")
    name = models.CharField(_("name"), max_length=240)
    countries = models.JSONField(_("States"), default=list)
    agreed_on = models.DateField(_("agreement of"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(agreed_on__isnull=True)
                | Q(ends_on__gte=F("agreed_on")),
                name="joint_team_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceReceived(models.Model):
    """Evidence that came from abroad, and under which limits of use."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="evidence")
    description = models.CharField(_("what it is"), max_length=300)
    country = models.ForeignKey("registry.State", on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(_("received on"))
    use_limits = models.TextField(_("limits of use"), blank=True)

    class Meta:
        ordering = ["received_on", "id"]
        verbose_name_plural = "evidence received"

    def __str__(self) -> str:
        return self.description

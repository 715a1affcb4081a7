"""Treaties and other legal bases, and what each covers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.models import SourcedFact


class Purpose(models.TextChoices):
    """What a State may ask of another."""

    ASSISTANCE = "mla", _("Mutual legal assistance")
    EXTRADITION = "extradition", _("Extradition")
    TRANSFER_OF_SENTENCED_PERSONS = (
        "transfer_of_sentenced_persons",
        _("Transfer of sentenced persons"),
    )
    TEMPORARY_TRANSFER = (
        "temporary_transfer_of_detained_persons",
        _("Temporary transfer of detained persons"),
    )
    CONFISCATION = "confiscation", _("Confiscation")
    TRANSFER_OF_PROCEEDINGS = "transfer_of_proceedings", _("Transfer of proceedings")
    SURRENDER = "surrender", _("Surrender to an international court")


class OffenceFamily(SourcedFact):
    """A family of offences as instruments distinguish them (crimes against humanity, corruption)."""

    code = models.CharField(max_length=48, primary_key=True)
    label = models.CharField(_("offence"), max_length=160)
    labels = models.JSONField(default=dict, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    core_crime = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "offence families"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label


class Instrument(SourcedFact):
    """A treaty, EU act, model treaty or other legal basis.

    ``in_force`` is *uncertain* where sources contradict each other; the resolver then offers the
    instrument to nobody and says why. ``rank`` orders instruments of equal standing for a proposal
    (smaller first); ``parent`` names the treaty that a protocol amends.
    """

    class Kind(models.TextChoices):
        MULTILATERAL = "multilateral", _("Multilateral")
        REGIONAL = "regional", _("Regional")
        EU_LAW = "eu_law", _("EU law")
        BILATERAL = "bilateral", _("Bilateral")
        MODEL = "model", _("Model treaty")
        COMITY = "comity", _("Reciprocity")

    class InForce(models.TextChoices):
        YES = "yes", _("In force")
        NO = "no", _("Not in force")
        UNCERTAIN = "uncertain", _("Uncertain")
        NOT_APPLICABLE = "not_applicable", _("Does not apply")

    class OffenceScope(models.TextChoices):
        LISTED = "listed", _("Only the offences listed")
        ANY = "any", _("Any offence")
        PARENT = "parent", _("As the treaty that it supplements")

    class Parties(models.TextChoices):
        RECORDED = "recorded", _("Those recorded")
        ALL_STATES = "all_states", _("All States")
        NONE = "none", _("None: not a treaty in itself")

    class Between(models.TextChoices):
        STATES = "states", _("Between States")
        STATE_AND_BODY = "state_and_body", _("Between a State and an international body")

    code = models.CharField(max_length=24, primary_key=True)
    title = models.TextField(_("title"))
    short_title = models.CharField(_("short title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supplements"
    )
    adopted = models.DateField(_("adopted"), null=True, blank=True)
    place = models.CharField(max_length=160, blank=True)
    in_force = models.CharField(max_length=16, choices=InForce, default=InForce.YES)
    in_force_since = models.DateField(null=True, blank=True)
    in_force_note = models.TextField(blank=True)
    depositary = models.CharField(_("depositary"), max_length=160, blank=True)
    citation = models.CharField(_("citation"), max_length=200, blank=True)
    topics = models.JSONField(default=list, help_text=_("What it deals with, as codes."))
    crimes_text = models.JSONField(default=list)
    offence_scope = models.CharField(
        max_length=8, choices=OffenceScope, default=OffenceScope.LISTED
    )
    parties = models.CharField(max_length=12, choices=Parties, default=Parties.RECORDED)
    between = models.CharField(max_length=16, choices=Between, default=Between.STATES)
    body = models.ForeignKey(
        "registry.State", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    participation_partial = models.BooleanField(
        default=False,
        help_text=_("That no act of a State is recorded does not mean there is none."),
    )
    central_authority_article = models.CharField(max_length=160, blank=True)
    authentic_languages = models.JSONField(default=list)
    contents_follow = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Whose list of contents completes its own."),
    )
    rank = models.PositiveSmallIntegerField(default=100)
    notes = models.JSONField(default=list)
    unverified_fields = models.JSONField(default=list)

    class Meta:
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return self.short_title


class CoveredPurpose(SourcedFact):
    """That an instrument serves a purpose: by which article, and how far it carries a request.

    A *basis* carries a request by itself; a *supplement* adds to its parent between the same
    States; a *supporting* instrument strengthens a request that rests on something else.
    """

    class Strength(models.TextChoices):
        BASIS = "basis", _("Legal basis")
        SUPPLEMENT = "supplement", _("Supplements its parent treaty")
        SUPPORTING = "supporting", _("Supports a request resting on another basis")

    class AskedBy(models.TextChoices):
        EITHER = "either", _("Either side")
        STATE = "state", _("Only the State")
        BODY = "body", _("Only the international body")

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="purposes")
    purpose = models.CharField(max_length=48, choices=Purpose)
    article = models.CharField(max_length=120, blank=True)
    strength = models.CharField(max_length=12, choices=Strength, default=Strength.BASIS)
    note = models.TextField(blank=True)
    gives_way_to_treaty_in_force = models.BooleanField(
        default=False,
        help_text=_("Another treaty between the two States governs, if there is one."),
    )
    asked_by = models.CharField(max_length=8, choices=AskedBy, default=AskedBy.EITHER)
    any_offence_for_measures = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Measures for which it serves any offence, whatever its list."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "purpose"], name="covered_purpose_once"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.purpose}"


class CoveredOffence(SourcedFact):
    """That an instrument covers a family of offences, perhaps only where both States accepted it."""

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="offences")
    family = models.ForeignKey(OffenceFamily, on_delete=models.PROTECT, related_name="+")
    article = models.CharField(max_length=80, blank=True)
    condition = models.TextField(blank=True)
    annex = models.CharField(
        max_length=8,
        blank=True,
        help_text=_("The optional annex that both States must have accepted."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "family"], name="covered_offence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.family_id}"


class Displacement(SourcedFact):
    """That one instrument takes the place of another between States that both bind, for a purpose."""

    displaced = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="displaced_by")
    by = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="displaces")
    purpose = models.CharField(max_length=48, choices=Purpose)
    since = models.DateField(null=True, blank=True)
    except_measures = models.JSONField(default=list, blank=True)
    article = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["displaced", "by", "purpose"], name="displacement_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} displaces {self.displaced_id}"

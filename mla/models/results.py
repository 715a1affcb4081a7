"""What the execution of a request brought: items, how they went over, to whom they were passed on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Transmission(models.Model):
    """One handing over of results from the State that executed to the State that asked."""

    class Channel(models.TextChoices):
        POST = "post", _("Post or courier")
        CENTRAL_AUTHORITY = "central_authority", _("Between central authorities")
        DIPLOMATIC = "diplomatic", _("Diplomatic channel")
        JUDICIAL = "judicial", _("Directly between judicial authorities")
        EMAIL = "email", _("E-mail")
        ELECTRONIC = "electronic", _("Secure electronic channel")
        IN_PERSON = "in_person", _("Handed over in person")

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.PROTECT, related_name="transmissions"
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    sent_at = models.DateTimeField(_("transmitted"))
    tracking_number = models.CharField(_("tracking number"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    received_at = models.DateTimeField(_("receipt confirmed"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(received_at__gte=F("sent_at")),
                name="transmission_received_after_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.sent_at:%Y-%m-%d}"


class Item(models.Model):
    """One document or exhibit of the inventory. ``number`` counts within the request.

    Limits of use and conditions hang on the item: whoever passes it on is warned of them.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        RECORD = "record", _("Record of a statement or act")
        DATA_CARRIER = "data_carrier", _("Data carrier")
        EXHIBIT = "exhibit", _("Exhibit")
        PROPERTY = "property", _("Money or property")

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.PROTECT, related_name="items"
    )
    measure = models.ForeignKey(
        "mla.Measure", null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    description = models.CharField(_("description"), max_length=500)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    original = models.BooleanField(_("original, to be returned"), default=False)
    return_by = models.DateField(_("return by"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    document = models.ForeignKey(
        "registry.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    use_limitation = models.TextField(_("limits of use"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    transmission = models.ForeignKey(
        Transmission, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="item_number_once"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True)
                | Q(original=True, transmission__isnull=False),
                name="item_returned_was_original_and_over",
            ),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def is_limited(self) -> bool:
        return bool(self.use_limitation or self.conditions)


class PassingOn(models.Model):
    """That an item was given to somebody else, with its limits of use in view."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="passings_on")
    to_whom = models.CharField(_("to whom"), max_length=300)
    purpose = models.CharField(_("for what purpose"), max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    limits_considered = models.BooleanField(_("limits and conditions considered"), default=False)
    warned_of = models.TextField(
        _("limits warned of"), blank=True, help_text=_("As they were shown to who passed it on.")
    )
    allowed_because = models.CharField(
        _("why it is allowed"),
        max_length=500,
        blank=True,
        help_text=_("Within the limits, or with whose consent; needed where the item is limited."),
    )

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(warned_of="") & Q(limits_considered=True) & ~Q(allowed_because="")
                | Q(warned_of=""),
                name="passing_on_of_what_is_limited_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} → {self.to_whom}"

"""How useful the assistance was, told to the State that gave it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    """One minute after the closing of a request that we sent: how useful what came was.

    ``told_dossier`` is the request as the other side holds it, where it works in this installation
    too: it reads the feedback there. Else it is told by a short letter, and ``told_on`` says when.
    """

    class Usefulness(models.TextChoices):
        DECISIVE = "decisive", _("Decisive for the case")
        USEFUL = "useful", _("Useful")
        LITTLE = "little", _("Of little use")
        NONE = "none", _("Of no use, or too late")

    request = models.OneToOneField(
        "mla.AssistanceRequest", primary_key=True, on_delete=models.PROTECT, related_name="feedback"
    )
    usefulness = models.CharField(_("how useful it was"), max_length=8, choices=Usefulness)
    note = models.TextField(_("what it led to"), blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(db_index=True)
    told_dossier = models.OneToOneField(
        "registry.Dossier",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="feedback_received",
    )
    told_on = models.DateField(_("told on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(told_dossier__isnull=True) | Q(told_on__isnull=False),
                name="feedback_told_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.usefulness}"

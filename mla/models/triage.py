"""What the triage of a received request finds."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RefusalAssessment(models.Model):
    """Whether a ground of the instrument for refusing or postponing applies to one request."""

    class Answer(models.TextChoices):
        YES = "yes", _("Applies")
        NO = "no", _("Does not apply")
        NOT_RELEVANT = "not_relevant", _("Not relevant here")

    request = models.ForeignKey(
        "mla.AssistanceRequest", on_delete=models.CASCADE, related_name="refusal_assessments"
    )
    ground = models.ForeignKey("treaties.RefusalGround", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=12, choices=Answer)
    reasons = models.TextField(_("reasons"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "ground"], name="refusal_ground_answered_once"
            ),
            models.CheckConstraint(
                condition=~Q(answer="yes") | ~Q(reasons=""), name="refusal_ground_has_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.ground}"

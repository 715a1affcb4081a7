"""Photos of a person."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonPhoto(models.Model):
    """A photo, written anew from its pixels as JPEG; ``picture`` and ``thumbnail`` are the bytes.

    In the row and not among the stored files: these are shared by their digest and stay, whereas a photo
    that is taken away must be gone, above all before a person is protected.
    """

    person = models.ForeignKey("cases.Person", on_delete=models.CASCADE, related_name="photos")
    picture = models.BinaryField(editable=False)
    thumbnail = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    caption = models.CharField(_("caption"), max_length=240, blank=True)
    source = models.CharField(_("source"), max_length=160, blank=True)
    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    is_main = models.BooleanField(_("main photo"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_main", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "sha256"], name="person_photo_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(is_main=True),
                name="person_photo_one_main",
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk} of person {self.person_id}"

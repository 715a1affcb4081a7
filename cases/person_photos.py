"""Photos of persons: kept, described, one of them the main one, taken away.

A photo is seen through the person's dossier. It is written anew from its pixels, so that where and
with what it was taken, which many cameras write into it, is not kept. Of a protected person there are
none: a photo says who somebody is, and stands in clear.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from PIL import Image

from cases.deconfliction import person_or_refusal
from cases.models import Person, PersonPhoto
from registry import field_readers, pictures, timeline
from registry.access import may
from registry.dossiers import changing
from registry.models import Dossier, User
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Text

MOST = 20
"""So many photos a person may have."""
FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE, MOST_PIXELS = 8 * pictures.MEGABYTE, 25_000_000
KEPT_SIZE, THUMBNAIL_SIZE = (1600, 1600), (240, 240)
"""In pixels: enough to know a face on paper, and in a list."""
BYTES = ("picture", "thumbnail")
TEXTS = {"caption": 240, "source": 160}


# --- finding ------------------------------------------------------------------------------


def of(person: Person) -> list[PersonPhoto]:
    """The photos, the main one first, without their bytes; none of a protected person."""
    return [] if person.protected else list(person.photos.defer(*BYTES))


def with_main_photo(persons: QuerySet[Person]) -> list[Person]:
    """The persons, each with ``main_photo``: a list of the main photo, or empty. One query more."""
    main = PersonPhoto.objects.filter(is_main=True, person__protected=False).defer(*BYTES)
    return list(persons.prefetch_related(Prefetch("photos", queryset=main, to_attr="main_photo")))


def photo_or_refusal(user: User, person: int, photo: int) -> PersonPhoto:
    """A photo with its bytes, of a person whose dossier the user may see.

    Raises NotFound, as for one that is not there.
    """
    seen = person_or_refusal(user, person)
    found = PersonPhoto.objects.filter(person=seen.pk, person__protected=False, pk=photo).first()
    if found is None:
        raise _gone()
    return found


def may_change(person: Person, user: User) -> bool:
    return not person.protected and person.dossier.is_open and may(user, "edit", person.dossier)


# --- changing -----------------------------------------------------------------------------


def add(
    person: Person,
    file: BinaryIO | None,
    *,
    caption: str = "",
    source: str = "",
    taken_on: str = "",
    user: User,
    now: datetime,
) -> PersonPhoto:
    """Keep a photo; the first one is the main one.

    Raises NotAllowed, NotPossibleNow (closed, protected), Invalid by field.
    """
    _demand(person, person.dossier, user)
    wrong: dict[str, list[Text]] = {}
    said = _said(caption, source, taken_on, now, wrong)
    picture = thumbnail = b""
    try:
        if file is None:
            raise ValueError(_("Choose a photo."))
        picture, thumbnail = _kept(file)
    except ValueError as error:
        wrong["file"] = [str(error)]
    _refuse(wrong)
    digest = hashlib.sha256(picture).hexdigest()
    with _changing(person, user, now) as dossier:
        there = list(PersonPhoto.objects.filter(person=person).values_list("sha256", flat=True))
        if digest in there:
            _refuse({"file": [_("This photo is here already.")]})
        if len(there) >= MOST:
            _refuse({"file": [_("At most %(most)s can be kept.") % {"most": MOST}]})
        kept = PersonPhoto.objects.create(
            person=person,
            picture=picture,
            thumbnail=thumbnail,
            sha256=digest,
            is_main=not there,
            added_by=user,
            added_at=now,
            **said,
        )
        _record(dossier, "added", person, kept, user, now)
    return kept


def describe(
    person: Person,
    photo: int,
    *,
    caption: str,
    source: str,
    taken_on: str,
    user: User,
    now: datetime,
) -> PersonPhoto:
    """Say anew what a photo shows, where it is from and of which day it is."""
    _demand(person, person.dossier, user)
    wrong: dict[str, list[Text]] = {}
    said = _said(caption, source, taken_on, now, wrong)
    _refuse(wrong)
    with _changing(person, user, now) as dossier:
        found = _one(person, photo)
        for name, value in said.items():
            setattr(found, name, value)
        found.save(update_fields=list(said))
        _record(dossier, "changed", person, found, user, now)
    return found


def make_main(person: Person, photo: int, *, user: User, now: datetime) -> None:
    """Make a photo the one that lists show."""
    with _changing(person, user, now) as dossier:
        found = _one(person, photo)
        if found.is_main:
            return
        PersonPhoto.objects.filter(person=person, is_main=True).update(is_main=False)
        PersonPhoto.objects.filter(pk=found.pk).update(is_main=True)
        _record(dossier, "made_main", person, found, user, now)


def remove(person: Person, photo: int, *, user: User, now: datetime) -> None:
    """Take a photo away: its bytes are gone, the timeline keeps its digest. The oldest of the others
    takes the place of a main one."""
    with _changing(person, user, now) as dossier:
        found = _one(person, photo)
        PersonPhoto.objects.filter(pk=found.pk).delete()
        if found.is_main:
            oldest = PersonPhoto.objects.filter(person=person).order_by("id").only("pk").first()
            if oldest is not None:
                PersonPhoto.objects.filter(pk=oldest.pk).update(is_main=True)
        _record(dossier, "removed", person, found, user, now)


@contextmanager
def _changing(person: Person, user: User, now: datetime) -> Iterator[Dossier]:
    """The dossier held, and all looked at again: protection may have begun a moment ago."""
    _demand(person, person.dossier, user)
    with changing(person.dossier, expected_version=None, now=now) as dossier:
        fresh = Person.objects.filter(pk=person.pk).first()
        if fresh is None:
            raise NotFound("no_such_person", _("There is no such person."))
        _demand(fresh, dossier, user)
        yield dossier


def _demand(person: Person, dossier: Dossier, user: User) -> None:
    if not may(user, "edit", dossier):
        raise NotAllowed("role_may_not", _("Your role in this authority does not allow editing."))
    if not dossier.is_open:
        raise NotPossibleNow("closed", _("The dossier is closed: nothing in it changes any more."))
    if person.protected:
        raise NotPossibleNow(
            "protected",
            _(
                "The person is protected, and a photo would show who it is. Keep the photo outside "
                "this dossier for as long as the protection lasts."
            ),
        )


def _one(person: Person, photo: int) -> PersonPhoto:
    found = PersonPhoto.objects.filter(person=person, pk=photo).defer(*BYTES).first()
    if found is None:
        raise _gone()
    return found


def _gone() -> NotFound:
    return NotFound("no_such_photo", _("There is no such photo. It may have been taken away."))


def _record(
    dossier: Dossier, what: str, person: Person, photo: PersonPhoto, user: User, now: datetime
) -> None:
    timeline.record(
        dossier, f"person.photo_{what}", actor=user, at=now, person=person.pk,
        name=person.name_for_letters, sha256=photo.sha256,
    )  # fmt: skip


# --- reading what was typed and uploaded --------------------------------------------------


def _kept(file: BinaryIO) -> tuple[bytes, bytes]:
    """The photo and its thumbnail as they are kept. Raises ValueError."""
    read = pictures.read(file, formats=FORMATS, largest=LARGEST_FILE, most_pixels=MOST_PIXELS)
    read.thumbnail(KEPT_SIZE)
    made = Image.new("RGB", read.size, "white")
    made.paste(read, mask=read.getchannel("A"))
    picture = _as_jpeg(made)
    made.thumbnail(THUMBNAIL_SIZE)
    return picture, _as_jpeg(made)


def _as_jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=88, optimize=True)
    return written.getvalue()


def _said(
    caption: str, source: str, taken_on: str, now: datetime, wrong: dict[str, list[Text]]
) -> dict[str, Any]:
    said: dict[str, Any] = {"taken_on": None}
    for name, value in (("caption", caption), ("source", source)):
        try:
            said[name] = field_readers.text(TEXTS[name], lines=False)(value)
        except ValueError as error:
            wrong[name] = [str(error)]
    if taken_on.strip():
        try:
            said["taken_on"] = date.fromisoformat(taken_on.strip())
        except ValueError:
            wrong["taken_on"] = [_("Write the day like 2028-02-29.")]
        else:
            # Somewhere on earth it is tomorrow already.
            if said["taken_on"] > (now + timedelta(hours=14)).date():
                wrong["taken_on"] = [_("This day has not come yet.")]
    return said


def _refuse(wrong: dict[str, list[Text]]) -> None:
    if wrong:
        raise Invalid("invalid", _("Some of what was written cannot be kept."), fields=wrong)

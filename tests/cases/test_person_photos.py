"""Photos of persons: kept without what came with them, shown to who may see, none of the protected."""

from __future__ import annotations

import io
import re
import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases import case_file_parts, case_files, person_photos
from cases.models import Person, PersonPhoto
from cases.web.person_urls import urlpatterns
from mla import drafting
from registry.models import Dossier, TimelineEntry
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.timeline_words import sentence

GPS, ORIENTATION = 0x8825, 0x0112
ROUTES = [str(one.pattern) for one in urlpatterns if "photo" in str(one.pattern)]


def photo_file(colour: str = "teal", kind: str = "JPEG", size=(60, 40), **more) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind, **more)
    made.seek(0)
    return made


def bomb() -> io.BytesIO:
    """A PNG of a few bytes that says it is 30000 pixels wide and high."""
    content = bytearray(photo_file(kind="PNG").getvalue())
    content[16:24] = struct.pack(">II", 30_000, 30_000)
    return io.BytesIO(content)


@pytest.fixture
def add(ours, drafter, now):
    def added(colour: str = "teal", **said: str) -> PersonPhoto:
        return person_photos.add(ours, photo_file(colour), user=drafter, now=now, **said)

    return added


def test_a_photo_is_kept_upright_and_without_what_came_with_it(ours, drafter, now):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (50.0, 50.0, 1.0)
    file = photo_file(exif=exif, comment=b"taken by Unmistakable")
    assert b"Unmistakable" in file.getvalue()
    kept = person_photos.add(ours, file, user=drafter, now=now)
    with Image.open(io.BytesIO(kept.picture)) as read:
        assert (read.format, read.size, dict(read.getexif())) == ("JPEG", (40, 60), {})
    assert b"Unmistakable" not in kept.picture + kept.thumbnail
    assert b"Exif" not in kept.picture + kept.thumbnail


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_large_photo_of_another_kind_becomes_a_smaller_jpeg(ours, drafter, now, kind):
    kept = person_photos.add(ours, photo_file(kind=kind, size=(1700, 850)), user=drafter, now=now)
    for content, size in ((kept.picture, (1600, 800)), (kept.thumbnail, (240, 120))):
        with Image.open(io.BytesIO(content)) as read:
            assert (read.format, read.size) == ("JPEG", size)


def test_what_is_no_photo_or_too_large_or_said_wrongly_is_refused_by_field(ours, add, drafter, now):
    add()
    files = [None, io.BytesIO(b"<svg/>"), photo_file(kind="GIF"), bomb(), photo_file(),
             io.BytesIO(b"x" * (person_photos.LARGEST_FILE + 1))]  # fmt: skip
    for file in files:
        with pytest.raises(Invalid) as refused:
            person_photos.add(ours, file, user=drafter, now=now)
        assert list(refused.value.fields) == ["file"]
    with pytest.raises(Invalid) as refused:
        add("navy", caption="x" * 241, source="a\x00b", taken_on="2999-01-01")
    assert set(refused.value.fields) == {"caption", "source", "taken_on"}
    assert PersonPhoto.objects.count() == 1


def test_one_photo_is_the_main_one_and_the_timeline_tells_every_change(ours, add, drafter, now):
    one, two, three = add("teal"), add("navy"), add("olive")
    assert [photo.is_main for photo in (one, two, three)] == [True, False, False]
    by = {"user": drafter, "now": now}
    person_photos.make_main(ours, three.pk, **by)
    person_photos.describe(ours, two.pk, caption="Passport", source="", taken_on="2020-02-29", **by)
    person_photos.remove(ours, three.pk, **by)
    left = person_photos.of(ours)
    assert [(photo.pk, photo.is_main) for photo in left] == [(one.pk, True), (two.pk, False)]
    assert (left[1].caption, left[1].taken_on.isoformat()) == ("Passport", "2020-02-29")
    entries = TimelineEntry.objects.filter(event__startswith="person.photo").order_by("sequence")
    assert [sentence(entry) for entry in entries[2:]] == [
        f"A photo of {ours} was added",
        f"Another photo of {ours} was made the main one",
        f"What is said of a photo of {ours} was changed",
        f"A photo of {ours} was taken away",
    ]
    assert entries.last().data["sha256"] == three.sha256


def test_the_page_takes_a_photo_shows_it_and_no_cache_keeps_it(ours, drafter, signed_in):
    browser, page = signed_in(drafter), f"/persons/{ours.pk}/"
    file = SimpleUploadedFile("me.jpg", photo_file().getvalue(), "image/jpeg")
    answer = browser.post(f"{page}photos/", {"file": file, "caption": "At the border"})
    assert answer.status_code == 302
    kept, shown = PersonPhoto.objects.get(), browser.get(page).content.decode()
    assert f'src="{page}photos/{kept.pk}/small/"' in shown
    assert "At the border" in shown
    for path in (f"{page}photos/{kept.pk}/", f"{page}photos/{kept.pk}/small/"):
        picture = browser.get(path)
        assert picture.content[:3] == b"\xff\xd8\xff"
        assert picture["Content-Type"] == "image/jpeg"
        assert picture["Cache-Control"] == "private, no-store"
        assert picture["X-Content-Type-Options"] == "nosniff"


def test_what_cannot_be_kept_comes_back_with_what_was_typed(ours, add, drafter, signed_in):
    browser, kept = signed_in(drafter), add()
    answer = browser.post(f"/persons/{ours.pk}/photos/", {"caption": "At the border"})
    assert answer.status_code == 400
    assert 'value="At the border"' in answer.content.decode()
    answer = browser.post(
        f"/persons/{ours.pk}/photos/{kept.pk}/words/", {"caption": "Mine", "taken_on": "31 May"}
    )
    assert 'value="Mine"' in answer.content.decode()
    assert f'href="#photo-{kept.pk}-taken_on"' in answer.content.decode()


def test_who_only_reads_sees_photos_and_changes_none(ours, add, auditor, now, signed_in):
    kept = add(caption="At the border")
    shown = signed_in(auditor).get(f"/persons/{ours.pk}/").content.decode()
    assert "At the border" in shown
    assert "Add this photo" not in shown
    assert "Take this photo away" not in shown
    for change in (person_photos.remove, person_photos.make_main):
        with pytest.raises(NotAllowed):
            change(ours, kept.pk, user=auditor, now=now)


def answers(client, person: Person, photo: PersonPhoto) -> set[int]:
    """What every address of the photo answers."""
    found = set()
    for route in ROUTES:
        path = "/" + route.replace("<int:key>", str(person.pk))
        path = re.sub("<int:photo>", str(photo.pk), path)
        found |= {client.get(path).status_code, client.post(path, {"caption": "x"}).status_code}
    return found


def test_no_address_of_a_photo_answers_who_may_not_see_the_matter(
    ours, add, stranger, colleague, signed_in
):
    kept = add()
    assert len(ROUTES) == 6
    assert 200 in answers(signed_in(colleague), ours, PersonPhoto(pk=kept.pk))
    kept = PersonPhoto.objects.first() or add()
    assert answers(signed_in(stranger), ours, kept) <= {404, 405}
    Dossier.objects.filter(pk=ours.dossier_id).update(confidentiality="sealed")
    assert answers(signed_in(colleague), ours, kept) <= {404, 405}
    assert PersonPhoto.objects.filter(pk=kept.pk).exists()


def test_a_photo_is_not_reached_through_another_person(ours, theirs, add, stranger, signed_in):
    kept = add()
    assert signed_in(stranger).get(f"/persons/{theirs.pk}/").status_code == 200
    assert answers(signed_in(stranger), theirs, kept) <= {302, 400, 404, 405}
    assert signed_in(stranger).get(f"/persons/{theirs.pk}/photos/{kept.pk}/").status_code == 404
    assert PersonPhoto.objects.get().caption == ""


def test_a_person_with_photos_is_protected_only_once_they_are_taken_away(
    ours, add, draft, drafter, now, signed_in, settings, tmp_path
):
    settings.PROTECTED_IDENTITY_KEY_FILE = str(tmp_path / "identities.key")
    kept, by = add(), {"user": drafter, "now": now}
    protect = {"protected": True, "protected_alias": "Witness K-2"}
    with pytest.raises(Invalid) as refused:
        drafting.change_person(draft, ours.pk, changes=protect, **by)
    assert list(refused.value.fields) == ["protected"]
    assert not Person.objects.get(pk=ours.pk).protected
    person_photos.remove(ours, kept.pk, **by)
    drafting.change_person(draft, ours.pk, changes=protect, **by)
    assert Person.objects.get(pk=ours.pk).protected
    # ``ours`` was read before: the photo of somebody who was slower is refused too.
    with pytest.raises(NotPossibleNow):
        add()
    shown = signed_in(drafter).get(f"/persons/{ours.pk}/").content.decode()
    assert "Add this photo" not in shown


def test_the_photo_of_a_protected_person_is_not_shown_whatever_wrote_it(
    ours, add, drafter, signed_in
):
    kept = add()
    Person.objects.filter(pk=ours.pk).update(
        protected=True, protected_alias="K", family_name="", given_names="", birth_year=None
    )
    page = f"/persons/{ours.pk}/"
    assert signed_in(drafter).get(f"{page}photos/{kept.pk}/").status_code == 404
    assert f"photos/{kept.pk}" not in signed_in(drafter).get(page).content.decode()
    (listed,) = person_photos.with_main_photo(Person.objects.filter(pk=ours.pk))
    assert listed.main_photo == []


def test_the_case_file_shows_the_main_photos_at_the_cost_of_one_query(
    prosecution, first, now, signed_in, django_assert_num_queries
):
    case = case_files.open_case_file(user=first, owner=prosecution, title="Case", now=now)
    kept = []
    for name, colour in (("Haddad", "teal"), ("Meert", "navy")):
        person = case_file_parts.add(
            case, "persons", {"role": "suspect", "family_name": name}, user=first, now=now
        )
        kept.append(person_photos.add(person, photo_file(colour), user=first, now=now))
        person_photos.add(person, photo_file("olive"), user=first, now=now)
    shown = signed_in(first).get(f"/cases/{case.dossier.reference}/").content.decode()
    assert re.findall(r"photos/(\d+)/small/", shown) == [str(photo.pk) for photo in kept]
    with django_assert_num_queries(2):
        person_photos.with_main_photo(case.dossier.persons.all())

"""An office's letterhead, signature block and standard paragraphs: kept in versions, borne by letters."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from PIL import Image

from mla import letters as request_letters
from registry import draft_letter_rendering, draft_letters, letter_docx, letter_templates
from registry.models import Letter, LetterTemplate
from registry.refusals import Invalid, NotAllowed, Stale
from tests.factories import AssistanceRequestFactory, officer_of
from tests.pdf_checks import problems

CODE = "2F4K9QRT2F4K9QRT2F4K9QRT"


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, (15, 76, 92)).save(made, kind)
    made.seek(0)
    return made


@pytest.fixture
def keeper(office):
    return officer_of(office, "administrator")


@pytest.fixture
def publish(office, keeper, now):
    """``publish(name="Office")`` is the next version in English."""

    def published(language: str = "en", files=None, **texts: str) -> LetterTemplate:
        letter_templates.keep_draft(office, language, texts, files=files, user=keeper, now=now)
        return letter_templates.publish(office, language, user=keeper, now=now)

    return published


@pytest.fixture
def draft(office, drafter, now):
    """A letter of the office that anybody there can make final."""
    dossier = AssistanceRequestFactory(owner=office, drafter=drafter, status="sent").dossier

    def made(language: str = "en"):
        return draft_letters.start(
            dossier, "mla.spontaneous_information", language=language, user=drafter, now=now
        )

    return made


def html_of(draft, now) -> str:
    return draft_letter_rendering.preview_html(draft, now=now)


# --- what letters bear --------------------------------------------------------------------


def test_a_letter_bears_what_is_published_and_nothing_of_a_draft(
    office, keeper, publish, draft, now
):
    publish(name="Office of Accord", lines="First line\nSecond line", signature="For the Minister")
    letter_templates.keep_draft(office, "en", {"name": "Not yet"}, user=keeper, now=now)
    html = html_of(draft(), now)
    for said in ("Office of Accord", "First line", "Second line", "For the Minister"):
        assert said in html
    assert "Not yet" not in html
    assert "Office of Accord" not in html_of(draft("fr"), now)


def test_a_final_letter_stays_with_the_version_that_it_was_made_with(publish, draft, now):
    publish(name="First name", files={"logo": picture()})
    content = draft_letter_rendering.content_of(draft(), now=now)
    before = draft_letter_rendering.html_of(content, code=CODE)
    publish(name="Second name", files={"logo": picture(size=(90, 90))})
    assert draft_letter_rendering.html_of(content, code=CODE) == before
    assert content["office"]["version"] == 1
    assert "Second name" in html_of(draft(), now)


def test_standard_paragraphs_of_the_office_stand_in_their_places(publish, draft):
    publish(confidentiality="Keep {our_reference} secret.", closing="{sender} greets {addressee}.")
    letter = draft()
    *_others, confidentiality, closing = letter.paragraphs.all()
    assert confidentiality.shown == f"Keep {letter.dossier.reference} secret."
    assert closing.shown.startswith(letter.dossier.owner.name)


def test_the_letter_of_a_request_bears_it_too(office, drafter, publish, now):
    publish(name="Office of Accord", closing="{sender} greets.", confidentiality="Keep it secret.")
    request = AssistanceRequestFactory(owner=office, drafter=drafter, addressee_text="Ministry")
    html = request_letters.preview_html(request, "en", now=now)
    assert "Office of Accord" in html
    assert html.index("Keep it secret.") < html.index("greets.")


def test_a_letter_with_pictures_is_archivable_and_tagged(publish, draft, now):
    publish(files={"logo": picture("JPEG"), "seal": picture()})
    content = draft_letter_rendering.content_of(draft(), now=now)
    pdf = draft_letter_rendering.made_pdf(Letter(content=content, verification_code=CODE))
    assert problems(pdf, "en") == []
    assert b"/Subtype /Image" in pdf or b"/Subtype/Image" in pdf


def test_the_word_file_bears_the_words(publish, draft, now):
    import docx

    publish(name="Office of Accord", signature="For the Minister")
    made = letter_docx.docx_of(draft_letter_rendering.content_of(draft(), now=now))
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(made)).paragraphs)
    assert "Office of Accord" in text
    assert "For the Minister" in text


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("closing", "Dear {nobody}"),
        ("closing", "An open { brace"),
        ("lines", "\n".join("1234567")),
        ("signature", "x" * 161),
        ("confidentiality", "x" * 2001),
    ],
)
def test_a_text_that_letters_cannot_bear_is_refused_by_its_field(office, keeper, now, field, text):
    with pytest.raises(Invalid) as refused:
        letter_templates.keep_draft(office, "en", {field: text}, user=keeper, now=now)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\nbroken",
        b"x" * 2_000_001,
        picture("GIF").getvalue(),
        picture(size=(5000, 4000)).getvalue(),
    ],
    ids=["svg", "broken", "large", "gif", "many pixels"],
)
def test_a_picture_that_is_none_is_refused(content):
    with pytest.raises(ValueError, match=r"picture|file"):
        letter_templates.picture("logo", io.BytesIO(content))


def test_a_picture_is_made_anew_as_png_no_larger_than_needed():
    made = letter_templates.picture("logo", picture("JPEG", (2000, 1000)))
    with Image.open(io.BytesIO(made)) as kept:
        assert kept.format == "PNG"
        assert kept.size == (600, 300)


def test_only_who_keeps_templates_writes_them(office, drafter, now):
    with pytest.raises(NotAllowed):
        letter_templates.keep_draft(office, "en", {"name": "Mine"}, user=drafter, now=now)


def test_two_who_write_at_once_do_not_overwrite_each_other(office, keeper, now):
    common = {"expected_revision": 0, "user": keeper, "now": now}
    letter_templates.keep_draft(office, "en", {"name": "First"}, **common)
    with pytest.raises(Stale):
        letter_templates.keep_draft(office, "en", {"name": "Second"}, **common)
    assert letter_templates.draft_of(office, "en").name == "First"


# --- pages --------------------------------------------------------------------------------


def test_the_pages_write_show_and_publish(office, keeper, signed_in):
    desk = signed_in(keeper)
    address = reverse("letter-template", args=[office.pk, "fr"])
    logo = picture()
    logo.name = "logo.png"
    assert desk.post(address, {"name": "Bureau", "logo": logo, "revision": "0"}).url == address
    assert "Bureau" in desk.get(address).content.decode()
    sheet = reverse("letter-template-preview", args=[office.pk, "fr"])
    typed = desk.post(sheet, {"name": "Pas encore gardé"}).content.decode()
    assert "Pas encore gardé" in typed
    assert "data:image/png" in typed
    desk.post(reverse("letter-template-do", args=[office.pk, "fr", "publish"]))
    assert letter_templates.published(office, "fr").name == "Bureau"
    overview = desk.get(reverse("letter-templates", args=[office.pk])).content.decode()
    assert address in overview
    assert (
        reverse("letter-templates", args=[office.pk])
        in desk.get(reverse("account")).content.decode()
    )


def test_the_page_of_a_template_is_that_of_its_own_language_in_every_interface(
    office, keeper, signed_in
):
    keeper.language = "fr"
    keeper.save()
    page = signed_in(keeper).get(reverse("letter-template", args=[office.pk, "en"]))
    assert "anglais" in page.content.decode().lower()
    assert reverse("letter-template-preview", args=[office.pk, "en"]) in page.content.decode()


def test_a_refused_form_keeps_what_was_typed(office, keeper, signed_in):
    answer = signed_in(keeper).post(
        reverse("letter-template", args=[office.pk, "en"]),
        {"name": "Kept", "closing": "{nobody}", "revision": "0"},
    )
    assert answer.status_code == 400
    assert 'value="Kept"' in answer.content.decode()


def test_others_find_no_such_page(office, other_office, drafter, stranger, signed_in):
    for person in (drafter, stranger, officer_of(other_office, "administrator")):
        desk = signed_in(person)
        assert desk.get(reverse("letter-templates", args=[office.pk])).status_code == 404
        for name in ("letter-template", "letter-template-preview"):
            assert desk.get(reverse(name, args=[office.pk, "en"])).status_code == 404
        publish = reverse("letter-template-do", args=[office.pk, "en", "publish"])
        assert desk.post(publish).status_code == 404

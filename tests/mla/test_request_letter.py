"""The request letter as a real PDF, in every language that it is offered in."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from mla import drafting, letter_texts, letters, lifecycle
from mla.models import AssistanceRequest
from registry.documents import read_content
from registry.letters import make_ordered
from registry.refusals import Invalid

LANGUAGES = ["en", "fr", "es", "ar", "ru", "zh"]
ARABIC_ONE = "\u0661"


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def rich(complete, drafter, now) -> AssistanceRequest:
    """A complete draft with persons, one of them protected, legal texts and urgency."""
    common = {"user": drafter, "now": now}
    drafting.add_person(
        complete,
        fields={"role": "suspect", "family_name": "Sarr", "given_names": "Modou"},
        **common,
    )
    drafting.add_person(
        complete,
        fields={
            "role": "witness",
            "family_name": "Verborgen",
            "given_names": "Hilde",
            "protected": True,
            "protected_alias": "Witness W-3",
        },
        **common,
    )
    offence = complete.dossier.offences.get()
    drafting.change_offence(
        complete,
        offence.pk,
        changes={"provision": "Article 246, Criminal Code", "legal_text": "Whoever corrupts."},
        **common,
    )
    changes = {"title": "Accounts", "urgent": True, "urgency_reason": "The hearing is near."}
    changes["answer_wanted_by"] = (now + timedelta(days=40)).date()
    return drafting.save_draft(complete, changes=changes, expected_version=None, **common)


@pytest.fixture
def pdf(rich, now):
    """``pdf("fr")`` is the bytes of the draft letter in French."""
    return lambda language: letters.draft_pdf(rich, language, now=now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_names_both_sides_the_basis_and_what_is_asked(rich, pdf, language):
    text = text_of(pdf(language))
    for said in (rich.dossier.reference, "18", "Sarr", "Whoever corrupts.", "The hearing is near."):
        assert said in text
    assert rich.dossier.owner.name_in(language)[:20] in text or language == "ar"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_bears_the_reference(rich, pdf, language):
    pages = PdfReader(io.BytesIO(pdf(language))).pages
    assert all(rich.dossier.reference in page.extract_text() for page in pages)


def test_the_name_of_a_protected_person_is_nowhere_in_the_letter(pdf):
    for language in LANGUAGES:
        content = pdf(language)
        assert "Verborgen" not in text_of(content)
        assert b"Verborgen" not in content
        assert "W-3" in text_of(content)


def test_pages_of_an_arabic_letter_are_counted_in_arabic_digits(pdf):
    assert ARABIC_ONE in text_of(pdf("ar"))


def test_latin_text_in_an_arabic_letter_reads_from_the_left(rich, now):
    html = letters.preview_html(rich, "ar", now=now)
    assert '<html lang="ar" dir="rtl">' in html
    assert '<p dir="ltr">Whoever corrupts.</p>' in html


def test_every_text_of_the_particulars_is_in_the_letter(rich, pdf):
    text = text_of(pdf("en"))
    for measure in rich.measures.select_related("kind").prefetch_related("kind__particulars"):
        assert measure.kind.label in " ".join(text.split())
        for particular in measure.kind.particulars.all():
            label = letter_texts.particular_label(particular.key, "en")
            assert label.split()[0] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_an_archivable_tagged_pdf(pdf, language):
    with pikepdf.open(io.BytesIO(pdf(language))) as made:
        root = made.Root
        metadata = made.open_metadata()
        assert metadata.pdfa_status == "3U"
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert root.MarkInfo.Marked is True
        assert "/StructTreeRoot" in root
        assert str(root.Lang) == language
        assert "/Encrypt" not in made.trailer
        headers = [
            o for o in made.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"
        ]
        assert headers
        assert all(header.A.Scope == "/Row" for header in headers)
        fonts = [o for o in made.objects if isinstance(o, pikepdf.Dictionary) and "/ToUnicode" in o]
        descriptors = [
            o
            for o in made.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(d.keys()) for d in descriptors)


def test_a_draft_is_marked_and_bears_no_code(rich, now):
    html = letters.preview_html(rich, "en", now=now)
    assert "Draft, not for sending" in html
    assert 'class="verification"' not in html


def test_the_final_letter_is_signed_by_the_approver_and_bears_its_code(approved, approver):
    content = read_content(approved.letter.document)
    text = text_of(content)
    assert approver.name in text
    assert approved.letter.verification_code[:4] in text
    assert "not for sending" not in text


def test_what_was_ordered_is_what_is_made_whatever_changes_afterwards(submitted, approver, now):
    request = lifecycle.advance(submitted, "approve", user=approver, now=now)
    office = request.dossier.owner
    office.name, office.names = "Renamed office", {}
    office.save()
    make_ordered()
    request.letter.refresh_from_db()
    assert "Renamed office" not in text_of(read_content(request.letter.document))


def test_a_request_on_reciprocity_carries_the_assurance(start, now):
    request = start(requested_state="SEN", offences=["genocide"], basis_code="COMITY")
    assert "would, within the limits of its law" in letters.preview_html(request, "en", now=now)


def test_every_language_says_everything_that_the_english_text_says():
    english = letter_texts.wording("en")
    for language in LANGUAGES:
        words = letter_texts.wording(language)
        for part in ("labels", "headings", "channels", "roles"):
            assert words[part].keys() == english[part].keys()
        assert set(english["sentences"]) == set(words["sentences"])


def test_a_language_without_a_text_is_refused_by_name(rich, now):
    with pytest.raises(Invalid) as refusal:
        letters.letter_content(rich, "xx", now=now)
    assert "language" in refusal.value.fields


def test_the_command_writes_the_letter_of_a_request(rich, tmp_path):
    out = tmp_path / "letter.pdf"
    call_command("letter", rich.dossier.reference, "--language", "ar", "--output", str(out))
    assert out.read_bytes().startswith(b"%PDF-")


def test_the_command_says_which_request_there_is_not(db, tmp_path):
    with pytest.raises(CommandError) as error:
        call_command("letter", "NO-SUCH-1", "--output", str(tmp_path / "x.pdf"))
    assert error.value.returncode == 2

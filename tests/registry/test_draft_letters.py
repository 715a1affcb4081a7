"""Letters while they are written: reworked without loss, frozen when final, seen by who may."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from docx.oxml.ns import qn

from registry import draft_letter_kinds, draft_letter_rendering, draft_letters, letter_docx
from registry.draft_letter_kinds import DraftKind, Gathered
from registry.letter_words import ISOLATE
from registry.letters import make_ordered
from registry.models import DraftLetter, DraftParagraph, Letter
from registry.refusals import Invalid, NotAllowed, NotPossibleNow, Stale

ENGLISH = """
version: "1"
approved_by_jurist: false
title: Note
paragraphs:
  - key: opening
    when: their_reference
    text: "{sender} refers to {their_reference}."
  - key: opening
    text: "{sender} writes for the first time."
  - key: reasons
    own_words: true
    needed: true
  - key: extra
    when: extra
    text: "Also: {extra}."
"""
ARABIC = ENGLISH.replace("title: Note", "title: مذكرة").replace("refers to", "تشير إلى")


class Dossiers:
    """What the gatherer finds, changeable by a test."""

    extra = "the annex"


@pytest.fixture
def kind(tmp_path: Path):
    (tmp_path / "note.en.yaml").write_text(ENGLISH)
    (tmp_path / "note.ar.yaml").write_text(ARABIC)

    def gather(dossier, about, language, now):
        return Gathered(
            values={
                "sender": dossier.owner.name,
                "their_reference": dossier.foreign_reference,
                "extra": Dossiers.extra,
            },
            addressee={"name": "Ministry", "state": "Senegal", "formal_state": "", "lines": []},
        )

    Dossiers.extra = "the annex"
    declared = DraftKind(
        code="tests.note",
        label="Note",
        texts=tmp_path,
        name="note",
        gather=gather,
        matters=frozenset({"request"}),
        four_eyes=True,
        asks={"reasons": "Give the reasons."},
    )
    draft_letter_kinds.declare(declared)
    yield declared
    draft_letter_kinds._KINDS.pop("tests.note")


@pytest.fixture
def letter(kind, draft_dossier, drafter, now) -> DraftLetter:
    return draft_letters.start(draft_dossier, "tests.note", user=drafter, now=now)


def paragraph(letter: DraftLetter, key: str) -> DraftParagraph:
    return letter.paragraphs.get(key=key)


@pytest.fixture
def complete(letter, drafter, now) -> DraftLetter:
    draft_letters.rework(paragraph(letter, "reasons"), "So it is.", user=drafter, now=now)
    return letter


# --- reworking --------------------------------------------------------------------------------


def test_a_letter_begins_as_the_standard_text_has_it(letter):
    assert [p.key for p in letter.paragraphs.all()] == ["opening", "reasons", "extra"]
    assert paragraph(letter, "opening").shown.endswith("writes for the first time.")
    assert paragraph(letter, "opening").standard_version


def test_what_an_officer_wrote_survives_gathering_anew(letter, drafter, now):
    draft_letters.rework(paragraph(letter, "opening"), "Mine.", user=drafter, now=now)
    letter.dossier.foreign_reference = "SN/77"
    letter.dossier.save()
    draft_letters.regenerate(letter, user=drafter, now=now)
    reworked = paragraph(letter, "opening")
    assert reworked.shown == "Mine."
    assert reworked.source_changed
    assert ("new", "refers to SN/77.") in draft_letters.parts_of(reworked)


def test_what_nobody_touched_follows_the_dossier(letter, drafter, now):
    letter.dossier.foreign_reference = "SN/77"
    letter.dossier.save()
    draft_letters.regenerate(letter, user=drafter, now=now)
    assert "SN/77" in paragraph(letter, "opening").shown


def test_keeping_mine_settles_the_question_until_the_source_moves_again(letter, drafter, now):
    test_what_an_officer_wrote_survives_gathering_anew(letter, drafter, now)
    draft_letters.keep_mine(paragraph(letter, "opening"), user=drafter, now=now)
    assert not paragraph(letter, "opening").source_changed
    letter.dossier.foreign_reference = "SN/78"
    letter.dossier.save()
    draft_letters.regenerate(letter, user=drafter, now=now)
    assert paragraph(letter, "opening").source_changed


def test_undo_brings_back_the_standard_text_of_today(letter, drafter, now):
    test_what_an_officer_wrote_survives_gathering_anew(letter, drafter, now)
    draft_letters.undo(paragraph(letter, "opening"), user=drafter, now=now)
    assert paragraph(letter, "opening").shown.endswith("refers to SN/77.")


def test_typing_the_standard_text_again_is_no_rework(letter, drafter, now):
    opening = paragraph(letter, "opening")
    draft_letters.rework(opening, "Mine.", user=drafter, now=now)
    draft_letters.rework(opening, opening.standard, user=drafter, now=now)
    assert not paragraph(letter, "opening").is_reworked


def test_a_reworked_paragraph_that_the_standard_letter_lost_is_kept(letter, drafter, now):
    draft_letters.rework(paragraph(letter, "extra"), "My annexes.", user=drafter, now=now)
    Dossiers.extra = ""
    draft_letters.regenerate(letter, user=drafter, now=now)
    kept = paragraph(letter, "extra")
    assert kept.orphaned
    assert kept.shown == "My annexes."


def test_an_untouched_paragraph_that_the_standard_letter_lost_goes(letter, drafter, now):
    Dossiers.extra = ""
    draft_letters.regenerate(letter, user=drafter, now=now)
    assert not letter.paragraphs.filter(key="extra").exists()


def test_a_paragraph_of_ones_own_stands_where_it_was_put(letter, drafter, now):
    own = draft_letters.add_paragraph(
        letter, after=paragraph(letter, "opening"), language="en", user=drafter, now=now
    )
    draft_letters.rework(own, "And further.", user=drafter, now=now)
    draft_letters.regenerate(letter, user=drafter, now=now)
    assert [p.key for p in letter.paragraphs.all()] == ["opening", "own-1", "reasons", "extra"]
    assert paragraph(letter, "own-1").shown == "And further."


def test_two_officers_do_not_overwrite_each_other_in_a_paragraph(letter, drafter, colleague, now):
    seen = paragraph(letter, "opening")
    draft_letters.rework(seen, "First.", expected_version=seen.version, user=drafter, now=now)
    with pytest.raises(Stale):
        draft_letters.rework(
            seen, "Second.", expected_version=seen.version, user=colleague, now=now
        )
    assert paragraph(letter, "opening").shown == "First."


def test_an_auditor_reworks_nothing(letter, auditor, now):
    with pytest.raises(NotAllowed):
        draft_letters.rework(paragraph(letter, "opening"), "Mine.", user=auditor, now=now)


def test_names_of_another_script_are_set_apart_in_an_arabic_letter(
    kind, draft_dossier, drafter, now
):
    letter = draft_letters.start(draft_dossier, "tests.note", language="ar", user=drafter, now=now)
    assert f"{ISOLATE}Central authority of Belgium" in paragraph(letter, "opening").shown


def test_a_language_without_a_text_is_refused_by_name(kind, draft_dossier, drafter, now):
    with pytest.raises(Invalid) as refusal:
        draft_letters.start(draft_dossier, "tests.note", language="xx", user=drafter, now=now)
    assert "language" in refusal.value.fields


def test_two_languages_stand_side_by_side(kind, draft_dossier, drafter, now):
    letter = draft_letters.start(
        draft_dossier, "tests.note", language="en", second_language="ar", user=drafter, now=now
    )
    html = draft_letter_rendering.preview_html(letter, now=now)
    assert '<table class="side-by-side">' in html
    assert 'lang="ar" dir="rtl"' in html


def test_free_text_in_another_language_has_a_place_for_its_translation(letter, drafter, now):
    reasons = paragraph(letter, "reasons")
    draft_letters.rework(
        reasons, "Parce que.", original_language="fr", translation="", user=drafter, now=now
    )
    html = draft_letter_rendering.preview_html(letter, now=now)
    assert "Place for the certified translation" in html
    draft_letters.rework(
        paragraph(letter, "reasons"), "Parce que.", translation="Because.", user=drafter, now=now
    )
    html = draft_letter_rendering.preview_html(letter, now=now)
    assert "Because." in html
    assert "Place for the certified translation" not in html


# --- making it final --------------------------------------------------------------------------


def test_a_letter_with_something_still_to_write_is_not_submitted(letter, drafter, now):
    with pytest.raises(Invalid) as refusal:
        draft_letters.submit(letter, user=drafter, now=now)
    assert refusal.value.by_field() == {"reasons:en": ["Give the reasons."]}


def test_a_kind_that_needs_four_eyes_is_not_ordered_by_one(complete, drafter, now):
    with pytest.raises(NotPossibleNow):
        draft_letters.order(complete, user=drafter, now=now)


def test_who_wrote_a_letter_does_not_approve_it(complete, approver, now):
    draft_letters.rework(paragraph(complete, "opening"), "Mine.", user=approver, now=now)
    complete.refresh_from_db()
    draft_letters.submit(complete, user=approver, now=now)
    with pytest.raises(NotPossibleNow) as refusal:
        draft_letters.approve(complete, user=approver, now=now)
    assert refusal.value.code == "four_eyes"


def test_the_database_knows_four_eyes_too(complete, drafter, now):
    complete.approved_by = drafter
    with pytest.raises(IntegrityError):
        complete.save()


def test_an_approved_letter_is_made_once_and_frozen(complete, drafter, approver, now):
    draft_letters.submit(complete, user=drafter, now=now)
    letter = draft_letters.approve(complete, user=approver, now=now)
    assert letter.content["signatory"]["name"] == approver.name
    assert make_ordered() == 1
    with pytest.raises(NotPossibleNow):
        draft_letters.rework(paragraph(complete, "opening"), "Late.", user=drafter, now=now)
    letter.refresh_from_db()
    assert letter.state == Letter.State.MADE


def test_a_letter_taken_back_is_a_draft_again_and_its_pdf_void(complete, drafter, approver, now):
    test_an_approved_letter_is_made_once_and_frozen(complete, drafter, approver, now)
    made = complete.letter
    draft_letters.take_back(complete, user=approver, now=now)
    made.refresh_from_db()
    assert made.state == Letter.State.VOID
    assert complete.state == DraftLetter.State.DRAFT


def test_a_letter_that_was_sent_is_not_taken_back(complete, drafter, approver, now):
    test_an_approved_letter_is_made_once_and_frozen(complete, drafter, approver, now)
    draft_letters.record_sent(complete, channel="post", sent_at=now, user=drafter, now=now)
    with pytest.raises(NotPossibleNow):
        draft_letters.take_back(complete, user=approver, now=now)


def test_a_letter_is_not_sent_in_the_future(complete, drafter, approver, now):
    test_an_approved_letter_is_made_once_and_frozen(complete, drafter, approver, now)
    with pytest.raises(Invalid) as refusal:
        draft_letters.record_sent(
            complete, channel="post", sent_at=now + timedelta(days=1), user=drafter, now=now
        )
    assert "sent_at" in refusal.value.fields


# --- pages and API ----------------------------------------------------------------------------


def pages_of(letter: DraftLetter) -> list[str]:
    return [reverse(n, args=[letter.pk]) for n in ("letter", "letter-sheet", "letter-pdf")] + [
        reverse("api-letter", args=[letter.pk]),
        reverse("api-letter-pdf", args=[letter.pk]),
    ]


def changes_of(letter: DraftLetter) -> list[str]:
    opening = paragraph(letter, "opening")
    return [
        reverse("letter-paragraph", args=[letter.pk, opening.pk]),
        reverse("letter-do", args=[letter.pk, "discard"]),
        reverse("letter-new", args=[letter.dossier.reference]),
        reverse("api-letter-acts", args=[letter.pk]),
    ]


def test_an_officer_opens_every_page_of_a_letter(letter, signed_in, colleague):
    desk = signed_in(colleague)
    assert {desk.get(page).status_code for page in pages_of(letter)} == {200}


def test_a_stranger_finds_no_letter(letter, signed_in, stranger):
    desk = signed_in(stranger)
    assert {desk.get(page).status_code for page in pages_of(letter)} == {404}
    posted = {desk.post(page, {"act": "discard"}).status_code for page in changes_of(letter)}
    assert posted == {404}
    letter.refresh_from_db()
    assert letter.state == DraftLetter.State.DRAFT


def test_a_colleague_who_is_not_named_finds_no_letter_of_a_sealed_dossier(
    letter, signed_in, colleague
):
    letter.dossier.confidentiality = "sealed"
    letter.dossier.save()
    desk = signed_in(colleague)
    assert {desk.get(page).status_code for page in pages_of(letter)} == {404}
    assert {desk.post(page).status_code for page in changes_of(letter)} == {404}
    listed = desk.get(reverse("api-letters"), {"dossier": letter.dossier.reference})
    assert listed.status_code == 400
    assert letter.dossier.title not in listed.content.decode()


def test_a_paragraph_saves_itself(letter, signed_in, drafter):
    opening = paragraph(letter, "opening")
    answer = signed_in(drafter).post(
        reverse("letter-paragraph", args=[letter.pk, opening.pk]),
        {"text": "Mine.", "version": opening.version},
        headers={"Accept": "application/json"},
    )
    assert answer.json()["reworked"] is True
    assert paragraph(letter, "opening").shown == "Mine."


def test_a_refused_form_keeps_the_page(complete, drafter, approver, now, signed_in):
    test_an_approved_letter_is_made_once_and_frozen(complete, drafter, approver, now)
    answer = signed_in(drafter).post(
        reverse("letter-do", args=[complete.pk, "record_sent"]),
        {"channel": "post", "sent_at": "soon", "note": "By courier."},
    )
    assert answer.status_code == 400
    assert "By courier." in answer.content.decode()


def test_a_letter_is_written_and_sent_through_the_api(
    kind, draft_dossier, drafter, approver, signed_in
):
    desk = signed_in(drafter)
    start = {"dossier": draft_dossier.reference, "kind": "tests.note"}
    made = desk.post(reverse("api-letters"), start, content_type="application/json").json()
    reasons = next(p for p in made["paragraphs"] if p["key"] == "reasons")
    one = reverse("api-letter-paragraph", args=[made["id"], reasons["id"]])
    reworked = desk.patch(one, {"text": "So it is."}, content_type="application/json")
    assert reworked.status_code == 200
    acts = reverse("api-letter-acts", args=[made["id"]])
    json = "application/json"
    assert desk.post(acts, {"act": "submit"}, content_type=json).json()["state"] == (
        "awaiting_approval"
    )
    other = signed_in(approver)
    assert other.post(acts, {"act": "approve"}, content_type=json).json()["state"] == "ordered"
    make_ordered()
    sent = {"act": "record_sent", "channel": "post", "sent_at": timezone.now().isoformat()}
    answer = desk.post(acts, sent, content_type=json)
    assert answer.json()["dispatches"][0]["channel"] == "post"


# --- Word ---------------------------------------------------------------------------------


def test_the_word_file_says_what_the_letter_says(complete, signed_in, drafter):
    answer = signed_in(drafter).get(reverse("letter-docx", args=[complete.pk]))
    read = docx.Document(io.BytesIO(answer.content))
    text = "\n".join(p.text for p in read.paragraphs)
    assert complete.dossier.reference in text
    assert "So it is." in text
    assert read.core_properties.language == "en"


def test_an_arabic_word_file_runs_from_the_right(kind, draft_dossier, drafter, now):
    letter = draft_letters.start(draft_dossier, "tests.note", language="ar", user=drafter, now=now)
    content = draft_letter_rendering.content_of(letter, now=now)
    read = docx.Document(io.BytesIO(letter_docx.docx_of(content)))
    title = next(p for p in read.paragraphs if p.text == "مذكرة")
    assert title._p.pPr.find(qn("w:bidi")) is not None


def test_a_stranger_gets_no_word_file(letter, signed_in, stranger):
    assert signed_in(stranger).get(reverse("letter-docx", args=[letter.pk])).status_code == 404
    assert signed_in(stranger).get(f"/api/v1/letters/{letter.pk}/letter.docx").status_code == 404


def test_the_letter_that_came_back_is_kept_among_the_documents(complete, signed_in, drafter):
    desk = signed_in(drafter)
    word = desk.get(reverse("letter-docx", args=[complete.pk])).content
    file = SimpleUploadedFile("letter.docx", word)
    address = reverse("letter-do", args=[complete.pk, "file_returned"])
    assert desk.post(address, {"file": file}).status_code == 302
    kept = complete.dossier.documents.get()
    assert kept.file_name == "letter.docx"
    assert complete.dossier.timeline.filter(event="letter.filed").count() == 1


def test_filing_without_a_file_says_what_to_do(complete, signed_in, drafter):
    address = reverse("letter-do", args=[complete.pk, "file_returned"])
    answer = signed_in(drafter).post(address)
    assert answer.status_code == 400
    assert "Choose the file" in answer.content.decode()

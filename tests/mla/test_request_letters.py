"""Every kind of letter about a request, in every language that it is offered in."""

from __future__ import annotations

from typing import Any

import pytest

from mla import reminder_letter, request_letters
from mla.models import Amendment, AssistanceRequest, Item, Transmission
from registry import draft_letter_kinds, draft_letter_rendering, draft_letters
from registry.draft_letter_kinds import DraftKind
from registry.models import Deadline, DraftLetter, DraftParagraph, Letter
from registry.standard_texts import PLACEHOLDER
from tests.factories import (
    AssistanceRequestFactory,
    DeadlineFactory,
    DocumentFactory,
    MeasureFactory,
)
from tests.mla.test_request_letter import text_of
from tests.pdf_checks import pages_with_a_running_footer, problems, qpdf_complaints

LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh"]
KINDS = [*request_letters.KINDS, reminder_letter.REMINDER]
CODE = "2F4K9QRT2F4K9QRT2F4K9QRT"
BY_HAND = "Written by hand."
TO_US = [
    k for k in request_letters.KINDS if k.offered is request_letters.was_received
]  # fmt: skip


@pytest.fixture
def matter(office, drafter, now):
    """A request, sent or received, with all that letters speak of."""

    def made(kind: DraftKind) -> AssistanceRequest:
        request = AssistanceRequestFactory(
            owner=office, drafter=drafter, status="sent", urgent=True, addressee_text="Ministry"
        )
        MeasureFactory(request=request)
        DocumentFactory(dossier=request.dossier, title="Bank statements 2024")
        DeadlineFactory(
            dossier=request.dossier, article="Art. 18(24)", bound_party=Deadline.BoundParty.THEIRS
        )
        Amendment.objects.create(
            request=request,
            number=1,
            changes="The account number is 77.",
            reason="A mistake in writing.",
            amended_at=now,
            amended_by=drafter,
        )
        request.urgency_reason, request.contact = "The hearing is near.", "Dina, +32 2 555 01 00"
        if kind in TO_US:
            request.dossier.direction = "received"
        if kind.offered is request_letters.was_referred:
            request.dossier.direction, request.dossier.status = "received", "referred"
        request.dossier.foreign_reference = "DACG/2026/118"
        request.dossier.save()
        request.save()
        AssistanceRequest.objects.filter(pk=request.pk).update(sent_at=None)
        return request

    return made


@pytest.fixture
def written(drafter, now):
    """``written(request, kind, language)`` is a letter with what the officer must write."""

    def made(
        request: AssistanceRequest, kind: DraftKind, language: str, **more: Any
    ) -> DraftLetter:
        about = {}
        if kind is reminder_letter.REMINDER:
            about = {"deadline": request.dossier.deadlines.get().pk}
        if kind.name == "return_of_exhibits":
            about = {"documents": [request.dossier.documents.get().pk]}
        letter = draft_letters.start(
            request.dossier,
            kind.code,
            language=language,
            about=about,
            user=drafter,
            now=now,
            **more,
        )
        for paragraph in letter.paragraphs.all():
            if paragraph.shape == DraftParagraph.Shape.OWN_WORDS and not paragraph.shown:
                draft_letters.rework(paragraph, BY_HAND, user=drafter, now=now)
        return letter

    return made


@pytest.fixture
def told(written, now):
    """``told(request, kind, language)`` is what such a letter says."""
    return lambda *of, **more: draft_letter_rendering.content_of(written(*of, **more), now=now)


@pytest.fixture
def draft_of(matter, written):
    return lambda kind, language, **more: written(matter(kind), kind, language, **more)


def own_words(kind: DraftKind) -> bool:
    """Whether the officer writes something in this kind of letter."""
    return any(p.own_words for p in kind.text("en").paragraphs)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_has_its_text_in_six_languages(kind):
    assert set(LANGUAGES) <= set(kind.languages())


def test_the_letters_most_used_exist_in_dutch_portuguese_and_slovene_too():
    most_used = {"acknowledgement", "information_request", "transmission", "refusal", "reminder"}
    for kind in KINDS:
        more = set(kind.languages()) - set(LANGUAGES)
        assert more == ({"nl", "pt", "sl"} if kind.name in most_used else set())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_text_says_what_the_english_one_says(kind):
    english = kind.text("en")
    shape = [(p.key, p.when, p.unless, p.own_words, p.needed, p.table) for p in english.paragraphs]
    for language in kind.languages():
        text = kind.text(language)
        assert shape == [
            (p.key, p.when, p.unless, p.own_words, p.needed, p.table) for p in text.paragraphs
        ]
        for mine, theirs in zip(english.paragraphs, text.paragraphs, strict=True):
            assert set(mine.columns) == set(theirs.columns)
            assert bool(mine.heading) == bool(theirs.heading)
            asked = set(PLACEHOLDER.findall(mine.text)) - {"addressee", "sender"}
            assert asked == set(PLACEHOLDER.findall(theirs.text)) - {"addressee", "sender"}
        assert not text.approved_by_jurist


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_quotes_both_references_in_each_language_and_leaves_no_blank(matter, told, kind):
    request = matter(kind)
    for language in LANGUAGES:
        html = draft_letter_rendering.html_of(told(request, kind, language), code=CODE)
        assert f'<html lang="{language}"' in html
        assert request.dossier.reference in html
        assert "DACG/2026/118" in html
        assert (kind is reminder_letter.REMINDER) or BY_HAND in html or not own_words(kind)
        assert "{" not in html.split("</head>")[1]


@pytest.mark.parametrize(("name", "language"), [("transmission", "ar"), ("refusal", "zh")])
def test_the_pdf_is_archivable_tagged_and_says_what_the_content_says(matter, told, name, language):
    """Every kind in every language: ``tests/config/test_letter_specimens.py``."""
    kind = draft_letter_kinds.kind_of(f"mla.{name}")
    request = matter(kind)
    content = told(request, kind, language)
    pdf = draft_letter_rendering.made_pdf(Letter(content=content, verification_code=CODE))
    assert problems(pdf, language) == []
    assert qpdf_complaints(pdf) == ""
    assert all(pages_with_a_running_footer(pdf))
    for said in (request.dossier.reference, "DACG/2026/118", BY_HAND):
        assert said in text_of(pdf)


def test_the_results_are_listed_with_their_digests(draft_of, now):
    kind = draft_letter_kinds.kind_of("mla.transmission")
    letter = draft_of(kind, "en")
    document = letter.dossier.documents.get()
    content = draft_letter_rendering.content_of(letter, now=now)
    table = next(p for p in content["columns"][0]["paragraphs"] if p.get("rows"))
    assert table["rows"] == [["1", "Bank statements 2024", "1 kB", document.sha256]]
    assert content["data"]["inventory"][0]["sha256"] == document.sha256


def test_the_results_are_those_of_the_inventory_that_have_not_gone_over(matter, told, drafter, now):
    request = matter(draft_letter_kinds.kind_of("mla.transmission"))
    file = request.dossier.documents.get()
    common = {"request": request, "kind": "exhibit", "added_by": drafter, "added_at": now}
    over = Transmission.objects.create(
        request=request, channel="post", sent_at=now, recorded_by=drafter
    )
    Item.objects.create(number=1, description="Ledger", transmission=over, **common)
    Item.objects.create(number=2, description="Hard disks", quantity=3, document=file, **common)
    content = told(request, draft_letter_kinds.kind_of("mla.transmission"), "en")
    table = next(p for p in content["columns"][0]["paragraphs"] if p.get("rows"))
    assert table["rows"] == [["2", "3 × Hard disks", "1 kB", file.sha256]]


def test_the_originals_that_are_still_here_go_back(matter, drafter, now):
    kind = draft_letter_kinds.kind_of("mla.return_of_exhibits")
    request = matter(kind)
    over = Transmission.objects.create(
        request=request, channel="post", sent_at=now, recorded_by=drafter
    )
    Item.objects.create(
        request=request, number=1, kind="exhibit", description="Original ledger", original=True,
        transmission=over, added_by=drafter, added_at=now,
    )  # fmt: skip
    draft = draft_letters.start(
        request.dossier, kind.code, language="en", about={}, user=drafter, now=now
    )
    assert draft.gathered["en"]["tables"]["inventory"][0]["title"] == "Original ledger"


@pytest.mark.parametrize("kind", TO_US, ids=lambda kind: kind.name)
def test_letters_of_the_requested_side_are_offered_for_received_requests_only(matter, kind):
    dossier = matter(kind).dossier
    assert kind in draft_letter_kinds.offered_for(dossier)
    dossier.direction = "sent"
    assert kind not in draft_letter_kinds.offered_for(dossier)


def test_a_supplement_waits_until_the_request_has_left(matter):
    kind = draft_letter_kinds.kind_of("mla.supplementary_request")
    dossier = matter(kind).dossier
    assert kind in draft_letter_kinds.offered_for(dossier)
    dossier.status = "draft"
    assert kind not in draft_letter_kinds.offered_for(dossier)


def test_documents_of_another_dossier_are_not_handed_over(draft_of, drafter, now):
    letter = draft_of(draft_letter_kinds.kind_of("mla.transmission"), "en")
    letter.about = {"documents": [DocumentFactory().pk]}
    with pytest.raises(Exception, match="no_such_document"):
        draft_letters.regenerate(letter, user=drafter, now=now)


def test_a_note_verbale_stands_in_two_languages_side_by_side(matter, told):
    kind = draft_letter_kinds.kind_of("mla.note_verbale")
    content = told(matter(kind), kind, "fr", second_language="ar")
    pdf = draft_letter_rendering.made_pdf(Letter(content=content, verification_code=CODE))
    assert problems(pdf, "fr") == []
    assert "Note verbale" in text_of(pdf)

"""The reminder to the other side, drafted from a clock that has run out."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from mla import reminder_letter
from registry import draft_letter_kinds, draft_letter_rendering, draft_letters
from registry.documents import read_content
from registry.letter_words import in_words
from registry.letters import make_ordered
from registry.models import DraftLetter, TimelineEntry
from registry.refusals import NotAllowed, NotPossibleNow
from tests.mla.test_request_letter import text_of

LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh"]


@pytest.fixture
def overdue(sent):
    """The clock of a request that was sent, run out; with the instant at which it is looked at."""
    clock = sent.dossier.deadlines.filter(bound_party="theirs").order_by("due_at").first()
    clock.dossier.foreign_reference = "DACG/2026/118"
    clock.dossier.save()
    return clock, clock.due_at + timedelta(days=3)


@pytest.fixture
def drafted(overdue, drafter):
    clock, later = overdue
    return reminder_letter.draft(clock, user=drafter, now=later)


def said(draft: DraftLetter) -> str:
    return "\n".join(p.shown for p in draft.paragraphs.all())


def test_there_is_a_reminder_in_the_six_languages_of_the_united_nations():
    known = draft_letter_kinds.kind_of(reminder_letter.KIND).languages()
    assert set(LANGUAGES) <= set(known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_quotes_both_references_the_day_of_sending_and_the_limit(overdue, drafter, language):
    clock, later = overdue
    draft = reminder_letter.draft(clock, user=drafter, now=later, language=language)
    text = said(draft)
    assert clock.dossier.reference in text
    assert "DACG/2026/118" in text
    assert in_words(clock.due_at.date(), language) in text
    assert in_words(clock.dossier.request.sent_at.date(), language) in text
    assert "{" not in text


def test_it_names_what_was_asked_for_and_whom_to_answer(drafted, sent):
    text = said(drafted)
    for measure in sent.measures.select_related("kind"):
        assert measure.kind.label in text
    assert sent.contact in text


def test_it_is_written_in_the_language_of_the_request(overdue, drafter):
    clock, later = overdue
    clock.dossier.request.language = "fr"
    clock.dossier.request.save()
    assert reminder_letter.draft(clock, user=drafter, now=later).language == "fr"


def test_a_clock_that_still_has_time_gives_no_reminder(overdue, drafter):
    clock, _later = overdue
    with pytest.raises(NotPossibleNow):
        reminder_letter.draft(clock, user=drafter, now=clock.due_at - timedelta(days=1))


def test_a_clock_that_binds_us_gives_no_reminder(overdue, drafter):
    clock, later = overdue
    clock.bound_party = "ours"
    with pytest.raises(NotPossibleNow):
        reminder_letter.draft(clock, user=drafter, now=later)


def test_the_same_clock_gives_the_draft_that_there_is_already(drafted, overdue, drafter):
    clock, later = overdue
    assert reminder_letter.draft(clock, user=drafter, now=later).pk == drafted.pk


def test_an_auditor_drafts_no_reminder(overdue, auditor):
    clock, later = overdue
    with pytest.raises(NotAllowed):
        reminder_letter.draft(clock, user=auditor, now=later)


def test_the_second_reminder_refers_to_the_first(drafted, overdue, drafter):
    clock, later = overdue
    draft_letters.order(drafted, user=drafter, now=later)
    make_ordered()
    draft_letters.record_sent(drafted, channel="post", sent_at=later, user=drafter, now=later)
    second = reminder_letter.draft(clock, user=drafter, now=later + timedelta(days=20))
    in_brussels = later.astimezone(ZoneInfo("Europe/Brussels")).date()
    assert f"reminder of {in_words(in_brussels, 'en')}" in said(second)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_what_the_draft_said(overdue, drafter, language):
    clock, later = overdue
    draft = reminder_letter.draft(clock, user=drafter, now=later, language=language)
    draft_letters.order(draft, user=drafter, now=later)
    make_ordered()
    draft.letter.refresh_from_db()
    text = text_of(read_content(draft.letter.document))
    for reference in (clock.dossier.reference, "DACG/2026/118"):
        assert reference in text
    assert draft.letter.verification_code[:4] in text


def test_sending_is_recorded_and_told_on_the_timeline(drafted, overdue, drafter):
    _clock, later = overdue
    draft_letters.order(drafted, user=drafter, now=later)
    make_ordered()
    draft_letters.record_sent(
        drafted, channel="diplomatic", sent_at=later, tracking_number="N-1", user=drafter, now=later
    )
    assert drafted.letter.dispatches.get().tracking_number == "N-1"
    events = TimelineEntry.objects.filter(dossier=drafted.dossier).values_list("event", flat=True)
    assert {"letter.drafted", "letter.ordered", "letter.made", "letter.sent"} <= set(events)


def test_an_arabic_reminder_sets_references_apart(overdue, drafter):
    clock, later = overdue
    draft = reminder_letter.draft(clock, user=drafter, now=later, language="ar")
    html = draft_letter_rendering.preview_html(draft, now=later)
    assert '<html lang="ar" dir="rtl">' in html
    assert f'<bdi class="reference" dir="ltr">{clock.dossier.reference}</bdi>' in html


# --- pages --------------------------------------------------------------------------------


def test_the_page_of_a_request_offers_the_reminder_of_an_overdue_clock(sent, signed_in, drafter):
    clock = sent.dossier.deadlines.filter(bound_party="theirs").first()
    clock.due_at = timezone.now() - timedelta(days=2)
    clock.save()
    desk = signed_in(drafter)
    reference = sent.dossier.reference
    address = reverse("request-reminder", args=[reference, clock.pk])
    assert address in desk.get(reverse("request", args=[reference])).content.decode()
    answer = desk.post(address)
    made = DraftLetter.objects.get()
    assert answer.url == reverse("letter", args=[made.pk])
    assert desk.get(answer.url).status_code == 200


def test_the_page_offers_no_reminder_while_there_is_time(sent, signed_in, drafter, now):
    for clock in sent.dossier.deadlines.all():
        clock.due_at = timezone.now() + timedelta(days=2)
        clock.save()
    page = signed_in(drafter).get(reverse("request", args=[sent.dossier.reference]))
    assert "/reminder/" not in page.content.decode()

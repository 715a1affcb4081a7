"""The letter machine: each order is made once, none is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import letter_codes, letters
from registry.documents import read_content
from registry.models import Letter, TimelineEntry

KIND = "tests.note"


class Printer:
    """A printer that can be told to fail."""

    def __init__(self) -> None:
        self.broken = False
        self.printed = 0

    def __call__(self, letter: Letter) -> bytes:
        if self.broken:
            raise RuntimeError("out of ink")
        self.printed += 1
        return b"%PDF-1.7 " + letter.content["says"].encode()


@pytest.fixture
def printer():
    made = Printer()
    letters.declare(
        letters.LetterKind(KIND, pdf=made, version=lambda language: "v1", title=lambda _l: "Note")
    )
    yield made
    letters._KINDS.pop(KIND)


@pytest.fixture
def order(draft_dossier, drafter, printer, now):
    def ordered(says: str = "hello") -> Letter:
        return letters.order(
            draft_dossier,
            kind=KIND,
            language="en",
            content={"says": says},
            user=drafter,
            now=now,
        )

    return ordered


def test_an_order_is_made_into_a_document_of_the_dossier(order, draft_dossier):
    letter = order()
    assert letters.make_ordered() == 1
    letter.refresh_from_db()
    assert letter.state == Letter.State.MADE
    assert letter.template_version == "v1"
    assert read_content(letter.document) == b"%PDF-1.7 hello"
    assert TimelineEntry.objects.filter(dossier=draft_dossier, event="letter.made").count() == 1


def test_a_letter_made_is_not_made_again(order, printer):
    order()
    letters.make_ordered()
    assert letters.make_ordered() == 0
    assert printer.printed == 1


def test_an_order_that_another_worker_holds_is_left_to_it(order, printer):
    letter = order()
    Letter.objects.filter(pk=letter.pk).update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert letters.make_ordered() == 0
    assert printer.printed == 0


def test_the_order_of_a_worker_that_died_is_taken_again(order):
    letter = order()
    Letter.objects.filter(pk=letter.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert letters.make_ordered() == 1


def test_who_lost_its_claim_does_not_make_the_letter_twice(order, printer):
    letter = order()
    slow = letters._claim(timezone.now())
    Letter.objects.filter(pk=letter.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    letters.make_ordered()
    assert letters._make(slow) is False
    assert letter.dossier.documents.count() == 1


def test_a_failure_is_kept_with_its_reason_and_tried_again(order, printer):
    letter = order()
    printer.broken = True
    letters.make_ordered()
    letter.refresh_from_db()
    assert letter.state == Letter.State.ORDERED
    assert "out of ink" in letter.last_error
    printer.broken = False
    assert letters.make_ordered(now=timezone.now() + timedelta(minutes=1)) == 1


def test_after_the_last_attempt_the_order_is_given_up(order, printer):
    letter = order()
    printer.broken = True
    for attempt in range(letters.MOST_ATTEMPTS):
        letters.make_ordered(now=timezone.now() + timedelta(hours=attempt))
    letter.refresh_from_db()
    assert letter.state == Letter.State.FAILED


def test_a_letter_taken_out_of_use_is_no_longer_genuine(order, drafter, now):
    letter = order()
    letters.make_ordered()
    code = letter.verification_code
    assert letters.is_genuine(letter_codes.grouped(code))
    letter.refresh_from_db()
    letters.void(letter, user=drafter, now=now)
    assert not letters.is_genuine(code)


def test_only_the_very_file_is_the_letter(order):
    letter = order()
    letters.make_ordered()
    letter.refresh_from_db()
    assert letters.matches(letter.verification_code, letter.document.sha256)
    assert not letters.matches(letter.verification_code, "0" * 64)

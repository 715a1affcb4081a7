"""The public page says whether a letter is genuine, and nothing else."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.urls import reverse

from registry import letter_codes
from registry.documents import read_content
from registry.web import verification


@pytest.fixture(autouse=True)
def fresh_count():
    cache.clear()


def page(client, code: str):
    return client.get(reverse("verification-of", args=[code]))


def test_a_genuine_letter_is_called_genuine_and_nothing_else_is_told(client, approved):
    told = page(client, approved.letter.verification_code).content.decode()
    assert "Genuine" in told
    for secret in (approved.dossier.reference, "Senegal", approved.dossier.owner.name):
        assert secret not in told


def test_an_unknown_code_is_not_genuine(client, db):
    assert "Not genuine" in page(client, letter_codes.new_code()).content.decode()


def test_a_mistyped_code_is_told_apart(client, db):
    assert "mistyped" in page(client, "2345").content.decode()


def test_the_letter_itself_and_an_altered_one_are_told_apart(client, approved):
    address = reverse("verification-of", args=[approved.letter.verification_code])
    content = read_content(approved.letter.document)
    same = client.post(address, {"file": io.BytesIO(content)})
    other = client.post(address, {"file": io.BytesIO(content + b" ")})
    assert "The file is that letter" in same.content.decode()
    assert "The file is not that letter" in other.content.decode()


def test_who_asks_too_often_is_asked_to_wait(client, db):
    for _question in range(verification.QUESTIONS_A_MINUTE):
        page(client, letter_codes.new_code())
    assert page(client, letter_codes.new_code()).status_code == 429

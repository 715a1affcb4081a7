"""Files are looked at before they are kept, and leave only to those who may see their dossier."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from registry.documents import keep, place_of, read_content
from registry.models import Document
from registry.refusals import Invalid

PDF = b"%PDF-1.7\nsomething"


@pytest.fixture
def kept(draft_dossier, drafter, now):
    def keeping(name: str = "a.pdf", content: bytes = PDF) -> Document:
        return keep(
            draft_dossier,
            kind=Document.Kind.ANNEX,
            title="",
            file_name=name,
            content=content,
            user=drafter,
            now=now,
        )

    return keeping


def macro_document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
        archive.writestr("word/vbaProject.bin", b"\x00")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b"MZ\x90\x00 a program"),
        ("letter.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("picture.png", b"\xff\xd8\xff\xe0 a photograph"),
        ("note.txt", b"<html><body>not text</body></html>"),
        ("note.txt", b"\x00\x01\x02"),
        ("paper.docx", macro_document()),
        ("page.html", b"<html></html>"),
        ("drawing.svg", b"<svg/>"),
        ("nothing", PDF),
        ("empty.pdf", b""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(kept, name, content):
    with pytest.raises(Invalid) as refusal:
        kept(name, content)
    assert refusal.value.fields["file"]
    assert Document.objects.count() == 0


def test_a_file_larger_than_the_office_allows_is_refused(kept, settings):
    settings.DOCUMENT_MAX_BYTES = 10
    with pytest.raises(Invalid) as refusal:
        kept()
    assert refusal.value.code == "file_too_large"


def test_the_same_content_is_stored_once(kept):
    first, second = kept("a.pdf"), kept("b.pdf")
    assert first.sha256 == second.sha256
    assert default_storage.exists(place_of(first.sha256))
    assert read_content(second) == PDF


def test_a_path_in_a_file_name_is_no_path(kept):
    assert kept("../../etc/a.pdf").file_name == "a.pdf"


def test_a_document_leaves_as_a_download(kept, signed_in, drafter):
    response = signed_in(drafter).get(reverse("document", args=[kept().pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_of_another_office_is_not_there(kept, signed_in, stranger):
    assert signed_in(stranger).get(reverse("document", args=[kept().pk])).status_code == 404


def test_a_document_is_not_there_for_nobody(kept, client):
    response = client.get(reverse("document", args=[kept().pk]))
    assert response.status_code == 302

"""Keeping files of a dossier: looked at before they are taken, stored under their digest.

The same content is stored once; nothing stored is ever overwritten. Files leave only as downloads
(``registry/web/documents.py``).
"""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from registry import file_kinds
from registry.models import Document, Dossier, User
from registry.refusals import Invalid


def keep(
    dossier: Dossier,
    *,
    kind: str,
    title: str,
    file_name: str,
    content: bytes | BinaryIO,
    user: User | None,
    now: datetime,
) -> Document:
    """Check a file and keep it in the dossier.

    Raises Invalid (``file``) for an empty file, one that is too large, of a kind that is not taken,
    or that is not what its name says.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    name = PurePosixPath(file_name.replace("\\", "/")).name.strip() or "file"
    size = _size(stream)
    media_type = _checked_kind(name, stream, size)
    digest = _digest(stream)
    _store(digest, stream)
    return Document.objects.create(
        dossier=dossier,
        kind=kind,
        title=(title.strip() or name)[:240],
        file_name=name[-240:],
        media_type=media_type,
        size=size,
        sha256=digest,
        added_by=user,
        added_at=now,
    )


def open_content(document: Document) -> File:
    """The bytes of a document, to be read and closed by the caller."""
    return default_storage.open(place_of(document.sha256), "rb")


def read_content(document: Document) -> bytes:
    return content_with(document.sha256)


def store_content(content: bytes) -> str:
    """Store what the product itself has made, outside any dossier. Returns its SHA-256."""
    stream = io.BytesIO(content)
    digest = _digest(stream)
    _store(digest, stream)
    return digest


def store_stream(stream: BinaryIO) -> tuple[str, int]:
    """Store what may be too large for memory, outside any dossier: its SHA-256 and its size."""
    size = _size(stream)
    digest = _digest(stream)
    _store(digest, stream)
    return digest, size


def content_with(digest: str) -> bytes:
    """What is stored under a digest. Raises FileNotFoundError."""
    with default_storage.open(place_of(digest), "rb") as stored:
        return bytes(stored.read())


def place_of(digest: str) -> str:
    """Where content with this digest lies: two levels of folders keep each of them small."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _checked_kind(name: str, stream: BinaryIO, size: int) -> str:
    if size == 0:
        raise _refused("file_empty", _("This file is empty. Choose another."))
    if size > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        raise _refused(
            "file_too_large",
            _("This file is larger than %(limit)s MB. Split it or reduce its scans.")
            % {"limit": limit},
        )
    judgement = file_kinds.judge(name, stream)
    if not judgement.claimed:
        kinds = ", ".join(sorted({extension.upper() for extension in file_kinds.EXTENSIONS}))
        raise _refused(
            "file_kind_not_taken",
            _("Files of this kind are not taken. Take one of: %(kinds)s.") % {"kinds": kinds},
        )
    if not judgement.honest:
        raise _refused(
            "file_not_what_it_says",
            _(
                "This file is not what its name says: it is called %(claimed)s, and its content is "
                "%(found)s. Save it again in its true kind and choose it anew."
            )
            % {
                "claimed": file_kinds.WORDS[judgement.claimed],
                "found": file_kinds.WORDS.get(judgement.found) or _("something else"),
            },
        )
    return judgement.claimed


def _refused(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"file": [sentence]})


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


def _digest(stream: BinaryIO) -> str:
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(1 << 20):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()


def _store(digest: str, stream: BinaryIO) -> None:
    place = place_of(digest)
    if not default_storage.exists(place):
        default_storage.save(place, File(stream))

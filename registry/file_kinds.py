"""Telling what a file is by its content, and whether it is what its name says.

Only kinds that an office exchanges are taken. Whatever a browser or a computer might run (HTML, SVG,
scripts, programs, documents with macros) is refused.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
TEXT, EMAIL, ZIP = "text/plain", "message/rfc822", "application/zip"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"

EXTENSIONS: dict[str, str] = {
    "pdf": PDF,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "tif": TIFF,
    "tiff": TIFF,
    "txt": TEXT,
    "eml": EMAIL,
    "docx": WORD,
    "xlsx": SHEET,
    "odt": OPEN_TEXT,
    "zip": ZIP,
}
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"PK\x03\x04", ZIP),
)
WORDS = {
    PDF: "PDF",
    PNG: "PNG",
    JPEG: "JPEG",
    TIFF: "TIFF",
    TEXT: "TXT",
    EMAIL: "EML",
    ZIP: "ZIP",
    WORD: "DOCX",
    SHEET: "XLSX",
    OPEN_TEXT: "ODT",
}
LOOKED_AT = 65_536


@dataclass(frozen=True)
class Judgement:
    """What a file claims to be and what it is; either is empty where it is no kind we take."""

    claimed: str
    found: str

    @property
    def honest(self) -> bool:
        return bool(self.claimed) and self.claimed == self.found


def judge(file_name: str, content: BinaryIO) -> Judgement:
    """Compare the extension of a name with the content. The content is rewound."""
    extension = file_name.rsplit(".", 1)[-1].lower() if "." in file_name else ""
    claimed = EXTENSIONS.get(extension, "")
    found = _kind_of(content, claimed)
    content.seek(0)
    return Judgement(claimed, found)


def _kind_of(content: BinaryIO, claimed: str) -> str:
    content.seek(0)
    head = content.read(LOOKED_AT)
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return _inside(content) if kind == ZIP else kind
    if claimed in {TEXT, EMAIL} and _is_plain_text(head):
        return claimed
    return ""


def _inside(content: BinaryIO) -> str:
    """The kind of an archive: an office document without macros, or a plain archive."""
    try:
        with zipfile.ZipFile(content) as archive:
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                return ""
            if "mimetype" in names and archive.read("mimetype").decode("ascii", "replace") == (
                OPEN_TEXT
            ):
                return OPEN_TEXT
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return ""
    if "word/document.xml" in names:
        return WORD
    if "xl/workbook.xml" in names:
        return SHEET
    return ZIP


def _is_plain_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character cut in two at the end of what was looked at is no fault of the file.
        if len(head) < LOOKED_AT or error.start < len(head) - 4:
            return False
        text = head[: error.start].decode("utf-8")
    start = text.lstrip("\ufeff \t\r\n").lower()
    return not start.startswith(("<!doctype", "<html", "<svg", "<?xml", "<script", "#!"))

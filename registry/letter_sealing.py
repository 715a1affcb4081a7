"""Sealing a letter's PDF: its data inside for machines, a signature around it for everybody.

1. ``seal`` embeds what the letter says as JSON (an associated file of PDF/A-3, relationship *Data*),
   so that a receiving system need not retype it.
2. It signs the whole (PAdES baseline B, SHA-256) where the installation has a certificate.
3. It looks at the signature again before the letter is kept: a letter whose own seal does not hold
   is not made.

``look_at`` is the other direction: what can be said of a file that somebody brings.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from registry import signing_identity
from registry.models import Letter

DATA_FILE = "letter.json"
FORMAT = "mla-letter"
FORMAT_VERSION = 1
FIELD = "Seal"
BROKEN = (PdfError, SignatureValidationError, SigningError, ValueError, KeyError, TypeError)
"""What reading a file that was tampered with may raise."""


class SealBroken(Exception):
    """The signature just made does not hold."""


@dataclass(frozen=True)
class Seal:
    """What the signature of a file says. ``holds``: nothing was changed since, and it is ours."""

    holds: bool
    signer: str
    signed_at: datetime | None


def seal(pdf: bytes, letter: Letter, now: datetime) -> bytes:
    """The PDF with its data inside, signed where this installation signs.

    Raises SealBroken when the signature does not hold afterwards.
    """
    content = with_data(pdf, data_of(letter), now)
    with signing_identity.signing() as signer:
        if signer is None:
            return content
        sealed = _signed(content, signer, letter)
    found = look_at(sealed)
    if found is None or not found.holds:
        raise SealBroken("the seal of the letter does not hold")
    return sealed


def data_of(letter: Letter) -> dict[str, Any]:
    """What a machine may read of a letter: what it says, and how to ask whether it is genuine."""
    return {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "kind": letter.kind,
        "language": letter.language,
        "verification_code": letter.verification_code,
        "ordered_at": letter.ordered_at.isoformat(),
        "says": letter.content,
    }


def with_data(pdf: bytes, data: dict[str, Any], now: datetime) -> bytes:
    """The PDF with the data as an associated file."""
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()
    stamp = now.strftime("D:%Y%m%d%H%M%SZ")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.attachments[DATA_FILE] = pikepdf.AttachedFileSpec(
            opened,
            written,
            filename=DATA_FILE,
            mime_type="application/json",
            description="What this letter says, for machines",
            creation_date=stamp,
            mod_date=stamp,
            relationship=pikepdf.Name.Data,
        )
        opened.Root.AF = pikepdf.Array([opened.attachments[DATA_FILE].obj])
        made = io.BytesIO()
        opened.save(
            made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve
        )
    return made.getvalue()


def data_in(pdf: bytes) -> dict[str, Any] | None:
    """The data in a letter's PDF; None for a file that has none of ours."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            if DATA_FILE not in opened.attachments:
                return None
            data = json.loads(opened.attachments[DATA_FILE].get_file().read_bytes())
    except (pikepdf.PdfError, ValueError):
        return None
    return data if isinstance(data, dict) and data.get("format") == FORMAT else None


def look_at(pdf: bytes) -> Seal | None:
    """What the first signature of a file says; None for a file without one."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not signatures:
            return None
        signature = signatures[0]
        context = ValidationContext(
            trust_roots=signing_identity.trusted_roots(), allow_fetching=False
        )
        status = validate_pdf_signature(signature, context)
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        name = status.signing_cert.subject.human_friendly
        holds = bool(status.intact and status.valid and status.trusted and whole)
        return Seal(holds=holds, signer=str(name), signed_at=status.signer_reported_dt)
    except BROKEN:
        return Seal(holds=False, signer="", signed_at=None)


def _signed(content: bytes, signer: Any, letter: Letter) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=letter.verification_code,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    made = PdfSigner(metadata, signer=signer).sign_pdf(writer)
    return bytes(made.getbuffer())

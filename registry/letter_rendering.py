"""From the HTML of a letter to its PDF: PDF/A-3u, tagged, with its fonts inside."""

from __future__ import annotations

import io
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

VARIANT = "pdf/a-3u"
LETTER_STYLE = Path(__file__).parent / "templates" / "registry" / "letters" / "letter.css"
"""How every letter looks on paper."""
_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=1)
def fonts() -> FontConfiguration:
    """One configuration for the whole process: making it anew for each letter costs time and, for
    large scripts, memory."""
    return FontConfiguration()


@lru_cache(maxsize=16)
def stylesheet(path: str) -> CSS:
    return CSS(filename=path, font_config=fonts())


def pdf_of(
    html: str,
    *,
    stylesheets: tuple[Path, ...] = (),
    identifier: str = "",
    headers_of: Literal["Row", "Column"] = "Row",
) -> bytes:
    """The PDF of a letter or a report. The same HTML and identifier give the same pages.

    ``identifier`` makes the file's own identifier; nothing is fetched from anywhere: a letter is
    complete in itself. ``headers_of`` says what the headers of its tables are headers of.
    """
    with _ONE_AT_A_TIME:
        document = HTML(string=html, url_fetcher=_fetch_nothing)
        result: Any = document.write_pdf(
            stylesheets=[stylesheet(str(path)) for path in stylesheets],
            font_config=fonts(),
            pdf_variant=VARIANT,
            pdf_tags=True,
            pdf_identifier=identifier.encode() or None,
            custom_metadata=False,
        )
    return with_scopes(bytes(result), headers_of)


def with_scopes(content: bytes, headers_of: Literal["Row", "Column"] = "Row") -> bytes:
    """Say of each table header what it is the header of: those of letters begin a row.

    The PDF maker tags headers and leaves this out, which readers of PDF/UA need.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TH":
                thing.A = pikepdf.Dictionary(
                    O=pikepdf.Name.Table, Scope=pikepdf.Name(f"/{headers_of}")
                )
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return made.getvalue()


def _fetch_nothing(url: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    raise ValueError(f"a letter refers to nothing outside itself: {url[:80]}")

"""From the HTML of a letter to its PDF: PDF/A-3u, tagged, with its fonts inside."""

from __future__ import annotations

import io
import threading
from base64 import b64decode
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcherResponse

VARIANT = "pdf/a-3u"
LETTER_STYLE = Path(__file__).parent / "templates" / "registry" / "letters" / "letter.css"
"""How every letter looks on paper."""
PICTURE = "data:image/png;base64,"
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
    return with_tags_completed(bytes(result), headers_of)


def with_tags_completed(content: bytes, headers_of: Literal["Row", "Column"] = "Row") -> bytes:
    """What the PDF maker leaves out and readers of PDF/UA need.

    Each table header says what it is the header of: those of letters begin a row. What stands in
    the margins of the pages (the running footer) is an artifact, not content.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _margins_as_artifacts(pdf)
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TH":
                thing.A = pikepdf.Dictionary(
                    O=pikepdf.Name.Table, Scope=pikepdf.Name(f"/{headers_of}")
                )
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return made.getvalue()


def _margins_as_artifacts(pdf: pikepdf.Pdf) -> None:
    """The PDF maker marks the margins as content and hangs it on elements outside the tree."""
    tree = pdf.Root.StructTreeRoot
    known = {element.objgen for element in elements(tree)}
    parents = dict(zip(*[iter(list(tree.ParentTree.Nums))] * 2, strict=True))
    for page in pdf.pages:
        owners = parents[page.obj.StructParents]
        outside = {n for n, owner in enumerate(owners) if owner.objgen not in known}
        if not outside:
            continue
        written: list[Any] = []
        instructions: list[Any] = list(pikepdf.parse_content_stream(page))
        for operands, operator in instructions:
            if str(operator) == "BDC" and operands[1].get("/MCID") in outside:
                pagination = pikepdf.Dictionary(Type=pikepdf.Name.Pagination)
                written.append(([pikepdf.Name.Artifact, pagination], operator))
            else:
                written.append((operands, operator))
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(written))
        for number in outside:
            owners[number] = None


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """The elements of the structure tree in reading order."""
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def _fetch_nothing(url: str, *args: Any, **kwargs: Any) -> URLFetcherResponse:
    """Only pictures that the letter itself holds."""
    if url.startswith(PICTURE):
        body = b64decode(url.removeprefix(PICTURE))
        return URLFetcherResponse(url, body, {"Content-Type": "image/png"})
    raise ValueError(f"a letter refers to nothing outside itself: {url[:80]}")

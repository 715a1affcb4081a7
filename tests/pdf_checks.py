"""What can be checked of a letter's PDF here, without a full validator.

PDF/A-3u and PDF/UA ask for much more than this; what is looked at is what went wrong in practice:
identification, colour intent, embedded fonts with their characters, tags, language, headings that
follow each other, headers of tables with their scope, pictures with their text.
"""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from collections.abc import Iterator

import pikepdf

HEADING = re.compile(r"^/H([1-6])$")


def problems(content: bytes, language: str) -> list[str]:
    """Everything that is wrong with the PDF, in words; empty where nothing was found."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*_archival(pdf), *_fonts(pdf), *_tags(pdf, language)]


def qpdf_complaints(content: bytes) -> str:
    """What ``qpdf --check`` says of the file's structure; empty where it is content."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(
            ["qpdf", "--check", file.name], capture_output=True, timeout=60, check=False
        )
    return "" if done.returncode == 0 else (done.stdout + done.stderr).decode()


def _archival(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.open_metadata().pdfa_status != "3U":
        yield "does not say that it is PDF/A-3u"
    if "/OutputIntents" not in pdf.Root or pdf.Root.OutputIntents[0].S != "/GTS_PDFA1":
        yield "has no output intent"
    if "/Encrypt" in pdf.trailer:
        yield "is encrypted"
    if "/ID" not in pdf.trailer:
        yield "has no file identifier"
    for thing in _dictionaries(pdf):
        if thing.get("/S") in ("/JavaScript", "/Launch", "/Movie", "/Sound"):
            yield f"has an action {thing.S}"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for thing in _dictionaries(pdf):
        if thing.get("/Type") == "/FontDescriptor" and not (
            {"/FontFile", "/FontFile2", "/FontFile3"} & set(thing.keys())
        ):
            yield f"the font {thing.FontName} is not embedded"
        if thing.get("/Subtype") == "/Type0" and "/ToUnicode" not in thing:
            yield f"the font {thing.BaseFont} does not tell its characters"


def _tags(pdf: pikepdf.Pdf, language: str) -> Iterator[str]:
    root = pdf.Root
    if "/MarkInfo" not in root or not bool(root.MarkInfo.Marked):
        yield "is not marked as tagged"
    if "/StructTreeRoot" not in root:
        yield "has no structure tree"
        return
    if str(root.get("/Lang", "")) != language:
        yield f"its language is {root.get('/Lang')}"
    if "/ViewerPreferences" not in root or not bool(root.ViewerPreferences.DisplayDocTitle):
        yield "does not show its title"
    level = 0
    for element in elements(root.StructTreeRoot):
        kind = str(element.get("/S", ""))
        if found := HEADING.match(kind):
            if int(found[1]) > level + 1:
                yield f"{kind} follows a heading of level {level}"
            level = int(found[1])
        if kind == "/TH" and "/A" not in element:
            yield "a table header has no scope"
        if kind == "/Figure" and not str(element.get("/Alt", "")):
            yield "a picture has no text"
    if level == 0:
        yield "has no heading"
    yield from _marked_content(pdf)


def _marked_content(pdf: pikepdf.Pdf) -> Iterator[str]:
    """All marked content hangs on the tree, or is an artifact."""
    tree = pdf.Root.StructTreeRoot
    known = {element.objgen for element in elements(tree)}
    nums = list(tree.ParentTree.Nums)
    parents = dict(zip(nums[::2], nums[1::2], strict=True))
    for number, page in enumerate(pdf.pages, start=1):
        owners = parents[page.obj.StructParents]
        for operands, operator in pikepdf.parse_content_stream(page, "BDC BMC"):
            tagged = str(operator) == "BDC" and "/MCID" in operands[1]
            if tagged and owners[operands[1].MCID].objgen not in known:
                yield f"page {number} has marked content outside the tree"


def pages_with_a_running_footer(content: bytes) -> list[bool]:
    """Page by page, whether something in its margins is an artifact that belongs to paging."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [
            any(
                str(operands[0]) == "/Artifact" and operands[1].get("/Type") == "/Pagination"
                for operands, _operator in pikepdf.parse_content_stream(page, "BDC")
            )
            for page in pdf.pages
        ]


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """The elements of the structure tree in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    return (thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary))

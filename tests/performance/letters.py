"""What our letter costs beside WeasyPrint alone on the same HTML, in the same run."""

from __future__ import annotations

import statistics
import time
from typing import Any

TARGET = 1.3
PARAGRAPH = (
    "Between 3 and 9 May 2024 members of an armed group entered two villages and detained at least "
    "forty-one inhabitants in a disused grain store. Witnesses describe beatings over six nights. "
)


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """The ratio of ``pdf_of`` to ``HTML.write_pdf`` with the same PDF/A variant, style and fonts."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from mla import letter_texts
    from registry.letter_rendering import VARIANT, pdf_of

    html = _four_pages()
    fonts = FontConfiguration()
    style = CSS(filename=str(letter_texts.STYLE), font_config=fonts)

    def ours() -> bytes:
        return pdf_of(html, stylesheets=(letter_texts.STYLE,), identifier="measure")

    def alone() -> bytes:
        return HTML(string=html).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True
        )

    ours(), alone()
    samples: dict[str, list[float]] = {"ours": [], "alone": []}
    for _round in range(5 if quick else 25):
        for name, make in (("ours", ours), ("alone", alone)):
            begun = time.perf_counter()
            make()
            samples[name].append((time.perf_counter() - begun) * 1000)
    medians = {name: statistics.median(times) for name, times in samples.items()}
    return [
        {
            "name": "a letter of four pages against WeasyPrint alone",
            "ratio": round(medians["ours"] / medians["alone"], 3),
            "target": TARGET,
            "milliseconds": {name: round(value, 1) for name, value in medians.items()},
            "samples": len(samples["ours"]),
        }
    ]


def _four_pages() -> str:
    """A letter of about four pages, from the same content as in life."""
    from mla.letters import html_of

    authority = {
        "name": "Central authority", "own_name": "Central authority", "state": "Belgium",
        "formal_state": "Kingdom of Belgium", "city": "Brussels", "lines": ["1 Justice Square"],
        "email": "authority@example.org", "telephone": "",
    }  # fmt: skip
    state = {"code": "BEL", "name": "Belgium", "formal": ""}
    measures = [
        {
            "kind": f"Measure {number}", "article": "18(3)(a)", "description": PARAGRAPH,
            "particulars": [{"label": "Question", "text": PARAGRAPH}] * 3,
        }
        for number in range(4)
    ]  # fmt: skip
    content = {
        "language": "en", "direction": "ltr", "reference": "BE-CA-MLA-2026-00001",
        "foreign_reference": "", "title": "Statement of a witness", "urgent": True,
        "day": "2026-03-02", "day_in_words": "2 March 2026", "sender": authority,
        "addressee": authority, "requesting_state": state, "requested_state": state,
        "channel": "Between central authorities",
        "basis": {"reciprocity": False, "title": "Convention", "place": "", "adopted": "",
                  "citation": "", "article": "18", "since": ["", ""], "own_title": False},
        "authority": "Prosecutor", "contact": "Section", "nature": PARAGRAPH,
        "facts": "\n\n".join([PARAGRAPH * 2] * 6),
        "offences": [{"family": "Torture", "provision": "Art. 417", "legal_text": PARAGRAPH,
                      "penalty": "ten years", "acts": "2024"}] * 2,
        "persons": [{"name": "Witness W-3", "role": "Witness", "protected": True}],
        "measures": measures, "purpose": PARAGRAPH, "special_procedure": PARAGRAPH,
        "confidentiality": "", "use_limitation": "", "personal_data": "", "urgency": PARAGRAPH,
        "period": "", "period_reason": "", "other": [], "reciprocity": "", "annexes": ["Order"],
        "signatory": {"name": "An officer", "function": "Head"},
    }  # fmt: skip
    return html_of(content, code="V2H9WJXUGKT298DJE57F55D6")

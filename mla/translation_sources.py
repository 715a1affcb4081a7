"""What of a request can be given to a translator, and the digest of what it says now.

The text of the request itself, a letter, a document (an annex, a result) or an item of the inventory.
A digest that differs from the one kept with a job tells that the source changed since.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mla.draft_fields import LONG_TEXTS
from mla.models import AssistanceRequest, Item, TranslationJob
from registry.draft_letter_kinds import label_of
from registry.models import Document, DraftLetter

REQUEST, LETTER, DOCUMENT, ITEM = "request", "letter", "document", "item"


@dataclass(frozen=True)
class Source:
    """Something that can be translated. ``code`` names it in forms: request, letter-4, document-7."""

    code: str
    title: str
    language: str
    digest: str


def sources_of(request: AssistanceRequest) -> dict[str, Source]:
    """Everything that can be given to a translator now, by its code. Seven queries."""
    found = [Source(REQUEST, _("The text of the request"), request.language, _of_request(request))]
    letters = DraftLetter.objects.filter(dossier=request.pk).exclude(
        state=DraftLetter.State.DISCARDED
    )
    for letter in letters.prefetch_related("paragraphs"):
        title = _("Letter: %(kind)s") % {"kind": label_of(letter.kind)}
        found.append(Source(f"{LETTER}-{letter.pk}", title, letter.language, _of_letter(letter)))
    found.extend(
        Source(f"{DOCUMENT}-{document.pk}", document.title, request.language, document.sha256)
        for document in Document.objects.filter(dossier=request.pk, removed_at=None)
    )
    for item in Item.objects.filter(request=request).select_related("document"):
        title = _("Item %(number)s: %(what)s") % {"number": item.number, "what": item.description}
        found.append(Source(f"{ITEM}-{item.pk}", title, request.language, _of_item(item)))
    return {source.code: source for source in found}


def code_of(job: TranslationJob) -> str:
    """The code of what a job is about."""
    for kind, key in (
        (LETTER, job.draft_letter_id),
        (DOCUMENT, job.document_id),
        (ITEM, job.item_id),
    ):
        if key is not None:
            return f"{kind}-{key}"
    return REQUEST


def key_of(code: str) -> dict[str, int]:
    """The field of a job, with the number, that a source's code stands for."""
    kind, _dash, number = code.partition("-")
    fields = {LETTER: "draft_letter_id", DOCUMENT: "document_id", ITEM: "item_id"}
    return {fields[kind]: int(number)} if kind in fields else {}


def _of_request(request: AssistanceRequest) -> str:
    return _digest(
        {
            "texts": {name: getattr(request, name) for name in LONG_TEXTS},
            "further": request.further_contents,
            "measures": list(
                request.measures.order_by("position", "pk").values_list(
                    "kind", "description", "particulars"
                )
            ),
            "offences": list(
                request.dossier.offences.order_by("position", "pk").values_list(
                    "family", "provision", "legal_text", "penalty"
                )
            ),
        }
    )


def _of_letter(letter: DraftLetter) -> str:
    return _digest(
        [
            [paragraph.key, paragraph.heading, paragraph.shown]
            for paragraph in letter.paragraphs.all()
            if paragraph.language == letter.language and not paragraph.left_out
        ]
    )


def _of_item(item: Item) -> str:
    return _digest([item.kind, item.description, item.document.sha256 if item.document else ""])


def _digest(said: Any) -> str:
    written = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()

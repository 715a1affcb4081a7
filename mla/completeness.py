"""What a request must still say before it can go out, and which article requires it.

The list is data: the contents required by the legal basis (``treaties.RequiredContent``), the
particulars of each measure, and what our own letter cannot do without. Where each content is
written in a request is data too (``mla/data/content_fields.yaml``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Person
from mla import letter_texts
from mla.models import AssistanceRequest, Measure
from mla.request_kinds import rules_of
from registry.data_files import read_yaml
from registry.models import Confidence, Document
from treaties.models import MeasureKind, MeasureParticular, Purpose, Requirement
from treaties.required_contents import ContentItem, request_template

PRESENT, MISSING, OPTIONAL, NOT_NEEDED = "present", "missing", "optional", "not_needed"
SERVICE = "service_of_documents"


@dataclass(frozen=True)
class Item:
    """One thing that the request says, should say or may say."""

    key: str
    label: str
    article: str
    requirement: str
    help: str
    confidence: str
    state: str
    fields: tuple[str, ...]
    required: bool = False
    group: str = "contents"
    measure: int | None = None

    @property
    def verified(self) -> bool:
        return self.confidence == Confidence.VERIFIED

    @property
    def missing_sentence(self) -> str:
        words = {"label": self.label, "article": self.article}
        if self.article:
            return _("“%(label)s” is missing (%(article)s).") % words
        return _("“%(label)s” is missing.") % words


@dataclass(frozen=True)
class Checklist:
    """The items in the order in which they are asked for.

    ``notes`` tell what the reader must know of the list itself: that the instrument has none of
    its own, say.
    """

    items: list[Item]
    notes: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if item.state == MISSING]

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def required(self) -> int:
        """How many items are required in this request as it stands."""
        return sum(item.required for item in self.items)

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the required items are there, and how many are required."""
        return self.required - len(self.missing), self.required


def checklist(request: AssistanceRequest) -> Checklist:
    """What the request must contain and whether it does. At most eight queries, whatever it says.

    1. The contents that the legal basis requires, with those of the treaty that it supplements;
       completed by the working list when it requires nothing of its own.
    2. The particulars of each measure.
    3. What our letter needs; nothing for a request that came to us.
    """
    said = Said(request)
    contents, notes = _contents(said)
    particulars = [item for measure in said.measures for item in _particulars(measure)]
    ours = [] if request.is_received else mapping()["letter"]
    letter = [_letter_item(key, said) for key in ours]
    return Checklist([*contents, *particulars, *letter], notes)


class Said:
    """What one request says, read once, and the words by which the mapping asks about it."""

    def __init__(self, request: AssistanceRequest) -> None:
        self.request = request

    @cached_property
    def measures(self) -> list[Measure]:
        return list(
            self.request.measures.select_related("kind").prefetch_related("kind__particulars")
        )

    @cached_property
    def persons(self) -> list[Person]:
        return list(self.request.dossier.persons.select_related("kept_apart"))

    @cached_property
    def offences(self) -> list[tuple[str, str, str]]:
        rows = self.request.dossier.offences.values_list("family", "provision", "legal_text")
        return list(rows)

    @cached_property
    def has_annexes(self) -> bool:
        annexes = self.request.dossier.documents.filter(kind=Document.Kind.ANNEX)
        return annexes.filter(removed_at__isnull=True).exists()

    @property
    def kinds(self) -> set[str]:
        return {measure.kind_id for measure in self.measures}

    def gives(self, present: Any, key: str) -> bool:
        """Whether the request gives what the expression of the mapping asks for."""
        if isinstance(present, dict):
            (how, parts), *_rest = present.items()
            return (any if how == "any" else all)(self.gives(part, key) for part in parts)
        if present == "further":
            return bool(str(self.request.further_contents.get(key, "")).strip())
        if word := WORDS.get(present):
            return word(self)
        value = getattr(self.request, present)
        return bool(value.strip() if isinstance(value, str) else value)

    def is_case(self, word: str) -> bool:
        return CASES[word](self)


def _language_is_accepted(said: Said) -> bool:
    """Nobody has recorded what the requested State accepts, or the letter's language is in it."""
    accepted = accepted_languages(said.request)
    return not accepted or said.request.language in accepted


def accepted_languages(request: AssistanceRequest) -> list[str]:
    """The languages in which the requested State takes requests under the chosen basis.

    As the officer was told when choosing it; empty where nothing is recorded.
    """
    return [entry["code"] for entry in chosen_basis(request).get("languages", ())]


def chosen_basis(request: AssistanceRequest) -> dict[str, Any]:
    """What the resolver said of the chosen basis; empty where none is chosen."""
    for basis in request.basis_answer.get("applicable", ()):
        if basis["code"] == request.basis_id:
            return basis
    return {}


WORDS: dict[str, Callable[[Said], bool]] = {
    "basis": lambda said: said.request.basis_id is not None,
    "addressee": lambda said: said.request.addressee_id is not None,
    "measures": lambda said: bool(said.measures),
    "measures.described": lambda said: (
        bool(said.measures)
        and all(
            m.description.strip() or any(str(v).strip() for v in m.particulars.values())
            for m in said.measures
        )
    ),
    "service.addressee": lambda said: all(
        str(m.particulars.get("addressee", "")).strip()
        for m in said.measures
        if m.kind_id == SERVICE
    ),
    "persons.named": lambda said: any(p.name_for_letters.strip() for p in said.persons),
    "persons.location": lambda said: any(p.says("location") for p in said.persons),
    "persons.nationality": lambda said: any(p.says("nationalities") for p in said.persons),
    "persons.addressee": lambda said: any(
        p.role == Person.Role.ADDRESSEE and p.says("location") for p in said.persons
    ),
    "offences": lambda said: bool(said.offences),
    "offences.provision": lambda said: (
        bool(said.offences)
        and all(provision.strip() or text.strip() for _family, provision, text in said.offences)
    ),
    "annexes": lambda said: said.has_annexes,
    "language.accepted": _language_is_accepted,
}
"""What the mapping may ask of a request besides the request's own fields."""

CASES: dict[str, Callable[[Said], bool]] = {
    "not_only_service": lambda said: said.kinds != {SERVICE},
    "has_service": lambda said: SERVICE in said.kinds,
    "urgent": lambda said: said.request.dossier.urgent,
}
"""The cases in which a conditional content is needed."""


@lru_cache(maxsize=1)
def mapping() -> dict[str, Any]:
    """``mla/data/content_fields.yaml``, read once a process."""
    path = Path(__file__).parent / "data" / "content_fields.yaml"
    return read_yaml(path)


def label_of(key: str, section: str = "contents") -> str:
    """The name of a content in the reader's language."""
    labels = mapping()[section].get(key, {}).get("labels", {})
    language = (get_language() or "en").split("-")[0]
    return labels.get(language) or labels.get("en") or humanised(key)


def humanised(key: str) -> str:
    return key.replace("_", " ").capitalize()


def further_keys(request: AssistanceRequest) -> list[str]:
    """The contents of the basis' list that have no field and are kept in ``further_contents``."""
    known = mapping()["contents"]
    return [item.key for item in required_contents(request) if _uses_further(known.get(item.key))]


def _uses_further(entry: dict[str, Any] | None) -> bool:
    return entry is None or any(name.startswith("further_contents.") for name in entry["fields"])


def required_contents(request: AssistanceRequest) -> list[ContentItem]:
    """The list of the legal basis, as the register completes it. Three queries.

    Without a basis it is the working list, all of it borrowed. An item that only says that the
    instrument has no list is left out.
    """
    if own := _list_of_kind(request):
        return own
    working = mapping()["working_list"]
    template = request_template(request.basis_id or working, Purpose.ASSISTANCE)
    if template is None:
        template = request_template(working, Purpose.ASSISTANCE)
    items = template.items if template else []
    if template and template.instrument != request.basis_id:
        items = [replace(item, borrowed_from=template.instrument) for item in items]
    silent = set(mapping()["says_there_is_no_list"])
    return [item for item in items if item.key not in silent]


def _list_of_kind(request: AssistanceRequest) -> list[ContentItem]:
    """The list that the basis has for just this kind; what the particulars of its measure ask for
    already is left out. Empty where the basis has none."""
    rules = rules_of(request)
    if not rules.contents or request.basis_id is None:
        return []
    template = request_template(request.basis_id, rules.contents)
    particulars = MeasureParticular.objects.filter(measure=rules.measure)
    asked = set(particulars.values_list("key", flat=True)) if template else set()
    return [item for item in template.items if item.key not in asked] if template else []


def _contents(said: Said) -> tuple[list[Item], list[str]]:
    required = required_contents(said.request)
    items = [_content_item(said, content) for content in required]
    return items, _notes(said.request, required)


def _notes(request: AssistanceRequest, required: list[ContentItem]) -> list[str]:
    borrowed = sorted({item.borrowed_from for item in required if item.borrowed_from})
    if not borrowed:
        return []
    if request.basis_id is None:
        sentence = _(
            "No legal basis is chosen yet. Until then the list of %(instrument)s is the working list."
        )
    else:
        sentence = _(
            "The legal basis has no complete list of contents of its own. The list of "
            "%(instrument)s is used as the working list; check the law of the requested State."
        )
    return [sentence % {"instrument": ", ".join(borrowed)}]


def _content_item(said: Said, content: ContentItem) -> Item:
    entry = mapping()["contents"].get(content.key, {})
    return Item(
        key=content.key,
        label=label_of(content.key),
        article=_content_article(said.request, content),
        requirement=content.requirement,
        help=content.help,
        confidence=content.confidence,
        **_standing(said, content.key, entry, content.requirement),
        fields=tuple(entry.get("fields") or [f"further_contents.{content.key}"]),
    )


def _content_article(request: AssistanceRequest, content: ContentItem) -> str:
    """The article with its instrument. The register writes that itself for an item from elsewhere."""
    if content.borrowed_from:
        article = content.article or content.borrowed_from
        if article[:1].isdigit():
            article = _article(content.borrowed_from, article)
        return _("as in %(article)s") % {"article": article}
    parent = request.basis.parent if request.basis else None
    if parent and content.article.startswith(parent.short_title):
        return content.article
    return _article(request.basis_id or "", content.article)


def _standing(said: Said, key: str, entry: dict[str, Any], requirement: str) -> dict[str, Any]:
    """Whether the content is required in this request, and how it stands."""
    case = entry.get("needed") if requirement == Requirement.CONDITIONAL else None
    required = requirement == Requirement.MANDATORY or bool(case and said.is_case(case))
    if said.gives(entry.get("present", "further"), key):
        state = PRESENT
    elif required:
        state = MISSING
    else:
        state = NOT_NEEDED if case else OPTIONAL
    return {"required": required, "state": state}


def _letter_item(key: str, said: Said) -> Item:
    entry = mapping()["letter"][key]
    conditional = "needed" in entry
    requirement = Requirement.CONDITIONAL if conditional else Requirement.MANDATORY
    return Item(
        key=key,
        label=label_of(key, "letter"),
        article="",
        requirement=requirement,
        help="",
        confidence=Confidence.VERIFIED,
        **_standing(said, key, entry, requirement),
        fields=tuple(entry["fields"]),
        group="letter",
    )


def _particulars(measure: Measure) -> Iterator[Item]:
    for particular in measure.kind.particulars.all():
        given = str(measure.particulars.get(particular.key, "")).strip()
        needed = particular.requirement == Requirement.MANDATORY
        yield Item(
            key=f"measure.{measure.pk}.{particular.key}",
            label=_("%(measure)s: %(particular)s")
            % {
                "measure": measure_label(measure.kind),
                "particular": particular_label(particular.key),
            },
            article=_particular_article(particular.article),
            requirement=particular.requirement,
            help=particular.help,
            confidence=particular.confidence,
            required=needed,
            state=PRESENT if given else MISSING if needed else OPTIONAL,
            fields=(f"measures.{measure.pk}.particulars.{particular.key}",),
            group="measures",
            measure=measure.pk,
        )


def measure_label(kind: MeasureKind) -> str:
    """The name of a kind of measure in the reader's language."""
    return kind.labels.get((get_language() or "en").split("-")[0]) or kind.label


def particular_label(key: str) -> str:
    """The name of a particular of a measure in the reader's language."""
    return letter_texts.particular_label(key, (get_language() or "en").split("-")[0])


def _article(instrument: str, article: str) -> str:
    """ "UNTOC Art. 18(15)(a)"; the instrument alone where the article is not known."""
    if not article:
        return instrument
    return _("%(instrument)s Art. %(article)s") % {"instrument": instrument, "article": article}


def _particular_article(article: str) -> str:
    """The register writes "ETS30 3(2)" for a particular."""
    instrument, _space, number = article.partition(" ")
    return _article(instrument, number) if number else article

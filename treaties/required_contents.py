"""What a request must contain: the list of its instrument, completed where the data says so.

An instrument's own items come first. A supplement is completed by its parent's list; an instrument
without a list worth the name (``Instrument.contents_follow``) by that of another, whose items are
then marked as borrowed: a practice, not a duty under the instrument.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from treaties.models import Instrument, MeasureParticular, Purpose
from treaties.models import RequestTemplate as StoredTemplate

# A purpose that has no list of its own in most instruments asks with the list of another.
FALLBACK_TYPES = {
    Purpose.TEMPORARY_TRANSFER: Purpose.ASSISTANCE,
    Purpose.TRANSFER_OF_PROCEEDINGS: Purpose.ASSISTANCE,
    Purpose.CONFISCATION: Purpose.ASSISTANCE,
}


@dataclass(frozen=True)
class ContentItem:
    """One thing that a request must, should or may contain.

    ``article`` names the provision with its instrument where the item is borrowed
    (``borrowed_from``); an empty one is not established.
    """

    key: str
    article: str
    requirement: str
    help: str
    confidence: str
    source: str
    borrowed_from: str = ""

    @property
    def is_mandatory(self) -> bool:
        return self.requirement == "mandatory"

    @property
    def is_verified(self) -> bool:
        return self.confidence == "verified"


@dataclass(frozen=True)
class RequestTemplate:
    """The whole list for an instrument and a type of request, with form, channel and language."""

    instrument: str
    request_type: str
    article: str = ""
    form: str = ""
    channel: str = ""
    urgent_channel: str = ""
    language: str = ""
    notes: list[str] = field(default_factory=list)
    source: str = ""
    confidence: str = "unverified"
    items: list[ContentItem] = field(default_factory=list)

    def item(self, key: str) -> ContentItem | None:
        return next((i for i in self.items if i.key == key), None)


def request_template(instrument_code: str, request_type: str) -> RequestTemplate | None:
    """The list for this instrument and type of request (a ``Purpose`` or ``provisional_arrest``…).

    None where neither the instrument nor those that complete it have one. Two or three queries.
    """
    chain = _completed_by(instrument_code)
    wanted = [request_type]
    if fallback := FALLBACK_TYPES.get(request_type):  # type: ignore[call-overload]
        wanted.append(str(fallback))
    stored = {
        (t.instrument_id, t.request_type): t
        for t in StoredTemplate.objects.filter(
            instrument__in=[code for code, _name, _own in chain], request_type__in=wanted
        ).prefetch_related("items")
    }
    for type_ in wanted:
        found = [
            (stored[code, type_], name, own) for code, name, own in chain if (code, type_) in stored
        ]
        if found:
            return _merged(instrument_code, type_, found)
    return None


def _completed_by(code: str) -> list[tuple[str, str, bool]]:
    """The instrument and those whose lists complete its own: code, short title, whether binding."""
    known = {
        i.code: i
        for i in Instrument.objects.only("code", "short_title", "parent", "contents_follow")
    }
    chain: list[tuple[str, str, bool]] = []
    waiting = [(code, True)]
    while waiting:
        current, own = waiting.pop(0)
        if current not in known or any(current == c for c, _n, _o in chain):
            continue
        instrument = known[current]
        chain.append((current, instrument.short_title, own))
        if instrument.parent_id:
            waiting.append((instrument.parent_id, own))
        # Only the instrument asked for borrows: what it borrows from is complete.
        if instrument.contents_follow_id and own:
            waiting.append((instrument.contents_follow_id, False))
    return chain


def _merged(
    code: str, request_type: str, found: list[tuple[StoredTemplate, str, bool]]
) -> RequestTemplate:
    first = found[0][0]
    own = first.instrument_id == code
    items: dict[str, ContentItem] = {}
    for template, name, binding in found:
        for item in template.items.all():
            elsewhere = template.instrument_id != code
            article = f"{name}, {item.article}" if elsewhere and item.article else item.article
            items.setdefault(
                item.key,
                ContentItem(
                    key=item.key,
                    article=article,
                    requirement=item.requirement,
                    help=item.help,
                    confidence=item.confidence if binding else "unverified",
                    source=item.source,
                    borrowed_from="" if binding else template.instrument_id,
                ),
            )
    return RequestTemplate(
        instrument=code,
        request_type=request_type,
        article=first.article if own else "",
        form=first.form,
        channel=first.channel if found[0][2] else "",
        urgent_channel=first.urgent_channel if found[0][2] else "",
        language=first.language if found[0][2] else "",
        notes=list(first.notes) if own else [],
        source=first.source,
        confidence=first.confidence if own else "unverified",
        items=list(items.values()),
    )


def particulars(measure_code: str) -> list[MeasureParticular]:
    """The particulars that a measure of this kind needs, in order."""
    return list(MeasureParticular.objects.filter(measure=measure_code))

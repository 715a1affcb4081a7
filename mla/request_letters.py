"""The letters that pass between two authorities about a request, besides the request itself.

One gatherer a kind: it says what the letter has to say of this request, in the letter's language.
The wording is in ``data/letter_texts``; how a letter is written, approved and sent is the registry's
(``registry/draft_letters.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mla import amendments, letter_facts, letter_texts, results
from mla.models import AssistanceRequest, Item, ReceivedStatus, RequestKind, Status
from registry.draft_letter_kinds import About, DraftKind, Gathered, declare
from registry.letter_words import addressee_as_typed, in_digits, in_words, size_in_words
from registry.models import Document, Dossier, LetterDispatch, User
from registry.refusals import Invalid, Text
from treaties.letter_facts import DASH, day_of

SENT, RECEIVED = Dossier.Direction.SENT, Dossier.Direction.RECEIVED
NOT_SENT_YET = frozenset({Status.DRAFT, Status.AWAITING_APPROVAL, Status.APPROVED})
NEVER_LISTED = frozenset({Document.Kind.LETTER, Document.Kind.PROOF_OF_SENDING})
"""Documents that are no part of what is handed over."""
Told = Callable[[Dossier, About, LetterDispatch, User, datetime], None]
Gather = Callable[[Dossier, About, str, datetime], Gathered]


def was_sent(dossier: Dossier) -> bool:
    """A request of ours that has left."""
    return dossier.direction == SENT and dossier.status not in NOT_SENT_YET


def was_received(dossier: Dossier) -> bool:
    return dossier.direction == RECEIVED


def was_referred(dossier: Dossier) -> bool:
    """A request that we referred to another authority."""
    return was_received(dossier) and dossier.status == ReceivedStatus.REFERRED


def is_between_us(dossier: Dossier) -> bool:
    """Both sides know of the request."""
    return was_sent(dossier) or was_received(dossier)


# --- gatherers: one a kind ---------------------------------------------------------------------


def supplementary_request(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """Adds to this request; the letter of a supplementary request, to the one that it supplements."""
    request = letter_facts.request_of(dossier)
    if request.kind != RequestKind.SUPPLEMENTARY or request.follows is None:
        return _gathered(request, language, {})
    earlier = letter_facts.request_of(request.follows.dossier)
    named = letter_facts.common(earlier, language)
    values = {n: named[n] for n in ("our_reference", "their_reference", "sent_on")}
    return _gathered(request, language, values, {"supplements": earlier.dossier.reference})


def amendment(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The amendments that the other side has not been told of yet, or those of the letter."""
    request = letter_facts.request_of(dossier)
    numbers = about.get("amendments")
    found = amendments.untold(request)
    if numbers:
        found = list(request.amendments.filter(number__in=numbers))
    if not found:
        sentence = _("There is no amendment to tell of.")
        raise Invalid("no_amendment", sentence, fields={"about": [sentence]})
    return _gathered(
        request,
        language,
        {
            "changes": "\n".join(f"{letter_facts.DASH}{each.changes}" for each in found),
            "reasons": "\n".join(f"{letter_facts.DASH}{each.reason}" for each in found),
        },
        {"amendments": [each.number for each in found]},
    )


def acknowledgement(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """When the request came in, and under which reference it is registered."""
    request = letter_facts.request_of(dossier)
    received = letter_facts.received_at(request)
    return _gathered(
        request,
        language,
        {"received_on": day_of(received, dossier, language)},
        {"received_at": received.isoformat()},
    )


def information_request(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The open question, where one is registered, and the day by which its answer is wanted."""
    request = letter_facts.request_of(dossier)
    question = letter_facts.open_question(request)
    wanted = question.wanted_by if question else None
    return _gathered(
        request,
        language,
        {
            "question": question.question if question else "",
            "wanted_by": in_words(wanted, language) if wanted else "",
        },
        {"wanted_by": wanted.isoformat() if wanted else ""},
    )


def answer(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    return _gathered(letter_facts.request_of(dossier), language, {})


def transmission(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The results: the inventory kept with the request, what went over already left out; without
    one, the documents. With the digest of each file."""
    request = letter_facts.request_of(dossier)
    items = [] if about.get("documents") else list(results.inventory(request))
    waiting = [item for item in items if item.transmission_id is None]
    if items:
        return _with_items(request, waiting or items, language)
    return _with_inventory(dossier, about, language)


def consultation(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """What stands against the request so far, as the triage noted it."""
    request = letter_facts.request_of(dossier)
    return _gathered(
        request,
        language,
        {
            "concerns_noted": "\n".join(
                f"{DASH}{found.reasons}" for found in letter_facts.grounds_that_apply(request)
            ),
            "wanted_by": "",
        },
    )


def postponement(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """Until when, and for which reasons, as decided."""
    request = letter_facts.request_of(dossier)
    receipt = letter_facts.receipt_of(request)
    until = getattr(receipt, "postponed_until", None)
    return _gathered(
        request,
        language,
        {
            "postponed_until": in_words(until, language) if until else "",
            "reasons_given": letter_facts.reasons_given(receipt, "postponed"),
        },
        {"postponed_until": until.isoformat() if until else ""},
    )


def refusal(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The grounds of the instrument that apply, with their articles, and the reasons decided on."""
    request = letter_facts.request_of(dossier)
    receipt = letter_facts.receipt_of(request)
    consulted = getattr(receipt, "consulted_at", None)
    grounds = letter_facts.grounds_that_apply(request)
    return _gathered(
        request,
        language,
        {
            "grounds": letter_facts.grounds_in_words(request, grounds, language),
            "reasons_given": letter_facts.reasons_given(receipt, "refused"),
            "consulted_on": day_of(consulted, dossier, language),
        },
        {"grounds": [found.ground.ground for found in grounds]},
    )


def referral(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """The transfer letter: to whom the request goes, for which reasons, by when they shall answer."""
    request = letter_facts.request_of(dossier)
    receipt = letter_facts.receipt_of(request)
    to_whom = addressee_as_typed(getattr(receipt, "referred_to", ""), "")
    if not to_whom["name"]:
        to_whom = letter_facts.addressee(request, language)
    wanted = getattr(receipt, "referral_answer_wanted_by", None)
    gathered = _gathered(
        request,
        language,
        {
            "addressee": to_whom["name"],
            "received_on": day_of(letter_facts.received_at(request), dossier, language),
            "reasons_given": letter_facts.reasons_given(receipt, "referred"),
            "wanted_by": in_words(wanted, language) if wanted else "",
        },
        {"wanted_by": wanted.isoformat() if wanted else ""},
    )
    return replace(gathered, addressee=to_whom)


def withdrawal(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    return _gathered(letter_facts.request_of(dossier), language, {})


def spontaneous_information(
    dossier: Dossier, about: About, language: str, now: datetime
) -> Gathered:
    return _gathered(letter_facts.request_of(dossier), language, {})


def return_of_exhibits(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    """What goes back: the documents named in ``about``; else the originals that came to us with the
    results and are still here; else as the officer lists it."""
    if about.get("documents"):
        return _with_inventory(dossier, about, language)
    request = letter_facts.request_of(dossier)
    here = list(results.originals_out(request)) if was_sent(dossier) else []
    if here:
        return _with_items(request, here, language)
    return _gathered(request, language, {"has_inventory": ""})


def note_verbale(dossier: Dossier, about: About, language: str, now: datetime) -> Gathered:
    return _gathered(letter_facts.request_of(dossier), language, {})


# --- within -------------------------------------------------------------------------------------


def _gathered(
    request: AssistanceRequest,
    language: str,
    values: dict[str, str],
    data: dict[str, Any] | None = None,
    tables: dict[str, list[dict[str, str]]] | None = None,
) -> Gathered:
    return Gathered(
        values=letter_facts.common(request, language) | values,
        addressee=letter_facts.addressee(request, language),
        tables=tables or {},
        data=letter_facts.data_of(request) | (data or {}),
    )


def _with_inventory(dossier: Dossier, about: About, language: str) -> Gathered:
    documents = _documents(dossier, about)
    rows = [
        {
            "number": str(number),
            "title": document.title,
            "size": size_in_words(document.size, language),
            "digest": document.sha256,
        }
        for number, document in enumerate(documents, start=1)
    ]
    listed = [{"title": d.title, "size": d.size, "sha256": d.sha256} for d in documents]
    return _gathered(
        letter_facts.request_of(dossier),
        language,
        {"has_inventory": "yes" if rows else ""},
        {"inventory": listed},
        {"inventory": rows},
    )


def _with_items(request: AssistanceRequest, items: list[Item], language: str) -> Gathered:
    """The items with their numbers on the inventory; the digest where the item is a file."""
    rows = [
        {
            "number": in_digits(str(item.number), language),
            "title": f"{in_digits(str(item.quantity), language)} × {item.description}"
            if item.quantity > 1
            else item.description,
            "size": size_in_words(item.document.size, language) if item.document else "",
            "digest": item.document.sha256 if item.document else "",
        }
        for item in items
    ]
    listed = [
        {
            "number": item.number,
            "title": item.description,
            "kind": item.kind,
            "quantity": item.quantity,
            "original": item.original,
            "return_by": item.return_by.isoformat() if item.return_by else "",
            "sha256": item.document.sha256 if item.document else "",
        }
        for item in items
    ]
    return _gathered(
        request, language, {"has_inventory": "yes"}, {"inventory": listed}, {"inventory": rows}
    )


def _documents(dossier: Dossier, about: About) -> list[Document]:
    """The documents chosen, else all that can be handed over. Raises Invalid for another's."""
    kept = dossier.documents.filter(removed_at__isnull=True).exclude(kind__in=NEVER_LISTED)
    chosen = about.get("documents")
    if not chosen:
        return list(kept.exclude(kind=Document.Kind.RECEIVED))
    numbers = [n for n in chosen if isinstance(n, int)] if isinstance(chosen, list) else []
    found = list(kept.filter(pk__in=numbers))
    if not numbers or len(found) != len(set(numbers)):
        sentence = _("Choose documents of this dossier.")
        raise Invalid("no_such_document", sentence, fields={"about": [sentence]})
    return found


# --- the kinds ----------------------------------------------------------------------------------


def _kind(
    gather: Gather,
    label: Text,
    offered: Callable[[Dossier], bool],
    *,
    four_eyes: bool = False,
    asks: dict[str, Text] | None = None,
    on_sent: Told | None = None,
) -> DraftKind:
    """A kind named after its gatherer and its texts."""
    name = gather.__name__
    return DraftKind(
        code=f"mla.{name}",
        label=label,
        texts=letter_texts.FOLDER,
        name=name,
        gather=gather,
        matters=frozenset({"request"}),
        four_eyes=four_eyes,
        asks=asks or {},
        offered=offered,
        default_language=letter_facts.language_of,
        on_sent=on_sent,
    )


CONDITIONS = _("Conditions of use, if any.")
KINDS = (
    _kind(
        supplementary_request,
        _("Supplementary request"),
        was_sent,
        four_eyes=True,
        asks={
            "reasons": _("Say what has become known since, and why more is needed."),
            "further_assistance": _("Say what further assistance is asked for."),
        },
    ),
    _kind(
        amendment,
        _("Amendment of a request"),
        lambda dossier: False,
        four_eyes=True,
        on_sent=amendments.note_told,
    ),
    _kind(
        answer,
        _("Answer to a request for information"),
        is_between_us,
        asks={"answer": _("Answer what the other side asked.")},
    ),
    _kind(
        withdrawal,
        _("Withdrawal"),
        was_sent,
        four_eyes=True,
        asks={"reasons": _("Reasons for the withdrawal, if they are to be given.")},
    ),
    _kind(
        acknowledgement,
        _("Acknowledgement of receipt"),
        was_received,
        asks={"remarks": _("Remarks, if any.")},
    ),
    _kind(
        information_request,
        _("Request for information"),
        was_received,
        asks={"questions": _("Say what information is needed, point by point.")},
    ),
    _kind(
        consultation,
        _("Consultation"),
        was_received,
        asks={"concerns": _("Say what stands against the request, and under which provision.")},
    ),
    _kind(
        postponement,
        _("Postponement"),
        was_received,
        four_eyes=True,
        asks={"reasons": _("Give the reasons for the postponement.")},
    ),
    _kind(
        refusal,
        _("Refusal with reasons"),
        was_received,
        four_eyes=True,
        asks={"reasons": _("Give the reasons for the refusal.")},
    ),
    _kind(
        referral,
        _("Transfer to the competent authority"),
        was_referred,
        four_eyes=True,
        asks={"remarks": _("Remarks, if any.")},
    ),
    _kind(
        transmission,
        _("Transmission of results"),
        was_received,
        four_eyes=True,
        asks={
            "execution": _("What was done, when and by which authority."),
            "conditions": CONDITIONS,
        },
    ),
    _kind(
        return_of_exhibits,
        _("Return of exhibits"),
        is_between_us,
        asks={
            "exhibits": _("List what is returned, item by item."),
            "remarks": _("Remarks, if any."),
        },
    ),
    _kind(
        spontaneous_information,
        _("Spontaneous information"),
        lambda dossier: True,
        four_eyes=True,
        asks={
            "information": _("Set out the information to be communicated."),
            "conditions": CONDITIONS,
        },
    ),
    _kind(
        note_verbale,
        _("Note verbale"),
        lambda dossier: True,
        four_eyes=True,
        asks={"remarks": _("Remarks, if any.")},
    ),
)


def declare_kinds() -> None:
    """Make the letters about requests known."""
    for kind in KINDS:
        declare(kind)

"""To whom a request goes, by which channel and in which language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from mla.completeness import chosen_basis
from mla.models import AssistanceRequest
from registry.models import Authority, State
from treaties.legal_basis import Basis

Channel = AssistanceRequest.Transmission
WIDELY_READ = ("en", "fr")
"""Languages tried when none that we can write is known to be accepted."""


@dataclass(frozen=True)
class Where:
    """An authority of the register, or words for the diplomatic channel; and the channel."""

    authority: Authority | None
    text: str
    channel: str


def addressee_for(state: State, basis: Basis | None, *, chosen: int | None = None) -> Where:
    """Whom to write to.

    1. The authority chosen, if the officer chose one.
    2. The authority that the State designated to receive requests under the instrument; else one
       designated under another, or known otherwise: in that order in the resolver's answer.
    3. A central authority of that State that came to the register since.
    4. The diplomatic channel.
    """
    if chosen is not None:
        return _at(reader(state.pk)(chosen))
    designated = [entry["id"] for entry in basis.authorities] if basis else []
    found = Authority.objects.in_bulk(designated)
    if first := next((found[pk] for pk in designated if pk in found), None):
        return _at(first)
    central = Authority.objects.filter(
        state=state,
        kind__in=[Authority.Kind.CENTRAL_AUTHORITY, Authority.Kind.INTERNATIONAL_BODY],
    )
    if other := central.order_by("pk").first():
        return _at(other)
    text = _("The competent authorities of %(state)s, through the diplomatic channel") % {
        "state": state.formal_name or state.name
    }
    return Where(None, text, Channel.DIPLOMATIC)


def _at(authority: Authority | None) -> Where:
    return Where(authority, "", Channel.CENTRAL_AUTHORITY)


def reader(state_code: str) -> Callable[[Any], Authority | None]:
    """Reads the number of an authority of this State, or nothing."""

    def read(value: Any) -> Authority | None:
        if value in ("", None):
            return None
        found = None
        if not isinstance(value, bool) and str(value).isdecimal() and len(str(value)) < 19:
            found = Authority.objects.filter(state=state_code, pk=int(value)).first()
        if found is None:
            raise ValueError(_("Choose an authority of the requested State."))
        return found

    return read


def language_for(where: Where, basis: Basis | None) -> str:
    """The first language accepted there in which we can write a letter."""
    accepted = list(where.authority.languages) if where.authority else []
    if basis:
        accepted += [entry["code"] for entry in basis.languages]
    ours = settings.LETTER_LANGUAGES
    return next((code for code in [*accepted, *WIDELY_READ, *ours] if code in ours), ours[0])


def note_on(request: AssistanceRequest) -> str:
    """What to know of the addressee: designated under another instrument, or not in the register."""
    if request.addressee_id is None:
        return _(
            "The register holds no authority of that State for this: the request goes through the "
            "diplomatic channel. Complete the addressee."
        )
    basis = chosen_basis(request)
    if not basis:
        return ""
    known = {entry["id"]: entry["designated_under"] for entry in basis.get("authorities", ())}
    under = known.get(request.addressee_id)
    if under == request.basis_id:
        return ""
    if under:
        return _(
            "This authority is designated under another instrument (%(instrument)s). Check that it "
            "also receives requests under the basis chosen."
        ) % {"instrument": under}
    return _(
        "This authority is not designated under the basis chosen. Check that it receives requests."
    )

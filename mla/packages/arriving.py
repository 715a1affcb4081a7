"""Packages that arrive: kept when they are whole, taken in as received requests by an officer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cases.models import Offence, Person
from mla import intake
from mla.draft_editing import search_text
from mla.models import ArrivedPackage, AssistanceRequest, Measure, Receipt, RequestKind
from mla.packages import container
from mla.packages.content import OFFENCE_FIELDS, PERSON_FIELDS, TEXTS
from mla.request_kinds import RULES
from registry import documents, peers, timeline, urgency
from registry.access import MAY, authorities_where, roles_by_authority
from registry.deadlines import today_of
from registry.documents import place_of, store_stream
from registry.models import Authority, Document, Dossier, PeerInstallation, State, User
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from treaties.models import MeasureKind, OffenceFamily

LONGEST_TEXT = 100_000


def arrive(stream: BinaryIO, *, brought_by: User | None, now: datetime) -> ArrivedPackage:
    """Keep a package that came by the API or in somebody's hands; the same one is kept once.

    By the API (``brought_by`` None) only packages of installations that are accepted are kept. Raises
    Invalid (``file``) with every problem found, NotAllowed for an unknown sender.
    """
    opened = container.open_checked(stream)
    peer = peers.known(opened.fingerprint)
    if brought_by is None and peer is None:
        raise NotAllowed(
            "sender_unknown",
            _(
                "The key %(fingerprint)s is not accepted here. Ask the administrator of this "
                "installation to accept it."
            )
            % {"fingerprint": opened.fingerprint},
        )
    state = _addressed_state(opened.told)
    if peer is not None and peer.state_id != opened.told["sender"].get("state"):
        sentence = _("This sender may not speak for the State that the package names.")
        raise Invalid("wrong_state", sentence, fields={"file": [sentence]})
    stream.seek(0)
    digest, _size = store_stream(stream)
    arrived, _new = ArrivedPackage.objects.get_or_create(
        fingerprint=opened.fingerprint,
        identifier=opened.identifier,
        defaults={
            "public_key": opened.public_key,
            "peer": peer,
            "state": state,
            "digest": digest,
            "told": opened.told,
            "sealed": bool(opened.told["request"].get("confidential")),
            "arrived_at": now,
            "brought_by": brought_by,
        },
    )
    return arrived


def _addressed_state(told: Mapping[str, Any]) -> State:
    code = str(told["addressee"].get("state", ""))[:8].replace("\x00", "")
    state = State.objects.filter(
        pk=code, pk__in=Authority.objects.exclude(reference_prefix=None).values("state")
    ).first()
    if state is None:
        sentence = _("This package is addressed to a State that has no authority here.")
        raise Invalid("not_for_us", sentence, fields={"file": [sentence]})
    return state


def visible_to(user: User) -> QuerySet[ArrivedPackage]:
    """What arrived for the States in whose authorities the person registers requests.

    What the sender calls confidential is seen only by those who may seal; once it is taken in, by
    those who see the request.
    """
    registers = Authority.objects.filter(pk__in=authorities_where(user, "register"))
    seals = Authority.objects.filter(pk__in=authorities_where(user, "seal"))
    seen = Q(sealed=False, state__in=registers.values("state"))
    seen |= Q(sealed=True, state__in=seals.values("state"))
    open_ones = Q(dossier=None) & seen
    taken = Q(dossier__in=Dossier.objects.visible_to(user).values("pk"))
    return ArrivedPackage.objects.filter(open_ones | taken).select_related("peer", "dossier")


def keys_to_accept() -> list[dict[str, str]]:
    """The keys of packages brought by hand whose senders are not accepted, for administrators: the
    key and the State it claims, nothing of the request."""
    waiting = ArrivedPackage.objects.filter(dossier=None, peer=None).exclude(
        fingerprint__in=PeerInstallation.objects.values("fingerprint")
    )
    found = {
        each.fingerprint: {
            "fingerprint": each.fingerprint,
            "public_key": each.public_key,
            "state": str(each.told["sender"].get("state"))[:8],
        }
        for each in waiting.order_by("-id")[:50]
    }
    return list(found.values())


def may_take_in(user: User) -> bool:
    return bool(authorities_where(user, "register"))


def offices_for(arrived: ArrivedPackage, user: User) -> QuerySet[Authority]:
    """The authorities for which the person may take it in."""
    return Authority.objects.filter(
        pk__in=authorities_where(user, "register"),
        state=arrived.state_id,
        reference_prefix__isnull=False,
    ).select_related("state")


def take_in(
    arrived: ArrivedPackage, owner: Authority, *, user: User, now: datetime
) -> AssistanceRequest:
    """Register the request that a package brings, with all it says and its documents; once.

    Raises NotPossibleNow where it was taken in already or its sender is not accepted, NotAllowed.
    """
    if not MAY["register"] & roles_by_authority(user).get(owner.pk, frozenset()):
        raise NotAllowed("role_may_not", _("You register no requests for this authority."))
    with transaction.atomic():
        held = ArrivedPackage.objects.select_for_update().get(pk=arrived.pk)
        if held.dossier_id is not None:
            raise NotPossibleNow("taken_in_already", _("This package was taken in already."))
        peer = peers.known(held.fingerprint)
        if peer is None:
            raise NotPossibleNow(
                "sender_unknown",
                _("The sender's key is not accepted yet. An administrator accepts it."),
            )
        told = held.told
        if peer.state_id != told["sender"].get("state"):
            raise NotPossibleNow(
                "wrong_state",
                _("This sender may not speak for the State that the package names."),
            )
        request = _registered(held, told, owner, peer, user, now)
        held.peer, held.dossier = peer, request.dossier
        held.taken_in_by, held.taken_in_at = user, now
        held.save()
    arrived.refresh_from_db()
    return request


def _registered(
    arrived: ArrivedPackage,
    told: dict[str, Any],
    owner: Authority,
    peer: PeerInstallation,
    user: User,
    now: datetime,
) -> AssistanceRequest:
    said = told["request"]
    sender = told["sender"].get("authority") or {}
    request = intake.register_received(
        user=user,
        owner=owner,
        requesting_state=told["sender"]["state"],
        received_at=arrived.arrived_at,
        channel=Receipt.Channel.ELECTRONIC,
        title=_text(said.get("title"), 300) or _("Request for assistance"),
        foreign_reference=_text(said.get("reference"), 120),
        requesting_authority_text="\n".join(
            _text(sender.get(name), 400)
            for name in ("name", "postal_address", "city", "email")
            if sender.get(name)
        ),
        sealed=bool(said.get("confidential")),
        **_kind(said, told["sender"]["state"], owner, user),
        now=now,
    )
    request.measures.all().delete()
    dossier = request.dossier
    for name in TEXTS:
        text = _text((said.get("texts") or {}).get(name))
        if text:
            setattr(request, name, text)
    request.answer_wanted_by = _day(said.get("answer_wanted_by"))
    _write_parts(request, said)
    with default_storage.open(place_of(arrived.digest), "rb") as stored:
        for each in told["documents"]:
            stored.seek(0)
            documents.keep(
                dossier,
                kind=Document.Kind.RECEIVED,
                title=_text(each.get("title"), 240),
                file_name=str(each["path"]).rsplit("/", 1)[-1],
                content=container.read_file(stored, str(each["path"])),
                user=user,
                now=now,
            )
    if said.get("urgent"):
        # Without a day of theirs it is urgent at once: who takes it in was not there to be asked.
        reason = request.urgency_reason.strip() or _("Marked as urgent by the sender.")
        until = request.answer_wanted_by or today_of(owner, arrived.arrived_at)
        urgency.mark(dossier, True, reason, until)
        request.urgency_reason = reason
    dossier.search_text = search_text(request)
    dossier.save(update_fields=[*urgency.COLUMNS, "search_text"])
    request.save()
    timeline.record(
        dossier,
        "mla.package_taken_in",
        actor=user,
        at=now,
        peer=peer.name,
        sha256=arrived.digest,
        fingerprint=arrived.fingerprint,
    )
    return request


def _kind(said: Mapping[str, Any], state: str, owner: Authority, user: User) -> dict[str, Any]:
    """The kind that the sender says, and the matter that it follows, found by their reference. One
    that supplements nothing that we have is taken in as a request."""
    reference = _text(said.get("follows"), 120)
    earlier = None
    if reference:
        known = Dossier.objects.visible_to(user).filter(
            kind="request", owner=owner, counterpart=state, foreign_reference=reference
        )
        earlier = AssistanceRequest.objects.filter(dossier__in=known).order_by("pk").first()
    rules = RULES.get(str(said.get("kind")), RULES[RequestKind.REQUEST])
    if not (rules.opened_alone or earlier):
        rules = RULES[RequestKind.REQUEST]
    return {"kind": rules.code, "follows": earlier}


def _write_parts(request: AssistanceRequest, said: Mapping[str, Any]) -> None:
    """Measures and offences that the register knows, and the persons; others become text."""
    kinds = set(MeasureKind.objects.values_list("code", flat=True))
    families = set(OffenceFamily.objects.values_list("code", flat=True))
    dossier = request.dossier
    unknown: list[str] = []
    for place, each in enumerate(_objects(said.get("measures")), 1):
        description = _text(each.get("description"))
        if each.get("kind") in kinds:
            particulars = each.get("particulars")
            Measure.objects.create(
                request=request,
                kind_id=each["kind"],
                description=description,
                particulars=particulars if isinstance(particulars, dict) else {},
                position=place,
            )
        else:
            unknown.append(f"{_text(each.get('kind'), 60)}: {description}")
    written: set[tuple[str, str]] = set()
    for place, each in enumerate(_objects(said.get("offences")), 1):
        values = {name: _text(each.get(name), _longest(Offence, name)) for name in OFFENCE_FIELDS}
        key = (str(each.get("family")), values["provision"])
        if each.get("family") in families and key not in written:
            written.add(key)
            Offence.objects.create(
                dossier=dossier, family_id=each["family"], position=place, **values
            )
        else:
            unknown.append(f"{_text(each.get('family'), 60)}: {values['provision']}")
    for place, each in enumerate(_objects(said.get("persons")), 1):
        _person(request, each, place)
    if unknown:
        request.other_information = "\n".join([request.other_information, *unknown]).strip()


def _person(request: AssistanceRequest, told: Mapping[str, Any], place: int) -> None:
    role = told.get("role")
    values: dict[str, Any] = {
        "dossier": request.dossier,
        "role": role if role in Person.Role.values else Person.Role.THIRD_PARTY,
        "position": place,
    }
    if told.get("protected"):
        alias = _text(told.get("alias"), 80) or _("Protected person %(n)s") % {"n": place}
        values |= {"protected": True, "protected_alias": alias}
    else:
        for name in PERSON_FIELDS:
            given = told.get(name)
            if name.startswith("birth_") and name != "birth_place":
                values[name] = _number(given, name)
            elif name == "nationalities":
                codes = [str(code)[:8] for code in given] if isinstance(given, list) else []
                known = set(State.objects.filter(pk__in=codes).values_list("pk", flat=True))
                values[name] = [code for code in codes if code in known]
            else:
                values[name] = _text(given, _longest(Person, name))
    Person.objects.create(**values)


def _objects(value: Any) -> list[dict[str, Any]]:
    return (
        [each for each in value if isinstance(each, dict)][:200] if isinstance(value, list) else []
    )


def _text(value: Any, most: int | None = None) -> str:
    """A text from elsewhere, as a database can keep it."""
    if not isinstance(value, str):
        return ""
    kept = "".join(c for c in value if c != "\x00" and not "\ud800" <= c <= "\udfff")
    return kept[: most or LONGEST_TEXT].strip()


def _longest(model: type[Person | Offence], name: str) -> int | None:
    return getattr(model._meta.get_field(name), "max_length", None)


def _number(value: Any, name: str) -> int | None:
    bounds = {"birth_year": (1850, 2200), "birth_month": (1, 12), "birth_day": (1, 31)}
    first, last = bounds[name]
    return value if isinstance(value, int) and first <= value <= last else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None

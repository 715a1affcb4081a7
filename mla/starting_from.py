"""Starting a request from an earlier matter: a supplement, a follow-up, a conversion, one like it.

What an earlier matter says is taken over; its references, days, history, letters and sent state
never are. The legal basis is asked for anew, as of today. What came of a sealed matter is sealed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Offence, Person
from mla import clocks, drafting
from mla.draft_editing import search_text
from mla.draft_fields import LONG_TEXTS
from mla.models import INFORMAL, AssistanceRequest, Measure, RequestKind, Status
from mla.request_kinds import rules_of
from registry import timeline
from registry.dossiers import changing
from registry.models import Dossier, State, User
from registry.refusals import Invalid, NotPossibleNow, Text

NOT_SENT_YET = (Status.DRAFT, Status.AWAITING_APPROVAL, Status.APPROVED)
OF_A_DAY = frozenset({"urgency_reason", "period_reason"})
"""Texts that belong to a day of the earlier matter."""
NOT_OF_THE_CONTENT = frozenset(
    {"dossier", "identity_version", "matched", "claimed_until", "attempts"}
)
"""What a person's row holds for the search, which each dossier does for itself."""
OF_ONE_MEASURE = frozenset({"purpose", "special_procedure"})
"""Texts that say what was asked for then: a supplement says its own."""


@dataclass(frozen=True)
class Way:
    """One way to start from an earlier matter.

    ``kind`` is what is started (nothing: the same kind); ``has_place`` says from which matters.
    ``linked``: both pages name the other.
    """

    name: str
    label: Text
    kind: str
    has_place: Callable[[AssistanceRequest], bool]
    linked: bool = True
    measures: bool = True


def _was_sent(request: AssistanceRequest) -> bool:
    return request.dossier.status not in NOT_SENT_YET and rules_of(request).asks


def _is_ours(request: AssistanceRequest) -> bool:
    return not request.is_received


def _is_preservation(request: AssistanceRequest) -> bool:
    return request.kind == RequestKind.PRESERVATION and _was_sent(request)


def _is_informal(request: AssistanceRequest) -> bool:
    return request.kind in INFORMAL


WAYS: dict[str, Way] = {
    way.name: way
    for way in (
        Way(
            "convert",
            gettext_lazy("Make it a request"),
            RequestKind.REQUEST,
            _is_informal,
        ),
        Way(
            "follow_up",
            gettext_lazy("Start the full request that follows"),
            RequestKind.REQUEST,
            _is_preservation,
        ),
        Way(
            "supplement",
            gettext_lazy("Start a supplementary request"),
            RequestKind.SUPPLEMENTARY,
            _was_sent,
            measures=False,
        ),
        Way(
            "copy",
            gettext_lazy("Start a new one like this"),
            "",
            lambda request: request.kind != RequestKind.SUPPLEMENTARY,
            linked=False,
        ),
    )
}


def ways_from(request: AssistanceRequest) -> list[Way]:
    """The ways that have their place now. What came to us is answered, not continued by us."""
    if not _is_ours(request):
        return []
    return [way for way in WAYS.values() if way.has_place(request)]


def start_from(
    earlier: AssistanceRequest,
    name: str,
    *,
    requested_state: State | str = "",
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> AssistanceRequest:
    """Start a draft from an earlier matter that the person sees, and that is ours.

    Only a copy may go to another State; it leaves the earlier matter untouched. Raises Invalid for a
    way that is not known, NotPossibleNow for one that has no place now, Stale for an earlier matter
    that changed meanwhile, NotAllowed as ``drafting.start_request``.
    """
    way = WAYS.get(name)
    if way is None:
        sentence = _("Choose one of the ways offered.")
        raise Invalid("unknown_way", sentence, fields={"way": [sentence]})
    if way not in ways_from(earlier):
        raise NotPossibleNow(
            "cannot_start_from", _("This cannot be started from it as it now stands.")
        )
    elsewhere = name == "copy" and requested_state
    state = requested_state if elsewhere else earlier.requested_state
    with transaction.atomic():
        started = _opened(earlier, way, state, user, now)
        _take_over(earlier, started, way)
        if not elsewhere:
            started.addressee, started.addressee_text = earlier.addressee, earlier.addressee_text
            started.transmission = earlier.transmission
        started.language = earlier.language
        started.dossier.search_text = search_text(started)
        started.dossier.save(update_fields=["search_text"])
        started.save()
        if name == "convert":
            close_converted(earlier, user, now, expected_version=expected_version)
        elif way.linked:
            with changing(earlier.dossier, expected_version=expected_version, now=now) as dossier:
                timeline.record(dossier, "mla.follow_up_started", actor=user, at=now)
    return started


def _opened(
    earlier: AssistanceRequest, way: Way, state: State | str, user: User, now: datetime
) -> AssistanceRequest:
    """The draft, on the earlier matter's basis where that still applies, else on the proposed one."""
    sealed = earlier.dossier.confidentiality == Dossier.Confidentiality.SEALED
    measures = earlier.measures.values_list("kind", flat=True) if way.measures else ()

    def started(basis: str | None) -> AssistanceRequest:
        return drafting.start_request(
            user=user,
            owner=earlier.dossier.owner,
            requested_state=state,
            measures=list(dict.fromkeys(measures)),
            offences=list(earlier.dossier.offences.values_list("family", flat=True)),
            basis_code=basis,
            title=earlier.dossier.title,
            sealed=sealed,
            kind=way.kind or earlier.kind,
            follows=earlier if way.linked else None,
            now=now,
        )

    try:
        with transaction.atomic():
            return started(earlier.basis_id)
    except Invalid as refusal:
        if "basis" not in refusal.fields:
            raise
        return started(None)


def _take_over(earlier: AssistanceRequest, started: AssistanceRequest, way: Way) -> None:
    """Texts, measures with their particulars, offences and persons."""
    left = OF_A_DAY | {"addressee_text"} | (frozenset() if way.measures else OF_ONE_MEASURE)
    for name in LONG_TEXTS:
        if name not in left:
            setattr(started, name, getattr(earlier, name))
    started.further_contents = dict(earlier.further_contents)
    if way.measures:
        started.measures.all().delete()
        Measure.objects.bulk_create(
            Measure(
                request=started,
                kind_id=measure.kind_id,
                description=measure.description,
                particulars=measure.particulars,
                position=measure.position,
            )
            for measure in earlier.measures.all()
        )
    started.dossier.offences.all().delete()
    for model, rows in (
        (Offence, earlier.dossier.offences.all()),
        (Person, earlier.dossier.persons.all()),
    ):
        for row in rows:
            _again(model, row, started.dossier)


def _again(model: type[Offence] | type[Person], row: Offence | Person, dossier: Dossier) -> None:
    """The same row once more, on another dossier."""
    fields = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in NOT_OF_THE_CONTENT
    }
    model.objects.create(**fields | {"dossier": dossier})


def close_converted(
    earlier: AssistanceRequest, user: User, now: datetime, *, expected_version: int | None = None
) -> None:
    """A request came of an informal matter: that one is over, and says so."""
    with changing(earlier.dossier, expected_version=expected_version, now=now) as dossier:
        if dossier.is_open:
            earlier.dossier = dossier
            clocks.cancel_all(earlier, now=now, actor=user)
            dossier.status, dossier.is_open = Status.CLOSED, False
            AssistanceRequest.objects.filter(pk=earlier.pk).update(closed_at=now)
        timeline.record(dossier, "mla.converted", actor=user, at=now)


# --- what belongs together --------------------------------------------------------------


@dataclass(frozen=True)
class Related:
    """A matter that this one came from, or that came from it."""

    request: AssistanceRequest
    words: Text


def related_to(request: AssistanceRequest, user: User) -> list[Related]:
    """The matters before and after this one, of those that the person may see. At most two queries."""
    seen = Dossier.objects.visible_to(user).filter(kind="request")
    chosen = AssistanceRequest.objects.select_related("dossier").filter(dossier__in=seen)
    before = chosen.filter(pk=request.follows_id) if request.follows_id else ()
    found = [Related(each, _before(request, each)) for each in before]
    after = chosen.filter(follows=request.pk).order_by("pk")[:50]
    return found + [Related(each, _after(each, request)) for each in after]


def _before(request: AssistanceRequest, before: AssistanceRequest) -> Text:
    if request.kind == RequestKind.SUPPLEMENTARY:
        return _("It supplements")
    return _("It came of") if before.kind in INFORMAL else _("It follows")


def _after(after: AssistanceRequest, request: AssistanceRequest) -> Text:
    if after.kind == RequestKind.SUPPLEMENTARY:
        return _("Supplemented by")
    return _("Made a request as") if request.kind in INFORMAL else _("Followed by")

"""Showing a draft to the other side for comments, before it is a request.

An officer makes a secret link for one recipient. Who opens it sees what the letter said when the link
was made, marked as a draft, and nothing else of the dossier; and may write comments. Only a digest of
the secret is kept. The link closes with its time, when it is revoked, and as soon as the matter is
sealed, is no draft any more, or holds a person protected since.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mla import draft_fields, letters, recording
from mla.models import (
    AssistanceRequest,
    DraftComment,
    DraftShare,
    InformalStatus,
    RequestKind,
    Status,
)
from registry import timeline
from registry.access import may
from registry.access_tokens import USE_NOTED_EVERY
from registry.deadlines import zone_of
from registry.models import Dossier, User
from registry.refusals import Invalid, NotFound, NotPossibleNow

ACT = "edit"
USUAL_DAYS, MOST_DAYS = 14, 60
MOST_LINKS = 20
"""Living links of one request: more recipients than any draft has."""
MOST_COMMENTS = 200
"""By one link, so that who has it cannot fill the dossier."""
LONGEST_COMMENT = 4_000
RECIPIENT = {
    "recipient": draft_fields.text(160, lines=False),
    "authority": draft_fields.text(300, lines=False),
    "email": draft_fields.text(254, lines=False),
    "message": draft_fields.text(2_000),
}
COMMENT = {"name": draft_fields.text(160, lines=False), "text": draft_fields.text(LONGEST_COMMENT)}


def has_place(request: AssistanceRequest) -> bool:
    """It is a draft of ours, not sealed; one sent for comment stays one until it is closed."""
    if request.is_received or request.dossier.is_sealed:
        return False
    if request.kind == RequestKind.DRAFT_FOR_COMMENT:
        return request.dossier.status in {
            Status.DRAFT,
            InformalStatus.SENT,
            InformalStatus.ANSWERED,
        }
    return request.dossier.status == Status.DRAFT


def may_share(request: AssistanceRequest, user: User) -> bool:
    return has_place(request) and may(user, ACT, request.dossier)


def shares_of(request: AssistanceRequest) -> list[DraftShare]:
    """The links, newest first, each with its comments. Two queries."""
    found = request.draft_shares.select_related("made_by").defer("content")
    return list(found.prefetch_related("comments"))


def comments_on(request: AssistanceRequest) -> list[DraftComment]:
    """What was written by any link of the request, newest first. One query."""
    found = DraftComment.objects.filter(share__request=request.pk)
    return list(found.select_related("share").defer("share__content"))


def share(
    request: AssistanceRequest,
    *,
    given: Mapping[str, Any],
    language: str = "",
    days: Any = USUAL_DAYS,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> tuple[DraftShare, str]:
    """Freeze what the letter says now and make a link to it. The secret is told only here.

    ``given``: ``recipient``, and if wished ``authority``, ``email``, ``message``. Raises NotAllowed,
    Stale, Invalid (a field, ``days``, ``language``), NotPossibleNow for what is sealed or no draft.
    """
    values = _recipient_read(given)
    until = now + timedelta(days=_days_read(days))
    with recording.under_lock(request, user, expected_version, now, act=ACT) as held:
        _demand_place(held)
        if _living(held, now).count() >= MOST_LINKS:
            raise NotPossibleNow(
                "too_many_links", _("There are twenty links. Revoke one that is not needed.")
            )
        return _made(held, values, language, until, user, now)


def share_anew(
    request: AssistanceRequest,
    number: int,
    *,
    days: Any = USUAL_DAYS,
    user: User,
    expected_version: int | None = None,
    now: datetime,
) -> tuple[DraftShare, str]:
    """The draft as it stands now, for the recipient of an earlier link, which ends. As ``share``."""
    until = now + timedelta(days=_days_read(days))
    with recording.under_lock(request, user, expected_version, now, act=ACT) as held:
        _demand_place(held)
        earlier = _share_or_refusal(held, number)
        DraftShare.objects.filter(pk=earlier.pk, revoked_at=None).update(revoked_at=now)
        values = {name: getattr(earlier, name) for name in RECIPIENT}
        return _made(held, values, earlier.content["language"], until, user, now)


def revoke(request: AssistanceRequest, number: int, *, user: User, now: datetime) -> None:
    """End a link at once. Raises NotFound for one that the request does not have."""
    with recording.under_lock(request, user, None, now, act=ACT, also_ended=True) as held:
        found = _share_or_refusal(held, number)
        if not DraftShare.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=now):
            return
        timeline.record(
            held.dossier,
            "mla.draft_share_revoked",
            actor=user,
            at=now,
            share=found.pk,
            recipient=found.recipient,
        )


def note_read(request: AssistanceRequest, *, user: User, now: datetime) -> int:
    """The officer has read the comments: they wait on no desk any more. Returns how many."""
    with recording.under_lock(request, user, None, now, act=ACT, also_ended=True) as held:
        unread = DraftComment.objects.filter(share__request=held, read_at=None)
        return unread.update(read_at=now)


def waiting_for(user: User) -> Q | None:
    """The person's matters with comments that nobody has read."""
    unread = DraftComment.objects.filter(share__request=OuterRef("pk"), read_at=None)
    return Q(Exists(unread), responsible=user)


# --- by the link, without signing in ------------------------------------------------------------


def opened(secret: str, *, now: datetime) -> DraftShare:
    """The draft behind a link. The time of opening is noted, at most every ten minutes.

    Raises NotFound for a link that never was one, and NotPossibleNow for one that is closed; neither
    says anything of the matter.
    """
    found = (
        DraftShare.objects.select_related("request__dossier__owner__state")
        .filter(digest=_digest(secret))
        .first()
    )
    if found is None:
        raise NotFound("link_unknown", _("This link is not valid. Copy it whole from the message."))
    if not is_open(found, now):
        raise NotPossibleNow(
            "link_closed", _("This link is closed. Ask the authority that sent it to you.")
        )
    if found.last_opened_at is None or now - found.last_opened_at > USE_NOTED_EVERY:
        DraftShare.objects.filter(pk=found.pk).update(last_opened_at=now)
    return found


def is_open(found: DraftShare, now: datetime) -> bool:
    """Whether the link shows anything now. One query."""
    if found.revoked_at is not None or now >= found.closes_at or not has_place(found.request):
        return False
    return _protected_in(found.request.dossier) <= set(found.protected)


def html_of(found: DraftShare) -> str:
    """The letter as it stood when the link was made, marked as a draft."""
    return letters.html_of(found.content)


def comment(secret: str, *, name: str, text: str, now: datetime) -> DraftComment:
    """Keep what a reader wrote. Raises what ``opened`` raises, and Invalid (``name``, ``text``)."""
    values = draft_fields.read({"name": name, "text": text}, COMMENT)
    values = {field: value.strip() for field, value in values.items()}
    errors: dict[str, list[str]] = {}
    if not values["name"]:
        errors["name"] = [_("Give your name.")]
    if not values["text"]:
        errors["text"] = [_("Write your comment.")]
    if errors:
        raise Invalid("comment_incomplete", _("The comment was not kept."), fields=errors)
    with transaction.atomic():
        # The row is locked for the timeline alone: the draft itself does not change, and nobody
        # who is editing it is told that somebody else did.
        key = opened(secret, now=now).request_id
        dossier = Dossier.objects.select_for_update().get(pk=key)
        found = opened(secret, now=now)
        if found.comments.count() >= MOST_COMMENTS:
            raise NotPossibleNow(
                "too_many_comments",
                _("No more comments can be written here. Write to the authority that sent it."),
            )
        written = DraftComment.objects.create(share=found, written_at=now, **values)
        timeline.record(
            dossier,
            "mla.draft_commented",
            actor=None,
            at=now,
            share=found.pk,
            comment=written.pk,
            name=written.name,
            recipient=found.recipient,
        )
    return written


# --- within -------------------------------------------------------------------------------------


def _made(
    held: AssistanceRequest,
    values: Mapping[str, str],
    language: str,
    until: datetime,
    user: User,
    now: datetime,
) -> tuple[DraftShare, str]:
    content = letters.letter_content(held, language or held.language, now=now)
    secret = secrets.token_urlsafe(32)
    made = DraftShare.objects.create(
        request=held,
        content=content,
        protected=sorted(_protected_in(held.dossier)),
        digest=_digest(secret),
        made_by=user,
        made_at=now,
        closes_at=until,
        **values,
    )
    day = until.astimezone(ZoneInfo(zone_of(held.dossier.owner))).date()
    timeline.record(
        held.dossier,
        "mla.draft_shared",
        actor=user,
        at=now,
        share=made.pk,
        recipient=made.recipient,
        authority=made.authority,
        until=day.isoformat(),
    )
    return made, secret


def _demand_place(held: AssistanceRequest) -> None:
    if held.dossier.is_sealed:
        raise NotPossibleNow("sealed", _("A sealed matter is not shared with anybody by a link."))
    if not has_place(held):
        raise NotPossibleNow("not_a_draft", _("Only a draft of ours is shared for comment."))


def _recipient_read(given: Mapping[str, Any]) -> dict[str, str]:
    wanted = {name: given.get(name, "") for name in RECIPIENT}
    values = {n: v.strip() for n, v in draft_fields.read(wanted, RECIPIENT).items()}
    if not values["recipient"]:
        sentence = _("Name the person who shall read it.")
        raise Invalid("recipient_missing", sentence, fields={"recipient": [sentence]})
    return values


def _days_read(given: Any) -> int:
    written = str(given).strip()
    if not (written.isascii() and written.isdigit() and 1 <= int(written[:9]) <= MOST_DAYS):
        sentence = _("Give between 1 and 60 days.")
        raise Invalid("days_out_of_bounds", sentence, fields={"days": [sentence]})
    return int(written)


def _living(request: AssistanceRequest, now: datetime) -> QuerySet[DraftShare]:
    return DraftShare.objects.filter(request=request, revoked_at=None, closes_at__gt=now)


def _share_or_refusal(request: AssistanceRequest, number: int) -> DraftShare:
    found = DraftShare.objects.filter(request=request, pk=number).first()
    if found is None:
        raise NotFound("not_found", _("The request has no such link."))
    return found


def _protected_in(dossier: Dossier) -> set[int]:
    return set(dossier.persons.filter(protected=True).values_list("pk", flat=True))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""A draft shared by a secret link: what is seen, by whom, for how long; and the comments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from mla import draft_editing, draft_sharing, lifecycle
from mla.models import DraftComment, DraftShare, InformalStatus, RequestKind, Status
from mla.web.draft_sharing import COMMENTS_A_MINUTE
from registry import timeline
from registry.models import Dossier
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Stale
from tests.factories import AssistanceRequestFactory, PersonFactory

GIVEN = {"recipient": "Awa Diop", "authority": "Ministry of Justice, Dakar"}


@pytest.fixture(autouse=True)
def _nobody_has_asked():
    cache.clear()


@pytest.fixture
def now():
    """The public page asks the clock itself."""
    return timezone.now()


@pytest.fixture
def shared(draft, drafter, now):
    """``(share, secret)`` of the draft, whose facts are known."""
    write(draft, drafter, now, "As it stood.")
    return draft_sharing.share(draft, given=GIVEN, user=drafter, now=now)


def write(request, user, now, facts):
    with draft_editing.editing(request, user=user, expected_version=None, now=now) as held:
        held.facts = facts


def address(secret, sheet=False):
    return reverse("shared-draft-sheet" if sheet else "shared-draft", args=[secret])


def closed(secret, now):
    with pytest.raises(NotPossibleNow) as refused:
        draft_sharing.opened(secret, now=now)
    return refused.value.code == "link_closed"


def test_whoever_has_the_link_reads_the_draft_as_it_stood_when_it_was_shared(
    client, draft, drafter, shared, now
):
    write(draft, drafter, now, "Written later.")
    sheet = client.get(address(shared[1], sheet=True))
    page = client.get(address(shared[1]))
    assert b"As it stood." in sheet.content
    assert b"Written later." not in sheet.content
    assert b"Draft, for comment, not a request" in sheet.content
    assert b"Draft, for comment, not a request" in page.content
    for answer in (sheet, page):
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"


def test_the_page_around_the_letter_says_nothing_of_the_dossier(client, draft, shared):
    Dossier.objects.filter(pk=draft.pk).update(title="Unmistakable", foreign_reference="SN-77")
    page = client.get(address(shared[1])).content.decode()
    assert "Unmistakable" not in page
    assert "SN-77" not in page
    assert draft.dossier.reference not in page


def test_a_protected_person_stands_under_the_alias_and_one_protected_later_closes_the_link(
    client, draft, drafter, now
):
    person = PersonFactory(
        dossier=draft.dossier, family_name="Realname", protected=True, protected_alias="Witness P"
    )
    other = PersonFactory(dossier=draft.dossier, family_name="Openname")
    share, secret = draft_sharing.share(draft, given=GIVEN, user=drafter, now=now)
    sheet = client.get(address(secret, sheet=True)).content.decode()
    assert "Witness P" in sheet
    assert "Realname" not in sheet
    assert share.protected == [person.pk]
    other.protected, other.protected_alias = True, "Witness Q"
    other.save()
    assert client.get(address(secret, sheet=True)).status_code == 410


def test_the_link_ends_with_its_time_when_revoked_and_when_it_is_shared_anew(
    draft, drafter, shared, now
):
    share, secret = shared
    assert draft_sharing.opened(secret, now=now + timedelta(days=13)) == share
    assert closed(secret, now + timedelta(days=14))
    newer, second = draft_sharing.share_anew(draft, share.pk, days=60, user=drafter, now=now)
    assert closed(secret, now)
    assert (newer.recipient, newer.authority) == ("Awa Diop", "Ministry of Justice, Dakar")
    draft_sharing.revoke(draft, newer.pk, user=drafter, now=now)
    assert closed(second, now)
    assert secret not in {share.digest for share in DraftShare.objects.all()}


def test_nothing_is_seen_of_a_sealed_matter_or_of_what_is_no_draft(
    client, draft, drafter, shared, now
):
    dossiers = Dossier.objects.filter(pk=draft.pk)
    for change in ({"status": Status.AWAITING_APPROVAL}, {"confidentiality": "sealed"}):
        dossiers.update(status=Status.DRAFT, confidentiality="ordinary")
        dossiers.update(**change)
        for sheet in (False, True):
            answer = client.get(address(shared[1], sheet=sheet))
            assert answer.status_code == 410
            assert b"As it stood." not in answer.content
        assert client.post(address(shared[1]), {"name": "A", "text": "B"}).status_code == 410
        with pytest.raises(NotPossibleNow):
            draft_sharing.share(draft, given=GIVEN, user=drafter, now=now)
    assert not DraftComment.objects.exists()
    assert client.get(address("never-made")).status_code == 404


def test_a_draft_sent_for_comment_is_shared_until_it_is_closed(start, drafter, now):
    request = start(kind=RequestKind.DRAFT_FOR_COMMENT)
    request = lifecycle.advance(
        request, "record_contact", user=drafter, now=now, means="e_mail", sent_at=now
    )
    _share, secret = draft_sharing.share(request, given=GIVEN, user=drafter, now=now)
    assert request.dossier.status == InformalStatus.SENT
    assert draft_sharing.opened(secret, now=now)
    lifecycle.advance(request, "conclude", user=drafter, now=now)
    assert closed(secret, now)


def test_comments_reach_the_page_the_timeline_and_the_desk_and_disturb_no_editor(
    client, draft, drafter, shared, signed_in
):
    draft.dossier.refresh_from_db()
    version = draft.dossier.version
    for text in ("Article 5 asks for <b>more</b>.", "A second one."):
        answer = client.post(address(shared[1]), {"name": "Awa Diop", "text": text})
        assert answer.status_code == 302
    draft.dossier.refresh_from_db()
    assert draft.dossier.version == version
    assert list(timeline.breaks(draft.dossier)) == []
    page = signed_in(drafter).get(reverse("request", args=[draft.dossier.reference])).content
    assert b"Article 5 asks for &lt;b&gt;more&lt;/b&gt;." in page
    assert b"Awa Diop commented on the draft, by the link for Awa Diop" in page
    waiting = Dossier.objects.visible_to(drafter).filter(draft_sharing.waiting_for(drafter))
    assert list(waiting) == [draft.dossier]
    draft_sharing.note_read(draft, user=drafter, now=timezone.now())
    assert not waiting.all().exists()


def test_what_is_wrong_is_said_at_its_field_and_loses_nothing(client, draft, drafter, shared, now):
    wrong = {"name": "", "text": "x" * 4001}
    answer = client.post(address(shared[1]), wrong)
    assert answer.status_code == 400
    assert wrong["text"] in answer.content.decode()
    for field, unusual in {
        "recipient": {"given": GIVEN | {"recipient": " "}},
        "days": {"days": "61"},
        "language": {"language": "xx"},
    }.items():
        with pytest.raises(Invalid) as refused:
            draft_sharing.share(draft, **{"given": GIVEN, "user": drafter, "now": now} | unusual)
        assert field in refused.value.fields


def test_only_who_may_edit_the_draft_as_they_saw_it_makes_links_and_only_its_own(
    draft, drafter, auditor, shared, office, now
):
    with pytest.raises(NotAllowed):
        draft_sharing.share(draft, given=GIVEN, user=auditor, now=now)
    with pytest.raises(Stale):
        draft_sharing.share(draft, given=GIVEN, user=drafter, expected_version=1, now=now)
    with pytest.raises(NotFound):
        draft_sharing.revoke(
            AssistanceRequestFactory(owner=office, drafter=drafter),
            shared[0].pk,
            user=drafter,
            now=now,
        )


def test_the_officer_is_told_the_link_once_and_comments_are_limited(
    client, draft, drafter, signed_in
):
    officer = signed_in(drafter)
    page = reverse("request-draft-sharing", args=[draft.dossier.reference])
    made = officer.post(page, GIVEN | {"then": "share", "days": "14", "language": "en"})
    link = made.content.decode().split('<code class="key">')[1].split("</code>")[0]
    assert link not in officer.get(page).content.decode()
    secret = link.rstrip("/").split("/")[-1]
    answers = [
        client.post(address(secret), {"name": "A", "text": ""}).status_code
        for _number in range(COMMENTS_A_MINUTE + 1)
    ]
    assert answers == [400] * COMMENTS_A_MINUTE + [429]
    officer.post(page, {"then": "revoke", "share": str(DraftShare.objects.get().pk)})
    assert client.get(address(secret)).status_code == 410

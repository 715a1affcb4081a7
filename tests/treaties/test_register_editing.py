"""The register is kept current by people: every change with its reason, its history and its undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import Authority, Role
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Stale
from tests.factories import UserFactory
from treaties.legal_basis import Question, resolve
from treaties.models import Designation, Obligation, Participation, Proposal, RegisterChange
from treaties.register import party
from treaties.register_editing import editing, proposals
from treaties.register_loading import load_register

ACT = {
    "instrument": "UNTOC",
    "state": "BEL",
    "action": "withdrawal",
    "date": "2026-01-01",
    "entry_into_force": "2026-01-15",
    "source": "C.N.1.2026",
}


@pytest.fixture
def editor(office):
    return UserFactory(name="Ada Editor", works_in=office, role=Role.ADMINISTRATOR)


def add(editor, now, **values):
    return editing.add("participation", ACT | values, reason="Notified.", user=editor, now=now)


def the_act():
    return Participation.objects.get(instrument="UNTOC", state="BEL", action="ratification")


def correct(editor, now, values, *, seen=None, **more):
    return editing.change(
        "participation",
        str(the_act().pk),
        {"source": "C.N.2"} | values,
        reason="It was misread.",
        seen=seen,
        user=editor,
        now=now,
        **more,
    )


def test_an_act_that_was_added_counts_at_once(register, editor, now):
    assert party("UNTOC", "BEL", date(2026, 3, 1)).bound
    add(editor, now)
    assert not party("UNTOC", "BEL", date(2026, 3, 1)).bound
    question = Question("BEL", "SEN", "mla", date(2026, 3, 1), ("corruption",), ())
    assert "UNTOC" not in [b.code for b in resolve(question).applicable]


def test_what_was_added_is_in_the_history_with_who_and_why(register, editor, now):
    fact = add(editor, now)
    change = editing.history_of("participation", str(fact.pk)).get()
    assert (change.act, change.actor, change.reason) == ("added", editor, "Notified.")
    assert (change.instrument, change.state) == ("UNTOC", "BEL")


def test_a_correction_keeps_what_was_before(register, editor, now):
    before = the_act().date
    correct(editor, now, {"date": "2004-08-12"})
    change = RegisterChange.objects.get()
    assert change.before["date"] == before.isoformat()
    assert change.after["date"] == "2004-08-12"
    assert the_act().office_edited


def test_fields_left_out_stay(register, editor, now):
    entry = the_act().entry_into_force
    correct(editor, now, {"note": "A note."})
    assert the_act().entry_into_force == entry


def test_a_correction_is_unverified_unless_who_corrects_verifies(register, editor, now):
    editing.verify(
        "participation", str(the_act().pk), source="The table.", seen=0, user=editor, now=now
    )
    assert the_act().is_verified
    correct(editor, now, {"note": "x"})
    assert not the_act().is_verified
    correct(editor, now, {"note": "y"}, verified=True)
    assert (the_act().is_verified, the_act().verified_by) == (True, editor)


def test_the_loader_leaves_a_correction_alone(register, editor, now):
    correct(editor, now, {"date": "2004-08-12"})
    load_register(now=now)
    assert the_act().date == date(2004, 8, 12)
    assert Participation.objects.filter(instrument="UNTOC", state="BEL").count() == 2


def test_the_loader_does_not_bring_back_what_was_removed(register, editor, now):
    editing.remove(
        "participation", str(the_act().pk), reason="Never was.", seen=0, user=editor, now=now
    )
    load_register(now=now)
    assert not Participation.objects.filter(
        instrument="UNTOC", state="BEL", action="ratification"
    ).exists()


def test_what_the_loader_changes_is_in_the_history(register, now):
    Participation.objects.filter(pk=the_act().pk).update(note="Old wording.")
    load_register(now=now)
    change = RegisterChange.objects.get()
    assert (change.actor, change.origin, change.before) == (None, "files", {"note": "Old wording."})


@pytest.mark.parametrize("doing", ["added", "changed", "removed"])
def test_every_change_can_be_undone(doing, register, editor, now):
    before = list(Participation.objects.order_by("pk").values())
    if doing == "added":
        add(editor, now)
    elif doing == "changed":
        correct(editor, now, {"date": "2004-08-12", "note": "x"})
    else:
        key = str(the_act().pk)
        editing.remove("participation", key, reason="x", seen=0, user=editor, now=now)
    editing.undo(RegisterChange.objects.get().pk, user=editor, now=now)
    assert list(Participation.objects.order_by("pk").values()) == before


def test_only_the_last_change_of_a_fact_can_be_undone(register, editor, now):
    correct(editor, now, {"note": "x"})
    first = RegisterChange.objects.get()
    correct(editor, now, {"note": "y"})
    with pytest.raises(NotPossibleNow):
        editing.undo(first.pk, user=editor, now=now)


def test_the_second_of_two_editors_is_told(register, editor, now):
    correct(editor, now, {"note": "x"}, seen=0)
    with pytest.raises(Stale):
        correct(editor, now, {"note": "y"}, seen=0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": "NOPE"}, "state"),
        ({"date": "yesterday"}, "date"),
        ({"action": "wishing"}, "action"),
        ({"source": " "}, "source"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_told_by_field(values, field, register, editor, now):
    with pytest.raises(Invalid) as refused:
        add(editor, now, **values)
    assert field in refused.value.fields


def test_the_same_act_is_not_added_twice(register, editor, now):
    add(editor, now)
    with pytest.raises(Invalid):
        add(editor, now)
    assert RegisterChange.objects.count() == 1


def test_a_change_without_a_reason_is_refused(register, editor, now):
    with pytest.raises(Invalid) as refused:
        editing.add("participation", ACT, reason=" ", user=editor, now=now)
    assert "reason" in refused.value.fields


def test_an_authority_in_use_is_not_removed(register, office, editor, now):
    with pytest.raises(NotPossibleNow):
        editing.remove("authority", str(office.pk), reason="x", seen=0, user=editor, now=now)
    assert Authority.objects.filter(pk=office.pk).exists()
    assert not RegisterChange.objects.exists()


def test_facts_of_an_instrument_are_corrected_not_added(register, editor, now):
    with pytest.raises(NotPossibleNow):
        editing.add("obligation", {}, reason="x", user=editor, now=now)
    editing.change(
        "obligation",
        "UNTOC-06",
        {"article": "6(1)", "source": "The text."},
        reason="More exact.",
        seen=0,
        user=editor,
        now=now,
    )
    assert Obligation.objects.get(pk="UNTOC-06").article == "6(1)"


def test_languages_are_written_with_commas(register, editor, now):
    fact = Designation.objects.first()
    editing.change(
        "designation",
        str(fact.pk),
        {"languages": "fr, nl", "source": "Note."},
        reason="x",
        seen=0,
        user=editor,
        now=now,
    )
    fact.refresh_from_db()
    assert fact.languages == ["fr", "nl"]


# --- who may ------------------------------------------------------------------------------


def test_an_officer_proposes_and_an_editor_accepts(register, drafter, editor, now):
    key = str(the_act().pk)
    with pytest.raises(NotAllowed):
        editing.change("participation", key, {}, reason="x", seen=0, user=drafter, now=now)
    made = proposals.propose(
        "participation", key, {"note": "Seen in the table."}, reason="I saw it.",
        user=drafter, now=now,
    )  # fmt: skip
    assert the_act().note != "Seen in the table."
    with pytest.raises(NotAllowed):
        proposals.accept(made, user=drafter, now=now)
    proposals.accept(made, user=editor, now=now)
    assert the_act().note == "Seen in the table."
    assert "proposed by" in RegisterChange.objects.get().reason


def test_a_declined_proposal_tells_why(register, drafter, editor, now):
    made = proposals.propose(
        "participation", str(the_act().pk), {"note": "x"}, reason="y", user=drafter, now=now
    )
    with pytest.raises(Invalid):
        proposals.decline(made, "", user=editor, now=now)
    proposals.decline(made, "It is right as it is.", user=editor, now=now)
    made.refresh_from_db()
    assert (made.stage, made.answer) == ("declined", "It is right as it is.")
    with pytest.raises(NotPossibleNow):
        proposals.accept(made, user=editor, now=now)


def test_a_proposal_on_an_old_version_is_not_accepted(register, drafter, editor, now):
    made = proposals.propose(
        "participation", str(the_act().pk), {"note": "x"}, reason="y", user=drafter, now=now
    )
    correct(editor, now, {"note": "z"})
    with pytest.raises(Stale):
        proposals.accept(made, user=editor, now=now)
    assert Proposal.objects.get().stage == "open"


def test_a_proposal_that_could_not_be_accepted_is_refused(register, drafter, now):
    with pytest.raises(Invalid) as refused:
        proposals.propose(
            "participation", str(the_act().pk), {"date": "never"}, reason="y", user=drafter, now=now
        )
    assert "date" in refused.value.fields


def test_an_approving_officer_verifies_by_name_but_does_not_edit(register, office, now):
    approver = UserFactory(works_in=office, role=Role.APPROVING_OFFICER)
    key = str(the_act().pk)
    editing.verify("participation", key, source="The table.", seen=0, user=approver, now=now)
    assert the_act().verified_by == approver
    with pytest.raises(NotAllowed):
        editing.change("participation", key, {}, reason="x", seen=None, user=approver, now=now)


def test_there_is_no_kind_that_nobody_declared(register, editor, now):
    with pytest.raises(NotFound):
        editing.add("user", {"email": "x"}, reason="x", user=editor, now=now)


# --- pages and API ------------------------------------------------------------------------


def test_a_fact_is_corrected_on_its_page_and_undone_on_the_list(register, editor, signed_in):
    client, fact = signed_in(editor), the_act()
    page = reverse("fact", args=["participation", fact.pk])
    shown = client.get(page)
    assert shown.status_code == 200
    typed = {"act": "change", "seen": "0", "action": "ratification", "date": "2004-08-12",
             "source": "C.N.3", "reason": "Misread."}  # fmt: skip
    assert client.post(page, typed).status_code == 302
    assert the_act().date == date(2004, 8, 12)
    change = RegisterChange.objects.get()
    assert b"Misread." in client.get(reverse("register-changes")).content
    client.post(reverse("register-undo"), {"change": change.pk})
    assert the_act().date == fact.date


def test_whoever_does_not_decide_is_not_told_that_a_proposal_exists(
    register, drafter, colleague, signed_in, now
):
    made = proposals.propose(
        "participation", str(the_act().pk), {"note": "x"}, reason="y", user=drafter, now=now
    )
    answer = signed_in(colleague).post(reverse("proposals"), {"number": made.pk, "act": "accept"})
    assert answer.status_code == 404
    assert Proposal.objects.get().stage == "open"


def test_a_form_with_a_mistake_keeps_what_was_typed(register, editor, signed_in):
    page = reverse("fact", args=["participation", the_act().pk])
    typed = {"act": "change", "seen": "0", "action": "ratification", "date": "2004-99-12",
             "source": "C.N.3", "reason": "Half a reason"}  # fmt: skip
    answer = signed_in(editor).post(page, typed)
    assert answer.status_code == 400
    assert b"2004-99-12" in answer.content
    assert b"Half a reason" in answer.content


def test_a_changed_list_is_written_with_commas(register, editor, signed_in, now):
    fact = Designation.objects.first()
    editing.change(
        "designation",
        str(fact.pk),
        {"languages": "fr, nl", "source": "Note."},
        reason="x",
        seen=0,
        user=editor,
        now=now,
    )
    page = signed_in(editor).get(reverse("register-changes")).content.decode()
    assert "<ins>fr, nl</ins>" in page


def test_whoever_may_not_edit_is_offered_to_propose(register, drafter, signed_in):
    page = reverse("fact", args=["participation", the_act().pk])
    client = signed_in(drafter)
    assert b"Propose a correction" in client.get(page).content
    client.post(page, {"act": "change", "seen": "0", "note": "x", "source": "y", "reason": "z"})
    assert not RegisterChange.objects.exists()
    assert client.get(reverse("fact-add", args=["participation"])).status_code == 404


def test_what_was_long_unchecked_is_listed_until_it_is_checked(register, office, signed_in):
    approver = UserFactory(works_in=office, role=Role.APPROVING_OFFICER)
    client = signed_in(approver)
    Authority.objects.exclude(pk=office.pk).update(verified_at=timezone.now())
    page = reverse("register-ageing")
    assert office.name.encode() in client.get(page).content
    client.post(
        reverse("fact", args=["authority", office.pk]), {"act": "verify", "reason": "Its site."}
    )
    assert office.name.encode() not in client.get(page).content
    long_ago = timezone.now() - timedelta(days=366)
    Authority.objects.filter(pk=office.pk).update(verified_at=long_ago)
    assert office.name.encode() in client.get(page).content

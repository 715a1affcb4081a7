"""Starting and writing a draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mla import draft_fields, drafting
from mla.models import AssistanceRequest
from registry.models import Authority, Dossier, State
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow, Stale
from tests.factories import AuthorityFactory, DesignationFactory


def wrong_fields(refused) -> set[str]:
    return set(refused.value.fields)


def events(request):
    return list(request.dossier.timeline.values_list("event", flat=True))


# --- starting ---------------------------------------------------------------------------


def test_a_started_request_rests_on_the_proposed_basis(start):
    request = start(basis_code=None)
    assert request.basis_id == request.basis_answer["proposed"]
    assert [m.kind_id for m in request.measures.all()] == [
        "taking_evidence",
        "bank_financial_records",
    ]


def test_the_officer_may_choose_another_applicable_basis(start):
    codes = [b["code"] for b in start(basis_code=None).basis_answer["applicable"]]
    assert "COMITY" in codes
    assert start(basis_code="COMITY").basis_id == "COMITY"


def test_an_inapplicable_basis_is_refused_with_the_resolvers_reason(start):
    with pytest.raises(Invalid) as refused:
        start(basis_code="LTH-2023")
    reasons = {u["code"]: u["sentence"] for u in start().basis_answer["inapplicable"]}
    assert str(refused.value.detail) == reasons["LTH-2023"]
    assert wrong_fields(refused) == {"basis"}


def test_a_pair_without_a_treaty_gets_reciprocity(start):
    request = start(requested_state="PRK", offences=["torture"], basis_code=None)
    assert request.basis_id == "COMITY"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"requested_state": "XYZ"}, "requested_state"),
        ({"requested_state": ""}, "requested_state"),
        ({"requested_state": "BEL"}, "requested_state"),
        ({"measures": ["divination"]}, "measures"),
        ({"offences": ["rudeness"]}, "offences"),
        ({"title": "x" * 301}, "title"),
        ({"language": "tlh"}, "language"),
        ({"basis_code": "NO-SUCH"}, "basis"),
    ],
)
def test_a_wrong_start_names_its_field_and_opens_nothing(start, wish, field):
    with pytest.raises(Invalid) as refused:
        start(**wish)
    assert wrong_fields(refused) == {field}
    assert not Dossier.objects.exists()


def test_several_mistakes_are_told_at_once(start):
    with pytest.raises(Invalid) as refused:
        start(requested_state="XYZ", measures=["divination"], offences=["rudeness"])
    assert wrong_fields(refused) == {"requested_state", "measures", "offences"}


def test_a_body_whose_mandate_has_ended_cannot_be_asked(start, now):
    State.objects.create(
        code="OLDB", name="Old body", kind=State.Kind.INTERNATIONAL_BODY,
        ended=(now - timedelta(days=1)).date(),
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        start(requested_state="OLDB", basis_code=None)
    assert wrong_fields(refused) == {"requested_state"}


def test_a_territory_is_not_asked(start):
    State.objects.create(code="TERR", name="Territory", kind=State.Kind.TERRITORY)
    with pytest.raises(Invalid) as refused:
        start(requested_state="TERR", basis_code=None)
    assert wrong_fields(refused) == {"requested_state"}


def test_one_may_not_open_a_request_for_another_authority(start, other_office):
    with pytest.raises(NotAllowed):
        start(owner=other_office, requested_state="FRA")


def test_who_only_reads_may_not_open_a_request(start, auditor):
    with pytest.raises(NotAllowed):
        start(user=auditor)


def test_the_designated_authority_is_written_to(start, register):
    senegal = State.objects.get(pk="SEN")
    AuthorityFactory(state=senegal, name="First in the register")
    designated = AuthorityFactory(state=senegal, name="Designated under UNTOC", languages=["fr"])
    DesignationFactory(instrument_id="UNTOC", authority=designated)
    request = start()
    assert request.addressee == designated
    assert request.language == "fr"


def test_without_an_authority_the_request_takes_the_diplomatic_channel(start):
    Authority.objects.filter(state="PRK").update(kind=Authority.Kind.COURT)
    request = start(requested_state="PRK", basis_code="COMITY")
    assert request.addressee is None
    assert request.transmission == AssistanceRequest.Transmission.DIPLOMATIC
    assert request.addressee_text
    assert any("diplomatic channel" in said for said in drafting.warnings(request))


def test_a_language_that_is_not_accepted_is_warned_of(start):
    senegal = State.objects.get(pk="SEN")
    designated = AuthorityFactory(state=senegal, languages=["fr"])
    DesignationFactory(instrument_id="UNTOC", authority=designated, languages=["fr"])
    assert drafting.warnings(start(language="fr")) == []
    assert any("accepted: fr" in said for said in drafting.warnings(start(language="es")))


def test_a_sealed_request_is_sealed_from_its_first_moment(start, colleague):
    request = start(sealed=True)
    assert not Dossier.objects.visible_to(colleague).filter(pk=request.pk).exists()


# --- writing ----------------------------------------------------------------------------


def save(request, user, now, expected_version=None, **changes):
    return drafting.save_draft(
        request, user=user, changes=changes, expected_version=expected_version, now=now
    )


def test_a_draft_may_be_saved_in_part(start, drafter, now):
    request = save(start(), drafter, now, facts="What happened.")
    fresh = AssistanceRequest.objects.get(pk=request.pk)
    assert (fresh.facts, fresh.purpose) == ("What happened.", "")
    assert fresh.dossier.version == 2


def test_one_wrong_field_keeps_all_from_being_saved(start, drafter, now):
    request = start()
    with pytest.raises(Invalid) as refused:
        save(request, drafter, now, facts="Kept?", answer_wanted_by="2027-02-29")
    assert wrong_fields(refused) == {"answer_wanted_by"}
    assert AssistanceRequest.objects.get(pk=request.pk).facts == ""


def test_a_day_that_has_passed_is_refused(start, drafter, now):
    with pytest.raises(Invalid) as refused:
        save(start(), drafter, now, answer_wanted_by=(now - timedelta(days=1)).date())
    assert wrong_fields(refused) == {"answer_wanted_by"}


def test_a_leap_day_is_a_day(start, drafter, now):
    request = save(start(), drafter, now, answer_wanted_by="2028-02-29")
    assert request.answer_wanted_by.isoformat() == "2028-02-29"


def test_ten_megabytes_of_text_are_refused_by_field(start, drafter, now):
    with pytest.raises(Invalid) as refused:
        save(start(), drafter, now, facts="x" * 10_000_000)
    assert "100,000" in refused.value.fields["facts"][0]


def test_a_stale_copy_is_refused(start, drafter, colleague, now):
    request = start()
    save(request, drafter, now, facts="First.", expected_version=1)
    with pytest.raises(Stale):
        save(request, colleague, now, facts="Second.", expected_version=1)
    assert AssistanceRequest.objects.get(pk=request.pk).facts == "First."


def test_a_submitted_request_can_no_longer_be_changed(submitted, drafter, now):
    with pytest.raises(NotPossibleNow, match="Awaiting approval"):
        save(submitted, drafter, now, facts="Too late.")


def test_who_only_reads_may_not_write(start, auditor, now):
    with pytest.raises(NotAllowed):
        save(start(), auditor, now, facts="No.")


def test_a_sitting_of_autosaves_becomes_one_entry(start, drafter, now):
    request = start()
    for second, field in enumerate(["facts", "purpose", "facts", "contact"]):
        save(request, drafter, now + timedelta(seconds=10 * second), **{field: f"v{second}"})
    assert "mla.edited" not in events(request)
    save(request, drafter, now + timedelta(hours=1), facts="After lunch.")
    entry = request.dossier.timeline.get(event="mla.edited")
    assert entry.data["fields"] == ["contact", "facts", "purpose"]
    assert entry.actor == drafter


def test_another_persons_edit_ends_the_sitting(start, drafter, colleague, now):
    request = start()
    save(request, drafter, now, facts="Mine.")
    save(request, colleague, now, purpose="Yours.")
    assert request.dossier.timeline.get(event="mla.edited").actor == drafter
    assert request.last_edited_by == colleague


def test_a_request_is_found_by_title_and_names_but_not_by_a_protected_name(start, drafter, now):
    request = start(title="Banque Générale")
    add = {"user": drafter, "now": now}
    drafting.add_person(request, fields={"role": "suspect", "family_name": "Ñúñez"}, **add)
    drafting.add_person(
        request,
        fields={"role": "witness", "family_name": "Hidden", "protected": True,
                "protected_alias": "W-1"},
        **add,
    )  # fmt: skip
    for found in ("banque generale", "nunez", "w-1", request.dossier.reference.lower()):
        assert found in request.dossier.search_text
    assert "hidden" not in request.dossier.search_text


def test_another_basis_brings_its_own_addressee(start, drafter, now):
    senegal = State.objects.get(pk="SEN")
    for code in ("UNTOC", "UNCAC"):
        DesignationFactory(
            instrument_id=code, authority=AuthorityFactory(state=senegal, name=f"For {code}")
        )
    request = start()
    assert request.addressee.name == "For UNTOC"
    drafting.choose_basis(request, "UNCAC", user=drafter, expected_version=1, now=now)
    fresh = AssistanceRequest.objects.get(pk=request.pk)
    assert (fresh.basis_id, fresh.addressee.name) == ("UNCAC", "For UNCAC")
    assert events(request)[-1] == "mla.basis_chosen"


def test_an_addressee_of_another_state_is_refused(start, drafter, now, office):
    with pytest.raises(Invalid) as refused:
        save(start(), drafter, now, addressee=office.pk)
    assert wrong_fields(refused) == {"addressee"}


# --- parts ------------------------------------------------------------------------------


def test_an_unknown_particular_is_refused(start, drafter, now):
    with pytest.raises(Invalid) as refused:
        drafting.add_measure(
            start(), kind="bank_financial_records", particulars={"colour": "x"},
            user=drafter, now=now,
        )  # fmt: skip
    assert wrong_fields(refused) == {"particulars"}


def test_only_the_particulars_given_change(start, drafter, now):
    request = start()
    measure = drafting.add_measure(
        request, kind="taking_evidence", particulars={"oath": "Yes.", "list_of_questions": "1."},
        user=drafter, now=now,
    )  # fmt: skip
    changed = drafting.change_measure(
        request, measure.pk, changes={"particulars": {"oath": ""}}, user=drafter, now=now
    )
    assert changed.particulars == {"list_of_questions": "1."}


def test_a_part_of_another_request_cannot_be_changed(start, drafter, now):
    mine, other = start(), start()
    with pytest.raises(NotFound):
        drafting.remove_measure(mine, other.measures.first().pk, user=drafter, now=now)
    assert other.measures.count() == 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"role": "friend"}, "role"),
        ({"family_name": ""}, "family_name"),
        ({"birth_year": 1981, "birth_month": 2, "birth_day": 29}, "birth_day"),
        ({"birth_month": 3}, "birth_year"),
        ({"birth_year": 2999}, "birth_year"),
        ({"birth_year": 1980, "birth_day": 3}, "birth_month"),
        ({"nationalities": ["XXX"]}, "nationalities"),
        ({"protected": True}, "protected_alias"),
        ({"shoe_size": 43}, "shoe_size"),
    ],
)
def test_a_wrong_person_names_the_field(start, drafter, now, fields, wrong):
    request = start()
    with pytest.raises(Invalid) as refused:
        drafting.add_person(
            request, fields={"role": "witness", "family_name": "N"} | fields, user=drafter, now=now
        )
    assert wrong_fields(refused) == {wrong}
    assert not request.dossier.persons.exists()


def test_an_offence_is_in_a_request_once(start, drafter, now):
    with pytest.raises(Invalid):
        drafting.add_offence(start(), family="corruption", user=drafter, now=now)


# --- fields -----------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
def test_what_can_be_stored_is_kept_as_written(written):
    kept = draft_fields.text()(written)
    assert kept == written.replace("\r\n", "\n").replace("\r", "\n")


@given(st.one_of(st.integers(), st.floats(), st.binary(), st.lists(st.text()), st.booleans()))
def test_what_is_not_text_is_told(value):
    with pytest.raises(ValueError, match="text"):
        draft_fields.text()(value)


@given(st.dates())
def test_every_day_is_read_back(day):
    assert draft_fields.day(day.isoformat()) == day


@given(st.text(alphabet="0123456789-W ", max_size=12))
def test_a_text_is_read_as_the_day_it_says_or_not_at_all(written):
    try:
        read = draft_fields.day(written)
    except ValueError:
        return
    assert read is None or read.isoformat() == written.strip()

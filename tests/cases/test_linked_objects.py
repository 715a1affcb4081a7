"""Accounts, devices, vessels: one identifier in two matters is found, and leaks nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cases import case_file_parts, case_files, object_identifiers, object_matching
from cases.models import LinkedObject, ObjectMatch
from registry.models import Dossier
from registry.refusals import Invalid, NotAllowed, NotFound
from tests.factories import officer_of

IBAN = "BE71 0961 2345 6769"


@pytest.mark.parametrize(
    ("kind", "one", "other", "country"),
    [
        ("iban", "BE71 0961 2345 6769", "be71096123456769", ""),
        ("imei", "490154203237518", "49-015420-323751-8", ""),
        ("imo", "IMO 9074729", "9074729", ""),
        ("plate", "1-ABC-123", "1abc123", "BEL"),
        ("phone", "+32 2 555 00 00", "0032 2555 0000", ""),
        ("address", "Rue de la Loi 16, Bruxelles", "rue de la loi, 16 BRUXELLES", ""),
    ],
)
def test_two_writings_of_one_identifier_have_one_key(kind, one, other, country):
    key_of = object_identifiers.key_of
    assert key_of(kind, one, country) == key_of(kind, other, country)


@pytest.mark.parametrize(
    ("kind", "written"),
    [("iban", "BE72 0961 2345 6769"), ("imei", "490154203237519"), ("imo", "9074728"),
     ("phone", "02 555 00 00"), ("vin", "123"), ("serial_number", "-- ")],
)  # fmt: skip
def test_an_identifier_with_a_wrong_check_figure_is_refused_with_a_sentence(kind, written):
    with pytest.raises(ValueError, match=r"\w"):
        object_identifiers.key_of(kind, written)


def test_one_plate_of_two_states_is_two_plates():
    assert object_identifiers.key_of("plate", "AB 123", "BEL") != object_identifiers.key_of(
        "plate", "AB 123", "FRA"
    )


def account(case, user, now, identifier=IBAN, **more):
    given = {"kind": "account", "identifier_kind": "iban", "identifier": identifier} | more
    return case_file_parts.add(case, "objects", given, user=user, now=now)


@pytest.fixture
def case(prosecution, first, now):
    return case_files.open_case_file(user=first, owner=prosecution, title="Ours", now=now)


@pytest.fixture
def their_officer(other_office):
    return officer_of(other_office, "prosecutor", name="Sam Stranger")


@pytest.fixture
def theirs(other_office, their_officer, now):
    """A sealed case file of another State's office."""
    return case_files.open_case_file(
        user=their_officer, owner=other_office, title="Unmistakable", sealed=True, now=now
    )


def shown_to(user, case, signed_in) -> str:
    page = signed_in(user).get(reverse("case-file", args=[case.dossier.reference]))
    return page.content.decode()


def test_the_same_account_in_two_matters_that_one_sees_is_shown(
    case, prosecution, first, signed_in, now
):
    other = case_files.open_case_file(user=first, owner=prosecution, title="Other", now=now)
    account(case, first, now)
    account(other, first, now, IBAN.replace(" ", ""))
    assert other.dossier.reference in shown_to(first, case, signed_in)
    assert case.dossier.reference in shown_to(first, other, signed_in)


def test_of_a_hidden_matter_only_the_responsible_officer_learns_that_it_exists(
    case, theirs, first, second, their_officer, signed_in, now
):
    account(theirs, their_officer, now)
    account(case, first, now)
    told = shown_to(first, case, signed_in)
    assert "known in another matter" in told
    for secret in ("nmistakable", theirs.dossier.reference, "Stranger"):
        assert secret not in told
    assert "known in another matter" not in shown_to(second, case, signed_in)
    waiting = Dossier.objects.filter(object_matching.waiting_for(first))
    assert list(waiting) == [case.dossier]


def test_both_sides_learn_of_each_other_once_both_have_agreed(
    case, theirs, first, second, their_officer, now
):
    account(theirs, their_officer, now)
    account(case, first, now)
    key = ObjectMatch.objects.get().pk
    with pytest.raises(NotFound):
        object_matching.agree(key, user=second, now=now)
    assert object_matching.agree(key, user=first, now=now).contact is None
    agreed = object_matching.agree(key, user=their_officer, now=now)
    assert agreed.contact.reference == case.dossier.reference
    with pytest.raises(NotAllowed):
        object_matching.agree(key, user=first, now=now)


def test_a_corrected_identifier_matches_no_more(case, theirs, first, their_officer, now):
    account(theirs, their_officer, now)
    made = account(case, first, now)
    changes = {"identifier": "FR76 3000 6000 0112 3456 7890 189"}
    case_file_parts.change(case, "objects", made.pk, changes, user=first, now=now)
    assert not ObjectMatch.objects.exists()


def test_a_thing_is_in_a_case_file_once_and_known_by_what_fits_it(case, first, now):
    account(case, first, now)
    with pytest.raises(Invalid) as twice:
        account(case, first, now, "BE71096123456769")
    assert list(twice.value.fields) == ["identifier"]
    with pytest.raises(Invalid) as unfit:
        account(case, first, now, kind="vessel")
    assert list(unfit.value.fields) == ["identifier_kind"]
    assert LinkedObject.objects.count() == 1

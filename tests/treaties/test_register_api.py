"""The register and the resolver by API."""

import pytest

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def client(django_user_model, signed_in):
    user = django_user_model.objects.create_user("reader@example.org", "x" * 14, name="Reader")
    return signed_in(user)


def test_a_legal_basis_is_answered(client):
    answer = client.get(
        "/api/v1/legal-basis/",
        {"requesting": "FRA", "requested": "DEU", "offence": "corruption", "on": "2014-12-12"},
    ).json()
    assert [b["code"] for b in answer["applicable"]] == ["ETS30", "UNCAC", "UNTOC", "COMITY"]
    assert answer["proposed"] == "ETS30"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"requesting": "ZZZ", "requested": "DEU"}, "requesting"),
        ({"requesting": "DEU", "requested": "DEU"}, "requested"),
        ({"requesting": "DEU"}, "requested"),
        ({"requesting": "FRA", "requested": "DEU", "on": "2023-02-29"}, "on"),
        ({"requesting": "FRA", "requested": "DEU", "offence": "jaywalking"}, "offence"),
        ({"requesting": "FRA", "requested": "DEU", "purpose": "wedding"}, "purpose"),
    ],
)
def test_a_question_that_cannot_be_answered_names_the_field(client, asked, field):
    response = client.get("/api/v1/legal-basis/", asked)
    assert response.status_code == 400
    assert field in response.content.decode()


def test_states_are_listed_and_found_by_name(client):
    rows = client.get("/api/v1/states/", {"q": "belg"}).json()["results"]
    assert [row["code"] for row in rows] == ["BEL"]


def test_a_state_tells_its_instruments_on_a_day(client):
    state = client.get("/api/v1/states/SEN/", {"on": "2005-12-15"}).json()
    standing = {p["instrument"]: p["standing"] for p in state["instruments"]}
    assert standing["UNCAC"] == "bound_later"


def test_an_instrument_tells_purposes_and_offences(client):
    instrument = client.get("/api/v1/instruments/UNCAC/").json()
    assert {p["purpose"]: p["article"] for p in instrument["purposes"]}["mla"] == "46"


def test_parties_are_listed_for_a_day(client):
    parties = client.get("/api/v1/instruments/ROME/parties/", {"on": "2017-10-27"}).json()
    assert {p["state"]: p["standing"] for p in parties}["BDI"] == "withdrawn"


def test_acts_are_filtered_by_state_and_instrument(client):
    rows = client.get("/api/v1/participations/", {"state": "BDI", "instrument": "ROME"}).json()[
        "results"
    ]
    assert {row["action"] for row in rows} == {"signature", "ratification", "withdrawal"}


def test_measures_and_offences_are_listed(client):
    measures = client.get("/api/v1/measures/").json()
    offences = client.get("/api/v1/offences/").json()
    assert "taking_evidence" in {m["code"] for m in measures}
    assert "corruption" in {o["code"] for o in offences}


def test_what_is_not_in_the_register_is_not_found(client):
    assert client.get("/api/v1/states/ZZZ/").status_code == 404
    assert client.get("/api/v1/instruments/NONE/parties/").status_code == 404


def test_who_has_not_signed_in_is_not_answered(client):
    client.logout()
    assert client.get("/api/v1/states/").status_code in (401, 403)

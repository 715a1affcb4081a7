"""Kinds of requests, and what comes of a matter, by API and on the pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

WISH = {
    "requested_state": "SEN",
    "kind": "enquiry",
    "title": "Does a video hearing need a letter of a judge?",
}


@pytest.fixture
def desk(register, office, drafter, calling):
    return calling(drafter)


@pytest.fixture
def enquiry(desk):
    return desk.call("POST", "/requests/", WISH).json()


def move(desk, row, name, **data):
    return desk.call(
        "POST", f"/requests/{row['reference']}/moves/", {"move": name, **data}, version="*"
    )


def test_the_list_tells_the_kind_and_is_filtered_by_it(desk, enquiry, started):
    only = desk.call("GET", "/requests/?kind=enquiry").json()["results"]
    assert [(row["reference"], row["kind"]) for row in only] == [(enquiry["reference"], "enquiry")]
    assert desk.call("GET", "/requests/?kind=other").status_code == 400


def test_an_enquiry_goes_out_is_answered_and_becomes_a_request(desk, enquiry):
    at = "2026-03-02T09:00:00Z"
    assert move(desk, enquiry, "record_contact", means="email", sent_at=at).status_code == 200
    answered = move(desk, enquiry, "record_reply", answered_at=at, answer="Yes.").json()
    assert answered["status"] == "answered"
    assert answered["kind_record"]["answer"] == "Yes."
    address = f"/requests/{enquiry['reference']}/following/"
    assert [way["way"] for way in desk.call("GET", address).json()["ways"]] == ["convert", "copy"]
    made = desk.call("POST", address, {"way": "convert"}, version="*")
    assert made.status_code == 201
    assert made.json()["kind"] == "request"
    related = desk.call("GET", address).json()["related"]
    assert [each["reference"] for each in related] == [made.json()["reference"]]


def test_information_received_keeps_its_conditions_and_a_reference_unknown_is_told(desk):
    wish = {
        "requesting_state": "SEN",
        "received_at": "2026-03-02T09:00:00Z",
        "title": "Flights of a suspect",
        "kind": "spontaneous",
        "conditions": "For this case alone.",
    }
    row = desk.call("POST", "/requests/received/", wish).json()
    assert (row["kind"], row["use_limitation"]) == ("spontaneous", "For this case alone.")
    refused = desk.call("POST", "/requests/received/", wish | {"follows": "BE-CA-MLA-2026-09999"})
    assert refused.status_code == 400
    assert "follows" in refused.content.decode()


def test_the_pages_start_a_kind_show_it_and_start_another_from_it(
    register, office, drafter, signed_in
):
    browser = signed_in(drafter)
    begun = browser.post(
        reverse("request-new"), {"requested_state": "SEN", "kind": "temporary_transfer"}
    )
    reference = begun["Location"].split("/")[2]
    page = browser.get(reverse("request", args=[reference])).content.decode()
    assert "Temporary transfer of a detained person" in page
    listed = browser.get(reverse("requests") + "?kind=temporary_transfer").content.decode()
    assert reference in listed
    copied = browser.post(reverse("request-start-from", args=[reference, "copy"]))
    assert copied["Location"].endswith("/edit/")
    assert reference not in copied["Location"]


def test_the_page_of_information_received_shows_its_conditions(
    register, office, drafter, signed_in
):
    browser = signed_in(drafter)
    wish = {
        "requesting_state": "SEN",
        "received_at": "2026-03-02T09:00",
        "channel": "post",
        "title": "Flights of a suspect",
        "kind": "spontaneous",
        "conditions": "For this case alone.",
    }
    registered = browser.post(reverse("request-register"), wish)
    page = browser.get(registered["Location"]).content.decode()
    assert 'id="conditions"' in page
    assert "For this case alone." in page
    assert "Record that it is used" in page

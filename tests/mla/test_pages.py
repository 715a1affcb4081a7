"""The pages of requests as a browser gets them: who may, what is refused, what is kept."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mla import drafting
from mla.models import AssistanceRequest
from registry.models import Document

pytestmark = pytest.mark.usefixtures("register")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
OF_A_REQUEST = (
    "request",
    "request-edit",
    "request-checklist",
    "request-preview",
    "request-sheet",
    "request-draft-pdf",
    "request-letter-state",
)
CHANGING = ("request-edit", "request-autosave", "request-annex")


@pytest.fixture
def desk(signed_in, drafter):
    return signed_in(drafter)


def page(name: str, request: AssistanceRequest, *more: str) -> str:
    return reverse(name, args=[request.dossier.reference, *more])


def text_of(response) -> str:
    return unescape(response.content.decode())


def fresh(request: AssistanceRequest) -> AssistanceRequest:
    return AssistanceRequest.objects.select_related("dossier", "letter").get(pk=request.pk)


# --- who may ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_A_REQUEST)
def test_the_drafter_opens_every_page_of_a_request(desk, start, name):
    assert desk.get(page(name, start())).status_code == 200


@pytest.mark.parametrize("name", OF_A_REQUEST)
def test_an_officer_of_another_authority_finds_nothing(signed_in, stranger, start, name):
    assert signed_in(stranger).get(page(name, start())).status_code == 404


@pytest.mark.parametrize("name", CHANGING)
def test_an_officer_of_another_authority_can_change_nothing(signed_in, stranger, start, name):
    request = start()
    response = signed_in(stranger).post(page(name, request), {"facts": "Theirs"})
    assert response.status_code == 404
    assert fresh(request).facts == ""


@pytest.mark.parametrize("move", ["submit", "withdraw"])
def test_an_officer_of_another_authority_can_move_nothing(signed_in, stranger, complete, move):
    response = signed_in(stranger).post(page("request-move", complete, move), {"reason": "x"})
    assert response.status_code == 404
    assert fresh(complete).dossier.status == "draft"


@pytest.mark.parametrize("name", OF_A_REQUEST)
def test_a_sealed_request_does_not_exist_for_a_colleague(signed_in, colleague, start, name):
    assert signed_in(colleague).get(page(name, start(sealed=True))).status_code == 404


def test_a_sealed_request_leaves_no_trace_in_a_colleagues_list(signed_in, colleague, start):
    sealed = start(sealed=True, title="The sealed matter")
    shown = text_of(signed_in(colleague).get(reverse("requests")))
    assert sealed.dossier.reference not in shown
    assert "The sealed matter" not in shown
    assert "No requests yet" in shown


@pytest.mark.parametrize("name", [*OF_A_REQUEST, "request-letter-pdf"])
def test_who_is_not_signed_in_is_asked_to(client, start, name):
    response = client.get(page(name, start()))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_the_auditor_reads_and_is_offered_nothing(signed_in, auditor, complete):
    reader = signed_in(auditor)
    shown = text_of(reader.get(page("request", complete)))
    assert complete.dossier.reference in shown
    assert 'action="' + page("request-move", complete, "submit") not in shown
    assert reader.get(page("request-edit", complete)).status_code == 302
    assert reader.get(reverse("request-new")).status_code == 403


def test_the_auditor_changes_nothing(signed_in, auditor, complete):
    reader = signed_in(auditor)
    before = complete.dossier.version
    assert reader.post(page("request-autosave", complete), {"facts": "Mine"}).status_code == 403
    reader.post(page("request-edit", complete), {"facts": "Mine"})
    reader.post(page("request-annex", complete), {"file": SimpleUploadedFile("a.pdf", PDF)})
    refused = reader.post(page("request-move", complete, "submit"), {})
    assert refused.status_code == 403
    assert fresh(complete).dossier.version == before
    assert fresh(complete).facts == "It is so."
    assert not Document.objects.filter(dossier=complete.dossier).exists()


# --- starting ---------------------------------------------------------------------------

WISH = {
    "requested_state": "SEN",
    "measures": ["taking_evidence", "bank_financial_records"],
    "offences": ["torture"],
    "title": "Statement of the witness Ndour",
}


def test_starting_a_request_leads_to_its_editor(desk, register, office):
    response = desk.post(reverse("request-new"), WISH)
    started = AssistanceRequest.objects.get()
    assert response.url == page("request-edit", started)
    assert started.dossier.title == WISH["title"]
    assert started.measures.count() == 2


@pytest.mark.parametrize("state", ["BEL", "XXX", "", "SEN\x00"])
def test_an_impossible_requested_state_is_refused_beside_its_field(desk, register, office, state):
    response = desk.post(reverse("request-new"), WISH | {"requested_state": state})
    shown = text_of(response)
    assert response.status_code == 400
    assert "#requested_state" in shown
    assert WISH["title"] in shown
    assert re.search(r'value="taking_evidence"[^>]* checked', shown)
    assert not AssistanceRequest.objects.exists()


@pytest.mark.parametrize("state", ["BEL", "XXX", "SEN"])
def test_the_legal_basis_answers_whatever_is_chosen(desk, register, office, state):
    asked = {"requested_state": state, "measures": ["nonsense"], "offences": ["torture"]}
    assert desk.get(reverse("request-new-basis"), asked).status_code == 200


# --- saving -----------------------------------------------------------------------------


def test_an_older_version_is_refused_and_what_was_typed_is_still_in_the_page(desk, start, drafter):
    request = start()
    seen = request.dossier.version
    drafting.save_draft(
        request, user=drafter, changes={"purpose": "Meanwhile"}, expected_version=seen,
        now=timezone.now(),
    )  # fmt: skip
    response = desk.post(page("request-edit", request), {"version": seen, "facts": "Long typed"})
    assert response.status_code == 412
    assert "Long typed" in text_of(response)
    assert fresh(request).facts == ""
    assert fresh(request).purpose == "Meanwhile"


def test_an_older_version_stops_the_autosave(desk, start, drafter):
    request = start()
    seen = request.dossier.version
    drafting.save_draft(
        request, user=drafter, changes={"purpose": "Meanwhile"}, expected_version=seen,
        now=timezone.now(),
    )  # fmt: skip
    response = desk.post(page("request-autosave", request), {"version": seen, "facts": "Mine"})
    assert response.status_code == 412
    assert response.json()["detail"]
    assert fresh(request).facts == ""


def test_the_autosave_says_when_it_saved_and_what_is_still_missing(desk, start):
    request = start()
    sent = {"version": request.dossier.version, "facts": "On 3 May 2024 …"}
    told = desk.post(page("request-autosave", request), sent).json()
    assert told["saved"].startswith("Saved at ")
    assert told["version"] > request.dossier.version
    assert told["errors"] == {}
    assert "Missing" in told["checklist"]
    assert fresh(request).facts == "On 3 May 2024 …"


def test_a_text_of_ten_megabytes_is_refused_and_costs_no_other_text(desk, start):
    request = start()
    sent = {
        "version": request.dossier.version,
        "facts": "x" * 10_000_000,
        "purpose": "To know who ordered it.",
    }
    told = desk.post(page("request-autosave", request), sent).json()
    assert "10,000,000" in told["errors"]["facts"][0]
    assert fresh(request).purpose == "To know who ordered it."
    assert fresh(request).facts == ""


@pytest.mark.parametrize("wrong", ["2027-02-29", "29 February 2027", "2027-13-01", "soon"])
def test_a_day_that_does_not_exist_is_refused_and_shown_as_typed(desk, start, wrong):
    request = start()
    response = desk.post(
        page("request-edit", request),
        {"version": request.dossier.version, "answer_wanted_by": wrong, "facts": "Kept"},
    )
    shown = text_of(response)
    assert response.status_code == 400
    assert 'href="#answer_wanted_by"' in shown
    assert wrong in shown
    assert fresh(request).facts == "Kept"
    assert fresh(request).answer_wanted_by is None


def test_the_29th_of_february_of_a_leap_year_is_a_day(desk, start):
    request = start()
    sent = {"version": request.dossier.version, "answer_wanted_by": "2028-02-29"}
    assert desk.post(page("request-edit", request), sent).status_code == 302
    assert str(fresh(request).answer_wanted_by) == "2028-02-29"


def test_a_text_that_was_emptied_stays_empty_beside_a_mistake(desk, start, drafter):
    request = start()
    drafting.save_draft(
        request, user=drafter, changes={"facts": "The old facts"}, expected_version=None,
        now=timezone.now(),
    )  # fmt: skip
    sent = {"version": fresh(request).dossier.version - 1, "facts": ""}
    response = desk.post(page("request-edit", request), sent)
    assert response.status_code == 412
    assert "The old facts" not in re.search(r'<textarea id="facts".*?</textarea>', text_of(response), re.S)[0]  # fmt: skip


def test_choices_made_in_a_form_with_a_mistake_are_still_chosen(desk, start):
    request = start()
    sent = {
        "answer_wanted_by": "soon",
        "language": "es",
        "transmission": "diplomatic",
        "urgent": ["", "on"],
    }
    shown = text_of(desk.post(page("request-edit", request), sent))
    assert re.search(r'<option value="es" selected', shown)
    assert re.search(r'<option value="diplomatic" selected', shown)
    assert re.search(r'type="checkbox" id="urgent"[^>]* checked', shown)


def test_a_box_can_be_unticked_by_the_plain_form(desk, start):
    request = start(urgent=True)
    shown = text_of(desk.get(page("request-edit", request)))
    assert shown.index('<input type="hidden" name="urgent" value="">') < shown.index('id="urgent"')
    sent = {"version": request.dossier.version, "urgent": ""}
    desk.post(page("request-edit", request), sent)
    assert not fresh(request).dossier.urgent


@pytest.mark.parametrize(
    "strange",
    [
        {"version": "9" * 5000, "facts": "a"},
        {"version": "²", "facts": "a"},
        {f"measure-{'9' * 40}-description": "a"},
        {"measure-999999-description": "a"},
        {"person-٣-family_name": "a"},
        {"facts": "a\x00b"},
        {"then": f"remove-measure:{'9' * 18}"},
        {"then": "add-measure", "new-measure": "nonsense"},
        {"then": "choose-basis", "basis": "nonsense"},
        {"addressee": "9" * 30},
        {"then": "no such thing"},
    ],
)
def test_strange_fields_are_answered_and_never_an_error_of_ours(desk, start, strange):
    request = start()
    sent = {"version": request.dossier.version} | strange
    assert desk.post(page("request-edit", request), sent).status_code in {302, 400, 404, 412}
    assert desk.post(page("request-autosave", request), sent).status_code in {200, 400, 404, 412}


def test_words_with_an_apostrophe_reach_the_script_whole(desk, start, monkeypatch):
    """French has an apostrophe in nearly every sentence."""
    monkeypatch.setattr("mla.web.editing._words", lambda: {"ended": "L'accès n'est \"plus\" là."})
    shown = desk.get(page("request-edit", start())).content.decode()
    written = re.search(r'id="draft-words"[^>]*>(.*?)</script>', shown)[1]
    assert json.loads(written) == {"ended": "L'accès n'est \"plus\" là."}


# --- annexes ----------------------------------------------------------------------------


def test_a_file_that_is_not_what_it_says_is_refused(desk, start):
    request = start()
    file = SimpleUploadedFile("order.pdf", b"MZ\x90\x00 a program", "application/pdf")
    sent = {"title": "Order", "file": file}
    shown = text_of(desk.post(page("request-annex", request), sent, follow=True))
    assert "The annex was added." not in shown
    assert "notice--bad" in shown or "messages" in shown
    assert not Document.objects.filter(dossier=request.dossier).exists()


def test_an_annex_is_listed_and_can_be_opened(desk, start):
    request = start()
    file = SimpleUploadedFile("order.pdf", PDF, "application/pdf")
    shown = text_of(desk.post(page("request-annex", request), {"title": "Order", "file": file}, follow=True))  # fmt: skip
    kept = Document.objects.get(dossier=request.dossier)
    assert reverse("document", args=[kept.pk]) in shown
    assert b"".join(desk.get(reverse("document", args=[kept.pk])).streaming_content) == PDF


def test_the_annex_of_another_authority_is_not_there(signed_in, stranger, desk, start):
    request = start()
    desk.post(page("request-annex", request), {"title": "Order", "file": SimpleUploadedFile("o.pdf", PDF)})  # fmt: skip
    kept = Document.objects.get(dossier=request.dossier)
    assert signed_in(stranger).get(reverse("document", args=[kept.pk])).status_code == 404


# --- moving on --------------------------------------------------------------------------


def test_submitting_without_the_particulars_names_the_measure(desk, complete, drafter):
    measure = complete.measures.get(kind="bank_financial_records")
    empty = dict.fromkeys(measure.kind.particulars.values_list("key", flat=True), "")
    drafting.change_measure(
        complete, measure.pk, changes={"particulars": empty}, user=drafter, now=timezone.now()
    )
    response = desk.post(page("request-move", complete, "submit"), {})
    assert response.status_code == 409
    assert measure.kind.label in text_of(response)
    assert fresh(complete).dossier.status == "draft"


def test_the_drafter_reads_why_she_cannot_approve(signed_in, submitted, drafter, office):
    from registry.models import Membership, Role

    Membership.objects.create(user=drafter, authority=office, role=Role.APPROVING_OFFICER)
    desk = signed_in(drafter)
    sentence = "another approving officer must approve it"
    assert sentence in text_of(desk.get(page("request", submitted)))
    refused = desk.post(page("request-move", submitted, "approve"), {})
    assert refused.status_code in {403, 409}
    assert sentence in text_of(refused)
    assert fresh(submitted).dossier.status != "approved"


@pytest.mark.parametrize(
    ("days", "sentence"), [(1, "not later than now"), (-400, "before the approval")]
)
def test_an_impossible_day_of_sending_is_refused_and_the_form_keeps_the_rest(
    desk, approved, days, sentence
):
    given = (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
    sent = {
        "channel": "post",
        "sent_at": given,
        "tracking_number": "RR 123 456 BE",
        "note": "By registered mail",
    }
    response = desk.post(page("request-move", approved, "send"), sent)
    shown = text_of(response)
    assert response.status_code == 400
    assert sentence in shown
    for value in (given, "RR 123 456 BE", "By registered mail"):
        assert value in shown
    assert fresh(approved).dossier.status == "approved"


@pytest.mark.parametrize("given", ["2027-02-29T10:00", "yesterday", "", "9" * 400])
def test_a_sending_without_a_day_of_the_calendar_is_refused(desk, approved, given):
    response = desk.post(page("request-move", approved, "send"), {"channel": "post", "sent_at": given})  # fmt: skip
    assert response.status_code == 400
    assert 'href="#sent_at"' in text_of(response)


def test_a_proof_that_is_not_what_it_says_stops_the_sending(desk, approved):
    sent = {
        "channel": "post",
        "sent_at": timezone.now().strftime("%Y-%m-%dT%H:%M"),
        "proof": SimpleUploadedFile("receipt.pdf", b"MZ\x90\x00 a program"),
    }
    response = desk.post(page("request-move", approved, "send"), sent)
    assert response.status_code == 400
    assert 'href="#proof"' in text_of(response)
    assert fresh(approved).dossier.status == "approved"


def test_sending_with_a_proof_starts_the_clocks(desk, approved):
    sent = {
        "channel": "post",
        "sent_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "proof": SimpleUploadedFile("receipt.pdf", PDF),
        "version": fresh(approved).dossier.version,
    }
    shown = text_of(desk.post(page("request-move", approved, "send"), sent, follow=True))
    assert fresh(approved).dossier.status == "sent"
    assert "Proof of sending" in shown
    assert approved.dossier.deadlines.exists()


@pytest.mark.parametrize("version", ["9" * 5000, "²", "-1", "x"])
def test_a_version_that_is_none_never_breaks_a_move(desk, complete, version):
    response = desk.post(page("request-move", complete, "submit"), {"version": version})
    assert response.status_code in {302, 412}


def test_a_move_on_an_older_page_is_refused(desk, complete):
    response = desk.post(page("request-move", complete, "submit"), {"version": "1"})
    assert response.status_code == 412
    assert fresh(complete).dossier.status == "draft"


def test_a_reason_longer_than_can_be_kept_is_refused_and_not_cut(desk, complete):
    reason = "We withdraw. " * 2000
    response = desk.post(page("request-move", complete, "withdraw"), {"reason": reason})
    assert response.status_code == 400
    assert reason.strip() in text_of(response)
    assert fresh(complete).dossier.status == "draft"


def test_there_is_no_page_for_a_move_that_does_not_exist(desk, complete):
    assert desk.post(page("request-move", complete, "burn"), {}).status_code in {400, 404}


def test_the_final_letter_is_a_pdf(desk, approved):
    response = desk.get(page("request-letter-pdf", approved), follow=True)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert content.startswith(b"%PDF")


# --- the list ---------------------------------------------------------------------------


def test_the_list_filters_searches_and_orders(desk, start):
    first = start(title="Bank records of the company")
    second = start(title="Statement of Awa Ndour", urgent=True, measures=["taking_evidence"])

    def references(**query: str) -> list[str]:
        shown = text_of(desk.get(reverse("requests"), query))
        return re.findall(r'<bdi class="reference">([^<]+)</bdi></a>', shown)

    assert references(q="ndour") == [second.dossier.reference]
    assert references(urgent="on") == [second.dossier.reference]
    assert references(status="sent") == []
    assert references(order="reference") in (
        [first.dossier.reference, second.dossier.reference],
        [second.dossier.reference, first.dossier.reference],
    )
    assert references(state="ARG") == []


@pytest.mark.parametrize("query", [{"page": "nonsense"}, {"q": "\x00"}, {"q": "%_'\""},
                                   {"order": "nonsense"}, {"status": "x"}, {"state": "\x00"}])  # fmt: skip
def test_a_strange_address_still_shows_the_list(desk, start, query):
    start()
    assert desk.get(reverse("requests"), query).status_code == 200


# --- the cost of a page -----------------------------------------------------------------


def queries(client, address: str) -> int:
    """The queries of a page once it is warm. What is remembered for a minute may run out in one of
    the two counted loads, never in both."""
    client.get(address)
    loads = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        loads.append(len(counted))
    return min(loads)


def test_the_list_costs_the_same_however_long_it_is(desk, start):
    start()
    before = queries(desk, reverse("requests"))
    for _ in range(8):
        start()
    assert queries(desk, reverse("requests")) == before


@pytest.mark.parametrize("name", ["request", "request-edit", "request-preview", "request-sheet"])
def test_a_page_costs_the_same_however_much_is_in_the_request(desk, start, drafter, name):
    request = start()
    common = {"user": drafter, "now": timezone.now()}
    drafting.add_person(request, fields={"role": "witness", "family_name": "One"}, **common)
    drafting.add_annex(request, title="One", file_name="1.pdf", content=PDF, **common)
    before = queries(desk, page(name, request))
    for number in range(6):
        drafting.add_person(
            request, fields={"role": "witness", "family_name": f"P{number}"}, **common
        )
        drafting.add_measure(request, kind="search_and_seizure", **common)
        drafting.add_annex(
            request, title=f"A{number}", file_name=f"{number}.pdf",
            content=PDF + str(number).encode(), **common,
        )  # fmt: skip
    assert queries(desk, page(name, request)) == before

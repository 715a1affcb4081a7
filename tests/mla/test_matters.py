"""Finding requests: pages, filters, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mla import matters
from mla.matters import ORDERS, Cursor, Filters, capped_count, page_of_requests
from mla.models import AssistanceRequest
from registry import letter_codes
from registry.models import Membership, NamedOnDossier, Role
from registry.refusals import Invalid
from tests.factories import NOW, AssistanceRequestFactory, AuthorityFactory, LetterFactory


@pytest.fixture
def requests(office, drafter):
    """Seven requests, two and two changed at the same instant."""
    return [
        AssistanceRequestFactory(owner=office, drafter=drafter, now=NOW + timedelta(minutes=n // 2))
        for n in range(7)
    ]


@pytest.fixture
def everywhere(requests, drafter, office, other_office, belgium):
    """What one officer sees in every way: two offices, sealed and named, named elsewhere."""
    second = AuthorityFactory(state=belgium, reference_prefix="BE-2")
    Membership.objects.create(user=drafter, authority=second, role=Role.AUDITOR)
    seen = [*requests]
    for n in range(3):
        later = NOW + timedelta(minutes=n, seconds=30)
        seen.append(AssistanceRequestFactory(owner=second, now=later))
        AssistanceRequestFactory(owner=office, sealed=True, now=later)
        AssistanceRequestFactory(owner=other_office, requested_state=belgium, now=later)
        for hidden in (
            AssistanceRequestFactory(owner=office, sealed=True, now=later),
            AssistanceRequestFactory(
                owner=other_office, requested_state=belgium, sealed=bool(n), now=later
            ),
        ):
            NamedOnDossier.objects.create(
                dossier=hidden.dossier, user=drafter, added_by=hidden.drafted_by
            )
            seen.append(hidden)
    return seen


def references(page):
    return [row["reference"] for row in page.rows]


def walk(user, order, size, start="", direction="next"):
    pages, cursor = [], start
    while cursor is not None:
        page = page_of_requests(user, order=order, cursor=cursor, size=size)
        pages.append(references(page))
        cursor = getattr(page, direction)
    return pages


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 3, 50])
def test_pages_follow_each_other_in_order_and_lose_nothing(everywhere, drafter, order, size):
    column = order.lstrip("-")
    expected = sorted(
        (r.dossier for r in everywhere),
        key=lambda d: (getattr(d, column), d.pk),
        reverse=order.startswith("-"),
    )
    pages = walk(drafter, order, size)
    assert [reference for page in pages for reference in page] == [d.reference for d in expected]
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("order", ORDERS)
def test_going_back_shows_the_same_pages(everywhere, drafter, order):
    forth = walk(drafter, order, 4)
    page, cursor = None, ""
    for _each in forth:
        page = page_of_requests(drafter, order=order, cursor=cursor, size=4)
        cursor = page.next
    back = [references(page), *walk(drafter, order, 4, page.previous, "previous")]
    assert back[::-1] == forth


def test_the_list_shows_exactly_what_the_gate_lets_through(everywhere, drafter):
    through_the_gate = {request.dossier.reference for request in matters.visible_requests(drafter)}
    assert through_the_gate == set(references(page_of_requests(drafter)))
    assert len(through_the_gate) == len(everywhere)


def test_roles_that_change_show_at_once(requests, drafter, colleague, office):
    assert len(page_of_requests(colleague).rows) == 7
    Membership.objects.filter(user=colleague).delete()
    left = type(colleague).objects.get(pk=colleague.pk)
    assert page_of_requests(left).rows == []


def test_the_first_page_has_no_previous_and_the_last_no_next(requests, drafter):
    first = page_of_requests(drafter, size=4)
    last = page_of_requests(drafter, size=4, cursor=first.next)
    assert (first.previous, last.next) == (None, None)


def test_an_empty_list_is_a_page(stranger):
    page = page_of_requests(stranger)
    assert (page.rows, page.next, page.previous) == ([], None, None)


def test_a_request_that_comes_meanwhile_does_not_shift_the_pages(requests, office, drafter):
    first = page_of_requests(drafter, size=3)
    before = references(page_of_requests(drafter, size=3, cursor=first.next))
    AssistanceRequestFactory(owner=office, drafter=drafter, now=NOW + timedelta(hours=1))
    assert references(page_of_requests(drafter, size=3, cursor=first.next)) == before


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "bnVsbA", Cursor("reference", "A", 1).encode(),
     Cursor("-updated_at", "yesterday", 1).encode(), Cursor("-updated_at", "2026-01-01", 1).encode(),
     Cursor("-updated_at", NOW.isoformat(), 2**70).encode()],
)  # fmt: skip
def test_a_cursor_of_another_list_is_refused(drafter, cursor):
    with pytest.raises(Invalid, match="invalid_cursor"):
        page_of_requests(drafter, cursor=cursor)


@pytest.mark.parametrize(("order", "size"), [("title", 50), ("-updated_at", 0), ("reference", 201)])
def test_an_order_without_an_index_and_a_size_out_of_bounds_are_refused(drafter, order, size):
    with pytest.raises(Invalid):
        page_of_requests(drafter, order=order, size=size)


def test_filters_narrow(requests, office, drafter, colleague):
    urgent = AssistanceRequestFactory(owner=office, drafter=colleague, urgent=True, status="sent")
    only = [urgent.dossier.reference]
    for filters in (
        Filters(status=("sent",)),
        Filters(status=("sent", "closed")),
        Filters(urgent=True),
        Filters(responsible=colleague.pk),
    ):
        assert references(page_of_requests(drafter, filters)) == only
    assert len(page_of_requests(drafter, Filters(requested_state="SEN")).rows) == 8
    assert page_of_requests(drafter, Filters(requested_state="FRA")).rows == []
    assert page_of_requests(drafter, Filters(owner=office.pk + 1)).rows == []
    assert page_of_requests(drafter, Filters(instrument="UNTOC")).rows == []


def test_days_are_whole_days_with_both_ends(requests, drafter):
    day = NOW.date()
    assert len(page_of_requests(drafter, Filters(updated_from=day, updated_to=day)).rows) == 7
    assert page_of_requests(drafter, Filters(updated_from=day + timedelta(days=1))).rows == []


def test_all_words_looked_for_must_be_there_in_any_order(requests, drafter):
    dossier = requests[2].dossier
    dossier.search_text = "be-ca-1\nbanque generale\nnunez"
    dossier.save()
    for words in ("Núñez", "GÉNÉRALE banque", "ca-1 nunez"):
        assert references(page_of_requests(drafter, Filters(q=words))) == [dossier.reference]
    assert page_of_requests(drafter, Filters(q="nunez elsewhere")).rows == []


def test_signs_that_mean_something_to_a_database_are_looked_for_as_written(requests, drafter):
    dossier = requests[0].dossier
    dossier.search_text = "100% of a_b"
    dossier.save()
    assert references(page_of_requests(drafter, Filters(q="100%"))) == [dossier.reference]
    assert page_of_requests(drafter, Filters(q="100_")).rows == []
    assert page_of_requests(drafter, Filters(q="axb")).rows == []


def test_a_count_stops_where_it_no_longer_matters(requests, drafter, stranger, monkeypatch):
    assert (capped_count(drafter), capped_count(stranger)) == (7, 0)
    monkeypatch.setattr(matters, "COUNTED_UP_TO", 4)
    assert capped_count(drafter) == 5


def test_one_request_is_found_by_its_reference(requests, drafter, stranger):
    reference = requests[3].dossier.reference
    assert matters.get_visible(drafter, reference) == requests[3]
    for user, asked in ((stranger, reference), (drafter, "NO-SUCH"), (drafter, "a\x00b")):
        with pytest.raises(AssistanceRequest.DoesNotExist):
            matters.get_visible(user, asked)


def test_a_page_far_in_costs_as_many_queries_as_the_first(
    requests, drafter, django_assert_num_queries
):
    cursor = page_of_requests(drafter, size=2).next
    for place in ("", cursor):
        # Who else has named the person; the office's; the sealed that name the person.
        with django_assert_num_queries(3):
            page_of_requests(drafter, size=2, cursor=place)


def test_a_scanned_letter_finds_its_request_and_no_sealed_one(office, drafter, other_office):
    mine, sealed, foreign = (
        AssistanceRequestFactory(owner=office, drafter=drafter),
        AssistanceRequestFactory(owner=office, sealed=True),
        AssistanceRequestFactory(owner=other_office, requested_state=office.state),
    )
    codes = [
        LetterFactory(
            dossier=request.dossier, verification_code=letter_codes.new_code()
        ).verification_code
        for request in (mine, sealed, foreign)
    ]

    def found(text):
        return references(page_of_requests(drafter, Filters(q=text)))

    for text in (
        codes[0],
        letter_codes.grouped(codes[0]),
        f"https://office.example/verify/{codes[0]}/",
    ):
        assert found(text) == [mine.dossier.reference]
    assert found(codes[1]) == found(codes[2]) == []


def test_a_received_request_is_found_by_either_reference_and_by_a_name(register_request, drafter):
    request = register_request(person={"role": "suspect", "family_name": "Ndour"})
    for text in (request.dossier.reference, "dak/2026/77", "NDOUR"):
        assert references(page_of_requests(drafter, Filters(q=text))) == [request.dossier.reference]

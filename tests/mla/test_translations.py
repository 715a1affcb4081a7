"""Translations: ordered with a clock, flagged when the source changes, received with their cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from mla import costs, drafting, results, translations
from registry.models import Deadline
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import DocumentFactory

DUE, TODAY = "2026-03-20", "2026-03-02"


def order(request, user, now, source="request", **unusual):
    wish = {
        "from_language": "en",
        "to_language": "fr",
        "translator": "Ms Diop, sworn translator",
        "due_on": DUE,
    }
    return translations.order(request, source, user=user, now=now, **wish | unusual)


def clock(job):
    return Deadline.objects.get(pk=job.deadline_id)


def test_an_order_starts_a_clock_that_its_own_receipt_meets(start, drafter, now):
    request = start()
    first, second = order(request, drafter, now), order(request, drafter, now, to_language="ar")
    translations.receive(
        request, first.pk, received_on=TODAY, certified_by="Ms Diop", user=drafter, now=now
    )
    assert clock(first).state == Deadline.State.MET
    assert clock(second).state == Deadline.State.RUNNING
    assert clock(second).due_at.date().isoformat() == DUE


def test_a_job_tells_when_its_source_changed_until_the_translator_has_the_new_text(
    start, drafter, now
):
    request = start()
    job = order(request, drafter, now)
    assert not translations.shown(request)[0].changed
    with pytest.raises(NotPossibleNow):
        translations.give_new_text(request, job.pk, due_on=DUE, user=drafter, now=now)
    drafting.save_draft(
        request, user=drafter, changes={"facts": "Otherwise."}, expected_version=None, now=now
    )
    assert translations.shown(request)[0].changed
    translations.give_new_text(request, job.pk, due_on="2026-03-25", user=drafter, now=now)
    assert not translations.shown(request)[0].changed
    job.refresh_from_db()
    assert clock(job).due_at.date().isoformat() == "2026-03-25"


def test_letters_documents_and_results_can_be_translated(under_way, drafter, now):
    document = DocumentFactory(dossier=under_way.dossier, title="Order of the judge")
    item = results.add_item(
        under_way, {"kind": "record", "description": "A statement"}, user=drafter, now=now
    )
    order(under_way, drafter, now, f"document-{document.pk}")
    order(under_way, drafter, now, f"item-{item.pk}")
    assert [job.needs_attention for job in translations.shown(under_way)] == [False, False]
    type(document).objects.filter(pk=document.pk).update(removed_at=now)
    assert [job.gone for job in translations.shown(under_way)] == [False, True]


def test_what_a_translation_costs_is_a_cost_of_the_request(start, drafter, now):
    request = start()
    job = order(request, drafter, now)
    translations.receive(
        request, job.pk, received_on=TODAY, amount="310.40", currency="eur", user=drafter, now=now
    )
    assert costs.costs_of(request).get().estimated == Decimal("310.40")


@pytest.mark.parametrize(
    ("unusual", "field"),
    [
        ({"to_language": "en"}, "to_language"),
        ({"to_language": "xx9"}, "to_language"),
        ({"translator": " "}, "translator"),
        ({"due_on": "2026-03-01"}, "due_on"),
        ({"source": "document-999"}, "source"),
    ],
)
def test_what_cannot_be_ordered_is_told_by_field(start, drafter, now, unusual, field):
    with pytest.raises(Invalid) as refused:
        order(start(), drafter, now, **unusual)
    assert list(refused.value.fields) == [field]


def test_a_cancelled_job_says_why_and_its_clock_ends(start, drafter, now):
    request = start()
    job = order(request, drafter, now)
    translations.cancel(request, job.pk, reason="They read English.", user=drafter, now=now)
    assert clock(job).state == Deadline.State.CANCELLED
    with pytest.raises(NotPossibleNow):
        translations.receive(request, job.pk, received_on=TODAY, user=drafter, now=now)


def test_an_auditor_orders_nothing(start, auditor, now):
    with pytest.raises(NotAllowed):
        order(start(), auditor, now)


def test_the_pages_order_and_receive_with_the_file(start, drafter, signed_in, now):
    request, client = start(), signed_in(drafter)
    where = reverse("request-translations", args=[request.dossier.reference])
    due = (now + timedelta(days=36_000)).date().isoformat()
    form = {"then": "order", "source": "request", "from_language": "en", "to_language": "fr",
            "translator": "Ms Diop", "version": request.dossier.version}  # fmt: skip
    wrong = client.post(where, form | {"due_on": "2001-01-01"})
    assert wrong.status_code == 400
    assert 'value="Ms Diop"' in wrong.content.decode()
    assert client.post(where, form | {"due_on": due}).status_code == 302
    job = translations.jobs_of(request).get()
    request.dossier.refresh_from_db()
    form = {"then": "receive", "part": job.pk, "version": request.dossier.version,
            "received_on": job.ordered_at.date().isoformat(),
            "file": SimpleUploadedFile("fr.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")}  # fmt: skip
    assert client.post(where, form).status_code == 302
    job.refresh_from_db()
    assert job.translation.dossier_id == request.pk
    page = client.get(reverse("request", args=[request.dossier.reference])).content.decode()
    assert f"#job-{job.pk}" in page


def test_a_program_orders_and_reads_the_flag(start, drafter, signed_in, now):
    request, client = start(), signed_in(drafter)
    where = f"/api/v1/requests/{request.dossier.reference}/translations/"
    body = {"source": "request", "from_language": "en", "to_language": "fr",
            "translator": "Ms Diop", "due_on": "2199-01-01"}  # fmt: skip
    answer = client.post(where, body, content_type="application/json", headers={"If-Match": "*"})
    assert answer.status_code == 201, answer.content
    drafting.save_draft(
        request, user=drafter, changes={"facts": "Otherwise."}, expected_version=None, now=now
    )
    told = client.get(where).json()
    assert told["translations"][0]["source_changed"] is True
    assert "request" in {source["code"] for source in told["sources"]}

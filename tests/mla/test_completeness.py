"""What a request must still say, and what requires it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import translation

from mla import completeness, drafting
from mla.models import AssistanceRequest
from tests.factories import DocumentFactory
from treaties.models import Instrument, MeasureParticular, RequiredContent


def items(request):
    return {item.key: item for item in completeness.checklist(request).items}


def state_of(request, key):
    return items(request)[key].state


def fresh(request):
    return AssistanceRequest.objects.select_related("basis__parent", "dossier").get(pk=request.pk)


@pytest.fixture
def service(start):
    """A request for service of documents alone."""
    return start(measures=["service_of_documents"])


def test_each_item_names_its_article_and_whether_it_is_verified(start):
    item = items(start())["requesting_authority"]
    assert (item.article, item.verified) == ("UNTOC Art. 18(15)(a)", True)


def test_each_item_names_the_fields_to_fill(start):
    assert items(start())["facts_summary"].fields == ("facts",)


def test_a_mandatory_content_is_missing_until_it_is_written(start, drafter, now):
    request = start()
    assert state_of(request, "purpose") == "missing"
    drafting.save_draft(
        request, user=drafter, changes={"purpose": "To know."}, expected_version=None, now=now
    )
    assert state_of(request, "purpose") == "present"


def test_blanks_are_not_a_content(start, drafter, now):
    request = start()
    drafting.save_draft(
        request, user=drafter, changes={"purpose": " \n "}, expected_version=None, now=now
    )
    assert state_of(request, "purpose") == "missing"


def test_the_facts_are_not_needed_when_only_service_is_asked(service, start):
    assert state_of(service, "facts_summary") == "not_needed"
    assert state_of(start(), "facts_summary") == "missing"


def test_special_procedures_are_for_the_officer_to_judge(start):
    assert state_of(start(), "special_procedure") == "optional"


def test_an_urgent_request_needs_its_reason(start, drafter, now):
    calm, urgent = start(), start(urgent=True)
    assert state_of(calm, "reason_for_urgency") == "not_needed"
    assert state_of(urgent, "reason_for_urgency") == "present"
    urgent.urgency_reason = ""
    assert state_of(urgent, "reason_for_urgency") == "missing"


def test_mandatory_particulars_of_a_measure_are_missing_until_given(start, drafter, now):
    request = start(measures=["bank_financial_records"])
    measure = request.measures.get()
    key = f"measure.{measure.pk}.relevance"
    assert state_of(request, key) == "missing"
    drafting.change_measure(
        request, measure.pk, changes={"particulars": {"relevance": "It paid."}},
        user=drafter, now=now,
    )  # fmt: skip
    assert state_of(request, key) == "present"


def test_a_supplement_is_completed_by_the_treaty_that_it_supplements(start):
    request = start()
    request.basis = Instrument.objects.get(pk="ETS182")
    listed = items(request)
    assert listed["witness_protection"].article.startswith("ETS182 Art.")
    assert "14(1)(a)" in listed["requesting_authority"].article


def test_an_instrument_without_a_list_borrows_the_working_list_and_says_so(start):
    request = start(basis_code="COMITY")
    checklist = completeness.checklist(request)
    assert checklist.notes
    borrowed = items(request)["subject_and_nature"]
    assert borrowed.article.startswith("as in ")
    assert not borrowed.verified
    assert items(request)["reciprocity_assurance"].state == "missing"


def test_without_a_basis_the_basis_itself_is_missing(start):
    request = start()
    request.basis = None
    checklist = completeness.checklist(request)
    assert "legal_basis" in [item.key for item in checklist.missing]
    assert checklist.notes


def test_a_content_without_a_field_has_a_text_of_its_own(start, drafter, now):
    request = start()
    request.basis = Instrument.objects.get(pk="EIO-2014")
    request.save()
    assert state_of(request, "necessity_proportionality") == "missing"
    drafting.save_draft(
        fresh(request),
        user=drafter,
        changes={"further_contents": {"necessity_proportionality": "Both."}},
        expected_version=None,
        now=now,
    )
    assert state_of(fresh(request), "necessity_proportionality") == "present"


def test_a_letter_in_another_language_needs_a_translation(start, now):
    request = start()
    request.basis = Instrument.objects.get(pk="LTH-2023")
    request.basis_answer = {"applicable": [{"code": "LTH-2023", "languages": [{"code": "lv"}]}]}
    assert state_of(request, "language_translation") == "missing"
    DocumentFactory(dossier=request.dossier)
    assert state_of(request, "language_translation") == "present"


def test_a_complete_draft_misses_nothing(complete):
    checklist = completeness.checklist(fresh(complete))
    assert checklist.complete, [item.key for item in checklist.missing]
    present, required = checklist.progress
    assert present == required > 5


def test_progress_counts_what_is_required(start):
    checklist = completeness.checklist(start())
    present, required = checklist.progress
    assert required - present == len(checklist.missing)


def test_the_list_costs_the_same_however_many_measures_there_are(
    start, django_assert_max_num_queries
):
    few = fresh(start(measures=["taking_evidence"]))
    many = fresh(start(measures=list(MeasureParticular.objects.values_list(
        "measure", flat=True).distinct())))  # fmt: skip
    assert many.measures.count() > 15
    for request in (few, many):
        # 3 the register's list; 2 measures with their particulars; then persons, offences,
        # annexes and kinds.
        with django_assert_max_num_queries(9):
            completeness.checklist(request)


# --- the mapping ------------------------------------------------------------------------


def words_of(present):
    if isinstance(present, dict):
        return {word for parts in present.values() for part in parts for word in words_of(part)}
    return {present}


ENTRIES = [
    (section, key, entry)
    for section in ("contents", "letter")
    for key, entry in completeness.mapping()[section].items()
]


@pytest.mark.parametrize(("section", "key", "entry"), ENTRIES, ids=lambda value: str(value)[:40])
def test_every_entry_of_the_mapping_means_something(section, key, entry):
    columns = {field.name for field in AssistanceRequest._meta.fields}
    for word in words_of(entry["present"]):
        assert word in completeness.WORDS or word in columns or word == "further"
    assert entry.get("needed", "urgent") in completeness.CASES
    parts = {"measures", "persons", "offences", "annexes", "urgent"}
    for name in entry["fields"]:
        assert name in columns | parts or name == f"further_contents.{key}"
    assert set(entry["labels"]) >= {code for code, _name in settings.LANGUAGES}


def test_every_content_of_the_register_is_mapped(register):
    keys = set(
        RequiredContent.objects.filter(template__request_type="mla").values_list("key", flat=True)
    )
    known = set(completeness.mapping()["contents"])
    silent = set(completeness.mapping()["says_there_is_no_list"])
    assert keys - known - silent == set()


def test_labels_come_in_the_readers_language(start):
    with translation.override("fr"):
        request = start(measures=["service_of_documents"])
        assert items(request)["facts_summary"].label == "Exposé des faits"
        particular = items(request)[f"measure.{request.measures.get().pk}.addressee"]
        assert particular.label == "Remise d'actes: Destinataire"

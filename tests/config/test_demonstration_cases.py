"""The demonstration's case file and extraditions are made as everybody's are, and once."""

from __future__ import annotations

from cases.models import CaseFile, ExtraditionCase
from config.demonstration import load_cast
from config.demonstration_cases_extradition import load_case_and_extraditions
from registry.models import Deadline


def test_one_case_file_and_one_extradition_in_each_direction(register, now):
    load_cast()
    assert load_case_and_extraditions(now) == 3
    assert load_case_and_extraditions(now) == 0
    case = CaseFile.objects.get()
    assert case.linked.count() == 2
    received, sent = ExtraditionCase.objects.order_by("dossier__direction")
    assert received.dossier.status == "arrested"
    assert received.dossier.deadlines.filter(state=Deadline.State.RUNNING).exists()
    assert sent.submitted_by_id

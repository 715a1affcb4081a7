"""The demonstration's case file and extraditions are made as everybody's are, and once."""

from __future__ import annotations

from cases.extradition import possibilities
from cases.models import CaseFile, ExtraditionCase
from config.demonstration import load_cast
from config.demonstration_cases_extradition import load_case_and_extraditions
from registry.models import Deadline, Dossier, User


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


def test_a_second_officer_of_the_office_may_approve_the_formal_request_and_its_drafter_not(
    register, now
):
    load_cast()
    load_case_and_extraditions(now)
    extradition = ExtraditionCase.objects.get(dossier__direction="sent")

    def reasons(email):
        user = User.objects.get(email=email)
        assert Dossier.objects.visible_to(user).filter(pk=extradition.pk).exists()
        (sending,) = (
            each
            for each in possibilities(extradition, user)
            if each.move.name == "send_formal_request"
        )
        return sending.reasons

    assert reasons("marie.lambert@example.org")
    assert not reasons("hugo.lemaire@example.org")

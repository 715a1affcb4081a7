"""The cast and the factories themselves: what the other tests stand on."""

from registry.access import may
from registry.models import Dossier, State
from tests import factories
from treaties.models import Participation


def test_a_draft_has_its_dossier_with_a_number_and_an_opened_timeline(draft):
    assert draft.dossier.reference == "BE-CA-MLA-2026-00001"
    assert [entry.event for entry in draft.dossier.timeline.all()] == ["dossier.opened"]


def test_the_office_sees_the_draft_and_other_people_do_not(
    draft, drafter, colleague, approver, auditor, stranger, prosecutor, administrator
):
    def sees(user):
        return Dossier.objects.visible_to(user).filter(pk=draft.pk).exists()

    assert all(sees(user) for user in (drafter, colleague, approver, auditor))
    assert not any(sees(user) for user in (stranger, prosecutor, administrator))


def test_only_the_approver_may_approve(draft, drafter, approver, auditor):
    may_approve = [
        user for user in (drafter, approver, auditor) if may(user, "approve", draft.dossier)
    ]
    assert may_approve == [approver]


def test_every_factory_makes_a_row(db):
    made = [
        factories.ParticipationFactory(),
        factories.DeclarationFactory(),
        factories.DesignationFactory(),
        factories.InstrumentFactory(offences=["torture"]),
        factories.MeasureFactory(),
        factories.PersonFactory(),
        factories.OffenceFactory(),
        factories.DocumentFactory(),
        factories.LetterFactory(),
        factories.DeadlineFactory(),
        factories.TokenFactory(),
        factories.NamedOnDossierFactory(),
        factories.MembershipFactory(),
    ]
    for row in made:
        row.validate_constraints()
        assert row.pk


def test_the_register_is_the_same_each_time_it_is_asked_for(register):
    assert Participation.objects.filter(instrument="UNCAC", state="SEN").exists()
    assert State.objects.count() > 190


def test_the_register_asked_for_again_can_be_added_to(register):
    last = Participation.objects.latest("pk").pk
    assert factories.ParticipationFactory().pk > last

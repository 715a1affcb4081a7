"""Case files: one place where a case is whole, for those who may see it and nobody else."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from cases import case_board, case_file_parts, case_files, link_chart
from cases.models import CaseFile, ExtraditionCase
from registry import timeline, timeline_words
from registry.models import NamedOnDossier
from registry.refusals import Invalid, NotAllowed, NotFound, NotPossibleNow
from tests.factories import officer_of


@pytest.fixture
def case(prosecution, first, now) -> CaseFile:
    return case_files.open_case_file(
        user=first, owner=prosecution, title="The Unmistakable case", number="FD 12/26", now=now
    )


@pytest.fixture
def add(case, first, now):
    def added(part: str, **given):
        return case_file_parts.add(case, part, given, user=first, now=now)

    return added


def text_of(response) -> str:
    return unescape(response.content.decode())


PAGES = ("case-file", "case-file-edit", "case-file-chart")


@pytest.mark.parametrize("name", PAGES)
def test_a_case_file_is_seen_by_its_office_and_by_nobody_else(
    name, case, first, second, stranger, signed_in
):
    address = reverse(name, args=[case.dossier.reference])
    assert signed_in(first).get(address).status_code == 200
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(second).get(address).status_code == 200
    case.dossier.confidentiality = "sealed"
    case.dossier.save()
    assert signed_in(second).get(address).status_code == 404
    shown = text_of(signed_in(second).get(reverse("case-files")))
    assert "nmistakable" not in shown


@pytest.mark.parametrize("name", ["case-file-follow", "case-file-seal", "case-file-edit"])
def test_others_change_nothing(name, case, stranger, signed_in):
    answer = signed_in(stranger).post(reverse(name, args=[case.dossier.reference]), {"number": "1"})
    assert answer.status_code == 404
    added = reverse("case-file-add", args=[case.dossier.reference, "persons"])
    assert signed_in(stranger).post(added, {"role": "suspect"}).status_code == 404


def test_an_auditor_adds_nothing(case, prosecution, now):
    with pytest.raises(NotAllowed):
        case_file_parts.add(case, "joint-teams", {"name": "Team", "countries": "FRA"},
                       user=officer_of(prosecution, "auditor"), now=now)  # fmt: skip


def test_every_part_is_added_and_told_on_the_timeline(case, add, second):
    add("persons", role="suspect", family_name="Okonkwo", birth_year="1970")
    add("persons", role="witness", family_name="Hidden", protected_alias="Witness A")
    add("offences", family="corruption", provision="Article 246")
    add("team", person=str(second.pk), role="analyst")
    add("related", country="FRA", state="pending", same_acts="on")
    add("joint-teams", name="JIT Delta", countries="FRA, SEN", agreed_on="2026-01-02")
    add("evidence", description="Bank records", country="SEN", received_on="2026-02-01",
        use_limits="Not for tax")  # fmt: skip
    assert case.dossier.timeline.filter(event="case_file.added").count() == 7
    assert list(timeline.breaks(case.dossier)) == []
    assert case.evidence.get().received_on == date(2026, 2, 1)


def test_a_part_without_what_it_needs_says_so_by_field(add):
    with pytest.raises(Invalid) as refused:
        add("evidence", country="SEN")
    assert set(refused.value.fields) == {"description", "received_on"}
    with pytest.raises(Invalid) as refused:
        add("joint-teams", name="T", countries="FRA", agreed_on="2026-02-01", ends_on="2026-01-01")
    assert list(refused.value.fields) == ["ends_on"]


def test_whoever_gets_a_role_is_named_on_the_dossier(case, add, second):
    add("team", person=str(second.pk), role="analyst")
    assert NamedOnDossier.objects.filter(dossier=case.dossier, user=second).exists()


def test_the_same_acts_pursued_elsewhere_are_flagged_until_consulted(
    case, add, first, signed_in, now
):
    related = add("related", country="FRA", state="pending", same_acts="on")
    address = reverse("case-file", args=[case.dossier.reference])
    assert "consult each other" in text_of(signed_in(first).get(address))
    case_file_parts.follow_related(
        case, related.pk,
        {"consulted_on": "2026-03-01", "transfer": "proposed_by_us", "state": "pending"},
        user=first, now=now,
    )  # fmt: skip
    shown = text_of(signed_in(first).get(address))
    assert "consult each other" not in shown
    assert "Transfer to them proposed" in shown


def test_a_final_judgment_on_the_same_acts_stays_flagged(case, add, first, signed_in):
    add("related", country="FRA", state="judged", same_acts="on")
    address = reverse("case-file", args=[case.dossier.reference])
    assert "ne bis in idem" in text_of(signed_in(first).get(address))


def test_a_linked_matter_shows_on_board_chart_and_timeline(case, add, arrested, first, now):
    add("linked", reference=arrested.dossier.reference)
    [matter] = case_files.linked_matters(case, first)
    [line] = case_board.board([matter], now)
    assert line.waits_on_them
    assert line.clocks[0].rule_code in {"CETS209-CONSENT-10", "ETS24-PA-18"}
    events = {entry.event for entry in case_board.timeline_across(case, [matter])}
    assert {"case_file.opened", "extradition.arrested"} <= events
    drawn = link_chart.chart("Case", [], [matter], case_files.states_named(case, [matter]))
    assert arrested.dossier.reference in drawn
    assert ">FRA<" in drawn


def test_a_sealed_linked_matter_is_shown_to_nobody_who_is_not_on_it(
    case, add, opened, second, first, signed_in
):
    hidden = opened(sealed=True, title="Secret-extradition")
    add("linked", reference=hidden.dossier.reference)
    assert len(case_files.linked_matters(case, first)) == 1
    for name in ("case-file", "case-file-chart"):
        address = reverse(name, args=[case.dossier.reference])
        shown = text_of(signed_in(second).get(address))
        assert hidden.dossier.reference not in shown
        assert "Secret-extradition" not in shown
        assert hidden.dossier.reference in text_of(signed_in(first).get(address))


def test_nobody_learns_by_linking_whether_a_hidden_matter_exists(case, opened, second, now):
    hidden = opened(sealed=True).dossier.reference
    told = []
    for reference in (hidden, "BE-PO-EXT-2026-99999"):
        with pytest.raises(Invalid) as refused:
            case_file_parts.add(case, "linked", {"reference": reference}, user=second, now=now)
        told.append(refused.value.by_field())
    assert told[0] == told[1]


def test_a_protected_person_stands_under_the_alias_on_page_and_chart(case, add, first, signed_in):
    add("persons", role="witness", family_name="Realname", protected_alias="Witness A")
    for name in ("case-file", "case-file-chart"):
        shown = text_of(signed_in(first).get(reverse(name, args=[case.dossier.reference])))
        assert "Witness A" in shown
        assert "Realname" not in shown


def test_what_is_written_in_a_chart_is_never_markup(add, case):
    add("persons", role="suspect", family_name="<script>x</script>")
    assert "<script>" not in link_chart.chart("<b>", case.dossier.persons.all(), [], {})


def test_an_extradition_opened_from_the_case_takes_person_and_offences_along(
    case, add, first, signed_in
):
    person = add("persons", role="suspect", family_name="Okonkwo", birth_year="1970")
    add("offences", family="corruption")
    browser = signed_in(first)
    asked = {"case_file": case.dossier.reference, "person": person.pk}
    shown = text_of(browser.get(reverse("extradition-new"), asked))
    assert 'value="Okonkwo"' in shown
    assert 'value="corruption" id="o-corruption" checked' in shown
    form = {"case_file": case.dossier.reference, "direction": "sent", "other_state": "FRA",
            "family_name": "Okonkwo", "offences": ["corruption"]}  # fmt: skip
    browser.post(reverse("extradition-new"), form)
    opened = ExtraditionCase.objects.get()
    assert [d.pk for d in case_files.linked_matters(case, first)] == [opened.pk]


def test_a_case_file_is_opened_and_kept_by_form(first, prosecution, signed_in):
    browser = signed_in(first)
    answer = browser.post(reverse("case-file-new"), {"title": "", "stage": "trial"})
    assert answer.status_code == 400
    browser.post(reverse("case-file-new"), {"title": "Delta", "stage": "trial"})
    made = CaseFile.objects.get()
    address = reverse("case-file-add", args=[made.dossier.reference, "offences"])
    answer = browser.post(address, {"family": "", "provision": "Kept as typed"})
    assert answer.status_code == 400
    assert "Kept as typed" in text_of(answer)
    change = {"title": "Delta", "stage": "ended", "victims_count": "12"}
    browser.post(reverse("case-file-edit", args=[made.dossier.reference]), change)
    made = CaseFile.objects.select_related("dossier").get()
    assert (made.victims_count, made.dossier.is_open) == (12, False)


# --- correcting and taking away ---------------------------------------------------------


def words_of(case) -> list[str]:
    return [timeline_words.sentence(entry) for entry in case.dossier.timeline.all()]


def test_a_correction_keeps_what_was_said_before_on_the_timeline(case, add, first, now):
    made = add("offences", family="corruption", provision="Article 246", penalty="5 years")
    given = {"penalty": "10 years"}
    case_file_parts.change(case, "offences", made.pk, given, user=first, now=now)
    made.refresh_from_db()
    assert (made.penalty, made.provision) == ("10 years", "Article 246")
    assert "Penalty: “5 years”" in words_of(case)[-1]


def test_what_is_taken_away_stands_on_the_timeline(case, add, first, now):
    made = add("evidence", description="Bank records", country="SEN", received_on="2026-02-01")
    case_file_parts.remove(case, "evidence", made.pk, user=first, now=now)
    assert not case.evidence.exists()
    assert "Bank records" in words_of(case)[-1]


def test_a_correction_names_no_former_name_of_a_person(case, add, first, now):
    person = add("persons", role="witness", family_name="Hidden")
    given = {"family_name": "Hiddenn", "protected_alias": "Witness A"}
    case_file_parts.change(case, "persons", person.pk, given, user=first, now=now)
    assert "Hidden" not in str(list(case.dossier.timeline.values_list("data", flat=True)))
    person.refresh_from_db()
    assert (person.family_name, person.protected) == ("", True)


def test_who_leaves_the_team_is_no_longer_named_but_the_responsible_stays(
    case, add, first, second, now
):
    role = add("team", person=str(second.pk), role="analyst")
    case_file_parts.remove(case, "team", role.pk, user=first, now=now)
    assert not NamedOnDossier.objects.filter(dossier=case.dossier, user=second).exists()
    with pytest.raises(NotPossibleNow):
        case_file_parts.remove(case, "team", case.roles.get().pk, user=first, now=now)


def test_a_correction_that_cannot_be_kept_comes_back_with_what_was_typed(
    case, add, first, signed_in
):
    made = add("joint-teams", name="Team", countries="FRA", agreed_on="2026-02-01")
    address = reverse("case-file-part", args=[case.dossier.reference, "joint-teams", made.pk])
    given = {"name": "Team Unmistakable", "countries": "FRA", "agreed_on": "2026-02-01",
             "ends_on": "2026-01-01"}  # fmt: skip
    answer = signed_in(first).post(address, given)
    assert answer.status_code == 400
    assert "Team Unmistakable" in text_of(answer)
    made.refresh_from_db()
    assert made.name == "Team"


def test_an_entry_is_taken_away_by_page_and_nobody_elses_is(
    case, add, first, stranger, signed_in, now
):
    made = add("related", country="FRA", state="pending")
    address = reverse("case-file-part", args=[case.dossier.reference, "related", made.pk])
    assert signed_in(stranger).post(address, {"then": "remove"}).status_code == 404
    assert signed_in(first).post(address, {"then": "remove"}).status_code == 302
    assert not case.related_files.exists()
    assert signed_in(first).post(address, {"then": "remove"}).status_code == 404


def test_taking_a_link_away_names_no_matter_and_takes_seeing_it(
    case, add, opened, first, second, now
):
    sealed = opened(sealed=True).dossier
    link = add("linked", reference=sealed.reference)
    with pytest.raises(NotFound):
        case_file_parts.remove(case, "linked", link.pk, user=second, now=now)
    case_file_parts.remove(case, "linked", link.pk, user=first, now=now)
    assert sealed.reference not in str(list(case.dossier.timeline.values_list("data", flat=True)))

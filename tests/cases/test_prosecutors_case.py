"""A prosecutor's case by pages alone: three States, two requests, an extradition each way, to the end.

Every step is a form of a page, posted as a browser posts it. What the worker does meanwhile (letters
are made, persons matched) is done between the steps.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import deconfliction, extradition_law
from cases.models import CaseFile, ExtraditionCase
from mla.models import AssistanceRequest
from registry.letters import make_ordered
from registry.models import Deadline, Dossier

TEXTS = ("contact", "conducting_authority", "subject_and_nature", "facts", "purpose")


class Story:
    """The pages as two officers use them; ``at(days)`` is a moment so many days after the arrest."""

    def __init__(self, first: Any, second: Any) -> None:
        self.first, self.second = first, second
        self.began = timezone.localtime() - timedelta(days=300)

    def at(self, days: float) -> str:
        moment: datetime = self.began + timedelta(days=days)
        return moment.strftime("%Y-%m-%dT%H:%M")

    def post(self, name: str, *where: Any, by: Any = None, **given: Any) -> Any:
        answer = (by or self.first).post(reverse(name, args=where), given)
        said = unescape(answer.content.decode()) if answer.status_code != 302 else ""
        assert answer.status_code == 302, said[said.find("<h2>Please") :][:600] or said[:600]
        return answer

    def page(self, name: str, *where: Any) -> str:
        answer = self.first.get(reverse(name, args=where))
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def request(self, case: str, state: str) -> str:
        """A request of the case to this State, from the draft to its end."""
        started = self.post(
            "request-new", case_file=case, requested_state=state, measures=["taking_evidence"],
            offences=["corruption"], title=f"Records from {state}", basis="",
            persons=[p.pk for p in CaseFile.objects.get().dossier.persons.all()],
        )  # fmt: skip
        reference = started.url.split("/")[2]
        request = AssistanceRequest.objects.get(dossier__reference=reference)
        given = dict.fromkeys(TEXTS, "It is so.") | {"addressee_text": "Ministry of Justice"}
        for measure in request.measures.all():
            keys = measure.kind.particulars.values_list("key", flat=True)
            given |= {f"measure-{measure.pk}-{key}": "Known." for key in ("description", *keys)}
        for offence in request.dossier.offences.all():
            given |= {f"offence-{offence.pk}-legal_text": "Whoever takes a bribe is punished."}
        for person in request.dossier.persons.all():
            given |= {f"person-{person.pk}-location": "Known.",
                      f"person-{person.pk}-nationalities": "FRA"}  # fmt: skip
        self.post("request-edit", reference, **given)
        self.post("request-move", reference, "submit")
        self.post("request-move", reference, "approve", by=self.second)
        make_ordered()
        self.post("request-move", reference, "send", by=self.second, channel="post",
                  sent_at=timezone.localtime().strftime("%Y-%m-%dT%H:%M"))  # fmt: skip
        self.post("request-move", reference, "record_execution", by=self.second)
        self.post("request-move", reference, "close", by=self.second)
        return reference

    def extradition(self, direction: str, case: str, person: int, state: str) -> str:
        form = self.first.get(
            reverse("extradition-new"), {"case_file": case, "person": person}
        ).context["given"]
        given = {name: form.get(name, "") for name in ("family_name", "given_names", "birth_year")}
        opened = self.post(
            "extradition-new", direction=direction, other_state=state, case_file=case,
            offences=["corruption"], basis="ETS24", title=f"Extradition {direction}", **given,
        )  # fmt: skip
        reference = opened.url.split("/")[2]
        matter = ExtraditionCase.objects.get(dossier__reference=reference)
        for line in extradition_law.checklist(matter).lines:
            self.post("extradition-contents", reference, request_type="extradition",
                      key=line.item.key, text="Enclosed.")  # fmt: skip
        return reference

    def move(self, reference: str, move: str, days: float, by: Any = None, **given: Any) -> None:
        self.post("extradition-move", reference, move, by=by, at=self.at(days), **given)

    def to_the_surrender(self, reference: str) -> None:
        self.move(reference, "open_judicial_phase", 20)
        self.move(reference, "record_court_decision", 40, outcome="admissible")
        self.move(reference, "grant", 50)
        self.move(reference, "agree_surrender", 50, surrender_at=self.at(60), place="Lille")
        self.move(reference, "record_surrender", 60)


@pytest.fixture
def story(first, second, signed_in) -> Story:
    return Story(signed_in(first), signed_in(second))


def test_a_case_with_three_states_runs_to_its_end_by_pages_alone(story: Story, first, prosecution):
    opened = story.post("case-file-new", title="The bribes", stage="investigation",
                        summary="Bribes were paid.", owner=prosecution.pk)  # fmt: skip
    case = opened.url.split("/")[2]
    for part, given in (
        ("offences", {"family": "corruption", "provision": "Article 246",
                      "acts_from": "2024-05-03", "acts_until": "2024-05-09"}),
        ("persons", {"role": "suspect", "family_name": "Tarrin", "birth_year": "1981"}),
        ("related", {"country": "FRA", "number": "P-114", "same_acts": "on", "state": "pending"}),
    ):  # fmt: skip
        story.post("case-file-add", case, part, **given)
    file = CaseFile.objects.get()
    suspect = file.dossier.persons.get()
    assert "consult each other" in story.page("case-file", case)
    story.post("case-file-follow", case, number=file.related_files.get().pk,
               consulted_on="2026-01-01", transfer="proposed_by_us", state="pending")  # fmt: skip

    requests = [story.request(case, state) for state in ("SEN", "ARG")]

    sent = story.extradition("sent", case, suspect.pk, "FRA")
    story.move(sent, "submit_formal_request", 0)
    story.move(sent, "send_formal_request", 1, by=story.second, channel="diplomatic")
    story.move(sent, "confirm_receipt", 5)
    story.to_the_surrender(sent)
    story.move(sent, "record_final_discharge", 100)
    story.move(sent, "record_end_of_speciality", 200)
    story.move(sent, "close", 200)

    received = story.extradition("received", case, suspect.pk, "FRA")
    story.move(received, "record_arrest_request", 0, channel="interpol")
    story.move(received, "record_arrest", 0.5, zone="Europe/Brussels", place="Zaventem")
    story.move(received, "receive_formal_request", 10, channel="diplomatic")
    story.to_the_surrender(received)
    story.move(received, "close", 60)

    deconfliction.sweep()
    page, chart = story.page("case-file", case), story.page("case-file-chart", case)
    for reference in (*requests, sent, received):
        assert reference in page
        assert reference in chart
        assert Dossier.objects.get(reference=reference).is_open is False
    assert "No open matter is linked." in page
    assert not Deadline.objects.filter(settled_at__isnull=True).exists()
    story.post("case-file-edit", case, title="The bribes", stage="ended")
    assert CaseFile.objects.get().dossier.is_open is False

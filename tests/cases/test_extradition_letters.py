"""The letters of an extradition: what each says, in every language, and who writes and sends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import assurances, extradition_letters, letter_facts, other_states, speciality
from cases.models import ExtraditionCase
from cases.models import ExtraditionStatus as Status
from registry import draft_letter_kinds, draft_letter_rendering, draft_letters
from registry.letters import make_ordered
from registry.models import DraftLetter, DraftParagraph
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from registry.standard_texts import PLACEHOLDER
from tests.cases.conftest import PARIS
from tests.factories import officer_of

LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh"]
KINDS = extradition_letters.KINDS
BY_HAND = "Written by hand."


@pytest.fixture
def written(first, now):
    """``written(case, "decision", "fr")`` is a letter with what the officer must write."""

    def made(case: ExtraditionCase, name: str, language: str = "en", **about) -> DraftLetter:
        letter = draft_letters.start(
            case.dossier, f"extradition.{name}", language=language, about=about, user=first, now=now
        )
        for paragraph in letter.paragraphs.all():
            if paragraph.shape == DraftParagraph.Shape.OWN_WORDS and not paragraph.shown:
                draft_letters.rework(paragraph, BY_HAND, user=first, now=now)
        return letter

    return made


@pytest.fixture
def html_of(now):
    return lambda draft: draft_letter_rendering.preview_html(draft, now=now)


def said(draft: DraftLetter) -> str:
    return "\n".join(p.shown for p in draft.paragraphs.all())


def body_of(html: str) -> str:
    return html.split("</head>")[1]


# --- the texts --------------------------------------------------------------------------


def test_each_kind_has_its_text_in_six_languages_and_they_say_the_same():
    for kind in KINDS:
        assert kind.languages() == LANGUAGES
        english = kind.text("en")
        for language in LANGUAGES:
            text = kind.text(language)
            assert not text.approved_by_jurist
            for mine, theirs in zip(english.paragraphs, text.paragraphs, strict=True):
                assert (mine.key, mine.when, mine.unless, mine.needed, mine.table) == (
                    theirs.key, theirs.when, theirs.unless, theirs.needed, theirs.table
                )  # fmt: skip
                assert set(mine.columns) == set(theirs.columns)
                free = {"addressee", "sender"}
                asked = set(PLACEHOLDER.findall(theirs.text)) - free
                assert set(PLACEHOLDER.findall(mine.text)) - free == asked


def test_the_words_of_every_language_cover_all_contents_and_assurances():
    from cases.extradition_law import CONTENTS
    from cases.models import Assurance

    for language in LANGUAGES:
        words = letter_facts.words(language)
        assert set(words["contents"]) == set(CONTENTS)
        assert set(words["assurances"]) == set(Assurance.Kind.values)


@pytest.mark.parametrize("name", ["provisional_arrest", "formal_request", "assurance"])
def test_what_we_send_leaves_no_blank_in_any_language(
    name, opened, complete, written, html_of, first, now
):
    case = complete(complete(opened()), "provisional_arrest")
    assurances.ask(case, kind="retrial", text="A new trial within a year.", user=first, now=now)
    for language in LANGUAGES:
        html = html_of(written(case, name, language))
        assert "{" not in body_of(html)
        assert "– " not in body_of(html), "a line of a list that is none"
        assert case.dossier.reference in html
        assert "Unmistakable" in html


@pytest.mark.parametrize("name", ["decision", "surrender", "transit", "speciality"])
def test_what_follows_the_decision_leaves_no_blank_in_any_language(
    name, surrendered, written, html_of, first, now
):
    other_states.ask_transit(
        surrendered, state="LUX", route="By train, 3 April", by_air=False, user=first, now=now
    )
    speciality.ask_consent(
        surrendered, kind="re_extradition", family="torture", description="Acts of 2019",
        third_state="NLD", user=first, now=now,
    )  # fmt: skip
    for language in LANGUAGES:
        html = html_of(written(surrendered, name, language))
        assert "{" not in body_of(html)
        assert "– " not in body_of(html), "a line of a list that is none"
        assert "Unmistakable" in html


# --- what they say ----------------------------------------------------------------------


def test_a_formal_request_lists_what_the_instrument_requires_with_its_article(
    opened, complete, written, now
):
    letter = written(complete(opened()), "formal_request")
    content = draft_letter_rendering.content_of(letter, now=now)
    table = next(p for p in content["columns"][0]["paragraphs"] if p.get("rows"))
    assert ["Art. 12(2)(a)", "Annex"] in [row[2:] for row in table["rows"]]
    assert content["data"]["enclosures"]


def test_a_protected_person_appears_under_the_alias_alone(opened, complete, written, html_of):
    case = complete(opened())
    case.person.protected, case.person.protected_alias = True, "Person P-9"
    case.person.save()
    for name in ("provisional_arrest", "formal_request", "assurance"):
        draft = written(case, name)
        assert "Unmistakable" not in html_of(draft) + str(draft.gathered)
        assert "Person P-9" in html_of(draft)


def test_a_refusal_names_the_article_of_its_ground_and_the_duty_at_home(requested, step, written):
    from tests.cases.test_extradition_life import ground

    step(requested, "open_judicial_phase", hours=260)
    step(requested, "record_court_decision", hours=300, outcome="inadmissible")
    step(requested, "refuse", hours=310, reason="Own national.",
         grounds=[ground(requested, "nationality")])  # fmt: skip
    text = said(written(requested, "decision"))
    assert "extradition was refused" in text
    assert "Art. 6" in text
    assert "Own national." in text
    assert "for the purpose of prosecution" in text


def test_the_letter_on_surrender_says_day_place_and_days_in_custody(
    before_the_government, step, written, now
):
    step(before_the_government, "grant", hours=400)
    step(before_the_government, "agree_surrender", hours=410, place="Zaventem",
         surrender_at=now + timedelta(hours=500))  # fmt: skip
    text = said(written(before_the_government, "surrender"))
    assert "Place: Zaventem" in text
    assert "(Europe/Brussels)" in text
    assert "Days spent in custody" in text


def test_our_side_gives_assurances_and_theirs_is_asked_for_them(opened, written, first, now):
    for direction, sentence in (("sent", "gives the following"), ("received", "to receive the")):
        case = opened(direction=direction)
        assurances.ask(case, kind="detention_conditions", text="Single cell", user=first, now=now)
        text = said(written(case, "assurance"))
        assert sentence in text
        assert "Single cell" in text


def test_a_transit_is_asked_of_the_third_state(opened, written, first, now):
    case = opened()
    other_states.ask_transit(case, state="LUX", route="By train", by_air=False, user=first, now=now)
    draft = written(case, "transit")
    assert draft.gathered["en"]["addressee"]["state"] == "Luxembourg"


def test_parts_of_another_case_are_not_taken_into_a_letter(opened, written, first, now):
    mine, other = opened(), opened()
    assurance = assurances.ask(other, kind="other", text="x", user=first, now=now)
    with pytest.raises(Invalid):
        written(mine, "assurance", assurance=assurance.pk)


def test_a_transit_that_nobody_recorded_gives_no_letter(opened, written):
    with pytest.raises(Invalid, match="no_transit"):
        written(opened(), "transit")


# --- who writes and sends ---------------------------------------------------------------


def test_a_prosecutor_writes_and_another_officer_approves_and_sends(
    opened, complete, written, first, second, now
):
    case = complete(opened(), "provisional_arrest")
    draft = written(case, "provisional_arrest")
    with pytest.raises(NotPossibleNow):
        draft_letters.order(draft, user=first, now=now)
    draft_letters.submit(draft, user=first, now=now)
    with pytest.raises(NotPossibleNow):
        draft_letters.approve(draft, user=first, now=now)
    draft_letters.approve(draft, user=second, now=now)
    make_ordered()
    draft_letters.record_sent(draft, channel="interpol", sent_at=now, user=first, now=now)
    case.dossier.refresh_from_db()
    assert case.dossier.status == Status.ARREST_REQUESTED
    assert ExtraditionCase.objects.get(pk=case.pk).arrest_requested_at == now


def test_sending_moves_nothing_in_a_case_that_is_not_ready(
    opened, written, first, second, now, step
):
    draft = written(opened(), "formal_request")
    draft_letters.submit(draft, user=first, now=now)
    draft_letters.approve(draft, user=second, now=now)
    make_ordered()
    draft_letters.record_sent(draft, channel="diplomatic", sent_at=now, user=second, now=now)
    draft.dossier.refresh_from_db()
    assert draft.dossier.status == Status.OPENED


def test_an_auditor_writes_no_letter_of_an_extradition(opened, prosecution, now):
    reader = officer_of(prosecution, "auditor")
    with pytest.raises(NotAllowed):
        draft_letters.start(
            opened().dossier, "extradition.formal_request", language="en", user=reader, now=now
        )


def test_kinds_are_offered_where_they_make_sense(opened, step):
    def offered(case):
        return {kind.name for kind in draft_letter_kinds.offered_for(case.dossier)}

    ours, theirs = opened(), opened(direction="received")
    assert offered(ours) == {"provisional_arrest", "formal_request", "assurance"}
    assert offered(theirs) == {"assurance"}
    step(ours, "record_arrest", zone=PARIS)
    assert "provisional_arrest" not in offered(ours)


def test_the_page_lists_the_letters_and_a_stranger_finds_none(
    opened, written, signed_in, first, stranger
):
    draft = written(opened(), "formal_request")
    page = signed_in(first).get(reverse("extradition", args=[draft.dossier.reference]))
    address = reverse("letter", args=[draft.pk])
    assert address in page.content.decode()
    assert signed_in(first).get(address).status_code == 200
    assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(stranger).get(f"/api/v1/letters/{draft.pk}/").status_code == 404

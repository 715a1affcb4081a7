"""Bound or not on a day: the rules of participation, on acts made up for the purpose."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from treaties.participation import Act, Footing, Standing, position

IN_FORCE = Footing(in_force=True, in_force_since=date(2000, 1, 1))
DAY = timedelta(days=1)


def act(action: str, on: date | None, effect: date | None = None) -> Act:
    return Act(action, on, effect, verified=True)


def test_the_day_of_entry_into_force_is_included():
    acts = [act("ratification", date(2014, 11, 12), date(2014, 12, 12))]
    assert position(acts, date(2014, 12, 12), IN_FORCE).bound
    before = position(acts, date(2014, 12, 11), IN_FORCE)
    assert (before.standing, before.since) == (Standing.BOUND_LATER, date(2014, 12, 12))


def test_on_the_day_a_withdrawal_takes_effect_the_state_is_no_longer_bound():
    acts = [
        act("ratification", date(2004, 9, 21), date(2004, 12, 1)),
        act("withdrawal", date(2016, 10, 27), date(2017, 10, 27)),
    ]
    assert position(acts, date(2017, 10, 26), IN_FORCE).bound
    after = position(acts, date(2017, 10, 27), IN_FORCE)
    assert (after.standing, after.since, after.until) == (
        Standing.WITHDRAWN,
        date(2004, 12, 1),
        date(2017, 10, 27),
    )


def test_a_signature_alone_does_not_bind():
    assert (
        position([act("signature", date(2001, 1, 1))], date(2026, 1, 1), IN_FORCE).standing
        is Standing.SIGNED_ONLY
    )


def test_a_ratification_without_a_day_of_entry_into_force_does_not_bind():
    found = position([act("ratification", date(2025, 8, 28))], date(2026, 1, 1), IN_FORCE)
    assert found.standing is Standing.RATIFIED_NOT_IN_FORCE


def test_a_succession_binds_from_its_notification_at_the_latest():
    acts = [act("succession", date(2006, 10, 23))]
    assert position(acts, date(2006, 10, 23), IN_FORCE).bound
    assert not position(acts, date(2006, 10, 22), IN_FORCE).bound


def test_nobody_is_bound_before_the_instrument_is_in_force():
    early = [act("succession", date(1990, 1, 1))]
    assert position(early, date(1999, 12, 31), IN_FORCE).standing is Standing.NOT_YET_IN_FORCE
    bound = position(early, date(2000, 1, 1), IN_FORCE)
    assert (bound.bound, bound.since) == (True, date(2000, 1, 1))


def test_nobody_is_bound_by_an_instrument_whose_entry_into_force_is_not_established():
    acts = [act("ratification", date(2025, 8, 28), date(2025, 12, 1))]
    found = position(acts, date(2026, 1, 1), Footing(in_force=False))
    assert found.standing is Standing.RATIFIED_NOT_IN_FORCE


def test_who_withdrew_and_acceded_again_is_bound_in_both_intervals_and_not_between():
    acts = [
        act("ratification", date(2002, 1, 1), date(2002, 2, 1)),
        act("withdrawal", date(2010, 1, 1), date(2011, 1, 1)),
        act("accession", date(2015, 1, 1), date(2015, 2, 1)),
    ]
    bound = {year: position(acts, date(year, 6, 1), IN_FORCE).bound for year in (2005, 2012, 2016)}
    assert bound == {2005: True, 2012: False, 2016: True}
    waiting = position(acts, date(2015, 1, 15), IN_FORCE)
    assert (waiting.standing, waiting.since) == (Standing.BOUND_LATER, date(2015, 2, 1))


def test_a_consent_withdrawn_before_it_took_effect_never_bound():
    acts = [
        act("accession", date(2019, 3, 4)),
        act("withdrawal", date(2019, 4, 29), date(2019, 4, 29)),
    ]
    before = position(acts, date(2019, 4, 28), IN_FORCE)
    after = position(acts, date(2019, 4, 29), IN_FORCE)
    assert before.standing is Standing.RATIFIED_NOT_IN_FORCE
    assert (after.standing, after.since) == (Standing.WITHDRAWN, None)


def test_a_second_consent_without_a_recorded_withdrawal_ends_the_first_and_makes_it_doubtful():
    acts = [
        act("ratification", date(2016, 9, 21), date(2016, 10, 21)),
        act("accession", date(2023, 9, 27), date(2023, 10, 27)),
    ]
    assert position(acts, date(2020, 1, 1), IN_FORCE).doubtful
    waiting = position(acts, date(2023, 10, 26), IN_FORCE)
    assert (waiting.standing, waiting.since) == (Standing.BOUND_LATER, date(2023, 10, 27))
    later = position(acts, date(2023, 10, 27), IN_FORCE)
    assert (later.bound, later.doubtful, later.since) == (True, False, date(2023, 10, 27))


def test_where_nothing_is_recorded_participation_is_unknown_and_not_absent():
    nothing = Footing(in_force=True, in_force_since=date(2000, 1, 1), recorded=False)
    assert position([], date(2026, 1, 1), nothing).standing is Standing.PARTICIPATION_UNKNOWN
    assert position([], date(2026, 1, 1), IN_FORCE).standing is Standing.NEVER_PARTICIPATED


days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
consents = st.builds(
    act, st.sampled_from(["ratification", "accession", "succession"]), days, st.none() | days
)
withdrawals = st.builds(act, st.just("withdrawal"), days, st.none() | days)
signatures = st.builds(act, st.just("signature"), days)
histories = st.lists(consents | withdrawals | signatures, max_size=6)


@given(histories, withdrawals, days)
def test_a_withdrawal_never_makes_a_state_bound(acts, withdrawal, on):
    if position([*acts, withdrawal], on, IN_FORCE).bound:
        assert position(acts, on, IN_FORCE).bound


@given(st.lists(consents | signatures, max_size=6), consents, days)
def test_a_consent_never_makes_a_state_unbound(acts, consent, on):
    starts = consent.entry_into_force
    waits = starts and consent.date <= on < starts  # shows that it had lapsed before
    if position(acts, on, IN_FORCE).bound and not waits:
        assert position([*acts, consent], on, IN_FORCE).bound


@given(histories, signatures, days)
def test_a_signature_never_changes_who_is_bound(acts, signature, on):
    assert position(acts, on, IN_FORCE).bound == position([*acts, signature], on, IN_FORCE).bound


@given(histories, days)
def test_a_bound_state_is_bound_from_its_first_day_to_the_day_before_its_last(acts, on):
    found = position(acts, on, IN_FORCE)
    if found.bound:
        assert position(acts, found.since, IN_FORCE).bound
        assert found.since <= on
        if found.until:
            assert on < found.until

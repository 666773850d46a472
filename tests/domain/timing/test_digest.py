"""What stands in the digest of a morning, and under which heading."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.timing.deadline_rules import Kind, OwedBy
from casework.domain.timing.diary import FOLLOW_UP_WORDS, VISIT_WORDS, DiaryEntry, EntrySource
from casework.domain.timing.digest import digest_of

TODAY = date(2026, 11, 20)
LISTS = (
    *("overdue", "due_today", "aim_today", "possible"),
    *("to_chase", "visits", "this_week", "to_work_out", "ended"),
)


def entry(kind=Kind.HARD_LIMIT, **days):
    source = days.pop("source", EntrySource.DEADLINE)
    words = {EntrySource.VISIT: VISIT_WORDS, EntrySource.FOLLOW_UP: FOLLOW_UP_WORDS}.get(source)
    kind = kind if words is None else None
    return DiaryEntry(source, 1, "C-1", "Samira A.", "Appeal", words or kind.words, kind=kind, **days)


def day(offset):
    return TODAY + timedelta(days=offset)


def where(one):
    """Under which headings it stands."""
    digest = digest_of([one], TODAY)
    return [name for name in LISTS if getattr(digest, name)]


@pytest.mark.parametrize(
    ("safe", "last", "heading"),
    [
        (-4, -1, "overdue"),
        (-3, 0, "due_today"),
        (0, 0, "due_today"),
        (0, 3, "aim_today"),
        (-1, 3, "aim_today"),
        (1, 3, "this_week"),
        (7, 30, "this_week"),
    ],
)
def test_a_limit_stands_where_its_two_days_put_it(safe, last, heading):
    assert where(entry(safe_on=day(safe), last_on=day(last))) == [heading]


def test_a_limit_more_than_a_week_away_is_left_out():
    assert where(entry(safe_on=day(8), last_on=day(9))) == []


def test_a_removal_that_may_happen_stays_among_what_is_possible_until_it_is_settled():
    for offset in (0, -3):
        removal = entry(Kind.NOTICE_PERIOD, earliest_on=day(offset), owed_by=OwedBy.THEM, is_removal=True)
        assert where(removal) == ["possible"]


def test_what_may_happen_needs_somebody_on_its_first_day_and_a_removal_is_said_apart_from_then_on():
    possible = "In 1 case something may happen at any time."
    for offset, says in (
        (0, f"1 date needs you today. {possible}"),
        (-30, f"No date needs you today. {possible}"),
    ):
        removal = entry(Kind.NOTICE_PERIOD, earliest_on=day(offset), owed_by=OwedBy.THEM, is_removal=True)
        assert digest_of([removal], TODAY).says == says
    window = entry(Kind.LATEST_STATE_ACT, last_on=day(9), window_from=day(-9), window_until=day(9))
    assert digest_of([removal, window], TODAY).removals == 1
    again = entry(Kind.EARLIEST_DATE, earliest_on=day(-30))
    assert where(again) == ["possible"]
    assert digest_of([again], TODAY).says == "No date needs you today."


def test_a_window_that_is_over_is_to_be_settled_and_no_longer_due():
    window = {"window_from": day(-170), "window_until": day(-157), "owed_by": OwedBy.THEM}
    over = entry(Kind.LATEST_STATE_ACT, last_on=day(-157), **window)
    assert where(over) == ["ended"]
    digest = digest_of([over], TODAY)
    assert (digest.need_you, digest.removals, digest.is_empty) == (0, 0, False)


def test_an_answer_is_chased_the_day_after_it_was_due_and_not_before():
    assert where(entry(last_on=day(0), owed_by=OwedBy.THEM)) == ["this_week"]
    assert where(entry(Kind.SERVICE_STANDARD, last_on=day(-1), owed_by=OwedBy.THEM)) == ["to_chase"]


def test_promises_and_visits_have_headings_of_their_own():
    assert where(entry(source=EntrySource.FOLLOW_UP, last_on=day(-9))) == ["to_chase"]
    assert where(entry(source=EntrySource.VISIT, last_on=day(2))) == ["visits"]
    assert where(entry(source=EntrySource.VISIT)) == ["visits"]


def test_a_date_that_nobody_could_work_out_is_not_forgotten():
    assert where(entry(cannot_say="The holidays are not known yet.")) == ["to_work_out"]


@pytest.mark.parametrize(("count", "words"), [(0, "No date needs"), (1, "1 date needs"), (3, "3 dates need")])
def test_the_sentence_counts_what_needs_somebody_today(count, words):
    later = [entry(safe_on=day(2), last_on=day(3)), entry(source=EntrySource.VISIT, last_on=day(2))]
    entries = [entry(source=EntrySource.FOLLOW_UP, last_on=day(0))] * count
    assert digest_of(entries + later, TODAY).says == f"{words} you today."


def test_everything_overdue_due_to_aim_for_and_to_chase_is_counted():
    entries = [
        entry(safe_on=day(-4), last_on=day(-1)),
        entry(safe_on=day(-4), last_on=day(0)),
        entry(safe_on=day(0), last_on=day(3)),
        entry(source=EntrySource.VISIT, last_on=day(0)),
        entry(Kind.SERVICE_STANDARD, last_on=day(-1), owed_by=OwedBy.THEM),
    ]
    assert digest_of(entries, TODAY).need_you == 5


offsets = st.one_of(st.none(), st.integers(-40, 40))


@given(
    st.builds(
        lambda source, kind, safe, last, owed_by: entry(
            kind,
            source=source,
            owed_by=owed_by,
            safe_on=None if safe is None or last is None else day(min(safe, last)),
            last_on=None if last is None else day(last),
        ),
        st.sampled_from(EntrySource),
        st.sampled_from(Kind),
        offsets,
        offsets,
        st.sampled_from(OwedBy),
    )
)
def test_what_comes_within_a_week_or_has_no_day_stands_under_one_heading_and_nothing_else_does(one):
    is_near = one.aim is None or one.aim <= day(7)
    assert len(where(one)) == int(is_near)

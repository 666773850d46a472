"""What of the diary goes into a phone's calendar."""

from datetime import date, timedelta

import pytest

from casework.domain.timing.deadline_rules import RECOVERY, THEIR_LIMIT, Kind, OwedBy
from casework.domain.timing.diary import FOLLOW_UP_WORDS, VISIT_WORDS, DiaryEntry, EntrySource
from casework.domain.timing.feeds import alarm_words, calendar_days

THURSDAY, TUESDAY = date(2026, 4, 2), date(2026, 4, 7)
RULE = "Appeal to the First-tier Tribunal"


def entry(kind, **days):
    source = days.pop("source", EntrySource.DEADLINE)
    words = days.pop("words", None) or kind.words
    return DiaryEntry(source, 7, "C-1", "Samira A.", "Appeal: Ada MP", words, kind=kind, **days)


def limit(**days):
    return entry(Kind.HARD_LIMIT, **{"safe_on": THURSDAY, "last_on": TUESDAY, "clock": "midnight", **days})


def said(days):
    return [(day.on, day.title) for day in days]


def test_a_limit_is_the_day_to_aim_for_and_the_last_moment_with_its_hour():
    assert said(calendar_days(limit(), RULE)) == [
        (THURSDAY, f"Limit: aim for this day – {RULE}"),
        (TUESDAY, f"Limit: last moment, midnight – {RULE}"),
    ]


def test_both_days_of_a_limit_say_both_and_that_it_goes_to_a_lawyer_today():
    aim, last = calendar_days(limit(), RULE)
    assert aim.text == last.text
    assert "Aim for Thursday 2 April 2026. The last moment is Tuesday 7 April 2026, midnight." in aim.text
    assert "Show it to a lawyer today." in aim.text


def test_a_limit_whose_two_days_are_one_is_its_last_moment_and_keeps_its_key():
    both, one = calendar_days(limit(), RULE), calendar_days(limit(safe_on=TUESDAY, clock="17:00"), RULE)
    assert said(one) == [(TUESDAY, f"Limit: last moment, 5 pm – {RULE}")]
    assert one[0].key == both[1].key


def test_a_limit_rings_more_often_than_anything_else():
    nine = timedelta(hours=9)
    mornings = {0: nine, 1: nine - timedelta(days=1), 3: nine - timedelta(days=3)}
    aim, last = calendar_days(limit())
    assert last.alarms == (mornings[3], mornings[1], mornings[0])
    assert aim.alarms == (mornings[1], mornings[0])
    (target,) = calendar_days(entry(Kind.SERVICE_STANDARD, last_on=TUESDAY, owed_by=OwedBy.THEM))
    assert target.alarms == (mornings[0],)


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (entry(Kind.NOTICE_PERIOD, earliest_on=TUESDAY, is_removal=True), "Removal may happen from this day"),
        (entry(Kind.NOTICE_PERIOD, earliest_on=TUESDAY), "They may act from this day"),
        (entry(Kind.EARLIEST_DATE, earliest_on=TUESDAY), "Possible from this day"),
        (entry(Kind.LATEST_STATE_ACT, last_on=TUESDAY), "Window: ends on this day"),
        (entry(Kind.POLICY_TARGET, last_on=TUESDAY), "Target: planned for this day"),
        (entry(Kind.POLICY_TARGET, last_on=TUESDAY, owed_by=OwedBy.THEM), "Target: they aim for this day"),
        (
            entry(Kind.HARD_LIMIT, last_on=TUESDAY, owed_by=OwedBy.THEM, words=THEIR_LIMIT),
            "Limit for them: they must answer by this day",
        ),
        (
            entry(None, source=EntrySource.FOLLOW_UP, words=FOLLOW_UP_WORDS, last_on=TUESDAY),
            "A promise to chase",
        ),
        (entry(None, source=EntrySource.VISIT, words=VISIT_WORDS, last_on=TUESDAY), "A visit"),
    ],
)
def test_each_kind_of_day_has_its_own_title(day, title):
    assert said(calendar_days(day)) == [(TUESDAY, title)]


@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        (EntrySource.DEADLINE, "Send nothing and do not ring", "It is about an MP: they said no."),
        (EntrySource.VISIT, "Do not go to this visit", "It is about an MP: they said no."),
        (EntrySource.FOLLOW_UP, "A promise to chase: ring no MP and write to none", "Do not write about it."),
    ],
)
def test_after_a_no_to_mps_each_day_says_what_nobody_does_and_whoever_had_meant_to_go_is_rung(
    source, title, text
):
    caution = text if source is EntrySource.FOLLOW_UP else ""
    stays = entry(Kind.POLICY_TARGET, source=source, last_on=TUESDAY, stays="they said no", caution=caution)
    (shown,) = calendar_days(stays, RULE)
    assert (shown.on, shown.title) == (TUESDAY, title)
    assert text in shown.text
    assert bool(shown.alarms) is (source is not EntrySource.DEADLINE)


@pytest.mark.parametrize("kind", Kind)
def test_no_kind_of_day_is_without_a_title_and_only_a_limit_is_called_one(kind):
    (day,) = calendar_days(entry(kind, last_on=TUESDAY))
    assert day.title.startswith("Limit") is (kind is Kind.HARD_LIMIT)


def test_a_removal_that_the_paper_puts_later_stands_on_both_days():
    later = entry(Kind.NOTICE_PERIOD, earliest_on=THURSDAY, stated_on=TUESDAY, is_removal=True)
    assert said(calendar_days(later)) == [
        (THURSDAY, "Removal may happen from this day"),
        (TUESDAY, "Removal: the day that the paper gives"),
    ]


WINDOW = {"window_from": date(2026, 6, 10), "window_until": date(2026, 6, 30)}
SAID_OF_WINDOW = (
    "From Wednesday 10 June 2026 until Tuesday 30 June 2026 departure details alone are enough for a removal."
)


def test_both_days_of_a_window_say_between_which_days_it_is_open():
    opens, ends = calendar_days(entry(Kind.LATEST_STATE_ACT, last_on=date(2026, 6, 30), **WINDOW))
    assert said([opens, ends]) == [
        (date(2026, 6, 10), "Removal may happen from this day"),
        (date(2026, 6, 30), "Window: ends on this day"),
    ]
    assert opens.text == ends.text
    assert opens.text.startswith(SAID_OF_WINDOW)
    assert "Until this day" not in opens.text


def test_a_notice_beside_a_window_does_not_say_that_they_have_to_wait_for_its_end():
    notice = entry(Kind.NOTICE_PERIOD, earliest_on=date(2026, 6, 27), is_removal=True, **WINDOW)
    opens, alone = calendar_days(notice)
    assert (opens.on, alone.on) == (date(2026, 6, 10), date(2026, 6, 27))
    for day in (opens, alone):
        assert day.text.startswith(f"{SAID_OF_WINDOW} By the notice alone it would be Saturday 27 June 2026.")
        assert "may not act" not in day.text


def test_a_recovery_period_may_end_later_than_its_day_and_its_title_says_so():
    (day,) = calendar_days(entry(Kind.NOTICE_PERIOD, earliest_on=TUESDAY, words=RECOVERY))
    assert day.title == "Unless the conclusive decision comes later: they may act from this day"
    assert "nor before the conclusive decision if that comes later" in day.text


def test_a_date_under_a_condition_says_that_there_is_one():
    (day,) = calendar_days(entry(Kind.LATEST_STATE_ACT, last_on=TUESDAY, condition="Only if it was so."))
    assert "It holds only under a condition, which stands in Casework." in day.text


def test_a_limit_that_the_paper_puts_later_than_our_count_says_to_keep_to_ours():
    aim, last = calendar_days(limit(stated_on=date(2026, 4, 9), stated_by="page 2, Ada MP"))
    assert (aim.on, last.on) == (THURSDAY, TUESDAY)
    assert "The last moment is Tuesday 7 April 2026, midnight." in last.text
    assert "The paper gives Thursday 9 April 2026." in last.text
    assert "Keep to ours until a lawyer has seen both." in aim.text
    assert "Ada" not in last.text


def test_what_has_no_day_yet_is_not_in_a_calendar():
    assert calendar_days(limit(safe_on=None, last_on=None, cannot_say="Holidays unknown")) == []


def test_no_title_and_no_text_says_anything_that_somebody_typed():
    typed = {
        "who": "Ada",
        "condition": "if Samira",
        "stated_by": "Ada",
        "cannot_say": "Ada",
        "clock": "at Ada's",
    }
    for kind in Kind:
        for day in calendar_days(entry(kind, safe_on=THURSDAY, last_on=TUESDAY, **typed)):
            assert not {"Ada", "Samira", "C-1", "Appeal"} & set(day.title.split() + day.text.split())


def test_an_alarm_says_how_far_off_the_day_is():
    _, last = calendar_days(limit())
    assert [alarm_words(alarm, "Limit") for alarm in last.alarms] == [
        "In 3 days: Limit",
        "Tomorrow: Limit",
        "Today: Limit",
    ]

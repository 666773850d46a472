"""Worked examples of the reference. Weekdays stand beside the dates that turn on them."""

from datetime import date

import pytest

from casework.domain.errors import CaseworkError, NoDate, UnknownHolidays
from casework.domain.timing.deadlines import earlier, region_difference
from casework.reference.regions import REGIONS
from casework.reference.rule_book import rule_book

EW, SC, NI = REGIONS
IN_TIME = [  # rule, variant, region, trigger, raw, safe, last
    ("ftt_appeal_in_uk", None, EW, "2026-11-03", "2026-11-17", "2026-11-17", "2026-11-17"),  # Tuesday
    (
        "ftt_appeal_in_uk",
        None,
        EW,
        "2026-11-07",
        "2026-11-21",
        "2026-11-20",
        "2026-11-23",
    ),  # Saturday to Monday
    (
        "ftt_appeal_in_uk",
        None,
        EW,
        "2025-12-11",
        "2025-12-25",
        "2025-12-24",
        "2026-01-02",
    ),  # Christmas to Friday
    (
        "ftt_appeal_in_uk",
        None,
        SC,
        "2025-12-11",
        "2025-12-25",
        "2025-12-24",
        "2026-01-05",
    ),  # 2 January is a holiday
    (
        "ftt_appeal_in_uk",
        None,
        EW,
        "2025-12-17",
        "2025-12-31",
        "2025-12-24",
        "2026-01-02",
    ),  # 31 December, Wednesday
    (
        "ftt_appeal_in_uk",
        None,
        EW,
        "2026-03-20",
        "2026-04-03",
        "2026-04-02",
        "2026-04-07",
    ),  # Good Friday to Tuesday
    (
        "ftt_appeal_in_uk",
        None,
        SC,
        "2026-03-20",
        "2026-04-03",
        "2026-04-02",
        "2026-04-06",
    ),  # Monday works there
    (
        "ftt_appeal_in_uk",
        None,
        NI,
        "2026-03-03",
        "2026-03-17",
        "2026-03-16",
        "2026-03-18",
    ),  # St Patrick's Day
    ("ftt_appeal_in_uk", None, EW, "2026-03-03", "2026-03-17", "2026-03-17", "2026-03-17"),
    (
        "ftt_appeal_in_uk",
        None,
        NI,
        "2026-06-29",
        "2026-07-13",
        "2026-07-10",
        "2026-07-14",
    ),  # Monday, substitute
    ("ftt_appeal_in_uk", None, EW, "2026-06-29", "2026-07-13", "2026-07-13", "2026-07-13"),
    ("ftt_appeal_in_uk", None, SC, "2026-06-01", "2026-06-15", "2026-06-12", "2026-06-16"),  # one-off Monday
    ("ftt_appeal_in_uk", None, NI, "2026-06-01", "2026-06-15", "2026-06-15", "2026-06-15"),
    ("ftt_appeal_out_of_uk_receipt", None, EW, "2026-11-02", "2026-11-30", "2026-11-30", "2026-11-30"),
    ("ftt_appeal_out_of_uk_receipt", None, SC, "2026-11-02", "2026-11-30", "2026-11-27", "2026-12-01"),
    ("ftt_appeal_out_of_uk_receipt", None, EW, "2026-10-29", "2026-11-26", "2026-11-26", "2026-11-26"),
    (
        "ftt_appeal_after_departure",
        None,
        EW,
        "2028-01-29",
        "2028-02-26",
        "2028-02-25",
        "2028-02-28",
    ),  # Saturday
    ("ftt_pta", "in_uk", EW, "2026-12-14", "2026-12-28", "2026-12-24", "2027-01-04"),
    (
        "ftt_pta",
        "in_uk",
        SC,
        "2026-12-14",
        "2026-12-28",
        "2026-12-24",
        "2027-01-05",
    ),  # Monday 4 January closed
    (
        "jr_upper_tribunal",
        None,
        EW,
        "2026-08-21",
        "2026-11-21",
        "2026-11-20",
        "2026-11-23",
    ),  # Saturday to Monday
    ("jr_upper_tribunal", None, EW, "2026-11-30", "2027-02-28", "2027-02-26", "2027-03-01"),  # no 30 February
    (
        "admin_review_in_uk",
        None,
        EW,
        "2026-11-15",
        "2026-11-29",
        "2026-11-27",
        "2026-11-29",
    ),  # a Sunday stays
    ("admin_review_detained", None, EW, "2026-11-10", "2026-11-17", "2026-11-16", "2026-11-17"),
]
ENDS = [  # rule, region, trigger, the dates that come out
    ("removal_notice_period", EW, "2026-11-25", {"period_ends": "2026-12-02", "earliest": "2026-12-03"}),
    ("removal_notice_period", SC, "2026-11-25", {"period_ends": "2026-12-03", "earliest": "2026-12-04"}),
    ("removal_notice_period", SC, "2026-06-12", {"period_ends": "2026-06-22", "earliest": "2026-06-23"}),
    ("removal_notice_period", EW, "2026-06-12", {"period_ends": "2026-06-19", "earliest": "2026-06-20"}),
    (
        "removal_notice_period",
        NI,
        "2026-07-09",
        {"period_ends": "2026-07-17", "earliest": "2026-07-18"},
    ),  # Saturday
    ("bail_repeat_28_days", EW, "2026-11-03", {"period_ends": "2026-11-30", "earliest": "2026-12-01"}),
    ("bail_auto_referral", EW, "2026-07-20", {"due": "2026-11-20"}),
    ("bail_auto_referral", EW, "2026-10-31", {"due": "2027-03-01"}),  # no 31 February: it ends on the 28th
    ("sar", EW, "2026-01-31", {"raw": "2026-02-28", "due": "2026-03-02"}),  # Saturday to Monday
    ("sar", EW, "2028-01-31", {"raw": "2028-02-29", "due": "2028-02-29"}),
    ("sar", EW, "2026-03-03", {"raw": "2026-04-03", "due": "2026-04-07"}),  # Good Friday to Tuesday
    ("foi", EW, "2026-03-02", {"due": "2026-03-31"}),  # 17 March is a holiday in Northern Ireland
    ("foi", EW, "2026-06-08", {"due": "2026-07-07"}),  # 15 June is a holiday in Scotland
    ("foi", EW, "2025-12-15", {"due": "2026-01-16"}),
    ("mp_letter_home_office", EW, "2026-12-01", {"due": "2026-12-31"}),
]


def on(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(("key", "variant", "region", "trigger", "raw", "safe", "last"), IN_TIME)
def test_a_limit_has_a_counted_day_a_safe_day_and_a_last_day(key, variant, region, trigger, raw, safe, last):
    worked = rule_book().work_out(rule_book().rule(key), on(trigger), region, variant=variant)
    assert worked.dates == {"raw": on(raw), "safe": on(safe), "last": on(last)}


@pytest.mark.parametrize(("key", "region", "trigger", "dates"), ENDS)
def test_a_period_or_an_answer_ends_on_its_day(key, region, trigger, dates):
    worked = rule_book().work_out(rule_book().rule(key), on(trigger), region)
    assert worked.dates == {name: on(day) for name, day in dates.items()}


def test_the_december_closure_does_not_touch_judicial_review():
    worked = rule_book().work_out(rule_book().rule("jr_upper_tribunal"), on("2026-09-30"))
    assert (worked.raw, worked.safe, worked.last) == (on("2026-12-30"),) * 3  # a Wednesday


def test_the_december_closure_does_not_touch_removal_notices():
    worked = rule_book().work_out(rule_book().rule("removal_notice_period"), on("2026-12-22"))
    assert (worked.period_ends, worked.earliest) == (on("2026-12-31"), on("2027-01-01"))
    assert [step.day.day for step in worked.days if step.counted] == [23, 24, 29, 30, 31]


@pytest.mark.parametrize("rule", rule_book().rules.values(), ids=lambda rule: rule.key)
def test_every_rule_gives_its_own_worked_examples(rule):
    for example in rule.examples:
        assert dates_of(rule, example) == dict(example.dates), example.why


@pytest.mark.parametrize("rule", rule_book().rules.values(), ids=lambda rule: rule.key)
def test_every_length_of_a_rule_has_a_worked_example(rule):
    worked = {example.variant for example in rule.examples}
    assert worked == (set(rule.variants) or {None})


def dates_of(rule, example):
    """The dates of a worked example; none where the rule says that there is none."""
    if not rule.no_date:
        return rule_book().work_out(rule, example.trigger, example.region, variant=example.variant).dates
    with pytest.raises(NoDate) as error:
        rule_book().work_out(rule, example.trigger, example.region)
    assert error.value.message == rule.no_date
    return {}


@pytest.mark.parametrize(
    ("region", "posted", "deemed"),
    [(EW, "2026-12-24", "2026-12-30"), (SC, "2026-12-31", "2027-01-06"), (EW, "2026-12-31", "2027-01-05")],
)
def test_a_decision_posted_inside_the_uk_is_served_on_the_second_business_day(region, posted, deemed):
    assert rule_book().deemed_service("deemed_service_post", on(posted), region).deemed_served == on(deemed)


def test_a_decision_posted_abroad_is_served_on_the_28th_day():
    assert rule_book().deemed_service("deemed_service_post_abroad", on("2026-10-01")).final == on(
        "2026-10-29"
    )


def test_monthly_reasons_are_counted_from_the_start_and_do_not_drift():
    rule = rule_book().rule("detention_monthly_reasons")
    due = [rule_book().work_out(rule, on("2026-10-31"), nth=turn).due for turn in (1, 2, 3, 4)]
    assert due == [on("2026-11-30"), on("2026-12-31"), on("2027-01-31"), on("2027-02-28")]


def test_where_parts_of_the_uk_differ_the_earlier_date_is_the_one_to_rely_on():
    answers = rule_book().work_out_in_all(rule_book().rule("ftt_appeal_in_uk"), on("2026-03-20"))
    assert earlier(answers.values()).last == on("2026-04-06")  # Scotland works on Easter Monday
    words = region_difference({REGIONS[key]: worked for key, worked in answers.items()}, "England and Wales")
    assert "In Scotland it would be Monday 6 April 2026" in words


def test_where_parts_of_the_uk_agree_nothing_is_said():
    answers = rule_book().work_out_in_all(rule_book().rule("ftt_appeal_in_uk"), on("2026-11-03"))
    assert region_difference({REGIONS[key]: worked for key, worked in answers.items()}, "Scotland") == ""


def test_the_safe_day_of_a_review_minds_the_holidays_where_the_person_is():
    rule = rule_book().rule("admin_review_in_uk")
    in_scotland = rule_book().work_out(
        rule, on("2026-11-17"), SC
    )  # day 14 is 1 December; day 13 is St Andrew's Day
    assert (in_scotland.safe, in_scotland.last) == (on("2026-11-27"), on("2026-12-01"))
    assert rule_book().work_out(rule, on("2026-11-17"), EW).safe == on("2026-11-30")


def test_a_call_for_a_detained_person_is_due_the_same_day_even_on_a_saturday():
    rule = rule_book().rule("mp_office_chase")
    worked = rule_book().work_out(rule, on("2026-11-21"), variant="detained_or_removal_date")
    assert worked.due == on("2026-11-21")


def test_a_choice_that_a_rule_needs_is_asked_for():
    with pytest.raises(CaseworkError, match="Say which applies") as error:
        rule_book().work_out(rule_book().rule("mp_office_chase"), on("2026-11-20"))
    assert error.value.field == "variant"


def test_a_choice_that_a_rule_does_not_have_is_refused():
    with pytest.raises(CaseworkError, match="no choice is needed"):
        rule_book().work_out(rule_book().rule("foi"), on("2026-11-20"), variant="urgent")


def test_what_happened_before_a_rule_began_is_not_counted_under_it():
    with pytest.raises(CaseworkError, match="only from 4 April 2024") as error:
        rule_book().work_out(rule_book().rule("admin_review_in_uk"), on("2024-04-03"))
    assert error.value.field == "trigger_date"


def test_a_date_past_the_known_holidays_is_refused_and_not_guessed():
    with pytest.raises(UnknownHolidays, match="31 December 2028"):
        rule_book().work_out(rule_book().rule("ftt_appeal_in_uk"), on("2028-12-20"))


def test_an_unknown_rule_names_the_rules_there_are():
    with pytest.raises(CaseworkError, match="ftt_appeal_in_uk"):
        rule_book().rule("fast_track")


def test_an_unknown_part_of_the_uk_names_the_parts_there_are():
    with pytest.raises(CaseworkError, match="northern-ireland") as error:
        rule_book().working_calendar("foi", "wales")
    assert error.value.field == "region"


def test_a_decision_sent_starts_the_appeal_and_a_notice_starts_the_removal_clock():
    assert [rule.key for rule in rule_book().started_by("decision_sent")] == ["ftt_appeal_in_uk"]
    assert [rule.key for rule in rule_book().started_by("removal_notice_given")] == ["removal_notice_period"]
    assert rule_book().started_by("a birthday") == []


def test_a_rule_that_fits_only_some_cases_is_offered_by_an_event_and_not_opened():
    only_offered = {rule.key for rule in rule_book().rules.values() if rule.may_start and not rule.starts}
    assert only_offered == {
        *("ftt_appeal_after_departure", "ftt_appeal_eu_rights", "ftt_continue_after_leave_granted"),
        *("ftt_set_aside", "ftt_24_weeks", "ut_set_aside", "coa_permission", "court_of_session"),
        *("coa_permission_jr", "admin_review_overseas", "bail_auto_referral", "detention_medical_24h"),
        *("short_term_facility_limit", "bail_consent_removal_directions", "removal_after_failed_attempt"),
        "removal_after_jr",
    }


def test_an_event_may_offer_only_one_length_of_a_rule():
    offered = [(rule.key, variant) for rule, variant in rule_book().offered_by("review_decided")]
    assert offered == [
        ("ftt_appeal_eu_rights", "in_uk_after_review"),
        ("ftt_appeal_eu_rights", "abroad_after_review"),
    ]


def test_an_appeal_that_is_lodged_ends_the_time_to_appeal_and_a_granted_bail_the_wait_for_another():
    assert "ftt_appeal_in_uk" in [rule.key for rule in rule_book().ended_by("appeal_lodged")]
    assert [rule.key for rule in rule_book().ended_by("bail_granted")] == [
        "bail_repeat_28_days",
        "bail_auto_referral",
    ]


def test_all_nine_calendars_are_there_and_freedom_of_information_closes_for_every_part_of_the_uk():
    assert len(rule_book().calendars) == 9
    foi = rule_book().working_calendar("foi", EW)
    assert foi.why_closed(on("2026-06-15")) == "One-off bank holiday (men's football World Cup) (Scotland)"
    assert rule_book().working_calendar("office_ew", SC).is_working_day(on("2026-06-15"))

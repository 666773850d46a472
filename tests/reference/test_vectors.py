"""The worked examples of the reference and of the rules, and that each notices when its rule is changed."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from casework.domain.errors import CaseworkError
from casework.domain.timing.counting import Counting, Length, Unit
from casework.domain.timing.deadline_rules import DeadlineRule, EndRule, Kind, OwedBy, TriggerIs
from casework.domain.timing.deadlines import WorkedDate, work_out
from casework.domain.timing.triggers import Told, start_of
from casework.domain.timing.working_days import WorkingCalendar
from casework.reference.regions import DEFAULT_REGION
from casework.reference.rule_book import rule_book
from tests.reference.oracles import is_off

VECTORS = tomllib.loads((Path(__file__).parent / "vectors.toml").read_text("utf-8"))
OWN = {
    f"{rule.key} {number}": {
        "rule": rule.key, "on": one.trigger, "region": one.region, "variant": one.variant, "dates": dict(one.dates),
        "why": one.why,
    }
    for rule in rule_book().rules.values() if not rule.no_date
    for number, one in enumerate(rule.examples, start=1)
}  # fmt: skip
ALL = VECTORS | OWN
CLOSED = "a day made up to be closed"


@dataclass(frozen=True)
class World:
    """The rules and the calendars by which an example is worked out; a test changes one thing in it."""

    change_rule: Callable[[DeadlineRule], DeadlineRule] = lambda rule: rule
    change_calendar: Callable[[WorkingCalendar], WorkingCalendar] = lambda calendar: calendar

    def answer(self, vector: dict) -> dict:
        """The dates of the example under these rules: those that it names."""
        region = vector.get("region", DEFAULT_REGION)
        rule = self.change_rule(rule_book().rule(vector["rule"]))
        told = Told(on=vector.get("on"), posted=vector.get("posted"))
        start = start_of(
            rule, vector.get("variant"), told, lambda key, day: self.work(rule_book().rule(key), day, region)
        )
        turns = len(vector.get("turns", [0]))
        worked = [
            self.work(rule, start.day, region, vector.get("variant"), turn) for turn in range(1, turns + 1)
        ]
        if "turns" in vector:
            return {"turns": [one.due for one in worked]}
        served = {"deemed_served": start.deemed.final} if start.deemed else {}
        return {name: day for name, day in (worked[0].dates | served).items() if name in vector["dates"]}

    def work(
        self, rule: DeadlineRule, day: date, region: str, variant: str | None = None, nth: int = 1
    ) -> WorkedDate:
        """The dates of a rule on the changed calendar."""
        calendar = self.change_calendar(rule_book().working_calendar(rule.calendar, region))
        offices = self.change_calendar(
            rule_book().working_calendar(rule.safe_calendar or rule.calendar, region)
        )
        return work_out(rule, day, calendar, variant=variant, offices=offices, nth=nth)


def expected(vector: dict) -> dict:
    return {"turns": vector["turns"]} if "turns" in vector else vector["dates"]


def passes(name: str, world: World) -> bool:
    try:
        return world.answer(ALL[name]) == expected(ALL[name])
    except CaseworkError:
        return False


def named(only: Callable[[str], bool] = lambda name: True):
    """The examples of the reference and those of the rules themselves, or some of them."""
    return pytest.mark.parametrize("name", [name for name in ALL if only(name)])


def rule_of(name: str) -> DeadlineRule:
    return rule_book().rule(ALL[name]["rule"])


def unit_of(name: str) -> Unit:
    return rule_of(name).length_for(ALL[name].get("variant")).unit


def last_of(name: str) -> date:
    """The last day that the example names; of a rule of service that day, which is no other rule's last."""
    days = expected(ALL[name])
    days = days if set(days) == {"deemed_served"} else {**days, "deemed_served": date.min}
    days = {key: day for key, day in days.items() if key != "earliest"} if "turns" not in days else days
    return max(days["turns"]) if "turns" in days else max(days.values())


def test_there_are_fifty_six_examples_in_the_reference():
    assert list(VECTORS) == [f"V{number:02}" for number in range(1, 57)]


@named()
def test_an_example_comes_out_as_it_says(name):
    assert World().answer(ALL[name]) == expected(ALL[name]), ALL[name]["why"]


# --- the length ---


def other_length(more: int) -> Callable[[DeadlineRule], DeadlineRule]:
    def changed(length: Length | None) -> Length | None:
        step = 24 * more if length and length.unit is Unit.HOURS else more
        return length and Length(length.number + step, length.unit)

    def change(rule: DeadlineRule) -> DeadlineRule:
        variants = {key: replace(one, length=changed(one.length)) for key, one in rule.variants.items()}
        return replace(rule, length=changed(rule.length), variants=variants)

    return change


@pytest.mark.parametrize("more", [1, -1])
@named()
def test_an_example_fails_when_the_length_of_its_rule_is_changed(name, more):
    assert not passes(name, World(change_rule=other_length(more)))


# --- which day is day 1 ---


def other_first_day(rule: DeadlineRule) -> DeadlineRule:
    def other(counting: Counting | None) -> Counting | None:
        begins = counting is Counting.BEGINNING_WITH
        return counting and (Counting.AFTER_DAY if begins else Counting.BEGINNING_WITH)

    variants = {
        key: replace(one, counting=other(one.counting or rule.counting)) for key, one in rule.variants.items()
    }
    return replace(rule, counting=other(rule.counting), variants=variants)


# Examples that come out the same whichever day is day 1, and why.
SHORT_MONTH = "the last month is too short, so both readings end on its last day"
DUE_AFTER = (
    "what is due once four months beginning with a day have run is due on the day four months after it"
)
HOURS = "the same hour of the next day has no day 1"
SAME_EITHER_WAY = {
    **dict.fromkeys(["V17", "V18", "V19", "V27", "V50", "V51", "sar 1", "ut_pta_direct 2"], SHORT_MONTH),
    **dict.fromkeys(["V38", "bail_auto_referral 1"], DUE_AFTER),
    "detention_medical_24h 1": HOURS,
}


@named()
def test_an_example_fails_when_another_day_is_day_1_but_for_those_of_which_we_say_why(name):
    assert passes(name, World(change_rule=other_first_day)) == (name in SAME_EITHER_WAY)


# --- the calendar ---


def asks_a_calendar(rule: DeadlineRule, unit: Unit) -> bool:
    """Whether closed days matter: they are not counted, the end moves over them, or there is a safe day."""
    ours = rule.kind is Kind.HARD_LIMIT and rule.owed_by is OwedBy.US
    return unit is Unit.WORKING_DAYS or rule.end_rule is EndRule.ROLL_FORWARD or ours


def closed_too(*days: date) -> World:
    def change(calendar: WorkingCalendar) -> WorkingCalendar:
        return replace(calendar, holidays={**calendar.holidays, **dict.fromkeys(days, CLOSED)})

    return World(change_calendar=change)


@named(lambda name: asks_a_calendar(rule_of(name), unit_of(name)))
def test_an_example_fails_when_its_day_becomes_a_holiday(name):
    assert not passes(name, closed_too(expected(ALL[name]).get("safe") or last_of(name)))


@named(lambda name: unit_of(name) is Unit.WORKING_DAYS or rule_of(name).end_rule is EndRule.ROLL_FORWARD)
def test_an_example_fails_when_its_last_day_becomes_a_holiday(name):
    assert not passes(name, closed_too(last_of(name)))


# Rules for which, in all or some of their lengths, no calendar matters: every day counts, the end does not move over
# closed days, and there is no safe day to move back, as nobody has to be reached by then.
WITHOUT_A_CALENDAR = {
    *(
        "asylum_support_move_on",
        "bail_auto_referral",
        "bail_consent_removal_directions",
        "bail_repeat_28_days",
    ),
    *(
        "deemed_service_post_abroad",
        "deemed_service_sn",
        "detention_medical_24h",
        "detention_monthly_reasons",
    ),
    *("ftt_24_weeks", "ftt_directions", "further_submissions_work", "jr_pap_reply", "mp_office_chase"),
    *("nrm_recovery_period", "removal_after_failed_attempt", "removal_after_jr", "removal_port_refusal"),
    "short_term_facility_limit",
}


def test_no_calendar_matters_to_the_examples_of_these_rules_alone():
    unasked = {name for name in ALL if not asks_a_calendar(rule_of(name), unit_of(name))}
    assert {ALL[name]["rule"] for name in unasked} == WITHOUT_A_CALENDAR
    every_day = [date(2025, 12, 1) + timedelta(days=number) for number in range(1100)]
    assert [name for name in unasked if not passes(name, closed_too(*every_day))] == []


def turns_on_closed_days(name: str) -> bool:
    """Whether the example counts working days, or one of its days is not the counted one."""
    dates = ALL[name].get("dates", {})
    raw = dates.get("raw")
    moved = raw and any(dates.get(key, raw) != raw for key in ("safe", "last", "due"))
    return unit_of(name) is Unit.WORKING_DAYS or (bool(moved) and not rule_of(name).safe_margin_days)


@named(turns_on_closed_days)
def test_an_example_that_turns_on_closed_days_fails_when_every_day_counts(name):
    def every_day(calendar: WorkingCalendar) -> WorkingCalendar:
        return WorkingCalendar(calendar.key, calendar.name, every_day=True)

    assert not passes(name, World(change_calendar=every_day))


def in_december(closed: bool) -> World:
    return World(change_calendar=lambda calendar: replace(calendar, december_closure=closed))


@pytest.mark.parametrize(("name", "calendar"), [("V28", "ut_jr"), ("V32", "removal_notice")])
def test_the_december_closure_of_appeals_would_spoil_judicial_review_and_removal_notices(name, calendar):
    assert rule_of(name).calendar == calendar
    assert passes(name, in_december(closed=False))
    assert not passes(name, in_december(closed=True))


@pytest.mark.parametrize(
    "name", ["V03", "V05", "V15", "V16", "V24", "V25", "ftt_continue_after_leave_granted 1"]
)
def test_an_appeal_over_the_new_year_fails_without_the_december_closure(name):
    assert passes(name, in_december(closed=True))
    assert not passes(name, in_december(closed=False))


@named(lambda name: ALL[name]["rule"] == "foi")
def test_freedom_of_information_fails_with_the_holidays_of_england_and_wales_only(name):
    assert not passes(name, World(change_rule=lambda rule: replace(rule, calendar="office_ew")))


@pytest.mark.parametrize(
    "name", [name for name, one in VECTORS.items() if one.get("region") in ("scotland", "northern-ireland")]
)
def test_an_example_of_scotland_or_northern_ireland_is_another_in_england_and_wales(name):
    assert World().answer({**ALL[name], "region": DEFAULT_REGION}) != expected(ALL[name])


# --- the roll ---


def may_roll(rule: DeadlineRule, unit: Unit) -> bool:
    """Whether it could matter if the end moves over closed days.

    A time in working days ends on one. A period, a window and a day of service end where they end: nothing is to be
    done on that day.
    """
    ends_by_itself = rule.kind in (
        *(Kind.NOTICE_PERIOD, Kind.EARLIEST_DATE, Kind.LATEST_STATE_ACT, Kind.DEEMED_SERVICE),
        *([Kind.REVIEW_CYCLE] if rule.counting is Counting.BEGINNING_WITH else []),
    )
    return unit is not Unit.WORKING_DAYS and not ends_by_itself


def rolled_otherwise(rule: DeadlineRule) -> DeadlineRule:
    if rule.end_rule is EndRule.ROLL_FORWARD:
        return replace(rule, end_rule=EndRule.NO_ROLL)
    return replace(rule, end_rule=EndRule.ROLL_FORWARD, calendar=rule.safe_calendar or "office_ew")


def ends_on_a_closed_day(name: str) -> bool:
    """Whether the counted day is closed, by another library's bank holidays."""
    key = rolled_otherwise(rule_of(name)).calendar
    days = expected(ALL[name])
    counted = days["turns"] if "turns" in days else [days.get("raw") or last_of(name)]
    return any(is_off(day, key, ALL[name].get("region", DEFAULT_REGION)) for day in counted)


@named(lambda name: may_roll(rule_of(name), unit_of(name)))
def test_an_example_fails_when_the_roll_is_changed_unless_its_counted_day_is_open(name):
    notices = not passes(name, World(change_rule=rolled_otherwise))
    assert notices == ends_on_a_closed_day(name)


@pytest.mark.parametrize(
    "key", sorted({rule_of(name).key for name in ALL if may_roll(rule_of(name), unit_of(name))})
)
def test_every_rule_whose_end_could_move_has_an_example_that_notices(key):
    mine = [name for name in ALL if ALL[name]["rule"] == key and may_roll(rule_of(name), unit_of(name))]
    assert any(ends_on_a_closed_day(name) for name in mine)


# --- the margin ---


def other_margin(days: int) -> World:
    return World(change_rule=lambda rule: replace(rule, safe_margin_days=days))


@pytest.mark.parametrize("key", [rule.key for rule in rule_book().rules.values() if rule.safe_margin_days])
def test_every_rule_with_a_margin_has_an_example_that_fails_without_it(key):
    mine = [name for name in ALL if ALL[name]["rule"] == key]
    for days in (0, 5):
        assert any(not passes(name, other_margin(days)) for name in mine)


def test_every_rule_of_the_reference_is_here():
    assert set(RULES_OF_THE_REFERENCE) <= set(rule_book().rules)
    assert len(RULES_OF_THE_REFERENCE) == 62
    assert set(rule_book().rules) - set(RULES_OF_THE_REFERENCE) == {
        key for key, rule in rule_book().rules.items() if rule.kind == "deemed_service"
    }


def test_only_a_posted_notice_is_asked_when_it_was_posted():
    asked = {key for key, rule in rule_book().rules.items() if rule.trigger_is is TriggerIs.POSTED}
    assert asked == {"deemed_service_post", "deemed_service_post_abroad"}


RULES_OF_THE_REFERENCE = (
    *("ftt_appeal_in_uk", "ftt_appeal_out_of_uk_receipt", "ftt_appeal_after_departure"),
    *("ftt_appeal_eu_rights", "ftt_caseworker_decision_review"),
    *("ftt_reinstate_after_fee_strike_out", "ftt_continue_after_leave_granted"),
    *("ftt_ask_written_reasons", "ftt_set_aside", "ftt_pta", "ut_pta_direct"),
    *("ut_response_reply", "ut_set_aside", "ut_pta_court_of_appeal", "coa_permission"),
    *("coa_permission_jr", "court_of_session", "ftt_24_weeks", "ftt_directions"),
    *("admin_review_in_uk", "admin_review_detained", "admin_review_overseas"),
    *("further_submissions", "further_submissions_work", "s120_notice", "asylum_questionnaire"),
    *("asylum_interview_transcript", "asylum_support_appeal", "asylum_support_move_on"),
    *("removal_notice_period", "removal_port_refusal", "removal_after_failed_attempt"),
    *("removal_after_jr", "priority_removal_notice", "removal_window_3_months", "jr_and_removal"),
    *("deportation_representations", "appeal_rights_exhausted", "jr_upper_tribunal"),
    *("jr_high_court", "jr_pap_reply", "jr_acknowledgment", "jr_oral_renewal"),
    *("detention_monthly_reasons", "detention_medical_24h", "rule_35_report"),
    *("short_term_facility_limit", "bail_repeat_28_days", "bail_auto_referral", "bail_hearing"),
    *("bail_consent_removal_directions", "nrm_reasonable_grounds", "nrm_recovery_period"),
    *("nrm_reconsideration", "nrm_information_notice", "mp_letter_home_office"),
    *("mp_office_chase", "complaint_home_office", "phso", "sar", "foi", "dp_complaint_process"),
)

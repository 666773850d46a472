"""The worked examples of the reference, and that each notices when its rule is changed."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from casework.domain.counting import Length, Unit
from casework.domain.deadline_rules import DeadlineRule, EndRule, TriggerIs
from casework.domain.deadlines import WorkedDate, work_out
from casework.domain.errors import CaseworkError
from casework.domain.triggers import Told, start_of
from casework.domain.working_days import WorkingCalendar
from casework.reference.regions import DEFAULT_REGION
from casework.reference.rule_book import rule_book

VECTORS = tomllib.loads((Path(__file__).parent / "vectors.toml").read_text("utf-8"))
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


def passes(vector: dict, world: World) -> bool:
    try:
        return world.answer(vector) == expected(vector)
    except CaseworkError:
        return False


def named(only: Callable[[dict], bool] = lambda vector: True):
    return pytest.mark.parametrize("name", [key for key, vector in VECTORS.items() if only(vector)])


def test_there_are_fifty_six_examples():
    assert list(VECTORS) == [f"V{number:02}" for number in range(1, 57)]


@named()
def test_an_example_of_the_reference_comes_out_as_it_says(name):
    assert World().answer(VECTORS[name]) == expected(VECTORS[name]), VECTORS[name]["why"]


def one_longer(rule: DeadlineRule) -> DeadlineRule:
    variants = {
        key: replace(one, length=Length(one.length.number + 1, one.length.unit))
        for key, one in rule.variants.items()
    }
    length = rule.length and Length(rule.length.number + 1, rule.length.unit)
    return replace(rule, length=length, variants=variants)


@named()
def test_an_example_fails_when_the_length_of_its_rule_is_changed(name):
    assert not passes(VECTORS[name], World(change_rule=one_longer))


def rolls(vector: dict) -> bool:
    """Whether the last day of the example is not the counted one, or a day that does not roll is closed."""
    dates = vector.get("dates", {})
    rule = rule_book().rule(vector["rule"])
    if rule.end_rule is EndRule.ROLL_FORWARD:
        return "raw" in dates and dates["raw"] != (dates.get("last") or dates["due"])
    calendar = rule_book().working_calendar(
        rule.safe_calendar or "office_ew", vector.get("region", DEFAULT_REGION)
    )
    return rule.end_rule is EndRule.NO_ROLL and calendar.why_closed(dates["last"]) is not None


def rolled_otherwise(rule: DeadlineRule) -> DeadlineRule:
    if rule.end_rule is EndRule.ROLL_FORWARD:
        return replace(rule, end_rule=EndRule.NO_ROLL)
    return replace(rule, end_rule=EndRule.ROLL_FORWARD, calendar=rule.safe_calendar or "office_ew")


@named(rolls)
def test_an_example_that_ends_on_a_closed_day_fails_when_the_roll_is_changed(name):
    assert not passes(VECTORS[name], World(change_rule=rolled_otherwise))


def turns_on_working_days(vector: dict) -> bool:
    """Whether the example counts working days, or rolls over some."""
    rule = rule_book().rule(vector["rule"])
    return rule.length_for(vector.get("variant")).unit is Unit.WORKING_DAYS or rolls(vector)


@named(turns_on_working_days)
def test_an_example_in_working_days_fails_when_every_day_counts(name):
    def every_day(calendar: WorkingCalendar) -> WorkingCalendar:
        return WorkingCalendar(calendar.key, calendar.name, every_day=True)

    assert not passes(VECTORS[name], World(change_calendar=every_day))


def last_of(vector: dict) -> date:
    return max(day for name, day in expected(vector).items() if name not in ("deemed_served", "earliest"))


def minds_its_last_day(vector: dict) -> bool:
    """Whether the last day of the example would move if it were a holiday."""
    rule = rule_book().rule(vector["rule"])
    counts = rule.length_for(vector.get("variant")).unit is Unit.WORKING_DAYS
    return rule.calendar != "calendar_days" and (counts or rule.end_rule is EndRule.ROLL_FORWARD)


@named(minds_its_last_day)
def test_an_example_fails_when_its_last_day_becomes_a_holiday(name):
    days = expected(VECTORS[name])
    served = days["deemed_served"] if set(days) == {"deemed_served"} else None
    closed = served or last_of(VECTORS[name])

    def one_holiday_more(calendar: WorkingCalendar) -> WorkingCalendar:
        return replace(calendar, holidays={**calendar.holidays, closed: CLOSED})

    assert not passes(VECTORS[name], World(change_calendar=one_holiday_more))


@named(
    lambda vector: vector["rule"] in ("admin_review_in_uk", "admin_review_detained", "nrm_reconsideration")
)
def test_an_example_with_a_margin_fails_without_it_or_shows_a_closed_day(name):
    vector = VECTORS[name]
    closed = rolls(vector)  # day 14 of V44 is a Sunday, so its safe day is the Friday either way
    assert passes(vector, World(change_rule=lambda rule: replace(rule, safe_margin_days=0))) is closed


@pytest.mark.parametrize(("name", "calendar"), [("V28", "ut_jr"), ("V32", "removal_notice")])
def test_the_december_closure_of_appeals_would_spoil_judicial_review_and_removal_notices(name, calendar):
    def closed_in_december(one: WorkingCalendar) -> WorkingCalendar:
        return replace(one, december_closure=True)

    assert rule_book().rule(VECTORS[name]["rule"]).calendar == calendar
    assert passes(VECTORS[name], World())
    assert not passes(VECTORS[name], World(change_calendar=closed_in_december))


@named(lambda vector: vector["rule"] == "foi")
def test_freedom_of_information_fails_with_the_holidays_of_england_and_wales_only(name):
    def in_england(rule: DeadlineRule) -> DeadlineRule:
        return replace(rule, calendar="office_ew")

    assert not passes(VECTORS[name], World(change_rule=in_england))


@named(lambda vector: vector.get("region") in ("scotland", "northern-ireland"))
def test_an_example_of_scotland_or_northern_ireland_is_another_in_england_and_wales(name):
    assert not passes({**VECTORS[name], "region": DEFAULT_REGION}, World())


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

import json
from datetime import date

import pytest
from click.testing import CliRunner

from casework.commands.deadline import deadline_command
from casework.reference.rule_book import rule_book
from tests.reference.test_vectors import VECTORS


def run(*arguments):
    return CliRunner().invoke(deadline_command, list(arguments))


def test_the_command_prints_both_dates_the_hour_the_counting_and_the_source():
    printed = run("ftt_appeal_in_uk", "2026-03-20").output
    assert "Aim for: Thursday 2 April 2026" in printed
    assert "Last moment: Tuesday 7 April 2026, midnight" in printed
    assert "Fri 03 Apr 2026  day 14 (Good Friday)" in printed
    assert "SI 2014/2604 r.19(2)" in printed
    assert "Not yet checked by an adviser." in printed
    assert "It is not legal advice." in printed


def test_a_standard_is_not_printed_as_a_limit():
    printed = run("mp_letter_home_office", "1/12/2026").output
    assert "Answer hoped for by about: Thursday 31 December 2026" in printed
    assert "Last moment" not in printed


def test_what_an_office_aims_at_is_not_printed_as_ours_to_aim_for():
    assert "They aim for: Friday 20 November 2026" in run("jr_pap_reply", "--sent", "2026-11-06").output


@pytest.mark.parametrize(
    "asked",
    [
        ("bail_consent_removal_directions", "2026-11-20", "--variant", "before"),
        ("short_term_facility_limit", "2026-11-20", "--variant", "normal"),
    ],
)
def test_only_of_a_removal_it_is_said_that_they_may_act_with_less_notice(asked):
    printed = run(*asked).output
    assert "Window ends: " in printed
    assert "less notice" not in printed
    assert "less notice" in run("removal_port_refusal", "2026-11-20").output


def test_the_end_of_a_recovery_period_is_printed_with_its_condition():
    printed = run("nrm_recovery_period", "2026-11-02").output
    said = "Unless the conclusive decision comes later, they may act from: Wednesday 2 December 2026"
    assert said in printed


def test_where_parts_of_the_uk_differ_the_command_says_so():
    printed = run("ftt_appeal_in_uk", "2026-03-20", "--region", "scotland").output
    assert "Last moment: Monday 6 April 2026" in printed
    assert "In England and Wales it would be Tuesday 7 April 2026" in printed


def test_without_a_part_of_the_uk_the_earliest_day_of_all_is_the_one_to_aim_for():
    andrew = ["ftt_appeal_out_of_uk_receipt", "--received", "2026-11-02"]  # day 28 is a holiday in Scotland
    assert dates(*andrew) == {"raw": "2026-11-30", "safe": "2026-11-27", "last": "2026-11-30"}
    assert dates(*andrew, "--in", "england-and-wales")["safe"] == "2026-11-30"
    printed = run(*andrew).output
    assert "so this counts as in England and Wales. The day to aim for is that of Scotland" in printed
    assert "the earliest of England and Wales, Scotland and Northern Ireland." in printed


def test_without_a_part_of_the_uk_the_first_day_of_a_removal_is_the_earliest_of_all():
    easter = ["removal_notice_period", "--on", "2026-04-01"]  # Easter Monday works in Scotland
    assert dates(*easter)["earliest"] == dates(*easter, "--in", "scotland")["earliest"] == "2026-04-10"
    assert dates(*easter, "--in", "england-and-wales")["earliest"] == "2026-04-11"
    assert "The first day on which they may act is that of Scotland" in run(*easter).output


def test_without_a_part_of_the_uk_a_date_that_is_the_same_everywhere_says_so():
    printed = run("ftt_appeal_in_uk", "2026-11-03").output
    assert "it is the same in England and Wales, Scotland and Northern Ireland." in printed
    assert "No part of the UK" not in run("ftt_appeal_in_uk", "2026-11-03", "--in", "scotland").output


def test_where_only_the_day_to_aim_for_differs_that_is_said_too():
    printed = run("admin_review_in_uk", "--received", "2026-11-17", "--in", "england-and-wales").output
    assert "In Scotland the day to aim for would be Friday 27 November 2026" in printed


def test_json_carries_the_dates_the_steps_and_how_far_the_rule_was_checked():
    answer = json.loads(run("removal_notice_period", "2026-12-22", "--json").output)
    assert answer["dates"] == {"period_ends": "2026-12-31", "earliest": "2027-01-01"}
    assert {"date": "2026-12-25", "counted": False, "why": "Christmas Day"} in answer["steps"]
    assert (answer["kind"], answer["status"], answer["checked_on"]) == (
        "notice_period",
        "VERIFIED",
        "2026-11-20",
    )


def test_a_posted_decision_is_counted_from_the_day_it_is_taken_as_served():
    answer = json.loads(run("admin_review_in_uk", "--posted", "2026-12-24", "--json").output)
    assert answer["trigger_date"] == "2026-12-30"
    assert answer["dates"]["deemed_served"] == "2026-12-30"


def test_a_date_that_cannot_be_known_says_why_in_json_too():
    answer = json.loads(run("ftt_appeal_in_uk", "2028-12-20", "--json").output)
    assert answer["dates"] == {"unknown": answer["unknown"]}
    assert "31 December 2028" in answer["unknown"]


def test_the_list_names_every_rule_with_its_choices():
    rules = {row["key"]: row for row in json.loads(run("--list", "--json").output)}
    assert set(rules["mp_office_chase"]["variants"]) == {"detained_or_removal_date", "posted", "otherwise"}
    assert "sar" in run("--list").output


def dates(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)["dates"]


def test_each_day_is_given_by_its_own_option_and_the_part_of_the_uk_by_in():
    easter = {"raw": "2026-04-03", "safe": "2026-04-02", "last": "2026-04-07"}
    assert dates("ftt_appeal_in_uk", "--sent", "2026-03-20") == easter
    assert dates("ftt_appeal_in_uk", "--on", "2026-03-20") == easter
    assert dates("ftt_appeal_in_uk", "--posted", "2026-03-20") == easter  # it runs from sending
    assert dates("ftt_appeal_in_uk", "--sent", "2026-03-20", "--received", "2026-03-24") == easter
    assert dates("ftt_appeal_in_uk", "--sent", "2026-03-20", "--in", "scotland")["last"] == "2026-04-06"
    assert dates("asylum_support_appeal", "--received", "2026-11-26")["last"] == "2026-11-30"


def test_a_decision_posted_abroad_is_counted_from_the_28th_day():
    answer = json.loads(run("ftt_appeal_out_of_uk_receipt", "--posted", "2026-10-01", "--json").output)
    assert answer["dates"] == {
        "deemed_served": "2026-10-29",
        "raw": "2026-11-26",
        "safe": "2026-11-26",
        "last": "2026-11-26",
    }
    posted = {
        "date": "2026-10-01",
        "counted": False,
        "why": "posted; taken as served on Thursday 29 October 2026",
    }
    assert answer["steps"][0] == posted
    assert sum(step["counted"] for step in answer["steps"]) == 28
    printed = run("ftt_appeal_out_of_uk_receipt", "--posted", "2026-10-01").output
    assert "How the service was counted (SI 2003/658 reg.7(4)-(6))" in printed


def test_a_notice_that_arrived_before_it_was_taken_as_served_counts_from_the_earlier_day():
    arguments = ["admin_review_in_uk", "--posted", "2026-11-02", "--received", "2026-11-03", "--json"]
    answer = json.loads(run(*arguments).output)
    assert answer["trigger_date"] == "2026-11-03"
    assert any("the earlier of the two is used" in note for note in answer["notes"])


def test_a_notice_sent_by_email_counts_from_the_day_it_was_sent():
    assert dates("admin_review_in_uk", "--sent", "2026-11-15", "--how", "email")["last"] == "2026-11-29"
    assert (
        dates("admin_review_in_uk", "--sent", "2026-11-13", "--how", "post")["deemed_served"] == "2026-11-17"
    )


def test_the_way_a_decision_came_chooses_the_length():
    key = "ut_pta_court_of_appeal"
    assert dates(key, "--sent", "2026-11-09", "--variant", "in_uk", "--how", "email")["last"] == "2026-11-23"
    assert dates(key, "--posted", "2026-11-09", "--variant", "in_uk")["last"] == "2026-11-25"
    assert dates("ut_set_aside", "--sent", "2026-11-09", "--how", "portal")["last"] == "2026-11-23"
    assert dates(key, "--on", "2026-11-09", "--variant", "detained_posted")["last"] == "2026-11-18"


def test_the_day_of_deemed_service_is_itself_an_answer():
    assert dates("deemed_service_post", "--posted", "2026-12-31", "--in", "scotland") == {
        "deemed_served": "2027-01-06"
    }
    assert "Taken as served on: Wednesday 30 December 2026" in run(
        "deemed_service_post", "--posted", "2026-12-24"
    ).output  # fmt: skip


@pytest.mark.parametrize("arguments", [[], ["--on", "2026-11-20"]])
def test_a_rule_without_a_length_says_so_and_gives_no_date(arguments):
    answer = json.loads(run("further_submissions", *arguments, "--json").output)
    assert answer["dates"] == {"unknown": answer["unknown"]}
    assert answer["steps"] == []
    assert "no time limit" in answer["unknown"]
    assert "no time limit" in run("further_submissions", *arguments).output


def test_a_day_that_has_not_come_yet_is_counted_and_says_so():
    answer = json.loads(run("ftt_appeal_after_departure", "--on", "2028-01-29", "--json").output)
    assert answer["dates"]["last"] == "2028-02-28"
    assert "Saturday 29 January 2028 has not come yet" in " ".join(answer["notes"])
    assert "has not come yet" in run("ftt_appeal_after_departure", "--on", "2028-01-29").output


def test_a_rule_that_nobody_is_sure_of_says_so():
    assert "This rule is uncertain" in run("coa_permission", "--sent", "2026-11-20").output
    assert "This rule is uncertain" not in run("ftt_pta", "--sent", "2026-11-20", "--variant", "in_uk").output


def test_the_list_says_what_each_rule_needs_and_how_far_it_was_checked():
    rules = {row["key"]: row for row in json.loads(run("--list", "--json").output)}
    assert rules["ftt_appeal_in_uk"]["needs"] == ["--sent"]
    assert rules["admin_review_in_uk"]["needs"] == ["--received or --posted"]
    assert rules["ut_set_aside"]["needs"] == ["--sent", "--variant or --how"]
    assert rules["removal_notice_period"]["needs"] == ["--on"]
    assert rules["deemed_service_post"]["needs"] == ["--posted"]
    assert rules["further_submissions"]["needs"] == []
    assert rules["coa_permission"]["status"] == "MIXED"
    assert "needs --received or --posted; VERIFIED" in run("--list").output


@pytest.mark.parametrize("key", rule_book().rules)
def test_every_rule_answers_its_worked_examples_on_the_command_line(key):
    rule = rule_book().rule(key)
    for example in rule.examples:
        variant = ["--variant", example.variant] if example.variant else []
        found = dates(key, "--on", example.trigger.isoformat(), "--in", example.region, *variant)
        unknown = {"unknown": rule.no_date} if rule.no_date else {}
        assert found == {name: day.isoformat() for name, day in example.dates.items()} | unknown


@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_every_example_of_the_reference_comes_out_on_the_command_line(vector):
    day = ["--posted", vector["posted"]] if "posted" in vector else ["--on", vector["on"]]
    place = ["--in", vector["region"]] if "region" in vector else []
    choice = ["--variant", vector["variant"]] if "variant" in vector else []
    found = dates(vector["rule"], *map(str, (*day, *place, *choice)))
    expected = vector.get("dates") or {"due": vector["turns"][0]}
    assert expected.items() <= {name: date.fromisoformat(text) for name, text in found.items()}.items()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fast_track", "2026-03-20"], "There is no rule"),
        (["ftt_appeal_in_uk", "31/2/2026"], "is not a date"),
        ([], "Give a rule."),
        (["ftt_appeal_in_uk"], "This rule needs --sent."),
        (["deemed_service_post"], "This rule needs --posted."),
        (["deemed_service_post", "--sent", "2026-11-20"], "Give that day. (--posted)"),
        (["ut_pta_court_of_appeal"], "This rule needs --sent, and --variant or --how."),
        (["ut_pta_court_of_appeal", "--sent", "2026-11-09", "--how", "email"], "(--variant or --how)"),
        (["ut_pta_court_of_appeal", "--sent", "2026-11-09", "--variant", "x"], "in_uk_posted (in the UK"),
        (
            ["ut_set_aside", "--sent", "2026-11-09", "--how", "email", "--variant", "in_uk_posted"],
            "does not fit a notice that came by email",
        ),
        (["ftt_appeal_in_uk", "--received", "2026-11-20"], "on which it was sent"),
        (["admin_review_in_uk", "--sent", "2026-11-20"], "(--received or --posted)"),
        (["asylum_support_appeal", "--posted", "2026-11-20"], "(--received)"),
        (["removal_notice_period", "--sent", "2026-11-20"], "(--on)"),
        (["ftt_appeal_in_uk", "--sent", "2026-11-20", "--received", "2026-11-19"], "before it was sent"),
        (["ftt_appeal_in_uk", "--posted", "2026-11-20", "--sent", "2026-11-19"], "Give one of the two"),
        (["ftt_appeal_in_uk", "--posted", "2026-11-20", "--how", "email"], "did not come by email"),
        (["ftt_appeal_in_uk", "--on", "2026-11-20", "--sent", "2026-11-20"], "but not both. (--on)"),
        (["ftt_appeal_in_uk", "2026-11-20", "--on", "2026-11-20"], "once"),
        (["ftt_appeal_in_uk", "--sent", "31/2/2026"], "--sent: “31/2/2026” is not a date"),
        (["ftt_appeal_in_uk", "--sent", "9999-12-31"], "year 9999 cannot be right"),
        (["court_of_session", "--sent", "0001-01-01"], "year 1 cannot be right"),
        (["ftt_appeal_in_uk", "--sent", "2014-10-19"], "applies only from 20 October 2014"),
        (["removal_window_3_months", "--on", "2026-11-20"], "ended on 21 October 2020"),
        (["further_submissions", "--on", "2026-11-20", "--variant", "fresh"], "no choice is needed"),
        (["mp_office_chase", "2026-03-20"], "Say which applies"),
        (["ftt_appeal_in_uk", "2028-12-20"], "cannot be worked out"),
        (["ftt_appeal_in_uk", "2026-03-20", "--region", "wales"], "northern-ireland"),
    ],
)
def test_a_bad_request_is_answered_in_words_with_exit_status_2(arguments, says):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


@pytest.mark.parametrize("how", ["email", "hand", "portal"])
def test_a_rule_about_posted_notices_does_not_fit_one_that_came_otherwise(how):
    result = run("deemed_service_post", "--on", "2026-11-20", "--how", how)
    assert result.exit_code == 2
    assert f"This is for a notice that was posted, not for one that came by {how}. (--how)" in result.stderr


def test_a_bad_request_for_json_leaves_standard_output_empty():
    result = run("ftt_appeal_in_uk", "--sent", "31/2/2026", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not a date" in result.stderr


def test_an_option_given_twice_and_one_beside_the_list_are_refused():
    assert run("ftt_appeal_in_uk", "--sent", "2026-03-20", "--sent", "2026-03-21").exit_code == 2
    assert run("--list", "--on", "2026-03-20").exit_code == 2


def test_offices_are_counted_as_in_england_and_wales_whatever_part_is_named():
    printed = run("sar", "--received", "2026-03-03", "--in", "scotland").output
    assert "(Offices (Home Office letters, complaints); England and Wales):" in printed


def test_a_review_that_comes_again_names_the_days_after_the_first():
    found = json.loads(run("detention_monthly_reasons", "--on", "2026-10-31", "--json").output)
    assert found["dates"]["due"] == "2026-11-30"
    assert found["turns"] == ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]

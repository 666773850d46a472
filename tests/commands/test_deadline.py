import json

import pytest
from click.testing import CliRunner

from casework.commands.deadline import deadline_command


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


def test_where_parts_of_the_uk_differ_the_command_says_so():
    printed = run("ftt_appeal_in_uk", "2026-03-20", "--region", "scotland").output
    assert "Last moment: Monday 6 April 2026" in printed
    assert "In England and Wales it would be Tuesday 7 April 2026" in printed


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
    assert answer["dates"] == {}
    assert "31 December 2028" in answer["unknown"]


def test_the_list_names_every_rule_with_its_choices():
    rules = {row["rule"]: row for row in json.loads(run("--list", "--json").output)}
    assert set(rules["mp_office_chase"]["variants"]) == {"detained_or_removal_date", "otherwise"}
    assert "sar" in run("--list").output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fast_track", "2026-03-20"], "There is no rule"),
        (["ftt_appeal_in_uk", "31/2/2026"], "is not a date"),
        (["ftt_appeal_in_uk"], "Give a rule and one date"),
        (["mp_office_chase", "2026-03-20"], "Say which applies"),
        (["ftt_appeal_in_uk", "2028-12-20"], "cannot be worked out"),
        (["ftt_appeal_in_uk", "2026-03-20", "--region", "wales"], "northern-ireland"),
    ],
)
def test_a_bad_request_is_answered_in_words_with_exit_status_2(arguments, says):
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.output

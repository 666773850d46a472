"""One date without a case: chosen, asked for, answered, and refused in words."""

from urllib.parse import urlencode

import pytest

from casework.domain.safety.accounts import Role
from casework.reference.rule_book import rule_book
from tests.factories import make_user


def ask(browser, rule, **told):
    return browser.get("/one-date?" + urlencode({"rule": rule, **told}))


def test_a_rule_is_chosen_first_and_then_only_what_it_needs_is_asked_for(browser):
    page = browser.get("/one-date")
    assert '<option value="ftt_appeal_in_uk">' in page
    page = ask(browser, "ftt_appeal_in_uk")
    assert "It counts from: notice of decision sent to the person" in page
    assert 'name="sent-day"' in page
    assert 'name="on-day"' not in page
    page = ask(browser, "bail_repeat_28_days")
    assert 'name="on-day"' in page
    assert 'name="how"' not in page
    assert 'name="posted-day"' in ask(browser, "deemed_service_post")


def test_the_answer_shows_both_days_the_hour_each_day_the_source_and_how_far_it_was_checked(browser):
    page = ask(browser, "ftt_appeal_in_uk", sent="2026-03-20", region="england-and-wales")
    assert "Aim for <strong><time" in page
    assert "Thursday 2 April 2026" in page
    assert "Tuesday 7 April 2026</time></strong>, midnight" in page
    assert "day 14 (Good Friday)" in page
    assert "Easter Monday, not a working day" in page
    assert "SI 2014/2604 r.19(2)" in page
    assert "Not yet checked by an adviser." in page
    assert "It is not legal advice." in page
    assert "In Scotland it would be Monday 6 April 2026" in page
    assert "date--hard_limit" in page


def test_the_three_boxes_of_the_form_stand_in_the_address_and_in_the_boxes_again(browser):
    boxes = {"sent-day": "20", "sent-month": "3", "sent-year": "2026"}
    page = ask(browser, "ftt_appeal_in_uk", **boxes)
    assert "Friday 20 March 2026" in page
    assert 'value="2026"' in page


def test_where_nobody_is_sure_of_the_part_of_the_uk_the_earliest_is_the_safe_one_and_it_says_so(browser):
    page = ask(browser, "ftt_appeal_out_of_uk_receipt", received="2026-11-02", region="not-sure")
    assert "Aim for <strong>" in page
    assert "The day to aim for is the earliest of the three parts of the UK" in page
    assert "in England and Wales alone it would be Monday 30 November 2026" in page
    assert "Nobody said which part of the UK counts" in page
    page = ask(browser, "foi", received="2026-03-02", region="not-sure")
    assert "It is the same in all parts of the UK." in page


def test_a_posted_notice_is_counted_from_the_day_it_is_taken_as_served_and_the_service_is_shown(browser):
    page = ask(browser, "admin_review_in_uk", sent="2026-12-24", how="post", region="england-and-wales")
    assert "How the notice counts as served" in page
    assert "taken as served on <strong><time" in page
    assert "Wednesday 30 December 2026" in page
    assert "Christmas Day" in page


def test_a_standard_looks_like_none_of_the_limits(browser):
    page = ask(browser, "mp_letter_home_office", received="2026-11-02")
    assert "date--service_standard" in page
    assert "Answer hoped for by about" in page
    assert "Last moment" not in page


def test_the_day_of_service_is_an_answer_of_its_own_and_no_limit(browser):
    page = ask(browser, "deemed_service_post", posted="2026-12-31", region="scotland")
    assert "Taken as served on <strong><time" in page
    assert "Wednesday 6 January 2027" in page
    assert "date--deemed_service" in page


def test_a_rule_that_makes_no_date_says_why_and_asks_for_nothing(browser):
    page = ask(browser, "further_submissions")
    assert "There is no time limit for further submissions" in page
    assert 'name="on-day"' not in page
    assert ask(browser, "removal_window_3_months", on="2026-11-20").count("Something needs another look") == 0


def test_a_day_that_has_not_come_is_counted_with_a_caution(browser):
    page = ask(browser, "ftt_appeal_after_departure", on="2028-01-29")
    assert "Saturday 29 January 2028 has not come yet" in page
    assert "Monday 28 February 2028" in page


@pytest.mark.parametrize(
    ("rule", "told", "field", "says"),
    [
        ("ftt_appeal_in_uk", {"sent-day": "31", "sent-month": "2", "sent-year": "2026"}, "sent-day",
         "There is no such day: 31 2 2026."),
        ("ftt_appeal_in_uk", {"sent": "2014-10-19"}, "sent-day", "This rule applies only from 20 October 2014."),
        ("ftt_appeal_in_uk", {"received": "2026-11-02"}, "sent-day", "the day on which it was sent"),
        ("ftt_appeal_in_uk", {"sent": "2026-11-03", "received": "2026-11-02"}, "received-day", "before it was sent"),
        ("ftt_appeal_in_uk", {"sent": "2026-11-03", "person": "abroad"}, "person-0",
         "This rule is for people who are in the UK. You said that they are outside the UK."),
        ("ftt_appeal_in_uk", {"sent": "2028-12-20"}, "sent-day", "known only until 31 December 2028"),
        ("ftt_pta", {"sent": "2026-11-03"}, "variant-0", "Choose which of these applies."),
        ("ftt_pta", {"sent": "2026-11-03", "variant": "on_the_moon"}, "variant-0", "Choose which of these applies."),
        ("ut_set_aside", {"sent": "2026-11-03", "how": "email", "variant": "in_uk_posted"}, "how-0",
         "does not fit a notice that came by email"),
        ("ut_set_aside", {"sent": "2026-11-03", "how": "post"}, "variant-0", "Choose which of these applies."),
        ("ftt_appeal_in_uk", {"sent": "2026-11-03", "how": "pigeon"}, "how-0", "Choose one of the answers."),
        ("ftt_appeal_in_uk", {"sent": "2026-11-03", "region": "wales"}, "region-0", "Choose one of the answers."),
        ("deemed_service_post", {"region": "scotland"}, "posted-day", "Give that day."),
        ("bail_repeat_28_days", {"on": "9999-12-31"}, "on-day", "Check the year."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_answered_in_words_at_its_field_and_nothing_is_computed(
    browser, rule, told, field, says
):
    page = ask(browser, rule, **told)
    assert "Something needs another look" in page
    assert f'<a href="#{field}">' in page
    assert says in page
    assert "Day by day" not in page


def test_what_was_typed_is_kept_when_something_is_wrong(browser):
    page = ask(browser, "ftt_appeal_in_uk", **{"sent-day": "3 foo", "sent-month": "13", "sent-year": "26"})
    assert 'value="3 foo"' in page
    assert 'value="13"' in page


def test_the_way_a_decision_came_chooses_the_length_where_it_can(browser):
    page = ask(browser, "ut_set_aside", sent="2026-11-09", how="email")
    assert "Monday 23 November 2026" in page


@pytest.mark.parametrize("rule", ["", "fast_track", "<script>", "x" * 5000])
def test_a_rule_that_is_not_there_leads_back_to_the_choice(browser, rule):
    assert "Which date do you need?" in ask(browser, rule)


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "9" * 5000, "سميرة \u202egnp", "\0\x1b"])
def test_whatever_stands_in_the_address_is_answered_with_a_sound_page(browser, value):
    names = ("on", "sent", "sent-day", "received", "posted", "how", "variant", "region", "person", "once")
    for rule in ("ftt_appeal_in_uk", "ut_set_aside", "bail_repeat_28_days", "further_submissions"):
        assert "<script>alert" not in ask(browser, rule, **dict.fromkeys(names, value))


@pytest.mark.parametrize("key", rule_book().rules)
def test_every_worked_example_of_the_rules_comes_out_on_the_page(browser, key):
    rule = rule_book().rule(key)
    for example in rule.examples:
        name = rule.trigger_for(example.variant)
        told = {"on" if name == "event" else name: example.trigger.isoformat(), "region": example.region}
        if name == "posted" and rule.trigger_is != "posted":
            told = {"sent": example.trigger.isoformat(), "how": "post", "region": example.region}
        page = ask(browser, key, **told, **({"variant": example.variant} if example.variant else {}))
        ends = [
            example.dates[one]
            for one in ("last", "due", "window_ends", "deemed_served")
            if one in example.dates
        ]
        for day in ends or list(example.dates.values())[-1:]:
            assert f'<strong><time datetime="{day.isoformat()}">' in page


def test_everybody_who_is_signed_in_may_ask_and_nobody_else(sign_in, stranger):
    sign_in(make_user(Role.VOLUNTEER, "Idris Vale")).get("/one-date")
    stranger.get("/one-date?rule=foi", 302)


def test_the_list_of_rules_leads_to_each_rule_with_all_that_is_kept_of_it(browser):
    page = browser.get("/rules")
    for key in rule_book().rules:
        assert f'href="/rules/{key}"' in page
    page = browser.get("/rules/admin_review_in_uk")
    for text in (
        "Limit. A right may be lost",
        "people who are</dt><dd>not detained",
        "the day it was received, or when and how it was sent",
        "14 calendar days",
        "none: every day counts",
        "Where the time ends on a day that is no working day, it does not move.",
        "Immigration Rules Appendix Administrative Review AR2.6",
        "4 April 2024</time>",
        "Not yet checked by an adviser.",
        "20 November 2026",
        'href="/rules/deemed_service_post"',
        "Day 14 is a Sunday and does not roll",
        "and 1 day before the end",
    ):
        assert text in page


@pytest.mark.parametrize("key", rule_book().rules)
def test_each_rule_has_a_page_of_its_own(browser, key):
    rule = rule_book().rule(key)
    page = browser.get(f"/rules/{key}")
    assert f"/one-date?rule={key}" in page
    assert page.count("<li>") >= len(rule.variants) + len(rule.examples)


def test_the_page_of_a_rule_says_what_opens_and_ends_it_in_a_case(browser):
    page = browser.get("/rules/bail_repeat_28_days")
    assert "A case opens it when</dt><dd>A tribunal refused bail" in page
    assert ">Change this rule</a>" in page


def test_a_rule_that_is_not_there_has_no_page(browser):
    browser.get("/rules/fast_track", 404)

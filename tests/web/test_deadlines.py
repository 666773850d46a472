from datetime import date

import pytest

from casework.domain.accounts import Role
from casework.domain.deadline_rules import How
from casework.domain.triggers import Told
from casework.services import cases, deadlines
from casework.storage.database import db
from tests.factories import detained_at, home, make_case, make_user
from tests.pages import day


@pytest.fixture
def case(organiser):
    return make_case(organiser, home())


@pytest.fixture
def appeal(case, organiser):
    return deadlines.record_deadline(case, "ftt_appeal_in_uk", date(2026, 3, 20), None, organiser)


def page_of(row):
    return f"/cases/{row.case.reference}/dates/{row.id}"


def test_the_page_of_a_date_shows_both_days_the_hour_each_day_and_where_the_rule_stands(browser, appeal):
    page = browser.get(page_of(appeal))
    assert "Aim for" in page
    assert "Thursday 2 April 2026" in page
    assert "Tuesday 7 April 2026" in page
    assert "midnight" in page
    assert "day 14 (Good Friday)" in page
    assert "SI 2014/2604 r.19(2)" in page
    assert "Not yet checked by an adviser." in page
    assert "In Scotland it would be Monday 6 April 2026" in page


def test_each_day_that_does_not_count_is_said_with_its_reason(browser, appeal):
    page = browser.get(page_of(appeal))
    assert "Sunday 5 April 2026</time>: the weekend, not working days" in page
    assert "Easter Monday, not a working day" in page
    assert "(18 August 2026)" in page  # the version of a source that was read


def test_the_days_after_christmas_say_once_why_they_do_not_count(browser, organiser, case):
    row = deadlines.record_deadline(case, "ftt_pta", date(2026, 12, 14), "in_uk", organiser)
    page = browser.get(page_of(row))
    assert "27 to 31 December, not a working day under these rules</li>" in page


def test_where_the_part_of_the_uk_is_unsettled_the_earliest_day_to_aim_for_is_said_beside_ours(
    browser, organiser, case
):
    row = deadlines.record_deadline(
        case, "ftt_caseworker_decision_review", date(2026, 11, 16), None, organiser
    )
    page = browser.get(page_of(row))
    assert 'Aim for <strong><time datetime="2026-11-27">' in page  # 30 November is a holiday in Scotland
    assert "The day to aim for is the earliest of the three parts of the UK" in page
    assert "in England and Wales alone it would be Monday 30 November 2026" in page


def test_a_standard_looks_like_none_of_the_limits(browser, organiser, case):
    row = deadlines.record_deadline(case, "mp_letter_home_office", date(2026, 11, 2), None, organiser)
    page = browser.get(page_of(row))
    assert "date--service_standard" in page
    assert "Answer hoped for by about" in page
    assert "Last moment" not in page


def test_the_list_across_cases_leads_to_each_date_and_says_what_is_overdue(browser, appeal):
    page = browser.get("/dates")
    assert page_of(appeal) in page
    assert "overdue by" in page
    assert "Samira A." in page


def test_an_empty_list_says_where_dates_come_from(browser):
    assert "Nothing is due." in browser.get("/dates")


def test_a_date_is_added_by_its_rule(browser, case):
    path = f"/cases/{case.reference}/dates/new"
    browser.post(path, rule="ftt_pta:in_uk", **day("on", "16 11 2026"))
    page = browser.get(browser.location)
    assert "Monday 30 November 2026" in page


def test_rules_without_a_date_are_explained_and_not_offered(browser, case):
    page = browser.get(f"/cases/{case.reference}/dates/new")
    assert 'value="s120_notice:"' in page  # its day stands in the notice, and can be typed
    for key in ("further_submissions", "removal_window_3_months", "deemed_service_post"):
        assert f'value="{key}:' not in page
    assert "There is no time limit for further submissions" in page


def test_a_recovery_period_is_not_shown_as_a_removal(browser, case):
    path = f"/cases/{case.reference}/dates/new"
    browser.post(path, rule="nrm_recovery_period:", **day("on", "2 11 2026"))
    page = browser.get(f"/cases/{case.reference}")
    assert "Removal is possible from" not in page
    assert "Wednesday 2 December 2026" in page


def test_a_rule_that_did_not_yet_apply_says_so_at_the_day(browser, case):
    path = f"/cases/{case.reference}/dates/new"
    page = browser.post(path, 200, rule="admin_review_in_uk:", **day("on", "3 4 2024"))
    assert '<a href="#on-day">This rule applies only from 4 April 2024. Check the date.</a>' in page


def test_a_date_is_settled_with_words_and_opened_again(browser, appeal):
    page = browser.post(f"{page_of(appeal)}/settle", 200, how="", **day("on", "7 4 2026"))
    assert "Say in a few words how it was met" in page
    browser.post(f"{page_of(appeal)}/settle", how="The lawyer sent it.", **day("on", "2 4 2026"))
    assert "Settled on" in browser.get(browser.location)
    browser.post(f"{page_of(appeal)}/reopen", page=page_of(appeal))
    assert "Settled on" not in browser.get(browser.location)


def test_the_lawyers_date_comes_first(browser, appeal):
    fields = day("stated_on", "1 4 2026")
    browser.post(f"{page_of(appeal)}/state", stated_by="Ms Quill, solicitor, by phone", **fields)
    page = browser.get(browser.location)
    assert "Wednesday 1 April 2026" in page
    assert "This day comes from Ms Quill, solicitor, by phone." in page
    assert "We counted" in page


def test_a_date_past_the_known_holidays_is_shown_as_to_work_out(browser, organiser, case):
    row = deadlines.add_deadline(case, "ftt_appeal_in_uk", date(2028, 12, 20), organiser)
    page = browser.get(page_of(row))
    assert "To work out." in page
    assert "known only until 31 December 2028" in page


def test_months_are_shown_without_a_calendar_of_days(browser, organiser, case):
    row = deadlines.record_deadline(case, "sar", date(2026, 1, 31), None, organiser)
    page = browser.get(page_of(row))
    assert "this month has no 31st, so its last day" in page
    assert 'class="strip"' not in page


def test_a_volunteer_reads_the_dates_and_does_not_settle_them(sign_in, organiser, appeal):
    volunteer = make_user(Role.VOLUNTEER, "Idris Vale")
    cases.add_to_team(appeal.case, volunteer.id, organiser)
    theirs = sign_in(volunteer)
    assert "no longer matters" not in theirs.get(page_of(appeal))
    theirs.get(f"{page_of(appeal)}/settle", 403)
    theirs.get(f"/cases/{appeal.case.reference}/dates/new", 403)


def test_nobody_else_sees_a_date(sign_in, stranger, appeal):
    sign_in(make_user(Role.CASEWORKER, "Someone Else")).get(page_of(appeal), 404)
    stranger.get(page_of(appeal), 302)


def test_the_dates_of_a_case_are_drawn_by_their_kind(browser, organiser):
    case = make_case(organiser, home(), detained_at())
    deadlines.record_deadline(case, "removal_notice_period", date(2026, 11, 18), None, organiser)
    settled = deadlines.record_deadline(case, "sar", date(2026, 10, 1), None, organiser)
    deadlines.settle(case, settled.id, "They answered.", date(2026, 11, 2), organiser)
    page = browser.get(f"/cases/{case.reference}/dates")
    assert "date--notice_period" in page
    assert "date--settled" in page
    assert "A letter to an MP never extends a legal deadline." in page


def test_no_date_is_chosen_for_anybody(browser, organiser):
    case = make_case(organiser, home())
    page = browser.post(f"/cases/{case.reference}/dates/new", status=200, **{"on-day": "today"})
    assert "Choose which date." in page


def test_the_page_of_a_date_shows_how_a_posted_notice_counts_as_served(browser, organiser, case):
    posted = date(2026, 12, 24)
    told = Told(posted=posted, how=How.POST)
    row = deadlines.add_deadline(case, "admin_review_in_uk", posted, organiser, told=told)
    db.session.commit()
    page = browser.get(page_of(row))
    assert "How the notice counts as served" in page
    assert "taken as served on <strong>" in page
    assert "Wednesday 30 December 2026" in page
    assert "SI 2003/658 reg.7(4)-(6)" in page
    assert "Boxing Day" in page


def test_the_page_of_a_date_says_nothing_of_service_where_nothing_was_posted(browser, appeal):
    assert "counts as served" not in browser.get(page_of(appeal))

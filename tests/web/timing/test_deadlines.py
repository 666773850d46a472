import io
import re
from datetime import date

import pytest
from PIL import Image

from casework.domain.safety.accounts import Role
from casework.domain.timing.deadline_rules import How
from casework.domain.timing.triggers import Told
from casework.services.case import cases
from casework.services.timing import deadlines, settling
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
    browser.get(f"/cases/{case.reference}/dates/new?rule=ftt_pta", 303)
    browser.post(browser.location, variant="in_uk", **day("sent", "16 11 2026"))
    page = browser.get(browser.location)
    assert "Monday 30 November 2026" in page


def test_rules_without_a_date_are_explained_and_not_offered(browser, case):
    page = browser.get(f"/cases/{case.reference}/dates/new")
    assert 'value="s120_notice"' in page  # its day stands in the notice, and can be typed
    for key in ("further_submissions", "removal_window_3_months", "deemed_service_post"):
        assert f'value="{key}"' not in page
        browser.get(f"/cases/{case.reference}/dates/new/{key}", 404)
    assert 'href="/rules"' in page


def test_the_second_step_asks_only_for_what_the_rule_needs(browser, case):
    here = f"/cases/{case.reference}/dates/new"
    page = browser.get(f"{here}/nrm_recovery_period")
    assert "It counts from: positive reasonable-grounds decision." in page
    assert "sent-day" not in page
    page = browser.get(f"{here}/admin_review_in_uk")
    assert "received-day" in page
    assert "a notice that was posted is taken as served some days later" in page
    assert "on-day" not in page


def test_a_posted_notice_keeps_what_was_told_and_shows_how_it_was_served(browser, case):
    here = f"/cases/{case.reference}/dates/new/admin_review_in_uk"
    browser.post(here, how="post", **day("sent", "2 11 2026"))
    page = browser.get(browser.location)
    assert "How the notice counts as served" in page
    assert "It was posted on <time" in page
    assert "Wednesday 4 November 2026" in page
    assert "Wednesday 18 November 2026" in page  # 14 days after service
    assert "where they lived on that day" in page
    assert 'What was told of the notice: sent on <time datetime="2026-11-02">' in page
    assert "It came by post." in page


def test_a_date_that_the_notice_gives_is_typed_with_the_day_of_the_notice(browser, case):
    here = f"/cases/{case.reference}/dates/new/s120_notice"
    browser.post(here, **day("on", "16 11 2026"), **day("stated_on", "30 11 2026"))
    page = browser.get(browser.location)
    assert "This day stands in the letter itself." in page
    assert "Monday 30 November 2026" in page


def test_a_recovery_period_is_not_shown_as_a_removal(browser, case):
    browser.post(f"/cases/{case.reference}/dates/new/nrm_recovery_period", **day("on", "2 11 2026"))
    page = browser.get(f"/cases/{case.reference}")
    assert "Removal is possible from" not in page
    for path in (f"/cases/{case.reference}", "/dates", "/today", "/cases"):
        said = browser.get(path).partition("Unless the conclusive decision comes later, they may act from")[2]
        assert "Wednesday 2 December 2026" in said[:120], path


@pytest.mark.parametrize(
    ("rule", "told", "field", "says"),
    [
        ("admin_review_in_uk", day("received", "3 4 2024"), "received-day",
         "This rule applies only from 4 April 2024. Check the date."),
        ("ftt_appeal_in_uk", day("sent", "21 11 2030"), "sent-day", "This day has not come yet."),
        ("ftt_appeal_in_uk", day("sent", "31 2 2026"), "sent-day", "There is no such day"),
        ("ftt_appeal_in_uk", day("sent", "3 11 2026") | day("received", "2 11 2026"), "received-day",
         "before it was sent"),
        ("ftt_appeal_in_uk", day("received", "2 11 2026"), "sent-day", "on which it was sent"),
        ("ftt_appeal_in_uk", {}, "sent-day", "Type that day."),
        ("ftt_pta", day("sent", "2 11 2026"), "variant-0", "Choose which of these applies."),
        ("ut_set_aside", day("sent", "2 11 2026") | {"how": "email", "variant": "in_uk_posted"}, "how-0",
         "does not fit a notice that came by email"),
        ("admin_review_detained", day("received", "2 11 2026"), "received-day",
         "This rule is for people who are detained. The case has no place of detention for 2 November 2026."),
        ("ftt_appeal_after_departure", day("on", "2 11 2026"), "on-day",
         "This rule is for people who are outside the UK. The case does not say that the person has left."),
        ("s120_notice", day("on", "16 11 2026") | day("stated_on", "15 11 2026"), "stated_on-day",
         "This is before 16 November 2026"),
    ],
)  # fmt: skip
def test_a_day_or_a_rule_that_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    browser, case, rule, told, field, says
):
    page = browser.post(f"/cases/{case.reference}/dates/new/{rule}", 200, **told)
    assert f'<a href="#{field}">' in page
    assert says in page
    assert deadlines.for_case(case) == []
    for value in told.values():
        assert f'value="{value}"' in page


def settle(browser, row, status=303, **fields):
    told = {"settled_as": "met", "how": "The lawyer sent it.", **day("on", "2 4 2026"), **fields}
    return browser.post(f"{page_of(row)}/settle", status, **told)


def test_a_date_is_met_with_words_and_opened_again_with_a_reason(browser, appeal):
    page = settle(browser, appeal, 200, how="")
    assert "Say in a few words how it was met" in page
    settle(browser, appeal)
    page = browser.get(browser.location)
    assert "Met on 2 April 2026 (Ruth Ellery): The lawyer sent it." in page
    assert "Choose why." in browser.post(f"{page_of(appeal)}/reopen", 200)
    browser.post(f"{page_of(appeal)}/reopen", because="what was done was not accepted, or did not arrive")
    assert "Met on" not in browser.get(browser.location)
    trail = browser.get(f"/cases/{appeal.case.reference}/trail?show=changes")
    assert "because: what was done was not accepted, or did not arrive, was: met" in trail


def test_no_end_is_chosen_for_anybody(browser, appeal):
    assert "Choose how it ended." in settle(browser, appeal, 200, settled_as="")
    assert "Choose one of the answers." in settle(browser, appeal, 200, settled_as="ended")


def test_a_date_that_does_not_apply_says_so_with_the_reason(browser, appeal):
    settle(browser, appeal, settled_as="not_applicable", how="The decision was withdrawn.")
    page = browser.get(browser.location)
    assert "It does not apply or no longer matters, said on 2 April 2026 (Ruth Ellery): The decision" in page


def test_a_missed_limit_says_calmly_what_is_still_possible(browser, appeal):
    page = browser.get(f"{page_of(appeal)}/settle")
    assert "Show this to a lawyer today." in page
    settle(browser, appeal, settled_as="missed", how="The envelope came late.")
    page = browser.get(browser.location)
    assert "Missed, said on 2 April 2026" in page
    assert "A late appeal is possible only with reasons" in page
    assert "date--settled" not in page


def test_what_still_runs_and_what_is_no_limit_of_ours_cannot_be_missed(browser, organiser, case):
    running = deadlines.record_deadline(case, "jr_upper_tribunal", date(2026, 11, 2), None, organiser)
    theirs = deadlines.record_deadline(case, "sar", date(2026, 1, 31), None, organiser)
    for row in (running, theirs):
        assert "It was missed" not in browser.get(f"{page_of(row)}/settle")
        page = settle(browser, row, 200, settled_as="missed", **day("on", "20 11 2026"))
        assert "Only a limit whose last day is over can be missed." in page


def test_a_date_cannot_be_met_before_it_began(browser, appeal):
    assert "This is before 20 March 2026, the day that starts it." in settle(
        browser, appeal, 200, **day("on", "19 3 2026")
    )


def test_what_shows_that_a_date_was_met_is_kept_and_comes_back_as_a_file(browser, appeal):
    paper = io.BytesIO()
    Image.new("RGB", (20, 20)).save(paper, "PNG")
    settle(browser, appeal, proof=(io.BytesIO(paper.getvalue()), "receipt.png"))
    assert f"{page_of(appeal)}/proof" in browser.get(browser.location)
    answer = browser.client.get(f"{page_of(appeal)}/proof")
    assert answer.data == paper.getvalue()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="date-{appeal.id}.png"'


def test_a_proof_that_is_no_paper_is_refused_and_the_date_stays_open(browser, appeal):
    page = settle(browser, appeal, 200, proof=(io.BytesIO(b"MZ not a paper"), "run.exe"))
    assert '<a href="#proof">This is neither a PDF nor a picture' in page
    assert "The lawyer sent it." in page
    assert deadlines.for_case(appeal.case)
    browser.get(f"{page_of(appeal)}/proof", 404)


def test_two_people_who_settle_at_once_lose_neither_change(browser, organiser, appeal):
    page = browser.get(f"{page_of(appeal)}/settle")
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    settling.state(appeal.case, appeal.id, date(2026, 4, 1), "Ms Quill", organiser)
    page = settle(browser, appeal, 200, version=version)
    assert "Somebody else changed this date while you were typing." in page
    assert "This day comes from Ms Quill." in page  # what the other did
    assert 'value="The lawyer sent it."' in page  # what one typed oneself
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    settle(browser, appeal, version=version)
    page = browser.get(browser.location)
    assert "Met on 2 April 2026" in page
    assert "This day comes from Ms Quill." in page


def test_who_settles_second_sees_what_the_first_one_wrote_and_keeps_their_words(browser, organiser, appeal):
    settling.settle(appeal.case, appeal.id, "Receipt in the file.", date(2026, 4, 2), organiser)
    page = settle(browser, appeal, 200, how="I think it was sent")
    assert "Somebody was first. Met on 2 April 2026 (Ruth Ellery): Receipt in the file." in page
    assert 'value="I think it was sent"' in page


def test_who_opens_a_date_again_after_somebody_did_is_told_so(browser, appeal):
    page = browser.post(f"{page_of(appeal)}/reopen", 200, because="it matters again")
    assert "Somebody was first: this date is open again." in page


NO_DAY = dict.fromkeys(day("stated_said_on", "1 1 1"), "")


def state(browser, row, status=303, **fields):
    told = {"stated_from": "lawyer", "stated_by": "Ms Quill, solicitor", **day("stated_on", "1 4 2026")}
    return browser.post(
        f"{page_of(row)}/state", status, **{**told, **day("stated_said_on", "30 3 2026"), **fields}
    )


def test_the_lawyers_date_comes_first_with_who_said_it_and_when_and_ours_beside_it(browser, appeal):
    state(browser, appeal)
    page = browser.get(browser.location)
    assert "Wednesday 1 April 2026" in page
    assert "Ms Quill, solicitor confirmed this day on 30 March 2026." in page
    assert "We counted <time" in page
    browser.post(f"{page_of(appeal)}/state", take_back="yes")
    assert "Ms Quill" not in browser.get(browser.location)


def test_a_later_day_in_a_letter_stands_beside_our_last_day_and_does_not_take_its_place(browser, appeal):
    state(browser, appeal, stated_from="letter", stated_by="", **NO_DAY, **day("stated_on", "30 4 2026"))
    page = browser.get(browser.location)
    assert "Our last day stays the last until a lawyer confirms another." in page
    assert "the paper gives" in page
    assert "our last day passed" in page
    assert "Keep to ours until a lawyer has seen both." in page


def test_a_date_in_the_letter_needs_nobody_s_name(browser, appeal):
    state(browser, appeal, stated_from="letter", stated_by="page 2", **NO_DAY)
    assert "This day stands in the letter itself: page 2." in browser.get(browser.location)


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        (day("stated_on", "19 3 2026"), "stated_on-day", "This is before 20 March 2026, the day that starts it."),
        ({"stated_on-day": "", "stated_on-month": "", "stated_on-year": ""}, "stated_on-day", "Type the date they"),
        ({"stated_from": ""}, "stated_from-0", "Choose where the date comes from."),
        ({"stated_by": ""}, "stated_by", "Say who confirmed it."),
        (NO_DAY, "stated_said_on-day", "Type the day on which they"),
        (day("stated_said_on", "1 1 2030"), "stated_said_on-day", "This day has not come yet."),
    ],
)  # fmt: skip
def test_a_stated_date_that_cannot_be_is_refused_in_words(browser, appeal, fields, field, says):
    page = state(browser, appeal, 200, **fields)
    assert f'<a href="#{field}">' in page
    assert says in page
    assert appeal.stated_on is None


def test_who_states_a_date_that_was_changed_meanwhile_sees_the_change_first(browser, organiser, appeal):
    old = str(appeal.version)
    settling.settle(appeal.case, appeal.id, "Receipt in the file.", date(2026, 4, 2), organiser)
    page = state(browser, appeal, 200, version=old)
    assert "Receipt in the file." in page
    assert 'value="Ms Quill, solicitor"' in page
    assert appeal.stated_on is None


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


def test_a_reader_reads_the_dates_and_does_not_settle_them(sign_in, organiser, appeal):
    volunteer = make_user(Role.READER, "Idris Vale")
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
    settling.settle(case, settled.id, "They answered.", date(2026, 11, 2), organiser)
    page = browser.get(f"/cases/{case.reference}/dates")
    assert "date--notice_period" in page
    assert "date--settled" in page
    assert "A letter to an MP never extends a legal deadline." in page


def test_no_date_is_chosen_for_anybody(browser, organiser):
    case = make_case(organiser, home())
    assert "Choose which date." in browser.get(f"/cases/{case.reference}/dates/new?rule=")


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

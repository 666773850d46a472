import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.domain.timing.triggers import Told
from casework.services.case import cases
from casework.services.timing import deadlines, events, removals
from casework.services.timing.events import NewEvent
from casework.services.timing.removals import RemovalFacts
from tests.factories import detained_at, home, make_case, make_user
from tests.pages import day

FLIGHT = {
    "notice_given_at": "16.40",
    "notice_how": "hand",
    "destination": "Eritrea",
    "departs_at": "7.05 am",
    "carriage": "commercial",
    "flight": "XX 123",
    "airport": "Glasgow",
    "route": "Istanbul",
    **day("notice_given_on", "2 4 2026"),
    **day("departs_on", "16 4 2026"),
}


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), detained_at("dungavel", since=date(2026, 3, 1)), name="Samira A.")


@pytest.fixture
def here(case):
    return f"/cases/{case.reference}/removals"


@pytest.fixture
def attempt(browser, here):
    """The address of a running clock with a notice and a flight."""
    browser.post(f"{here}/new", **FLIGHT)
    return browser.location


def test_the_page_says_get_a_lawyer_first_then_from_when_then_the_flight(browser, attempt):
    page = browser.get(attempt)
    parts = (
        "First: a regulated adviser, today",
        "find-an-immigration-adviser",
        "Removal possible from",
        "Saturday 11 April 2026",
        "07:05 UK time",
        "The plan before the flight",
        "Does a judicial review stop the flight?",
    )
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)
    assert "Scotland, where they were held" in page
    assert "Good Friday" in page
    assert "16:40, handed over" in page


def test_the_lawyer_of_the_case_is_the_first_to_ring(browser, organiser):
    case = make_case(organiser, representative_name="Aisha Bell", representative_contact="020 7946 0000")
    row = removals.record_removal(case, RemovalFacts(flight="XX 1"), organiser)
    page = browser.get(f"/cases/{case.reference}/removals/{row.id}")
    assert page.index("Aisha Bell") < page.index("The plan before the flight")
    assert "020 7946 0000" in page


def test_a_flight_before_the_first_moment_is_one_to_show_to_a_lawyer(browser, here):
    browser.post(f"{here}/new", **(FLIGHT | day("departs_on", "10 4 2026")))
    page = browser.get(browser.location)
    assert "stands before the first moment that we counted. Show this to a lawyer today." in page


def test_everything_may_be_unknown_but_not_all_of_it(browser, here):
    page = browser.post(f"{here}/new", 200)
    assert "Type what you know" in page
    browser.post(f"{here}/new", airline="An airline")
    page = browser.get(browser.location)
    assert "The day of the notice is not known" in page
    assert "The flight is not known yet" in page


def test_bad_hours_and_days_are_answered_beside_their_fields_and_kept(browser, here):
    page = browser.post(
        f"{here}/new",
        200,
        departs_at="25:99",
        destination="Eritrea",
        **day("notice_given_on", "31 4 2026"),
    )
    assert "There is no such hour: 25:99" in page
    assert "There is no such day" in page
    assert 'value="25:99"' in page
    assert 'value="Eritrea"' in page
    page = browser.post(
        f"{here}/new", 200, **FLIGHT | day("departs_on", "29 3 2026") | {"departs_at": "1:30"}
    )
    assert "cannot leave before" in page


def test_a_second_clock_leads_to_the_one_that_is_running(browser, here, attempt):
    browser.get(f"{here}/new", 302)
    assert browser.location == attempt


def test_another_destination_asks_whether_it_is_a_new_notice_and_then_counts_anew(browser, attempt):
    changed = FLIGHT | {"destination": "Rwanda"}
    page = browser.post(f"{attempt}/details", 200, **changed)
    assert "Is this a new notice?" in page
    assert "listed safe countries, starts a new five-day period" in page
    assert 'value="Rwanda"' in page
    page = browser.post(f"{attempt}/details", 200, new_notice="new", **changed)
    assert "Type the day on which the new notice was given." in page
    later = changed | day("notice_given_on", "9 4 2026") | day("departs_on", "20 4 2026")
    browser.post(f"{attempt}/details", new_notice="new", **later)
    assert "Friday 17 April 2026" in browser.get(attempt)


def test_further_details_are_saved_without_a_question(browser, attempt):
    browser.post(f"{attempt}/details", **FLIGHT, airline="Invented Air", booked_name="AHMADI/SAMIRA")
    page = browser.get(attempt)
    assert "Invented Air" in page
    assert "AHMADI/SAMIRA" in page


def test_details_saved_over_somebody_elses_say_so_and_keep_what_was_typed(browser, attempt):
    browser.post(f"{attempt}/details", **FLIGHT, airline="Theirs")
    page = browser.post(f"{attempt}/details", 200, **FLIGHT, airline="Mine", version="1")
    assert "Somebody saved other details" in page
    assert 'value="Mine"' in page
    browser.post(f"{attempt}/details", **FLIGHT, airline="Mine")


def step_of(page, words):
    """The number of the step with these words, and its part of the page."""
    for part in page.split('<li id="step-')[1:]:
        if words in part.split("</p>")[0]:
            return int(part.split('"')[0]), part
    raise AssertionError(f"no step {words}")


def test_a_step_is_named_and_ticked_and_the_tick_taken_back(browser, attempt):
    number, _ = step_of(browser.get(attempt), "MP’s office rung")
    browser.post(f"{attempt}/steps/{number}", page=attempt, who="Ruth", was="", do="done")
    assert browser.location.endswith(f"#step-{number}")
    _, part = step_of(browser.get(attempt), "MP’s office rung")
    assert "done, Ruth Ellery" in part
    assert 'value="Ruth"' in part
    browser.post(f"{attempt}/steps/{number}", page=attempt, who="Ruth", was="Ruth", do="undo")
    _, part = step_of(browser.get(attempt), "MP’s office rung")
    assert "done, Ruth Ellery" not in part


def test_two_names_for_one_step_are_shown_to_the_second_with_what_they_typed(browser, attempt):
    number, _ = step_of(browser.get(attempt), "Somebody visits")
    browser.post(f"{attempt}/steps/{number}", page=attempt, who="Idris", was="", do="name")
    page = browser.post(f"{attempt}/steps/{number}", 200, page=attempt, who="Mina", was="", do="name")
    _, part = step_of(page, "Somebody visits")
    assert "Somebody wrote “Idris” here meanwhile" in part
    assert 'value="Mina"' in part


def test_a_name_too_long_is_refused_beside_its_step(browser, attempt):
    number, _ = step_of(browser.get(attempt), "Somebody visits")
    page = browser.post(f"{attempt}/steps/{number}", 200, page=attempt, who="n" * 201, was="", do="done")
    _, part = step_of(page, "Somebody visits")
    assert "too long" in part


def test_the_airline_sheet_is_not_offered_and_says_how_to_ask(browser, attempt):
    _, part = step_of(browser.get(attempt), "Airline sheet")
    assert "Not without their consent (level 3 or higher)" in part
    assert "How to ask" in part
    assert "<form" not in part


def test_a_step_of_ones_own_is_added_and_taken_out(browser, attempt):
    browser.post(f"{attempt}/steps/new", what="Ask the imam to write", hours="16", who="Mina")
    number, part = step_of(browser.get(attempt), "Ask the imam to write")
    assert 'value="Mina"' in part
    browser.post(f"{attempt}/steps/{number}/remove", page=attempt)
    assert "Ask the imam to write" not in browser.get(attempt)


def test_a_failed_attempt_shows_its_window_and_the_way_to_the_next_clock(browser, here, attempt):
    yesterday = clock.today() - timedelta(days=1)
    flown = FLIGHT | day("notice_given_on", "2 11 2026") | day("departs_on", f"{yesterday:%d %m %Y}")
    browser.post(f"{attempt}/details", new_notice="same", **flown)
    page = browser.post(f"{attempt}/end", 200, ended_as="failed", ended_why="The pilot refused.")
    assert "outside the Home Office’s control" in page
    told = {"ended_as": "failed", "ended_why": "The pilot refused.", "outside": "yes"}
    browser.post(f"{attempt}/end", **told, **day("stated_on", f"{yesterday:%d %m %Y}"))
    page = browser.get(attempt)
    ends = yesterday + timedelta(days=20)
    assert f"{ends:%A} {ends.day} {ends:%B %Y}" in page
    assert "The pilot refused." in page
    assert f'href="{here}/new"' in page
    browser.post(f"{attempt}/reopen", page=attempt)
    assert "This attempt has ended" not in browser.get(attempt)


def test_a_flight_whose_day_is_over_is_kept_and_asks_to_be_checked(browser, case, here):
    yesterday = clock.today() - timedelta(days=1)
    browser.post(f"{here}/new", flight="XX 123", **day("departs_on", f"{yesterday:%d %m %Y}"))
    page = browser.get(browser.location)
    assert "The day of this flight is over. Check the paper." in page
    assert "was to leave" in page
    page = browser.get(f"/cases/{case.reference}")
    assert "That day is over: say how it ended." in page
    assert "leaves <strong>" not in page


def test_a_courts_decision_opens_its_window(browser, attempt):
    today = clock.today()
    browser.post(f"{attempt}/court", **day("decided_on", f"{today:%d %m %Y}"))
    ends = today + timedelta(days=21)
    assert f"{ends:%A} {ends.day} {ends:%B %Y}" in browser.get(attempt)


def test_the_case_shows_the_clock_near_its_top_and_its_dates_lead_to_it(browser, case, attempt):
    page = browser.get(f"/cases/{case.reference}")
    assert page.index("Removal possible from") < page.index('id="now"')
    assert f'href="{attempt}"' in page
    dates = re.findall(rf'href="(/cases/{case.reference}/dates/\d+)">Notice of intention', page)
    assert f'href="{attempt}"' in browser.get(dates[0])


def test_the_paper_in_the_file_leads_to_the_clock(browser, case):
    notice = {
        "response": "removal notice",
        "remedy": "unclear",
        "received_how": "hand",
        **day("dated", "18 11 2026"),
        **day("received_on", "18 11 2026"),
    }
    browser.record(f"/cases/{case.reference}/responses/new", **notice)
    row = removals.running(case)
    assert f'href="/cases/{case.reference}/removals/{row.id}"' in browser.get(browser.location)


def test_the_printed_plan_has_initials_unless_somebody_asks_for_the_name(browser, attempt):
    page = browser.get(f"{attempt}/sheet")
    sheet = page[page.index('class="sheet"') :]
    assert "S. A." in sheet
    assert "Samira" not in sheet
    assert "not legal advice" in sheet
    assert "Before the flight: Samira A." in browser.get(f"{attempt}/sheet?name=used")


def test_a_reader_reads_the_clock_of_a_removal_and_ticks_nothing(browser, organiser, case, attempt, sign_in):
    mina = make_user(Role.READER, "Mina Castellan")
    cases.add_to_team(case, mina.id, organiser)
    hers = sign_in(mina)
    page = hers.get(attempt)
    assert "It was cancelled" not in page
    hers.get(f"{attempt}/end", 403)
    hers.get(f"{attempt}/details", 403)
    assert 'method="post"' not in page.partition("<main")[2].partition("</main>")[0]


def typed(name, on):
    return day(name, f"{on:%d %m %Y}")


@pytest.fixture
def coming(browser, here):
    """The address of a clock whose notice was given today, and whose flight leaves in five days: too soon."""
    today = clock.today()
    facts = typed("notice_given_on", today) | typed("departs_on", today + timedelta(days=5))
    browser.post(f"{here}/new", **FLIGHT | facts)
    return browser.location


def in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


TOO_SOON = "The paper gives a day before the one we counted"


def test_while_a_window_is_open_removal_is_possible_now_on_every_page(browser, case, coming):
    decided, ends = clock.today() - timedelta(days=1), clock.today() + timedelta(days=20)
    browser.post(f"{coming}/court", **typed("decided_on", decided))
    until = f"{in_words(ends)}</time></strong> departure details are enough"
    for path in (coming, f"{coming}/sheet", f"/cases/{case.reference}", "/dates", "/today", "/cases"):
        page = browser.get(path)
        assert until in page, path
        assert "Removal possible now: until" in page, path
        assert "Removal possible from" not in page, path
    assert "s.10E" in browser.get(coming)


def test_a_notice_on_the_day_of_a_transfer_has_the_earlier_first_day_and_says_why(browser, organiser):
    moved = date(2026, 11, 25)
    stay = replace(detained_at("yarls-wood", since=date(2026, 3, 1)), until=moved)
    case = make_case(organiser, home(), stay, detained_at("dungavel", since=moved))
    browser.post(f"/cases/{case.reference}/removals/new", **typed("notice_given_on", moved))
    page = browser.get(browser.location)
    assert "Thursday 3 December 2026" in page[page.index("Removal possible from") :][:150]
    assert "in Scotland alone it would be Friday 4 December 2026" in page


def test_somebody_refused_entry_today_can_be_removed_today(browser, organiser, case, here):
    refused = NewEvent("entry_refused", Told(on=clock.today()))
    events.record_event(case, refused, organiser)
    browser.post(f"{here}/new", **typed("departs_on", clock.today()), departs_at="23:10")
    flight = browser.location
    for path in (flight, f"{flight}/sheet", f"/cases/{case.reference}", "/dates"):
        page = browser.get(path)
        assert "Removal possible now: until" in page, path
        assert "Removal possible from" not in page, path
    assert "This flight lies in a window" in browser.get(flight)


def test_a_window_that_begins_tomorrow_is_said_with_its_first_day(browser, organiser, case, coming):
    tomorrow = clock.today() + timedelta(days=1)
    deadlines.record_deadline(case, "removal_after_failed_attempt", tomorrow, None, organiser)
    page = browser.get(coming)
    assert "Removal possible now" not in page
    assert page.index(in_words(clock.today() + timedelta(days=1))) < page.index(
        "departure details are enough"
    )


def test_a_flight_before_our_day_comes_first_with_its_warning_wherever_the_date_stands(browser, case, coming):
    date_page = re.findall(
        rf'href="(/cases/{case.reference}/dates/\d+)">Notice of', browser.get(f"/cases/{case.reference}")
    )[0]
    for path in ("/dates", "/today", "/cases", date_page):
        page = browser.get(path)
        paper, ours = page.index("The paper gives <strong>"), page.index("we counted <strong>")
        assert paper < page.index(in_words(clock.today() + timedelta(days=5)), paper) < ours, path
        warning = page[page.index(TOO_SOON) :]
        assert "Show this to a lawyer today." in warning[: warning.index("<")], path


def test_the_printed_plan_has_the_warnings_and_the_open_windows(browser, coming):
    assert "Show this to a lawyer today." in browser.get(f"{coming}/sheet")
    browser.post(f"{coming}/court", **typed("decided_on", clock.today() - timedelta(days=1)))
    sheet = browser.get(f"{coming}/sheet")
    assert "This flight lies in a window" in sheet
    assert sheet.index("Windows that are open") < sheet.index("<table")


def test_a_flight_long_after_the_first_moment_says_to_do_the_steps_early(browser, here):
    today = clock.today()
    facts = typed("notice_given_on", date(2026, 11, 2)) | typed("departs_on", today + timedelta(days=20))
    browser.post(f"{here}/new", **FLIGHT | facts)
    address = browser.location
    for path in (address, f"{address}/sheet"):
        assert "removal is possible now: do these as early as you can." in browser.get(path)


def test_a_flight_years_away_is_answered_in_good_english(browser, here):
    page = browser.post(f"{here}/new", 200, **FLIGHT | day("departs_on", "1 6 2029"))
    assert "This is after 2027. Check the year." in page

"""What everybody on a case sees of whether an MP may hear of somebody, before they go to one."""

import re
from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.consent.publicity import Audience
from casework.domain.dates import spoken
from casework.domain.letters.go_bags import Ended
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.domain.safety.accounts import Role
from casework.services.campaign.supporters import add_sign_up
from casework.services.case import cases, task_owners
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import go_bags, letter_life, letters
from casework.services.letters.go_bags import NewBag
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.timing import deadlines, removals
from casework.services.timing.removals import RemovalFacts
from casework.storage.database import db
from casework.storage.models import Letter
from tests.factories import home, make_case, on_team
from tests.supporters import POSTCODES

LEEDS_SOUTH = "E14001323"
NO = "said no, or not yet. Do not write to an MP, ring one or visit one until they say yes."
DO_NOT_GO = "Do not go to the surgery of Hilary Benn: they said no to MPs, or not yet"
NOT_ABOUT_IT = "Do not ring or write to an MP about it: they said no to MPs, or not yet."
NOBODY = "Nobody has asked Samira yet whether an MP may hear of them."


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), name="Samira")


@pytest.fixture
def mina(case, organiser):
    return on_team(case, organiser, Role.VOLUNTEER, "Mina Castellan")


@pytest.fixture
def friday():
    return clock.today() + timedelta(days=4)


@pytest.fixture
def visit(case, organiser, friday):
    said(case, organiser, agreed=True)
    return surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH, friday, who_went="Mina"), organiser)


def said(case, actor, *, agreed):
    cases.record_asked(case, asked_on=clock.today(), agreed=agreed, asked_by="Ruth", actor=actor)


def answer_no(browser, case, status=303):
    typed = {"agreed": "no", "asked_by": "Ruth, by phone", "asked_on-day": "today"}
    return browser.post(f"/cases/{case.reference}/asked", status, **typed)


def test_after_a_no_it_stands_above_the_papers_that_were_signed_before(browser, organiser, case):
    place = f"/cases/{case.reference}/agreed"
    said(case, organiser, agreed=True)
    assert NO not in browser.get(place)
    said(case, organiser, agreed=False)
    assert NO in browser.get(place)


def test_after_a_no_whoever_is_to_visit_reads_it_wherever_they_look(sign_in, organiser, case, mina, visit):
    said(case, organiser, agreed=False)
    browser, place = sign_in(mina), f"/cases/{case.reference}"
    for path in (place, f"{place}/visits/{visit.id}", f"{place}/visits/new"):
        page = browser.get(path)
        assert NO in page
        assert "Ring one of this case: Ruth Ellery." in page
        assert f'href="{place}/asked"' not in page
    for path in ("/today", "/dates"):
        assert DO_NOT_GO in browser.get(path)
    assert "What to bring" not in browser.get(f"{place}/visits/{visit.id}")
    for offer in ("Plan a visit", "Write the letter"):
        assert offer not in browser.get(place)


def test_no_visit_is_planned_after_a_no(sign_in, organiser, case, mina):
    said(case, organiser, agreed=False)
    page = sign_in(mina).post(f"/cases/{case.reference}/visits/new", 200, gss_code=LEEDS_SOUTH)
    assert page.count(NO) == 2  # where it is said, and why it was not saved
    assert surgeries.list_visits(case) == []


def test_where_nobody_asked_yet_a_visit_is_planned_and_it_is_said(sign_in, case, mina):
    browser, place = sign_in(mina), f"/cases/{case.reference}"
    assert NOBODY in browser.get(place)
    assert NOBODY in browser.get(f"{place}/visits/new")
    browser.post(f"{place}/visits/new", gss_code=LEEDS_SOUTH, **{"held_on-day": "tomorrow"})
    page = browser.get(browser.location)
    assert NOBODY in page
    assert "What to bring" in page
    for path in ("/today", "/dates"):
        page = browser.get(path)
        assert "Nobody has asked them yet: do not name them to an MP." in page
        assert ">Surgery visit: Hilary Benn</a>" in page


def test_after_a_yes_nothing_is_said(sign_in, case, mina, visit):
    browser, place = sign_in(mina), f"/cases/{case.reference}"
    for path in (place, f"{place}/visits/{visit.id}", f"{place}/visits/new", "/today"):
        page = browser.get(path)
        assert "whether an MP may hear" not in page
        assert "said no" not in page
        assert "Do not go" not in page


def test_a_visit_without_a_day_says_too_that_nobody_goes(browser, organiser, case, visit):
    visit.held_on = None
    said(case, organiser, agreed=False)
    assert DO_NOT_GO in browser.get("/dates").partition("To work out: no day yet")[2]
    assert DO_NOT_GO in browser.get(f"/cases/{case.reference}/dates")
    assert DO_NOT_GO in browser.get(f"/cases/{case.reference}/visits/{visit.id}/owner")


@pytest.fixture
def promise(case, organiser):
    """What the office promised at a visit, which was before the no."""
    said(case, organiser, agreed=True)
    held = VisitFacts(LEEDS_SOUTH, clock.today(), who_went="Mina")
    promised = [Promise("A letter to the Minister", "the caseworker")]
    visit = surgeries.record_visit(case, held, Outcome.REFUSED, promised, organiser)
    return visit.follow_ups[0]


def test_after_a_no_a_promise_of_a_visit_says_not_to_ring_or_write_about_it(
    browser, organiser, case, promise
):
    place = f"/cases/{case.reference}"
    page, lists = f"{place}/follow-ups/{promise.id}", (place, f"{place}/dates", "/today", "/dates", "/cases")
    visit = f"{place}/visits/{promise.visit_id}"
    for path in (page, visit, *lists):
        assert NO not in browser.get(path)
        assert NOT_ABOUT_IT not in browser.get(path)
    said(case, organiser, agreed=False)
    for path in (page, visit):
        assert NO in browser.get(path)
    for path in lists:
        shown = browser.get(path)
        assert NOT_ABOUT_IT in shown
        assert "A letter to the Minister" in shown
    browser.post(page, what_now="done", note="It came before they said no.")
    for path in (page, visit):
        assert NO not in browser.get(path), "nothing is to be done about it any more"


def test_a_date_to_ring_says_the_no_where_it_is_settled_and_can_be_settled(browser, organiser, case):
    said(case, organiser, agreed=True)
    held = VisitFacts(LEEDS_SOUTH, clock.today())
    surgeries.record_visit(case, held, Outcome.NO_ANSWER, [], organiser)
    (date_to_ring,) = deadlines.for_case(case)
    page = f"/cases/{case.reference}/dates/{date_to_ring.id}"
    line, no_need = "Do not ring the office of Hilary Benn: they said no", "Ring nobody to settle it."
    assert line not in browser.get(f"{page}/settle")
    assert no_need not in browser.get(f"{page}/settle")
    said(case, organiser, agreed=False)
    for step in ("settle", "state", "owner"):
        assert line in browser.get(f"{page}/{step}")
    settled = {"settled_as": "not_applicable", "on-day": "today"}
    assert no_need in browser.post(f"{page}/settle", 200, how="", **settled)
    browser.post(f"{page}/settle", how="Samira said no.", **settled)
    assert deadlines.for_case(case) == []
    assert line not in browser.get(page)


def test_saving_a_no_names_each_visit_that_is_planned_and_the_next_step_is_to_call_it_off(
    browser, case, visit, friday
):
    answer_no(browser, case)
    page = browser.get(browser.location)
    assert f"Still planned: Hilary Benn, {spoken(friday, weekday=True)}, with Mina. Tell whoever goes" in page
    assert f'href="/cases/{case.reference}/visits/{visit.id}">Call off the visit to Hilary Benn</a>' in page
    assert "Meet Hilary Benn at a surgery" not in page
    assert "Plan a visit" not in page
    assert DO_NOT_GO in page.partition('class="next"')[2].partition("</p>")[0], "as the day that comes next"


def test_before_a_no_is_saved_it_is_said_who_holds_what_and_afterwards_it_is_the_next_thing_to_ask_it_back(
    browser, organiser, case, visit
):
    place = f"/cases/{case.reference}"
    consent.record_authority(case, NewAuthority(clock.today() - timedelta(1), ("ask",)), organiser)
    letter = letters.draft_letter(case, "covering-letter", organiser, gss_code=LEEDS_SOUTH)
    blocks = {name: "Nothing." if "[" in text else text for name, text in letter.blocks.items()}
    sender = {"sender_name": "Ruth", "sender_address": "1 Row\nLeeds", "sender_postcode": "LS11 8PG"}
    letters.save_draft(letter, blocks, sender, letter.version, organiser)
    letter_life.mark_sent(letters.issue_letter(letter, organiser), "post", clock.today(), organiser)
    asked = NewBag(Audience.OFFICE, "Idris Vane", clock.today() + timedelta(14))
    bag, pieces = go_bags.make(case, asked, "abcd-efgh-jkmn-pqrs-tuvw-xyz2", organiser)
    assert list(pieces)
    page = answer_no(browser, case, 200)
    for words in ("This is what will stop", "With Idris Vane", "MP for Leeds South", "Hilary Benn, "):
        assert words in page
    assert case.agreed_to_mps is True  # nothing is saved yet
    assert 'value="Ruth, by phone"' in browser.save(f"{place}/asked", 200, step="change")
    answer_no(browser, case, 200)
    browser.save(f"{place}/asked")
    assert case.agreed_to_mps is False
    assert browser.location.endswith("/gone-out")
    page = browser.get(browser.location)
    assert "One letter that asks a paper back is drafted." in page
    assert "Still planned: Hilary Benn" in page
    line = f'href="{place}/gone-out">Ask back what went out</a>'
    page = browser.get(place)
    assert line in page
    assert "2 are out" in page
    go_bags.tick_off(case, bag.id, Ended.DESTROYED, organiser)
    assert "one is out" in browser.get(place)
    recall_letter = db.session.query(Letter).filter_by(template="recall").one()
    recall_letter.issued_at, recall_letter.sent_on = clock.now(), clock.today()
    db.session.commit()
    assert line not in browser.get(place)


def test_a_form_taken_back_after_the_yes_counts_as_a_no(browser, organiser, case, visit):
    form = consent.record_authority(
        case, NewAuthority(signed_on=date(2026, 11, 2), scope=("ask",)), organiser
    )
    browser.post(
        f"/cases/{case.reference}/authority/{form.id}/withdraw",
        how="by phone",
        **{"withdrawn_on-day": "today"},
    )
    assert "Still planned: Hilary Benn" in browser.get(browser.location)
    page = browser.get(f"/cases/{case.reference}")
    assert "Samira took back what they had agreed to." in page
    assert "Call off the visit to Hilary Benn" in page


def test_after_a_no_nobody_has_it_in_hand_to_ring_an_mp_until_there_is_a_yes(sign_in, organiser, case, mina):
    task_owners.share_out(case, {"visit": mina.id}, organiser)
    browser, words = sign_in(mina), "Ring the office of the MP for the home"
    for agreed in (True, False, True):
        said(case, organiser, agreed=agreed)
        for path in (f"/cases/{case.reference}", "/who-has-what"):
            assert (words in browser.get(path)) is agreed


def test_a_visit_is_theirs_who_took_on_to_ring_that_office(organiser, case, mina):
    task_owners.share_out(case, {"visit": mina.id}, organiser)
    assert surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH), organiser).owner is mina
    assert surgeries.plan_visit(case, VisitFacts("E14001063"), organiser).owner is None


def test_a_visit_after_the_flight_is_kept_and_says_so_to_a_volunteer_without_the_flight(
    browser, sign_in, organiser, case, mina, visit, friday
):
    flight = friday - timedelta(days=2)
    removals.record_removal(case, RemovalFacts(departs_on=flight), organiser)
    place = f"/cases/{case.reference}"
    after = f"This is after the flight of {spoken(flight, weekday=True)}."
    for path in (place, f"{place}/visits/{visit.id}"):
        assert after in re.sub("<[^>]*>", "", browser.get(path))
    page = sign_in(mina).get(f"{place}/visits/{visit.id}")
    assert "This day may be too late." in page
    assert "the flight of" not in page


def test_a_volunteer_reads_that_supporters_live_elsewhere_too_and_who_took_on_what(
    sign_in, organiser, case, mina
):
    for number, postcode in enumerate(POSTCODES, 1):
        add_sign_up(case, "hand", {"name": f"Supporter {number}", "postcode": postcode})
    db.session.commit()
    task_owners.share_out(case, {"visit": mina.id}, organiser)
    page = sign_in(mina).get(f"/cases/{case.reference}")
    assert "Supporters live in 1 other constituency. Each can write to their own MP." in page
    assert "No tasks yet" not in page
    assert "<summary>1 task</summary>" in page

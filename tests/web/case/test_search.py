"""The box on every page: who finds what by it, and where nothing of a query stands."""

import re

import pytest

from casework import clock
from casework.domain.consent.need_to_know import Hidden
from casework.domain.safety.accounts import Role
from casework.services.campaign import stopping, supporters
from casework.services.case import cases
from casework.services.case.recent_items import KEPT, MOST
from casework.services.consent import need_to_know
from casework.services.letters import letters
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import accounts, erasing, retention
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, RecentItem, User
from casework.storage.searched import BY_TABLE
from casework.web.case.recent_items import PAGES
from casework.web.case.search import DOORS, GROUPS, TITLES, WORDS
from casework.web.case.shortcuts import SHORTCUTS
from tests.factories import add_note, home, make_case, make_user
from tests.full_case import full_case, full_member
from tests.pages import Browser
from tests.web.test_queries import counted


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira's case with a note for everybody, one on her health, and a supporter."""
    case = make_case(organiser, home(), name="Samira Kovalenko")
    add_note(case, "The xylophone <b>stands</b> in the hall", organiser)
    add_note(case, "A quiet trombone", organiser)
    need_to_know.hide_and_save(case, case.notes[0], Hidden.HEALTH, organiser)
    supporters.add_supporter(case, organiser, name="Grace Quill", postcode="S1 2HH")
    return case


def as_typed(browser: Browser, query: str) -> dict:
    """What the script is told."""
    answer = browser.client.post("/search/as-typed", data={"q": query, "csrf_token": token_of(browser)})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_json()


def token_of(browser: Browser) -> str:
    page = browser.last.get_data(as_text=True) if browser.last else browser.get("/search")
    return re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)[1]


def told(browser: Browser, query: str) -> set[str]:
    """Where everything leads that this person finds as they type."""
    return {one["href"] for group in as_typed(browser, query)["groups"] for one in group["lines"]}


def shown(page: str) -> set[str]:
    """The same on the page that the button leads to."""
    return set(re.findall(r'<li><a href="([^"]+)"', page.split("<main")[1].split("What you opened last")[0]))


@pytest.mark.sqlcipher
def test_each_role_finds_what_its_pages_show(sign_in, case, organiser):
    here = f"/cases/{case.reference}"
    people = {role: make_user(role, f"Somebody {role}") for role in Role}
    for user in people.values():
        cases.add_to_team(case, user.id, organiser)
    need_to_know.let_see(case, people[Role.CASEWORKER].id, [Hidden.OFFENCE], organiser)
    note, her = {f"{here}#notes"}, {here}
    wanted = {
        Role.ORGANISER: (her, note, note, {f"{here}/supporters/1"}),
        Role.CASEWORKER: (her, note, set(), {f"{here}/supporters/1"}),
        Role.VOLUNTEER: (her, set(), set(), {f"{here}/supporters/1"}),
        Role.READER: (her, note, set(), {f"{here}/supporters"}),
    }
    for role, user in people.items():
        browser = sign_in(user)
        found = tuple(told(browser, query) for query in ("kowalenko", "xylophone", "trombone", "quill"))
        assert found == wanted[role], role
        if role is Role.VOLUNTEER:
            for href in set().union(*found):
                browser.get(href)
        assert shown(browser.post("/search", 200, q="xylophone")) == found[1]
    outside = sign_in(make_user(Role.ORGANISER, "Nobody's Friend"))
    assert [told(outside, query) for query in ("kowalenko", "xylophone", "quill")] == [set()] * 3


def test_nothing_of_a_query_is_kept_or_said_but_in_the_answer(browser, case, caplog):
    caplog.set_level("DEBUG")
    page = browser.post("/search", 200, q="xylophone")
    as_typed(browser, "xylophone")
    assert "<title>Search – Casework</title>" in page
    assert "<mark>xylophone</mark> &lt;b&gt;stands" in page, "what is found is text and nothing else"
    assert browser.last.headers.get("Location") is None
    assert "xylophone" not in caplog.text
    lines = db.session.query(AuditEvent).filter_by(action="searched").all()
    assert [line.facts for line in lines] == [{}], "once in half an hour, and never what for"
    assert browser.client.get("/search?q=xylophone").get_data(as_text=True).count("xylophone") == 0
    assert browser.client.post("/search", data={"q": "xylophone"}).status_code != 200, "no token, no answer"


def test_an_empty_search_asks_for_words(browser, case):
    assert "Type what you look for." in browser.post("/search", 200, q="  ")
    assert "Nothing found that you may see." in browser.post("/search", 200, q="zzzz")
    assert as_typed(browser, "") == {"said": "", "groups": []}


def test_a_search_asks_no_more_for_many_hits_than_for_two(app, browser, organiser, case):
    make_case(organiser, home(), name="Samira B")
    as_typed(browser, "samira")
    with counted() as few:
        as_typed(browser, "samira")
    for number in range(4):
        make_case(organiser, home(), name=f"Samira {number}")
    as_typed(browser, "samira")
    with counted() as many:
        as_typed(browser, "samira")
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.sqlcipher
def test_every_kind_of_row_in_which_is_searched_has_its_line_and_its_door(app, sign_in, organiser):
    full = full_case(organiser, "Ours")
    full_member(organiser, "Ours")
    browser = sign_in(organiser)
    page = browser.post("/search", 200, q="ours")
    assert set(DOORS) == set(BY_TABLE) == {one for _, sources in GROUPS for one in sources}
    assert set(DOORS) == set(TITLES) | set(WORDS)
    doors = app.url_map.bind("localhost")
    assert {doors.match(href.partition("#")[0])[0] for href in shown(page)} == {
        door for door, _ in DOORS.values()
    }
    assert full.case.reference in page


def last(browser: Browser) -> list[str]:
    """What stands among what was opened last, in its order."""
    part = browser.get("/search").partition("What you opened last")[2].partition("</section>")[0]
    return [" ".join(re.sub("<[^>]+>", "", one).split()) for one in re.findall(r"<li>(.*?)</li>", part, re.S)]


def test_what_was_opened_last_is_listed_in_its_order_until_it_is_no_longer_theirs_or_cleared(
    browser, organiser, case
):
    other = make_case(organiser, home(), name="Somebody Else")
    for one in (case, other):
        browser.get(f"/cases/{one.reference}")
    browser.get(f"/cases/{case.reference}/letters")
    browser.get(f"/cases/{other.reference}/letters/9999", 404)
    browser.client.get(f"/cases/{other.reference}/dates.ics")
    assert last(browser) == [f"Samira Kovalenko {case.reference}", f"Somebody Else {other.reference}"]
    assert "Somebody Else" in browser.get("/you")
    colleague = make_user(Role.ORGANISER, "Ada Stone")
    cases.add_to_team(other, colleague.id, organiser)
    cases.remove_from_team(other, organiser.id, colleague)
    assert last(browser) == [f"Samira Kovalenko {case.reference}"]
    browser.post("/search/opened/clear", page="/search")
    assert last(browser) == []
    assert db.session.query(RecentItem).count() == 0
    browser.get(f"/cases/{case.reference}")
    assert last(browser) == [f"Samira Kovalenko {case.reference}"]


@pytest.mark.sqlcipher
def test_every_kind_of_thing_with_a_page_stands_among_what_was_opened_last_for_those_who_may_see_it(
    sign_in, organiser
):
    full = full_case(organiser, "Ours")
    values = {**full.ids, **full_member(organiser, "Ours"), "gss_code": "E14001323"}
    browser = sign_in(organiser)
    here = browser.client.application.url_map.bind("localhost")
    seen = {}
    for kind, page in PAGES.items():
        wanted = {page.number: values[page.number]} if page.number else {}
        if page.endpoint not in ("members.show", "meeting_plans.show"):
            wanted["reference"] = full.case.reference
        browser.get(path := here.build(page.endpoint, wanted))
        [line, *_] = last(browser)
        seen[kind] = (path, line)
        assert f'href="{path}"' in browser.get("/search")
    assert len(last(browser)) == MOST == db.session.query(RecentItem).count(), "only the newest are kept"
    assert len({line for _, line in seen.values()}) == len(PAGES), seen

    # They become a volunteer: what tells the story is not in the list any more, although they opened it.
    organiser.role = Role.VOLUNTEER
    db.session.commit()
    shown = last(browser)
    assert 0 < len(shown) < MOST
    assert not [one for one in shown if "Pack" in one or "removal" in one], shown


def test_what_is_hidden_thrown_away_or_erased_is_not_among_what_was_opened_last(sign_in, organiser, case):
    here = f"/cases/{case.reference}"
    mina = make_user(Role.CASEWORKER, "Mina Castellan")
    cases.add_to_team(case, mina.id, organiser)
    letter = letters.draft_letter(case, "home-mp-urgent", organiser, gss_code="E14001323")
    visit = surgeries.plan_visit(case, VisitFacts("E14001323"), organiser)
    browser, hers = sign_in(organiser), sign_in(mina)
    for one in (browser, hers):
        for path in ("/supporters/1", f"/letters/{letter.id}", f"/visits/{visit.id}"):
            one.get(f"{here}{path}")
        assert [line.split(":")[0] for line in last(one)][:2] == [
            "Surgery visit",
            "Urgent letter to the home MP",
        ]
    need_to_know.let_see(case, mina.id, [Hidden.OFFENCE], organiser)
    need_to_know.hide_and_save(case, visit, Hidden.HEALTH, organiser)
    letters.discard_draft(letter, organiser)
    stopping.stop(case, 1, organiser)
    assert [len(last(browser)), len(last(hers))] == [1, 0]
    erasing.erase_case(case)
    assert last(browser) == []
    assert db.session.query(RecentItem).count() == 0, "not even a number stays"


def test_a_pack_is_not_among_what_was_opened_last_once_something_in_it_is_hidden(sign_in, organiser):
    full = full_case(organiser, "Ours")
    mina = make_user(Role.CASEWORKER, "Mina Castellan")
    cases.add_to_team(full.case, mina.id, organiser)
    need_to_know.let_see(full.case, mina.id, list(Hidden), organiser)
    hers = sign_in(mina)
    hers.get(f"/cases/{full.case.reference}/packs/{full.hidden_ids['pack_id']}")
    [pack, *_] = last(hers)
    need_to_know.let_see(full.case, mina.id, [], organiser)
    hers.get(f"/cases/{full.case.reference}/packs/{full.hidden_ids['pack_id']}", 404)
    assert pack not in last(hers)


def test_what_was_opened_a_month_ago_is_let_go_and_an_account_that_is_closed_keeps_nothing(
    browser, organiser, case, sign_in
):
    here = f"/cases/{case.reference}"
    mina = make_user(Role.CASEWORKER, "Mina Castellan")
    cases.add_to_team(case, mina.id, organiser)
    sign_in(mina).get(here)
    browser.get(here)
    db.session.query(RecentItem).filter_by(user_id=organiser.id).update({"opened_at": clock.now() - KEPT})
    db.session.commit()
    assert last(browser) == []
    retention.let_go(clock.today())
    assert [row.user_id for row in db.session.query(RecentItem)] == [mina.id]
    accounts.switch_off(mina, organiser)
    assert db.session.query(RecentItem).count() == 0


def test_single_keys_are_listed_and_switched_off_for_one_person(browser, sign_in):
    page = browser.get("/you/keys")
    assert all(one.words in page for one in SHORTCUTS)
    assert "shortcuts.js" in page
    browser.post("/you/keys", keys="off")
    assert "shortcuts.js" not in browser.get("/you/keys")
    reader = sign_in(make_user(Role.READER, "Ada Stone"))
    page = reader.get("/you/keys")
    assert "shortcuts.js" in page
    assert "Open a new case" not in page
    browser.post("/you/keys", keys="on")
    assert "shortcuts.js" in browser.get("/cases")


def test_whoever_was_signed_out_is_asked_to_sign_in_and_told_nothing(stranger, case):
    for path in ("/search", "/search/as-typed"):
        answer = stranger.client.post(path, data={"q": "samira"})
        assert answer.status_code in (302, 303, 400, 401)
        assert "Kovalenko" not in answer.get_data(as_text=True)
        assert "samira" not in answer.headers.get("Location", "")

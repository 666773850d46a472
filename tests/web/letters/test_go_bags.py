"""The pages on which a copy is made and ticked off, what is said at a surgery, and a visit log taken in."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.dates import spoken
from casework.domain.letters.go_bags import Ended
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.letters import go_bags, log_keys
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.database import db
from casework.storage.models import Case, FollowUp, GoBag, SurgeryVisit, User
from tests.factories import detained_at, home, make_case, on_team
from tests.pages import Browser, day
from tests.services.parliament.test_visit_logs import LEEDS_SOUTH, carried


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira, who said yes to MPs."""
    case = make_case(organiser, home(), detained_at(), name="Samira", pronouns="she", languages="Dari")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    return case


def new(case: Case, whom: str = "office") -> str:
    return f"/cases/{case.reference}/go-bags/new?for={whom}"


def make(browser: Browser, case: Case, **typed: object) -> bytes:
    """A copy made as the page offers it; the file as it was sent."""
    shown = re.search(r"<kbd>([a-z0-9-]+)</kbd>", browser.get(new(case)))
    coming = clock.today() + timedelta(7)
    known = {"taken_by": "Idris Vane", "written_down": "y", "passphrase": shown[1] if shown else ""}
    page = browser.post(new(case), 200, **{**known, **day("expires_on", f"{coming:%d %m %Y}"), **typed})
    return saved(browser, case, page) if "The copy is made" in page else page.encode()


def saved(browser: Browser, case: Case, page: str, status: int = 200) -> bytes:
    """The file that the button of the page brings."""
    told = dict(re.findall(r'name="(offer|passphrase)" value="([^"]*)"', page))
    action = re.search(r'action="([^"]+/file)"', page)
    assert action
    browser.post(action[1], status, page=new(case), **told)
    assert browser.last is not None
    return browser.last.data


def test_the_page_says_what_was_made_and_brings_its_file_as_often_as_it_takes_to_whoever_made_it(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    shown = re.search(r"<kbd>([a-z0-9-]+)</kbd>", browser.get(new(case)))
    coming = clock.today() + timedelta(7)
    typed = {"taken_by": "Idris Vane", "written_down": "y", "passphrase": shown[1] if shown else ""}
    typed |= day("expires_on", f"{coming:%d %m %Y}")
    page = browser.post(new(case), 200, **typed)
    told = " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split())
    assert "Made by Ruth Ellery" in told
    assert "Taken along by Idris Vane" in told
    assert f"Expires on {spoken(coming, weekday=True)}" in told
    first, second = saved(browser, case, page), saved(browser, case, page)
    assert first.startswith(b"<!doctype html>")
    assert second.startswith(b"<!doctype html>")
    bag = db.session.scalars(select(GoBag)).one()
    colleague = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    saved(sign_in(colleague), case, page, 409)
    saved(browser, case, page.replace('name="offer" value="', 'name="offer" value="x'), 409)
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    saved(browser, case, page, 422)
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    go_bags.tick_off(case, bag.id, Ended.RETURNED, organiser)
    saved(browser, case, page, 409)


def test_a_copy_is_made_downloaded_under_a_neutral_name_and_ticked_off(browser: Browser, case: Case) -> None:
    file = make(browser, case, keys=None)
    assert browser.last is not None
    name = f"papers-{clock.today().isoformat()}.html"
    assert browser.last.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert browser.last.headers["Cache-Control"] == "no-store"
    assert file.startswith(b"<!doctype html>")
    assert b"Samira" not in file
    row = db.session.scalar(select(GoBag))
    page = browser.get(f"/cases/{case.reference}/go-bags")
    assert "Idris Vane" in page
    assert "There are no papers in it." in page
    assert "It is out, and expires on" in page
    place = f"/cases/{case.reference}/go-bags"
    browser.post(f"{place}/{row.id}/ended", page=place, ended_as="returned")
    assert "It was given back to us" in browser.get(place)
    assert f'href="{place}"' in browser.get(f"/cases/{case.reference}")


def test_what_is_wrong_stands_at_its_field_with_the_same_passphrase_and_nothing_is_made(
    browser: Browser, case: Case
) -> None:
    page = make(browser, case, written_down=None, taken_by="").decode()
    assert "Type who takes this copy." in page
    assert "Write down the passphrase and tick here" in make(browser, case, written_down=None).decode()
    made = "abcd-efgh-jkmn-pqrs-tuvw-xyz2"
    page = make(browser, case, own_passphrase="Samira Samira Samira Samira", passphrase=made).decode()
    assert "A program finds this passphrase" in page
    assert "<kbd>abcd-efgh-jkmn-pqrs-tuvw-xyz2</kbd>" in page
    assert "needs their yes to level 2" in browser.get(new(case, "supporters"))
    browser.get(new(case, "airline"), 404)
    assert db.session.scalar(select(GoBag)) is None


def test_what_to_say_in_a_minute_has_one_question_and_says_what_is_missing(
    browser: Browser, case: Case
) -> None:
    page = browser.get(f"/cases/{case.reference}/visits/script")
    assert "I come about Samira." in page
    assert "Will you ask the Home Office, today, why she is detained and what is planned?" in page
    assert "Nobody has written yet:" in page
    assert page.count("minute__ask") == 2  # the MP for the home, and the one for the place of detention


def test_a_log_comes_home_as_a_code_or_a_file_is_looked_over_and_recorded_once(
    browser: Browser, case: Case, organiser: User
) -> None:
    make(browser, case)
    bag, place = db.session.scalar(select(GoBag)), f"/cases/{case.reference}/visits/log"
    planned = surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH, private_notes="Ring first"), organiser)
    code = carried(bag, visit=planned.id)
    wrong = code.replace(code[0:4], "ZZZZ", 1)
    assert "There is a mistake in line 1" in browser.post(place, 200, code=wrong)
    assert "ZZZZ" in browser.post(place, 200, code=wrong)
    assert "Choose the file" in browser.post(place, 200, code="")
    page = browser.post(place, 200, file=(BytesIO(code.encode()), "visit-log.txt"))
    assert "What the visit log says" in page
    assert "Ring first\n\nHe will write." in page.replace("\r\n", "\n")
    assert "Idris Vane" in page
    assert "Write to the minister" in page
    assert db.session.scalar(select(FollowUp)) is None

    told = {
        "gss_code": LEEDS_SOUTH,
        "outcome": "met and agreed",
        "log": code,
        **day("held_on", f"{clock.today():%d %m %Y}"),
    }
    assert "before the visit" in browser.post(
        place, 200, **told, promise1_what="Write", **day("promise1_by", "1 11 2020")
    )
    browser.post(place, **told, promise1_what="Write", promise1_who="Mr Benn")
    assert "Promised by Mr Benn" in browser.get(browser.location)
    assert "in the file already" in browser.post(place, 200, code=code)
    assert "taken in before" in browser.post(place, 200, **told)
    assert len(db.session.scalars(select(SurgeryVisit)).all()) == 1
    assert log_keys.log_key_of(bag) is not None
    bag.token = None
    db.session.commit()
    page = browser.post(place, 200, **told, asked="To write today", promise1_what="Write")
    assert "no go-bag that this case knows" in page
    assert "To write today" in page, "nothing typed is lost where the log cannot be taken in"
    by_hand = f"/cases/{case.reference}/visits/record"
    assert f'action="{by_hand}"' in page
    browser.post(by_hand, **{**told, "log": None}, asked="To write today", promise1_what="Write", version="0")
    assert "To write today" in browser.get(browser.location)

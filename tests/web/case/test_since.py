"""What changed since somebody was last here: told of others, of what they may see, and kept until it is marked."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from casework import clock
from casework.domain.case.since import TOLD, told_to
from casework.domain.consent.need_to_know import Hidden
from casework.domain.safety.accounts import ACTIONS, Role
from casework.services.campaign import plans, supporters
from casework.services.campaign.plans import TaskFacts
from casework.services.case import cases, finding_out, notes, since, task_owners
from casework.services.case.notes import NoteFacts
from casework.services.consent import need_to_know
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import groups
from casework.storage.asking import asking_for
from casework.storage.models import Case, User
from casework.web.case.since import DOORS
from tests.factories import home, make_case, make_user, on_team
from tests.pages import Browser


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home(), name="Samira")


def said(actor: User) -> list[str]:
    with asking_for(groups.asking_of(actor)):
        return [change.words for one in since.in_all(actor) for change in one.changes]


def line_on(page: str) -> str:
    found = re.search(r'name="line" value="(\d+)"', page)
    assert found
    return found[1]


def test_what_others_did_is_told_until_it_is_marked_as_read_however_often_it_is_looked_at(
    browser: Browser, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    notes.add_note(case, NoteFacts("One"), mina), notes.add_note(case, NoteFacts("Two"), mina)
    notes.add_note(case, NoteFacts("Mine"), organiser)
    path = f"/cases/{case.reference}"
    for page in (browser.get(path), browser.get(path), browser.get("/today"), browser.get("/since")):
        assert f'<a href="{path}/notes">Mina Castellan added a note.</a>' in page
        assert "2 times, the last on" in page
        assert "Ruth Ellery added" not in page, "of what one did oneself nobody is told"
    page = browser.get(path)
    plans.save_task(case, TaskFacts("Ring the hall"), mina)
    browser.post(f"{path}/since", page=path, line=line_on(page))
    page = browser.get(path)
    assert "Mina Castellan added a note" not in page
    assert "Mina Castellan saved a task." in page, "what came while somebody read is not lost"
    assert "when you last marked it as read" in page
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    assert offer
    browser.post("/since/undo", page=path, offer=offer[1])
    assert "Mina Castellan added a note" in browser.get(path)


def test_everything_is_marked_at_once_and_that_can_be_undone(
    browser: Browser, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    other = make_case(organiser, home(), name="Idris")
    cases.add_to_team(other, mina.id, organiser)
    for one in (case, other):
        notes.add_note(one, NoteFacts("One"), mina)
    assert len(said(organiser)) == 2
    browser.post("/since", page="/since", line=line_on(browser.get("/since")))
    page = browser.get("/since")
    assert "Nothing has changed" in page
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    assert offer
    browser.post("/since/undo", page="/since", offer=offer[1])
    assert len(said(organiser)) == 2
    browser.post("/since/undo", 409, page="/since", offer=offer[1])
    for odd in ("", "-1", "x", "9" * 18):  # nobody marks what has not happened yet
        browser.post("/since", page="/since", line=odd)
    notes.add_note(case, NoteFacts("Later"), mina)
    assert said(organiser) == ["Mina Castellan added a note."]


def test_a_volunteer_is_told_of_what_they_see_and_nobody_of_what_is_hidden_from_them(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    vera = on_team(case, organiser, Role.VOLUNTEER, "Vera Long")
    tom = on_team(case, organiser, Role.READER, "Tom Reader")
    mp = case.places[0].gss_code
    notes.add_note(case, NoteFacts("Seen"), organiser)
    hidden = notes.add_note(case, NoteFacts("Hidden", hidden=Hidden.HEALTH), organiser)
    visit = surgeries.plan_visit(case, VisitFacts(mp), organiser)
    need_to_know.hide_and_save(case, visit, Hidden.HEALTH, organiser)
    supporters.add_supporter(case, organiser, name="Zoe Quill", postcode="LS11 0ES")
    assert said(tom)[:3] == [
        "Ruth Ellery added a supporter.",
        "Ruth Ellery added a note.",
        "Ruth Ellery put somebody on the team.",
    ]
    assert said(vera)[0] == "Ruth Ellery added a supporter."
    told = said(vera)
    assert not any(word in "".join(told) for word in ("note", "visit", "place", "date"))
    notes.remove_note(case, hidden.id, organiser)
    assert "Ruth Ellery deleted a note." not in said(tom), "it is hidden in the bin too"
    for person in (vera, tom):
        page = sign_in(person).get(f"/cases/{case.reference}")
        assert "Since you were last here" in page
    outsider = make_user(Role.ORGANISER, "Grace Obi")
    assert said(outsider) == []


def test_of_what_was_deleted_meanwhile_only_that_is_told(case: Case, organiser: User) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    note = notes.add_note(case, NoteFacts("Gone"), mina)
    notes.remove_note(case, note.id, mina)
    visit = surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code), mina)
    surgeries.cancel_visit(case, visit.id, mina)
    assert said(organiser) == ["Mina Castellan cancelled a visit.", "Mina Castellan deleted a note."]


def test_a_week_is_told_at_first_and_a_month_at_most(
    case: Case, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    since.see(case, 1, organiser)
    notes.add_note(case, NoteFacts("One"), mina)
    begun = clock.now()
    for days, told in ((8, ["Mina Castellan added a note."]), (31, [])):
        monkeypatch.setattr(clock, "now", lambda days=days: begun + timedelta(days=days))
        assert said(organiser) == told
        assert said(mina) == [], "who never marked anything is told of a week"


def test_each_kind_of_change_leads_to_a_page_and_nobody_is_told_more_than_their_part_carries(app) -> None:
    assert {told.door for told in TOLD.values()} == set(DOORS)
    assert all(endpoint in app.view_functions for endpoint, _ in DOORS.values())
    for role in Role:
        assert all(told.needs in ACTIONS[role] for told in told_to(ACTIONS[role]).values())
    assert "note added" not in told_to(ACTIONS[Role.VOLUNTEER])


def test_every_kind_that_is_told_of_is_one_that_the_trail_has() -> None:
    code = "".join(one.read_text() for one in Path(since.__file__).parents[1].rglob("*.py"))
    assert [action for action in TOLD if f'"{action}"' not in code] == []


def test_what_came_of_a_first_hour_and_what_was_taken_along_is_told(case: Case, organiser: User) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    vera = on_team(case, organiser, Role.VOLUNTEER, "Vera Long")
    finding_out.add_open(case, ["former"])
    finding_out.settle(case, "former", mina, settled=True)
    task_owners.share_out(case, {"visit": mina.id}, mina)
    shared = "Mina Castellan shared out who does what."
    assert said(organiser) == [
        shared,
        "Mina Castellan asked for something, and there is nothing to find out.",
    ]
    assert [one for one in said(vera) if "Mina" in one] == [shared]

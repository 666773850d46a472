"""Who has what over all cases, by person; and handing some of it on."""

import re
from datetime import timedelta

import pytest

from casework import clock
from casework.domain.case.hands import BY_NAME, NOBODY, ThingKind
from casework.domain.case.intake import TO_TAKE_ON
from casework.domain.consent.need_to_know import Hidden
from casework.domain.safety.accounts import Role
from casework.services.campaign import plans
from casework.services.campaign.plans import TaskFacts
from casework.services.case import cases, finding_out, hands, task_owners
from casework.services.consent import consent, need_to_know
from casework.services.consent.consent import NewAuthority
from casework.services.consent.open_shares import open_shares
from casework.services.letters import letters
from casework.services.parliament import members, next_contacts, surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import groups
from casework.services.timing import deadlines, loads
from casework.storage.asking import asking_for
from casework.storage.database import db
from casework.storage.models import Case, Deadline, FollowUp, PlanTask, SurgeryVisit, User
from tests.factories import detained_at, home, make_case, make_user, on_team
from tests.pages import Browser


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home(), name="Samira")


def told(actor: User) -> dict[str, list[ThingKind]]:
    with asking_for(groups.asking_of(actor)):
        return {one.name: [thing.kind for thing in one.things] for one in hands.in_hand(actor)}


def fill(case: Case, organiser: User, mina: User) -> None:
    """A date of Mina's, a promise and a visit of nobody's, tasks of Ruth's and of a friend, and a talk of Mina's."""
    today = clock.today()
    deadlines.record_deadline(case, "sar", today, None, organiser).owner = mina
    db.session.add(FollowUp(case=case, what="To write", due_on=today - timedelta(days=1)))
    surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code), organiser)
    plans.save_task(case, TaskFacts("Bring chairs", organiser.id, None, today), organiser)
    plans.save_task(case, TaskFacts("Bake", None, "Aunt Zoe"), organiser)
    next_contacts.set_for_case(case, today, None, mina.id, organiser)


def test_what_everybody_has_in_hand_stands_by_person_and_what_is_nobodys_first(
    browser: Browser, sign_in, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    vera = on_team(case, organiser, Role.VOLUNTEER, "Vera Long")
    fill(case, organiser, mina)
    outsider = make_user(Role.ORGANISER, "Grace Obi")
    found = told(organiser)
    assert list(found) == [NOBODY, BY_NAME, "Mina Castellan", "Ruth Ellery", "Vera Long"]
    assert found[NOBODY] == [ThingKind.PROMISE, ThingKind.VISIT]
    assert found["Mina Castellan"] == [ThingKind.CONTACT, ThingKind.DATE]
    assert (found[BY_NAME], found["Ruth Ellery"], found["Vera Long"]) == (
        [ThingKind.TASK],
        [ThingKind.TASK],
        [],
    )
    assert ThingKind.DATE not in told(vera)["Mina Castellan"], "a date that a rule made tells the story"
    assert told(outsider) == {}
    page = browser.get("/who-has-what")
    assert "1 promise, 1 visit" in page
    assert "Aunt Zoe" in page
    assert "Samira" not in sign_in(outsider).get("/who-has-what")
    cases.close_case(case, "It ended.", organiser)
    assert told(organiser) == {}


def test_several_things_are_handed_on_at_once_and_what_another_took_meanwhile_stays(
    browser: Browser, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    fill(case, organiser, mina)
    page = browser.get("/who-has-what")
    picks = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(picks) == 6
    for nobody_known in ("", "x", "-1"):
        page = browser.post("/who-has-what", 422, pick=picks, to=nobody_known)
        assert "Choose who takes it" in page
    assert "Tick what you hand on" in browser.post("/who-has-what", 422, to=str(mina.id), pick=["x1.0", "d"])
    db.session.scalars(db.select(FollowUp)).one().owner = organiser
    db.session.commit()
    browser.post("/who-has-what", pick=picks, to=str(mina.id))
    page = browser.get("/who-has-what")
    assert "3 things handed on." in page
    assert "1 thing stayed as before" in page
    assert len(told(organiser)["Mina Castellan"]) == 5
    assert {task.who for task in db.session.query(PlanTask)} == {None}
    assert "date taken care of" in browser.get(f"/cases/{case.reference}/trail")
    browser.post("/who-has-what", pick=[f"d1.{mina.id}"], to="0")
    assert db.session.get_one(Deadline, 1).owner is None


def test_nobody_is_given_what_they_may_not_do_or_see_or_what_is_of_others_cases(
    browser: Browser, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    vera = on_team(case, organiser, Role.VOLUNTEER, "Vera Long")
    fill(case, organiser, mina)
    visit = db.session.scalars(db.select(SurgeryVisit)).one()
    need_to_know.hide_and_save(case, visit, Hidden.HEALTH, organiser)
    browser.post("/who-has-what", pick=[f"d1.{mina.id}", f"v{visit.id}.0"], to=str(vera.id))
    assert "2 things stayed as before" in browser.get("/who-has-what")
    assert visit.owner is None
    grace = make_user(Role.ORGANISER, "Grace Obi")
    theirs = make_case(grace, home(), name="Idris")
    task = plans.save_task(theirs, TaskFacts("Theirs"), grace)
    browser.post("/who-has-what", pick=[f"t{task.id}.0"], to=str(mina.id))
    assert task.owner is None
    page = browser.post("/who-has-what", 422, pick=["t1.1"], to=str(grace.id))
    assert "Choose somebody who works on your cases." in page


def test_what_somebody_took_on_in_the_first_hour_is_in_their_hands_until_it_is_done(
    browser: Browser, case: Case, organiser: User
) -> None:
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    finding_out.add_open(case, ["language", "former"])
    taken = dict.fromkeys(TO_TAKE_ON, mina.id)
    task_owners.share_out(case, taken, organiser)
    assert told(organiser)["Mina Castellan"] == [ThingKind.SHARE] * len(TO_TAKE_ON)
    assert "6 next steps" in browser.get("/who-has-what")
    case.representative_name, case.languages = "Cora Finch", "Dari"
    finding_out.settle(case, "former", organiser, settled=True)
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), organiser)
    page = browser.get("/who-has-what")
    assert "2 next steps" in page, "to ring the office, and the letters"
    visit, letters = sorted(re.findall(r'name="pick" value="(s[^"]+)"', page))
    browser.post("/who-has-what", pick=[visit], to=str(organiser.id))
    browser.post("/who-has-what", pick=[letters], to="0")
    assert [name for name, kinds in told(organiser).items() if kinds] == ["Ruth Ellery"]
    assert "letters" not in task_owners.names(case)


def test_what_closes_a_task_is_the_same_in_everybodys_hands_as_on_the_page_of_its_case(
    browser: Browser, organiser: User
) -> None:
    case = make_case(organiser, home(), detained_at(), name="Idris")
    mina = on_team(case, organiser, Role.CASEWORKER, "Mina Castellan")
    task_owners.share_out(case, dict.fromkeys(("asked", "visit", "letters"), mina.id), organiser)
    other = make_case(organiser, name="Nadia")
    task_owners.share_out(other, {"letters": mina.id}, organiser)

    def left() -> set[str]:
        with asking_for(groups.asking_of(organiser)):
            found = {(one.case_id, one.task) for one in open_shares(organiser, 100)}
        mine = next(one for one in loads.of_team(case) if one.name == "Mina Castellan")
        assert (mine.here[ThingKind.SHARE], mine.elsewhere) == (len(found) - 1, 1), (
            "whoever counts, counts the same"
        )
        assert (other.id, "letters") in found, "no MP is known there yet"
        return {task for case_id, task in found if case_id == case.id}

    here = f"/cases/{case.reference}"
    cases.record_asked(case, asked_on=clock.today(), agreed=False, asked_by="Ruth", actor=organiser)
    assert left() == {"asked"}, "they said no: nobody is to go to an MP before they say yes"
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    assert left() == {"visit", "letters"}
    seats = [one.gss_code for one in members.who_can_act(case, clock.today()) if one.seat.member]
    assert len(seats) == 2
    for number, code in enumerate(seats, 1):
        letter = letters.draft_letter(case, "detention-mp", organiser, gss_code=code)
        assert "letters" in left()
        letter.issued_at = clock.now()
        db.session.commit()
        assert (f"{number} of 2 issued" in browser.get(here)) is ("letters" in left()) is (number < 2)
    visit = surgeries.plan_visit(case, VisitFacts(seats[1]), organiser)
    visit.recorded_at = clock.now()
    db.session.commit()
    assert left() == {"visit"}, "the MP to ask first was not met"
    visit.gss_code = seats[0]
    db.session.commit()
    assert left() == set()

"""The next contact: set by one press, due on the page of today, and never asked for in a case that is closed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.parliament.next_contacts import Step
from casework.domain.safety.accounts import Role
from casework.services.campaign import supporters
from casework.services.case import cases, owners
from casework.services.case.cases import close_case
from casework.services.parliament import next_contacts
from casework.services.safety import groups
from casework.storage.database import db
from casework.storage.models import MemberContact, NextContact, SurgeryVisit
from tests.factories import home, make_case, make_user
from tests.pages import day
from tests.reference.directory.source import YORK, tables, use_tables

LEEDS = "E14001323"
MP = f"/mps/{LEEDS}"


@pytest.fixture
def case(organiser):
    return make_case(organiser, home(), name="Samira")


@pytest.fixture
def here(case):
    return f"/cases/{case.reference}"


def typed(name, when):
    return day(name, f"{when.day} {when.month} {when.year}")


def come(row):
    """Have its day be here."""
    row.due_on = clock.today() - timedelta(days=1)
    db.session.commit()


def test_one_press_sets_it_and_on_its_day_it_stands_on_the_page_of_today(browser, case, here, organiser):
    assert "None is set" in browser.get(here)
    browser.post(f"{here}/next-contact/in-a-month", page=here)
    row = db.session.scalars(select(NextContact)).one()
    assert row.due_on == Step.MONTH.after(clock.today())
    later = clock.today() + timedelta(days=9)
    told = {**typed("due_on", later), "why": "Ask who drives on Friday", "owner": str(organiser.id)}
    browser.post(f"{here}/next-contact", **told)
    assert "Ask who drives on Friday. Ruth Ellery’s turn." in browser.get(here)
    assert "Ask who drives" not in browser.get("/today")
    come(db.session.scalars(select(NextContact)).one())
    assert "Ask who drives on Friday" in browser.get("/today")
    browser.post(f"{here}/next-contact/in-a-week", page=here)  # one press moves the day, and nothing else
    row = db.session.scalars(select(NextContact), execution_options={"populate_existing": True}).one()
    assert (row.why, row.owner_id) == ("Ask who drives on Friday", organiser.id)


def test_a_contact_with_an_mp_that_was_taken_out_comes_back_unless_another_is_planned(
    browser, organiser, sign_in
):
    later = clock.today() + timedelta(days=9)
    told = {**typed("due_on", later), "why": "Ask about the debate", "owner": str(organiser.id)}
    browser.post(f"{MP}/next-contact", **told)
    browser.post(f"{MP}/next-contact/none", page=MP)
    undo, offer = browser.offered_undo(MP)
    assert "Ask about the debate" not in browser.get(MP)
    sign_in(make_user(Role.VOLUNTEER, "Ada Stone")).post(undo, 409, page=MP, offer=offer)
    browser.post(undo, page=MP, offer=offer)
    row = db.session.scalars(select(MemberContact)).one()
    assert (row.due_on, row.why, row.owner_id) == (later, "Ask about the debate", organiser.id)
    browser.post(f"{MP}/next-contact/none", page=MP)
    browser.post(f"{MP}/next-contact/in-a-week", page=MP)
    browser.post(undo, page=MP, offer=offer)
    assert "A next contact with this MP is planned by now." in browser.get(MP)
    assert db.session.scalars(select(MemberContact)).one().why is None


def test_a_contact_with_supporters_that_was_taken_out_stays_so_where_another_is_planned(browser, case, here):
    browser.post(f"{here}/next-contact/in-a-month", page=here)
    browser.post(f"{here}/next-contact/none", page=here)
    undo, offer = browser.offered_undo(here)
    browser.post(f"{here}/next-contact/in-a-week", page=here)
    browser.post(undo, page=here, offer=offer)
    assert "A next contact with the supporters is planned by now. Nothing was changed." in browser.get(here)
    assert db.session.scalars(select(NextContact)).one().due_on == Step.WEEK.after(clock.today())


def test_a_case_that_is_closed_asks_for_no_contact(browser, case, here, organiser):
    browser.post(f"{here}/next-contact/in-a-week", page=here)
    come(db.session.scalars(select(NextContact)).one())
    assert "The supporters of" in browser.get("/today")
    close_case(case, "Released", organiser)
    today, page = browser.get("/today"), browser.get(here)
    assert "The supporters of" not in today
    assert "no next contact" not in today
    assert "Next contact" not in page


def test_a_day_that_is_over_and_somebody_from_elsewhere_are_refused_at_their_field(browser, case, here):
    stranger = make_user(Role.VOLUNTEER, "Ada")
    yesterday = clock.today() - timedelta(days=1)
    page = browser.post(f"{here}/next-contact", 200, **typed("due_on", yesterday), why="Kept", owner="")
    assert "This day is over" in page
    assert "Kept" in page
    tomorrow = clock.today() + timedelta(days=1)
    page = browser.post(f"{here}/next-contact", 200, **typed("due_on", tomorrow), owner=str(stranger.id))
    assert "Choose somebody who works on this case" in page
    browser.post(f"{here}/next-contact/in-a-decade", 422, page=here)
    assert db.session.scalars(select(NextContact)).all() == []


def test_a_member_has_one_too_and_another_group_sees_nothing_of_it(browser, sign_in, organiser):
    browser.post(f"{MP}/next-contact/in-a-quarter", page=MP)
    tomorrow = clock.today() + timedelta(days=1)
    browser.post(f"{MP}/next-contact", **typed("due_on", tomorrow), why="Congratulate on the post", owner="")
    come(db.session.scalars(select(MemberContact)).one())
    assert "Congratulate on the post" in browser.get("/today")
    assert "Congratulate on the post" in browser.get(MP)
    group, _ = groups.add_group("Another Group")
    other = make_user(Role.ORGANISER, "Ben")
    other.group_id = group.id
    db.session.commit()
    theirs = sign_in(other)
    assert "Congratulate" not in theirs.get(MP) + theirs.get("/today")
    theirs.post(f"{MP}/next-contact/none", page=MP)
    theirs.post(f"{MP}/next-contact/in-a-week", page=MP)
    assert [row.group_id for row in db.session.scalars(select(MemberContact).order_by(MemberContact.id))] == [
        organiser.group_id,
        group.id,
    ]


def test_the_last_contact_with_an_mp_is_told_of_ones_own_cases_alone(browser, case, organiser, sign_in):
    held_on = clock.today() - timedelta(days=20)
    visit = SurgeryVisit(
        case=case,
        gss_code=LEEDS,
        member_name="X",
        held_on=held_on,
        planned_at=clock.now(),
        recorded_at=clock.now(),
    )
    db.session.add(visit)
    db.session.commit()
    assert f'or we of them, on <time datetime="{held_on}">' in browser.get(MP)
    elsewhere = sign_in(make_user(Role.CASEWORKER, "Noor"))
    assert "No contact is on record in what you may see" in elsewhere.get(MP)


def test_a_visit_to_whoever_sat_there_before_is_no_contact_with_the_mp_of_now(
    app, instance, tmp_path, organiser
):
    use_tables(app, instance, tmp_path, tables())  # a by-election in York on 5 March 2026
    case = make_case(organiser)
    visit = SurgeryVisit(
        case=case, gss_code=YORK, member_name="X", planned_at=clock.now(), recorded_at=clock.now()
    )
    db.session.add(visit)
    for month, known in ((1, None), (4, date(2026, 4, 9))):
        visit.held_on = date(2026, month, 9)
        db.session.commit()
        assert next_contacts.of_member(YORK, organiser).last == known


def test_why_to_speak_with_an_mp_names_no_supporter(browser, case, organiser):
    supporters.add_supporter(case, organiser, name="Ada Okafor", postcode="LS11 0ES")
    tomorrow = clock.today() + timedelta(days=1)
    page = browser.post(
        f"{MP}/next-contact", 200, **typed("due_on", tomorrow), why="Ask Ada Okafor", owner=""
    )
    assert "This names Ada Okafor" in page
    assert db.session.scalar(select(MemberContact)) is None


def test_a_reader_sees_it_and_sets_nothing_and_whoever_leaves_has_no_turn_any_more(
    sign_in, case, here, organiser
):
    reader, helper = make_user(Role.READER, "Grace"), make_user(Role.VOLUNTEER, "Ada")
    for user in (reader, helper):
        cases.add_to_team(case, user.id, organiser)
    week = Step.WEEK.after(clock.today())
    next_contacts.set_for_case(case, week, "To thank them", helper.id, organiser)
    next_contacts.set_for_member(LEEDS, week, None, helper.id, organiser)
    page = sign_in(reader).get(here)
    assert "To thank them. Ada’s turn" in page
    assert "next-contact/in-a-week" not in page
    owners.let_go(helper)
    db.session.commit()
    db.session.expire_all()
    assert [db.session.scalars(select(one)).one().owner_id for one in (NextContact, MemberContact)] == [
        None,
        None,
    ]

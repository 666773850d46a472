"""What somebody's part in the group shows them, on the pages themselves."""

import pytest

from casework import clock
from casework.domain.safety.accounts import Role
from casework.services.case import cases, task_owners
from casework.services.consent import need_to_know
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import accounts, groups
from casework.storage.database import db
from casework.storage.models import Case, SurgeryVisit, User
from tests.factories import home, make_case, make_user
from tests.full_case import LEEDS_SOUTH
from tests.pages import Browser


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home(), urgency="Ill since the arrest")


@pytest.fixture
def mina(case: Case, organiser: User) -> User:
    user = make_user(Role.VOLUNTEER, "Mina Castellan")
    cases.add_to_team(case, user.id, organiser)
    return user


def test_a_volunteer_sees_the_short_page_with_what_their_part_needs(sign_in, case, mina):
    page = sign_in(mina).get(f"/cases/{case.reference}")
    for word in (
        "Write a letter",
        "Letters for many",
        "The list of supporters",
        "Leeds South",
        "Record a visit",
    ):
        assert word in page
    for word in ("Ill since", "Invented Street", "Add a note", "Record a Home Office letter", "/person"):
        assert word not in page


def test_a_volunteer_opens_a_case_and_lands_on_its_short_page(sign_in, organiser, mina):
    browser = sign_in(mina)
    browser.post("/cases/new", name_used="Yonas", home_postcode="LS11 0ES", urgency="Flight on Tuesday")
    page = browser.get(browser.location)
    assert "Yonas" in page
    assert "Flight on Tuesday" not in page


def test_what_a_volunteer_adds_to_a_visit_stands_below_what_they_may_not_read(sign_in, organiser, case, mina):
    facts = VisitFacts(LEEDS_SOUTH, asked="To say she is ill", private_notes="The MP is wary")
    visit = surgeries.plan_visit(case, facts, organiser)
    browser, path = sign_in(mina), f"/cases/{case.reference}/visits/{visit.id}"
    for page in (browser.get(path), browser.get(f"{path}/plan"), browser.get(f"{path}/record")):
        assert "she is ill" not in page
        assert "wary" not in page
    answer = browser.client.post(f"{path}/record", data={"once": "x", "csrf_token": "x"})
    assert "wary" not in answer.get_data(as_text=True)
    day = clock.today()
    days = {"held_on-day": day.day, "held_on-month": day.month, "held_on-year": day.year}
    browser.post(
        f"{path}/record", **days, gss_code=LEEDS_SOUTH, outcome="met and agreed", asked="To ring us back"
    )
    db.session.expire_all()
    row = db.session.get(SurgeryVisit, visit.id)
    assert (row.asked, row.private_notes) == ("To say she is ill\n\nTo ring us back", "The MP is wary")


def test_a_volunteer_finds_no_case_by_a_number_or_a_name_that_their_list_does_not_show(
    sign_in, organiser, mina
):
    case = make_case(organiser, home(), name="Samira", official_name="Samira Ahmadi", other_names="Sam")
    case.references = []
    cases.change_person(case, {"name_used": "Samira"}, {"home_office": "A1234567"}, case.version, organiser)
    cases.add_to_team(case, mina.id, organiser)
    browser = sign_in(mina)
    for find, found in (("A1234567", False), ("Ahmadi", False), ("samira", True), (case.reference, True)):
        assert (f'href="/cases/{case.reference}"' in browser.post("/search", 200, q=find)) is found, find


def test_a_reader_is_offered_no_form_on_the_page_of_a_case(sign_in, organiser, case):
    reader = make_user(Role.READER, "Vera Example")
    cases.add_to_team(case, reader.id, organiser)
    page = sign_in(reader).get(f"/cases/{case.reference}").partition("<main")[2]
    assert "Ill since" in page
    for word in ("Add a note", "Record a Home Office letter", "Write the letter", "Plan a visit", ">Change<"):
        assert word not in page


def test_an_address_is_hidden_on_its_form_and_who_sees_it_is_said_for_each_person(
    browser, sign_in, organiser, case
):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    cases.add_to_team(case, idris.id, organiser)
    page = browser.get(f"/cases/{case.reference}/places/{case.places[0].id}")
    assert "Who may see this?" in page
    browser.post(f"/cases/{case.reference}/hidden/place/{case.places[0].id}", hidden="address")
    team = f"/cases/{case.reference}/team"
    browser.post(f"{team}/{idris.id}/sees", kinds=["health"])
    assert "sees: health" in browser.get(team)
    db.session.expire_all()
    assert need_to_know.seen_by(case, idris) == {need_to_know.Hidden.HEALTH}
    db.session.expunge_all()  # as in a request of its own
    page = sign_in(db.session.get(User, idris.id)).get(f"/cases/{case.reference}/places")
    assert "1 address is hidden from you." in page
    assert "Invented Street" not in page


def test_what_somebody_works_on_is_shown_before_it_is_handed_over(browser, organiser, case):
    idris = make_user(Role.CASEWORKER, "Idris Vane")
    visit = surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH), organiser)
    visit.owner = organiser
    task_owners.share_out(case, {"letters": organiser.id}, organiser)
    path = f"/cases/{case.reference}/team/{organiser.id}/hand-over"
    assert "1 case, 1 visit, 1 next step" in browser.get(path)
    assert "Choose who takes it." in browser.post(path, 200)
    browser.post(path, to=str(idris.id))
    db.session.expire_all()
    assert [member.user_id for member in case.team] == [idris.id]
    assert db.session.get(SurgeryVisit, visit.id).owner_id == idris.id
    assert task_owners.names(case) == {"letters": "Idris Vane"}


def test_no_task_of_a_case_is_handed_over_to_somebody_who_only_reads(browser, organiser, case):
    reader = make_user(Role.READER, "Cora Finch")
    task_owners.share_out(case, {"letters": organiser.id}, organiser)
    path = f"/cases/{case.reference}/team/{organiser.id}/hand-over"
    assert "cannot see to this: 1 next step" in browser.post(path, 200, to=str(reader.id))
    assert task_owners.names(case) == {"letters": organiser.name}


def test_a_case_is_offered_and_taken_on_the_pages_of_both_groups(browser, sign_in, organiser, case):
    assert "Cases offered to us" not in browser.get("/you")
    _, token = groups.add_group("Harbour Friends")
    zahra = accounts.use_first_link(token, "Zahra Noor", "zahra@example.org", "a long walk by the sea")
    theirs = sign_in(zahra)
    path, reference = f"/cases/{case.reference}/other-group", case.reference
    assert "Ask the person first" in browser.post(path, 200, group=str(zahra.group_id))
    browser.post(path, group=str(zahra.group_id), agreed="y")
    page = theirs.get("/offered")
    assert reference in page
    assert "Samira" not in page
    assert "Harbour Friends" in page
    theirs.post(f"/offered/{case.id}/take", page="/offered")
    assert "Samira" in theirs.get(f"/cases/{reference}")
    browser.get(f"/cases/{reference}", 404)


def test_pages_say_so_while_there_is_only_one_organiser(browser: Browser, organiser: User) -> None:
    organiser.password_hash = "x"
    db.session.commit()
    for path in ("/people", "/you"):
        assert "only organiser" in browser.get(path)
    second = make_user(Role.ORGANISER, "Idris Vane")
    second.password_hash = "x"
    db.session.commit()
    for path in ("/people", "/you"):
        assert "only organiser" not in browser.get(path)

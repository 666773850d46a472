"""The bin through its pages: a case that is deleted is nowhere to be seen, and only an organiser erases for good."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from casework import clock
from casework.domain.campaign.plans import DayKind
from casework.domain.safety.accounts import Role
from casework.domain.safety.bins import BinKind
from casework.services.campaign import plans, reporting_days, signing
from casework.services.campaign.plans import DayFacts, TaskFacts
from casework.services.case import cases
from casework.services.letters import papers
from casework.services.parliament import next_contacts, surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import case_bins, groups
from casework.services.timing import feeds
from casework.storage.asking import Asking, asking_for
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import (
    Case,
    CasePlace,
    NextContact,
    PlanDay,
    PlanTask,
    ReportingDay,
    SigningContact,
    SurgeryVisit,
    User,
)
from casework.web.safety import bins as room
from tests.factories import add_note, home, make_case, make_user
from tests.pages import Browser


@pytest.fixture
def case(organiser: User) -> Case:
    case = make_case(organiser, home(), name="Samira")
    visit = VisitFacts("E14001318", held_on=clock.today() + timedelta(3), held_at="The library")
    surgeries.plan_visit(case, visit, organiser)
    return case


def test_a_case_in_the_bin_is_on_no_list_and_comes_back_whole(
    browser: Browser, case: Case, organiser: User, stranger: Browser
) -> None:
    calendar = f"/calendar/{feeds.make(organiser, 'phone')}.ics"
    lists = ("/cases", "/dates", "/today", "/trail")
    assert all(case.reference in browser.get(path) or "Samira" in browser.get(path) for path in lists)
    assert "BEGIN:VEVENT" in stranger.get(calendar)
    browser.post(f"/cases/{case.reference}/delete")
    assert browser.location == "/bin"
    bin_page = browser.get("/bin")
    assert case.reference in bin_page
    assert "Samira" not in bin_page
    for path in lists[:3]:
        page = browser.get(path)
        assert "Samira" not in page
        assert case.reference not in page
    assert "BEGIN:VEVENT" not in stranger.get(calendar)
    browser.get(f"/cases/{case.reference}", 404)
    browser.post(f"/bin/{case.reference}/back", page="/bin")
    assert "Samira" in browser.get(f"/cases/{case.reference}")
    assert "BEGIN:VEVENT" in stranger.get(calendar)


def test_who_may_put_a_case_into_the_bin_and_who_may_erase_it(sign_in, case: Case, organiser: User) -> None:
    people = {role: make_user(role) for role in (Role.CASEWORKER, Role.VOLUNTEER)}
    for one in people.values():
        cases.add_to_team(case, one.id, organiser)
    volunteer, caseworker = sign_in(people[Role.VOLUNTEER]), sign_in(people[Role.CASEWORKER])
    volunteer.get(f"/cases/{case.reference}/delete", 403)
    page = caseworker.get(f"/cases/{case.reference}/delete")
    assert "Erase this case for good" not in page
    page, typed = f"/cases/{case.reference}/delete", {"reference": case.reference}
    caseworker.post(f"/cases/{case.reference}/erase", 403, page=page, **typed)
    caseworker.post(f"/cases/{case.reference}/delete")
    caseworker.get(f"/bin/{case.reference}/erase", 403)
    other = sign_in(make_user(Role.CASEWORKER, "Idris Vane"))
    assert case.reference not in other.get("/bin")
    other.post(f"/bin/{case.reference}/back", 404, page="/you/password")
    caseworker.post(f"/bin/{case.reference}/back", page="/bin")
    assert db.session.query(Case).count() == 1


def test_erasing_asks_for_the_reference_and_says_what_is_left(browser: Browser, case: Case) -> None:
    reference, path = case.reference, f"/cases/{case.reference}"
    page = browser.post(f"{path}/erase", 200, page=f"{path}/delete", reference="C-99")
    assert "Type the reference of this case" in page
    assert 'value="C-99"' in page
    browser.post(f"{path}/erase", page=f"{path}/delete", reference=reference.lower())
    page = browser.get("/bin")
    assert "nothing that we know of" in page
    assert reference in page
    browser.get(path, 404)
    assert "case erased" in browser.get("/trail")


def test_the_bin_names_a_copy_of_an_erased_case_that_cannot_be_taken_away(
    browser: Browser, case: Case, organiser: User, tmp_path: Path
) -> None:
    half = tmp_path / "a stick that was taken out" / ".casework-half"
    (current_instance().settings.instance / ".scratch-of-it.lock").write_text(str(half))
    case_bins.put_away(case, organiser)
    browser.post(f"/bin/{case.reference}/erase", reference=case.reference)
    page = browser.get("/bin")
    assert "A copy that broke off" in page
    assert str(half) in page
    assert "still holds cases that were erased" in page


def test_a_case_in_the_bin_can_be_erased_at_once(browser: Browser, case: Case, organiser: User) -> None:
    reference = case.reference
    case_bins.put_away(case, organiser)
    browser.post(f"/bin/{reference}/erase", reference=reference)
    assert db.session.query(Case).count() == 0


def test_a_note_and_a_place_go_into_the_bin_and_come_back(
    browser: Browser, case: Case, organiser: User
) -> None:
    add_note(case, "Ring her sister first.", organiser)
    path = f"/cases/{case.reference}"
    browser.post(f"{path}/notes/1/remove", page=path)
    assert "Ring her sister first." not in browser.get(path)
    browser.post(f"{path}/places/1/remove", page=f"{path}/places/1")
    page = browser.get(f"{path}/bin")
    assert "Ring her sister first." in page
    assert "A place" in page
    browser.post(f"{path}/bin/note/1/back", page=f"{path}/bin")
    assert "Ring her sister first." in browser.get(path)
    browser.post(f"{path}/bin/place/2/erase", page=f"{path}/bin")
    assert "The bin is empty." in browser.get(f"{path}/bin")
    browser.post(f"{path}/bin/place/2/back", 404, page=path)
    browser.post(f"{path}/bin/nothing/2/back", 404, page=path)


def test_what_has_to_go_goes_whichever_group_opens_a_page(
    sign_in, case: Case, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_bins.put_away(case, organiser)
    other, _ = groups.add_group("Another group")
    with asking_for(Asking(group=other.id)):
        grace = make_user(Role.ORGANISER, "Grace Obi")
    begun = clock.now()
    for day in range(1, 31):
        monkeypatch.setattr(clock, "now", lambda then=begun + timedelta(days=day): then)
        assert sign_in(grace).client.get("/cases").status_code == 200
    assert db.session.query(Case).count() == 0


def test_whatever_goes_into_the_bin_of_a_case_comes_back_by_a_button_for_thirty_seconds(
    browser: Browser, case: Case, organiser: User
) -> None:
    path = f"/cases/{case.reference}"
    today = clock.today()
    visit = db.session.query(SurgeryVisit).one()
    task = plans.save_task(case, TaskFacts("Ring the hall"), organiser)
    day = plans.save_day(case, DayFacts(DayKind.MEETING, today, "Friends meet"), organiser)
    next_contacts.set_for_case(case, today, "News of the hearing", None, organiser)
    signing.save(case, {"place": "Vulcan House"}, 0, organiser)
    signing.add_contact(case, "Zoe Quill", "07700 900001", None, organiser, on_card=False)
    reporting_days.add_days(case, today, 0, 1, None, organiser)
    kept = {
        "visit": (f"{path}/visits/{visit.id}/cancel", SurgeryVisit),
        "task": (f"{path}/plan/tasks/{task.id}/remove", PlanTask),
        "day": (f"{path}/plan/days/{day.id}/remove", PlanDay),
        "next contact": (f"{path}/next-contact/none", NextContact),
        "contact": (f"{path}/reporting/contacts/1/remove", SigningContact),
        "reporting day": (f"{path}/reporting/days/1/remove", ReportingDay),
        "place": (f"{path}/places/1/remove", CasePlace),
    }
    for what, (address, table) in kept.items():
        browser.post(address, page=path)
        assert db.session.query(table).count() == 0, what
        offer = re.search(r'name="offer" value="([^"]+)"', browser.get(browser.location))
        assert offer, what
        browser.post(f"{path}/bin/undo", page=path, offer=offer[1])
        assert db.session.query(table).count() == 1, what
    assert "The bin is empty." in browser.get(f"{path}/bin")
    browser.post(f"{path}/bin/undo", page=path, offer=offer[1])
    assert "no longer in the bin" in browser.get(f"{path}/places"), "a second press breaks nothing"
    browser.post(f"{path}/delete", page=f"{path}/delete")
    page = browser.get("/bin")
    offer = re.search(r'name="offer" value="([^"]+)"', page)
    assert offer
    browser.post(f"/bin/{case.reference}/back", page="/bin", offer=offer[1])
    assert "is back" in browser.get("/bin")


def test_each_kind_of_thing_in_the_bin_of_a_case_has_its_button() -> None:
    pages = "".join(path.read_text() for path in Path(room.__file__).parents[1].rglob("*.py"))
    with_undo = set(re.findall(r"say_with_undo\([^)]*BinKind\.(\w+)", pages))
    assert {kind.name for kind in BinKind} - {"DRAFT", "CASE"} == with_undo


def test_the_page_says_that_sealed_papers_of_an_erased_case_go_later_where_their_place_does_not_answer(
    browser: Browser, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers.keep(case, b"%PDF a scan")
    db.session.commit()
    store, reference = current_instance().archive, case.reference
    path = f"/cases/{reference}"

    def no_answer(*_: object) -> None:
        raise OSError("The storage refused: InternalError")

    with monkeypatch.context() as away:
        away.setattr(type(store), "remove_folder", no_answer)
        browser.post(f"{path}/erase", page=f"{path}/delete", reference=reference)
    page = browser.get("/bin")
    assert f"The case {reference} is erased." in page
    assert "The place of the papers does not answer now." in page
    assert "case erased" in browser.get("/trail")
    papers.take_away_noted()
    assert store.names() == set()

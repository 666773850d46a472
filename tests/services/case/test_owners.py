"""Who takes care of a date: only somebody on the case, only one at a time, and the trail says so."""

from datetime import date

import pytest

from casework import clock
from casework.domain.case.hands import ThingKind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Role
from casework.domain.timing.diary import EntrySource
from casework.services.case import cases, hands, owners
from casework.services.case.hands import Pick, Taken
from casework.services.parliament import surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import accounts, audit
from casework.services.timing import deadlines, settling
from casework.storage.database import db
from casework.storage.models import Case, Deadline, FollowUp, SurgeryVisit, User
from tests.factories import home, make_case, make_user

DEADLINE, FOLLOW_UP, VISIT = EntrySource.DEADLINE, EntrySource.FOLLOW_UP, EntrySource.VISIT


@pytest.fixture
def idris() -> User:
    return make_user(Role.CASEWORKER, "Idris Vane")


@pytest.fixture
def case(organiser: User, idris: User) -> Case:
    case = make_case(organiser, home())
    cases.add_to_team(case, idris.id, organiser)
    return case


@pytest.fixture
def request_for_file(case: Case, organiser: User) -> Deadline:
    return deadlines.record_deadline(case, "sar", date(2026, 11, 2), None, organiser)


@pytest.fixture
def promise(case: Case) -> FollowUp:
    row = FollowUp(case=case, what="Ring them", due_on=clock.today())
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def visit(case: Case, organiser: User) -> SurgeryVisit:
    return surgeries.plan_visit(case, VisitFacts(case.places[0].gss_code or ""), organiser)


def trail(case: Case, actor: User) -> list[tuple[str, dict[str, object]]]:
    return [
        (line.action, line.facts) for line in audit.list_events(actor, case) if "taken care" in line.action
    ]


def test_several_are_taken_at_once_and_the_trail_names_each(
    case: Case, idris: User, request_for_file: Deadline, promise: FollowUp, visit: SurgeryVisit
) -> None:
    picks = [
        Pick(ThingKind.DATE, request_for_file.id, None),
        Pick(ThingKind.PROMISE, promise.id, None),
        Pick(ThingKind.VISIT, visit.id, None),
    ]
    assert hands.take(idris, picks) == Taken(3, 0)
    assert [row.owner for row in (request_for_file, promise, visit)] == [idris] * 3
    assert sorted(trail(case, idris), key=str) == [
        ("date taken care of", {"user": idris.id, "deadline": request_for_file.id}),
        ("date taken care of", {"user": idris.id, "follow_up": promise.id}),
        ("date taken care of", {"user": idris.id, "visit": visit.id}),
    ]


def test_of_two_who_take_one_date_the_first_keeps_it(
    organiser: User, idris: User, request_for_file: Deadline
) -> None:
    seen_by_both = Pick(ThingKind.DATE, request_for_file.id, None)
    assert hands.take(idris, [seen_by_both]) == Taken(1, 0)
    assert hands.take(organiser, [seen_by_both]) == Taken(0, 1)
    assert request_for_file.owner is idris


def test_a_date_is_taken_over_by_somebody_who_saw_whose_it_was(
    organiser: User, idris: User, request_for_file: Deadline
) -> None:
    hands.take(idris, [Pick(ThingKind.DATE, request_for_file.id, None)])
    assert hands.take(organiser, [Pick(ThingKind.DATE, request_for_file.id, idris.id)]) == Taken(1, 0)
    assert request_for_file.owner is organiser


def test_nobody_takes_a_date_of_a_case_they_do_not_work_on(
    request_for_file: Deadline, promise: FollowUp
) -> None:
    stranger = make_user(Role.ORGANISER, "Somebody Else")
    picks = [
        Pick(ThingKind.DATE, request_for_file.id, None),
        Pick(ThingKind.PROMISE, promise.id, None),
        Pick(ThingKind.VISIT, 99, None),
    ]
    assert hands.take(stranger, picks) == Taken(0, 3)
    assert (request_for_file.owner, promise.owner) == (None, None)


def test_what_is_settled_meanwhile_is_not_taken(
    case: Case, organiser: User, idris: User, request_for_file: Deadline
) -> None:
    settling.settle(case, request_for_file.id, "They answered.", clock.today(), organiser)
    assert hands.take(idris, [Pick(ThingKind.DATE, request_for_file.id, None)]) == Taken(0, 1)


def test_a_date_is_given_to_somebody_on_the_case_and_given_back(
    case: Case, organiser: User, idris: User, visit: SurgeryVisit
) -> None:
    owners.give(case, VISIT, visit.id, idris.id, None, organiser)
    assert visit.owner is idris
    owners.give(case, VISIT, visit.id, None, idris.id, organiser)
    assert visit.owner is None
    assert [action for action, _ in trail(case, organiser)] == [
        "date taken care of by nobody",
        "date taken care of",
    ]


def test_a_date_is_given_to_nobody_outside_the_case(
    case: Case, organiser: User, idris: User, request_for_file: Deadline
) -> None:
    outside = make_user(Role.CASEWORKER, "Somebody Else")
    accounts.switch_off(idris, organiser)
    for somebody in (outside, idris):
        with pytest.raises(CaseworkError, match="works on this case") as caught:
            owners.give(case, DEADLINE, request_for_file.id, somebody.id, None, organiser)
        assert caught.value.field == "owner"


def test_giving_a_date_that_somebody_took_meanwhile_says_who(
    case: Case, organiser: User, idris: User, request_for_file: Deadline
) -> None:
    hands.take(idris, [Pick(ThingKind.DATE, request_for_file.id, None)])
    with pytest.raises(OutOfDate, match="Idris Vane takes care of it now"):
        owners.give(case, DEADLINE, request_for_file.id, organiser.id, None, organiser)
    assert request_for_file.owner is idris


def test_a_date_of_another_case_is_not_there(case: Case, organiser: User, request_for_file: Deadline) -> None:
    with pytest.raises(NotFound):
        owners.give(make_case(organiser), DEADLINE, request_for_file.id, organiser.id, None, organiser)


def test_who_leaves_a_case_takes_care_of_none_of_its_dates(
    case: Case, organiser: User, idris: User, request_for_file: Deadline, promise: FollowUp
) -> None:
    other = make_case(idris, home())
    kept = deadlines.record_deadline(other, "sar", date(2026, 11, 2), None, idris)
    hands.take(idris, [Pick(ThingKind.DATE, row.id, None) for row in (request_for_file, kept)])
    hands.take(idris, [Pick(ThingKind.PROMISE, promise.id, None)])
    cases.remove_from_team(case, idris.id, organiser)
    assert (request_for_file.owner, promise.owner, kept.owner) == (None, None, idris)
    accounts.switch_off(idris, organiser)
    assert kept.owner is None

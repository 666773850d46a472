"""A visit to an MP, and what was promised at one, in every list of dates: what the person said of MPs stands there."""

import re
from datetime import timedelta

import pytest

from casework import clock
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.domain.timing.diary import DiaryEntry
from casework.services.case import cases, tasks
from casework.services.consent import consent
from casework.services.consent.consent import NewAuthority
from casework.services.letters import letters
from casework.services.parliament import members, surgeries
from casework.services.parliament.surgeries import VisitFacts
from casework.services.timing import board, deadlines, diary, digest, feeds
from casework.storage.models import Case, User
from tests.factories import home, make_case

LEEDS_SOUTH = "E14001323"
PLANNED, PROMISED = "Surgery visit: Hilary Benn", "A letter to the Minister"
NOT_ASKED = "Nobody has asked them yet: do not name them to an MP."


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira, for whom a visit is planned, and a promise of another runs."""
    case = make_case(organiser, home(), name="Samira")
    today = clock.today()
    promised = [Promise(PROMISED, "the caseworker", today + timedelta(days=2))]
    surgeries.record_visit(case, VisitFacts(LEEDS_SOUTH, today), Outcome.REFUSED, promised, organiser)
    surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH, today + timedelta(days=3)), organiser)
    return case


def say(case: Case, actor: User, *, agreed: bool) -> None:
    cases.record_asked(case, asked_on=clock.today(), agreed=agreed, asked_by="Ruth", actor=actor)


def lists(case: Case, actor: User) -> list[list[tuple[str, str]]]:
    """What the diary of the case, Today, the board and its part for this case say: of the promise, and of the visit."""
    today = digest.digest_for(actor)
    found: list[list[DiaryEntry]] = [
        deadlines.for_case(case),
        diary.open_entries(actor),
        [*today.to_chase, *today.visits],
        board.board(actor).dates,
        board.running_in(actor, [case.reference])[case.reference],
    ]
    return [[(one.title, one.warning()) for one in entries] for entries in found]


def calendars(case: Case, actor: User) -> list[list[str]]:
    files = (feeds.read(feeds.make(actor, None)), feeds.file_of(case))
    return [re.findall(r"\nSUMMARY:(.*)\r", content.decode().replace("\r\n ", "")) for content in files]


def asks(case: Case) -> str:
    """What the list on the page of the case says of the promise."""
    who, dates = members.who_can_act(case, clock.today()), deadlines.for_case(case)
    found = tasks.tasks_of(case, clock.today(), who, letters.list_letters(case), dates=dates)
    return next(one.why for one in found if one.key == "follow_up")


def test_before_anybody_asked_a_visit_keeps_its_title_and_says_so(case: Case, organiser: User) -> None:
    assert lists(case, organiser) == [[(PROMISED, ""), (PLANNED, NOT_ASKED)]] * 5
    assert calendars(case, organiser) == [["A promise to chase", "A visit"]] * 2


def test_after_a_yes_nothing_more_is_said(case: Case, organiser: User) -> None:
    say(case, organiser, agreed=True)
    assert lists(case, organiser) == [[(PROMISED, ""), (PLANNED, "")]] * 5
    assert asks(case).startswith("Ask again from")


def says_so(case: Case, actor: User, why: str) -> None:
    """That every list says that nobody goes, rings or writes, and why."""
    word = f"Do not ring or write to an MP about it: {why}."
    title = f"Do not go to the surgery of Hilary Benn: {why}"
    assert lists(case, actor) == [[(PROMISED, word), (title, "")]] * 5
    stopped = ["A promise to chase: ring no MP and write to none", "Do not go to this visit"]
    assert calendars(case, actor) == [stopped] * 2
    assert asks(case) == word


def test_after_a_no_every_list_says_that_nobody_goes_and_why(case: Case, organiser: User) -> None:
    say(case, organiser, agreed=False)
    says_so(case, organiser, "they said no to MPs, or not yet")
    say(case, organiser, agreed=True)
    assert lists(case, organiser)[0] == [(PROMISED, ""), (PLANNED, "")]


def test_after_a_yes_was_taken_back_every_list_says_so_too(case: Case, organiser: User) -> None:
    say(case, organiser, agreed=True)
    form = consent.record_authority(case, NewAuthority(signed_on=clock.today(), scope=("ask",)), organiser)
    consent.withdraw_authority(case, form.id, clock.today(), "by phone", organiser)
    says_so(case, organiser, "they took back their yes to MPs")


def test_the_no_of_one_person_is_not_said_of_another(case: Case, organiser: User) -> None:
    other = make_case(organiser, home(), name="Idris")
    surgeries.plan_visit(other, VisitFacts(LEEDS_SOUTH, clock.today() + timedelta(days=4)), organiser)
    say(case, organiser, agreed=False)
    said = {one.person: one.title for one in board.board(organiser).dates if one.member}
    assert said["Samira"].startswith("Do not go")
    assert said["Idris"] == PLANNED

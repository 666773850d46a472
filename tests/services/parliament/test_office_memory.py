"""What a group remembers of an office, and how long answers take, for those who may know it and for the others."""

from datetime import date, timedelta

import pytest

from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.parliament.answers import Finality, Found, Reading, Will
from casework.domain.parliament.office_memory import Did
from casework.domain.parliament.response_times import FEWEST_ANSWERS, Wait
from casework.domain.parliament.surgeries import Outcome
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.consent import consent, need_to_know
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import answers, surgeries
from casework.services.parliament.answers import AnswerFacts
from casework.services.parliament.office_memory import office_memory
from casework.services.parliament.response_times import response_times
from casework.services.parliament.surgeries import VisitFacts
from casework.services.safety import case_bins, groups
from casework.storage.asking import Asking, asking_for
from casework.storage.database import db
from casework.storage.models import Case, Correspondence, User
from tests.factories import home, make_case, make_user
from tests.full_case import LEEDS_SOUTH
from tests.web.test_queries import counted

ASKED, ANSWERED = date(2026, 9, 1), date(2026, 10, 13)  # thirty working days


@pytest.fixture
def other(app) -> User:
    """Idris, who works on none of Ruth's cases."""
    return make_user(Role.CASEWORKER, "Idris Vane")


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case(organiser, home(), name="Samira")


def keep(case: Case, actor: User, kind: Kind, day: date, answers_to: Correspondence | None = None, **more):
    gss_code = None if kind is Kind.HOME_OFFICE_RESPONSE else LEEDS_SOUTH
    days = {"received_on": day} if kind.comes_in and kind is not Kind.MEMBER_TO_HOME_OFFICE else {}
    paper = NewPaper(
        kind, gss_code=gss_code, dated=day, answers_id=answers_to.id if answers_to else None, **days, **more
    )
    return correspondence.record_paper(case, paper, actor)


def a_wait(case: Case, actor: User, since: date = ASKED, until: date = ANSWERED) -> Correspondence:
    """An MP's letter to the Home Office, and the answer to it."""
    mps = keep(case, actor, Kind.MEMBER_TO_HOME_OFFICE, since)
    return keep(case, actor, Kind.HOME_OFFICE_RESPONSE, until, mps, response=ResponseKind.SUBSTANTIVE)


def visited(case: Case, actor: User, on: date, outcome: Outcome = Outcome.REFUSED):
    return surgeries.record_visit(case, VisitFacts(LEEDS_SOUTH, on), outcome, [], actor)


def test_whoever_works_on_the_case_sees_each_thing_with_its_day_and_what_the_answer_said(case, organiser):
    answer = a_wait(case, organiser)
    answers.begin(case, answer.id, AnswerFacts(), "Why?\nWhen?", organiser)
    row = answers.questions_of(answers.get_map(case, answer.id))[0]
    answers.save_question(case, answer.id, row.id, row.asked, Reading(Found.DODGED), row.version, organiser)
    memory = office_memory(LEEDS_SOUTH, organiser)
    assert [(one.did, one.on, one.detail) for one in memory.lines] == [
        (Did.HOME_OFFICE_ANSWER, ANSWERED, "1 dodged, 1 not read yet"),
        (Did.ASKED_HOME_OFFICE, ASKED, ""),
    ]
    assert memory.counts == ""
    assert memory.home_office.here is not None
    assert memory.home_office.here.middle == "30"
    assert memory.days == 20


def test_a_refusal_is_remembered_with_whether_a_form_was_signed_on_that_day(case, organiser, other):
    visited(case, organiser, date(2026, 3, 3))
    consent.record_authority(case, consent.NewAuthority(date(2026, 4, 1), ("ask",)), organiser)
    visited(case, organiser, date(2026, 4, 7))
    memory = office_memory(LEEDS_SOUTH, organiser)
    assert [one.did for one in memory.lines] == [Did.REFUSED, Did.REFUSED_UNSIGNED]
    told = office_memory(LEEDS_SOUTH, other)
    assert told.lines == ()
    assert told.counts == (
        "1 visit at which they refused, 1 visit at which they refused and no form of authority was signed. "
        "The last was in April 2026."
    )


def test_what_an_office_says_it_will_do_is_remembered_in_words_for_the_case_and_in_counts_for_others(
    case, organiser, other
):
    days = (date(2026, 3, 3), date(2026, 3, 10), date(2026, 3, 17))
    letters = [keep(case, organiser, Kind.MEMBER_TO_US, on) for on in days]
    with pytest.raises(CaseworkError, match="what they want first"):
        answers.begin(case, letters[0].id, AnswerFacts(will=Will.ONLY_IF), "Will you act?", organiser)
    db.session.rollback()
    for letter, will in zip(letters, Will, strict=True):
        wanted = "A form signed in ink" if will is Will.ONLY_IF else None
        answers.begin(case, letter.id, AnswerFacts(will=will, only_if=wanted), "Will you act?", organiser)
    memory = office_memory(LEEDS_SOUTH, organiser)
    assert [(one.did, one.detail.partition(";")[0]) for one in memory.lines] == [
        (Did.ANSWER_ONLY_IF, "A form signed in ink"),
        (Did.ANSWER_REFUSES_UNSIGNED, "1 not read yet"),
        (Did.ANSWER_ACTS, "1 not read yet"),
    ]
    told = office_memory(LEEDS_SOUTH, other)
    assert told.counts == (
        "1 answer that they will act, 1 answer that asks for something first, 1 answer that refused while no form of "
        "authority was signed. The last was in March 2026."
    )


def test_a_volunteer_sees_the_visits_of_their_cases_and_of_letters_that_came_only_how_many(case, organiser):
    volunteer = make_user(Role.VOLUNTEER, "Mina")
    cases.add_to_team(case, volunteer.id, organiser)
    visited(case, organiser, date(2026, 3, 3))
    a_wait(case, organiser)
    memory = office_memory(LEEDS_SOUTH, volunteer)
    assert [one.did for one in memory.lines] == [Did.REFUSED]  # whether a form was signed is the story
    assert memory.counts.startswith("1 letter of theirs to the Home Office, 1 answer")
    assert "October 2026" in memory.counts
    assert (memory.home_office.here, memory.answers.here) == (None, None)


def test_what_is_hidden_in_the_bin_or_of_another_group_is_not_even_counted(case, organiser, other):
    visit, answer = visited(case, organiser, date(2026, 3, 3)), a_wait(case, organiser)
    need_to_know.hide_and_save(case, visit, need_to_know.as_hidden("health"), organiser)
    need_to_know.hide_and_save(case, answer, need_to_know.as_hidden("health"), organiser)
    with asking_for(Asking(group=other.group_id, eyes=other.id, sees_unasked=True)):
        told = office_memory(LEEDS_SOUTH, other)
    assert told.counts == "1 letter of theirs to the Home Office. The last was in September 2026."
    with asking_for(Asking(group=organiser.group_id, eyes=organiser.id, sees_unasked=True)):
        assert len(office_memory(LEEDS_SOUTH, organiser).lines) == 3
    group, _ = groups.add_group("Another Group")
    stranger = make_user(Role.ORGANISER, "Theirs")
    stranger.group_id = group.id
    db.session.commit()
    assert office_memory(LEEDS_SOUTH, stranger).is_empty
    assert response_times(stranger).rows == ()
    case_bins.put_away(case, organiser)
    assert office_memory(LEEDS_SOUTH, organiser).is_empty
    assert response_times(organiser).rows == ()


def test_what_happened_before_this_member_sat_here_is_told_apart(case, organiser):
    keep(case, organiser, Kind.US_TO_MEMBER, date(2024, 7, 1))
    memory = office_memory(LEEDS_SOUTH, organiser)
    assert memory.lines == ()
    assert memory.before == "1 letter from us. The last was in July 2024."


def test_how_long_answers_took_in_cases_of_others_is_told_once_they_are_too_many_to_name_one(
    organiser, other
):
    own = make_case(other, home(), name="Own")
    a_wait(own, other, until=ASKED + timedelta(1))
    three = [make_case(organiser, home(), name=f"Case {number}") for number in range(3)]
    for number in range(FEWEST_ANSWERS - 1):
        a_wait(three[number % 3], organiser)
    times = response_times(other)
    (row,) = times.rows
    assert row.ended is not None
    assert (row.wait, row.ended.count, row.ended.longest, row.within) == (Wait.TO_MEMBER, 1, 1, 1)
    assert times.left_out
    assert office_memory(LEEDS_SOUTH, other).home_office.here == row.ended
    a_wait(three[0], organiser)
    times = response_times(other)
    (row,) = times.rows
    assert row.ended is not None
    assert (row.ended.count, row.ended.longest, row.within) == (FEWEST_ANSWERS + 1, 30, 1)
    assert not times.left_out


def test_an_office_is_remembered_with_as_few_questions_to_the_database_for_many_cases_as_for_one(organiser):
    asked_for = []
    for number in (1, 4):
        for _ in range(number):
            case = make_case(organiser, home(), name="Samira")
            a_wait(case, organiser)
            visited(case, organiser, date(2026, 3, 3))
        with counted() as asked:
            office_memory(LEEDS_SOUTH, organiser)
        asked_for.append(len(asked))
    assert asked_for[0] == asked_for[1], "\n".join(asked)


def test_an_answer_that_was_read_as_holding_leaves_the_letter_waiting(case, organiser):
    answer = a_wait(case, organiser)
    facts = AnswerFacts(finality=Finality.HOLDING)
    answers.begin(case, answer.id, facts, "Why?", organiser)
    found = {row.wait: row for row in response_times(organiser).rows}
    assert found[Wait.TO_MEMBER].ended is None
    assert found[Wait.TO_MEMBER].going_on is not None
    assert found[Wait.WORD_TO_MEMBER].ended is not None

"""An answer read beside the letter it answers, question by question, and the letter that asks again."""

from datetime import date, timedelta

import pytest

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.parliament.answers import Finality, Found, Reading, Signer
from casework.domain.safety.accounts import Role
from casework.services.beside import laid_beside, proposed_questions
from casework.services.case import cases
from casework.services.consent import need_to_know
from casework.services.letters import correspondence, letter_pages, letters
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import answer_chasers, answers
from casework.services.parliament.answers import AnswerFacts
from casework.storage.asking import Asking, asking_for
from casework.storage.database import db
from casework.storage.models import Case, Correspondence, FollowUp, User
from tests.factories import home, make_case, make_case_that_keeps_health_private, make_user
from tests.full_case import LEEDS_SOUTH

SENT, DATED = date(2026, 10, 5), date(2026, 11, 3)


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case_that_keeps_health_private(organiser)


@pytest.fixture
def answer(case: Case, organiser: User) -> Correspondence:
    """The Home Office's answer to the MP, who had written after our letter."""
    ours = NewPaper(
        Kind.US_TO_MEMBER, gss_code=LEEDS_SOUTH, sent_on=SENT, summary="Why is she held? Since when?"
    )
    first = correspondence.record_paper(case, ours, organiser)
    mps = NewPaper(Kind.MEMBER_TO_HOME_OFFICE, gss_code=LEEDS_SOUTH, dated=SENT, answers_id=first.id)
    second = correspondence.record_paper(case, mps, organiser)
    theirs = NewPaper(
        Kind.HOME_OFFICE_RESPONSE, response=ResponseKind.SUBSTANTIVE, sender="Home Office", dated=DATED,
        received_on=DATED, answers_id=second.id,
    )  # fmt: skip
    return correspondence.record_paper(case, theirs, organiser)


def read_for(answer: Correspondence, actor: User, *questions: str, **facts: object) -> list[int]:
    read, _ = answers.begin(answer.case, answer.id, AnswerFacts(**facts), "\n".join(questions), actor)
    return [row.id for row in answers.questions_of(read)]


def find(answer: Correspondence, question_id: int, actor: User, found: Found, **said: object) -> None:
    row = answers.get_question(answer.case, answer.id, question_id)
    reading = Reading(found, **said)
    answers.save_question(answer.case, answer.id, question_id, row.asked, reading, row.version, actor)


def test_the_questions_are_those_of_our_own_letter_where_the_mp_s_letter_between_is_known_by_a_line(answer):
    beside = laid_beside(answer, None)
    assert [one.paper.kind for one in beside] == [Kind.MEMBER_TO_HOME_OFFICE, Kind.US_TO_MEMBER]
    assert proposed_questions(beside) == ["Why is she held?", "Since when?"]


def test_a_promise_with_a_day_stands_in_the_dates_and_goes_when_the_answer_is_read_otherwise(
    answer, organiser
):
    (question,) = read_for(answer, organiser, "Who decides?", signer="A. Official")
    by = DATED + timedelta(days=30)
    find(answer, question, organiser, Found.PROMISED, promise="To name the decider", promised_on=by)
    row = db.session.query(FollowUp).one()
    assert (row.what, row.who, row.due_on, row.done_on) == ("To name the decider", "A. Official", by, None)
    find(answer, question, organiser, Found.PROMISED, promise="To name them", promised_on=by + timedelta(7))
    assert (row.what, row.due_on) == ("To name them", by + timedelta(7))
    find(answer, question, organiser, Found.DODGED)
    assert row.done_on == clock.today()
    assert row.done_note == answers.NO_PROMISE


def test_what_is_wrong_needs_its_words_and_what_is_right_and_a_promise_its_words_and_a_day_after_the_answer(
    answer, organiser
):
    (question,) = read_for(answer, organiser, "Was the report read?")
    for said, field in (
        ({"found": Found.WRONG, "truth": "It came"}, "quote"),
        ({"found": Found.WRONG, "quote": "None came"}, "truth"),
        ({"found": Found.PROMISED}, "promise"),
        ({"found": Found.PROMISED, "promise": "x", "promised_on": DATED - timedelta(1)}, "promised_on"),
    ):
        with pytest.raises(CaseworkError) as error:
            find(answer, question, organiser, **said)
        assert error.value.field == field


def test_two_who_begin_at_once_have_all_their_questions_and_two_who_save_one_are_told(answer, organiser):
    first = read_for(answer, organiser, "Who decides?")
    both = read_for(answer, organiser, "who decides?", "When?")
    assert (len(first), len(both)) == (1, 2)
    row = answers.get_question(answer.case, answer.id, both[0])
    version = row.version
    find(answer, both[0], organiser, Found.DODGED, quote="In due course")
    with pytest.raises(OutOfDate):
        answers.save_question(
            answer.case, answer.id, both[0], row.asked, Reading(Found.ANSWERED), version, organiser
        )
    assert row.quote == "In due course"


def test_the_letter_that_asks_again_quotes_what_was_typed_and_nothing_that_was_answered(
    case, answer, organiser
):
    ids = read_for(
        answer, organiser, "Why is she held?", "Since when?", "Was the report read?", "Who decides?",
        finality=Finality.FINAL, signed_by=Signer.OFFICIAL,
    )  # fmt: skip
    with pytest.raises(CaseworkError, match="Nothing is left open"):
        answer_chasers.draft_chaser(case, answer.id, LEEDS_SOUTH, organiser)
    find(answer, ids[0], organiser, Found.DODGED, quote="Detention is [kept] under **review**.")
    find(answer, ids[1], organiser, Found.ANSWERED, quote="Since 3 March")
    find(answer, ids[2], organiser, Found.WRONG, quote="No report came", truth="It went on 12 March")
    gone = clock.today() - timedelta(1)
    find(
        answer,
        ids[3],
        organiser,
        Found.PROMISED,
        promise="To tell us",
        promised_by="The unit",
        promised_on=gone,
    )
    assert answer_chasers.member_to_chase(answer, answers.get_map(case, answer.id)) == LEEDS_SOUTH
    letter, _ = answer_chasers.draft_chaser(case, answer.id, LEEDS_SOUTH, organiser)
    text = letter.blocks["opening"]
    for words in (
        "The Home Office wrote on Tuesday 3 November 2026; the letter is signed by an official",
        "We asked: “Why is she held?” The answer says to this only: “Detention is (kept) under review”.",
        "The answer says: “No report came”. That is not so. It went on 12 March.",
        "The unit promised: To tell us.",
    ):
        assert words in text
    assert "Since when" not in text
    assert "chases" not in letter.facts
    again, is_new = answer_chasers.draft_chaser(case, answer.id, LEEDS_SOUTH, organiser)
    assert (again.id, is_new) == (letter.id, False)


@pytest.mark.sqlcipher  # it makes paper
def test_the_letter_that_asks_again_is_issued_as_any_other_and_stands_after_the_answer(
    case, answer, organiser
):
    (question,) = read_for(answer, organiser, "Why is she held?")
    find(answer, question, organiser, Found.DODGED, quote="She is held because she is ill")
    letter, _ = answer_chasers.draft_chaser(case, answer.id, LEEDS_SOUTH, organiser)
    words = letter.blocks | {"worth": "People here want her home.", "subject": "Samira"}
    signed = {"sender_name": "Ruth", "sender_address": "1 Road", "sender_postcode": "LS11 0ES"}
    letters.save_draft(letter, words, signed, letter.version, organiser)
    assert letter_pages.taken_out(
        letter
    )  # her health, which she did not agree to have told, stands in their words
    letters.save_draft(letter, words | {"opening": "They do not say why."}, signed, letter.version, organiser)
    letters.issue_letter(letter, organiser)
    paper = letters.paper_of(letter)
    assert paper is not None
    assert paper.answers_id == answer.id


def test_how_a_letter_was_read_is_hidden_with_it_and_nothing_of_it_is_filled_into_a_letter(
    case, answer, organiser
):
    (question,) = read_for(answer, organiser, "Is she ill?")
    find(answer, question, organiser, Found.DODGED)
    by = clock.today() + timedelta(9)
    find(answer, question, organiser, Found.PROMISED, promise="A doctor", promised_on=by)
    need_to_know.hide_and_save(case, answer, need_to_know.as_hidden("health"), organiser)
    row = answers.get_question(case, answer.id, question)
    assert (row.hidden, row.map.hidden, row.follow_up.hidden) == ("health",) * 3
    with pytest.raises(CaseworkError, match="hidden from some"):
        answer_chasers.draft_chaser(case, answer.id, LEEDS_SOUTH, organiser)
    need_to_know.hide_and_save(case, answer, None, organiser)
    assert (row.hidden, row.map.hidden, row.follow_up.hidden) == (None,) * 3
    asked = laid_beside(answer, None)[0].paper
    need_to_know.hide_and_save(case, asked, need_to_know.as_hidden("offence"), organiser)
    assert (row.hidden, row.map.hidden, row.follow_up.hidden) == ("offence",) * 3


def test_whoever_does_not_see_how_an_answer_was_read_begins_no_second_time(case, answer, organiser):
    asked = laid_beside(answer, None)[0].paper
    need_to_know.hide_and_save(case, asked, need_to_know.as_hidden("health"), organiser)
    (question,) = read_for(answer, organiser, "Is she ill?")
    assert answers.get_question(case, answer.id, question).hidden == "health"
    volunteer = make_user(Role.READER, "Somebody")
    cases.add_to_team(case, volunteer.id, organiser)
    need_to_know.let_see(case, volunteer.id, [], organiser)
    with asking_for(Asking(group=volunteer.group_id, eyes=volunteer.id)):
        assert answers.map_of(answer) is None
        with pytest.raises(CaseworkError, match="hidden from you"):
            answers.begin(case, answer.id, AnswerFacts(), "Mine?", volunteer)


def test_only_a_letter_that_came_in_is_read_and_another_case_s_question_is_not_there(case, answer, organiser):
    out = correspondence.list_papers(case)[-1]
    with pytest.raises(NotFound):
        answers.get_answer(case, out.id)
    (question,) = read_for(answer, organiser, "Why?")
    other = make_case(organiser, home(), name="Other")
    with pytest.raises(NotFound):
        answers.get_question(other, answer.id, question)
    version = answers.get_map(case, answer.id).version
    with pytest.raises(NotFound):
        answers.change_facts(case, answer.id, AnswerFacts(beside_id=10_000), version, organiser)

"""The pages of an answer that is read closely."""

from datetime import date

import pytest

from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.parliament.answers import Found, Reading
from casework.domain.safety.accounts import Role
from casework.services.case import cases
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import answers
from casework.services.parliament.answers import AnswerFacts
from casework.storage.models import Case, User
from tests.factories import make_case_that_keeps_health_private, make_user
from tests.full_case import LEEDS_SOUTH


@pytest.fixture
def case(organiser: User) -> Case:
    return make_case_that_keeps_health_private(organiser)


@pytest.fixture
def place(case: Case, organiser: User) -> str:
    """Where the Home Office's answer to our MP's letter is read."""
    ours = NewPaper(
        Kind.US_TO_MEMBER,
        gss_code=LEEDS_SOUTH,
        sent_on=date(2026, 10, 5),
        summary="Why is she held? Who decides?",
    )
    first = correspondence.record_paper(case, ours, organiser)
    theirs = NewPaper(
        Kind.HOME_OFFICE_RESPONSE, response=ResponseKind.SUBSTANTIVE, sender="Home Office", dated=date(2026, 11, 3),
        received_on=date(2026, 11, 3), answers_id=first.id,
    )  # fmt: skip
    row = correspondence.record_paper(case, theirs, organiser)
    return f"/cases/{case.reference}/letters-and-answers/{row.id}/map"


@pytest.mark.sqlcipher  # it makes paper
def test_an_answer_is_begun_with_the_questions_of_our_letter_and_read_one_by_one(browser, place):
    page = browser.get(place)
    assert "Why is she held? Who decides?" in page
    page = browser.get(f"{place}/begin")
    assert "Why is she held?\nWho decides?</textarea>" in page
    browser.post(
        f"{place}/begin", questions="Why is she held?\nWho decides?\nWhen?", finality="final",
        signed_by="official", words="We keep detention under regular review.",
    )  # fmt: skip
    first = browser.location
    page = browser.get(first)
    assert "Question 1 of 3" in page
    assert "under regular review" in page
    page = browser.post(first, 200, found="wrong in fact", quote="under review", asked="Why is she held?")
    assert "Say what is right, and how you know." in page
    assert "under review" in page
    browser.post(first, found="dodged", quote="under  REGULAR review", asked="Why is she held?")
    page = browser.get(browser.location)
    assert "Who decides?" in page
    browser.post(browser.last.request.path, found="dodged", quote="Nobody knows", asked="Who decides?")
    page = browser.get(browser.location)
    assert "do not stand in what was typed" in page
    browser.post(browser.last.request.path, found="answered", asked="When?")
    page = browser.get(browser.location)
    assert "1 answered, 2 dodged" in page
    assert page.count("do not stand in what was typed") == 1
    browser.post(f"{place}/chase", gss_code=LEEDS_SOUTH)
    page = browser.get(browser.location)
    assert "The answer says to this only: “under REGULAR review”." in page
    assert "A letter that asks again is begun" in browser.get(place)


def test_what_another_saved_meanwhile_is_shown_beside_what_was_typed(browser, case, place, organiser):
    paper_id = int(place.split("/")[-2])
    read, _ = answers.begin(case, paper_id, AnswerFacts(signer="A. Theirs"), "Who decides?", organiser)
    form = f"{place}/questions/new"
    page = browser.post(f"{place}/begin", 200, page=form, questions="When?", signer="B. Mine", signed_by="")
    assert "What they changed meanwhile" in page
    assert 'value="B. Mine"' in page
    assert "A. Theirs" in page
    question = answers.questions_of(read)[0]
    path, old = f"{place}/questions/{question.id}", question.version
    assert [row.asked for row in answers.questions_of(read)] == ["Who decides?", "When?"]
    browser.post(path, found="dodged", quote="Theirs", asked="Who decides?")
    page = browser.post(path, 200, version=str(old), found="answered", quote="Mine", asked="Who decides?")
    assert "Somebody saved this while you were typing." in page
    assert "Theirs" in page
    browser.post(path, found="answered", quote="Mine", asked="Who decides?")
    assert answers.get_question(case, paper_id, question.id).quote == "Mine"


def test_only_an_mp_s_office_is_asked_what_it_will_do(browser, case, place, organiser):
    assert "What will the office do?" not in browser.get(f"{place}/begin")
    row = correspondence.record_paper(
        case, NewPaper(Kind.MEMBER_TO_US, gss_code=LEEDS_SOUTH, dated=date(2026, 11, 3)), organiser
    )
    path = f"/cases/{case.reference}/letters-and-answers/{row.id}/map"
    typed = {"questions": "Will you act?", "will": "only if"}
    page = browser.post(f"{path}/begin", 200, **typed)
    assert "Say what they want first." in page
    browser.post(f"{path}/begin", **typed, only_if="A signed form")
    assert "They act once they have something from us: A signed form" in browser.get(path)


def test_a_question_is_left_out_and_taken_up_again(browser, case, place, organiser):
    paper_id = int(place.split("/")[-2])
    read, _ = answers.begin(case, paper_id, AnswerFacts(), "Who decides?\nWhen?", organiser)
    row = answers.questions_of(read)[0]
    path = f"{place}/questions/{row.id}/leave-out"
    browser.post(path, page=place)
    page = browser.get(place)
    assert "1 question was left out" in page
    assert "1 not read yet" in page
    browser.post(path, page=place, out="no")
    assert "2 not read yet" in browser.get(place)


def test_a_reader_sees_how_an_answer_was_read_and_changes_nothing_and_a_volunteer_sees_none_of_it(
    sign_in, case, place, organiser
):
    people = {role: make_user(role, f"A {role}") for role in (Role.READER, Role.VOLUNTEER)}
    for user in people.values():
        cases.add_to_team(case, user.id, organiser)
    answers.begin(case, int(place.split("/")[-2]), AnswerFacts(), "Who decides?", organiser)
    page = sign_in(people[Role.READER]).get(place)
    assert "Who decides?" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    sign_in(people[Role.VOLUNTEER]).get(place, 403)


@pytest.mark.sqlcipher  # it makes paper
def test_a_letter_that_quotes_an_answer_is_not_there_for_a_volunteer(
    sign_in, browser, case, place, organiser
):
    volunteer = make_user(Role.VOLUNTEER, "A volunteer")
    cases.add_to_team(case, volunteer.id, organiser)
    paper_id = int(place.split("/")[-2])
    read, _ = answers.begin(case, paper_id, AnswerFacts(), "Who decides?", organiser)
    row = answers.questions_of(read)[0]
    said = Reading(Found.DODGED, "A quotation with {{ braces }}")
    answers.save_question(case, paper_id, row.id, row.asked, said, row.version, organiser)
    browser.post(f"{place}/chase", gss_code=LEEDS_SOUTH)
    draft = browser.location
    assert "A quotation with {{ braces }}" in browser.get(draft)
    theirs = sign_in(volunteer)
    theirs.get(draft, 404)
    assert draft not in theirs.get(f"/cases/{case.reference}/letters")
    assert "answer-chase" not in theirs.get(f"/cases/{case.reference}/letters/new")

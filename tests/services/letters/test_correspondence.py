from datetime import date

import pytest

from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import Kind, Remedy, ResponseKind
from casework.services.case.timeline import timeline
from casework.services.letters import correspondence
from casework.services.letters.correspondence import NewPaper
from casework.services.timing import deadlines
from casework.storage.database import db
from casework.storage.models import Correspondence
from tests.factories import detained_at, home, make_case

LEEDS_SOUTH = "E14001323"
SENT, RECEIVED = date(2026, 11, 3), date(2026, 11, 5)


def from_home_office(response, **more):
    days = {"dated": SENT, "received_on": RECEIVED, "received_how": "post", **more}
    return NewPaper(Kind.HOME_OFFICE_RESPONSE, response=response, sender="Home Office", **days)


def to_mp(**more):
    return NewPaper(Kind.US_TO_MEMBER, gss_code=LEEDS_SOUTH, sent_on=date(2026, 11, 2), **more)


def open_rules(case):
    return [row.title.split(" ")[0] for row in deadlines.for_case(case)]


def test_a_refusal_that_can_be_appealed_opens_the_appeal_from_the_day_it_was_sent(organiser):
    case = make_case(organiser, home())
    paper = from_home_office(ResponseKind.REFUSAL, remedy=Remedy.APPEAL)
    row = correspondence.record_paper(case, paper, organiser)
    (entry,) = deadlines.started_by(row)
    assert (entry.safe_on, entry.last_on) == (date(2026, 11, 17), date(2026, 11, 17))
    assert entry.condition == ""


def test_where_the_letter_does_not_say_both_dates_stand_with_their_condition(organiser):
    case = make_case(organiser, home())
    correspondence.record_paper(case, from_home_office(ResponseKind.REFUSAL), organiser)
    entries = deadlines.for_case(case)
    assert [entry.condition.split("can ")[1] for entry in entries] == [
        "appeal.",
        "ask for an administrative review.",
    ]


def test_a_review_for_somebody_held_has_seven_days(organiser):
    case = make_case(organiser, home(), detained_at(since=date(2026, 11, 1)))
    row = correspondence.record_paper(
        case, from_home_office(ResponseKind.DECISION, remedy=Remedy.REVIEW), organiser
    )
    (entry,) = deadlines.started_by(row)
    assert (entry.safe_on, entry.last_on) == (date(2026, 11, 11), date(2026, 11, 12))


def test_a_removal_notice_opens_the_notice_period_and_the_flight_it_names_stands_beside_it(organiser):
    case = make_case(organiser, home())
    given = date(2026, 11, 18)
    notice = from_home_office(
        ResponseKind.REMOVAL_NOTICE, dated=given, received_on=given, stated_on=date(2026, 11, 24)
    )
    correspondence.record_paper(case, notice, organiser)
    (entry,) = deadlines.for_case(case)
    assert (entry.earliest_on, entry.stated_on) == (date(2026, 11, 26), date(2026, 11, 24))
    assert entry.warning()


def test_the_chain_shows_what_is_waited_for_and_an_answer_ends_it_and_its_date(organiser):
    case = make_case(organiser, home())
    ours = correspondence.record_paper(case, to_mp(), organiser)
    assert open_rules(case) == ["Chase"]
    mps = NewPaper(
        Kind.MEMBER_TO_HOME_OFFICE, gss_code=LEEDS_SOUTH, dated=date(2026, 11, 9), answers_id=ours.id
    )
    theirs = correspondence.record_paper(case, mps, organiser)
    assert open_rules(case) == ["Home"]  # the MP has acted: now the Home Office is waited for
    holding = from_home_office(ResponseKind.HOLDING, dated=date(2026, 11, 12), received_on=date(2026, 11, 13))
    correspondence.record_paper(case, _answering(holding, theirs), organiser)
    assert [wait.for_whom for wait in correspondence.chain_of(ours).waiting] == [
        "the Home Office to answer the MP"
    ]
    answer = from_home_office(
        ResponseKind.SUBSTANTIVE, dated=date(2026, 11, 17), received_on=date(2026, 11, 18)
    )
    correspondence.record_paper(case, _answering(answer, theirs), organiser)
    chain = correspondence.chain_of(ours)
    assert chain.waiting == ()
    assert len(chain.papers) == 4
    assert open_rules(case) == []


def _answering(paper, answered):
    return NewPaper(**{**paper.__dict__, "answers_id": answered.id})


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"dated": date(2026, 11, 6), "received_on": RECEIVED}, "received_on"),
        ({"dated": SENT, "sent_on": date(2026, 11, 2)}, "sent_on"),
        ({"dated": SENT, "stated_on": date(2026, 11, 1)}, "stated_on"),
    ],
)
def test_days_that_cannot_be_are_answered_at_their_field_and_nothing_is_kept(organiser, days, field):
    case = make_case(organiser, home())
    with pytest.raises(CaseworkError) as error:
        correspondence.record_paper(case, from_home_office(ResponseKind.REFUSAL, **days), organiser)
    assert error.value.field == field
    db.session.rollback()
    assert db.session.query(Correspondence).count() == 0


def test_a_letter_of_another_case_cannot_be_answered(organiser):
    one, other = make_case(organiser, home()), make_case(organiser, home())
    ours = correspondence.record_paper(one, to_mp(), organiser)
    with pytest.raises(NotFound):
        correspondence.record_paper(
            other, NewPaper(Kind.MEMBER_TO_US, dated=SENT, answers_id=ours.id), organiser
        )


def test_what_has_happened_is_told_latest_first(organiser):
    case = make_case(organiser, home(since=date(2021, 5, 1)), detained_at(since=date(2026, 11, 4)))
    correspondence.record_paper(case, from_home_office(ResponseKind.REFUSAL), organiser)
    told = [event.words for event in timeline(case)]
    assert told[0] == "A letter from the Home Office: refusal"
    assert told[1].startswith("Held at ")
    assert told[-1] == "Living at 1 Invented Street"

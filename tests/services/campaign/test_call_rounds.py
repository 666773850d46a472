"""Evenings of calls: several people ring at once and nobody is rung twice; whoever stops is never rung."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import clock
from casework.domain.campaign.calls import HELD_FOR, Outcome
from casework.domain.campaign.supporters import STOPPED_FOR
from casework.domain.consent.publicity import Audience, Kind, Level
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Role
from casework.services.campaign import call_rounds, calls, import_taking_back, stopping, supporters
from casework.services.campaign.call_rounds import Anew, NewRound
from casework.services.case import cases
from casework.services.consent import recall
from casework.storage.database import db
from casework.storage.models import AuditEvent, Call, SignUp, SupporterImport, Telling, User
from tests.factories import make_user
from tests.supporters import agree_to, campaign_of, make_supporters

SAID = "Hello. Please come to the town hall on Friday. Samira will be glad of it."
PHONE = "07700 9000{:02}"


@pytest.fixture
def case(organiser):
    return campaign_of(organiser)


def ringable(case, number, **choices):
    rows = make_supporters(case, number, **{"reached_by": ["call"], **choices})
    for at, row in enumerate(rows):
        row.supporter.phone = PHONE.format(at)
    db.session.commit()
    return rows


def make(case, actor, **plan):
    return call_rounds.make(case, NewRound(SAID, **plan), actor)


def helper(case, organiser, name="Ada"):
    user = make_user(Role.VOLUNTEER, name)
    cases.add_to_team(case, user.id, organiser)
    return user


def sign_up_too(case, *people):
    """Let these supporters of one case be rung for another case too."""
    common = {"case": case, "joined_on": clock.today(), "joined_how": "hand", "reached_by": ["call"]}
    db.session.add_all(SignUp(supporter=person, **common) for person in people)
    db.session.commit()


def name_of(call):
    return call.sign_up.supporter.name


def test_only_those_are_rung_who_agreed_to_it_gave_a_number_and_have_not_stopped(case, organiser):
    agreed, asked_not, no_number, by_mail, stopped, anybody = ringable(case, 6)
    asked_not.reached_by = []
    no_number.supporter.phone = None
    by_mail.reached_by = ["email", "text"]
    anybody.joined_how = "page"  # anybody may sign up there: they are not told what supporters are told
    db.session.commit()
    stopping.stop(case, stopped.supporter_id, organiser)
    round_ = make(case, organiser)
    assert name_of(calls.take(round_, organiser)) == agreed.supporter.name
    assert call_rounds.evening(round_).total == 1


def test_an_open_list_waits_for_whoever_works_on_the_case_until_all_are_rung(case, organiser):
    ringable(case, 2)
    round_, ada = make(case, organiser), helper(case, organiser)
    assert [(one.row.id, one.number) for one in call_rounds.waiting_for(ada)] == [(round_.id, 2)]
    assert call_rounds.waiting_for(make_user(Role.ORGANISER, "Grace Obi")) == []
    for _ in range(2):
        calls.tick(round_, calls.take(round_, ada).id, Outcome.SPOKE, None, None, ada)
    assert call_rounds.waiting_for(ada) == []


def test_callers_at_the_same_moment_never_get_the_same_person(app, case, organiser):
    number, callers = 12, 4
    ringable(case, number)
    round_id = make(case, organiser).id
    ids = [helper(case, organiser, f"Caller {at}").id for at in range(callers)]
    rung: list[int] = []
    begin, wrong = threading.Barrier(callers), []

    def ring_all(user_id: int) -> None:
        with app.app_context():
            try:
                row = db.session.get_one(call_rounds.CallRound, round_id)
                caller = db.session.get_one(User, user_id)
                begin.wait()
                while (call := calls.take(row, caller)) is not None:
                    rung.append(call.sign_up_id)
                    calls.tick(row, call.id, Outcome.SPOKE, None, None, caller)
            except Exception as error:
                wrong.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=ring_all, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(rung) == len(set(rung)) == number


def test_a_caller_has_one_person_at_a_time_and_what_runs_out_goes_back(case, organiser, monkeypatch):
    ringable(case, 2)
    round_, ada = make(case, organiser), helper(case, organiser)
    first = calls.take(round_, ada)
    assert calls.take(round_, ada).id == first.id
    second = calls.take(round_, organiser)
    assert second.id != first.id
    assert call_rounds.evening(round_).ringing == 2
    later = clock.now() + HELD_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert calls.in_hand(round_, ada) is None
    assert calls.take(round_, organiser).id in (first.id, second.id)
    other = calls.take(round_, make_user(Role.VOLUNTEER, "Ben"))
    assert {other.id} < {first.id, second.id}
    with pytest.raises(OutOfDate):
        calls.tick(round_, first.id, Outcome.SPOKE, "came late", None, ada)
    assert db.session.get_one(Call, first.id).outcome is None


def test_whoever_asks_to_stop_is_off_every_list_at_once_and_leaves_only_a_count(case, organiser, monkeypatch):
    one, two = ringable(case, 2)
    round_ = make(case, organiser)
    call = calls.take(round_, organiser)
    calls.tick(round_, call.id, Outcome.LEFT_WORD, "ring Signer0 after six", None, organiser)
    assert calls.take(round_, organiser).sign_up_id == two.id
    calls.tick(round_, calls.in_hand(round_, organiser).id, Outcome.STOP, "enough", None, organiser)
    assert supporters.count_of(case) == 1
    assert [name_of(row) for row in calls.made_calls(round_)] == [one.supporter.name]
    stopping.stop(case, one.supporter_id, organiser)
    later = clock.now() + STOPPED_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert stopping.erase_stopped() == 2
    assert db.session.scalars(select(SignUp)).all() == []
    assert db.session.scalars(select(Telling)).all() == []
    left = db.session.scalars(
        select(Call).order_by(Call.position), execution_options={"populate_existing": True}
    )
    assert [(row.outcome, row.words, row.sign_up_id) for row in left] == [
        ("left word", None, None),
        ("stop", None, None),
    ]


def test_a_list_of_supporters_that_is_taken_back_leaves_nothing_of_them_on_a_call_list(case, organiser):
    rows = ringable(case, 2)
    sheet = SupporterImport(case=case, state="added", made_at=clock.now(), made_by=organiser)
    db.session.add(sheet)
    db.session.flush()
    for row in rows:
        row.import_id = sheet.id
    round_ = make(case, organiser)
    call = calls.take(round_, organiser)
    calls.tick(round_, call.id, Outcome.SPOKE, "Signer0 comes by train", None, organiser)
    import_taking_back.take_back(case, sheet.id, sheet.version, organiser)
    (left,) = db.session.scalars(select(Call), execution_options={"populate_existing": True})
    assert (left.outcome, left.words) == ("spoke", None)


def test_who_moved_gets_their_new_mp_or_waits_to_be_settled_and_a_wrong_number_is_rung_no_more(
    case, organiser
):
    one, two, three = ringable(case, 3, postcode="LS11 0ES")
    round_ = make(case, organiser)
    was = one.supporter.gss_code

    def tick(outcome, postcode=None, words=None):
        call = calls.take(round_, organiser)
        return calls.tick(round_, call.id, outcome, words, postcode, organiser)

    call = calls.take(round_, organiser)
    with pytest.raises(CaseworkError) as refused:
        calls.tick(round_, call.id, Outcome.MOVED, None, "nowhere", organiser)
    assert refused.value.field == "postcode"
    with pytest.raises(CaseworkError, match="never keep"):
        calls.tick(round_, call.id, Outcome.SPOKE, "votes for the Greens", None, organiser)
    tick(Outcome.MOVED, "S1 2HH")
    assert (one.supporter.postcode, one.supporter.address) == ("S1 2HH", None)
    assert one.supporter.gss_code not in (None, was)
    tick(Outcome.MOVED)
    assert supporters.is_unsettled(two.supporter)
    tick(Outcome.WRONG_NUMBER)
    assert three.reached_by == []
    assert call_rounds.evening(round_).is_over


def test_who_was_rung_lately_or_waits_on_another_list_is_left_alone(case, organiser):
    ringable(case, 2)
    first = make(case, organiser)
    with pytest.raises(CaseworkError, match="Nobody is left to ring"):
        make(case, organiser)
    call = calls.take(first, organiser)
    calls.tick(first, call.id, Outcome.NO_ANSWER, None, None, organiser)
    assert call_rounds.again(first, organiser) == Anew(1, 0)
    calls.take(first, organiser), calls.give_back(first, organiser)
    both = [calls.take(first, organiser), calls.take(first, helper(case, organiser))]
    assert len({one.sign_up_id for one in both}) == 2
    calls.tick(first, both[0].id, Outcome.NO_ANSWER, None, None, organiser)
    call_rounds.close(first, organiser)
    assert call_rounds.evening(make(case, organiser)).total == 1
    with pytest.raises(CaseworkError, match="closed"):
        calls.take(first, organiser)


def test_who_was_reached_or_waits_through_a_list_of_another_case_is_not_asked_once_more(case, organiser):
    rows, other = ringable(case, 3), campaign_of(organiser)
    ours = make(case, organiser)
    for _ in rows:
        calls.tick(ours, calls.take(ours, organiser).id, Outcome.NO_ANSWER, None, None, organiser)
    sign_up_too(other, *(row.supporter for row in rows[:2]))
    theirs = make(other, organiser, left_alone_days=0)
    calls.tick(theirs, calls.take(theirs, organiser).id, Outcome.SPOKE, None, None, organiser)
    assert call_rounds.again(ours, organiser) == Anew(1, 2)
    assert calls.take(ours, organiser).sign_up_id == rows[2].id
    cases.close_case(other, "She may stay.", organiser)
    assert theirs.closed_at is not None
    assert call_rounds.again(ours, organiser) == Anew(1, 1)  # whom we spoke with is not asked twice


def test_a_list_stays_closed_when_a_list_of_another_case_took_somebody_of_it_since(case, organiser):
    (row,), other = ringable(case, 1), campaign_of(organiser)
    sign_up_too(other, row.supporter)
    closed_at = call_rounds.close(first := make(case, organiser), organiser)
    assert make(other, organiser).case == other
    with pytest.raises(OutOfDate, match="rung twice"):
        call_rounds.open_again(first, closed_at, organiser)
    assert first.closed_at is not None


def test_a_call_that_ends_after_the_others_were_asked_to_keep_it_to_themselves_is_to_ask_again(
    case, organiser
):
    ringable(case, 2)
    round_ = make(case, organiser)
    calls.tick(round_, calls.take(round_, organiser).id, Outcome.SPOKE, None, None, organiser)
    last = calls.take(round_, organiser)
    agree_to(case, organiser, Level.OFFICES, Kind.NAME)
    recall.keep_asked(case, recall.beyond(case).by_word, clock.today(), organiser)
    assert recall.to_ask_back(case) == 0
    calls.tick(round_, last.id, Outcome.SPOKE, None, None, organiser)
    db.session.expire_all()
    assert recall.to_ask_back(case) == 1


def test_what_is_said_keeps_to_the_consent_and_stops_with_it(case, organiser):
    ringable(case, 2)
    with pytest.raises(CaseworkError, match="place") as refused:
        call_rounds.make(case, NewRound("Samira is held at Yarl's Wood."), organiser)
    assert refused.value.field == "words"
    with pytest.raises(CaseworkError, match="level 3"):
        make(case, organiser, audience=Audience.PUBLIC)
    round_ = make(case, organiser)
    assert not recall.beyond(case).messages
    assert [one.stays for one in call_rounds.waiting_for(organiser)] == [False]
    call = calls.take(round_, organiser)
    calls.tick(round_, call.id, Outcome.SPOKE, None, None, organiser)
    agree_to(case, organiser, Level.OFFICES, Kind.NAME)
    with pytest.raises(CaseworkError, match="agreed to less"):
        calls.take(round_, organiser)
    assert [one.stays for one in call_rounds.waiting_for(organiser)] == [True]
    (out,) = recall.beyond(case).messages
    assert (out.round_id, out.number) == (round_.id, 1)
    assert Kind.NAME in out.kinds


def test_a_call_of_another_list_is_not_there_and_reading_a_number_stands_in_the_trail(case, organiser):
    other = campaign_of(organiser)
    ringable(case, 1)
    ringable(other, 1)
    ours, theirs = make(case, organiser), make(other, organiser)
    call = calls.take(theirs, organiser)
    with pytest.raises(NotFound):
        calls.tick(ours, call.id, Outcome.SPOKE, None, None, organiser)
    with pytest.raises(NotFound):
        call_rounds.get(case, theirs.id)
    read = db.session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("number read"))).all()
    assert [(row.case_id, row.user_id) for row in read] == [(other.id, organiser.id)]

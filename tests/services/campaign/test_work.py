"""Workers: each letter is made once, whoever is killed and whenever."""

import os
import platform
import random
import signal
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql

from casework import clock
from casework.domain.campaign.batches import MOST_TRIES, BatchState, LetterState
from casework.domain.consent.publicity import Kind, Level
from casework.domain.errors import CaseworkError, OutOfDate
from casework.services.campaign import batch_outputs, batches, supporters, work
from casework.services.campaign.batch_choice import Choice
from casework.services.letters import letter_queue
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import AuditEvent, Batch, BatchLetter, Case, CasePlace, Worker
from tests import forked
from tests.pdf.reading import text_of
from tests.supporters import TO_OWN_MP, agree_to, campaign_of, make_supporters


@pytest.fixture
def case(app, organiser) -> Case:
    """Samira, who agreed to letters of supporters."""
    return campaign_of(organiser)


def states(batch: Batch) -> Counter[str]:
    return Counter(db.session.scalars(select(BatchLetter.state).where(BatchLetter.batch_id == batch.id)))


def work_and_say(to: int) -> None:
    """Work, and write a byte to this pipe each time there is a letter in hand."""
    make = work._make

    def say_and_make(*given: Any) -> work.Outcome:
        os.write(to, b".")
        return make(*given)

    work._make = say_and_make
    work.work()


def kill_in_the_midst(letters: int) -> None:
    """Begin two workers, and kill both when they took so many letters in hand."""
    listen, say = os.pipe()
    workers = [forked.begin(lambda: work_and_say(say)) for _ in range(2)]
    os.close(say)
    with open(listen, "rb", buffering=0) as said:
        for _ in range(letters):
            assert said.read(1), "there was nothing left to make before the blow"
        for one in workers:
            os.kill(one, signal.SIGKILL)
        assert {forked.how_it_ended(one) for one in workers} == {-signal.SIGKILL}


def test_killed_at_random_moments_again_and_again_no_letter_is_lost_or_doubled(app, organiser, case):
    make_supporters(case, 24)
    batch_id = batches.start_batch(case, Choice(TO_OWN_MP), organiser).id
    lot = random.Random(60)
    for _ in range(3):
        kill_in_the_midst(lot.randrange(2, 8))
    at_the_last_blow = states(db.session.get(Batch, batch_id))[LetterState.MADE]
    assert 0 < at_the_last_blow < 24
    work.work()
    rows = letters_of(batch_id)
    assert [one.position for one in rows] == list(range(1, 25))
    assert {one.state for one in rows} == {LetterState.MADE}
    assert db.session.get(Batch, batch_id).state == BatchState.DONE
    for one in rows:
        pdf = batch_outputs.letter_pdf(one)
        key = one.shape.key.encode() if one.shape else b""
        assert sha256(key + one.piece).hexdigest() == one.sha256
        with pikepdf.open(BytesIO(pdf)) as opened:
            assert len(opened.pages) == 1
        assert one.signer in text_of(pdf)


def letters_of(batch_id: int) -> list[BatchLetter]:
    query = select(BatchLetter).where(BatchLetter.batch_id == batch_id).order_by(BatchLetter.position)
    return list(db.session.scalars(query))


def test_what_a_worker_held_that_is_gone_is_made_by_another_and_what_it_saves_late_is_dropped(
    app, organiser, case
):
    make_supporters(case, 2)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    here, long_ago = platform.node()[:100], clock.now() - timedelta(minutes=5)
    elsewhere = Worker(machine="another machine", process=1, started_at=long_ago, seen_at=long_ago)
    alive = Worker(machine=here, process=os.getppid(), started_at=clock.now(), seen_at=clock.now())
    db.session.add_all([elsewhere, alive])
    db.session.flush()
    for worker in (elsewhere, alive):
        db.session.execute(letter_queue.claim_statement(), {"worker": worker.id})
    db.session.commit()
    assert states(batch) == {LetterState.WORKING: 2}
    assert work.work() == 1
    assert states(batch) == {LetterState.MADE: 1, LetterState.WORKING: 1}
    before = letters_of(batch.id)[0].sha256
    late = work.Outcome(letters_of(batch.id)[0].id, batch.id, reason="it comes too late")
    work._keep(late, None, elsewhere.id)
    db.session.commit()
    assert letters_of(batch.id)[0].sha256 == before
    assert states(batch)[LetterState.MADE] == 1


def test_a_letter_that_stops_the_program_each_time_fails_and_the_others_are_made(app, organiser, case):
    make_supporters(case, 3)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    poison = letters_of(batch.id)[0]
    gone = Worker(
        machine="another", process=1, started_at=clock.now(), seen_at=clock.now(), gone_at=clock.now()
    )
    db.session.add(gone)
    db.session.flush()
    poison.state, poison.worker_id, poison.tries = LetterState.WORKING, gone.id, MOST_TRIES
    db.session.commit()
    assert work.work() == 2
    assert states(batch) == {LetterState.MADE: 2, LetterState.FAILED: 1}
    assert batches.failed_letters(batch)[0].reason == letter_queue.STOPS_THE_PROGRAM
    assert batch.state == BatchState.DONE
    assert batches.retry(batch, organiser) == 1
    assert batch.state == BatchState.WAITING
    work.work()
    assert states(batch) == {LetterState.MADE: 3}


def test_a_paused_batch_rests_a_resumed_one_goes_on_and_a_cancelled_one_keeps_what_was_made(
    app, organiser, case
):
    make_supporters(case, 6)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    at_first = iter((True, False))
    work.work(after_each=lambda outcome: next(at_first) and batches.pause(batch, organiser))
    assert states(batch) == {LetterState.MADE: 2, LetterState.WAITING: 4}, "the letter in hand was finished"
    assert work.work() == 0
    with pytest.raises(OutOfDate):
        batches.pause(batch, organiser)
    batches.resume(batch, organiser)
    number = iter((False, True, True))
    work.work(stop=lambda: next(number))
    assert states(batch)[LetterState.MADE] == 4
    assert batches.cancel(batch, organiser) == 4
    assert work.work() == 0
    assert states(batch) == {LetterState.MADE: 4, LetterState.CANCELLED: 2}
    said = list(db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("batch%"))))
    assert said == ["batch started", "batch paused", "batch resumed", "batch cancelled"]


def test_when_the_person_agrees_to_less_the_batch_stops_and_no_copy_is_handed_out(app, organiser, case):
    make_supporters(case, 4)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    work.work(after_each=lambda outcome: agree_to(case, organiser, Level.OFFICES))
    work.work()
    assert batch.state == BatchState.PAUSED
    assert "level 2" in batches.why_stopped(batch)[0]
    assert states(batch)[LetterState.MADE] < 4
    with pytest.raises(CaseworkError, match="agreed to less"):
        batch_outputs.print_file(batch, organiser)
    with pytest.raises(CaseworkError, match="level 2"):
        batches.resume(batch, organiser)
    agree_to(case, organiser, Level.SUPPORTERS, Kind.NAME)
    batches.resume(batch, organiser)
    work.work()
    assert states(batch) == {LetterState.MADE: 4}


def test_own_words_that_tell_what_is_not_agreed_to_fail_with_the_reason_and_are_made_after_mending(
    app, organiser, case
):
    first, second, third = make_supporters(case, 3)
    first.own_words = "She takes tablets for her epilepsy and the hospital knows her well by now"
    second.own_words = "What a joy 🏛\U0001fac8 she is to everybody who lives in our long row here"
    db.session.commit()
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    db.session.delete(third.supporter)
    db.session.commit()
    work.work()
    reasons = {one.signer: one.reason for one in batches.failed_letters(batch)}
    assert "no consent to say this: health" in reasons[first.supporter.name]
    assert "empty box" in reasons[second.supporter.name]
    assert reasons["Signer2 OfBicycles"] == work.GONE_FROM_LIST
    assert batches.progress_of(batch).words == "0 of 3, 3 need you"
    first.own_words = "She brings soup to whoever is alone in our row, and asks for nothing"
    db.session.commit()
    failed = next(one for one in batches.failed_letters(batch) if one.signer == first.supporter.name)
    batches.retry(batch, organiser, failed.id)
    work.work()
    assert states(batch) == {LetterState.MADE: 1, LetterState.FAILED: 2}


def test_on_postgresql_workers_pass_by_the_letter_that_another_is_just_taking():
    compiled = str(letter_queue.claim_statement().compile(dialect=postgresql.dialect()))
    assert "FOR UPDATE OF waits SKIP LOCKED" in compiled
    assert "RETURNING" in compiled


def test_who_moves_while_the_batch_waits_writes_to_no_mp_who_is_not_theirs(app, organiser, case):
    one, other = make_supporters(case, 2)
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)
    moved = {"name": one.supporter.name, "postcode": "BD1 1HY", "address": "5 New Street"}
    supporters.change_supporter(case, one.supporter_id, supporters.version_of(one), moved, organiser)
    work.work()
    failed, made = sorted(letters_of(batch.id), key=lambda row: row.signer)
    assert (failed.sign_up, failed.state, failed.reason) == (one, LetterState.FAILED, work.MOVED)
    assert (made.sign_up, made.state) == (other, LetterState.MADE)


def test_what_is_learned_of_the_person_meanwhile_is_kept_out_of_the_letters_that_follow(app, organiser, case):
    make_supporters(case, 2, own_words="She lived in Zinnia Road and everybody there knows her bread")
    batch = batches.start_batch(case, Choice(TO_OWN_MP), organiser)

    def learn(outcome: work.Outcome) -> None:
        places = CasePlace.__table__
        with db.engine.begin() as another_process:
            theirs = update(places).where(places.c.case_id == case.id, places.c.kind == "home")
            another_process.execute(theirs.values(address="4 Zinnia Road"))
        audit.record("case changed", organiser, case)
        db.session.commit()

    work.work(after_each=learn)
    assert [row.state for row in letters_of(batch.id)] == [LetterState.MADE, LetterState.FAILED]
    assert "address" in letters_of(batch.id)[1].reason

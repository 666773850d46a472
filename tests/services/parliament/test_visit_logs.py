"""A visit log comes home from a bag: opened for its own case alone, taken in once, with its promises, or not at all."""

import json
import os
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select

from casework import clock
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament import visit_codes
from casework.domain.parliament.surgeries import Outcome, Promise
from casework.services.case import cases
from casework.services.letters import go_bags, log_keys
from casework.services.letters.go_bags import NewBag
from casework.services.parliament import surgeries, visit_logs
from casework.services.parliament.surgeries import VisitFacts
from casework.storage.database import db
from casework.storage.models import Case, FollowUp, GoBag, SurgeryVisit, User, VisitLogTaken
from tests.factories import home, make_case

LEEDS_SOUTH = "E14001323"
LOG = {
    "entry": "0123456789abcdef", "gss": LEEDS_SOUTH, "on": clock.today().isoformat(), "met": "Mr Benn", "answer": "yes",
    "said": "He will write.\nThis week.", "promises": [{"what": "Write to the minister", "who": "Mr Benn"}, {}],
    "next": {"what": "Send the refusal"},
}  # fmt: skip


@pytest.fixture
def case(organiser: User) -> Case:
    """Samira, who said yes to MPs."""
    case = make_case(organiser, home(), name="Samira")
    cases.record_asked(case, asked_on=clock.today(), agreed=True, asked_by="Ruth", actor=organiser)
    return case


@pytest.fixture
def bag(case: Case, organiser: User) -> GoBag:
    """A copy that Idris took along."""
    asked = NewBag(Audience.OFFICE, "Idris Vane", clock.today() + timedelta(14))
    return go_bags.make(case, asked, "abcd-efgh-jkmn-pqrs-tuvw-xyz2", organiser)[0]


def carried(bag: GoBag, **changes: Any) -> str:
    """A log as the bag writes it."""
    nonce, label = os.urandom(12), f"visit log 1 {bag.token}".encode()
    sealed = AESGCM(log_keys.log_key_of(bag) or b"").encrypt(
        nonce, json.dumps({**LOG, **changes}).encode(), label
    )
    return visit_codes.write(b"\x01" + bytes.fromhex(bag.token or "") + nonce + sealed)


def take(case: Case, code: str, actor: User, *promises: Promise, **facts: Any) -> SurgeryVisit:
    known = {"gss_code": LEEDS_SOUTH, "held_on": clock.today(), **facts}
    return visit_logs.take_in(case, code, VisitFacts(**known), Outcome.AGREED, promises, actor)


def test_a_log_says_what_was_written_and_becomes_a_visit_with_its_follow_ups(
    case: Case, bag: GoBag, organiser: User
) -> None:
    planned = surgeries.plan_visit(case, VisitFacts(LEEDS_SOUTH), organiser)
    code = carried(bag, visit=planned.id)
    _, log = visit_logs.open_log(case, code)
    assert (log.met, log.outcome, log.said) == ("Mr Benn", Outcome.AGREED, "He will write.\nThis week.")
    assert log.promises == (Promise("Write to the minister", "Mr Benn"),)
    assert log.next_step == Promise("Send the refusal")
    visit = take(case, code, organiser, *log.promises, log.next_step)
    assert visit.id == planned.id
    assert [row.what for row in visit.follow_ups][:2] == ["Write to the minister", "Send the refusal"]


def test_the_same_log_is_taken_in_once_however_often_it_comes_home(
    case: Case, bag: GoBag, organiser: User
) -> None:
    take(case, carried(bag), organiser)
    again = carried(bag, met="Somebody else")
    found, log = visit_logs.open_log(case, again)
    assert visit_logs.taken_before(found, log) is not None
    with pytest.raises(OutOfDate, match="taken in before"):
        take(case, again, organiser)
    assert db.session.scalar(select(func.count(SurgeryVisit.id))) == 1


def test_a_log_of_another_case_an_altered_one_and_one_whose_key_is_gone_are_refused(
    case: Case, bag: GoBag, organiser: User
) -> None:
    code = carried(bag)
    other = make_case(organiser, home(), name="Leila")
    with pytest.raises(CaseworkError, match="no go-bag that this case knows"):
        visit_logs.open_log(other, code)
    sealed = visit_codes.read(code)
    with pytest.raises(CaseworkError, match="altered"):
        visit_logs.open_log(case, visit_codes.write(sealed[:-1] + bytes([sealed[-1] ^ 1])))
    with pytest.raises(CaseworkError, match="no visit log"):
        visit_logs.open_log(case, visit_codes.write(b"\x02" + sealed[1:]))
    # Another bag of the same case has another key: a log cannot be passed off as its own.
    second, _ = go_bags.make(
        case, NewBag(Audience.OFFICE, "Ada", clock.today()), "abcd-efgh-jkmn-pqrs-tuvw-xyz2", organiser
    )
    with pytest.raises(CaseworkError, match="altered"):
        visit_logs.open_log(case, visit_codes.write(b"\x01" + bytes.fromhex(second.token or "") + sealed[6:]))
    bag.log_key = None
    with pytest.raises(CaseworkError, match="no go-bag that this case knows"):
        visit_logs.open_log(case, code)


def test_what_cannot_be_kept_leaves_nothing_behind(case: Case, bag: GoBag, organiser: User) -> None:
    yesterday = clock.today() - timedelta(1)
    for wrong in ({"held_on": None}, {"held_on": clock.today() + timedelta(1)}, {"gss_code": ""}):
        with pytest.raises(CaseworkError):
            take(case, carried(bag), organiser, **wrong)
        db.session.rollback()
    with pytest.raises(CaseworkError, match="before the visit"):
        take(case, carried(bag), organiser, Promise("Ring", None, yesterday))
    db.session.rollback()
    for table in (SurgeryVisit, FollowUp, VisitLogTaken):
        assert db.session.scalar(select(func.count(table.id))) == 0

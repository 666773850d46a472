"""The plan for reporting days: who goes along, who waits for word, whom to ring when none comes, and the card."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.campaign.signing import (
    MOST_CONTACTS,
    ON_CARD,
)
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.letter_values import OwnLine
from casework.domain.safety.bins import BinKind
from casework.domain.said import names
from casework.domain.timing.removals import hour_as_kept
from casework.services import saving
from casework.services.consent import need_to_know
from casework.services.safety import audit, bins
from casework.storage.database import db
from casework.storage.models import (
    EVEN_HIDDEN,
    Case,
    SigningContact,
    SigningPlan,
    User,
)

DAYS_NAMED = 5
CHANGED = "Somebody saved this plan while you were typing. Yours is still here: compare, and save again."
HIDDEN_FROM_YOU = "There is a plan already, and it is hidden from you. Ask somebody on the team who sees it."
TEXTS = (
    "place",
    "goes_along",
    "friend",
    "friend_phone",
    "takes_along",
    "if_no_word",
    "to_look_after",
    "in_their_language",
)


def plan_of(case: Case) -> SigningPlan | None:
    """The plan of this case, where there is one that whoever asks may see."""
    return db.session.scalar(select(SigningPlan).where(SigningPlan.case_id == case.id))


def need_plan(case: Case) -> SigningPlan:
    """The plan of this case. Raises NotFound where there is none, or none that whoever asks may see."""
    row = plan_of(case)
    if row is None:
        raise NotFound("There is no plan for reporting days yet.")
    return row


def save(case: Case, facts: Mapping[str, Any], version: int, actor: User) -> SigningPlan:
    """Save the plan. `facts` are its fields; `version` is 0 for a new one.

    Raises CaseworkError at what is wrong, and OutOfDate when somebody saved since this version was read.
    """
    row = plan_of(case)
    if row is None and _is_there(case):
        raise CaseworkError(HIDDEN_FROM_YOU)
    if (row.version if row else 0) != version:
        raise OutOfDate(CHANGED)
    on_card = [key for key in ON_CARD if key in (facts.get("on_card") or ())]
    agreed_on: date | None = facts.get("agreed_on")
    if agreed_on is not None and agreed_on > clock.today():
        raise CaseworkError("This day has not come yet.", field="agreed_on")
    word_by = hour_as_kept(facts.get("word_by"), "word_by")
    hidden = need_to_know.as_hidden(facts.get("hidden"))
    if row is None:
        row = SigningPlan(case=case)
        db.session.add(row)
    for name in TEXTS:
        setattr(row, name, facts.get(name) or None)
    row.word_by, row.agreed_on, row.on_card, row.saved_at = word_by, agreed_on, on_card, clock.now()
    saving.flush(CHANGED)
    try:
        need_to_know.hide(case, row, hidden, actor)
    except CaseworkError:
        db.session.rollback()
        raise
    audit.record("plan for reporting days saved", actor, case, plan=row.id)
    saving.commit(CHANGED)
    return row


def add_contact(
    case: Case, name: str, phone: str | None, does: str | None, actor: User, *, on_card: bool
) -> None:
    """Add somebody to ring when no word comes, after those who are there. Raises CaseworkError without a name."""
    plan = need_plan(case)
    if not name:
        raise CaseworkError("Type a name.", field="name")
    if len(plan.contacts) >= MOST_CONTACTS:
        raise CaseworkError(f"{MOST_CONTACTS} people to ring are enough. Take one out first.", field="name")
    last = max((one.position for one in plan.contacts), default=0)
    row = SigningContact(plan=plan, position=last + 1, name=name, phone=phone, does=does, on_card=on_card)
    db.session.add(row)
    saving.flush(CHANGED)
    audit.record("somebody to ring added", actor, case, contact=row.id)
    saving.commit(CHANGED)


def move_up(case: Case, contact_id: int, actor: User) -> None:
    """Ring this one before whoever stood before them."""
    plan, row = need_plan(case), get_contact(case, contact_id)
    order = list(plan.contacts)
    at = order.index(row)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
        for number, one in enumerate(order, start=1):
            one.position = number
        audit.record("order of whom to ring changed", actor, case, contact=row.id)
    saving.commit(CHANGED)


def remove_contact(case: Case, contact_id: int, actor: User) -> int:
    """Ring this one no more, and put them into the bin; their number there."""
    row = get_contact(case, contact_id)
    number = bins.put(BinKind.CONTACT, row, actor)
    db.session.delete(row)
    audit.record("somebody to ring taken out", actor, case, contact=contact_id)
    saving.commit(CHANGED)
    return number


def get_contact(case: Case, contact_id: int) -> SigningContact:
    """One of those to ring. Raises NotFound."""
    return found_or_not(next((one for one in need_plan(case).contacts if one.id == contact_id), None))


def may_be_printed(plan: SigningPlan, key: str) -> bool:
    """Whether the person agreed to have this on the card."""
    return plan.agreed_on is not None and key in plan.on_card


def own_lines(case: Case) -> Iterator[OwnLine]:
    """What the person is shown of their own plan."""
    plan = plan_of(case)
    if plan is None:
        return
    group = "Your reporting days"
    yield OwnLine(group, "Where you report", plan.place or "")
    yield OwnLine(group, "Who goes along", plan.goes_along or "")
    yield OwnLine(group, "Who waits for word", ", ".join(filter(None, (plan.friend, plan.friend_phone))))
    yield OwnLine(group, "By what hour", plan.word_by or "")
    yield OwnLine(group, "What you take along", plan.takes_along or "")
    yield OwnLine(group, "If no word comes", plan.if_no_word or "")
    yield OwnLine(group, "Whom we ring then", names(one.name for one in plan.contacts))
    yield OwnLine(group, "What somebody looks after", plan.to_look_after or "")
    days = [spoken(one.on) for one in plan.days]
    yield OwnLine(
        group, "The days", ", ".join(days[:DAYS_NAMED]) + (" and more" if days[DAYS_NAMED:] else "")
    )


def _is_there(case: Case) -> bool:
    query = select(SigningPlan.id).where(SigningPlan.case_id == case.id)
    return db.session.scalar(query, execution_options=EVEN_HIDDEN) is not None


def found_or_not(row: Any) -> Any:
    """The row. Raises NotFound where there is none."""
    if row is None:
        raise NotFound("There is no such thing in this plan.")
    return row

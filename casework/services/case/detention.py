"""What detention starts and ends, as the places of a case tell of it."""

from datetime import date

from sqlalchemy import func, select

from casework import clock
from casework.domain.case.places import PlaceKind, detention_began, held_on, is_there
from casework.domain.timing.deadline_rules import Fits
from casework.domain.timing.events import DETAINED, LEFT_UK, RELEASED, TRANSFERRED
from casework.domain.timing.triggers import Told
from casework.services.consent.need_to_know import all_places
from casework.services.timing.effects import Cause, Effects
from casework.services.timing.events import add_row, dates_of, record_line, withdraw
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent, CasePlace, Deadline

SHORTER_IN_DETENTION = (
    "Shorter because the person is detained now. Nobody checked which day counts, that of the decision or that of the "
    "application: keep to the earlier date."
)


def follow_places(effects: Effects, arrived: CasePlace | None = None) -> None:
    """Start and end what detention starts and ends, as the places of the case now tell of it; without saving it yet.

    `arrived` is a place of detention that was just added. A detention whose first day is not known starts nothing.
    """
    db.session.flush()
    case, today = effects.case, clock.today()
    _withdraw_what_places_deny(effects)
    last = _last_of_detention(case)
    current = last if last and last.name == DETAINED else None
    if not held_on(all_places(case), today):
        if current:
            _end_detention(current, effects)
        return
    _open_what_is_shorter_in_detention(effects)
    began = _detained_since(case, today)
    if began is None:
        return
    if current and current.happened_on == began:
        if arrived is not None and arrived.since and arrived.since > began:
            _happen(TRANSFERRED, arrived.since, effects)
        _open_what_now_fits(current, effects)
        return
    if current:
        withdraw(current, effects)
    _happen(DETAINED, began, effects, fits_on=today)


def _detained_since(case: Case, today: date) -> date | None:
    """The first day of the detention of today, through every transfer; None when it is not known, or it is over.

    Who was released and is held again, be it on the next day, is detained anew.
    """
    began = detention_began(all_places(case), today)
    over = db.session.scalar(
        select(func.max(CaseEvent.happened_on)).where(
            CaseEvent.case_id == case.id,
            CaseEvent.name.in_((RELEASED, LEFT_UK)),
            CaseEvent.happened_on <= today,
            CaseEvent.taken_back_at.is_(None),
        )
    )
    if began is None or over is None or over < began:
        return began
    anew = (
        place.since
        for place in all_places(case)
        if place.kind == PlaceKind.DETENTION
        and place.since
        and place.since >= over
        and (place.until is None or place.until > over)
    )
    return min(anew, default=None)


def _withdraw_what_places_deny(effects: Effects) -> None:
    """Take back moves to places that are no longer there, and ends of a detention that goes on after all.

    A release that somebody recorded themselves stays: they take it back on its own page.
    """
    held = [place for place in all_places(effects.case) if place.kind == PlaceKind.DETENTION]
    told_by_places = select(CaseEvent).where(
        CaseEvent.case_id == effects.case.id,
        CaseEvent.name.in_((TRANSFERRED, RELEASED)),
        CaseEvent.taken_back_at.is_(None),
    )
    for row in db.session.scalars(told_by_places):
        if row.name == TRANSFERRED:
            denied = row.happened_on not in {place.since for place in held}
        else:
            goes_on = any(
                is_there(place, row.happened_on) and place.until != row.happened_on for place in held
            )
            denied = goes_on and "places" not in row.told
        if denied:
            withdraw(row, effects)


def _end_detention(current: CaseEvent, effects: Effects) -> None:
    """The detention that was kept is over: its places end, or none of them was one at all."""
    held = [place for place in all_places(effects.case) if place.kind == PlaceKind.DETENTION]
    if not any(is_there(place, current.happened_on) for place in held):
        withdraw(current, effects)
        return
    over = max(place.until for place in held if place.until and place.until >= current.happened_on)
    _happen(RELEASED, over, effects)


def _open_what_now_fits(current: CaseEvent, effects: Effects) -> None:
    """Open what the detention starts and what did not fit the place before, such as a prison."""
    there = {row.rule_key for row in dates_of(Deadline.event_id == current.id)}
    for rule in rule_book().started_by(DETAINED):
        if rule.key not in there:
            quiet = Effects(effects.case, effects.actor, effects.answers)
            told, cause = Told(on=current.happened_on), Cause(event=current)
            quiet.start(rule, told, cause, fits_on=clock.today())
            effects.opened += quiet.opened


def _open_what_is_shorter_in_detention(effects: Effects) -> None:
    """Open beside each limit of somebody who was not held that of somebody who is, where it has one of its own.

    Which day counts, that of the decision or that of the application, was not checked: both stand.
    """
    known = dates_of(Deadline.case_id == effects.case.id)
    there = {(row.rule_key, row.variant, row.event_on) for row in known}
    for row in known:
        rule = rule_book().rules.get(row.rule_key)
        chosen = rule.variants.get(row.variant or "") if rule else None
        if row.settled_on or rule is None or chosen is None or Fits.NOT_DETAINED not in chosen.fits:
            continue
        for one in rule.variants.values():
            of_held = Fits.DETAINED in one.fits and one.how == chosen.how
            if of_held and (rule.key, one.key, row.event_on) not in there:
                effects.begin_beside(row, one.key, SHORTER_IN_DETENTION)


def _happen(name: str, on: date, effects: Effects, *, fits_on: date | None = None) -> None:
    told = Told(on=on)
    row = add_row(effects.case, name, told, None, effects.actor)
    effects.happened(name, told, Cause(event=row), fits_on=fits_on)
    record_line(row, effects)


def _last_of_detention(case: Case) -> CaseEvent | None:
    """What was recorded last of the person's being held: that it began, or that it ended."""
    return db.session.scalar(
        select(CaseEvent)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.name.in_((DETAINED, RELEASED, LEFT_UK)),
            CaseEvent.taken_back_at.is_(None),
        )
        .order_by(CaseEvent.happened_on.desc(), CaseEvent.id.desc())
        .limit(1)
    )

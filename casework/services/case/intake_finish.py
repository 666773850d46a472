"""The end of a first hour: its answers become a case, with its dates, its drafts and what is to be found out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.case.intake import Door, Said, to_find_out
from casework.domain.case.places import PlaceKind
from casework.domain.consent.need_to_know import Hidden
from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import Kind, Remedy, ResponseKind
from casework.domain.parliament.members import Connection
from casework.domain.safety.accounts import Action
from casework.services import saving
from casework.services.case import case_places, cases, finding_out, intake, notes, task_owners
from casework.services.case.case_places import NewPlace
from casework.services.letters import correspondence, letter_pages, letter_readers, letter_signers, letters
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import members
from casework.services.safety import audit
from casework.services.timing import removals
from casework.services.timing.effects import Effects
from casework.services.timing.removals import RemovalFacts
from casework.storage.database import db
from casework.storage.models import Case, Intake, User

CHANGED = "Somebody answered a question at the same moment. Look at the answers, and finish again."
Told = Mapping[str, Any]
# What is written to whom, of those who are asked first: drafts, which nobody has read yet.
TO_MEMBERS = (Connection.HOME, Connection.DETENTION)


def finish(row: Intake, shares: Mapping[str, int], actor: User) -> Case:
    """Open the case from what was said so far, and erase the answers: all of it is saved together or not at all.

    `shares` says who takes on what. Whoever answered a question works on the case. Raises CaseworkError, at no field,
    for days that cannot be, and OutOfDate when somebody else has finished: `row.reference` says which case it is.
    """
    try:
        case = _open(row, shares, actor)
    except CaseworkError:
        db.session.rollback()
        raise
    saving.commit(CHANGED)
    return case


def _open(row: Intake, shares: Mapping[str, int], actor: User) -> Case:
    intake.touch(row)
    db.session.refresh(row, ["answers"])
    answers = intake.answers_of(row)
    if not answers:
        raise CaseworkError("Answer one question first.")
    told = {name: value for one in answers.values() for name, value in one.told.items() if value}
    case = cases.add_case(_person(told), _places(told), actor, references=_references(told))
    for user in _who_answered(row):
        task_owners.let_in(case, user, actor)
    _add_what_was_said(case, told, actor)
    door = Door(row.door)
    said = {one.question: Said(one.state) for one in answers.values()}
    db.session.flush()
    finding_out.add_open(case, to_find_out(door, said, finding_out.known(case)))
    task_owners.add_shares(case, shares, actor)
    _add_drafts(case, door, actor)
    row.answers = []
    row.reference = case.reference
    audit.record("first hour finished", actor, case, intake=row.id, answers=len(answers))
    return case


def _who_answered(row: Intake) -> list[User]:
    """Those who began it or answered, as far as they may still work on cases."""
    ids = {row.begun_by_id, *(one.by_id for one in row.answers)}
    found = db.session.scalars(
        select(User).where(User.id.in_(ids), User.group_id == row.group_id, User.active)
    )
    return [one for one in found if one.may(Action.EDIT_CASE)]


def _person(told: Told) -> dict[str, Any]:
    names = ("name_used", "official_name", "languages", "safe_contact", "urgency")
    lawyer = ("representative_name", "representative_firm", "representative_contact")
    return {name: told.get(name) for name in (*names, *lawyer)}


def _references(told: Told) -> dict[str, str]:
    return {"home_office": told["home_office"]} if told.get("home_office") else {}


def _places(told: Told) -> list[NewPlace]:
    """Every place that somebody named."""
    found = []
    kind = PlaceKind(told.get("home_kind") or PlaceKind.HOME)
    if told.get("home_postcode") or told.get("home_address") or kind is PlaceKind.NO_FIXED_ABODE:
        where = {"address": told.get("home_address"), "postcode": told.get("home_postcode")}
        found.append(NewPlace(kind, since=_day(told, "home_since"), **where))
    for number in ("former1", "former2"):
        if told.get(f"{number}_postcode") or told.get(f"{number}_address"):
            where = {"address": told.get(f"{number}_address"), "postcode": told.get(f"{number}_postcode")}
            until = _day(told, f"{number}_until")
            found.append(
                NewPlace(PlaceKind.FORMER_HOME, since=_day(told, f"{number}_since"), until=until, **where)
            )
    held = told.get("held_at")
    listed = held if held != case_places.TYPED else None
    if listed or told.get("held_other") or told.get("held_postcode"):
        typed = {} if listed else {"name": told.get("held_other"), "postcode": told.get("held_postcode")}
        found.append(NewPlace(PlaceKind.DETENTION, place_id=listed, since=_day(told, "held_since"), **typed))
    return found


def _day(told: Told, name: str) -> date | None:
    return date.fromisoformat(told[name]) if told.get(name) else None


def _add_what_was_said(case: Case, told: Told, actor: User) -> None:
    """Add the yes or no of the person, what is kept from some, the paper and the flight."""
    if told.get("agreed") and told.get("asked_by"):
        asked_on = _day(told, "asked_on") or clock.today()
        agreed = told["agreed"] == "yes"
        cases.put_asked(case, asked_on=asked_on, agreed=agreed, asked_by=told["asked_by"], actor=actor)
    if told.get("health"):
        notes.put_note(case, notes.NoteFacts(told["health"], hidden=Hidden.HEALTH), actor)
    paper = _paper(told)
    if paper:
        kept = correspondence.add_paper(case, paper, actor, Effects(case, actor))
        audit.record(
            "letter recorded", actor, case, letter=kept.id, kind=kept.kind, response=kept.response_kind or ""
        )
    flight = _flight(told)
    if flight and removals.running(case) is None:
        removals.add_removal(case, flight, actor)


def _paper(told: Told) -> NewPaper | None:
    """The letter of the Home Office, where enough is known of it to begin a date; else somebody finds it out."""
    dated, received = _day(told, "dated"), _day(told, "received_on")
    if not told.get("response") or not (dated or received):
        return None
    response = ResponseKind(told["response"])
    is_notice = response is ResponseKind.REMOVAL_NOTICE
    if is_notice and not received:
        return None
    return NewPaper(
        Kind.HOME_OFFICE_RESPONSE,
        response=response,
        remedy=Remedy(told.get("remedy") or Remedy.UNCLEAR),
        sender="Home Office",
        dated=dated,
        received_on=received,
        received_how=told.get("received_how"),
        stated_on=_day(told, "departs_on") if is_notice else None,
    )


def _flight(told: Told) -> RemovalFacts | None:
    """The flight, once its day is known."""
    if not told.get("departs_on"):
        return None
    words = ("departs_at", "flight", "airline", "airport", "destination", "booked_name")
    return RemovalFacts(departs_on=_day(told, "departs_on"), **{name: told.get(name) for name in words})


def _add_drafts(case: Case, door: Door, actor: User) -> None:
    """Add the first papers as drafts: the form of authority, the letters to the MPs, and what a flight needs."""
    _draft(case, "form-of-authority", actor)
    for one in members.who_can_act(case, clock.today()):
        if one.seat.member and one.standing.connection in TO_MEMBERS:
            key = letter_readers.suited_to(case, one.gss_code)
            if key:
                _draft(case, key, actor, one.gss_code)
    if door is Door.FLIGHT:
        _draft(case, "question-to-lawyer", actor)
        _draft(case, "airline-sheet", actor)


def _draft(case: Case, key: str, actor: User, gss_code: str | None = None) -> None:
    template = letter_pages.letters().template(key)
    if template.key in letter_pages.letters().retired:
        return
    facts = letter_signers.first_facts(case, template, None, actor)
    letters.add_draft(case, template, actor, facts, gss_code=gss_code)

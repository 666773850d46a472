"""The end of a first hour: its answers become a case, with its dates, its drafts and what is to be found out."""

import re
from collections.abc import Callable, Mapping, Set
from datetime import date
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.case.intake import Door, Said, ruled_out, to_find_out
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
from casework.storage.models import Case, Intake, IntakeAnswer, User

CHANGED = "Somebody answered a question at the same moment. Look at the answers, and finish again."
# What was typed, by field. Whatever part of the case takes something out of it keeps it; the rest goes into a note.
Told = dict[str, Any]
# An answer said back, a line for each of the fields that are asked for.
SayBack = Callable[[IntakeAnswer, Set[str]], list[str]]
THE_REST = "Typed in the first hour, and not enough yet for a place of its own in the case:"
# What is written to whom, of those who are asked first: drafts, which nobody has read yet.
TO_MEMBERS = (Connection.HOME, Connection.DETENTION)


def finish(row: Intake, shares: Mapping[str, int], actor: User, say_back: SayBack) -> Case:
    """Open the case from what was said so far, and erase the answers: all of it is saved together or not at all.

    `shares` says who takes on what. Whoever answered a question works on the case. What has no place of its own in the
    case goes into a note, as `say_back` words it: nothing that somebody typed is erased unseen. Raises CaseworkError,
    at no field, for days that cannot be, and OutOfDate when somebody else has finished: `row.reference` says which
    case it is.
    """
    try:
        case = _open(row, shares, actor, say_back)
    except CaseworkError:
        db.session.rollback()
        raise
    saving.commit(CHANGED)
    return case


def _open(row: Intake, shares: Mapping[str, int], actor: User, say_back: SayBack) -> Case:
    intake.touch(row)
    db.session.refresh(row, ["answers"])
    answers = intake.answers_of(row)
    if not answers:
        raise CaseworkError("Answer one question first.")
    told = {name: value for one in answers.values() for name, value in one.told.items() if value}
    door, said = Door(row.door), {one.question: Said(one.state) for one in answers.values()}
    case = cases.add_case(_person(told), _places(told, door), actor)
    for user in _who_answered(row):
        task_owners.let_in(case, user, actor)
    _add_what_was_said(case, told, said, actor)
    _note_the_rest(case, [line for one in answers.values() for line in say_back(one, told.keys())], actor)
    db.session.flush()
    known = finding_out.known(case)
    finding_out.add_open(case, to_find_out(door, said, known))
    finding_out.add_ruled_out(case, ruled_out(door, said, known), actor)
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
    return {name: told.pop(name, None) for name in (*names, *lawyer)}


def _places(told: Told, door: Door) -> list[NewPlace]:
    """Every place that somebody named. Whoever came to say that somebody is detained has said so: it needs no place."""
    found = []
    kind = PlaceKind(told.get("home_kind") or PlaceKind.HOME)
    if told.keys() & {"home_postcode", "home_address"} or kind is PlaceKind.NO_FIXED_ABODE:
        found.append(_home(told, "home", kind))
    for number in ("former1", "former2"):
        if told.keys() & {f"{number}_postcode", f"{number}_address"}:
            found.append(_home(told, number, PlaceKind.FORMER_HOME))
    if door is Door.DETAINED or told.keys() & {"held_at", "held_other", "held_postcode"}:
        found.append(_held(told))
    return found


def _home(told: Told, name: str, kind: PlaceKind) -> NewPlace:
    told.pop(f"{name}_kind", None)
    address, postcode = (told.pop(f"{name}_{part}", None) for part in ("address", "postcode"))
    since, until = (_day(told, f"{name}_{part}") for part in ("since", "until"))
    return NewPlace(kind, address=address, postcode=postcode, since=since, until=until)


def _held(told: Told) -> NewPlace:
    listed, since = told.pop("held_at", case_places.TYPED), _day(told, "held_since")
    if listed != case_places.TYPED:
        return NewPlace(PlaceKind.DETENTION, place_id=listed, since=since)
    name, postcode = told.pop("held_other", None), told.pop("held_postcode", None)
    return NewPlace(PlaceKind.DETENTION, name=name, postcode=postcode, since=since)


def _day(told: Told, name: str) -> date | None:
    return date.fromisoformat(told.pop(name)) if name in told else None


def _add_what_was_said(case: Case, told: Told, said: Mapping[str, Said], actor: User) -> None:
    """Add the yes or no of the person, what is kept from some, the paper and the flight."""
    agreed = told.get("agreed") == "yes"
    # A no counts whoever heard it. A yes lets letters out, so it takes a name, and that it was answered at all.
    if told.get("agreed") == "no" or (agreed and "asked_by" in told and said["asked"] is Said.SAID):
        del told["agreed"]
        asked_on, asked_by = _day(told, "asked_on") or clock.today(), told.pop("asked_by", None)
        cases.put_asked(case, asked_on=asked_on, agreed=agreed, asked_by=asked_by, actor=actor)
    if "health" in told:
        notes.put_note(case, notes.NoteFacts(told.pop("health"), hidden=Hidden.HEALTH), actor)
    paper = _paper(told)
    if paper:
        kept = correspondence.add_paper(case, paper, actor, Effects(case, actor))
        audit.record(
            "letter recorded", actor, case, letter=kept.id, kind=kept.kind, response=kept.response_kind or ""
        )
    if removals.running(case):
        told.pop("departs_on", None)  # the notice has brought it
    elif flight := _flight(told):
        removals.add_removal(case, flight, actor)


def _note_the_rest(case: Case, lines: list[str], actor: User) -> None:
    """Keep what has no place of its own yet. An @ that somebody typed asks nobody to read it."""
    if lines:
        text = re.sub(r"(?<!\w)@", "at ", "\n".join((THE_REST, *lines)))
        notes.put_note(case, notes.NoteFacts(text), actor)


def _paper(told: Told) -> NewPaper | None:
    """The letter of the Home Office, where a day of it is known; else somebody finds it out.

    A removal notice needs no day to be kept: that there is one is the warning.
    """
    is_notice = told.get("response") == ResponseKind.REMOVAL_NOTICE
    if not is_notice and not ("response" in told and told.keys() & {"dated", "received_on"}):
        return None
    return NewPaper(
        Kind.HOME_OFFICE_RESPONSE,
        response=ResponseKind(told.pop("response")),
        remedy=Remedy.UNCLEAR if is_notice else Remedy(told.pop("remedy", Remedy.UNCLEAR)),
        sender="Home Office",
        dated=_day(told, "dated"),
        received_on=_day(told, "received_on"),
        received_how=told.pop("received_how", None),
        stated_on=date.fromisoformat(told["departs_on"]) if is_notice and "departs_on" in told else None,
        is_flight=True,
    )


def _flight(told: Told) -> RemovalFacts | None:
    """The flight, as much of it as is known; an hour says nothing without its day."""
    on = _day(told, "departs_on")
    words = ("flight", "airline", "airport", "destination", "booked_name", *(("departs_at",) if on else ()))
    known = {name: told.pop(name) for name in words if name in told}
    return RemovalFacts(departs_on=on, **known) if on or known else None


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

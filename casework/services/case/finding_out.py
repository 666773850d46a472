"""What is still to be found out about somebody: left open by the first hour, done as soon as the case knows it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_, select

from casework import clock
from casework.domain.case.intake import FINDINGS, Finding, OpenFinding
from casework.domain.case.places import PlaceKind, has_home, is_there
from casework.domain.consent.need_to_know import Hidden
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.correspondence import Kind, ResponseKind
from casework.domain.said import typed
from casework.domain.timing.events import HAPPENINGS, Group, KeptAs
from casework.domain.words import say
from casework.services import saving
from casework.services.case import case_places
from casework.services.safety import audit
from casework.storage.by_case import by_case
from casework.storage.database import db
from casework.storage.models import (
    EVEN_HIDDEN,
    Case,
    CaseEvent,
    CaseNote,
    CasePlace,
    Correspondence,
    Removal,
    ToFindOut,
    User,
)
from casework.storage.one_look import none_without

# What happens by a paper that the person gets.
OF_PAPERS = frozenset(
    one.name
    for one in HAPPENINGS.values()
    if one.kept_as is KeptAs.EVENT and one.group in (Group.DECISION, Group.REMOVAL)
)
CHANGED = "Somebody changed this at the same moment. Look at it once more."


def known(case: Case, places: Sequence[CasePlace] | None = None) -> frozenset[str]:
    """The things that the case knows, each a key of `domain.case.intake.FINDINGS`; what is hidden from some counts.

    `places` are all of the case, hidden ones too, where they were asked for already.
    """
    return known_in([case], None if places is None else {case.id: places})[case.id]


def known_in(
    cases: Collection[Case], places: Mapping[int, Sequence[CasePlace]] | None = None
) -> dict[int, frozenset[str]]:
    """The same of several cases, by the number of each, with no more questions than for one."""
    ids, today = [one.id for one in cases], clock.today()
    with_flight = cases_with(ids, Removal, Removal.departs_on.is_not(None))
    with_health = cases_with(ids, CaseNote, CaseNote.hidden == Hidden.HEALTH)
    with_paper, places = _with_paper(ids), places_in(ids) if places is None else places
    found = {}
    for case in cases:
        theirs = places.get(case.id, [])
        said = {
            "name": bool(case.name_used or case.official_name),
            "language": bool(case.languages),
            "place": any(
                one.kind == PlaceKind.DETENTION and not one.is_unknown and is_there(one, today)
                for one in theirs
            ),
            "home": has_home((one for one in theirs if one.kind != PlaceKind.FORMER_HOME), today),
            "former": any(one.kind == PlaceKind.FORMER_HOME for one in theirs),
            "papers": case.id in with_paper,
            "flight": case.id in with_flight,
            "lawyer": bool(case.representative_name or case.representative_firm),
            "asked": case.asked_about_mps_on is not None,
            "urgent": bool(case.urgency) or case.id in with_health,
        }
        found[case.id] = frozenset(key for key, is_known in said.items() if is_known)
    return found


def _with_paper(ids: list[int]) -> set[int]:
    """In which a letter of the Home Office, a decision or a notice is in the file with its day. Ours are none.

    The day of a removal notice is the one on which it was given: the date on it does not say that.
    """
    dated = and_(
        or_(Correspondence.dated.is_not(None), Correspondence.sent_on.is_not(None)),
        Correspondence.response_kind.is_distinct_from(ResponseKind.REMOVAL_NOTICE),
    )
    with_day = or_(Correspondence.received_on.is_not(None), dated)
    return (
        cases_with(ids, Correspondence, Correspondence.kind == Kind.HOME_OFFICE_RESPONSE, with_day)
        | cases_with(ids, CaseEvent, CaseEvent.name.in_(OF_PAPERS), CaseEvent.taken_back_at.is_(None))
        | cases_with(ids, Removal, Removal.notice_given_on.is_not(None))
    )


def cases_with(ids: Collection[int], table: Any, *conditions: Any) -> set[int]:
    """Those of these cases that have such a row, hidden or not."""
    query = select(table.case_id).where(table.case_id.in_(ids), *conditions).distinct()
    return set(db.session.scalars(query, execution_options=EVEN_HIDDEN))


def places_in(ids: Collection[int]) -> Mapping[int, Sequence[CasePlace]]:
    """Every place of each of these cases, hidden or not: to know that there is one, never to be shown."""
    return by_case(select(CasePlace).where(CasePlace.case_id.in_(ids)).order_by(CasePlace.id), EVEN_HIDDEN)


def add_open(case: Case, keys: Iterable[str]) -> None:
    """Keep that these are to be found out, without saving it yet."""
    for key in keys:
        db.session.add(ToFindOut(case=case, what=key))


def add_ruled_out(case: Case, keys: Iterable[str], actor: User) -> None:
    """Keep that somebody said that there is none of these, without saving it yet."""
    for key in keys:
        db.session.add(ToFindOut(case=case, what=key, settled_on=clock.today(), settled_by_id=actor.id))


def lawyer_in_words(case: Case) -> str:
    """Who the lawyer is, where the case knows a name or a firm; else how far anybody knows that there is one.

    A number without a name is kept, and is nobody's name.
    """
    if lawyer := case.representative_name or case.representative_firm:
        return typed(lawyer)
    standing = next((one for one in in_case(case) if one.key == "lawyer"), None)
    words = say("none, as we were told") if standing and standing.settled else say("not known yet")
    if case.representative_contact:
        return say("{words}; typed for one: {number}", words=words, number=case.representative_contact)
    return words


@none_without(ToFindOut)
def in_case(case: Case, places: Sequence[CasePlace] | None = None) -> list[OpenFinding]:
    """What the first hour of this case left open, and how each stands now; nothing in a case without one.

    `places` as `known` has them.
    """
    return in_cases([case], None if places is None else {case.id: places})[case.id]


def in_cases(
    cases: Collection[Case], places: Mapping[int, Sequence[CasePlace]] | None = None
) -> dict[int, list[OpenFinding]]:
    """The same of several cases, by the number of each."""
    query = select(ToFindOut).where(ToFindOut.case_id.in_([one.id for one in cases])).order_by(ToFindOut.id)
    rows = db.session.scalars(query).all()
    found: dict[int, list[OpenFinding]] = {one.id: [] for one in cases}
    if rows:
        now = known_in(cases, places)
        for row in rows:
            is_known = row.what in now[row.case_id]
            found[row.case_id].append(OpenFinding(row.what, is_known, row.settled_on is not None))
    return found


def get(case: Case, key: str) -> tuple[Finding, OpenFinding]:
    """One thing that is, or was, to be found out in this case. Raises NotFound."""
    found = next((one for one in in_case(case) if one.key == key), None)
    if found is None:
        raise NotFound("There is no such thing to find out in this case.")
    return FINDINGS[key], found


def settle(case: Case, key: str, actor: User, *, settled: bool) -> None:
    """Keep that somebody asked and there is nothing, or that it is open after all.

    Raises CaseworkError for what somebody has to record, such as a yes or a no.
    """
    row = next((one for one in _rows(case) if one.what == key), None)
    if row is None:
        raise NotFound("There is no such thing to find out in this case.")
    if settled and not FINDINGS[key].settled:
        raise CaseworkError("Record what they said instead.")
    if settled and key == "place" and case_places.unknown_stay(case):
        raise CaseworkError("The case says that they are detained. Take that place off the list instead.")
    row.settled_on = clock.today() if settled else None
    row.settled_by_id = actor.id if settled else None
    audit.record(
        "found that there is nothing" if settled else "to be found out after all", actor, case, what=key
    )
    saving.commit(CHANGED)


def _rows(case: Case) -> list[ToFindOut]:
    query = select(ToFindOut).where(ToFindOut.case_id == case.id)
    return list(db.session.scalars(query.order_by(ToFindOut.id)))

"""The diary: deadlines, follow-ups and planned visits as entries in one order."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from casework import clock
from casework.domain.consent.staying import why_it_stays
from casework.domain.consent.telling_mps import NOT_ASKED_YET, Word
from casework.domain.safety.accounts import Action, Role, may
from casework.domain.said import of_ours, typed
from casework.domain.timing.deadline_rules import DeadlineRule, Kind, OwedBy, WaitingFor
from casework.domain.timing.diary import (
    FOLLOW_UP_WORDS,
    VISIT_WORDS,
    DiaryEntry,
    EntrySource,
    has_hour,
    in_order,
)
from casework.domain.words import say
from casework.services.case.things import IN_DIARY, KINDS
from casework.services.consent import staying, telling_mps
from casework.services.consent.staying import Said
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import (
    Case,
    Correspondence,
    Deadline,
    FollowUp,
    Letter,
    SurgeryVisit,
    TeamMember,
    User,
)
from casework.storage.one_look import ask_about, has_none

Query = Select[Any]
REMOVAL_RULE = "removal_notice_period"
CHASE_RULE = "mp_office_chase"
# What stands in the diary of those who may not read the story: where to go, and what was promised there.
OUTSIDE_THE_STORY = (FollowUp, SurgeryVisit)
ALL = tuple(KINDS[kind].table for kind in IN_DIARY.values())
# What of a letter says whether it may go: not its text.
OF_A_LETTER = (
    Letter.template,
    Letter.facts,
    Letter.issued_at,
    Letter.sent_on,
    Letter.voided_at,
)
ask_about(*ALL)


def open_entries(actor: User, until: date | None = None) -> list[DiaryEntry]:
    """What is open in all the open cases that this person works on, soonest first.

    With `until`, only what has come up by then and what has no day yet.
    """

    only = ALL if may(Role(actor.role), Action.READ_STORY) else OUTSIDE_THE_STORY

    def mine(query: Query, day: Any) -> Query:
        query = query.join(TeamMember, TeamMember.case_id == Case.id).where(
            TeamMember.user_id == actor.id, Case.closed_on.is_(None)
        )
        return query.where(or_(day <= until, day.is_(None))) if until else query

    return _entries(mine, only)


def open_entries_of(case: Case) -> list[DiaryEntry]:
    """What is open in this case, soonest first."""
    there = tuple(one for one in ALL if not has_none(case, one))
    return _entries(lambda query, day: query.where(Case.id == case.id), there)


def entry_of(row: Deadline | FollowUp | SurgeryVisit) -> DiaryEntry:
    """A date of any kind as the diary shows it."""
    if isinstance(row, Deadline):
        return entry_of_deadline(row)
    return _entry_of_follow_up(row) if isinstance(row, FollowUp) else _entry_of_visit(row)


def as_it_stands(row: Deadline | FollowUp | SurgeryVisit) -> DiaryEntry:
    """The same of one that is open, as `as_they_stand` says."""
    (entry,) = as_they_stand([entry_of(row)])
    return entry


def entry_of_deadline(row: Deadline) -> DiaryEntry:
    """A deadline as the diary shows it, under the rule that made it."""
    return deadline_entry(
        row.rule_key,
        rule_book().rules.get(row.rule_key),
        Kind(row.kind),
        row.working,
        waiting_for=row.waiting_for,
        owed_by=OwedBy(row.owed_by),
        safe_on=row.safe_on,
        last_on=row.last_on,
        earliest_on=row.earliest_on,
        stated_on=row.stated_on,
        window_from=row.window_from,
        window_until=row.window_until,
        stated_by=row.stated_by,
        cannot_say=row.cannot_say,
        moved=row.moved,
        settled_on=row.settled_on,
        settled_how=row.settled_how,
        settled_as=row.settled_as,
        settled_by=row.settled_by.name if row.settled_by else None,
        stated_from=row.stated_from,
        stated_said_on=row.stated_said_on,
        **_shared(row),
    )


def deadline_entry(
    rule_key: str,
    rule: DeadlineRule | None,
    kind: Kind,
    working: Mapping[str, Any],
    *,
    waiting_for: str | None,
    **facts: Any,
) -> DiaryEntry:
    """The entry of a date that a rule made; `working` gives its name, what it is about, its hour and condition."""
    hour = working.get("clock") or ""
    return DiaryEntry(
        source=EntrySource.DEADLINE,
        title=": ".join(filter(None, (working.get("name") or rule_key, working.get("about")))),
        words=rule.words if rule else kind.words,
        kind=kind,
        is_removal=rule_key == REMOVAL_RULE,
        who=rule.actor if rule else None,
        waiting_for=WaitingFor(waiting_for or WaitingFor.US),
        rule_key=rule_key,
        clock=hour,
        as_of=clock.in_london() if has_hour(hour) else None,
        condition=working.get("condition") or "",
        **facts,
    )


def follow_up_entry(what: str, who: str | None, **facts: Any) -> DiaryEntry:
    """The entry of a promise to chase. One that nobody else made is ours to keep."""
    return DiaryEntry(
        source=EntrySource.FOLLOW_UP,
        title=what,
        words=FOLLOW_UP_WORDS,
        who=who,
        waiting_for=WaitingFor.MEMBER if who else WaitingFor.US,
        **facts,
    )


def visit_entry(member_name: str, who: str | None, *, last_on: date | None, **facts: Any) -> DiaryEntry:
    """The entry of a visit that is planned."""
    return DiaryEntry(
        source=EntrySource.VISIT,
        title=say("Surgery visit: {name}", name=member_name),
        words=VISIT_WORDS,
        who=who,
        member=member_name,
        last_on=last_on,
        cannot_say=None if last_on else "No day is fixed yet.",
        **facts,
    )


def _entries(narrow: Callable[[Query, Any], Query], only: tuple[type[Any], ...] = ALL) -> list[DiaryEntry]:
    """The entries of the rows of `only` these kinds that `narrow` leaves, given the query and its day."""
    entries: list[DiaryEntry] = []
    for kind in IN_DIARY.values():
        kept = KINDS[kind]
        if kept.table not in only:
            continue
        query = select(kept.table).join(Case, Case.id == kept.table.case_id).where(kept.is_open)
        loaded = (contains_eager(kept.table.case), joinedload(kept.table.owner))
        rows = db.session.scalars(narrow(query, kept.day).options(*loaded)).all()
        entries += [entry_of(row) for row in rows]
    return in_order(as_they_stand(entries))


def as_they_stand(entries: list[DiaryEntry]) -> list[DiaryEntry]:
    """The same, where whoever goes to an MP, rings or writes is told that the person did not say yes, or not any more.

    So is whoever rings about a letter that was never said to be sent.
    """
    chases = {one.id for one in entries if one.rule_key == CHASE_RULE and one.settled_on is None}
    meets = {one.reference for one in entries if one.source is not EntrySource.DEADLINE}
    if not chases and not meets:
        return entries
    stand = _chases(chases) if chases else {}
    words = telling_mps.words_in(meets, clock.today()) if meets else {}
    found = []
    for one in entries:
        if one.source is EntrySource.DEADLINE:
            changed = stand.get(one.id)
        else:
            changed = _meeting(one, words.get(one.reference, Word.NOT_ASKED))
        found.append(replace(one, **changed) if changed else one)
    return found


def _chases(chases: Collection[int]) -> dict[int, dict[str, Any]]:
    """What each of these dates to ring an MP's office says otherwise, by its number."""
    query = (
        select(Deadline.id, Case, Correspondence.recipient, Deadline.working["about"].as_string(), Letter)
        # An inner join has SQLite go through every case first.
        .outerjoin(Deadline.case)
        .outerjoin(Deadline.correspondence)
        .outerjoin(Letter, Letter.id == Correspondence.letter_id)
        .options(load_only(*telling_mps.OF_A_CASE), load_only(*OF_A_LETTER))
    )
    # Where nobody asked them yet and the letter is none of ours, the rule says all there is to say.
    query = query.where(Deadline.id.in_(chases), or_(Case.agreed_to_mps.is_not(None), Letter.id.is_not(None)))
    rows = db.session.execute(query).all()
    said = staying.said_in({case for _, case, *_ in rows}, clock.today())
    return {
        number: _chase(said[case.id], typed(name or about or ""), letter)
        for number, case, name, about, letter in rows
    }


def _meeting(entry: DiaryEntry, word: Word) -> dict[str, Any]:
    """What a visit to an MP, or a promise, says otherwise after this word of the person's."""
    is_visit = entry.source is EntrySource.VISIT
    stays = why_it_stays(word, to_member=True, beyond=False)
    if stays is None:
        return {"caution": NOT_ASKED_YET} if is_visit and word is Word.NOT_ASKED else {}
    why = of_ours(stays.because)
    if is_visit:
        title = say("Do not go to the surgery of {name}: {why}", name=typed(entry.member), why=why)
        return {"title": title, "stays": stays.because}
    # Its title is somebody's own words, and says nothing of whom to ask: an MP, or somebody else.
    return {"caution": say("Do not ring or write to an MP about it: {why}.", why=why), "stays": stays.because}


def _chase(said: Said, name: str, letter: Letter | None) -> dict[str, Any]:
    """What a date to ring an MP's office says otherwise than its rule, about this letter or about none that we made."""
    unsent = letter is not None and letter.sent_on is None and letter.voided_at is None
    if stays := said.of_ringing(letter):
        why = {"name": name, "why": of_ours(stays.because)}
        title = (
            say("Do not send the letter to {name}: {why}", **why)
            if unsent
            else say("Do not ring the office of {name}: {why}", **why)
        )
        return {"title": title, "stays": stays.because}
    return {"title": say("Print, sign and send the letter, then ring: {name}", name=name)} if unsent else {}


def _entry_of_follow_up(row: FollowUp) -> DiaryEntry:
    return follow_up_entry(row.what, row.who, last_on=row.due_on, **_shared(row))


def _entry_of_visit(row: SurgeryVisit) -> DiaryEntry:
    return visit_entry(row.member_name, row.who_went, last_on=row.held_on, **_shared(row))


def _shared(row: Deadline | FollowUp | SurgeryVisit) -> dict[str, Any]:
    return {
        "id": row.id,
        "reference": row.case.reference,
        "person": row.case.person_name,
        "owner_id": row.owner_id,
        "owner": row.owner.name if row.owner else None,
        "changed_at": row.changed_at,
    }

"""What of a case is hidden from some of its team: marked here, counted for them, and who sees it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select, update

from casework.domain.consent.need_to_know import Hidden, as_kept, kinds_seen
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Role
from casework.domain.safety.bins import BinKind
from casework.domain.said import AND, in_a_row
from casework.domain.words import say
from casework.services.safety import audit
from casework.storage.asking import now_asking
from casework.storage.database import db
from casework.storage.models import (
    EVEN_HIDDEN,
    AnswerMap,
    AnswerQuestion,
    Binned,
    Case,
    CaseNote,
    CasePlace,
    Correspondence,
    FollowUp,
    Pack,
    SigningPlan,
    SurgeryVisit,
    TeamMember,
    User,
)
from casework.storage.one_look import read_once

# What may be hidden, as the trail names it, and what one of it and several are called.
THINGS: dict[str, tuple[type[Any], str, str]] = {
    "place": (CasePlace, "address", "addresses"),
    "note": (CaseNote, "note", "notes"),
    "letter": (Correspondence, "letter", "letters"),
    "visit": (SurgeryVisit, "visit", "visits"),
    "plan": (SigningPlan, "plan for reporting days", "plans for reporting days"),
}


def as_hidden(value: str | None, field: str = "hidden") -> Hidden | None:
    """The kind that a form sent; None where nothing is to be hidden. Raises CaseworkError for an unknown one."""
    if not value:
        return None
    if value not in set(Hidden):
        raise CaseworkError("Choose why it is hidden, or that it is not.", field=field)
    return Hidden(value)


def hide(case: Case, row: Any, hidden: Hidden | None, actor: User) -> None:
    """Mark a thing of this case as hidden, or as hidden no more. The caller commits.

    What was promised at a visit or in a letter, and what was read in that, is hidden with it, and so is what was taken
    out of a plan for reporting days, and what a note said before it was changed. Raises CaseworkError where it would
    be hidden from whoever does it.
    """
    if row.hidden == hidden:
        return
    if hidden is not None and hidden not in seen_by(case, actor):
        raise CaseworkError(
            "You may not see what is hidden for this reason, so it would be gone from you too. Ask an organiser.",
            field="hidden",
        )
    row.hidden = hidden
    if isinstance(row, SurgeryVisit):
        for promise in row.follow_ups:
            promise.hidden = hidden
    if isinstance(row, SigningPlan):
        of_plan = (Binned.case_id == case.id, Binned.kind.in_((BinKind.CONTACT, BinKind.REPORTING_DAY)))
        db.session.execute(update(Binned).where(*of_plan).values(hidden=hidden))
    if isinstance(row, CaseNote) and hidden is not None:  # old words stay hidden: they may be why it was
        of_note = (Binned.case_id == case.id, Binned.kind == BinKind.NOTE, Binned.row_id == row.id)
        db.session.execute(update(Binned).where(*of_note).values(hidden=hidden))
    if isinstance(row, Correspondence):
        db.session.flush()
        maps = select(AnswerMap).where(AnswerMap.case_id == case.id).order_by(AnswerMap.id)
        for read in db.session.scalars(maps, execution_options=EVEN_HIDDEN).all():
            hide_as_its_letters(read)
    what = next(name for name, (table, _, _) in THINGS.items() if isinstance(row, table))
    audit.record(
        "hidden" if hidden else "hidden no more", actor, case, **{what: row.id}, kind=str(hidden or "none")
    )


def hide_as_its_letters(read: AnswerMap) -> None:
    """Hide how an answer was read as the answer is, else as the letter is that it answers: it tells of both.

    Its questions, and what was promised there, are hidden with it. The caller commits.
    """
    paper = _even_hidden(Correspondence, read.correspondence_id)
    asked = _even_hidden(Correspondence, read.beside_id or paper.answers_id)
    read.hidden = paper.hidden or (asked.hidden if asked else None)
    questions = select(AnswerQuestion).where(AnswerQuestion.map_id == read.id)
    for question in db.session.scalars(questions, execution_options=EVEN_HIDDEN).all():
        question.hidden = read.hidden
        if promise := _even_hidden(FollowUp, question.follow_up_id):
            promise.hidden = read.hidden


def _even_hidden(table: type[Any], row_id: int | None) -> Any:
    return db.session.scalar(select(table).where(table.id == row_id), execution_options=EVEN_HIDDEN)


def seen_by(case: Case, user: User) -> frozenset[Hidden]:
    """Which hidden things of this case somebody sees."""
    member = next((one for one in case.team if one.user_id == user.id), None)
    return kinds_seen(member.sees, Role(user.role)) if member else frozenset()


def let_see(case: Case, user_id: int, kinds: Iterable[Hidden], actor: User) -> None:
    """Say which hidden things somebody on the team sees. Raises CaseworkError where nobody would see a kind.

    Nobody gives more than they see themselves: what they do not see stays as it was for the other.
    """
    member = next((one for one in case.team if one.user_id == user_id), None)
    if member is None:
        raise CaseworkError("Choose somebody who works on this case.")
    before, own = kinds_seen(member.sees, Role(member.user.role)), seen_by(case, actor)
    wanted = (frozenset(kinds) & own) | (before - own)
    others = (one for one in case.team if one is not member)
    _refuse_lost(set(Hidden) - _seen_together(others) - wanted, "kinds")
    if wanted == before:
        return
    member.sees = as_kept(wanted, Role(member.user.role))
    audit.record("hidden things shown", actor, case, user=user_id, kinds=sorted(wanted))
    db.session.commit()


def sees_at_first(case: Case, user: User, actor: User) -> str | None:
    """Which hidden things somebody sees whom the actor, who is on the team, lets in: as it is kept with their place.

    What their role sees, and no more than the actor: nobody gets at it by letting somebody in.
    """
    role = Role(user.role)
    return as_kept(kinds_seen(None, role) & seen_by(case, actor), role)


def refuse_unseen(case: Case, staying: Iterable[TeamMember]) -> None:
    """Nothing where these see all that the team sees now. Raises CaseworkError with what nobody would see any more."""
    _refuse_lost(_seen_together(case.team) - _seen_together(staying))


def _seen_together(team: Iterable[TeamMember]) -> set[Hidden]:
    return set().union(*(kinds_seen(one.sees, Role(one.user.role)) for one in team))


def _refuse_lost(lost: set[Hidden], field: str | None = None) -> None:
    if lost:
        raise CaseworkError(
            say(
                "Nobody on this case would see what is hidden as: {kinds}. Let somebody else see it first.",
                kinds=in_a_row(sorted(lost), AND),
            ),
            field=field,
        )


def left_out(case: Case) -> dict[str, str]:
    """How much of each kind of thing is hidden from whoever asks, in sentences; without what has nothing hidden."""
    found = {}
    counts = {
        name: select(func.count(table.id)).where(table.case_id == case.id, table.hidden.is_not(None))
        for name, (table, _, _) in THINGS.items()
    }
    all_at_once = select(*(count.scalar_subquery() for count in counts.values()))
    everything = db.session.execute(all_at_once, execution_options=EVEN_HIDDEN).one()
    for (name, (_, one, many)), every in zip(THINGS.items(), everything, strict=True):
        number = every - (db.session.scalar(counts[name]) or 0) if every else 0
        if number:
            found[name] = (
                f"{number} {one if number == 1 else many} {'is' if number == 1 else 'are'} hidden from you."
            )
    return found


def refuse_with_hidden(case: Case) -> None:
    """Nothing, where nothing of this case is hidden from whoever asks: what tells all of it is theirs to make.

    Raises CaseworkError for everybody else.
    """
    if left_out(case):
        raise CaseworkError(
            "Something in this case is hidden from you, and this would tell it. Ask somebody on the team who sees "
            "all of it."
        )


@read_once
def all_places(case: Case) -> list[CasePlace]:
    """Every place of a case, hidden or not: for counting dates and for what may not be told, never to be shown."""
    if now_asking().eyes is None:
        return list(case.places)
    query = select(CasePlace).where(CasePlace.case_id == case.id).order_by(CasePlace.id)
    return list(db.session.scalars(query, execution_options=EVEN_HIDDEN))


def holds_hidden(pack: Pack) -> bool:
    """Whether something in this pack is hidden from whoever asks: an original, or what one of its lists tells."""
    if any(
        not one["key"].startswith(("scan_", "letter_", "authority_")) for one in pack.contents
    ) and left_out(pack.case):
        return True
    ids = {int(one["key"].removeprefix("scan_")) for one in pack.contents if one["key"].startswith("scan_")}
    if not ids:
        return False
    seen = select(func.count(Correspondence.id)).where(Correspondence.id.in_(ids))
    every = db.session.scalar(seen, execution_options=EVEN_HIDDEN)
    return every != db.session.scalar(seen)


def member_of(case: Case, user: User) -> TeamMember | None:
    """Somebody's place on the team."""
    return next((one for one in case.team if one.user_id == user.id), None)


def get_thing(case: Case, what: str, row_id: int) -> Any:
    """An address, a note, a letter or a visit of this case that whoever asks may see. Raises NotFound."""
    table = THINGS[what][0]
    row = db.session.scalar(select(table).where(table.id == row_id, table.case_id == case.id))
    if row is None:
        raise NotFound("There is no such thing in this case.")
    return row


def hide_and_save(case: Case, row: Any, hidden: Hidden | None, actor: User) -> None:
    """Mark a thing of this case as hidden, or as hidden no more, and save it."""
    hide(case, row, hidden, actor)
    db.session.commit()

"""Notes on a case: written, changed, thrown away, and ticked off by those whom they ask to read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from casework import clock
from casework.domain.case.notes import Named, Person, named_in
from casework.domain.consent.need_to_know import Hidden
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.services import saving
from casework.services.consent import need_to_know
from casework.services.parliament.directory import directory
from casework.services.safety import audit, bins
from casework.storage import row_trees
from casework.storage.database import db
from casework.storage.models import Binned, Case, CaseNote, NoteMention, TeamMember, User
from casework.storage.one_look import none_without

PAGE = 20
CHANGED = "Somebody changed this note while you were typing. Yours is still here: compare and save again."
NOT_YOURS = "Only whoever wrote a note changes its words. Write one of your own below it."


@dataclass(frozen=True)
class NoteFacts:
    """A note as somebody typed it; `people` are those who were ticked, beside those whom its text names."""

    text: str
    people: tuple[int, ...] = ()
    gss_code: str | None = None
    hidden: Hidden | None = None


@dataclass(frozen=True)
class NotesPage:
    """Some notes of a case, the newest first; `next` is the number of the page with older ones."""

    notes: list[CaseNote]
    number: int
    next: int | None


@none_without(CaseNote)
def all_notes(case: Case) -> list[CaseNote]:
    """Every note that whoever asks may see, the newest first, with whom they ask to read them."""
    return list(db.session.scalars(_notes_of(case)))


def first_page(rows: list[CaseNote]) -> NotesPage:
    """The first page of notes of which all were asked for already."""
    return NotesPage(rows[:PAGE], len(rows), 2 if len(rows) > PAGE else None)


def list_notes(case: Case, page: int = 1) -> NotesPage:
    """A page of the notes that whoever asks may see, with whom they ask to read them."""
    rows = list(db.session.scalars(_notes_of(case).offset((page - 1) * PAGE).limit(PAGE + 1)))
    has_more = len(rows) > PAGE
    number = len(rows) if page == 1 and not has_more else _number_of(case)
    return NotesPage(rows[:PAGE], number, page + 1 if has_more else None)


def _number_of(case: Case) -> int:
    return db.session.scalar(select(func.count(CaseNote.id)).where(CaseNote.case_id == case.id)) or 0


def _notes_of(case: Case) -> Select[Any]:
    return (
        select(CaseNote)
        .where(CaseNote.case_id == case.id)
        .options(joinedload(CaseNote.author), selectinload(CaseNote.mentions))
        .order_by(CaseNote.at.desc(), CaseNote.id.desc())
    )


def get_note(case: Case, note_id: int) -> CaseNote:
    """One note of this case that whoever asks may see. Raises NotFound."""
    note = db.session.scalar(select(CaseNote).where(CaseNote.id == note_id, CaseNote.case_id == case.id))
    if note is None:
        raise NotFound("There is no such note in this case.")
    return note


def readers(case: Case) -> list[User]:
    """Who can be asked to read a note of this case: those on its team who can sign in and read the story."""
    return [one.user for one in case.team if one.user.may(Action.READ_STORY)]


def add_note(case: Case, facts: NoteFacts, actor: User, *, answers: int | None = None) -> CaseNote:
    """Keep a note on the case. Whoever answers a note with it has read that one.

    Raises CaseworkError for an @name that nobody here has, and for somebody who may not see what is hidden.
    """
    note = put_note(case, facts, actor)
    if answers is not None:
        answered = and_(NoteMention.note_id == answers, NoteMention.case_id == case.id)
        mention = db.session.scalar(select(NoteMention).where(answered, NoteMention.user_id == actor.id))
        if mention is not None:  # else the note asks them nothing, or is gone by now
            mention.read_at = mention.read_at or clock.now()
    db.session.commit()
    return note


def put_note(case: Case, facts: NoteFacts, actor: User) -> CaseNote:
    """The same without saving it yet."""
    people = _people_meant(case, facts, actor)
    if facts.gss_code:
        directory().constituency(facts.gss_code)
    note = CaseNote(case=case, text=facts.text, gss_code=facts.gss_code, at=clock.now(), author_id=actor.id)
    db.session.add(note)
    db.session.flush()
    need_to_know.hide(case, note, facts.hidden, actor)
    _ask(note, people)
    audit.record("note added", actor, case, note=note.id, **_asked(people))
    return note


def change_note(case: Case, note_id: int, facts: NoteFacts, version: int, actor: User) -> int | None:
    """Write one's own note anew: the number in the bin of the wording before, or None where no word changed.

    Raises OutOfDate when somebody saved since this version was read. Who may see it is not changed here.
    """
    note = get_note(case, note_id)
    if note.author_id != actor.id:
        raise CaseworkError(NOT_YOURS)
    if note.version != version:
        raise OutOfDate(CHANGED)
    hidden = need_to_know.as_hidden(note.hidden)
    people = _people_meant(case, NoteFacts(facts.text, facts.people, hidden=hidden), actor)
    before = None
    if note.text != facts.text:
        before = bins.put(BinKind.NOTE, note, actor)
        note.text, note.changed_at = facts.text, clock.now()
    _ask(note, people)
    audit.record("note changed", actor, case, note=note.id, **_asked(people))
    saving.commit(CHANGED)
    return before


def as_before(
    case: Case, note_id: int, binned_id: int, people: Iterable[int], version: int, actor: User
) -> None:
    """Give a note the words of before it was changed. Raises OutOfDate where somebody went on from there."""
    note = get_note(case, note_id)
    of_this = (Binned.kind == BinKind.NOTE, Binned.row_id == note_id)  # a number may be given to another
    row = db.session.scalar(select(Binned).where(Binned.id == binned_id, Binned.case_id == case.id, *of_this))
    if row is None or note.version != version or note.author_id != actor.id:
        raise OutOfDate("This note was changed again since then, so nothing was undone.")
    note.text, note.changed_at = row_trees.first_row(bins.content_of(row))["text"], None
    _ask(note, set(people))
    db.session.delete(row)
    audit.record("note as it was before", actor, case, note=note.id)
    saving.commit(CHANGED)


def remove_note(case: Case, note_id: int, actor: User) -> int:
    """Put a note into the bin; its number there. Raises NotFound."""
    note = get_note(case, note_id)
    number = bins.put(BinKind.NOTE, note, actor)
    db.session.delete(note)
    audit.record("note removed", actor, case, note=note_id)
    saving.commit(CHANGED)
    return number


def waiting_for(user: User) -> list[NoteMention]:
    """The notes that ask this person to read them and are not ticked off, the newest first, over all their cases."""
    if not user.may(Action.READ_STORY):
        return []
    query = (
        select(NoteMention)
        .join(NoteMention.note)
        .join(CaseNote.case)
        .join(TeamMember, and_(TeamMember.case_id == Case.id, TeamMember.user_id == user.id))
        .where(NoteMention.user_id == user.id, NoteMention.read_at.is_(None))
        .options(contains_eager(NoteMention.note).options(contains_eager(CaseNote.case), joinedload(CaseNote.author)))
        .order_by(CaseNote.at.desc(), CaseNote.id.desc())
    )  # fmt: skip
    return list(db.session.scalars(query))


def tick_off(case: Case, note_id: int, actor: User) -> None:
    """Say that whoever this note asks has read it. Raises NotFound where it asks them nothing."""
    _tick_off(case, note_id, actor)
    db.session.commit()


def not_read_yet(case: Case, note_id: int, actor: User) -> None:
    """Have it wait again. Raises NotFound where it asks them nothing."""
    _mention(case, note_id, actor).read_at = None
    db.session.commit()


def _tick_off(case: Case, note_id: int, actor: User) -> None:
    mention = _mention(case, note_id, actor)
    mention.read_at = mention.read_at or clock.now()


def _mention(case: Case, note_id: int, actor: User) -> NoteMention:
    note = get_note(case, note_id)
    found = next((one for one in note.mentions if one.user_id == actor.id), None)
    if found is None:
        raise NotFound("This note does not ask you to read it.")
    return found


def _ask(note: CaseNote, people: set[int]) -> None:
    """Have these people asked to read this note, and nobody else. What somebody ticked off stays so."""
    asked = {one.user_id for one in note.mentions}
    note.mentions = [one for one in note.mentions if one.user_id in people]
    for user_id in sorted(people - asked):
        note.mentions.append(NoteMention(case_id=note.case_id, user_id=user_id))


def _asked(people: set[int]) -> dict[str, Any]:
    return {"people": len(people)} if people else {}


def _people_meant(case: Case, facts: NoteFacts, actor: User) -> set[int]:
    """Whom a note asks to read it: ticked, or named in its text, but for whoever writes it."""
    if not facts.text:
        raise CaseworkError("Type the note.", field="text")
    can_read = readers(case)
    named = named_in(facts.text, as_people(can_read))
    _refuse_strange(case, named)
    names = {one.id: one for one in can_read}
    if not set(facts.people) <= set(names):
        raise CaseworkError("Choose people who work on this case and may read its notes.", field="people")
    meant = (set(facts.people) | named.ids) - {actor.id}
    if facts.hidden is not None:
        for user_id in sorted(meant):
            if facts.hidden not in need_to_know.seen_by(case, names[user_id]):
                raise CaseworkError(
                    f"{names[user_id].name} does not see what is hidden for this reason, and so would not see this "
                    "note. Leave them out of it, or choose another answer below.",
                    field="text" if user_id in named.ids else "people",
                )
    return meant


def _refuse_strange(case: Case, named: Named) -> None:
    """Raises CaseworkError for an @name that means nobody, or several, with the way out."""
    if named.unclear:
        raise CaseworkError(
            f"Several people on this case are called “{named.unclear[0]}”. Type the whole name, or tick the one whom "
            "you mean and leave the @ out.",
            field="text",
        )
    for word in named.unknown:
        others = [one.user for one in case.team if not one.user.may(Action.READ_STORY)]
        known = named_in(f"@{word}", as_people(others))
        if known.ids or known.unclear:
            raise CaseworkError(
                f"{word} is on the team of this case, but does not read its notes. Leave the @ out, and tell them "
                "yourself.",
                field="text",
            )
        raise CaseworkError(
            f"Nobody who may read this is called “{word}”. Type the name as it stands below, or leave the @ out.",
            field="text",
        )


def as_people(users: Iterable[User]) -> list[Person]:
    """These accounts, by what they can be called."""
    return [Person(one.id, one.name, one.sign_in_name) for one in users]

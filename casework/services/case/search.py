"""What somebody finds who looks for words in one box: only what pages show them, each in its kind.

What search keeps is asked first, with every rule of who sees what: the group, the cases one is on, what is hidden, and
what a role may not read. So what is left out is not even counted. Then the rows themselves are read, through the same
rules once more, and what is shown comes from them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, text
from sqlalchemy.orm import selectinload

from casework import clock
from casework.domain.case.search import SOUND, Excerpt, Wanted, begins_all, excerpt, wanted, words_of
from casework.domain.case.sounds import sounds_of
from casework.domain.safety.accounts import Action
from casework.services.case import search_index
from casework.services.case.latin import to_latin
from casework.services.case.search_index import texts_at, value_at
from casework.services.case.search_nearness import GOES_ON, farness, is_likely
from casework.services.case.search_seats import Person, find_seats
from casework.services.letters import letter_pages
from casework.services.safety import audit
from casework.storage import hosted
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, SearchEntry, TeamMember, User
from casework.storage.search_tables import INDEX
from casework.storage.searched import BY_TABLE, Searched

MOST = 20  # of each kind of row
MOST_AS_TYPED = 5
SEARCHED = "searched"
BOLD = "**"  # as the words of a letter are written
EXACT, SOUNDS = 0, 1
OF_ONE_ROW = 100  # more parts than any row has


@dataclass(frozen=True)
class Hit:
    """One row that was found. `sounds` says that it is spelt in another way than what was looked for."""

    source: str
    row: Any
    part: int
    case: Case | None
    excerpt: Excerpt
    sounds: bool
    farness: float


@dataclass(frozen=True)
class Found:
    """What was found. `more` are the tables of which there is more than is shown; `whole` is False while rows wait."""

    wanted: Wanted
    hits: tuple[Hit, ...] = ()
    seats: tuple[Person, ...] = ()
    more: frozenset[str] = frozenset()
    whole: bool = True


def find(query: str, actor: User, *, as_typed: bool = False) -> Found:
    """Everything that this person may see and in which each of these words begins a word, the best first."""
    asked = wanted(query, to_latin)
    if asked.is_nothing:
        return Found(asked)
    most = MOST_AS_TYPED if as_typed else MOST
    whole = search_index.take_in(search_index.MOST_AT_ONCE)
    rows = db.session.execute(_entries(asked, actor, most)).all()
    seats = find_seats(asked, most) if actor.may(Action.USE_DIRECTORY) else []
    more = frozenset(row.source for row in rows if row.place > most)
    return Found(
        asked, tuple(_hits(asked, [row for row in rows if row.place <= most])), tuple(seats), more, whole
    )


def note(actor: User) -> None:
    """Keep in the trail that this person searched, once in half an hour; never what for."""
    recent = select(AuditEvent.id).where(
        AuditEvent.user_id == actor.id,
        AuditEvent.action == SEARCHED,
        AuditEvent.at > clock.now() - audit.LOOKS_ON,
    )
    if db.session.scalar(recent.limit(1)) is None:
        audit.record(SEARCHED, actor)
        db.session.commit()


def _entries(asked: Wanted, actor: User, most: int) -> Select[Any]:
    """The query of the entries that fit, so many of each table and one more: those that are spelt so first."""
    titled = and_(SearchEntry.source == "letters", SearchEntry.template.in_(_titled(asked)))
    exact = or_(SearchEntry.id.in_(_matching(asked, sounds=False)), titled)
    nearness = case((exact, EXACT), else_=SOUNDS)
    # Of the parts of one row the one that fits best stands for it.
    best = (
        select(
            SearchEntry.source,
            SearchEntry.row_id,
            func.min(nearness * OF_ONE_ROW + SearchEntry.part).label("best"),
        )
        .where(or_(SearchEntry.id.in_(_matching(asked, sounds=True)), titled), *_may_see(actor))
        .group_by(SearchEntry.source, SearchEntry.row_id)
        .subquery()
    )
    order = (best.c.best, best.c.row_id.desc())
    place = func.row_number().over(partition_by=best.c.source, order_by=order).label("place")
    placed = select(best.c.source, best.c.row_id, best.c.best, place).subquery()
    return select(placed).where(placed.c.place <= most + 1).order_by(placed.c.source, placed.c.place)


def _may_see(actor: User) -> list[ColumnElement[bool]]:
    """Whether a page shows this to whoever asks. Group and what is hidden are left out of every query besides."""
    mine = select(TeamMember.case_id).where(TeamMember.user_id == actor.id)
    allowed = [action.value for action in Action if actor.may(action)]
    found: list[ColumnElement[bool]] = [
        or_(
            SearchEntry.case_id.in_(mine),
            and_(SearchEntry.case_id.is_(None), SearchEntry.group_id == actor.group_id)
            if actor.may(Action.USE_DIRECTORY)
            else false(),
        ),
        or_(SearchEntry.needs.is_(None), SearchEntry.needs.in_(allowed)),
    ]
    if not actor.may(Action.READ_STORY):
        found.append(
            or_(SearchEntry.source != "letters", SearchEntry.template.in_(letter_pages.open_to_all()))
        )
    return found


def _titled(asked: Wanted) -> list[str]:
    """The letters that have all these words in their title, as it is today."""
    known = letter_pages.letters().templates.items()
    return [key for key, one in known if begins_all(asked, words_of(one.title, to_latin))]


def _matching(asked: Wanted, *, sounds: bool) -> Any:
    """The ids of the entries that have all words, by the index of the database at hand."""
    name = "sounding" if sounds else "spelt"  # both stand in one query
    if hosted.is_postgres(db.engine):
        found = text(
            "SELECT id FROM search_entries "  # noqa: S608 names of our own
            f"WHERE array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:{name} AS tsquery)"
        )
        value = _of_postgres(asked, sounds)
    else:
        found = text(f"SELECT rowid AS id FROM {INDEX} WHERE {INDEX} MATCH :{name}")  # noqa: S608 a name of our own
        value = _of_sqlite(asked, sounds)
    return found.bindparams(**{name: value}).columns(id=SearchEntry.id.type)


def _of_sqlite(asked: Wanted, sounds: bool) -> str:
    """The query as FTS5 has it. There are but small letters and figures in it, whatever was typed."""
    return " OR ".join(
        "(" + " AND ".join(f"({' OR '.join(_written(one, '*', sounds))})" for one in words) + ")"
        for words in _ways(asked)
    )


def _of_postgres(asked: Wanted, sounds: bool) -> str:
    """The same as PostgreSQL has it."""
    return " | ".join(
        "(" + " & ".join(f"({' | '.join(_written(one, ':*', sounds))})" for one in words) + ")"
        for words in _ways(asked)
    )


def _ways(asked: Wanted) -> list[tuple[str, ...]]:
    """The words, and all in one: "LS11 0ES" is "LS110ES", and "Abdul Rahman" is "Abdulrahman"."""
    return [asked.words, (asked.joined,)] if len(asked.words) > 1 else [asked.words]


def _written(word: str, begins: str, sounds: bool) -> list[str]:
    """One word, which may go on; and what it sounds like. `begins` is the sign for that."""
    quote = '"' if begins == "*" else "'"
    wanted = [(word, len(word) > 1)]
    wanted += [(SOUND + key, len(key) >= GOES_ON) for key in sounds_of(word)] if sounds else []
    return [f"{quote}{one}{quote}{begins if goes_on else ''}" for one, goes_on in wanted]


def _hits(asked: Wanted, rows: Sequence[Any]) -> list[Hit]:
    """The rows themselves, each table asked once, the best first."""
    found: list[Hit] = []
    for source in dict.fromkeys(row.source for row in rows):
        of_table = BY_TABLE[source]
        places = {row.row_id: row.best for row in rows if row.source == source}
        live = db.session.scalars(_live(of_table, list(places))).unique()
        found += sorted(_near_hits(asked, of_table, live, places), key=lambda hit: (hit.farness, -hit.row.id))
    return found


def _near_hits(asked: Wanted, source: Searched, rows: Iterable[Any], places: dict[int, int]) -> Iterator[Hit]:
    """These rows as hits, without those that only share the sound of a short name."""
    for row in rows:
        nearness, number = divmod(places[row.id], OF_ONE_ROW)
        part, far = source.parts[number], 0.0
        if sounds := nearness == SOUNDS:
            kept = search_index.words_of(row, part)
            if not is_likely(asked, kept):
                continue
            far = farness(asked, kept)
        texts = [one.replace(BOLD, "") for one in texts_at(row, part.columns)]
        piece = excerpt(texts, asked, to_latin)
        yield Hit(source.table, row, number, value_at(row, source.case), piece, sounds, far)


def _live(source: Searched, ids: list[int]) -> Select[Any]:
    query = select(source.model).where(source.model.id.in_(ids))
    for name in ("case", "supporter", "map"):
        if hasattr(source.model, name):
            query = query.options(selectinload(getattr(source.model, name)))
    return query

"""The statement that reads a page of the board.

Three tables hold running dates. Each is gone through in the order of the board along an index of what is open, no
further than a page is long, and what was found is put together: a page costs the same however many dates follow it.
Nothing that somebody typed stands in the statement itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Date, TextualSelect, bindparam, text

from casework.domain.timing.board import GRAVE_KINDS, Cursor, Filters, When, Whose
from casework.domain.timing.deadline_rules import Kind, OwedBy, WaitingFor
from casework.domain.timing.diary import FROM, EntrySource
from casework.storage.database import Instant, db


class Way(Enum):
    """Which of the tables is gone through first: x holds the dates, c the cases and t who works on them."""

    ALL = "xct"
    OWN = "tcx"
    THESE = "ctx"


@dataclass(frozen=True)
class Source:
    """A table of dates. Of two with the same day to aim for the sooner `final` comes first, then the lower rank."""

    kind: EntrySource
    rank: int
    table: str
    is_open: str
    aim: str
    final: str
    in_order: str
    columns: dict[str, str]
    may_lack_a_day: bool = True


KEPT = (
    "kind", "rule_key", "owed_by", "waiting_for", "safe_on", "last_on", "earliest_on", "stated_on", "stated_by",
    "stated_from", "window_from", "window_until", "cannot_say", "moved",
)  # fmt: skip
COLUMNS = (*KEPT, "title", "who", "said")
# A date's working goes day by day, and is a hundred times as long as what the board says of it: this alone is read.
SAID = ("name", "about", "clock", "condition")
OF_WORKING = {
    "sqlite": "json_extract(x.working, '$.name', '$.about', '$.clock', '$.condition')",
    "postgresql": """(SELECT json_build_array(name, about, clock, condition)
        FROM json_to_record(x.working) AS of_it(name text, about text, clock text, condition text))""",
}
# The hour at which a last day ends, as `has_hour` knows one.
HOUR = {"sqlite": "json_extract(x.working, '$.clock')", "postgresql": "x.working ->> 'clock'"}
DAYS = ("aim", "final", "safe_on", "last_on", "earliest_on", "stated_on", "window_from", "window_until")
NO_END = "date('9999-12-31')"
IN_ORDER = "aim NULLS FIRST, final NULLS FIRST, source, number"
# A list in one value, so that it may be as long as it likes.
EACH_CASE = {
    "sqlite": "SELECT value FROM json_each(:cases)",
    "postgresql": "SELECT json_array_elements_text(CAST(:cases AS json))",
}
# The + keeps SQLite from looking through all cases of the group for those that are named. PostgreSQL knows from its
# statistics how many of the group there are, and with a + it would not.
OF_GROUP = {"sqlite": "+c.group_id = :group", "postgresql": "c.group_id = :group"}
ALWAYS, NEVER = "TRUE", "FALSE"
# What `storage.models.seen` asks of every other query.
NOT_HIDDEN = "(x.hidden IS NULL OR (t.sees IS NULL AND :sees_unasked) OR t.sees LIKE '%' || x.hidden || '%')"
# Whether somebody works on more cases than a few, without counting all of them; and whether any has a flight ahead:
# there are few flights, and CROSS JOIN has SQLite begin with them and not with all cases of this person.
OF_ACTOR = text("""SELECT
    (SELECT count(*) FROM (SELECT 1 FROM team_members WHERE user_id = :actor LIMIT :few_cases + 1) AS few) AS cases,
    EXISTS (SELECT 1 FROM removals AS r CROSS JOIN team_members AS t
        WHERE t.case_id = r.case_id AND t.user_id = :actor AND r.ended_as IS NULL AND r.departs_on IS NOT NULL
    ) AS flights""")

DEADLINES = Source(
    EntrySource.DEADLINE, 1, "deadlines", "x.settled_on IS NULL", "x.aim_on", "x.final_on",
    "x.aim_on, x.final_on, x.id", {name: f"x.{name}" for name in KEPT},
)  # fmt: skip
VISITS = Source(
    EntrySource.VISIT, 2, "surgery_visits", "x.recorded_at IS NULL", "x.held_on", NO_END, "x.held_on, x.id",
    {"title": "x.member_name", "last_on": "x.held_on", "who": "x.who_went"},
)  # fmt: skip
FOLLOW_UPS = Source(
    EntrySource.FOLLOW_UP, 3, "follow_ups", "x.done_on IS NULL", "x.due_on", NO_END, "x.due_on, x.id",
    {"title": "x.what", "last_on": "x.due_on", "who": "x.who"}, may_lack_a_day=False,
)  # fmt: skip


def statement(
    filters: Filters, after: Cursor | None, way: Way, *, story: bool = True
) -> TextualSelect | None:
    """What to ask: what has no day, at most `:few` of it, and the dates, at most `:most`, in no order of their own.

    None: nothing fits. To sort whole rows takes SQLite half as long as to find them: `in_order` does.
    `way` changes how long that takes, and nothing else. It also takes `:actor`, `:group`, `:cases`, `:today`, `:soon`,
    `:hour`, `:kind`, `:waiting_for`, and of a place `:aim`, `:final`, `:source` and `:row`, and `:sees_unasked`,
    whether hidden things are shown to the actor unless their team said otherwise. Without the `story` there are no
    dates that a rule made.
    """
    if filters.when is When.TO_WORK_OUT:
        parts = [_part(filters, after, way, dated=False, most=":most", story=story)]
    else:
        parts = [_part(filters, after, way, dated=True, most=":most", story=story)]
        if after is None and filters.when is None:
            parts.insert(0, _part(filters, None, way, dated=False, most=":few", story=story))
    page = " UNION ALL ".join(f"SELECT * FROM ({part}) AS part" for part in parts if part)  # noqa: S608 - only our own
    if not page:
        return None
    shown = " UNION ALL ".join(_shown(source) for source in _sources(story))
    return _of(f"WITH page AS MATERIALIZED ({page}) {shown}")


@lru_cache(maxsize=256)
def _of(asked: str) -> TextualSelect:
    """This statement with its kinds of columns, put together once: no value stands in it, so that there are few."""
    found = text(asked).columns(**dict.fromkeys(DAYS, Date()), changed_at=Instant(), said=JSON())
    of_days = [
        bindparam(name, type_=Date()) for name in ("today", "soon", "aim", "final") if f":{name}" in asked
    ]
    return found.bindparams(*of_days)


def in_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """By what the rows of a page are sorted: `IN_ORDER`, for Python."""
    aim, final = row["aim"], row["final"]
    return (
        aim is not None,
        aim or date.min,
        final is not None,
        final or date.min,
        row["source"],
        row["number"],
    )


def _sources(story: bool) -> tuple[Source, ...]:
    return (DEADLINES, VISITS, FOLLOW_UPS) if story else (VISITS, FOLLOW_UPS)


def _part(filters: Filters, after: Cursor | None, way: Way, *, dated: bool, most: str, story: bool) -> str:
    """What there is with a day, or without one, in the order of the board; empty where nothing fits."""
    selects = [
        _found(source, way, [*narrowed, *_place(source, after, dated=dated)], most)
        for source in _sources(story)
        if (dated or source.may_lack_a_day) and (narrowed := _narrowed(source, filters)) is not None
    ]
    return f"{' UNION ALL '.join(selects)} ORDER BY {IN_ORDER} LIMIT {most}" if selects else ""


def _found(source: Source, way: Way, where: list[str], most: str) -> str:
    """Which dates of one table come first: found in its index alone."""
    tables = {"x": f"{source.table} AS x", "c": "cases AS c", "t": "team_members AS t"}
    # CROSS JOIN has SQLite go through the tables in the order in which they stand.
    joined = " CROSS JOIN ".join(tables[name] for name in way.value)
    seen = ALWAYS if source is DEADLINES else NOT_HIDDEN
    found = f"""SELECT {source.aim} AS aim, {source.final} AS final, {source.rank} AS source, x.id AS number
        FROM {joined} WHERE {source.is_open} AND {seen}
        AND c.id = x.case_id AND {OF_GROUP[db.engine.dialect.name]} AND c.closed_on IS NULL
        AND t.case_id = x.case_id AND t.user_id = :actor
        AND {" AND ".join(where)} ORDER BY {source.in_order} LIMIT {most}"""  # noqa: S608 - only our own
    return f"SELECT * FROM ({found}) AS found"  # noqa: S608 - only our own


def _shown(source: Source) -> str:
    """The dates of one table that stand on the page: only those are read whole."""
    known = source.columns | ({"said": OF_WORKING[db.engine.dialect.name]} if source is DEADLINES else {})
    columns = ", ".join(f"{known.get(name, _nothing(name))} AS {name}" for name in COLUMNS)
    return f"""SELECT page.aim AS aim, page.final AS final, page.source AS source, page.number AS number,
        c.reference AS reference, c.name_used AS name_used, c.official_name AS official_name,
        x.changed_at AS changed_at, x.owner_id AS owner_id,
        (SELECT name FROM users WHERE id = x.owner_id) AS owner, {columns}
        FROM page CROSS JOIN {source.table} AS x CROSS JOIN cases AS c
        WHERE page.source = {source.rank} AND x.id = page.number AND c.id = x.case_id"""  # noqa: S608 - only our own


def _nothing(name: str) -> str:
    """What stands in a column that this table lacks: of the kind of the others, for PostgreSQL asks for that."""
    return "CAST(NULL AS DATE)" if name in DAYS else "NULL"


def _place(source: Source, after: Cursor | None, *, dated: bool) -> list[str]:
    """Where the page begins. The day comes first by itself, so that the index is entered there."""
    if not dated:
        beyond = [f"({source.rank}, x.id) > (:source, :row)"] if after else []
        return [f"{source.aim} IS NULL", *beyond]
    if after is None:
        return [f"{source.aim} IS NOT NULL"]
    place = f"({source.aim}, {source.final}, {source.rank}, x.id) > (:aim, :final, :source, :row)"
    return [f"{source.aim} >= :aim", place]


def _narrowed(source: Source, filters: Filters) -> list[str] | None:
    """The conditions of these filters on this table; None where no row of it can fit."""
    if filters.grave and source is not DEADLINES:
        return None
    found = []
    if filters.whose:
        found.append("x.owner_id = :actor" if filters.whose is Whose.ME else "x.owner_id IS NULL")
    if filters.cases:
        found.append(f"c.reference IN ({EACH_CASE[db.engine.dialect.name]})")
    if filters.grave:
        found.append(
            f"(x.kind IN {_names(GRAVE_KINDS)} OR x.kind = '{Kind.HARD_LIMIT}' AND x.owed_by = '{OwedBy.US}')"
        )
    if filters.kind:
        found.append(_of_kind(source, filters.kind))
    if filters.waiting_for:
        found.append(_waits(source, filters.waiting_for))
    if filters.when in (When.WEEK, When.OVERDUE):
        found.append(_near(source, filters.when))
    return None if NEVER in found else found


def _of_kind(source: Source, kind: Kind | EntrySource) -> str:
    if isinstance(kind, Kind):
        return "x.kind = :kind" if source is DEADLINES else NEVER
    return ALWAYS if kind is source.kind else NEVER


def _waits(source: Source, waiting_for: WaitingFor) -> str:
    if source is DEADLINES:
        return "x.waiting_for = :waiting_for"
    if source is FOLLOW_UPS and waiting_for is WaitingFor.MEMBER:
        return "x.who IS NOT NULL"
    if source is FOLLOW_UPS and waiting_for is WaitingFor.US:
        return "x.who IS NULL"
    return ALWAYS if source is VISITS and waiting_for is WaitingFor.US else NEVER


def _near(source: Source, when: When) -> str:
    """What `DiaryEntry.has_passed` says of what is overdue; or what is due within a week, or may happen already."""
    if source is not DEADLINES:
        return f"{source.aim} < :today" if when is When.OVERDUE else f"{source.aim} BETWEEN :today AND :soon"
    from_then_on = f"x.kind IN {_names(FROM)}"
    if when is When.OVERDUE:
        hour = HOUR[db.engine.dialect.name]
        ends = f"x.final_on = :today AND x.kind = '{Kind.HARD_LIMIT}' AND {hour} LIKE '__:__' AND {hour} <= :hour"
        return f"x.aim_on <= :today AND (x.final_on < :today AND NOT {from_then_on} OR {ends})"
    return f"x.aim_on <= :soon AND (x.final_on >= :today OR {from_then_on})"


def _names(kinds: tuple[Kind, ...]) -> str:
    return "({})".format(", ".join(f"'{kind.value}'" for kind in kinds))

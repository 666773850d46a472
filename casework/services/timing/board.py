"""The board: every running date of every open case that somebody works on. `services.timing.board_sql` asks for it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from casework import clock
from casework.domain.consent.need_to_know import sees_unasked
from casework.domain.safety.accounts import Action, Role, may
from casework.domain.timing.board import Cursor, Filters, When, Whose
from casework.domain.timing.deadline_rules import DeadlineRule, Kind, OwedBy
from casework.domain.timing.deadlines import SOON_DAYS
from casework.domain.timing.diary import DiaryEntry
from casework.services.timing import diary
from casework.services.timing.board_sql import FOLLOW_UPS, OF_ACTOR, SAID, VISITS, Way, in_order, statement
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import User

PAGE = 50  # as in the list of cases
LONG_PAGE = 500  # for a print; as many as can be taken at once
TO_WORK_OUT = 20
EVERYTHING = 2**31
# Somebody with no more cases than this is answered from their own cases; with more, from the dates of everybody.
FEW_CASES = 1000
# What an entry is given as it is read, under the same name.
OF_ALL = ("reference", "last_on", "owner_id", "owner", "changed_at")
OF_DEADLINES = (
    "safe_on", "earliest_on", "stated_on", "stated_by", "stated_from", "window_from", "window_until", "cannot_say",
    "moved",
)  # fmt: skip


@dataclass(frozen=True)
class BoardPage:
    """A page of the board: some of what has no day yet, and the dates in order. `next` is where more begins.

    Without `flights` none is ahead in any of their cases; with it there may be some to stand above the dates.
    """

    to_work_out: list[DiaryEntry]
    dates: list[DiaryEntry]
    next: Cursor | None = None
    more_to_work_out: bool = False
    flights: bool = True


def board(
    actor: User,
    filters: Filters | None = None,
    after: Cursor | None = None,
    *,
    most: int = PAGE,
    few: int = TO_WORK_OUT,
) -> BoardPage:
    """What runs in all the open cases that this person works on, the soonest first, from after a place on.

    What has no day yet comes apart, on the first page alone; narrowed to it, it is the page.
    """
    filters = filters or Filters()
    without_a_day = filters.when is When.TO_WORK_OUT
    if after and (after.aim is None) != without_a_day:
        after = None
    way, has_flights = _way(actor, filters)
    asked = statement(filters, after, way, story=may(Role(actor.role), Action.READ_STORY))
    if asked is None:
        return BoardPage([], [], flights=has_flights)
    found = db.session.execute(asked, _given(actor, filters, after, most, few))
    # A page reads a hundred rows of 27 columns: asked by name of each row, the names would cost more than the rows.
    names = tuple(found.keys())
    rows = sorted((dict(zip(names, row, strict=True)) for row in found.all()), key=in_order)
    rules = rule_book().rules
    undated = [row for row in rows if row["aim"] is None]
    dated = rows[len(undated) :]
    above = undated[: most if without_a_day else few]
    below = [] if without_a_day else dated[:most]
    shown = diary.as_they_stand([_entry(row, rules) for row in (*above, *below)])
    if without_a_day:
        return BoardPage(shown, [], _next(undated, most), flights=has_flights)
    return BoardPage(
        shown[: len(above)],
        shown[len(above) :],
        _next(dated, most),
        more_to_work_out=len(undated) > few,
        flights=has_flights,
    )


def _way(actor: User, filters: Filters) -> tuple[Way, bool]:
    """From which table the dates are found, and whether there may be flights above them.

    Somebody with few cases is answered from those. It is asked by itself, so that the statement of the board holds one
    way alone: PostgreSQL plans it anew each time.
    """
    if filters.cases:
        return Way.THESE, True
    if filters.whose is Whose.ME:
        return Way.ALL, False
    found = db.session.execute(OF_ACTOR, {"actor": actor.id, "few_cases": FEW_CASES}).one()
    return Way.OWN if found.cases <= FEW_CASES else Way.ALL, bool(found.flights)


def _given(actor: User, filters: Filters, after: Cursor | None, most: int, few: int) -> dict[str, Any]:
    today = clock.today()
    given: dict[str, Any] = {
        "actor": actor.id,
        "group": actor.group_id,
        "sees_unasked": sees_unasked(Role(actor.role)),
        "cases": json.dumps(filters.cases),
        "kind": filters.kind,
        "waiting_for": filters.waiting_for,
        "today": today,
        "hour": f"{clock.in_london():%H:%M}",
        "soon": today + timedelta(days=SOON_DAYS),
        "most": most + 1,
        "few": few + 1,
    }
    if after:
        given |= {"source": after.source, "row": after.row, "aim": after.aim, "final": after.final}
    return given


def _next(rows: Sequence[Mapping[str, Any]], most: int) -> Cursor | None:
    if len(rows) <= most:
        return None
    last = rows[most - 1]
    return Cursor(last["aim"], last["final"], last["source"], last["number"])


def _entry(row: Mapping[str, Any], rules: Mapping[str, DeadlineRule]) -> DiaryEntry:
    """What the diary would show of this row; its `source` is the rank of its table."""
    shared = {name: row[name] for name in OF_ALL}
    shared["id"] = row["number"]
    shared["person"] = row["name_used"] or row["official_name"] or row["reference"]
    if row["source"] == VISITS.rank:
        return diary.visit_entry(row["title"], row["who"], **shared)
    if row["source"] == FOLLOW_UPS.rank:
        return diary.follow_up_entry(row["title"], row["who"], **shared)
    return diary.deadline_entry(
        row["rule_key"],
        rules.get(row["rule_key"]),
        Kind(row["kind"]),
        dict(zip(SAID, row["said"], strict=True)),
        waiting_for=row["waiting_for"],
        owed_by=OwedBy(row["owed_by"]),
        **shared,
        **{name: row[name] for name in OF_DEADLINES},
    )


def running_in(actor: User, references: Iterable[str]) -> dict[str, list[DiaryEntry]]:
    """Everything that runs in each of these cases, by its reference: the dates in order, then what has no day yet."""
    found: dict[str, list[DiaryEntry]] = {reference: [] for reference in references}
    if found:
        page = board(actor, Filters(cases=tuple(found)), most=EVERYTHING, few=EVERYTHING)
        for entry in (*page.dates, *page.to_work_out):
            found[entry.reference].append(entry)
    return found

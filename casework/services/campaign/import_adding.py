"""The rows of a list become supporters, all at once; and the list can be taken back whole."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select

from casework import clock
from casework.domain.campaign.sheet_cells import better_name
from casework.domain.campaign.supporter_imports import TO_ADD, ImportState, RowState, offers_in
from casework.domain.errors import CaseworkError
from casework.services import saving
from casework.services.campaign import imports
from casework.services.campaign.import_twice import check_twice, is_seen
from casework.services.case.case_places import locate
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, ImportRow, SignUp, Supporter, SupporterImport, User
from casework.storage.models.supporters import EVEN_STOPPED

OF_PERSON = ("name", "address", "postcode", "email", "phone", "languages")
_SOME = 500  # ids in one question to the database


@dataclass(frozen=True)
class Added:
    """How many supporters are new, and how many rows were somebody who was there already."""

    new: int
    joined: int


@dataclass
class _Person:
    """Somebody whom the rows make or fill: new, or known by the id of the supporter."""

    person: dict[str, Any]
    choices: dict[str, Any]
    rows: list[int] = field(default_factory=list)
    supporter_id: int | None = None


def add(
    case: Case,
    sheet_id: int,
    version: int,
    actor: User,
    *,
    told_on: date | None,
    better_names: bool = False,
    said: Collection[str] = (),
) -> Added:
    """Make supporters of every row that is ready, and join those that are the same person to whoever is there.

    `told_on` is the day of the notice, for rows that say none; `said` what all in the list agreed to, of
    `imports.AGREED`. All are saved together or none, and the cells of the rows are emptied. Raises OutOfDate when
    somebody changed the list since `version`; CaseworkError when there is nothing to add, or when since the last look
    somebody came to be there whom a row may be: that is asked once.
    """
    sheet = imports.get(case, sheet_id)
    imports.claim(sheet, ImportState.WAITING, ImportState.ADDED, version=version)
    rows = _ready(sheet, actor)
    people = _people(rows, told_on, better_names)
    for one in people:
        one.choices = agreed(one.choices, said)
    with saving.or_out_of_date(imports.CHANGED_MEANWHILE):
        changes = [*_add_new(case, sheet, people), *_fill_known(case, sheet, people)]
    imports.set_rows(changes)
    new = sum(1 for one in people if one.supporter_id is None)
    added = Added(new, len(rows) - new)
    counts = sheet.counts
    sheet.counts = {
        **counts,
        "added": counts.get("added", 0) + added.new,
        "joined": counts.get("joined", 0) + added.joined,
        "said": sorted(said),
    }
    sheet.notice_given_on = told_on
    sheet.state, sheet.added_at = ImportState.ADDED, sheet.added_at or clock.now()
    audit.record(
        "supporters added from a sheet", actor, case, sheet=sheet.id, new=added.new, known=added.joined
    )
    db.session.commit()
    return added


def _ready(sheet: SupporterImport, actor: User) -> Sequence[Any]:
    """The rows to add. Raises CaseworkError where there is none, or where one has to be looked at first."""
    if new_doubles := check_twice(sheet, actor):
        db.session.commit()
        raise CaseworkError(
            f"Somebody was added meanwhile who may be in this list too ({new_doubles}). Look at those who may be"
            " there twice, and then add the list."
        )
    rows = _rows(sheet, actor)
    if not rows:
        db.session.rollback()
        raise CaseworkError("There is no row to add.")
    return rows


def names_to_better(sheet: SupporterImport) -> list[tuple[str, str]]:
    """The names among the rows to add that may be better written, and how."""
    query = select(ImportRow.cells["name"].as_string()).where(imports.of_state(sheet, *TO_ADD))
    pairs = ((name or "", better_name(name or "")) for name in db.session.scalars(query))
    return [(name, better) for name, better in pairs if better]


def _rows(sheet: SupporterImport, actor: User) -> Sequence[Any]:
    """The rows to add in the order of the sheet, each with whether the actor may see whom it may be."""
    query = select(
        ImportRow.id, ImportRow.number, ImportRow.state, ImportRow.cells, ImportRow.like_number,
        ImportRow.like_supporter_id, is_seen(actor, ImportRow.like_supporter_id).label("seen"),
    )  # fmt: skip
    return db.session.execute(query.where(imports.of_state(sheet, *TO_ADD)).order_by(ImportRow.number)).all()


def _people(rows: Iterable[Any], told_on: date | None, better_names: bool) -> list[_Person]:
    """Everybody whom these rows make or fill, each once."""
    people: list[_Person] = []
    held: dict[int, _Person] = {}
    became: dict[int, _Person] = {}  # by the number of the row
    for row in rows:
        person, choices = details_of(row.cells, told_on, better_names)
        one = None
        if row.state in (RowState.SAME, RowState.ALIKE):
            # What somebody decided holds; what nobody decided only where whoever adds may see both.
            if row.like_supporter_id and (row.seen or row.state == RowState.SAME):
                one = held.setdefault(
                    row.like_supporter_id, _Person(person, choices, [], row.like_supporter_id)
                )
            else:
                one = became.get(row.like_number)
        if one is None:
            one = _Person(person, choices)
        else:
            _fill(one.person, person)
            _fill(one.choices, choices)
        if not one.rows:
            people.append(one)
        one.rows.append(row.id)
        became[row.number] = one
    return people


def _fill(kept: dict[str, Any], more: Mapping[str, Any]) -> None:
    kept.update({name: value for name, value in more.items() if value and not kept.get(name)})


def details_of(
    cells: Mapping[str, str], told_on: date | None, better_names: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a row says of the person, and what they choose for this case; what they agreed to is as `agreed` says.

    `told_on` is the day of the notice where the row says none; `better_names` write what is in
    capitals the usual way.
    """
    person: dict[str, Any] = {name: cells.get(name) for name in OF_PERSON}
    if better_names:
        person["name"] = better_name(person["name"]) or person["name"]
    day = cells.get("notice_given_on")
    person["notice_given_on"] = date.fromisoformat(day) if day else told_on
    choices = {
        "writes": cells.get("writes"),
        "connection": cells.get("connection"),
        "to_member": cells.get("to_member"),
        "how_known": cells.get("how_known"),
        "own_words": cells.get("own_words"),
        "offers": offers_in(cells.get("offers", ""))[0],
        "table_name": cells.get("table"),
    }
    return person, choices


def agreed(choices: Mapping[str, Any], said: Collection[str]) -> dict[str, Any]:
    """The choices with what they agreed to: what their own row says, or else what somebody said of the whole list.

    Where nobody said anything they agreed to nothing.
    """
    writes = choices["writes"] == "yes" if choices["writes"] else "writes" in said
    return {**choices, "writes": writes, "counted": "counted" in said}


def _add_new(case: Case, sheet: SupporterImport, people: Sequence[_Person]) -> Iterator[dict[str, Any]]:
    """Add those who are new, and say what becomes of their rows."""
    new = [one for one in people if one.supporter_id is None]
    if not new:
        return
    today, seats = clock.today(), dict[str, tuple[str | None, str | None]]()
    for one in new:
        postcode = one.person["postcode"]
        if postcode not in seats:
            seats[postcode] = locate(postcode)
        one.person["gss_code"], one.person["gss_basis"] = seats[postcode]
    ids = _insert(Supporter, [{**one.person, "added_on": today, "heard_on": today} for one in new])
    for one, supporter_id in zip(new, ids, strict=True):
        one.choices["supporter_id"] = supporter_id
    sign_ups = _insert(SignUp, [_sign_up(case, sheet, one.choices) for one in new])
    for one, sign_up_id in zip(new, sign_ups, strict=True):
        for place, row_id in enumerate(one.rows):
            yield _emptied(row_id, RowState.JOINED if place else RowState.ADDED, sign_up_id)


def _sign_up(case: Case, sheet: SupporterImport, choices: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "case_id": case.id, "import_id": sheet.id, "joined_on": clock.today(), "joined_how": "import",
        "words_at": clock.now() if choices["how_known"] or choices["own_words"] else None, **choices,
    }  # fmt: skip


def _insert(model: Any, rows: list[dict[str, Any]]) -> Sequence[int]:
    """The ids of the new rows, in their order. Whoever holds the list in hand is alone in writing."""
    last = db.session.scalar(select(func.max(model.id))) or 0
    # What is empty is written too, so that all rows go in one statement.
    db.session.execute(insert(model), rows, execution_options={"render_nulls": True})
    return db.session.scalars(select(model.id).where(model.id > last).order_by(model.id)).all()


def _emptied(row_id: int, state: RowState, sign_up_id: int, **cells: str) -> dict[str, Any]:
    return {
        "id": row_id, "state": state, "sign_up_id": sign_up_id, "cells": cells, "problems": [], "mended": [],
        "like_supporter_id": None, "like_number": None,
    }  # fmt: skip


def _fill_known(case: Case, sheet: SupporterImport, people: Sequence[_Person]) -> Iterator[dict[str, Any]]:
    """Sign up those who are known, fill what was empty, and say what becomes of their rows.

    The row keeps the names of what was filled and the versions after it, so that the list can be taken back.
    """
    known = {one.supporter_id: one for one in people if one.supporter_id is not None}
    supporters = {one.id: one for some in parts(known) for one in _found(Supporter, Supporter.id.in_(some))}
    sign_ups = {
        one.supporter_id: one
        for some in parts(known)
        for one in _found(SignUp, SignUp.case_id == case.id, SignUp.supporter_id.in_(some))
    }
    filled: list[tuple[_Person, Supporter, SignUp, list[str], list[str]]] = []
    for supporter_id, one in known.items():
        supporter, row = supporters[supporter_id], sign_ups.get(supporter_id)
        of_person = _fill_row(supporter, one.person)
        if "postcode" in of_person:
            supporter.gss_code, supporter.gss_basis = locate(supporter.postcode or "")
        supporter.heard_on = clock.today()
        of_choices: list[str] = []
        if row is None:
            row = SignUp(**_sign_up(case, sheet, one.choices), supporter=supporter)
            db.session.add(row)
        else:
            # What they chose themselves for this case is not chosen anew by a list.
            of_choices = _fill_row(
                row, {name: one.choices[name] for name in one.choices if name not in imports.AGREED}
            )
        filled.append((one, supporter, row, of_person, of_choices))
    db.session.flush()
    for one, supporter, row, of_person, of_choices in filled:
        facts = {
            "person": " ".join(of_person), "choices": " ".join(of_choices),
            "versions": f"{supporter.version}.{row.version}",
        }  # fmt: skip
        for place, row_id in enumerate(one.rows):
            yield _emptied(row_id, RowState.JOINED, row.id, **({} if place else facts))


def _fill_row(row: Any, values: Mapping[str, Any]) -> list[str]:
    """The names of what was empty and is filled now."""
    empty = [name for name, value in values.items() if value and not getattr(row, name)]
    for name in empty:
        setattr(row, name, values[name])
    return empty


def _found(model: Any, *where: Any) -> list[Any]:
    """The rows, also of somebody who stopped a moment ago: no list signs them up again."""
    return list(db.session.scalars(select(model).where(*where), execution_options=EVEN_STOPPED))


def parts(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """The ids, some at a time: a question to the database may name only so many."""
    rest = list(ids)
    for begin in range(0, len(rest), _SOME):
        yield rest[begin : begin + _SOME]

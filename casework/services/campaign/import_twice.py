"""Which rows of a list may be somebody who is there already, in the list itself or in the actor's own cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update

from casework.domain.campaign.supporter_imports import LIKE, OPEN, RowState
from casework.services.case.likely_same import Known, KnownPeople, folded_name, one_by_one, same_person
from casework.storage.database import db
from casework.storage.models import ImportRow, SignUp, Supporter, SupporterImport, TeamMember, User

FIELDS = ("name", "postcode", "email", "phone", "address")


@dataclass(frozen=True)
class Pair:
    """A row, whom it may be, and why we think so. The other is a supporter, or an earlier row of the same list."""

    row: ImportRow
    why: str
    supporter: Supporter | None = None
    is_here: bool = False
    other: ImportRow | None = None

    @property
    def sides(self) -> list[tuple[str, str, str]]:
        """What both say, side by side: the field, the row, the other."""
        theirs: Mapping[str, Any] = (
            {field: getattr(self.supporter, field) for field in FIELDS}
            if self.supporter
            else (self.other.cells if self.other else {})
        )
        mine = self.row.cells
        return [
            (field, mine.get(field) or "", theirs.get(field) or "")
            for field in FIELDS
            if mine.get(field) or theirs.get(field)
        ]


def is_seen(actor: User, supporter_id: Any) -> ColumnElement[bool]:
    """What a query asks for supporters of the actor's own cases: nobody else is ever shown or hinted at."""
    own = select(SignUp.supporter_id).join(TeamMember, TeamMember.case_id == SignUp.case_id)
    own = own.where(TeamMember.user_id == actor.id, SignUp.stopped_at.is_(None))
    seen: ColumnElement[bool] = supporter_id.in_(own)
    return seen


def check_twice(sheet: SupporterImport, actor: User) -> int:
    """Look anew which open rows may be somebody who is there; how many that is new for. The caller saves.

    What somebody decided stays, as long as it is about the same two.
    """
    query = select(
        ImportRow.id, ImportRow.number, ImportRow.state, ImportRow.cells,
        ImportRow.like_supporter_id, ImportRow.like_number,
    )  # fmt: skip
    rows = db.session.execute(
        query.where(ImportRow.import_id == sheet.id, ImportRow.state.in_(OPEN)).order_by(ImportRow.number)
    ).all()
    people = (known(row.number, row.cells) for row in rows)
    changed, new = [], 0
    for row, (_, held, before) in zip(
        rows, one_by_one(people, KnownPeople(_held(sheet, actor))), strict=True
    ):
        supporter, number = (found[0].other.key if found else None for found in (held, before))
        same = (supporter, number) == (row.like_supporter_id, row.like_number)
        state = row.state
        if state != RowState.WRONG and (not same or state not in LIKE):
            state = _at_first(known(None, row.cells), held or before)
        if not same or state != row.state:
            new += state in LIKE
            changed.append(
                {"id": row.id, "state": state, "like_supporter_id": supporter, "like_number": number}
            )
    if changed:
        db.session.execute(update(ImportRow), changed)
    return new


def _at_first(person: Known, found: Sequence[Any]) -> RowState:
    """What counts until somebody decides: the same name or mail is the same person, a name that is only near is not.

    Ann and Dan at one address are two people, and neither may sign with the words of the other.
    """
    if not found:
        return RowState.READY
    other: Known = found[0].other
    same_name = folded_name(person.name) == folded_name(other.name)
    same_mail = bool(person.email) and person.email.casefold() == other.email.casefold()
    return RowState.ALIKE if same_name or same_mail else RowState.TWO


def _held(sheet: SupporterImport, actor: User) -> Iterable[Known]:
    """Everybody whom the actor may see, those of this case first."""
    columns = select(Supporter.id, Supporter.name, Supporter.postcode, Supporter.email, Supporter.phone)
    here = Supporter.id.in_(select(SignUp.supporter_id).where(SignUp.case_id == sheet.case_id))
    for asked in (here, ~here & is_seen(actor, Supporter.id)):
        for one in db.session.execute(columns.where(asked)):
            yield Known(one.id, one.name, one.postcode or "", one.email or "", one.phone or "")


def known(key: object, cells: Mapping[str, str]) -> Known:
    """A row as far as it takes to know somebody again."""
    return Known(
        key,
        cells.get("name", ""),
        cells.get("postcode", ""),
        cells.get("email", ""),
        cells.get("phone", ""),
    )


def pairs(sheet: SupporterImport, rows: Iterable[ImportRow], actor: User) -> list[Pair]:
    """Each of these rows beside the one whom it may be. A supporter whom the actor may not see is not there."""
    rows = list(rows)
    seen = {
        one.id: one
        for one in db.session.scalars(
            select(Supporter).where(
                Supporter.id.in_([row.like_supporter_id for row in rows if row.like_supporter_id]),
                is_seen(actor, Supporter.id),
            )
        )
    }
    here = set(
        db.session.scalars(
            select(SignUp.supporter_id).where(
                SignUp.case_id == sheet.case_id, SignUp.supporter_id.in_(list(seen))
            )
        )
    )
    numbers = [row.like_number for row in rows if row.like_number is not None]
    earlier = select(ImportRow).where(ImportRow.import_id == sheet.id, ImportRow.number.in_(numbers))
    by_number = {one.number: one for one in db.session.scalars(earlier)}
    found = []
    for row in rows:
        if supporter := seen.get(row.like_supporter_id or 0):
            found.append(Pair(row, _why(row, _person(supporter)), supporter, supporter.id in here))
        elif other := by_number.get(row.like_number or -1):
            found.append(Pair(row, _why(row, known(None, other.cells)), other=other))
    return found


def _person(supporter: Supporter) -> Known:
    return Known(None, supporter.name, supporter.postcode or "", supporter.email or "", supporter.phone or "")


def _why(row: ImportRow, other: Known) -> str:
    return same_person(known(None, row.cells), other) or "they look alike"

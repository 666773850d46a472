"""The rows of a case that another group handed over, on their way in: under numbers and people of this instance."""

import secrets
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, insert, select, update

from casework import clock
from casework.domain.campaign.batches import BatchState
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.services.case.cases import reference_for
from casework.services.letters import log_keys
from casework.services.safety.case_file_reading import CaseFile
from casework.services.safety.link_secrets import hash_of
from casework.storage.asking import group_of_new_rows
from casework.storage.case_exports import (
    IN_PACKS,
    NUMBERS_IN_JSON,
    SIGNED_BY,
    USERS,
    foreign_keys,
    tables_to_export,
)
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, TeamMember, User

ELSEWHERE = "elsewhere-"
"""How the names begin by which nobody signs in: those of people who worked on a case in another group."""

NOT_HERE = " (not here)"
LONGEST_NAME = 180


class CaseAdding:
    """The rows of a case on their way in: each gets a number of this instance, and whatever leads to it follows."""

    def __init__(self, found: CaseFile, actor: User | None, same_names: bool) -> None:
        self._found, self._same_names = found, same_names
        self._actor = actor
        self.keeper = actor or organisers()[0]
        self._numbers: dict[str, dict[int, int]] = {}
        self._later: list[tuple[Table, int, str, int]] = []
        self.case: Case | None = None
        self.reference = str(found.rows["cases"][0]["reference"])

    def add(self) -> Case:
        """The case, with all its rows flushed and none saved."""
        self._numbers[USERS.name] = self._people()
        for table in tables_to_export():
            numbers = self._numbers[table.name] = {}
            for row in self._found.rows[table.name]:
                numbers[row["id"]] = self._insert(table, row)
        for table, number, name, old in self._later:
            values = {name: self._numbers[table.name][old]}
            db.session.execute(update(table).where(table.c.id == number).values(values))
        for table in tables_to_export():
            for row in self._found.rows[table.name]:
                self._renumber(table, row)
        (number,) = self._numbers["cases"].values()
        case = self.case = db.session.get_one(Case, number)
        for user in {self.keeper, *organisers()}:
            db.session.add(TeamMember(case_id=number, user_id=user.id))
        for row in self._found.rows["go_bags"]:
            log_keys.take_over(number, self._numbers["go_bags"][row["id"]], row["token"], row["log_key"])
        self._add_trail(case)
        db.session.flush()
        return case

    def _insert(self, table: Table, row: dict[str, Any]) -> int:
        """The number that the row has here."""
        values = {name: value for name, value in row.items() if name != "id"}
        for column, target in foreign_keys(table):
            old = values.get(column.name)
            if target.name not in self._numbers:
                values[column.name] = self._from_here(column)
            elif target is table and old is not None:
                values[column.name] = None
            elif old is not None:
                values[column.name] = self._numbers[target.name][old]
        if "group_id" in table.c:
            values["group_id"] = self.keeper.group_id
        _make_harmless(table.name, values)
        if table.name == "cases":
            values["reference"] = reference_for(self.reference)
        number = int(db.session.scalars(insert(table).values(values).returning(table.c.id)).one())
        for column, target in foreign_keys(table):
            if target is table and row.get(column.name) is not None:
                self._later.append((table, number, column.name, row[column.name]))
        return number

    def _from_here(self, column: Column[Any]) -> Any:
        """What stands in a column that leads to something of an instance itself: nothing, or what the keeper has."""
        return None if column.nullable else getattr(self.keeper, column.name)

    def _renumber(self, table: Table, row: dict[str, Any]) -> None:
        """Give numbers of rows within JSON those that the rows have here, once all of them are known."""
        values: dict[str, Any] = {}
        for name, column, key, target in NUMBERS_IN_JSON:
            told = values.get(column, row.get(column)) if name == table.name else None
            if isinstance(told, dict) and told.get(key) is not None:
                known, old = self._numbers[target], told[key]
                here = [known[one] for one in old] if isinstance(old, list) else known[old]
                values[column] = {**told, key: here}
        name, column, key, pattern = SIGNED_BY
        facts = row.get(column) if name == table.name else None
        if isinstance(facts, dict) and (signed := pattern.fullmatch(str(facts.get(key)))):
            new = self._numbers["supporters"].get(int(signed[1]))
            values[column] = {**facts, key: f"supporter {new}" if new else ""}
        if table.name == "packs":
            values["contents"] = [{**one, "key": self._key_here(one["key"])} for one in row["contents"]]
        if values:
            number = self._numbers[table.name][row["id"]]
            db.session.execute(update(table).where(table.c.id == number).values(values))

    def _key_here(self, key: str) -> str:
        """The key of a thing in a pack, with the number that its row has here; 0 where it was gone already."""
        kind, _, old = key.partition("_")
        return f"{kind}_{self._numbers[IN_PACKS[kind]].get(int(old), 0)}" if kind in IN_PACKS else key

    def _people(self) -> dict[int, int]:
        """An account here for each name: the one of that name, or one by which nobody signs in."""
        here: dict[str, list[int]] = {}
        if self._same_names:
            for user in db.session.scalars(select(User).where(_of_this_group(), User.active)):
                here.setdefault(user.name, []).append(user.id)
        stand_ins = {
            user.name: user.id
            for user in db.session.scalars(
                select(User).where(_of_this_group(), User.sign_in_name.startswith(ELSEWHERE))
            )
        }
        found = {}
        for number, name in self._found.people.items():
            same = here.get(name, [])
            elsewhere = name.removesuffix(NOT_HERE)[:LONGEST_NAME] + NOT_HERE
            known = same[0] if len(same) == 1 else stand_ins.get(elsewhere)
            found[number] = known or self._stand_in(elsewhere, stand_ins)
        return found

    def _stand_in(self, name: str, stand_ins: dict[str, int]) -> int:
        user = User(
            name=name,
            sign_in_name=f"{ELSEWHERE}{secrets.token_hex(8)}",
            role=Role.VOLUNTEER,
            active=False,
            created_at=clock.now(),
        )
        db.session.add(user)
        db.session.flush()
        stand_ins[name] = user.id
        return user.id

    def _add_trail(self, case: Case) -> None:
        """The lines of the trail, each marked as written elsewhere: nobody here did or saw any of it."""
        for line in self._found.trail:
            db.session.add(
                AuditEvent(
                    at=line["at"],
                    user_name=line["by"],
                    action=line["action"],
                    case_id=case.id,
                    facts={**line["facts"], "elsewhere": True},
                )
            )


def _make_harmless(table: str, values: dict[str, Any]) -> None:
    """End what would let somebody in, or begin by itself: links and pages of there, batches under way."""
    if "token_hash" in values:
        values["token_hash"] = hash_of(secrets.token_urlsafe(32))
    for column in ("revoked_at", "closed_at"):
        if column in values and "token_hash" in values:
            values[column] = values[column] or clock.now()
    if table == "call_rounds":
        values["closed_at"] = values["closed_at"] or clock.now()
    if table == "go_bags":  # until `log_keys.take_over` has looked at them
        values["token"] = values["log_key"] = None
    if table == "supporters":
        values["stop_hash"] = None
    if table == "batches" and values["state"] in (BatchState.WAITING, BatchState.RUNNING):
        values["state"] = BatchState.PAUSED


def organisers() -> list[User]:
    """Those who run this group. Raises CaseworkError when there is nobody: a case needs somebody who sees it."""
    found = db.session.scalars(
        select(User).where(_of_this_group(), User.role == Role.ORGANISER, User.active).order_by(User.id)
    ).all()
    if not found:
        raise CaseworkError("There is no organiser yet who could look after this case.")
    return list(found)


def _of_this_group() -> ColumnElement[bool]:
    """Somebody of the group that takes the case; at the machine itself, which sees all groups, of the first one."""
    return User.group_id == group_of_new_rows()

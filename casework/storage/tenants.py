"""Groups kept apart by PostgreSQL itself: each transaction says for which it asks, and sees and writes no other's.

It is a second net under `models/seen.py`: a query that forgets the group, or goes past the models, finds nothing of
another one. A connection that says nothing sees nothing; the machine itself says 0. Whoever can have the database
run whatever they like can say so too, and a superuser is bound by none of it.

Whoever is named in a case is seen by the group that has it, so a row that is written names nobody but those who are
seen already: else a group would see whom it likes by naming them.
"""

from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, event

from casework.storage.asking import FIRST_GROUP, group_now
from casework.storage.database import Base

SETTING, EVERY = "casework.group", 0
# How a connection that no request uses says that it looks over the whole machine.
LOOKS_OVER_ALL = f"-c {SETTING}={EVERY}"
# What is one for the whole machine: counts, marks, rules, and papers that only the key of a case opens.
OF_THE_MACHINE = frozenset({
    "audit_head", "backups", "groups", "instance_notes", "lasting_keys", "retention_choices", "retention_reports",
    "rule_changes", "search_waiting", "sign_in_attempts", "stored_papers", "submissions", "workers",
})  # fmt: skip
_SAID = "casework group"
# The last rule that is written, which keeps by which version they all were.
_MARKED = "people_who_worked_here"
_WAY_BACK = "ROLLBACK TO SAVEPOINT"
# Asked once for each query. A number, so that PostgreSQL knows from its statistics how many rows that leaves.
_NOW = f"(SELECT nullif(current_setting('{SETTING}', true), '')::integer)"


def ask_for_one_group(engine: Engine) -> None:
    """Have each transaction say for which group it asks before its first statement, and again when that changes."""

    @event.listens_for(engine, "before_cursor_execute")
    def say(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        group = str(group_now() or EVERY)
        # Where something went wrong nothing can be said before the way back to what was right.
        if connection.info.get(_SAID) != group and not statement.startswith(_WAY_BACK):
            connection.info[_SAID] = group
            connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (SETTING, group))

    def over(connection: Connection, *rest: Any) -> None:
        if not connection.invalidated:  # what was kept of one that was cut is gone with it
            connection.info.pop(_SAID, None)

    for end in ("commit", "rollback", "rollback_savepoint"):
        event.listen(engine, end, over)

    @event.listens_for(engine, "checkin")
    def given_back(dbapi_connection: Any, record: Any) -> None:
        record.info.pop(_SAID, None)


def keep_apart(connection: Connection) -> None:
    """Write the rules of every table anew, as the tables are now. They bind the owner of the tables too."""
    connection.exec_driver_sql("; ".join([*_steps(), f"COMMENT ON POLICY {_MARKED} ON users IS '{_mark()}'"]))


def are_of_today(connection: Connection) -> bool:
    """Whether the rules in this database are those that this version writes: they change without the tables too."""
    kept = connection.exec_driver_sql(
        "SELECT obj_description(oid, 'pg_policy') FROM pg_policy "
        "WHERE polname = %s AND polrelid = to_regclass('users')",
        (_MARKED,),
    )
    return bool(kept.scalar() == _mark())


@cache
def _mark() -> str:
    return sha256("; ".join(_steps()).encode()).hexdigest()


def _steps() -> list[str]:
    steps = [f"DROP POLICY IF EXISTS {_MARKED} ON users"]
    for table in Base.metadata.sorted_tables:
        steps.append(f"DROP POLICY IF EXISTS one_group ON {table.name}")
        if table.name not in OF_THE_MACHINE:
            steps += [
                f"CREATE POLICY one_group ON {table.name} USING ({rule_of(table)}) "
                f"WITH CHECK ({may_be_written(table)})",
                f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY",
            ]
    return [*steps, *_show_who_worked_here()]


def rule_of(table: Table) -> str:
    """What makes a row of this table one of the group that asks, in SQL. Raises LookupError where nothing does."""
    name = table.name
    if name == "audit_events":
        # What nobody did, in no case, stands with the group that runs the machine: as `services.safety.audit` shows it.
        return (
            f"{_NOW} = {EVERY} OR {_is_under('cases', f'{name}.case_id')} OR {_is_own(f'{name}.user_id')} "
            f"OR EXISTS (SELECT FROM erased_cases up WHERE up.erased_case_id = {name}.case_id) "
            f"OR ({name}.case_id IS NULL AND {name}.user_id IS NULL AND {_NOW} = {FIRST_GROUP})"
        )
    if name == "one_time_links":
        return f"{_NOW} = {EVERY} OR {name}.group_id = {_NOW} OR {_is_own(f'{name}.user_id')}"
    if "group_id" in table.c:
        return f"{_NOW} = {EVERY} OR {name}.group_id = {_NOW}"
    way = way_of(table)
    to, column = _leads_to(way), f"{name}.{way.name}"
    return f"{_NOW} = {EVERY} OR {_is_own(column) if to == 'users' else _is_under(to, column)}"


def may_be_written(table: Table) -> str:
    """The same for a row that is written, which besides names nobody whom the group does not see already."""
    rule = rule_of(table)
    if table.name == "audit_events":  # what Casework does by itself may always be kept in the trail
        rule += f" OR ({table.name}.case_id IS NULL AND {table.name}.user_id IS NULL)"
    if named := _names_nobody_new(table):
        return f"({rule}) AND ({_NOW} = {EVERY} OR ({' AND '.join(named)}))"
    return rule


def _names_nobody_new(table: Table) -> list[str]:
    """What each column that names somebody has to fulfil when a row is written."""
    name = table.name
    if name == "one_time_links":  # it lets in whom it names
        return [f"({name}.user_id IS NULL OR {_is_own(f'{name}.user_id')})"]
    named = [
        f"({name}.{column} IS NULL OR {_is_under('users', f'{name}.{column}')})"
        for column in _people_in(table)
        if "group_id" in table.c or way_of(table).name != column  # else it is somebody of the group anyway
    ]
    if name == "erased_cases":  # it shows the trail of the case that it names
        named.append(_is_under("cases", f"{name}.erased_case_id"))
    return named


def _people_in(table: Table) -> list[str]:
    """The columns that name somebody with an account."""
    return sorted(key.parent.name for key in table.foreign_keys if key.column.table.name == "users")


def way_of(table: Table) -> Column[Any]:
    """The column that leads from a row to what says its group: its case before all, its person last."""
    ways = [
        key.parent
        for key in table.foreign_keys
        if not key.parent.nullable and key.column.table.name not in OF_THE_MACHINE
    ]
    if not ways:
        raise LookupError(
            f"No column of {table.name} leads to a group. Name it in tenants.OF_THE_MACHINE, or why."
        )
    return min(ways, key=lambda way: (_leads_to(way) == "users", _leads_to(way) != "cases", way.name))


def _leads_to(way: Column[Any]) -> str:
    return str(next(iter(way.foreign_keys)).column.table.name)


def _is_under(table: str, column: str) -> str:
    """Whether what this column leads to is there for whoever asks: the rule of that table decides it.

    As a value and not by EXISTS, which PostgreSQL would answer by looking through all cases once in a query.
    """
    return f"(SELECT true FROM {table} up WHERE up.id = {column})"  # noqa: S608 names of our own tables


def _is_own(column: str) -> str:
    """Whether this is somebody of the group: whoever worked on a case that came from elsewhere is not."""
    return f"(SELECT true FROM users up WHERE up.id = {column} AND up.group_id = {_NOW})"  # noqa: S608 as above


def _show_who_worked_here() -> list[str]:
    """Let a group read whom its cases name: whoever wrote a note keeps their name under it after the case moved on."""
    named = [
        f"EXISTS (SELECT FROM {table.name} WHERE {column} = somebody)"
        for table in Base.metadata.sorted_tables
        if table.name not in OF_THE_MACHINE | {"one_time_links"}
        for column in _people_in(table)
        if "group_id" in table.c or not _leads_to_a_person(table)
    ]
    return [
        "CREATE OR REPLACE FUNCTION casework_worked_here(somebody integer) RETURNS boolean LANGUAGE plpgsql STABLE "
        f"AS $$ BEGIN RETURN {' OR '.join(named)}; END $$",
        # The rule of all once more, first: nearly everybody who is looked at is of the group.
        f"CREATE POLICY {_MARKED} ON users FOR SELECT "
        f"USING ({rule_of(Base.metadata.tables['users'])} OR casework_worked_here(id))",
    ]


def _leads_to_a_person(table: Table) -> bool:
    return _leads_to(way_of(table)) == "users"

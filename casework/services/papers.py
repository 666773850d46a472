"""The papers of a case: issued letters, packs and scans, kept encrypted and read back whole."""

from sqlalchemy import Column, Table, select

from casework.storage import case_rows
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Case


def keep(case: Case, content: bytes) -> str:
    """The name, a SHA-256 in hex, under which these bytes are now kept for this case."""
    return current_instance().archive.put(content)


def read(case: Case, name: str) -> bytes:
    """The bytes kept for this case under this name. Raises CaseworkError when they are missing or damaged."""
    return current_instance().archive.get(name)


def remove(case: Case, name: str) -> None:
    """Take away one paper of this case that nobody may keep any more. One that is not there is no matter."""
    current_instance().archive.remove(name)


def erase_case(case: Case) -> None:
    """Take away every paper of this case, but for those that another case keeps too. It cannot be taken back."""
    for name in named_by(case) - _named_by_others(case):
        remove(case, name)


def named_by(case: Case) -> set[str]:
    """The names of the papers that rows of this case speak of."""
    found: set[str] = set()
    for table, column in _name_columns():
        of_case = case_rows.belongs(table, case.id)
        found |= set(db.session.scalars(select(column).where(of_case, column.is_not(None))))
    return found


def remove_unnamed(case: Case, names: set[str]) -> None:
    """Take away those of these papers of which no row speaks any more."""
    for name in names - named_by(case) - _named_by_others(case):
        remove(case, name)


def _named_by_others(case: Case) -> set[str]:
    found: set[str] = set()
    for table, column in _name_columns():
        elsewhere = select(column).where(~case_rows.belongs(table, case.id), column.is_not(None))
        found |= set(db.session.scalars(elsewhere))
    return found


def _name_columns() -> list[tuple[Table, "Column[str]"]]:
    """The columns that name a paper of the archive. One that is no such name is no file, and no matter."""
    return [
        (table, column)
        for table in case_rows.tables_of_a_case()
        for column in table.c
        if column.name.endswith("sha256")
    ]

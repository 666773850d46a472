"""The data dictionary: every table and column, what it holds, about whom, and how long it is kept.

The words stand in `dictionary.toml`, one line a column; the columns come from the tables themselves, so that a column
without words is noticed.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from casework.storage import models
from casework.storage.database import Base

WHOM = {
    "person": "the person",
    "sensitive": "the person; special category, or as grave",
    "supporter": "a supporter",
    "team": "the team",
    "others": "others",
    "nobody": "nobody",
}
HEAD = """# What Casework keeps, column by column

Made by `casework dictionary`; the words stand in `casework/storage/dictionary.toml`. A test fails when a column is
missing.

Everything lies in the encrypted database, papers in the encrypted archive. How long things are kept is the group's own
policy: no law names these times, the UK GDPR says only that nothing about a person is kept longer than it is needed
(article 5(1)(e); nobody read it for this list). An organiser can choose others under You › How long we keep things;
those here are the usual ones. “Special category” means what articles 9 and 10 of the UK GDPR guard most (health,
religion, ethnic origin, politics, offences), and besides whatever could hurt the person in the wrong hands.
"""


def words() -> dict[str, Any]:
    """The words for every table."""
    return tomllib.loads(Path(__file__).with_name("dictionary.toml").read_text(encoding="utf-8"))


def lines_of(table: Table, known: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each column of a table: its name, about whom it is, and what it holds; empty words where nobody wrote them."""
    own, shared = known.get(table.name, {}), known["shared"]
    for column in table.c:
        target = next((key.column.table.name for key in column.foreign_keys), "")
        said = own.get(column.name) or (
            f"nobody: which row of `{target}`" if target else shared.get(column.name, "")
        )
        whom, _, what = said.partition(": ")
        yield column.name, "team" if target == "users" else whom, what


def as_markdown() -> str:
    """The whole dictionary as a page."""
    known, parts = words(), [HEAD]
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        own = known.get(table.name, {})
        parts.append(f"## {table.name}\n\n{own.get('_what', '')} **Kept:** {own.get('_kept', '')}\n")
        parts.append("| column | about | holds |\n| --- | --- | --- |")
        parts += [
            f"| `{name}` | {WHOM.get(whom, '')} | {what} |" for name, whom, what in lines_of(table, known)
        ]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


__all__ = ["WHOM", "as_markdown", "lines_of", "models", "words"]

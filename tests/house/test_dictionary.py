"""Nothing is kept that the data dictionary does not name."""

import re

from sqlalchemy import Table

from casework.storage.database import db
from tests.house.test_words import said

ENTRY = re.compile(r"^- \*\*`(\w+)`\*\*(.*(?:\n  .*)*)", re.MULTILINE)
MARKS = re.compile(r"\s(?:F|P|S|D|A|T|M|as )")


def entries() -> dict[str, str]:
    return dict(ENTRY.findall(said("docs/data-dictionary.md")))


def told(table: Table) -> set[str]:
    """The fields of a table that the dictionary has to name: the numbers that rows are known by go without saying."""
    return {
        column.name
        for column in table.columns
        if column.name not in ("id", "version") and not column.name.endswith("_id")
    }


def test_every_field_of_every_table_stands_in_the_data_dictionary():
    written = entries()
    missing = {
        table.name: sorted(name for name in told(table) if f"`{name}`" not in written.get(table.name, ""))
        for table in db.metadata.tables.values()
    }
    assert {name: fields for name, fields in missing.items() if fields} == {}
    assert {table.name for table in db.metadata.tables.values()} == set(written)


def test_every_table_says_how_long_it_is_kept():
    assert [name for name, words in entries().items() if not MARKS.match(words)] == []

"""No column is kept of which nobody says what it is, about whom, and for how long."""

from pathlib import Path

from casework.storage.database import Base
from casework.storage.dictionary import WHOM, as_markdown, lines_of, words

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_every_column_is_in_the_dictionary_and_nothing_besides() -> None:
    known = words()
    missing = [
        f"{table.name}.{name}"
        for table in Base.metadata.sorted_tables
        for name, whom, what in lines_of(table, known)
        if whom not in WHOM or not what
    ]
    assert missing == []
    tables = Base.metadata.tables
    for name, own in known.items():
        if name != "shared":
            assert own["_what"], name
            assert own["_kept"], name
            assert set(own) - {"_what", "_kept"} <= set(tables[name].c.keys()), name
    assert set(tables) == set(known) - {"shared"}


def test_the_page_is_the_one_that_the_tables_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), (
        "run: casework dictionary > docs/data-dictionary.md"
    )

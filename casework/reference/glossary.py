"""The glossary that the program carries, read from its file."""

import tomllib
from functools import cache
from pathlib import Path

from casework.domain.language.glossary import Checked, Term, in_order
from casework.domain.said import of_ours
from casework.reference.fields import Fields
from casework.reference.rule_book import read_sources

FILE = Path(__file__).parent / "glossary.toml"
KNOWN = ("name", "also", "says", "status", "source", "read_in", "read_on")


@cache
def terms() -> tuple[Term, ...]:
    """Every word, as in a dictionary. Raises SettingsError that names the one that cannot be read."""
    titles = {key: source.title for key, source in read_sources().items()}
    found = [_term(table, titles) for table in tomllib.loads(FILE.read_text("utf-8"))["terms"]]
    return tuple(in_order(found))


def _term(table: dict[str, object], titles: dict[str, str]) -> Term:
    fields = Fields(f"glossary.toml, {table.get('name', 'a word without a name')}", table, KNOWN)
    named = fields.words("source", ())
    for key in named:
        if key not in titles:
            raise fields.wrong("source", f"{key!r} is not in sources.toml")
    sources = tuple(titles[key] for key in named) + ((fields.text("read_in"),) if "read_in" in table else ())
    status, read_on = fields.choice("status", Checked), fields.day("read_on")
    if (status is Checked.READ) != bool(sources and read_on):
        raise fields.wrong("status", "what was read names its source and its day, and nothing else does")
    return Term(
        of_ours(fields.text("name")),
        fields.words("also", ()),
        of_ours(fields.text("says")),
        status,
        sources,
        read_on,
    )

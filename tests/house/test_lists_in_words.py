"""A list that people read is said by `in_a_row`, so that it ends as a list does in each reader's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import casework
from casework.settings import resource_dir

ROOT = Path(casework.__file__).parent
FLOORS = ("domain", "services", "web")
SIGNS = {", ", "; ", " and ", " or ", ", and ", ", or "}
MEND = "Say it with in_a_row(…), or names(…); if nobody reads it as a sentence, give its reason here."
BY_COMMAS = re.compile(r"[^{}]*\|\s*join\(\s*(?:'(?:, |; | and | or )'|\"(?:, |; | and | or )\")\s*\)[^{}]*")

# What is joined by signs alone, and why that is right.
ON_PAPER = "facts beside their names, in English as on the paper"
FOR_MACHINES = "a machine reads it"
AS_PUBLISHED = "what Parliament publishes, in its own words"
IN_CODE = {
    "domain/said.py:in_a_row": "the one place",
    "domain/campaign/sheet_cells.py:list_of": "a cell as it is kept",
    "domain/timing/vcards.py:_card": "the parts of a firm's name",
    "domain/parliament/criteria.py:_met": AS_PUBLISHED,
    "domain/parliament/offices.py:content": "a name and a post, as they were typed",
    "services/campaign/supporter_list.py:_cells": "cells of a sheet",
    "services/campaign/signing.py:own_lines": ON_PAPER,
    "services/letters/go_bag_contents.py:_brief": ON_PAPER,
    "services/safety/case_imports.py:_rehearse": "shown to nobody",
    "services/timing/recounting.py:move": "kept as it was said on that day",
    "services/timing/board_sql.py:": FOR_MACHINES,
    "services/consent/own_view.py:": ON_PAPER,
    "services/consent/went_out.py:": ON_PAPER,
    "web/campaign/reach.py:_cells": "cells of a sheet",
    "web/letters/letter_wordings.py:_shown": "an example out of a letter, which is English",
    "web/headers.py:": FOR_MACHINES,
    "web/safety/audit.py:": "the trail is English, and written as names with values",
    "web/parliament/members.py:_map": "numbers and names of places, drawn into a map",
    "web/language/known_words.py:joined": "parts with commas in them, which every language parts so",
}
ON_PAGES = {
    "place.address | join(', ')": "an address",
    "place.sources | join('; ')": "names of sources",
    "term.sources | join('; ') | english": "names of sources",
    "one.missing | join(', ') | english": "gaps of an English letter",
    "columns | join(', ') | english": "the first row of a sheet",
    "numbers | join(', ')": "numbers alone",
}


def joined_by_signs(file: Path) -> Iterator[str]:
    """The functions of a file in which something is joined by commas, semicolons or "and"."""
    place = file.relative_to(ROOT).as_posix()

    def look(node: ast.AST, function: str) -> Iterator[str]:
        if isinstance(node, ast.FunctionDef):
            function = node.name
        is_join = isinstance(node, ast.Attribute) and node.attr == "join"
        if is_join and isinstance(node.value, ast.Constant) and node.value.value in SIGNS:
            yield f"{place}:{function}"
        for child in ast.iter_child_nodes(node):
            yield from look(child, function)

    yield from look(ast.parse(file.read_text("utf-8")), "")


def test_no_list_that_people_read_is_joined_by_hand_in_the_code():
    found = {
        one for floor in FLOORS for file in (ROOT / floor).rglob("*.py") for one in joined_by_signs(file)
    }
    unknown = {one for one in found if not any(one.startswith(known) for known in IN_CODE)}
    assert unknown == set(), MEND
    assert [known for known in IN_CODE if not any(one.startswith(known) for one in found)] == []


def test_no_list_that_people_read_is_joined_by_hand_on_a_page():
    found = {
        joined.strip()
        for page in resource_dir("templates").rglob("*.html")
        for joined in BY_COMMAS.findall(page.read_text("utf-8"))
    }
    assert found - set(ON_PAGES) == set(), MEND
    assert set(ON_PAGES) - found == set()

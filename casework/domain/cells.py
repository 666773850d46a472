"""Cells of a table that a spreadsheet shows as they are, and never reckons."""

import re

# What a spreadsheet takes for the beginning of a formula, the wide forms of Chinese and Japanese keyboards too.
_SIGN = "[-=+@＝＋－＠]"
_RUNS = re.compile(rf"['\s]*{_SIGN}|'*[\t\r\n]")
# Where lists are parted by semicolons, as in much of Europe, Excel splits a table of commas at these, and there another
# cell begins.
_BEGINS_ANOTHER = re.compile(rf"([;\t\r\n])(?=['\"\s]*{_SIGN})")
_BEGAN_ANOTHER = re.compile(rf"([;\t\r\n])'(?=['\"\s]*{_SIGN})")


def harmless(cell: str) -> str:
    """The cell with an apostrophe wherever a formula could begin in it. `as_typed` takes them off again."""
    inside = _BEGINS_ANOTHER.sub(r"\1'", cell)
    return f"'{inside}" if _RUNS.match(inside) else inside


def as_typed(cell: str) -> str:
    """The cell without the apostrophes that `harmless`, or Excel, puts before what could run as a formula."""
    whole = cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell
    return _BEGAN_ANOTHER.sub(r"\1", whole)

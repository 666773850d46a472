"""Cells of a table that a spreadsheet shows as they are, and never reckons."""

import re

# What a spreadsheet takes for the beginning of a formula, the wide forms of Chinese and Japanese keyboards too.
_SIGN = "[-=+@＝＋－＠]"
_RUNS = re.compile(rf"['\s]*{_SIGN}|'*[\t\r\n]")
# Where lists are parted by semicolons, as in much of Europe, Excel splits a table of commas at these, and there another
# cell begins. All that may stand before a sign is looked at in one go: a stranger's cell may be long, and hold nothing
# but line ends.
_BEFORE_SIGN = re.compile(rf"(?:;['\"\s]*+|(?<![;'\"\s])['\"\s]++)(?={_SIGN})")
_PARTED = re.compile(r"([;\t\r\n])")
_PARTED_HARMLESS = re.compile(r"([;\t\r\n])'")


def harmless(cell: str) -> str:
    """The cell with an apostrophe wherever a formula could begin in it. `as_typed` takes them off again."""
    inside = _BEFORE_SIGN.sub(lambda before: _PARTED.sub(r"\1'", before[0]), cell)
    return f"'{inside}" if _RUNS.match(inside) else inside


def as_typed(cell: str) -> str:
    """The cell without the apostrophes that `harmless`, or Excel, puts before what could run as a formula."""
    whole = cell[1:] if cell.startswith("'") and _RUNS.match(cell[1:]) else cell
    return _BEFORE_SIGN.sub(lambda before: _PARTED_HARMLESS.sub(r"\1", before[0]), whole)

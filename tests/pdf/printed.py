"""The papers of the house as their samples fill them: each is printed once in a process, and read once."""

from functools import cache
from pathlib import Path

from casework.pdf.catalogues import open_catalogue
from casework.pdf.letters import Letters

FOLDER = Path(__file__).parents[2] / "letters"
LETTERS = Letters(FOLDER)
ALL = list(LETTERS.templates)


def one_of_each_layout(keys: list[str]) -> list[str]:
    """The first of these papers for each layout: papers of one layout differ in their words alone."""
    return list({LETTERS.template(key).layout: key for key in reversed(keys)}.values())[::-1]


def sample_pdf(key: str, code: str = "", *, size: int | None = None, fillable: bool = False) -> bytes:
    """The paper filled from its sample; with a code in two languages, with `fillable` as a form."""
    return _printed(key, code, size, fillable)


@cache
def _printed(key: str, code: str, size: int | None, fillable: bool) -> bytes:
    letters, values = LETTERS, LETTERS.sample(key)
    if code or fillable:
        beside = open_catalogue(code, [FOLDER / "languages"]) if code else None
        letters = LETTERS.printed_with(beside, fillable=fillable)
    return letters.pdf(key, letters.prefill(key, values), values, size=size)

"""Words of the program as a translator sees them: sentences with {named} values and <tags>, and what fits them.

A message is the English itself. `{name}` stands for a value and `<a>…</a>` for a piece of the page; what a link leads
to, or how a piece looks, never goes to a translator and never comes back from one.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from casework.domain.errors import CaseworkError

NUMBER = "number"  # the value that decides between one and several
# What a language may do without: a number that is a word of its own, and the English grammar of a pronoun.
MAY_BE_LEFT_OUT = frozenset({NUMBER, "they", "them", "are", "is", "live", "come", "was", "have"})
_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}|<(/?)([a-z]+[0-9]*)>")
_LETTER = re.compile(r"[A-Za-z]")  # of English, in which every message is

Part = tuple[str, str]  # what it is ("text", "value", "open", "close"), and the text or name


class Said(str):
    """English words that remember how they were made, so that they can be said in another language."""

    message: str
    values: Mapping[str, object]

    __slots__ = ("message", "values")


def say(message: str, **values: object) -> Said:
    """The English of a message with its values filled in: say("{name} came.", name="Ruth")."""
    said = Said("".join(str(values[text]) if kind == "value" else text for kind, text in parts_of(message)))
    said.message, said.values = message, values
    return said


@lru_cache(maxsize=8_000)
def parts_of(message: str) -> tuple[Part, ...]:
    """The message as texts, values and tags, in order."""
    found: list[Part] = []
    at = 0
    for place in _PLACE.finditer(message):
        if place.start() > at:
            found.append(("text", message[at : place.start()]))
        value, closes, tag = place.groups()
        found.append(("value", value) if value else ("close" if closes else "open", tag))
        at = place.end()
    if at < len(message):
        found.append(("text", message[at:]))
    return tuple(found)


def has_letters(text: str) -> bool:
    """Whether there is anything in this English to translate."""
    return bool(_LETTER.search(text))


def why_unlike(english: Iterable[str], said: str) -> str:
    """What keeps `said` from standing in place of the English; empty where nothing does.

    `english` is the message, or its two forms. Each value and each tag has to be there, none besides, and the tags
    one within the other. A few may be left out (`MAY_BE_LEFT_OUT`).
    """
    wanted = {part for one in english for part in parts_of(one) if part[0] != "text"}
    given = [part for part in parts_of(said) if part[0] != "text"]
    for kind, name in sorted(wanted - set(given)):
        if kind != "value" or name not in MAY_BE_LEFT_OUT:
            return f"{_shown(kind, name)} is missing. Copy it from the English."
    for kind, name in given:
        if (kind, name) not in wanted:
            return f"{_shown(kind, name)} does not stand in the English. Take it out."
    opened: list[str] = []
    for kind, name in given:
        if kind == "open":
            opened.append(name)
        elif kind == "close" and (not opened or opened.pop() != name):
            return f"</{name}> stands where nothing was opened. Put the signs in < > in the order of the English."
    return f"</{opened[-1]}> is missing. Copy it from the English." if opened else ""


def check_said(english: Iterable[str], said: str) -> None:
    """Nothing when it can stand in place of the English. Raises CaseworkError."""
    if why := why_unlike(english, said):
        raise CaseworkError(why, field="said")


def _shown(kind: str, name: str) -> str:
    return {"value": f"{{{name}}}", "open": f"<{name}>", "close": f"</{name}>"}[kind]

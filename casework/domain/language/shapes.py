"""Messages with values, found again by what came of them: "Ruth came to the hall." is "{name} came to the hall."

The code says its words in English, as plain text: `f"{name} came to the hall."`. So whatever is said can be raised as
an error, wait in a session until the next page, or be kept in a table for a year, and comes into the reader's language
where a page shows it. There the text is held against every message with values that the code has: its words have to
stand in it, in their order, with something between them for each value. Of several that fit the one with most words of
its own is taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casework.domain.words import NUMBER, parts_of

# Signs; what is longer was typed, and would only be looked through in vain.
LONGEST_MADE = 2_000
MANY_LETTERS = 9
# Words of its own by which a message can be known at all: "{name} is {words}." has none, and anything is like it.
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Shape:
    """A message as the fixed texts around its values. Of values side by side the first gets all that stands there."""

    message: str
    texts: tuple[str, ...]  # one more than there are values
    names: tuple[str, ...]
    besides: tuple[str, ...] = ()  # the values that come to nothing

    @property
    def letters(self) -> int:
        """How many letters of its own it has."""
        return sum(map(str.isalpha, "".join(self.texts)))

    @property
    def is_known(self) -> bool:
        """Whether it can be known again by its words."""
        return bool(self.names) and any(map(_WORD.search, self.texts))

    @property
    def is_telling(self) -> bool:
        """Whether so much of it is fixed that what somebody typed is not like it by chance."""
        return self.letters >= MANY_LETTERS or set(self.names) == {NUMBER}

    def values_in(self, text: str) -> dict[str, str] | None:
        """The values with which this message is that text; None where it is not."""
        first, *others = self.texts
        end = len(text) - len(self.texts[-1])
        if not (text.startswith(first) and text.endswith(self.texts[-1])):
            return None
        values = dict.fromkeys(self.besides, "")
        at = len(first)
        for place, (name, following) in enumerate(zip(self.names, others, strict=True), 1):
            stop = end if place == len(others) else text.find(following, at + 1, end)
            value = text[at:stop]
            if stop <= at or values.get(name, value) != value or (name == NUMBER and not _is_number(value)):
                return None
            values[name] = value
            at = stop + len(following)
        return values


def _is_number(text: str) -> bool:
    return text.replace(",", "").isdecimal()


def shape_of(message: str) -> Shape | None:
    """The shape of a message; None where it has tags, which the code never writes."""
    texts, names, besides = [""], [], []
    follows_value = False
    for kind, part in parts_of(message):
        if kind == "text":
            texts[-1] += part
        elif kind != "value":
            return None
        elif follows_value:
            besides.append(part)
        else:
            names.append(part)
            texts.append("")
        follows_value = kind == "value"
    besides = [one for one in besides if one not in names]
    return Shape(message, tuple(texts), tuple(names), tuple(besides))


class Shapes:
    """The messages of a program that are found again by their words."""

    def __init__(self, messages: Iterable[str]) -> None:
        messages = list(messages)
        # A message that is there word for word is no other one: "For all of them." is not "For {name}".
        self._whole = frozenset(one for one in messages if "{" not in one)
        made = [shape for one in messages if (shape := shape_of(one)) and shape.is_known]
        made.sort(key=lambda one: (-sum(map(len, one.texts)), one.message))
        self._shapes = [(max(one.texts, key=len), one) for one in made]

    def find(self, text: str) -> tuple[str, dict[str, str]] | None:
        """The message with most words of its own that this text can be, and its values; None where there is none."""
        found = self._found(text)
        return (found[0].message, found[1]) if found else None

    def is_by_chance(self, text: str) -> bool:
        """Whether it is like a message by a word or two alone, as what somebody typed may be."""
        found = self._found(text)
        return found is not None and not found[0].is_telling

    def _found(self, text: str) -> tuple[Shape, dict[str, str]] | None:
        if len(text) > LONGEST_MADE or text in self._whole:
            return None
        for longest, shape in self._shapes:
            if longest in text and (values := shape.values_in(text)) is not None:
                return shape, values
        return None

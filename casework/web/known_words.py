"""Words that come from the code: a message of an error, a label of a form, a state of a thing.

The code says them in English, as plain text. Where a page shows one, it is known again by its English: by the whole
of it, or by its shape where a value stands in it. Only what a template marks as words is looked at so: a person who
is called like a word of the program keeps their name.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from casework.domain.words import NUMBER, Said, parts_of
from casework.services.wordings import Words

Listed = StrEnum  # a word out of a list of the program
# Values that are words of the program themselves: those that a number makes, and what a rule says of itself.
_ALSO_WORDS = ("count", "words", "hint", "example", "why", "reason", "note", "said", "what", "left")


def say(words: Words, text: str, as_number: Callable[[Any], str]) -> str:
    """The text in the reader's language, where it is one of the program; else as it is."""
    if isinstance(text, Said):
        return (
            _filled(words, text.message, {name: str(value) for name, value in text.values.items()}, as_number)
            or text
        )
    plain = str(text.value) if isinstance(text, StrEnum) else text
    if said := words.say(plain):
        return said
    if not any(sign.isspace() or sign.isdigit() for sign in plain):
        return text
    if found := words.shapes.find(plain):
        return _filled(words, *found, as_number) or text
    return text


def _filled(words: Words, message: str, values: dict[str, str], as_number: Callable[[Any], str]) -> str:
    number = _as_number(values.get(NUMBER, ""))
    english = words.plural.get(message, message)
    said = words.say(english, message if english in words.counted else "", number)
    if not said:
        return ""
    made = []
    for kind, part in parts_of(said):
        if kind != "value":
            made.append(part)
        elif part == NUMBER and number is not None:
            made.append(as_number(number))
        else:
            value = values.get(part, "")
            made.append(say(words, value, as_number) if part.startswith(_ALSO_WORDS) else value)
    return "".join(made)


def _as_number(text: str) -> int | None:
    plain = text.replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() else None

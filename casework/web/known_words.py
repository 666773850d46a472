"""Words that come from the code: a message of an error, a label of a form, a state of a thing.

The code says them in English, as plain text. Where a page shows one, it is known again by its English: by the whole
of it, or by its shape where a value stands in it. Only what a template marks as words is looked at so: a person who
is called like a word of the program keeps their name.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from babel.dates import format_skeleton
from babel.lists import format_list
from flask_babel import format_date, get_locale

from casework.domain.said import PARTS, AtTheStart, InARow, OnDay
from casework.domain.words import NUMBER, Said, has_letters, parts_of
from casework.services.wordings import Words

Listed = StrEnum  # a word out of a list of the program
# Values that are words of the program themselves: those that a number makes, and what a rule says of itself.
_ALSO_WORDS = ("count", "words", "hint", "example", "why", "reason", "note", "said", "what", "left")


def say(words: Words, text: str, as_number: Callable[[Any], str]) -> str:
    """The text in the reader's language, where it is one of the program; else as it is."""
    if isinstance(text, Said):
        return _said(words, text, as_number)
    plain = str(text.value) if isinstance(text, StrEnum) else text
    if said := words.say(plain):
        return said
    if not any(sign.isspace() or sign.isdigit() for sign in plain):
        return text
    if found := words.shapes.find(plain):
        return _filled(words, *found, as_number) or text
    return text


def _said(words: Words, text: Said, as_number: Callable[[Any], str]) -> str:
    """What remembers how it was made, with all that is in it, in the reader's language; else as it is."""
    if isinstance(text, OnDay):
        return _day(text)
    if isinstance(text, AtTheStart):
        begun = say(words, text.begun, as_number)
        return begun[:1].upper() + begun[1:]
    if isinstance(text, InARow):
        parts = [say(words, one, as_number) for one in text.parts]
        return "; ".join(parts) if text.how == PARTS else format_list(parts, text.how, get_locale())
    values = {
        name: say(words, value, as_number) if isinstance(value, Said | StrEnum) else str(value)
        for name, value in text.values.items()
    }
    return _filled(words, text.message, values, as_number) or text


def _day(said: OnDay) -> str:
    usual = {"yMMMMd": "long", "yMMMMEEEEd": "full"}.get(said.shape)
    if usual:
        return str(format_date(said.day, usual))
    return str(format_skeleton(said.shape, said.day, locale=get_locale()))


def _filled(words: Words, message: str, values: dict[str, str], as_number: Callable[[Any], str]) -> str:
    number = _as_number(values.get(NUMBER, ""))
    english = words.plural.get(message, message)
    said = words.say(english, message if english in words.counted else "", number)
    if not said and any(kind == "text" and has_letters(part) for kind, part in parts_of(message)):
        return ""
    made = []
    for kind, part in parts_of(said or message):
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

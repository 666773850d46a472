"""Words that come from the code: a message of an error, a label of a form, a state of a thing.

The code says them in English, as plain text. Where a page shows one, it is known again by its English: by the whole
of it, or by its shape where a value stands in it. Only what a template marks as words is looked at so: a person who
is called like a word of the program keeps their name.
"""

import re
from calendar import month_name
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from flask_babel import get_locale

from casework.domain.said import PARTS, SPACE, AtTheStart, How, InARow, OnDay, on_day
from casework.domain.words import NUMBER, Said, has_letters, parts_of
from casework.services.language.wordings import Words

ENGLISH = Locale("en", "GB")
MONTHS = list(month_name)[1:]
SENTENCE = 3  # words: nobody is called so
# As `domain.dates.spoken` writes it, in a text that remembers nothing.
_DAY = re.compile(
    rf"(?:(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?"
)
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
        return day(text, get_locale() or ENGLISH)
    if isinstance(text, AtTheStart):
        begun = say(words, text.begun, as_number)
        return begun[:1].upper() + begun[1:]
    if isinstance(text, InARow):
        parts = [say(words, one, as_number) for one in text.parts]
        return joined(parts, text.how, get_locale() or ENGLISH)
    if not text.values:
        return words.say(text.message) or text
    if text.message == "{text}":  # typed
        return text
    values = {
        name: say(words, value, as_number) if isinstance(value, Said | StrEnum) else str(value)
        for name, value in text.values.items()
    }
    return _filled(words, text.message, values, as_number) or text


def day(said: OnDay, locale: Locale) -> str:
    """The day as this language writes it."""
    usual = {"yMMMMd": "long", "yMMMMEEEEd": "full"}.get(said.shape)
    if usual:
        return str(format_date(said.day, usual, locale))
    return str(format_skeleton(said.shape, said.day, locale=locale))


def joined(parts: Sequence[str], how: How, locale: Locale) -> str:
    """The parts one after the other, as this language writes a list."""
    if how == PARTS:
        return "; ".join(parts)
    try:
        return format_list(parts, how, locale)
    except KeyError:  # a list of mere units, which Babel does not know of every language
        usual: str = locale.list_patterns["standard"]["middle"]
        return (" " if how == SPACE else usual.format("", "")).join(parts)


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
            made.append(
                say(words, value, as_number) if part.startswith(_ALSO_WORDS) else _value(words, value)
            )
    return "".join(made)


def _value(words: Words, value: str) -> str:
    """A day, or a whole sentence of the program, in the reader's language; anything else as it is."""
    if found := _DAY.fullmatch(value):
        return _day_again(*found.groups()) or value
    return (words.say(value) if value.count(" ") >= SENTENCE - 1 else "") or value


def _day_again(weekday: str | None, number: str, month: str, year: str | None) -> str:
    """The day that these English words are, as this language writes it; empty where there is none."""
    if weekday and not year:
        return ""  # of which year it was, nobody can say
    try:
        on = date(int(year or 2000), MONTHS.index(month) + 1, int(number))
    except ValueError:
        return ""
    return day(on_day(on, weekday=bool(weekday), year=bool(year)), get_locale() or ENGLISH)


def _as_number(text: str) -> int | None:
    plain = text.replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() else None

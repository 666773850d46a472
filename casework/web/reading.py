"""The language that somebody reads the pages in: which it is, and its words, dates and numbers on every page.

English pages come from the templates as they are. For every other language the same templates are made once more,
with each sentence as a message (`marking`). What is not translated stands there in English, and says so to whoever
listens to the page. Dates and numbers are as CLDR has them, by Babel.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, g, has_request_context, request
from flask.sansio.app import App
from flask.templating import Environment
from flask_babel import Babel, format_date, format_decimal
from flask_login import current_user
from jinja2 import Template, nodes
from markupsafe import Markup, escape

from casework import clock
from casework.domain.language.languages import Language
from casework.domain.words import NUMBER, Said, parts_of
from casework.pdf.compiled import Compiled
from casework.services.language import wordings
from casework.services.language.wordings import Words
from casework.web import filters
from casework.web.anybody import is_public
from casework.web.language import known_words
from casework.web.language.marking import Marker

ENGLISH = "en"
FIELD = "lang"
# Set one off from what stands around it where lines run from right to left: opened, closed.
_APART = ("\u2068", "\u2069")


def words() -> Words | None:
    """The words of the language in which this answer is read; None for English."""
    if not has_request_context():
        return None
    if "words_read" not in g:
        g.words_read = None  # whoever is asked for on the way gets English
        g.words_read = _of_reader()
    found: Words | None = g.words_read
    return found


def _of_reader() -> Words | None:
    code = chosen()
    return wordings.words_in(code) if code and code != ENGLISH else None


def chosen() -> str | None:
    """The code of the reader's language: their own choice, or on pages for anybody what the address or browser asks."""
    is_for_anybody = _is_for_anybody(request.endpoint)
    if is_for_anybody and (asked := asked_for()):
        return asked
    if current_user.is_authenticated:
        return current_user.language or ENGLISH
    if not is_for_anybody and request.endpoint:
        return ENGLISH
    return _as_the_browser_asks()


def _as_the_browser_asks() -> str:
    """The first of the languages that the browser names which is English or ready for anybody."""
    ready = {one.code for one in wordings.ready_for_anybody()} if request.accept_languages else set()
    for asked, _ in request.accept_languages:
        code = asked.partition("-")[0].lower()
        if code in ready or code == ENGLISH:
            return code
    return ENGLISH


def _is_for_anybody(endpoint: str | None) -> bool:
    """Whether this page needs no account; one that is not there needs none."""
    return endpoint is None or is_public(endpoint)


def asked_for() -> str | None:
    """The language that the address of a page for anybody names; None where it names none that is there."""
    code = request.args.get(FIELD, "")
    return code if code == ENGLISH or (code and wordings.words_in(code)) else None


class HouseEnvironment(Environment):
    """Templates as they are, and beside them the same with every sentence as a message."""

    words: Words | None = None
    translates = False
    compiled, compiled_marked = Compiled(), Compiled()

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, bytecode_cache=self.compiled, **options)

    def get_or_select_template(self, *args: Any, **more: Any) -> Template:
        if not self.translates and words():
            return self.in_other_languages.get_or_select_template(*args, **more)
        return super().get_or_select_template(*args, **more)

    @cached_property
    def in_other_languages(self) -> "HouseEnvironment":
        """The templates with their sentences as messages, for every language but English."""
        other = self.overlay(finalize=shown, bytecode_cache=self.compiled_marked)
        other.translates = True
        other.globals = self.globals
        other.filters = {
            **self.filters,
            "day": day,
            "short_day": short_day,
            "moment": moment,
            "count": count,
            "in_words": lambda value: _day(value, "full"),
            "words": known,
            "words_of_choice": words_of_choice,
            "english": in_english,
            "language_name": language_name,
        }
        return other

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return Marker().mark(tree) if self.translates else tree

    # What a marked template calls.

    def in_words(
        self, english: str, *, mode: str, values: Mapping[str, Any], tags: Mapping[str, Any],
        several: str = "", number: Any = None,
    ) -> Any:  # fmt: skip
        """One message in the reader's language: page, plain text in it, or the argument of a macro."""
        now = words()
        given = dict(values)
        if number is not None:
            given[NUMBER] = _number(number)
        said = now.say(english, several, number) if now else ""
        if mode == "argument" and not any(hasattr(one, "__html__") for one in given.values()):
            return "".join(
                str(_filled(part, given)) for part in parts_of(said or _english(english, several, number))
            )
        if said and now:
            return _put_together(said, given, tags, apart=now.language.direction == "rtl")
        made = _put_together(_english(english, several, number), given, tags, apart=False)
        return Markup('<span lang="en" dir="ltr">{}</span>').format(made) if mode == "text" else made

    def known_words(self, value: Any, loose: bool = False) -> Any:
        """Words of the program that come from its code, in the reader's language; anything else as it is.

        `loose` is for what somebody may have typed too: a single word is theirs, and what is like a message by chance.
        """
        now = words()
        is_theirs = (
            loose
            and now is not None
            and type(value) is str
            and (" " not in value.strip() or (not now.say(value) and now.shapes.is_by_chance(value)))
        )
        return value if is_theirs else known(value)

    def known_sentence(self, value: Any) -> Any:
        """The same for what may be anything: only where it is a whole sentence of the program, word for word."""
        now = words()
        if (
            now
            and isinstance(value, str)
            and not hasattr(value, "__html__")
            and value.count(" ") >= known_words.SENTENCE - 1
        ):
            return now.say(value) or value
        return value


def _english(english: str, several: str, number: Any) -> str:
    return several if several and number != 1 else english


def _filled(part: tuple[str, str], values: Mapping[str, Any]) -> Any:
    kind, text = part
    return shown(values.get(text, f"{{{text}}}")) if kind == "value" else text if kind == "text" else ""


def _put_together(message: str, values: Mapping[str, Any], tags: Mapping[str, Any], *, apart: bool) -> Markup:
    """The message with its values and tags. Whatever a translator wrote is text, and never a tag."""
    made: list[Any] = []
    for kind, text in parts_of(message):
        if kind == "text":
            made.append(escape(text))
        elif kind == "value":
            value = shown(values.get(text, f"{{{text}}}"))  # what a script fills in stays
            sets_apart = apart and not hasattr(value, "__html__") and text != NUMBER and str(value)
            made += [_APART[0], escape(value), _APART[1]] if sets_apart else [escape(value)]
        elif kind == "open":
            made.append(Markup(tags.get(text, "")))  # noqa: S704 a tag of the template itself
        elif text in tags:
            made.append(Markup("</{}>").format(text.rstrip("0123456789")))
    return Markup("").join(made)


def shown(value: Any) -> Any:
    """A value as it is shown: what the program says of itself in the reader's language, all else as it is."""
    return known(value) if isinstance(value, Said | known_words.Listed) else value


def known(value: Any) -> Any:
    """The words of the program that this text is, in the reader's language; the text where it is none of them."""
    now = words()
    if now is None or not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    said = known_words.say(now, value, _number)
    # In a line that runs from right to left the full stop of what stays English would stand at its beginning.
    in_english = said == value and now.language.direction == "rtl" and " " in said
    return f"{_APART[0]}{said}{_APART[1]}" if in_english else said


def language_name(language: Language) -> str:
    """What the reader's language calls this one; its English name where CLDR does not say."""
    return str(locale().languages.get(language.code, language.name)) if words() else language.name


def in_english(text: str) -> Markup:
    """What is English on purpose, such as the words of a law, so that whoever listens to the page hears it as such."""
    return Markup('<span lang="en-GB" dir="ltr">{}</span>').format(text) if text else Markup()


_OF_A_ROW = re.compile(r"\d+|[ENSW]\d{8}")


def words_of_choice(label: Any, value: Any) -> Any:
    """The words of one choice; as they are where it stands for a row, and may be somebody's name."""
    return label if _OF_A_ROW.fullmatch(str(value)) and not isinstance(label, Said) else known(label)


def choices_in_words(choices: Any) -> Any:
    """The choices of a list with their words in the reader's language."""
    if isinstance(choices, Mapping):
        return {
            key: words_of_choice(given, key) if isinstance(given, str) else choices_in_words(given)
            for key, given in choices.items()
        }
    return [
        (value, words_of_choice(label, value), *more)
        for value, label, *more in (one if isinstance(one, tuple | list) else (one, one) for one in choices)
    ]


@dataclass(frozen=True)
class Offered:
    """A language in which somebody without an account can read this page."""

    code: str
    own_name: str
    direction: str
    address: str
    is_read: bool


def languages_offered() -> list[Offered]:
    """The languages for a page that is for anybody; none where nothing is ready, or the page is an answer to a form."""
    if request.method != "GET" or not _is_for_anybody(request.endpoint) or current_user.is_authenticated:
        return []
    ready = wordings.ready_for_anybody()
    read = now.language.code if (now := words()) else ENGLISH
    all_of_them = [Language(ENGLISH, "English", "English", "Latn"), *ready] if ready else []
    return [
        Offered(one.code, one.own_name, one.direction, f"?{FIELD}={one.code}", one.code == read)
        for one in all_of_them
    ]


# Dates and numbers as CLDR has them.


def locale() -> Locale:
    """The reader's language as Babel knows it; British English where it does not know it."""
    now = words()
    try:
        return Locale.parse(now.language.code, sep="-") if now else Locale("en", "GB")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def _number(value: Any) -> str:
    return str(format_decimal(value)) if isinstance(value, int) else str(value)


def _day(value: date, how: str) -> str:
    return str(format_date(value, how))


def _as_time(stands_for: str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(stands_for, text)


def day(value: date | None, unknown: str = "not known") -> Any:
    """A date with its weekday, in the reader's language."""
    return _as_time(value.isoformat(), _day(value, "full")) if value else known(unknown)


def short_day(value: date | None, unknown: str = "not known") -> Any:
    """A date without its weekday, in the reader's language."""
    return _as_time(value.isoformat(), _day(value, "long")) if value else known(unknown)


def moment(value: datetime | None) -> Any:
    """An instant as London's clocks showed it, in the reader's language."""
    if value is None:
        return known("never")
    local = value.astimezone(clock.LONDON)
    text = f"{_day(local.date(), 'long')}, {local:%H:%M}"
    return _as_time(value.isoformat(timespec="seconds"), text)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with what is counted, in the reader's language where it is known."""
    return str(known(filters.count(number, one, many)))


def read_in_english(app: Flask) -> None:
    """Have the pages of this application be in English: nobody is known in it."""
    app.jinja_env.filters.update(words=lambda text: text, words_of_choice=lambda label, _: label)
    app.jinja_env.globals.update(reading=lambda: None, languages_offered=list)


def read_in_other_languages(app: Flask) -> None:
    """Have every page be shown in the reader's language."""
    app.jinja_environment = HouseEnvironment
    Babel(app, default_locale="en_GB", configure_jinja=False, locale_selector=lambda: str(locale()))
    app.jinja_env.filters.update(words=known, words_of_choice=words_of_choice)
    app.jinja_env.globals.update(reading=words, languages_offered=languages_offered)

    @app.url_defaults
    def keep(endpoint: str, values: dict[str, Any]) -> None:
        """Carry the language that an address names on to the next page for anybody."""
        if not has_request_context() or FIELD not in request.args or endpoint in ("static", "home.leave"):
            return
        if _is_for_anybody(endpoint) and (asked := asked_for()):
            values.setdefault(FIELD, asked)

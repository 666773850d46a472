"""Dates, addresses and plurals as people write them."""

import re
from datetime import date, datetime
from functools import lru_cache, partial

from flask import Flask
from markupsafe import Markup, escape

from casework import clock
from casework.domain.dates import spoken
from casework.domain.said import in_a_row, names, upfirst, within


@lru_cache(maxsize=2_000)
def day(value: date | None, unknown: str = "not known") -> str | Markup:
    """A date with its weekday, as a `time` element."""
    if value is None:
        return unknown
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), spoken(value, weekday=True))


def short_day(value: date | None, unknown: str = "not known") -> str | Markup:
    """A date without its weekday, as a `time` element."""
    if value is None:
        return unknown
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), spoken(value))


def moment(value: datetime | None) -> str | Markup:
    """An instant as London's clocks showed it."""
    if value is None:
        return "never"
    local = value.astimezone(clock.LONDON)
    return Markup('<time datetime="{}">{} at {}</time>').format(
        value.isoformat(timespec="seconds"), spoken(local.date()), f"{local:%H:%M}"
    )


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 letter", "3 letters"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def days_in_words(text: str) -> str:
    """The text with each date that machines write, such as 2026-08-18 or 2023-11, as people write it."""

    def in_words(found: re.Match[str]) -> str:
        year, month, number = found.groups()
        try:
            day = date(int(year), int(month), int(number or 1))
        except ValueError:
            return found[0]
        return spoken(day) if number else f"{day:%B %Y}"

    return re.sub(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b", in_words, text)


def lines(text: str | None) -> Markup:
    """Typed lines as lines on the page."""
    return Markup("<br>").join(escape(line) for line in (text or "").splitlines())


def linked(text: str | None) -> Markup:
    """The text with each address of a page in it as a link there."""
    parts = re.split(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:)])", text or "")
    return Markup().join(
        Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )


def add_filters(app: Flask) -> None:
    """Make these known to every template."""
    app.jinja_env.filters.update(
        day=day,
        short_day=short_day,
        moment=moment,
        count=count,
        days_in_words=days_in_words,
        lines=lines,
        linked=linked,
        in_words=partial(spoken, weekday=True),
        in_a_row=in_a_row,
        names=names,
        upfirst=upfirst,
        within=within,
        english=lambda text: text,
        language_name=lambda language: language.name,
    )

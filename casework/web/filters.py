"""Dates, addresses and plurals as people write them."""

from datetime import date, datetime

from flask import Flask
from markupsafe import Markup, escape

from casework import clock


def in_words(day: date, *, weekday: bool = True, year: bool = True) -> str:
    """ "Thursday 2 April 2026"."""
    text = f"{day.day} {day:%B}"
    return (f"{day:%A} " if weekday else "") + text + (f" {day.year}" if year else "")


def day(value: date | None, unknown: str = "not known") -> str | Markup:
    """A date with its weekday, as a `time` element."""
    if value is None:
        return unknown
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), in_words(value))


def short_day(value: date | None, unknown: str = "not known") -> str | Markup:
    """A date without its weekday, as a `time` element."""
    if value is None:
        return unknown
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), in_words(value, weekday=False))


def moment(value: datetime | None) -> str | Markup:
    """An instant as London's clocks showed it."""
    if value is None:
        return "never"
    local = value.astimezone(clock.LONDON)
    return Markup('<time datetime="{}">{} at {}</time>').format(
        value.isoformat(timespec="seconds"), in_words(local.date(), weekday=False), f"{local:%H:%M}"
    )


def count(number: int, one: str, many: str | None = None) -> str:
    """ "1 letter", "3 letters"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lines(text: str | None) -> Markup:
    """Typed lines as lines on the page."""
    return Markup("<br>").join(escape(line) for line in (text or "").splitlines())


def add_filters(app: Flask) -> None:
    """Make these known to every template."""
    app.jinja_env.filters.update(
        day=day, short_day=short_day, moment=moment, count=count, lines=lines, in_words=in_words
    )

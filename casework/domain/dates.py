"""Dates as people write them."""

from datetime import date


def spoken(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """The day in words: "3 April 2026", "Friday 3 April 2026", "3 April"."""
    return f"{day:%A} " * weekday + f"{day.day} {day:%B}" + f" {day.year}" * year

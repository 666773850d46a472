"""When a backup is due, and what is said of it."""

from datetime import date


def reminder(last_good: date | None, today: date, most_days: int, *, holds_something: bool) -> str:
    """What to say when the last good backup is too old, or there is none; empty when all is well.

    `holds_something` is whether there is anything to lose.
    """
    if last_good is None:
        return "There is no backup yet." if holds_something else ""
    days = (today - last_good).days
    if days < 0:
        return "The last backup comes from the future: look whether this machine's clock is right."
    return f"The last good backup is {days} days old." if days > most_days else ""

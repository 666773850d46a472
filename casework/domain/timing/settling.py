"""How a date ends, why it is opened again, and where a day comes from that is not our own count."""

from datetime import date
from enum import StrEnum

from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.timing.deadline_rules import Kind, OwedBy

THE_LETTER = "the letter itself"


class SettledAs(StrEnum):
    """How a date ended. `ENDED`: something else that happened in the case ended it. `MISTAKE`: it never began."""

    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    MISSED = "missed"
    ENDED = "ended"
    MISTAKE = "mistake"


SETTLED_WORDS = {
    SettledAs.MET: "Met on",
    SettledAs.NOT_APPLICABLE: "It does not apply or no longer matters, said on",
    SettledAs.MISSED: "Missed, said on",
    SettledAs.ENDED: "Ended on",
    SettledAs.MISTAKE: "Withdrawn on",
}


class Reopened(StrEnum):
    """Why a settled date is opened again. The trail keeps these words."""

    MISTAKE = "it was settled by mistake"
    REFUSED = "what was done was not accepted, or did not arrive"
    AGAIN = "it matters again"


class StatedFrom(StrEnum):
    """Where a day comes from that wins over our count."""

    LETTER = "letter"
    LAWYER = "lawyer"


def may_be_missed(kind: Kind | None, owed_by: str, final: date | None, today: date) -> bool:
    """Whether it is a limit of ours whose last day is over."""
    return kind is Kind.HARD_LIMIT and owed_by == OwedBy.US and final is not None and final < today


def check_settled(
    started: date,
    kind: Kind | None,
    owed_by: str,
    final: date | None,
    how: str,
    on: date,
    as_: SettledAs,
    today: date,
) -> None:
    """Nothing where a date may end so on this day; else raises CaseworkError at the field that cannot be right."""
    if not how:
        raise CaseworkError("Say how it was met, or why it no longer matters.", field="how")
    if on > today:
        raise CaseworkError("This day has not come yet.", field="on")
    if as_ is SettledAs.MET and on < started <= today:
        raise CaseworkError(f"This is before {spoken(started)}, the day that starts it.", field="on")
    if as_ is SettledAs.MISSED and not may_be_missed(kind, owed_by, final, today):
        raise CaseworkError("Only a limit whose last day is over can be missed.", field="settled_as")


def check_stated(started: date, stated: date, by: str | None, said_on: date | None, today: date) -> None:
    """Nothing where a day may win over our count; else raises CaseworkError at the field that cannot be right."""
    if not by:
        raise CaseworkError("Say where the date stands, or who confirmed it.", field="stated_by")
    if stated < started:
        raise CaseworkError(
            f"This is before {spoken(started)}, the day that starts it. Check the date.", field="stated_on"
        )
    if said_on and said_on > today:
        raise CaseworkError("This day has not come yet.", field="stated_said_on")


def settled_in_words(settled_as: str | None, on: date, how: str | None, by: str | None) -> str:
    """How a date ended: "Met on 2 April 2026 (Ruth Ellery): the lawyer sent the appeal."."""
    known = SETTLED_WORDS.get(SettledAs(settled_as)) if settled_as in set(SettledAs) else None
    who = f" ({by})" if by else ""
    return f"{known or 'Settled on'} {spoken(on)}{who}" + (f": {how}" if how else "")


def stated_in_words(stated_from: str | None, by: str | None, said_on: date | None) -> str:
    """Where a day comes from that wins over our count, as a sentence."""
    if stated_from == StatedFrom.LETTER:
        return "This day stands in the letter itself" + (f": {by}." if by and by != THE_LETTER else ".")
    if stated_from == StatedFrom.LAWYER:
        return f"{by} confirmed this day" + (f" on {spoken(said_on)}." if said_on else ".")
    return f"This day comes from {by}."

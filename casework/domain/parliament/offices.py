"""What can be known of an MP's office, how each thing is said, and from when it has to be asked again."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from casework.domain.said import of_ours, on_day
from casework.domain.timing.counting import add_months
from casework.domain.words import say

MONTHS_FRESH = 6
ASK_AGAIN = "more than six months ago: ask again"


class OfficeKind(StrEnum):
    """What an entry is about."""

    SURGERY = "surgery"
    BOOKING = "booking"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    EMAIL = "email"
    CASEWORKER = "caseworker"
    ASKING = "asking"
    ONLY_THE_PERSON = "only-the-person"
    SIGNED_FORM = "signed-form"
    PHOTOGRAPH = "photograph"
    DETAINED = "detained"
    CONDITION = "condition"

    @property
    def words(self) -> str:
        """What a page calls it."""
        return WORDS[self]

    @property
    def is_condition(self) -> bool:
        """Whether it is something that the office asks for, or says, before it acts."""
        return self in CONDITIONS

    @property
    def says_itself(self) -> bool:
        """Whether the kind alone says it, so that no more words are needed."""
        return self in _SAYS


WORDS = {
    OfficeKind.SURGERY: "When surgeries are",
    OfficeKind.BOOKING: "How to book",
    OfficeKind.ADDRESS: "Address",
    OfficeKind.TELEPHONE: "Telephone",
    OfficeKind.EMAIL: "Email",
    OfficeKind.CASEWORKER: "Caseworker",
    OfficeKind.ASKING: "How they like to be asked",
    OfficeKind.ONLY_THE_PERSON: "Acts only for the person themself",
    OfficeKind.SIGNED_FORM: "Wants a signed form",
    OfficeKind.PHOTOGRAPH: "Accepts a photograph of the form",
    OfficeKind.DETAINED: "Says that people detained here are constituents",
    OfficeKind.CONDITION: "Another condition",
}
_SAYS = {
    OfficeKind.ONLY_THE_PERSON: "acts only for the person themself",
    OfficeKind.SIGNED_FORM: "asks for a signed form",
    OfficeKind.PHOTOGRAPH: "accepts a photograph of the form",
    OfficeKind.DETAINED: "says that people detained here are constituents",
}
CONDITIONS = (*_SAYS, OfficeKind.CONDITION)
ORDER = {kind: place for place, kind in enumerate(OfficeKind)}


class Entry(Protocol):
    """What is asked of an entry."""

    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def learned_on(self) -> date: ...


def is_stale(learned_on: date, today: date) -> bool:
    """Whether something was learned more than six months ago."""
    return add_months(learned_on, MONTHS_FRESH) < today


def learned(learned_on: date, by: str, today: date) -> str:
    """When and by whom it was learned, and whether it has to be asked again: "learned 3 March 2026 by Ada"."""
    said = say("learned {day} by {name}", day=on_day(learned_on), name=by)
    return (
        say("{learned}, {stale}", learned=said, stale=of_ours(ASK_AGAIN))
        if is_stale(learned_on, today)
        else said
    )


def content(entry: Entry) -> str:
    """What an entry says beside the name of its kind: "Ada Example, senior caseworker", "Fridays from 4pm"."""
    named = ", ".join(part for part in (entry.name, entry.role) if part)
    return ": ".join(part for part in (named, entry.text) if part)


def condition(entry: Entry) -> str:
    """A condition as the end of a sentence about the office: "asks for a signed form: their own, two pages"."""
    own = _SAYS.get(OfficeKind(entry.kind))
    if not own or not entry.text:
        return of_ours(own) if own else entry.text or ""
    return say("{asks}: {text}", asks=of_ours(own), text=entry.text)

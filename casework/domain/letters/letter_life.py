"""The life of a letter: drafted, read by the person or the lawyer, issued, sent, answered; or void."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from json import dumps

from casework.domain.errors import CaseworkError

# What is typed into a draft beside its words.
FACTS = (
    "sender_name",
    "sender_address",
    "sender_postcode",
    "sender_email",
    "sender_phone",
    "named_supporters",
    "recall_name",
    "recall_address",
    "minister_checked",
    "lawyer_address",
    "language",
)
READ_BY = {
    "person": "the person themselves",
    "lawyer": "their lawyer or registered adviser",
}
SENT_HOW = {
    "post": "by post",
    "email": "by email",
    "hand": "handed over",
    "surgery": "at an MP’s surgery",
    "lawyer": "through the lawyer",
    "other": "in another way",
}


@dataclass(frozen=True)
class Step:
    """One step of a letter's life: what to call it, whether it is done, and what is known of it.

    `day` is when it was done, `said` who did it or how, and what there is to say besides.
    """

    key: str
    title: str
    day: date | None = None
    said: tuple[str, ...] = ()
    done: bool = False


def words_hash(blocks: Mapping[str, str], facts: Mapping[str, object]) -> str:
    """A hash of the words of a letter, to know later whether somebody who read it read these."""
    return sha256(dumps([dict(blocks), dict(facts)], sort_keys=True).encode()).hexdigest()


def check_reading(who: str, name: str | None, on: date | None, today: date) -> None:
    """Nothing when this can be; else raises CaseworkError at its field."""
    if who not in READ_BY:
        raise CaseworkError("Choose who read it.", field="who")
    if who == "lawyer" and not name:
        raise CaseworkError("Write the lawyer’s name.", field="name")
    if on is None or on > today:
        raise CaseworkError("This day has not come yet. Check the date.", field="read_on")


def check_sending(
    how: str, on: date | None, issued_on: date, answered_on: Iterable[date], today: date
) -> None:
    """Nothing when a letter issued and answered on these days can have gone out on this one; else CaseworkError."""
    if how not in SENT_HOW:
        raise CaseworkError("Choose how it went.", field="sent_how")
    if on is None or on > today:
        raise CaseworkError("This day has not come yet. Check the date.", field="sent_on")
    if on < issued_on:
        raise CaseworkError("It cannot have gone before it was issued. Check the date.", field="sent_on")
    if any(on > day for day in answered_on):
        raise CaseworkError("Its answer came before this day. Check both dates.", field="sent_on")


def check_copies(copies: str) -> None:
    """Nothing for a number of copies, or none named; else raises CaseworkError."""
    if copies and not (copies.isascii() and copies.isdigit() and int(copies) > 0):
        raise CaseworkError("Type how many copies as a number, for example 12.", field="copies")

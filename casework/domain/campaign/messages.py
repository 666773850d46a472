"""What supporters are told: by which means, what for, to whom of them, and words to begin with."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.domain.consent.publicity import Audience
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.said import AND, in_a_row
from casework.domain.text_length import length_of

LONGEST_SUBJECT, LONGEST_WORDS = 120, 6_000
MOST_PARTS = 6  # a text in more parts is a letter
_UNFILLED = re.compile(r"\[[^\]\n]*\]")


class Means(StrEnum):
    """How somebody is reached."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"

    @property
    def words(self) -> str:
        """The same as a choice says it."""
        return MEANS[self]


MEANS = {
    Means.CALL: "Ring them",
    Means.TEXT: "Send them a text message",
    Means.EMAIL: "Write to them by email",
}
# The same as somebody is asked it who is handed a form.
MEANS_TO_YOU = {
    Means.CALL: "You may ring me",
    Means.TEXT: "You may send me text messages",
    Means.EMAIL: "You may write to me by email",
}


class Kind(StrEnum):
    """What a message is for."""

    UPDATE = "update"
    ASK = "ask"
    THANKS = "thanks"
    RESULT = "result"

    @property
    def words(self) -> str:
        """The same as a page says it."""
        return KIND_WORDS[self]


KIND_WORDS = {
    Kind.UPDATE: "The monthly update",
    Kind.ASK: "Something to ask of them",
    Kind.THANKS: "A thank you",
    Kind.RESULT: "What came of it",
}


class ToWhom(StrEnum):
    """Which of those who agreed to be reached by that means."""

    ALL = "all"
    WROTE = "wrote"
    BY_HAND = "by hand"


TO_WHOM = {
    ToWhom.ALL: "Everybody who agreed to it",
    ToWhom.WROTE: "Those who wrote, and agreed to it",
    ToWhom.BY_HAND: "A few whom we reach ourselves: no list is made",
}
AUDIENCES = {
    Audience.SUPPORTERS: "Supporters whom we know (level 2)",
    Audience.PUBLIC: "Those too who signed up on the campaign page, where anybody may (level 3)",
}


@dataclass(frozen=True)
class About:
    """What a message tells of, as far as it is known. `name` is the one by which its readers may know the person."""

    name: str = ""
    member: str = ""
    on: date | None = None
    letters: int = 0
    visits: int = 0
    supporters: int = 0
    answer_from: str = ""


@dataclass(frozen=True)
class Draft:
    """Words to begin with. What stands in brackets has to be written by somebody who knows."""

    subject: str
    words: str


def suggestion(kind: Kind, means: Means, about: About) -> Draft:
    """Words to begin with, as long as the means takes: a thank you, a result, the month's news, or something to ask."""
    name = about.name or "the person whom we support"
    words = {
        Kind.THANKS: _thanks, Kind.RESULT: _result, Kind.UPDATE: _update, Kind.ASK: _ask,
    }[kind](about, name)  # fmt: skip
    if means is Means.EMAIL:
        return Draft(SUBJECTS[kind].format(name=name), f"Hello,\n\n{words}\n\n{STOPS_BY_MAIL}\n\n[Your name]")
    if means is Means.CALL:
        return Draft(
            "", f"Hello, do you have two minutes? {words} May we ring you again? You can stop at any time."
        )
    return Draft("", f"{words} {STOPS_BY_TEXT}")


SUBJECTS = {
    Kind.THANKS: "Thank you",
    Kind.RESULT: "What came of your letter",
    Kind.UPDATE: "News of this month",
    Kind.ASK: "One thing that you can do",
}
STOPS_BY_MAIL = "You can stop at any time: answer with the word stop, and we erase what we keep of you."
STOPS_BY_TEXT = "To stop, answer STOP."


def _thanks(about: About, name: str) -> str:
    when = f" on {spoken(about.on)}" if about.on else ""
    if about.letters:
        letters = "1 letter" if about.letters == 1 else f"{about.letters:,} letters"
        was = "was" if about.letters == 1 else "were"
        return (
            f"Thank you for writing for {name}. {letters} {was} handed to {about.member or 'the MP'}{when}."
        )
    if about.member:
        return f"Thank you for speaking with {about.member} about {name}{when}."
    return f"Thank you for what you did for {name}{when}: [what they did]."


def _result(about: About, name: str) -> str:
    who = about.answer_from or "[who answered]"
    return f"You wrote for {name}, and {who} has answered: [what they say, in one sentence]. Thank you: it was read."


def _update(about: About, name: str) -> str:
    done = [
        _number(about.letters, "letter was handed over", "letters were handed over"),
        _number(about.visits, "MP was met", "MPs were met"),
        _number(about.supporters, "person stands with us", "people stand with us"),
    ]
    so_far = in_a_row(filter(None, done), AND)
    month = f"This month for {name}: {so_far}." if so_far else f"This month for {name}: [what happened]."
    return f"{month} Next: [what comes, and when]. What you can do: [one thing, and how long it takes]."


def _ask(about: About, name: str) -> str:
    return f"Can you do one thing for {name}? [What, by when, and how long it takes.] Thank you."


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}" if number else ""


def check(means: Means, subject: str, words: str) -> None:
    """Nothing where a message can be sent as it stands. Raises CaseworkError at the field that is wrong."""
    if not words:
        raise CaseworkError("Write what you want to tell them.", field="words")
    if means is Means.EMAIL and not subject:
        raise CaseworkError("Type a subject. Whoever looks over a shoulder may read it.", field="subject")
    for field, text in (("subject", subject), ("words", words)):
        if found := _UNFILLED.search(text):
            raise CaseworkError(f"Fill in {found.group()}, or take it out.", field=field)
    if means is Means.TEXT and (parts := length_of(words).parts) > MOST_PARTS:
        raise CaseworkError(
            f"This is {parts} text messages long. {MOST_PARTS} are the most: make it shorter, or write an email.",
            field="words",
        )


def whole_text(means: Means, audience: Audience, words: str) -> str:
    """What is sent: of a mail with the line that says how far it may go, as every paper for them has it."""
    notice = audience.notice if audience is Audience.SUPPORTERS else ""
    return f"{words}\n\n{notice}" if notice and means is Means.EMAIL else words

"""The board's address: what it narrows the board to, in words and as links that change one thing of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import url_for

from casework.domain.said import of_ours, on_day, within
from casework.domain.timing.board import Cursor, Filters, When, Whose
from casework.domain.timing.deadline_rules import Kind, WaitingFor
from casework.domain.timing.deadlines import SOON_DAYS
from casework.domain.timing.diary import FOLLOW_UP_WORDS, VISIT_WORDS, EntrySource
from casework.domain.words import say
from casework.web.fields import on_one_line, tidy

WHEN: dict[str, str] = {
    When.WEEK: "This week",
    When.OVERDUE: "Overdue or passed",
    When.TO_WORK_OUT: "To work out",
}
WHOSE: dict[str, str] = {"": "Everybody’s", Whose.ME: "Mine", Whose.NOBODY: "Nobody’s yet"}
ANY_DAY = {"": "Any day"}
GRAVE = {"": "All", "yes": "Limits and removals"}
WAITING = {one.value: one.words for one in WaitingFor}
KINDS = {
    **{kind.value: kind.words.name for kind in Kind if kind is not Kind.DEEMED_SERVICE},
    Kind.HARD_LIMIT.value: "Limit, ours or theirs",
    EntrySource.FOLLOW_UP.value: FOLLOW_UP_WORDS.name,
    EntrySource.VISIT.value: VISIT_WORDS.name,
}
NAMES = ("whose", "when", "grave", "waiting", "kind", "case")
INITIALS = "initials"
LONG = "yes"
LONGEST = 40


@dataclass(frozen=True)
class Chip:
    """One choice of what to show, as a link; `current` when the page shows it already."""

    words: str
    address: str
    current: bool


class Address:
    """The address of the board as somebody came with it. What it does not know is left out, and said."""

    def __init__(self, args: Mapping[str, str], today: date) -> None:
        self.unknown: list[str] = []
        self.soon = today + timedelta(days=SOON_DAYS)
        self._args = {name: on_one_line(tidy(args.get(name))) or "" for name in NAMES}
        self._args["case"] = self._args["case"].upper()[:LONGEST]
        self.filters = Filters(
            whose=Whose(value) if (value := self._one_of("whose", set(Whose))) else None,
            when=When(value) if (value := self._one_of("when", set(When))) else None,
            grave=self._one_of("grave", {"yes"}) == "yes",
            waiting_for=WaitingFor(value) if (value := self._one_of("waiting", set(WAITING))) else None,
            kind=_kind(value) if (value := self._one_of("kind", set(KINDS))) else None,
            cases=(self._args["case"],) if self._args["case"] else (),
        )
        self.initials = args.get("names") == INITIALS
        self.is_long = args.get("long") == LONG
        place = args.get("after", "")
        self.after = Cursor.read(place)
        if place and not self.after:
            self.unknown.append("This address names no page, so here is the first one.")

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for, as an address has it."""
        named = {name: value for name, value in self._args.items() if value}
        named |= {"names": INITIALS} if self.initials else {}
        return named | ({"long": LONG} if self.is_long else {})

    def link(self, **changes: str | None) -> str:
        """The same board with something of it changed, from its first page on."""
        kept = {name: value for name, value in (self.chosen | changes).items() if value}
        return f"{url_for('board.index')}?{urlencode(kept)}" if kept else url_for("board.index")

    @property
    def everything(self) -> str:
        """The board with nothing narrowed."""
        return self.link(**dict.fromkeys(NAMES))

    @property
    def here(self) -> str:
        """The address of this very page."""
        return self.link(after=str(self.after) if self.after else None)

    def chips(self) -> dict[str, list[Chip]]:
        """What one click changes, in groups."""
        return {
            "Whose dates": self._group("whose", WHOSE),
            "Which days": self._group("when", ANY_DAY | WHEN),
            "How grave": self._group("grave", GRAVE),
        }

    def in_words(self) -> list[str]:
        """Each thing by which the board is narrowed."""
        filters = self.filters
        return [
            *([within(WHOSE[filters.whose])] if filters.whose else []),
            *([within(WHEN[filters.when])] if filters.when else []),
            *([say("to {day}", day=on_day(self.soon, weekday=True))] if filters.when is When.WEEK else []),
            *([within(GRAVE["yes"])] if filters.grave else []),
            *(
                [say("waiting for {who}", who=of_ours(filters.waiting_for.words))]
                if filters.waiting_for
                else []
            ),
            *([within(KINDS[filters.kind.value])] if filters.kind else []),
            *(say("case {which}", which=case) for case in filters.cases),
        ]

    def _group(self, name: str, choices: Mapping[str, str]) -> list[Chip]:
        now = self._args[name]
        return [
            Chip(of_ours(words), self.link(**{name: value}), value == now) for value, words in choices.items()
        ]

    def _one_of(self, name: str, known: set[str]) -> str:
        value = self._args[name]
        if value and value not in known:
            self.unknown.append(f"We do not know “{value[:LONGEST]}”, so it was left out.")
            self._args[name] = ""
        return self._args[name]


def _kind(value: str) -> Kind | EntrySource:
    return Kind(value) if value in set(Kind) else EntrySource(value)

"""The address of the list of supporters: what it narrows the list to, and links that change one thing of it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import url_for

from casework.domain.campaign.supporters import OFFERS
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.campaign.supporter_list import REACH, SORTS, YES_OR_NO, Page, Wanted
from casework.web.fields import on_one_line, tidy, whole_number
from casework.web.timing.board_address import LONGEST, Chip

NARROWS = ("mp", "table", "writes", "words", "notice", "settle", "offer", "reach", "going")
INDEX = "supporters.index"
ANSWERS = {"": "all", "yes": "yes", "no": "no"}


class ListAddress:
    """The address of a list as somebody came with it. What it does not know is left out, and said."""

    def __init__(self, reference: str, args: Mapping[str, str]) -> None:
        self.reference = reference
        self.unknown: list[str] = []
        told = {name: on_one_line(tidy(args.get(name))) or "" for name in (*NARROWS, "sort")}
        known = dict.fromkeys(YES_OR_NO, ("yes", "no")) | dict.fromkeys(("settle", "going"), ("yes",))
        for name, values in (
            known | {"offer": tuple(OFFERS), "reach": tuple(REACH), "sort": tuple(SORTS)}
        ).items():
            if told[name] and told[name] not in values:
                self.unknown.append(f"We do not know “{told[name][:LONGEST]}”, so it was left out.")
                told[name] = ""
        told["sort"] = told["sort"] or "name"
        self.wanted = Wanted(**told, page=whole_number(args.get("page", "1")) or 1)

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for, as an address has it."""
        named = {name: getattr(self.wanted, name) for name in NARROWS}
        sort = {} if self.wanted.sort == "name" else {"sort": self.wanted.sort}
        return {name: value for name, value in named.items() if value} | sort

    def link(self, endpoint: str = INDEX, /, **changes: str | None) -> str:
        """The same list with something of it changed, from its first page on."""
        kept = {name: value for name, value in (self.chosen | changes).items() if value}
        where = url_for(endpoint, reference=self.reference)
        return f"{where}?{urlencode(kept)}" if kept else where

    @property
    def everything(self) -> str:
        """The list with nothing narrowed."""
        return self.link(INDEX, **dict.fromkeys(NARROWS))

    def turned(self, page: Page) -> tuple[str | None, str | None]:
        """The addresses of the page before and of the next one."""
        now = min(max(self.wanted.page, 1), page.pages)
        before = self.link(page=str(now - 1)) if now > 1 else None
        return before, self.link(page=str(now + 1)) if now < page.pages else None

    def sorts(self) -> list[Chip]:
        """The orders in which the list can stand."""
        return [
            Chip(words, self.link(sort=None if key == "name" else key), key == self.wanted.sort)
            for key, words in SORTS.items()
        ]

    def to_do(self, page: Page) -> list[Chip]:
        """What there is to do, with how many it is about; nothing where there is none."""
        found = (
            ("settle", "yes", "Constituency to settle", page.to_settle),
            ("notice", "no", "Not told what we keep", page.without_notice),
            ("going", "yes", "Let go of within a month", page.going),
        )
        chips = [
            Chip(
                say("{what}: {many}", what=of_ours(words), many=f"{number:,}"),
                self.link(INDEX, **{**dict.fromkeys(NARROWS), name: value}),
                current,
            )
            for name, value, words, number in found
            if (current := getattr(self.wanted, name) == value) or number
        ]
        return (
            [Chip(f"All: {page.all:,}", self.everything, not self.wanted.is_narrowed), *chips]
            if chips
            else []
        )

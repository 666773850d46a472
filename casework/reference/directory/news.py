"""Dated facts about members: posts in government, changes since, and what they have said."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from casework.domain.dates import spoken
from casework.domain.parliament.directory import Fact, Member
from casework.reference.directory.tables import Row, Source
from casework.reference.directory.terms import Vacancy

_POSTS = re.compile(r"government_posts_([0-9]{4})_([0-9]{2})_([0-9]{2})")
_PRESS = "This comes from the press, not from Parliament or the government. Check before you rely on it."
_ONE_PRESS = "Only one source says so. Check before you rely on it."


@dataclass
class News:
    """What is known of the government beyond the list of members."""

    facts: list[Fact] = field(default_factory=list)  # every change of government, named or not
    changed_on: date | None = None  # the day on which a new Prime Minister was appointed
    posts_as_of: date | None = None
    vacancies: dict[str, list[Vacancy]] = field(default_factory=dict)  # by name of constituency


def read_news(source: Source) -> News:
    """The changes of government after the list of posts, and the departures named among them."""
    news = News()
    name = source.only_file("government_changes_after_*.csv")
    for row in source.rows(name, "date fact seen_in certainty") if name else ():
        fact = _fact(row)
        news.facts.append(fact)
        if "appointed Prime Minister" in fact.text and (day := row.day("date")):
            news.changed_on = max(day, news.changed_on or day)
        vacant = re.search(r"\(([^()]+) vacant\)", fact.text)
        if vacant and (day := row.day("date")):
            words = f"The member left on {spoken(day)} ({fact.certainty})."
            news.vacancies.setdefault(vacant[1], []).append(Vacancy(day, words))
    return news


def _fact(row: Row) -> Fact:
    text, certainty = row.required("fact"), row.required("certainty")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", row.text("date")):
        row.complain("date", f"{row.text('date')!r} is not a day or a month such as 2026-07-20 or 2026-09")
    return Fact(
        kind="government post" if re.search(r"appointed|named as", text) else "news",
        text=text,
        dated=row.text("date"),
        source=row.required("seen_in"),
        certainty=certainty,
        warning=_ONE_PRESS if "one source" in certainty else _PRESS,
    )


def read_posts(source: Source, news: News, origin: str) -> dict[str, list[Fact]]:
    """The posts in government of each seat's member, by gss_code, each with the day of the list.

    The day stands in the column's own name: government_posts_2026_06_19. When a Prime Minister was
    appointed after that day, every post carries the warning that it is out of date.
    """
    posts: dict[str, list[Fact]] = {}
    for row in source.rows("mps.csv", "gss_code"):
        for column, cell in row.values.items():
            found = _POSTS.fullmatch(column or "")
            if not found:
                continue
            news.posts_as_of = date(*map(int, found.groups()))
            posts[row.text("gss_code")] = [
                Fact(
                    "government post",
                    post.strip(),
                    news.posts_as_of.isoformat(),
                    origin,
                    warning=_stale(news),
                )
                for post in cell.split(" / ")
                if post.strip()
            ]
    return posts


def _stale(news: News) -> str:
    listed, changed = news.posts_as_of, news.changed_on
    if listed and changed and changed > listed:
        return (
            f"This was so on {spoken(listed)}. A new Prime Minister was appointed on "
            f"{spoken(changed)}, so it may no longer be so. Check before you rely on it."
        )
    return ""


def with_facts(
    member: Member, gss_code: str, posts: Mapping[str, list[Fact]], news: News, statements: Iterable[Any]
) -> Member:
    """The member of this seat with every fact that names them, oldest first."""
    named = [
        fact
        for fact in news.facts
        if f"{member.given_name} {member.family_name}" in fact.text or member.name in fact.text
    ]
    said = [
        Fact(
            "statement on detained people", entry["text"], entry["dated"], entry["source"], entry["certainty"]
        )
        for entry in statements
        if entry["gss_code"] == gss_code and entry["member_id"] == member.member_id
    ]
    return replace(member, facts=(*posts.get(gss_code, ()), *named, *said))

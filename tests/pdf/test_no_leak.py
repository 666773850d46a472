"""Every template under every combination of consent: no value that was withheld stands in what is printed.

Each fact is a word that nobody uses, so that it can be looked for. What may be told is said here a second time, from
the ladder of the practice guide (section 4.4), and not taken from the program.
"""

import html
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from casework.domain.consent.publicity import ITEMS, Agreement, Audience, Kind, Level
from casework.domain.dates import spoken
from casework.domain.letters.disclosure import FACTS, PROSE, screen
from casework.domain.letters.letter_values import LetterValues, Reference
from casework.pdf.letters import Letters
from casework.reference.topics import topics

LETTERS = Letters(Path(__file__).parents[2] / "letters")
OUTSIDE = [key for key, one in LETTERS.templates.items() if one.audience is not Audience.PERSON]
BORN, FLIES = date(1977, 8, 23), datetime(2027, 1, 19, 4, 35)
TOPICS = {topic.kind: topic for topic in topics()}
# Ticked on a form of authority, each closes its kind for everybody.
NEVER = frozenset(
    {Kind.HEALTH, Kind.OFFENCE, Kind.FAMILY, Kind.SEXUALITY, Kind.HIV, Kind.TRAFFICKING, Kind.BELIEFS}
)
# What stands among the values of a person and is no fact that has to be agreed to one by one.
HARMLESS = {
    *("person.pronouns", "detained_at.since", "detained_at.first_since", "home.since", "home.until"),
    *("former_home.since", "former_home.until", "removal.notice_on", "removal.earliest", "removal.is_unsure"),
    *("refusal.sent_on", "refusal.appeal_due", "refusal.what", "removal.carriage", "removal.is_charter"),
    *("removal.has_begun", "removal.is_sooner", "removal.needs_details"),
}


def at(values: LetterValues, path: str) -> Any:
    for name in path.split("."):
        values = getattr(values, name)
    return values


def put(values: LetterValues, path: str, new: Any) -> LetterValues:
    part, _, name = path.partition(".")
    inner = replace(getattr(values, part), **{name: new}) if name else new
    return replace(values, **{part: inner})


def word_for(path: str) -> str:
    """A word for this fact that stands in no letter: "Qpersonnameq"."""
    return f"Q{path.replace('.', '').replace('_', '')}q"


def marked_values(key: str) -> tuple[LetterValues, dict[str, Kind]]:
    """The sample with a marked word in place of every fact, and the words with their kinds."""
    values, secrets = LETTERS.sample(key), {}
    for path, kind in FACTS.items():
        old, word = at(LETTERS.sample("home-mp-urgent"), path), word_for(path)
        shown = word
        new: Any = word
        if path == "references":
            new = (Reference("Home Office reference", word),)
        elif path == "person.born":
            new, shown = BORN, spoken(BORN)
        elif path == "removal.at":
            new, shown = FLIES, spoken(FLIES)
        elif isinstance(old, tuple):
            new = (word,)
        values, secrets[shown] = put(values, path, new), kind
    every = " ".join(secrets)
    for path in PROSE:
        told = f"She knows {every}. " + " ".join(sentence(kind) for kind in TOPICS)
        values = put(values, path, (told,) if isinstance(at(values, path), tuple) else told)
    return values, secrets | {topic_word(kind): kind for kind in TOPICS}


def topic_word(kind: Kind) -> str:
    return f"Qtopic{kind.name.lower()}q"


def sentence(kind: Kind) -> str:
    """A sentence that speaks of such a thing without any value: it has to go as a whole."""
    return f"Here a {TOPICS[kind].words[0].rstrip('-')} meets {topic_word(kind)}."


@cache
def typed(key: str) -> tuple[dict[str, str], LetterValues, dict[str, Kind]]:
    """The text of a draft made when everything was agreed to, with all of it typed into each block once more."""
    values, secrets = marked_values(key)
    prose = f"Told: {', '.join(secrets)}.".replace("Qtopic", "Qother") + " " + " ".join(map(sentence, TOPICS))
    blocks = {name: f"{text}\n\n{prose}" for name, text in LETTERS.prefill(key, values).items()}
    return blocks, values, secrets


def told(kind: Kind, audience: Audience, one: Agreement) -> bool:
    """Whether the ladder lets this kind be told to them: said once more, from the practice guide."""
    needs = {
        Audience.LAWYER: 0,
        Audience.OFFICE: 1,
        Audience.SUPPORTERS: 2,
        Audience.AIRLINE: 3,
        Audience.PUBLIC: 3,
    }
    if one.level < needs[audience] or kind in one.withheld:
        return False
    if audience in (Audience.LAWYER, Audience.OFFICE):
        return True
    if kind not in ITEMS:
        return {
            Audience.SUPPORTERS: kind in (Kind.CASE, Kind.HOME),
            Audience.AIRLINE: kind in (Kind.CASE, Kind.TRAVEL),
            Audience.PUBLIC: kind is Kind.CASE,
        }[audience] or (kind is Kind.TRAVEL and audience is Audience.AIRLINE)
    if kind not in one.items:
        return False
    if audience is Audience.PUBLIC and one.level == 3:
        return kind in (Kind.OFFENCE, Kind.HEALTH, Kind.CHILDREN, Kind.COURT_PAPERS)
    return not (
        audience is Audience.PUBLIC and one.level == 4 and kind is Kind.FACE and Kind.NAME in one.items
    )


def leaks(text: str, secrets: dict[str, Kind], audience: Audience, one: Agreement) -> list[str]:
    """The withheld words that stand in this text."""
    plain = html.unescape(text).casefold()
    return [
        word for word, kind in secrets.items() if not told(kind, audience, one) and word.casefold() in plain
    ]


def printed(page: str) -> str:
    """The title of a page, and every word on it."""
    head, _, body = page.partition("</head>")
    return f"{head.partition('<title>')[2].partition('</title>')[0]} {Markup(body).striptags()}"


def everything_in(value: Any) -> Iterator[str]:
    """Every text among values, however deep."""
    if is_dataclass(value):
        for one in fields(value):
            yield from everything_in(getattr(value, one.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from everything_in(inner)
    elif isinstance(value, date):
        yield spoken(value)
    else:
        yield str(value)


def every_combination() -> Iterator[Agreement]:
    """Six levels, the nine items in each of their 512 combinations, and nothing or everything withheld."""
    for level, number, withheld in product(Level, range(512), (frozenset(), NEVER)):
        items = frozenset(item for bit, item in enumerate(ITEMS) if number >> bit & 1)
        yield Agreement(level, items, withheld, "Qchangedq")


def the_corners() -> Iterator[Agreement]:
    """At each level: no item, all of them, each alone, and all but one; nothing or everything withheld."""
    chosen = [frozenset(), frozenset(ITEMS), *(frozenset({one}) for one in ITEMS)]
    chosen += [frozenset(ITEMS) - {one} for one in ITEMS]
    for level, items, withheld in product(Level, chosen, (frozenset(), NEVER)):
        yield Agreement(level, items, withheld, "Qchangedq")


def outcome(audience: Audience, one: Agreement) -> tuple[frozenset[Kind], bool]:
    """What makes a difference to a paper: two agreements with the same outcome print the same."""
    return frozenset(
        kind for kind in Kind if told(kind, audience, one)
    ), one.level is Level.FIRST_NAME_OR_PICTURE


@pytest.mark.parametrize("audience", [one for one in Audience if one is not Audience.PERSON])
def test_under_every_combination_of_levels_and_items_no_withheld_value_is_left_to_print(audience):
    _, values, secrets = typed("covering-letter")
    looked, text = set(), f"Of {', '.join(word for word in secrets if 'Qtopic' not in word)}."
    for one in every_combination():
        made = outcome(audience, one)
        if made in looked:
            continue
        looked.add(made)
        seen = screen(values, audience, one)
        secret = {word: kind for word, kind in secrets.items() if "Qtopic" not in word}
        left = "\n".join(everything_in(seen.values))
        assert leaks(left + seen.mask(text), secret, audience, one) == [], one


@pytest.mark.parametrize("key", OUTSIDE)
def test_no_template_prints_a_withheld_value_under_any_consent(key):
    blocks, values, secrets = typed(key)
    audience = LETTERS.template(key).audience
    looked = set()
    for one in the_corners():
        made = outcome(audience, one)
        if made in looked:
            continue
        looked.add(made)
        seen = screen(values, audience, one, TOPICS.values())
        said = {name: seen.mask(text) for name, text in blocks.items()}
        page = LETTERS.render_html(key, said, seen.values)
        assert leaks(printed(page), secrets, audience, one) == [], one
    assert len(looked) > 1


@pytest.mark.parametrize("key", OUTSIDE)
def test_with_everything_agreed_the_facts_do_stand_in_the_letter_or_the_proof_above_is_empty(key):
    blocks, values, secrets = typed(key)
    page = LETTERS.render_html(key, blocks, values)
    assert sum(word in page for word in secrets) >= (len(secrets) // 2 if blocks else 0)


def test_every_fact_of_a_person_carries_its_kind():
    parts = ("person", "detained_at", "home", "former_home", "representative", "removal", "refusal")
    values = LetterValues(today=date.min)
    known = {f"{part}.{one.name}" for part in parts for one in fields(getattr(values, part))}
    assert known - set(FACTS) - HARMLESS == set()

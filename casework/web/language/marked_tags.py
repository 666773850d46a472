"""The tags of a template, with the attributes in them that are words: title, alt, aria-label, what a script says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

from jinja2 import nodes

from casework.web.language.sentence_parts import Text, Token, joined, tokens_of
from casework.web.language.template_reading import Untidy, choice_of

ATTRIBUTES = re.compile(
    r'(?:^|\s)(?:aria-label|aria-description|title|alt|placeholder|data-label|data-say-[a-z-]+)="'
)


@dataclass
class TagMarker:
    """Marks the inside of one tag. `attribute` says the words of an attribute, `expression` anything as it stands."""

    attribute: Callable[[list[Token]], list[Any]]
    expression: Callable[[Token], Any]

    def marked(self, parts: list[Any], line: int) -> list[Any]:
        """What stands in a tag, with the attributes that are words as messages."""
        made: list[Any] = []
        words: list[Token] | None = None
        for part in parts:
            if isinstance(part, str):
                words = self._attributes(part, line, words, made)
            elif words is not None:
                words += _tokens_in_attribute(part)
            elif isinstance(part, nodes.If):
                made.append(self._condition_in_tag(part, line))
            else:
                made.append(part)
        if words:
            made += [self.expression(one) for one in words]
        return made

    def _attributes(
        self, text: str, line: int, words: list[Token] | None, made: list[Any]
    ) -> list[Token] | None:
        at = 0
        while at < len(text):
            if words is None:
                match = ATTRIBUTES.search(text, at)
                end = match.end() if match else len(text)
                made.append(nodes.TemplateData(text[at:end], lineno=line))
                words = [] if match else None
            else:
                end = text.find('"', at)
                end = len(text) if end < 0 else end
                if end > at:
                    words.append(Text(unescape(text[at:end]), line, text[at:end]))
                if end < len(text):
                    made += self.attribute(words)
                    words = None
            at = end
        return words

    def _condition_in_tag(self, node: Any, line: int) -> Any:
        def inside(body: list[Any]) -> Any:
            parts: list[Any] = []
            for one in body:
                if isinstance(one, nodes.Output):
                    parts += [
                        child.data if isinstance(child, nodes.TemplateData) else child for child in one.nodes
                    ]
                elif isinstance(one, nodes.If):
                    parts.append(one)
                else:
                    raise Untidy(f"line {one.lineno}: a statement within a tag")
            return joined(self.marked(parts, line))

        otherwise = inside(node.else_)
        for one in reversed(node.elif_):
            otherwise = nodes.CondExpr(one.test, inside(one.body), otherwise)
        return nodes.CondExpr(node.test, inside(node.body), otherwise)


def _tokens_in_attribute(part: Any) -> list[Token]:
    if not isinstance(part, nodes.If):
        return tokens_of(part)
    choice = choice_of(part)
    if choice is None:
        raise Untidy(f"line {part.lineno}: a condition within an attribute")
    return [choice]

"""The pages as translators need them: every run of text of a template becomes a message, by itself.

Nobody marks anything. A page in another language is made from the same templates: what Jinja read of one is gone
through as a browser would read it, and each sentence, with the links and values in it, becomes one call of
`environment.in_words`. A sentence of which a part hangs on a condition becomes a sentence for each case. English pages
are made without any of this. The list of what there is to translate comes out of the same walk (`Marker.found`).
"""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from jinja2 import nodes

from casework.web.language import marked_values
from casework.web.language.marked_tags import TagMarker
from casework.web.language.sentence_parts import Choice, Many, Message, Text, Token, Value, joined
from casework.web.language.sentence_questions import (
    cases,
    has_words,
    has_words_outside,
    items,
    stands_alone,
    trimmed,
)
from casework.web.language.template_reading import Reader, Statement, Tag, Untidy, unbalanced

PLAIN = frozenset({"title", "option", "textarea"})  # no tag may stand in them
QUIET = frozenset({"script", "style"})
PLAIN_BLOCKS = frozenset({"title", "wrong"})
# What stands between things of a list, and is no part of any.
BETWEEN = re.compile(r"(\s+[·›|]\s+|\s*—\s+(?=$))")
MOST_CASES = 6


@dataclass
class Marker:
    """Marks a template: its nodes with the messages in them, and what it found on the way."""

    found: list[Message] = field(default_factory=list)
    untidy: list[str] = field(default_factory=list)
    _plain: str = ""
    _quiet: list[str] = field(default_factory=list)

    def mark(self, tree: nodes.Template) -> nodes.Template:
        """The template with every text in it as a message."""
        tree.body = self.body(tree.body)
        return tree

    def body(self, body: list[Any]) -> list[Any]:
        try:
            tokens = Reader().read(body)
        except Untidy as error:
            self.untidy.append(str(error))
            return body
        made: list[Any] = []
        run: list[Any] = []
        for token in tokens:
            if isinstance(token, Statement) or (isinstance(token, Tag) and self._ends_run(token)):
                made += self._run(run)
                run = []
                if isinstance(token, Tag) and (token.says_english or token.closes):
                    self._follow(token)
                    made += self._raw_tag(token)
                elif isinstance(token, Tag):  # what a script is to say stands in its tag
                    made += self._raw_tag(token)
                    self._follow(token)
                else:
                    made.append(self._statement(token.node))
            else:
                run.append(token)
        return made + self._run(run)

    def _ends_run(self, tag: Tag) -> bool:
        return bool(self._quiet) or not tag.is_inline or tag.says_english

    def _follow(self, tag: Tag) -> None:
        """Keep in what we are: where nothing is translated, and where no tag may stand."""
        if self._quiet:
            if tag.name == self._quiet[-1]:
                self._quiet.pop() if tag.closes else self._quiet.append(tag.name)
        elif not tag.closes and (tag.name in QUIET or tag.says_english):
            self._quiet.append(tag.name)
        if tag.name in PLAIN:
            self._plain = "" if tag.closes else tag.name

    def _statement(self, node: Any) -> Any:
        """A loop, a block or the like, with what stands in it marked."""
        before = (self._plain, list(self._quiet))
        if isinstance(node, nodes.Block) and node.name in PLAIN_BLOCKS:
            self._plain = "title"
        for name in ("body", "else_"):
            if getattr(node, name, None):
                setattr(node, name, self.body(getattr(node, name)))
        for one in getattr(node, "elif_", None) or ():
            one.body = self.body(one.body)
        if isinstance(node, nodes.Assign):
            node.node = self._words(node.node)
        elif isinstance(node, nodes.For):
            node.iter = self._words(node.iter)
        elif isinstance(node, nodes.Output):
            node.nodes = [
                one if isinstance(one, nodes.TemplateData) else self._words(one) for one in node.nodes
            ]
        elif isinstance(node, nodes.CallBlock):
            node.call = self._words(node.call)
        elif isinstance(node, nodes.Macro):
            node.defaults = [self._words(one) for one in node.defaults]
        self._plain, self._quiet = before
        return node

    def _words(self, node: Any) -> Any:
        return node if self._quiet else marked_values.mark(node, self._note)

    def _displayed(self, node: Any) -> Any:
        if self._quiet or self._plain == "textarea":
            return node
        return marked_values.displayed(node, self._note)

    def _note(self, message: Message) -> None:
        self.found.append(message)

    # A run of text, values and inline tags, up to what ends it.

    def _run(self, run: list[Any]) -> list[Any]:
        if self._quiet:
            return [node for token in run for node in self._raw(token)]
        if unbalanced(run):
            made: list[Any] = []
            part: list[Any] = []
            for token in [*run, None]:
                if isinstance(token, Tag) or token is None:
                    made += self._pieces(part) + (self._raw(token) if token else [])
                    part = []
                else:
                    part.append(token)
            return made
        return self._pieces(run)

    def _pieces(self, run: list[Any]) -> list[Any]:
        made: list[Any] = []
        piece: list[list[Any]] = []
        for item in items(run):
            first = item[0]
            if isinstance(first, Text) and BETWEEN.search(first.text):
                for at, text in enumerate(BETWEEN.split(first.source)):
                    if at % 2:
                        made += self._piece(piece)
                        made.append(_output(nodes.TemplateData(text, lineno=first.line)))
                        piece = []
                    elif text:
                        piece.append([Text(unescape(text), first.line, text)])
            else:
                piece.append(item)
        return made + self._piece(piece)

    def _piece(self, piece: list[list[Any]]) -> list[Any]:
        """What stands between two separators: one message, or several where a condition adds a whole sentence."""
        for at, item in enumerate(piece):
            if isinstance(item[0], Choice) and item[0].node is not None and stands_alone(piece, at):
                return [*self._piece(piece[:at]), *self._raw(item[0]), *self._piece(piece[at + 1 :])]
        if not any(has_words_outside(item) for item in piece):
            return [node for item in piece for node in self._apart(item)]
        return self._message([token for item in piece for token in item])

    def _apart(self, item: list[Any]) -> list[Any]:
        if len(item) > 1:  # an element: its tag, what is in it, its end
            return self._raw(item[0]) + self._pieces(item[1:-1]) + self._raw(item[-1])
        return self._raw(item[0])

    def _message(self, tokens: list[Any]) -> list[Any]:
        before, tokens, after = trimmed(tokens)
        too_many = cases(tokens) > MOST_CASES
        tokens = [self._as_value(token, words=too_many) for token in tokens]
        mode = "title" if self._plain else "text"
        call = self._said(tokens, mode)
        return [_output(*(one for one in (before, call, after) if one is not None))]

    def _said(self, tokens: list[Any], mode: str) -> Any:
        return marked_values.said(tokens, mode, self._note, self._tag_value)

    def _as_value(self, token: Any, *, words: bool = True) -> Any:
        """A condition as one value of the sentence: where there are too many, or it brings no words."""
        if not isinstance(token, Choice) or (has_words(token) and not words):
            return token
        return Value(self._branch(token), "more")

    def _branch(self, token: Any) -> Any:
        if isinstance(token, Choice):
            return nodes.CondExpr(token.test, self._joined(token.yes), self._joined(token.no))
        raise TypeError(token)

    def _joined(self, tokens: list[Any]) -> Any:
        if any(has_words(one) for one in tokens):
            before, inner, after = trimmed(tokens)
            parts = [before, self._said([self._as_value(one) for one in inner], "text"), after]
        else:
            parts = [self._expression(one) for one in tokens]
        return joined([one for one in parts if one is not None])

    # Back to nodes, as they were.

    def _raw(self, token: Any) -> list[Any]:
        if isinstance(token, Choice) and token.node is not None and isinstance(token.node, nodes.If):
            return [self._statement(token.node)]
        if isinstance(token, Tag):
            return self._raw_tag(token)
        return [_output(self._expression(token))]

    def _raw_tag(self, tag: Tag) -> list[Any]:
        return [_output(*TagMarker(self._attribute, self._expression).marked(tag.parts, tag.line))]

    def _tag_value(self, tag: Tag) -> Any:
        return joined(TagMarker(self._attribute, self._expression).marked(tag.parts, tag.line))

    def _expression(self, token: Any) -> Any:
        if isinstance(token, Text):
            return nodes.TemplateData(token.source, lineno=token.line)
        if isinstance(token, Tag):
            return self._tag_value(token)
        if isinstance(token, Value):
            return self._displayed(token.node)
        if isinstance(token, Many):
            return (
                self._words(token.node) if token.node is not None else marked_values.many(token, self._note)
            )
        if token.node is not None and not isinstance(token.node, nodes.If):
            return self._words(token.node)
        return self._branch(token)

    def _attribute(self, words: list[Token]) -> list[Any]:
        if self._quiet or not any(has_words(one) for one in words):
            return [self._expression(one) for one in words]
        return [self._said([self._as_value(one, words=False) for one in words], "title")]


def _output(*parts: Any) -> Any:
    return nodes.Output(list(parts), lineno=getattr(parts[0], "lineno", None) or 1)

"""The pages as translators need them: every run of text of a template becomes a message, by itself.

Nobody marks anything. A page in another language is made from the same templates: what Jinja read of one is gone
through as a browser would read it, and each sentence, with the links and values in it, becomes one call of
`environment.in_words`. A sentence of which a part hangs on a condition becomes a sentence for each case. English pages
are made without any of this. The list of what there is to translate comes out of the same walk (`Marker.found`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from jinja2 import nodes

from casework.web import marked_values
from casework.web.marked_values import Choice, Many, Message, Text, Token, Value
from casework.web.template_reading import Reader, Statement, Tag, Untidy, choice_of, unbalanced

PLAIN = frozenset({"title", "option", "textarea"})  # no tag may stand in them
QUIET = frozenset({"script", "style"})
PLAIN_BLOCKS = frozenset({"title", "wrong"})
ATTRIBUTES = re.compile(
    r'(?:^|\s)(?:aria-label|aria-description|title|alt|placeholder|data-label|data-say-[a-z-]+)="'
)
# What stands between things of a list, and is no part of any.
BETWEEN = re.compile(r"(\s+[·›|]\s+|\s*—\s+(?=$))")
ENDS = re.compile(r"[.!?…:”)][”’)]?\s*$")
_AROUND = " \t\n\r\xa0·›|"  # no part of what is said
MOST_CASES = 6


@dataclass
class Marker:
    """Marks a template: its nodes with the messages in them, and what it found on the way."""

    found: list[Message] = field(default_factory=list)
    pieces: list[tuple[int, str]] = field(default_factory=list)  # parts of sentences that stand alone
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
        for item in _items(run):
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
            if isinstance(item[0], Choice) and item[0].node is not None and _stands_alone(piece, at):
                return [*self._piece(piece[:at]), *self._raw(item[0]), *self._piece(piece[at + 1 :])]
        if not any(_has_words_outside(item) for item in piece):
            return [node for item in piece for node in self._apart(item)]
        return self._message([token for item in piece for token in item])

    def _apart(self, item: list[Any]) -> list[Any]:
        if len(item) > 1:  # an element: its tag, what is in it, its end
            return self._raw(item[0]) + self._pieces(item[1:-1]) + self._raw(item[-1])
        return self._raw(item[0])

    def _message(self, tokens: list[Any]) -> list[Any]:
        before, tokens, after = _trimmed(tokens)
        cases = _cases(tokens)
        if cases > MOST_CASES:
            tokens = [self._as_value(token) for token in tokens]
        else:
            tokens = [self._as_value(token, words=False) for token in tokens]
        mode = "title" if self._plain else "text"
        call = self._said(tokens, mode)
        return [_output(*(one for one in (before, call, after) if one is not None))]

    def _said(self, tokens: list[Any], mode: str) -> Any:
        return marked_values.said(tokens, mode, self._note, self._tag_value)

    def _as_value(self, token: Any, *, words: bool = True) -> Any:
        """A condition as one value of the sentence: where there are too many, or it brings no words."""
        if not isinstance(token, Choice) or (_has_words(token) and not words):
            return token
        if _has_words(token):
            self.pieces.append((_line(token), _shown(token)))
        return Value(self._branch(token), "more")

    def _branch(self, token: Any) -> Any:
        if isinstance(token, Choice):
            return nodes.CondExpr(token.test, self._joined(token.yes), self._joined(token.no))
        raise TypeError(token)

    def _joined(self, tokens: list[Any]) -> Any:
        if any(_has_words(one) for one in tokens):
            before, inner, after = _trimmed(tokens)
            parts = [before, self._said([self._as_value(one) for one in inner], "text"), after]
        else:
            parts = [self._expression(one) for one in tokens]
        return marked_values.joined([one for one in parts if one is not None])

    # Back to nodes, as they were.

    def _raw(self, token: Any) -> list[Any]:
        if isinstance(token, Choice) and token.node is not None and isinstance(token.node, nodes.If):
            return [self._statement(token.node)]
        if isinstance(token, Tag):
            return self._raw_tag(token)
        return [_output(self._expression(token))]

    def _raw_tag(self, tag: Tag) -> list[Any]:
        return [_output(*self._in_tag(tag.parts, tag.line))]

    def _tag_value(self, tag: Tag) -> Any:
        return marked_values.joined(self._in_tag(tag.parts, tag.line))

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

    def _in_tag(self, parts: list[Any], line: int) -> list[Any]:
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
            made += [self._expression(one) for one in words]
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
                    made += self._attribute(words)
                    words = None
            at = end
        return words

    def _attribute(self, words: list[Token]) -> list[Any]:
        if self._quiet or not any(_has_words(one) for one in words):
            return [self._expression(one) for one in words]
        return [self._said([self._as_value(one, words=False) for one in words], "title")]

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
            return marked_values.joined(self._in_tag(parts, line))

        otherwise = inside(node.else_)
        for one in reversed(node.elif_):
            otherwise = nodes.CondExpr(one.test, inside(one.body), otherwise)
        return nodes.CondExpr(node.test, inside(node.body), otherwise)


def _tokens_in_attribute(part: Any) -> list[Token]:
    if not isinstance(part, nodes.If):
        return marked_values.tokens_of(part)
    choice = choice_of(part)
    if choice is None:
        raise Untidy(f"line {part.lineno}: a condition within an attribute")
    return [choice]


def _output(*parts: Any) -> Any:
    return nodes.Output(list(parts), lineno=getattr(parts[0], "lineno", None) or 1)


def _items(run: list[Any]) -> list[list[Any]]:
    """The run as a list of what stands side by side: a token, or an element with all that is in it."""
    items: list[list[Any]] = []
    opened = 0
    for token in run:
        if opened:
            items[-1].append(token)
        else:
            items.append([token])
        if isinstance(token, Tag):
            opened += -1 if token.closes else 1
    return items


def _has_words(token: Any) -> bool:
    if isinstance(token, Text):
        return marked_values.is_said(token.text)
    if isinstance(token, Choice):
        return any(_has_words(one) for one in (*token.yes, *token.no))
    return isinstance(token, Many)


def _has_words_outside(item: list[Any]) -> bool:
    """Whether there are words in it that stand in no element of their own."""
    token = item[0]
    if isinstance(token, Choice):
        return any(_has_words_outside(one) for branch in _branches(token) for one in _items(branch))
    return len(item) == 1 and _has_words(token)


def _stands_alone(piece: list[list[Any]], at: int) -> bool:
    """Whether this condition brings a sentence of its own: after the end of one, and with its own end."""
    before = "".join(_shown(token) for item in piece[:at] for token in item)
    after = "".join(_shown(token) for item in piece[at + 1 :] for token in item)
    if (before.strip() and not ENDS.search(before)) or len(piece) == 1:
        return len(piece) == 1
    branches = [_all_shown(branch) for branch in _branches(piece[at][0]) if branch]
    return all(ENDS.search(one) for one in branches) or not after.strip()


def _branches(choice: Choice) -> list[list[Any]]:
    return [choice.yes, choice.no]


def _all_shown(tokens: Iterable[Any]) -> str:
    return "".join(map(_shown, tokens))


def _shown(token: Any) -> str:
    """About what a reader sees of it."""
    if isinstance(token, Text):
        return token.text
    if isinstance(token, Tag):
        return ""
    if isinstance(token, Choice):
        return _all_shown(token.yes) or _all_shown(token.no)
    return "X"


def _line(token: Any) -> int:
    return int(getattr(token.test, "lineno", 0) or 0)


def _cases(tokens: list[Any]) -> int:
    number = 1
    for token in tokens:
        if isinstance(token, Choice) and _has_words(token):
            number *= _cases(token.yes) + _cases(token.no)
    return number


def _trimmed(tokens: list[Any]) -> tuple[Any, list[Any], Any]:
    """The white space before, what is between, and the white space after."""
    tokens = list(tokens)
    before = after = None
    if tokens and isinstance(first := tokens[0], Text):
        rest = first.text.lstrip(_AROUND)
        before = nodes.TemplateData(first.text[: len(first.text) - len(rest)], lineno=first.line)
        tokens[0] = Text(rest, first.line, first.source.lstrip(_AROUND))
    if tokens and isinstance(last := tokens[-1], Text):
        rest = last.text.rstrip(_AROUND)
        after = nodes.TemplateData(last.text[len(rest) :], lineno=last.line)
        tokens[-1] = Text(rest, last.line, last.source.rstrip(_AROUND))
    return before, [one for one in tokens if not isinstance(one, Text) or one.text], after

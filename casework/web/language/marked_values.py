"""Sentences as calls that say them: `in_words("Give {name} <a>the list</a>.", …)`, and the words within an expression.

`said` makes one such call of the parts of a sentence; where one hangs on a condition, one call for each case. `mark`
finds the words within an expression, such as those that a macro is given.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from jinja2 import nodes

from casework.domain.words import NUMBER, has_letters
from casework.web.language.names_of_words import (
    CHANGING,
    FIRST_ALONE,
    MAY_BE_TYPED,
    NO_WORD_NAMES,
    NO_WORDS,
    SAYING,
    WITH_WORDS,
    WORDS_OF_OURS,
    is_of_ours,
)
from casework.web.language.sentence_parts import (
    Choice,
    Many,
    Message,
    Note,
    Text,
    Token,
    Value,
    counted,
    escaped,
    is_said,
    joined,
    name_of,
    tokens_of,
)

_STARTS = re.compile(r"[^\w]*[A-Z]")


def said(tokens: Sequence[Token], mode: str, note: Note, tag_value: Any = None, branch: Any = None) -> Any:
    """The call that says these tokens as one message; where one hangs on a condition, one call for each case."""
    tokens = list(tokens)
    for at, token in enumerate(tokens):
        if isinstance(token, Choice):
            if (number := _asks_for_one(token, tokens)) is not None:
                return _one_or_several(number, tokens, token.test, mode, note, tag_value)
            cases = [[*tokens[:at], *case, *tokens[at + 1 :]] for case in (token.yes, token.no)]
            return nodes.CondExpr(token.test, *(said(case, mode, note, tag_value) for case in cases))
    if not any(isinstance(one, Many) or (isinstance(one, Text) and is_said(one.text)) for one in tokens):
        return joined([_plain(one, note, tag_value) for one in tokens])
    made = _Made(note, tag_value)
    for token in tokens:
        made.take(token)
    return made.call(mode)


def _asks_for_one(choice: Choice, tokens: Sequence[Token]) -> Any:
    """The number in the sentence that the condition holds against 1; None where it asks for something else."""
    test = choice.test
    if not isinstance(test, nodes.Compare) or len(test.ops) != 1 or test.ops[0].op != "eq":
        return None
    against = test.ops[0].expr
    if not isinstance(against, nodes.Const) or against.value != 1:
        return None
    return test.expr if any(_is_number(one, test.expr) for one in tokens) else None


def _is_number(token: Token, number: Any) -> bool:
    if isinstance(token, Many):
        return bool(token.number == number)
    if not isinstance(token, Value):
        return False
    node = token.node
    is_written = (
        isinstance(node, nodes.Call) and getattr(node.node, "attr", "") == "format" and number in node.args
    )
    return bool(node == number) or is_written


def _one_or_several(
    number: Any, tokens: Sequence[Token], test: Any, mode: str, note: Note, tag_value: Any
) -> Any:
    """One message with both its forms, where the template asks whether the number is one."""

    def case(is_one: bool) -> list[Token]:
        made: list[Token] = []
        for token in tokens:
            if isinstance(token, Choice) and token.test == test:
                made += token.yes if is_one else token.no
            elif _is_number(token, number):
                words = (token.one if is_one else token.several) if isinstance(token, Many) else ""
                made += [Value(number, NUMBER), Text(f" {words}" if words else "", 0, "")]
            else:
                made.append(token)
        return made

    one, several = _Made(note, tag_value), _Made(note, tag_value)
    for token in case(True):
        one.take(token)
    for token in case(False):
        several.take(token)
    several.several, several.english, several.number, several.line = (
        several.english,
        one.english,
        number,
        one.line,
    )
    several.values, several.tags = one.values | several.values, one.tags | several.tags
    several.values.pop(NUMBER, None)
    return several.call(mode)


def _plain(token: Token, note: Note, tag_value: Any) -> Any:
    if isinstance(token, Text):
        return nodes.TemplateData(token.source, lineno=token.line)
    return displayed(token.node, note) if isinstance(token, Value) else tag_value(token)


class _Made:
    """A message as it is put together."""

    def __init__(self, note: Note, tag_value: Any) -> None:
        self.note, self.tag_value = note, tag_value
        self.english: list[str] = []
        self.several: list[str] = []
        self.values: dict[str, Any] = {}
        self.tags: dict[str, Any] = {}
        self.number: Any = None
        self.line = 0
        self._opened: list[str] = []

    def take(self, token: Token) -> None:
        if isinstance(token, Text):
            self.line = self.line or token.line
            self._add(token.text)
        elif isinstance(token, Many) and self.number is None:
            self.number = token.number
            self.line = self.line or token.number.lineno or 0
            self._add(f"{{{NUMBER}}} {token.one}", f"{{{NUMBER}}} {token.several}")
        elif isinstance(token, Many):
            self._add(f"{{{self._named(name_of(token.number), many(token, self.note))}}}")
        elif isinstance(token, Value) and token.name == NUMBER:
            self._add(f"{{{NUMBER}}}")
        elif isinstance(token, Value):
            self._add(
                f"{{{self._named(token.name or name_of(token.node), displayed(token.node, self.note))}}}"
            )
        elif token.closes:
            self._add(f"</{self._opened.pop()}>")
        else:
            self._opened.append(_free(token.name, self.tags))
            self.tags[self._opened[-1]] = self.tag_value(token)
            self._add(f"<{self._opened[-1]}>")

    def _add(self, english: str, several: str | None = None) -> None:
        self.english.append(english)
        self.several.append(english if several is None else several)

    def _named(self, name: str, node: Any) -> str:
        name = _free(name if name != NUMBER else "value", self.values)
        self.values[name] = node
        return name

    def call(self, mode: str) -> Any:
        english, several = (" ".join("".join(parts).split()) for parts in (self.english, self.several))
        several = several if self.number is not None else ""
        self.note(Message(english, several, self.line))
        given = [
            nodes.Keyword("mode", nodes.Const(mode)),
            nodes.Keyword("values", _pairs(self.values)),
            nodes.Keyword("tags", _pairs(self.tags)),
        ]
        if self.number is not None:
            given += [nodes.Keyword("several", nodes.Const(several)), nodes.Keyword("number", self.number)]
        return nodes.Call(nodes.EnvironmentAttribute("in_words"), [nodes.Const(english)], given, None, None)


def many(token: Many, note: Note) -> Any:
    """The call that says a number with what is counted, by itself."""
    return said([Many(token.number, token.one, token.several)], "argument", note)


def _pairs(given: dict[str, Any]) -> nodes.Dict:
    return nodes.Dict([nodes.Pair(nodes.Const(name), node) for name, node in given.items()])


def _free(name: str, taken: Iterable[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}{number}", number + 1
    return found


def displayed(node: Any, note: Note) -> Any:
    """The same where it is shown as text: a whole sentence of the program is known there, whatever holds it."""
    marked = mark(node, note)
    is_value = isinstance(
        marked, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Call | nodes.Or | nodes.CondExpr
    )
    if not is_value or isinstance(getattr(marked, "node", None), nodes.EnvironmentAttribute):
        return marked
    return nodes.Call(nodes.EnvironmentAttribute("known_sentence"), [marked], [], None, None)


def mark(node: Any, note: Note, *, loose: bool = False) -> Any:
    """The expression with the words in it as messages: what a macro is given, what stands for nothing known."""
    if isinstance(node, nodes.Const):
        return _marked_words(node, note, loose)
    if isinstance(node, nodes.CondExpr):
        return nodes.CondExpr(
            node.test, mark(node.expr1, note), mark(node.expr2, note) if node.expr2 else None
        )
    if isinstance(node, nodes.Or | nodes.And):
        return type(node)(
            node.left if isinstance(node, nodes.And) else mark(node.left, note), mark(node.right, note)
        )
    if isinstance(node, nodes.Concat | nodes.Add):
        return _marked_parts(node, note)
    if isinstance(node, nodes.Tuple | nodes.List):
        node.items = [mark(one, note) for one in node.items]
    elif isinstance(node, nodes.Dict):
        node.items = [nodes.Pair(one.key, mark(one.value, note)) for one in node.items]
    elif isinstance(node, nodes.Getitem):
        node.node = mark(node.node, note)
    elif isinstance(node, nodes.Filter):
        return _marked_filter(node, note)
    elif isinstance(node, nodes.Call):
        return _marked_call(node, note)
    elif isinstance(node, nodes.Getattr | nodes.Name) and is_of_ours(node):
        name = node.name if isinstance(node, nodes.Name) else node.attr
        given = [node, nodes.Const(True)] if name in MAY_BE_TYPED else [node]
        return nodes.Call(nodes.EnvironmentAttribute("known_words"), given, [], None, None)
    return node


def is_wordy(text: str) -> bool:
    """Whether this looks like words for a reader, and no key of the program."""
    return has_letters(text) and (bool(_STARTS.match(text)) or " " in text.strip())


def _marked_words(node: nodes.Const, note: Note, loose: bool) -> Any:
    text = node.value
    if not isinstance(text, str) or not (is_wordy(text) or (loose and has_letters(text))):
        return node
    return _with_space([Text(text, node.lineno or 0, escaped(text))], note)


def _marked_parts(node: Any, note: Note) -> Any:
    tokens = tokens_of(node)
    words = "".join(one.text for one in tokens if isinstance(one, Text))
    if any(isinstance(one, Choice | Many) for one in tokens) or is_wordy(words):
        return _with_space(tokens, note)
    for name in ("left", "right"):
        if isinstance(node, nodes.Add):
            setattr(node, name, mark(getattr(node, name), note))
    return node


def _with_space(tokens: list[Token], note: Note) -> Any:
    """The message with the white space at its ends outside it."""
    first, last = tokens[0], tokens[-1]
    before = first.text[: len(first.text) - len(first.text.lstrip())] if isinstance(first, Text) else ""
    after = last.text[len(last.text.rstrip()) :] if isinstance(last, Text) else ""
    call = said(tokens, "argument", note)
    return nodes.Concat([nodes.Const(before), call, nodes.Const(after)]) if before or after else call


def _marked_filter(node: nodes.Filter, note: Note) -> Any:
    if node.name == "count" and (many_of := counted(node)):
        return many(many_of, note)
    if node.name in WITH_WORDS:
        node.args = [mark(one, note, loose=True) for one in node.args]
    elif node.name == "map" and any(
        one.key == "attribute" and isinstance(one.value, nodes.Const) and one.value.value in WORDS_OF_OURS
        for one in node.kwargs
    ):
        return nodes.Filter(node, "map", [nodes.Const("words")], [], None, None)
    elif node.name == "lines" and isinstance(node.node, nodes.Name | nodes.Getattr):
        return node  # what has lines of its own was typed
    elif (node.name in CHANGING or node.name in ("join", "lines")) and node.node is not None:
        node.node = mark(node.node, note)
    return node


def _marked_call(node: nodes.Call, note: Note) -> Any:
    called = node.node
    name = called.name if isinstance(called, nodes.Name) else getattr(called, "attr", "")
    if name in NO_WORDS or isinstance(called, nodes.EnvironmentAttribute):
        return node
    if isinstance(called, nodes.Getattr) and name in SAYING:
        return nodes.Call(nodes.EnvironmentAttribute("known_words"), [node], [], None, None)
    said = 1 if name in FIRST_ALONE else len(node.args)
    node.args = [mark(one, note) for one in node.args[:said]] + node.args[said:]
    for one in node.kwargs:
        if one.key not in NO_WORD_NAMES:
            one.value = mark(one.value, note)
    return node

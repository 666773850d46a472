"""The words of a letter as a small language: what may stand in it, and which facts it prints, line by line.

A letter's words are text with values in double braces, and with "if" and "for" around them. They name nothing but
the values of a letter and the sentences of `_shared.txt`; loops run over the lists of a letter, and no loop stands in
another. So they reach no setting, file or other case, and they always end, without a clock to watch them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from casework.domain.case.pronouns import Pronouns
from casework.domain.consent.publicity import Kind
from casework.pdf.letter_blocks import SHARED
from casework.pdf.letter_shapes import (
    FILTERS,
    ListOf,
    Loop,
    Value,
    Wrong,
    attribute,
    common,
    constant,
    filtered,
    joined,
    kind_of,
    names_of_letters,
    near,
    not_text,
    text_of,
)

LONGEST = 6_000  # characters of one block of words
_TANGLED = "too much stands inside each other here: make it simpler"
DEEPEST = 12  # how deep instructions and sums of values may stand in each other
_TIME_OF_DAY = ("%H.%M", "%H:%M")
_PLAIN_NAMES: dict[type[nodes.Node], str] = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.Extends: "extends",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.With: "with",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
}


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong in the words: in which block, on which line of it, and what."""

    block: str
    line: int
    what: str


@dataclass(frozen=True)
class Printed:
    """A value that the words print: its path, on which line, and whether only where it is known anyway."""

    path: str
    line: int
    guarded: bool

    @property
    def kind(self) -> Kind | None:
        """What kind of fact it is; None for a value that tells nothing about the person."""
        return kind_of(self.path)


@dataclass(frozen=True)
class Read:
    """What was found in the words of one block."""

    complaints: tuple[Complaint, ...]
    prints: tuple[Printed, ...]


def read_words(block: str, words: str, shared: Mapping[str, nodes.Macro]) -> Read:
    """What is wrong in the words of one block, and what they print. `shared` are the sentences of `_shared.txt`."""
    if len(words) > LONGEST:
        much = f"these words are too long: {LONGEST:,} characters at most"
        return Read((Complaint(block, 1, much),), ())
    try:
        tree = Environment(autoescape=False).parse(words)  # noqa: S701 read and never rendered
    except TemplateSyntaxError as error:
        return Read((Complaint(block, error.lineno or 1, _in_plain_words(error)),), ())
    except (RecursionError, ValueError, OverflowError):
        return Read((Complaint(block, 1, "this is too tangled to be read: make it simpler"),), ())
    reader = _Reader(block, shared)
    reader.read(tree.body, _Scope(dict(names_of_letters()), frozenset()))
    prints = tuple(sorted(set(reader.prints), key=lambda one: (one.line, one.path)))
    return Read(tuple(dict.fromkeys(reader.complaints)), prints)


@lru_cache(maxsize=4)
def shared_sentences(text: str) -> dict[str, nodes.Macro]:
    """The sentences that `_shared.txt` has ready, by their names."""
    tree = Environment(autoescape=False).parse(text)  # noqa: S701 read and never rendered
    return {one.name: one for one in tree.find_all(nodes.Macro)}


@dataclass(frozen=True)
class _Scope:
    """The names that can be used at a place, which values are known to be there, and how deep it stands."""

    names: dict[str, Value]
    guards: frozenset[str]
    depth: int = 0
    in_loop: bool = False


class _Reader:
    """Walks through the words of one block."""

    def __init__(self, block: str, shared: Mapping[str, nodes.Macro]) -> None:
        self.block = block
        self.shared = shared
        self.complaints: list[Complaint] = []
        self.prints: list[Printed] = []
        self._line: int | None = None  # while a shared sentence is read: where it is called
        self._guards: frozenset[str] = frozenset()

    def read(self, body: list[nodes.Node], scope: _Scope) -> None:
        """Look at each instruction and each text."""
        if scope.depth > DEEPEST:
            self._complain(body[0].lineno if body else 1, _TANGLED)
            return
        for node in body:
            try:
                self._instruction(node, scope)
            except Wrong as wrong:
                self._complain(node.lineno, str(wrong))

    def _complain(self, line: int, what: str) -> None:
        self.complaints.append(Complaint(self.block, self._line or line, what))

    def _instruction(self, node: nodes.Node, scope: _Scope) -> None:
        match node:
            case nodes.Output():
                for child in node.nodes:
                    if not isinstance(child, nodes.TemplateData):
                        self._print(child, scope)
            case nodes.If():
                self._choice(node, scope)
            case nodes.For():
                self._loop(node, scope)
            case nodes.FromImport():
                self._bring_in(node)
            case _:
                raise Wrong(_no_instruction(_PLAIN_NAMES.get(type(node), type(node).__name__.lower())))

    def _print(self, node: nodes.Expr, scope: _Scope) -> None:
        try:
            value = self._value(node, scope)
            if value.shape is not str:
                raise Wrong(not_text(value))
        except Wrong as wrong:
            self._complain(node.lineno, str(wrong))
            return
        self._keep(value.paths, node.lineno, scope.guards)

    def _keep(self, paths: tuple[str, ...], line: int, guards: frozenset[str]) -> None:
        known = guards | self._guards
        for path in paths:
            guarded = any(path == one or path.startswith(f"{one}.") for one in known)
            # The ready sentences were weighed by whoever wrote them: what they ask after first they print where known.
            guarded = guarded or (self._line is not None and bool(guards))
            self.prints.append(Printed(path, self._line or line, guarded))

    def _choice(self, node: nodes.If, scope: _Scope) -> None:
        for branch in (node, *node.elif_):
            self._value(branch.test, scope)
            guards = scope.guards | _mentioned(branch.test, scope)
            self.read(branch.body, _Scope(scope.names, guards, scope.depth + 1, scope.in_loop))
        self.read(node.else_, _Scope(scope.names, scope.guards, scope.depth + 1, scope.in_loop))

    def _loop(self, node: nodes.For, scope: _Scope) -> None:
        if scope.in_loop:
            raise Wrong("a “for” may not stand inside another “for”")
        if node.recursive or not isinstance(node.target, nodes.Name):
            raise Wrong("write a “for” like this: {% for one in enclosures %}")
        over = self._value(node.iter, scope)
        if not isinstance(over.shape, ListOf):
            raise Wrong("a “for” goes through a list of the letter, such as enclosures")
        loop = {"loop": Value(Loop), node.target.name: Value(over.shape.each, over.paths)}
        inside = _Scope({**scope.names, **loop}, scope.guards | set(over.paths), scope.depth + 1, True)
        if node.test is not None:
            self._value(node.test, inside)
        self.read(node.body, inside)
        self.read(node.else_, _Scope(scope.names, scope.guards, scope.depth + 1, scope.in_loop))

    def _bring_in(self, node: nodes.FromImport) -> None:
        asked = node.template.value if isinstance(node.template, nodes.Const) else None
        if asked != SHARED or any(not isinstance(one, str) or one not in self.shared for one in node.names):
            raise Wrong(f"nothing can be brought in here but the sentences of {SHARED}, under their names")

    def _value(self, node: nodes.Node, scope: _Scope) -> Value:
        if scope.depth > DEEPEST * 3:
            raise Wrong(_TANGLED)
        scope = _Scope(scope.names, scope.guards, scope.depth + 1, scope.in_loop)
        match node:
            case nodes.Const():
                return constant(node.value)
            case nodes.Name():
                return self._name(node.name, scope)
            case nodes.Getattr():
                return attribute(self._value(node.node, scope), node.attr, _written(node))
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.Call():
                return self._call(node, scope)
            case nodes.Concat():
                return joined([text_of(self._value(one, scope)) for one in node.nodes], str)
            case nodes.And() | nodes.Or():
                both = [self._value(node.left, scope), self._value(node.right, scope)]
                return joined(both, common([one.shape for one in both]))
            case nodes.CondExpr():
                return self._either(node, scope)
            case nodes.Not():
                self._value(node.node, scope)
                return Value(bool)
            case nodes.Compare():
                return self._compare(node, scope)
            case nodes.List() | nodes.Tuple():
                things = [self._value(one, scope) for one in node.items]
                return joined(things, ListOf(common([one.shape for one in things])))
        raise Wrong(
            f"this cannot stand in a letter: {_what(node)}. Use a value by its name, such as {{{{ person.name }}}}"
        )

    def _name(self, name: str, scope: _Scope) -> Value:
        if name in scope.names:
            return scope.names[name]
        if name in self.shared:
            raise Wrong(f"{name} is a sentence: write {name}() with brackets")
        raise Wrong(f"there is no value called {name}{near(name, [*scope.names, *self.shared])}")

    def _either(self, node: nodes.CondExpr, scope: _Scope) -> Value:
        self._value(node.test, scope)
        then = self._value(node.expr1, scope)
        other = self._value(node.expr2, scope) if node.expr2 is not None else Value(str)
        return joined([then, other], common([then.shape, other.shape]))

    def _compare(self, node: nodes.Compare, scope: _Scope) -> Value:
        values = [self._value(node.expr, scope), *(self._value(one.expr, scope) for one in node.ops)]
        numbers = all(one.shape is int for one in values)
        if not numbers and any(one.op not in ("eq", "ne") for one in node.ops):
            raise Wrong("values can be compared with == and != only")
        return Value(bool)

    def _filter(self, node: nodes.Filter, scope: _Scope) -> Value:
        name = node.name
        if name not in FILTERS:
            raise Wrong(f"there is no filter called {name}{near(name, FILTERS)}")
        if node.node is None or node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise Wrong(f"the filter {name} is used like this: {{{{ value|{name} }}}}")
        value = self._value(node.node, scope)
        given = [self._value(one, scope) for one in node.args]
        return filtered(name, value, given, node.args)

    def _call(self, node: nodes.Call, scope: _Scope) -> Value:
        if node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise Wrong("only plain values can stand in these brackets")
        given = [self._value(one, scope) for one in node.args]
        if isinstance(node.node, nodes.Name) and node.node.name in self.shared:
            return self._sentence(node, given, scope)
        if isinstance(node.node, nodes.Getattr):
            of = self._value(node.node.node, scope)
            if of.shape is Pronouns and node.node.attr == "verb" and len(given) == 2:
                return joined([text_of(one) for one in given], str)
            if of.shape is datetime and node.node.attr == "strftime":
                return self._time_of_day(node, of, scope)
        if isinstance(node.node, nodes.Name):
            meant = near(node.node.name, self.shared).replace("?", "()?")
            raise Wrong(f"there is no sentence called {node.node.name}(){meant}")
        raise Wrong(f"{_written(node.node)}(…) cannot be called: only the ready sentences have brackets")

    def _time_of_day(self, node: nodes.Call, of: Value, scope: _Scope) -> Value:
        form = node.args[0].value if len(node.args) == 1 and isinstance(node.args[0], nodes.Const) else None
        known = scope.guards | self._guards
        if form not in _TIME_OF_DAY or not set(of.paths) <= known:
            path = _written(node.node).rpartition(".")[0]
            raise Wrong(
                f"write the time of day like this: {{% if {path} %}}{{{{ {path}.strftime('%H.%M') }}}}{{% endif %}}"
            )
        return Value(str, of.paths)

    def _sentence(self, node: nodes.Call, given: list[Value], scope: _Scope) -> Value:
        """What a shared sentence prints, said of the line on which it is called."""
        macro = self.shared[node.node.name]  # type: ignore[attr-defined]
        if len(given) != len(macro.args):
            takes = ", ".join(one.name for one in macro.args)
            raise Wrong(f"write this sentence as {macro.name}({takes})")
        outer, before = (self._line, self._guards), len(self.complaints)
        self._line, self._guards = self._line or node.lineno, self._guards | scope.guards
        names = {**names_of_letters(), **dict(zip((one.name for one in macro.args), given, strict=True))}
        self.read(macro.body, _Scope(names, frozenset(), min(scope.depth, DEEPEST // 2)))
        self._line, self._guards = outer
        if len(self.complaints) > before:
            del self.complaints[before:]
            raise Wrong(f"{macro.name}() cannot be made of this value")
        return Value(str)


def _mentioned(test: nodes.Node, scope: _Scope) -> set[str]:
    """The values that are known where this test holds; of `person.known`, all of `person`."""
    if isinstance(test, nodes.Not):
        return set()
    asked = [test, *test.find_all((nodes.Name, nodes.Getattr))]
    paths = [_path(one, scope) for one in asked if isinstance(one, nodes.Getattr) or _is_plain(one, scope)]
    return {path.removesuffix(".known") for path in paths if path}


def _is_plain(node: nodes.Node, scope: _Scope) -> bool:
    """Whether it is the name of a value without parts."""
    if not isinstance(node, nodes.Name) or node.name not in scope.names:
        return False
    return not is_dataclass(scope.names[node.name].shape)


def _path(node: nodes.Node, scope: _Scope) -> str:
    """The path of a value that stands under its name, also where a sentence or a loop calls it otherwise."""
    written = _written(node)
    first, _, rest = written.partition(".")
    paths = scope.names[first].paths if first in scope.names else ()
    return ".".join(part for part in (paths[0], rest) if part) if len(paths) == 1 else ""


def _written(node: nodes.Node) -> str:
    """A name as it stands in the words: "person.name"."""
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _what(node: nodes.Node) -> str:
    names: dict[type, str] = {
        nodes.Getitem: "square brackets behind a value",
        nodes.Test: "“is”",
        nodes.Dict: "a table in braces",
    }
    return names.get(type(node), "a sum, or another sign of counting")


def _no_instruction(name: str) -> str:
    return f"“{name}” cannot stand in a letter: there is if and for, and nothing else"


def _in_plain_words(error: TemplateSyntaxError) -> str:
    said = error.message or ""
    if found := re.search(r"unknown tag '(\w+)'", said):
        if found[1] in ("endif", "endfor", "else", "elif", "endblock"):
            return f"“{found[1]}” stands here, and nothing is open that it could belong to"
        return _no_instruction(found[1])
    if re.search(r"unexpected '[])}]'", said):
        return "a bracket is opened here and not closed, or closed and not opened: write {{ name() }}"
    if "end of print statement" in said:
        return "two braces are opened here, and not closed: write {{ person.name }}"
    if "nexpected end of template" in said or "unexpected end" in said:
        return "something is opened and not closed: each if needs its {% endif %}, each for its {% endfor %}"
    if "Missing end of" in said:
        return "a note that begins with {# has no #} at its end"
    return f"this cannot be read ({said.rstrip('.')}). Look at the braces and the quotation marks"

"""What a sentence of a template is made of: its texts, its values with their names, its numbers, its conditions.

`tokens_of` reads one expression so: `{{ 'Open' if x else 'Shut' }}` is a Choice between two texts,
`{{ n | count('row') }}` a Many, `{{ case.person_name }}` a Value whose name for translators is person_name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from markupsafe import escape

from casework.domain.words import has_letters

OURS = "Casework"  # the name of the program, in every language the same
_NAMES = re.compile(r"\w--\w*")  # names of classes of the style


@dataclass
class Text:
    """Words of the template, and how they stand there."""

    text: str
    line: int
    source: str


@dataclass
class Value:
    """An expression whose value is shown as it is."""

    node: Any
    name: str = ""


@dataclass
class Many:
    """A number with what is counted: "1 letter", "3 letters"."""

    number: Any
    one: str
    several: str
    node: Any = None


@dataclass
class Choice:
    """What is shown on a condition, and otherwise. `node` is how it stood in the template."""

    test: Any
    yes: list[Any]
    no: list[Any]
    node: Any = None


Token = Any
Note = Callable[["Message"], None]


@dataclass(frozen=True)
class Message:
    """What there is to translate, in which line; `several` is said of more than one."""

    english: str
    several: str = ""
    line: int = 0


def tokens_of(node: Any) -> list[Token]:
    """An expression as parts of a sentence."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return [Text(node.value, node.lineno or 0, escaped(node.value))] if node.value else []
    if isinstance(node, nodes.Concat):
        return [token for one in node.nodes for token in tokens_of(one)]
    if isinstance(node, nodes.Add) and (_is_words(node.left) or _is_words(node.right)):
        return [*tokens_of(node.left), *tokens_of(node.right)]
    if isinstance(node, nodes.CondExpr):
        yes, no = tokens_of(node.expr1), tokens_of(node.expr2) if node.expr2 else []
        if any(isinstance(one, Text | Many | Choice) for one in (*yes, *no)):
            return [Choice(node.test, yes, no, node)]
    if (
        isinstance(node, nodes.Or)
        and _is_words(node.right)
        and isinstance(node.left, nodes.Name | nodes.Getattr)
    ):
        return [Choice(node.left, [Value(node.left)], tokens_of(node.right), node)]
    if isinstance(node, nodes.Filter) and node.name == "count" and (many := counted(node)):
        return [many]
    return [Value(node)]


def _is_words(node: Any) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def counted(node: nodes.Filter) -> Many | None:
    words = [str(one.value) for one in node.args if isinstance(one, nodes.Const) and _is_words(one)]
    if len(words) != len(node.args) or not words or node.kwargs:
        return None
    return Many(node.node, words[0], words[1] if len(words) > 1 else f"{words[0]}s", node)


def is_said(text: str) -> bool:
    """Whether there are words in it, and not names of classes."""
    return has_letters(text) and not _NAMES.search(text) and text.strip(" –") != OURS


def joined(parts: list[Any]) -> Any:
    """These one after the other. Text of the template alone is one such text: Jinja would take it for a value."""
    if all(isinstance(one, nodes.TemplateData) for one in parts):
        return nodes.TemplateData("".join(one.data for one in parts), lineno=parts[0].lineno if parts else 1)
    return nodes.Concat(parts)


def name_of(node: Any) -> str:
    """A name for a value, for whoever translates: `case.person_name` is person_name."""
    if isinstance(node, nodes.Name | nodes.NSRef):
        name = node.name
    elif isinstance(node, nodes.Getattr):
        name = node.attr
    elif (
        isinstance(node, nodes.Getitem)
        and isinstance(node.arg, nodes.Const)
        and isinstance(node.arg.value, str)
    ):
        name = node.arg.value
    elif isinstance(node, nodes.Filter | nodes.Call | nodes.Getitem) and node.node is not None:
        name = name_of(node.node)
    elif isinstance(node, nodes.Or | nodes.And):
        name = name_of(node.left)
    elif isinstance(node, nodes.CondExpr):
        name = name_of(node.expr1)
    else:
        name = "value"
    name = re.sub(r"[^a-z0-9_]", "", name.lower()).strip("_")
    return name if name[:1].isalpha() else "value"


def escaped(text: str) -> str:
    return str(escape(text))

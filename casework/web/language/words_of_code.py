"""The words for readers that stand in the code: read out of its files, so that nobody has to mark them.

Taken are the texts that are said (`CaseworkError`, `flash`), the labels and hints of forms, the values of lists
(`StrEnum`), what a module keeps as a text, and every sentence. An f-string is a message with {values}.
"""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TypeGuard

from casework.domain.language.shapes import shape_of
from casework.domain.words import has_letters, parts_of
from casework.web.language.sentence_parts import Message

_SAY = (
    "CaseworkError NotFound NotAllowed OutOfDate UnknownHolidays NoDate TooManyTries "
    "ValidationError flash say _page _no_view _nothing_here"
)
SAY = frozenset(_SAY.split())
_FIELDS = (
    "line paragraph one_of several_of ListField PlaceField DayField BooleanField FileField "
    "SelectField StringField TextAreaField PasswordField IntegerField RadioField "
    "SelectMultipleField"
)
FIELDS = frozenset(_FIELDS.split())
_NOT_SAID = (
    "compile text info warning error debug getattr hasattr column route get post strftime "
    "joinpath getLogger execute match search fullmatch sub namedtuple NewType echo Column "
    "label"
)
NOT_SAID = frozenset(_NOT_SAID.split())
WORD_NAMES = frozenset(
    {"hint", "required", "description", "label", "message", "heading", "unknown", "words", "says", "takes", "title",
     "question", "example", "why", "meaning", "note"}
)  # fmt: skip
_KEY = re.compile(r"[a-z0-9_.:/#%-]*|[A-Z0-9_ ]+|[a-z] [a-z]|[\w-]+/[\w.+-]+.*")
_NAME = re.compile(r"\w*_\w*|\w")  # a value of a list that no page shows
_NO_SENTENCE = re.compile(r"[{}\\<>=|]|\[0-9\]|%[sd(A-Z-]|\bSELECT\b|\bWHERE\b|\bTABLE\b|--|\w\(\)")
MOST_CASES = 8


def messages_of(file: Path) -> list[Message]:
    """Every message of one file of code, in its order."""
    tree = ast.parse(file.read_text("utf-8"))
    found: dict[str, Message] = {}
    said = {id(call.args[0]) for call in ast.walk(tree) if _is_say(call)}  # what remembers how it was made
    for node, is_words in _texts(tree):
        for one in _messages(node):
            known = _has_words(one.english) if id(node) in said else _is_known_again(one.english)
            if known and (is_words or _is_sentence(one.english)):
                found.setdefault(one.english, one)
    return list(found.values())


def _is_say(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and _name(node) == "say" and bool(node.args)


def _has_words(english: str) -> bool:
    """Whether something stands in it besides its values."""
    return has_letters("".join(text for kind, text in parts_of(english) if kind == "text"))


def _is_known_again(english: str) -> bool:
    """Whether a page can know it: where values stand in it, there has to be a word of its own besides."""
    shape = shape_of(english)
    return has_letters(english) if shape is None or not shape.names else shape.is_known


def _texts(tree: ast.Module) -> Iterator[tuple[ast.expr, bool]]:
    """Each text, and whether it is one for a reader whatever it looks like."""
    yield from _kept(tree)
    every = list(ast.walk(tree))
    skipped = set(map(id, _not_said(every)))
    for node in every:
        if isinstance(node, ast.Call):
            yield from _given(node)
        elif (
            isinstance(node, ast.FunctionDef)
            and isinstance(node.returns, ast.Name)
            and node.returns.id == "str"
        ):
            yield from _answered(node)
        elif isinstance(node, ast.ClassDef) and any(
            getattr(base, "id", "") == "StrEnum" for base in node.bases
        ):
            for line in node.body:
                value = line.value if isinstance(line, ast.Assign) else None
                if isinstance(value, ast.Constant) and not _NAME.fullmatch(str(value.value)):
                    yield value, True
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in skipped:
            yield node, False


def _kept(tree: ast.Module) -> Iterator[tuple[ast.expr, bool]]:
    """What a module keeps under a name: words where they begin as such, in lists and tables too."""
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if value is not None:
            for text in _within(value):
                plain = text.value if isinstance(text, ast.Constant) else ""
                looks = isinstance(plain, str) and not _KEY.fullmatch(plain) and not _is_for_machines(plain)
                if isinstance(text, ast.Constant) and looks:
                    yield text, True


def _within(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        yield node
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _within(value)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for value in node.elts:
            yield from _within(value)
    elif isinstance(node, ast.Call) and _name(node) not in NOT_SAID:
        for value in (*node.args, *(one.value for one in node.keywords)):
            yield from _within(value)
    elif isinstance(node, ast.GeneratorExp | ast.ListComp | ast.DictComp):
        yield from _within(node.generators[0].iter)


def _given(call: ast.Call) -> Iterator[tuple[ast.expr, bool]]:
    name = _name(call)
    if name in SAY or name in FIELDS or any(one.arg in ("required", "hint") for one in call.keywords):
        for one in call.args[:3]:
            for text in _within(one):
                is_key = isinstance(text, ast.Constant) and _KEY.fullmatch(str(text.value))
                yield text, not is_key
    if name == "count" and len(call.args) > 1:
        yield call, True
    for keyword in call.keywords:
        if keyword.arg in WORD_NAMES or (name in FIELDS and keyword.arg == "choices"):
            for text in _within(keyword.value):
                if isinstance(text, ast.JoinedStr) or not _KEY.fullmatch(str(getattr(text, "value", ""))):
                    yield text, True


def _answered(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, bool]]:
    """What a function answers in words: texts with a space in them, or a value between words."""
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            branches = [node.value]
            while branches:
                one = branches.pop()
                if isinstance(one, ast.IfExp):
                    branches += [one.body, one.orelse]
                elif isinstance(one, ast.Constant | ast.JoinedStr) and _reads_as_words(one):
                    yield one, True


def _reads_as_words(node: ast.expr) -> bool:
    shown = "".join(one.english for one in _messages(node))
    words = "".join(text for kind, text in parts_of(shown) if kind == "text")
    return bool(re.search(r"[a-z]{2,} |^[a-z]{4,}$| [a-z]{2,}", words)) and not _is_for_machines(shown)


def _not_said(every: list[ast.AST]) -> Iterator[ast.AST]:
    """The texts that are no words: what explains the code, and what a machine reads."""
    for node in every:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (one for one in ast.walk(node) if one is not node)
        elif isinstance(node, ast.Call) and _name(node) in NOT_SAID:
            yield from (one for value in node.args for one in ast.walk(value))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _is_sentence(text: str) -> bool:
    """Whether somebody would read this: it begins as a sentence does, and has more than a word."""
    plain = _without_values(text)
    return bool(re.match(r"[“‘]?[A-Z]", plain)) and " " in plain.strip() and not _is_for_machines(text)


def _is_for_machines(text: str) -> bool:
    return bool(_NO_SENTENCE.search(_without_values(text)))


def _without_values(text: str) -> str:
    return re.sub(r"\{\w+\}", "X", text)


def _messages(node: ast.expr) -> Iterator[Message]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield Message(" ".join(node.value.split()), line=node.lineno)
    elif isinstance(node, ast.JoinedStr):
        yield from _of_f_string(node)
    elif isinstance(node, ast.Call):
        yield from _of_count(node)


def _of_count(call: ast.Call) -> Iterator[Message]:
    words = [
        one.value for one in call.args[1:3] if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    if words:
        several = words[1] if len(words) > 1 else f"{words[0]}s"
        yield Message(f"{{number}} {words[0]}", f"{{number}} {several}", call.lineno)


def _of_f_string(node: ast.JoinedStr) -> Iterator[Message]:
    """Its message; where a part of it hangs on a condition, one for each case."""
    names: dict[str, str] = {}
    parts: list[list[str]] = []
    for one in node.values:
        if isinstance(one, ast.Constant):
            parts.append([str(one.value)])
        elif isinstance(one, ast.FormattedValue):
            parts.append(_cases(one.value, names) or [_placeholder(one.value, names)])
    number = 1
    for part in parts:
        number *= len(part)
    for case in product(*parts) if number <= MOST_CASES else ():
        yield Message("".join(case).strip(), line=node.lineno)


def _cases(node: ast.expr, names: dict[str, str]) -> list[str] | None:
    """The texts that a condition chooses between; None where it is none, or chooses between values."""
    if not isinstance(node, ast.IfExp):
        return None
    found = [_text(one, names) for one in (node.body, node.orelse)]
    return None if None in found else [one for one in found if one is not None]


def _text(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(one.value)
            if isinstance(one, ast.Constant)
            else _placeholder(getattr(one, "value", one), names)
            for one in node.values
        )
    return None


def _placeholder(node: ast.expr, names: dict[str, str]) -> str:
    shown = ast.unparse(node)
    if shown not in names:
        name, at = _named(node), 2
        while name in names.values():
            name, at = f"{_named(node)}{at}", at + 1
        names[shown] = name
    return f"{{{names[shown]}}}"


def _named(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        name = node.id
    elif isinstance(node, ast.Attribute):
        name = node.attr
    elif isinstance(node, ast.Call):
        name = _name(node)
    elif isinstance(node, ast.Subscript | ast.Await):
        name = _named(node.value)
    else:
        name = "value"
    name = re.sub(r"[^a-z0-9_]", "", name.lower()).strip("_")
    return name if name[:1].isalpha() and name != "number" else "value"

"""What there is in the parts of a sentence: words or none, how many cases, whether a part stands alone."""

import re
from collections.abc import Iterable
from typing import Any

from jinja2 import nodes

from casework.web.language.sentence_parts import Choice, Many, Text, is_said
from casework.web.language.template_reading import Tag

ENDS = re.compile(r"[.!?…:”)][”’)]?\s*$")
_AROUND = " \t\n\r\xa0·›|"  # no part of what is said


def items(run: list[Any]) -> list[list[Any]]:
    """The run as a list of what stands side by side: a token, or an element with all that is in it."""
    found: list[list[Any]] = []
    opened = 0
    for token in run:
        if opened:
            found[-1].append(token)
        else:
            found.append([token])
        if isinstance(token, Tag):
            opened += -1 if token.closes else 1
    return found


def has_words(token: Any) -> bool:
    """Whether there is something to translate in it."""
    if isinstance(token, Text):
        return is_said(token.text)
    if isinstance(token, Choice):
        return any(has_words(one) for one in (*token.yes, *token.no))
    return isinstance(token, Many)


def has_words_outside(item: list[Any]) -> bool:
    """Whether there are words in it that stand in no element of their own."""
    token = item[0]
    if isinstance(token, Choice):
        return any(has_words_outside(one) for branch in _branches(token) for one in items(branch))
    return len(item) == 1 and has_words(token)


def stands_alone(piece: list[list[Any]], at: int) -> bool:
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


def cases(tokens: list[Any]) -> int:
    """How many sentences these can be, as their conditions fall out."""
    number = 1
    for token in tokens:
        if isinstance(token, Choice) and has_words(token):
            number *= cases(token.yes) + cases(token.no)
    return number


def trimmed(tokens: list[Any]) -> tuple[Any, list[Any], Any]:
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

"""A file of words: a text with one block for each part of a letter, cut into them and put together again."""

import re
from collections.abc import Collection, Mapping

SHARED = "_shared.txt"
# Neither a block nor a comment has another in it: so what is never closed is read once, and not from each of its signs.
_BLOCK = re.compile(
    r"\{%-?\s*block\s+(\w+)\s*-?%\}((?:(?!\{%-?\s*block\b).)*?)\{%-?\s*endblock(?:\s+\w+)?\s*-?%\}", re.DOTALL
)
_COMMENT = re.compile(r"\{#(?:(?!\{#).)*?#\}", re.DOTALL)
_IMPORT = re.compile(r"\{%-?\s*from\s+\"_shared\.txt\"\s+import\s+[\w\s,]+?\s+with\s+context\s*-?%\}\n?")


def split_blocks(text: str) -> dict[str, tuple[str, int]]:
    """The words of each block of a file, and the line on which they begin.

    Raises ValueError with the line for anything that stands outside the blocks, and for a block that stands twice.
    """
    found: dict[str, tuple[str, int]] = {}
    outside = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), _BLOCK.sub(_only_lines, text))
    for number, line in enumerate(outside.splitlines(), 1):
        if line.strip():
            raise ValueError(f"line {number}: this stands outside the blocks: {line.strip()[:60]}")
    for block in _BLOCK.finditer(text):
        at = text.count("\n", 0, block.start(2)) + 1
        if block[1] in found:
            raise ValueError(f"line {at}: the block {block[1]} stands twice")
        found[block[1]] = (block[2], at)
    return found


def without_import(words: str) -> str:
    """The words as people edit them: without the line that brings in the shared sentences, which are always there."""
    return _IMPORT.sub("", words).strip()


def as_file(words: Mapping[str, str], shared: Collection[str]) -> str:
    """The words of all blocks as one text for Jinja, the shared sentences brought in on the first line of each."""
    names = ", ".join(shared)
    bring = f'{{% from "{SHARED}" import {names} with context %}}' if names else ""
    return "\n".join(f"{{% block {name} %}}{bring}{text}\n{{% endblock %}}" for name, text in words.items())


def _only_lines(block: re.Match[str]) -> str:
    return "\n" * block[0].count("\n")

"""Letters of the group's own: words in place of the program's, or beside them, each checked before it is used."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from casework.domain.consent.publicity import Kind, is_as_strict, may_ever_say
from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_values import LetterValues
from casework.domain.letters.letters import BLOCK_LABELS, NEED_WORDS, LetterTemplate, Wording
from casework.pdf.letter_blocks import SHARED, split_blocks
from casework.pdf.letter_index import read_entry
from casework.pdf.letter_words import Complaint, Printed, read_words, shared_sentences
from casework.pdf.letters import Letters

FOLDER_INDEX = "index.toml"
LARGEST_FILE = 200_000
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a letter of the group's folder, and where. The program's own stays in use."""

    where: str
    what: str


def check_wording(wording: Wording, own: Letters) -> list[Complaint]:
    """Everything that is wrong with these words, by block and line; empty when they can be used.

    `own` are the program's letters. What is wrong with the letter as a whole has no block.
    """
    shared = shared_sentences(own.source(SHARED))
    found = [Complaint("", 0, what) for what in _about_template(wording.template, own.template(wording.like))]
    if not wording.words.get("subject", "heading").strip():
        found.append(Complaint("subject", 1, "a letter needs a heading"))
    for block, words in wording.words.items():
        read = read_words(block, words, shared)
        found += read.complaints
        if not read.complaints:
            found += [
                Complaint(block, line, what) for line, what in _beyond(read.prints, wording.template).items()
            ]
    return found or _tried(wording, own)


def kinds_printed(words: Mapping[str, str], own: Letters) -> frozenset[Kind]:
    """The kinds of fact that these words print whatever is known, and so cannot do without."""
    shared = shared_sentences(own.source(SHARED))
    prints = [one for block, text in words.items() for one in read_words(block, text, shared).prints]
    return frozenset(one.kind for one in prints if one.kind and not one.guarded)


def read_folder(folder: Path, own: Letters) -> tuple[list[Wording], list[Problem]]:
    """The letters of the group's folder that can be used, and what is wrong with each of the others."""
    if not folder.is_dir():
        return [], []
    try:
        index = tomllib.loads(_text_of(folder / FOLDER_INDEX)) if (folder / FOLDER_INDEX).exists() else {}
        entries = index.get("letters", {})
        if not isinstance(entries, dict) or not all(isinstance(one, dict) for one in entries.values()):
            raise ValueError("each letter is a table: [letters.its-name]")
    except (OSError, ValueError, RecursionError) as error:
        return [], [Problem(f"letters/{FOLDER_INDEX}", f"it cannot be read: {error}")]
    keys = dict.fromkeys([*entries, *(path.stem for path in sorted(folder.glob("*.txt")))])
    found: list[Wording] = []
    problems: list[Problem] = []
    for key in keys:
        if key.startswith("_"):
            continue
        try:
            found.append(_read_one(folder, key, entries.get(key, {}), own))
        except _Broken as broken:
            problems += broken.problems
    return found, problems


class _Broken(Exception):
    """A letter of the folder that cannot be used."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def _read_one(folder: Path, key: str, entry: Mapping[str, Any], own: Letters) -> Wording:
    at = f"letters/{FOLDER_INDEX}, {key}"
    given = {name: value for name, value in entry.items() if name not in ("sample", "like")}
    like = entry.get("like", key if key in own.templates else "")
    if not isinstance(like, str) or like not in own.templates:
        near = get_close_matches(str(like or key)[:60], own.templates, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise _Broken(Problem(at, f"name a letter of the program’s in “like”, whose page it takes.{hint}"))
    base = own.template(like)
    try:
        if not KEY.fullmatch(key):
            raise ValueError(
                "the name of a letter is made of small letters, digits and -, and is 60 long at most"
            )
        template = read_entry(key, {**_as_entry(base), **given})
        _refuse_other_types(template)
        blocks, starts = _words_of(folder, key, like, own)
        unknown = set(blocks) - set(template.blocks)
        if unknown:
            raise ValueError(f"the page has no room for the block {', '.join(sorted(unknown))}")
        sample = own.sample(like, entry.get("sample"))
    except (ValueError, TypeError, AttributeError, KeyError, OSError, CaseworkError) as error:
        said = error.message if isinstance(error, CaseworkError) else str(error)
        raise _Broken(Problem(f"letters/{key}.txt" if "line" in said else at, said)) from None
    wording = Wording(template, blocks, like, sample)
    if complaints := check_wording(wording, own):
        raise _Broken(*(_as_problem(one, key, starts) for one in complaints))
    return wording


def _words_of(folder: Path, key: str, like: str, own: Letters) -> tuple[dict[str, str], dict[str, int]]:
    """The words of a letter of the folder and where each block begins; without a file those of the one it is like."""
    path = folder / f"{key}.txt"
    if not path.exists():
        return own.words(like), {}
    blocks = split_blocks(_text_of(path))
    return {name: text for name, (text, _) in blocks.items()}, {
        name: line for name, (_, line) in blocks.items()
    }


def _as_problem(complaint: Complaint, key: str, starts: Mapping[str, int]) -> Problem:
    if not complaint.block:
        return Problem(f"letters/{FOLDER_INDEX}, {key}", complaint.what)
    line = starts.get(complaint.block, 1) + complaint.line - 1
    return Problem(f"letters/{key}.txt, line {line}", complaint.what)


def _text_of(path: Path) -> str:
    """The text of a file of the folder itself: a link could lead out of it."""
    if path.is_symlink() or not path.is_file():
        raise ValueError(f"{path.name} is no plain file")
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(f"{path.name} is too large")
    return path.read_text("utf-8")


def _as_entry(template: LetterTemplate) -> dict[str, Any]:
    return {name: value for name, value in asdict(template).items() if name != "key"}


def _refuse_other_types(template: LetterTemplate) -> None:
    """Raises ValueError for a field of an entry that is of another sort than it should be."""
    for name, kind in get_type_hints(LetterTemplate).items():
        value = getattr(template, name)
        plain = tuple if get_origin(kind) is tuple else kind
        if not isinstance(value, plain) or (
            plain is tuple and not all(isinstance(one, str) for one in value)
        ):
            raise ValueError(f"{name} is of the wrong sort")


def _about_template(template: LetterTemplate, like: LetterTemplate) -> list[str]:
    """What is wrong with a letter as a whole, in sentences."""
    found = []
    if not template.title.strip() or not template.purpose.strip():
        found.append("it needs a title and a purpose")
    if replace(template, key="", title="", purpose="", audience=like.audience, tells=()) != replace(
        like, key="", title="", purpose="", tells=(), blocks=template.blocks, needs=template.needs
    ):
        found.append(f"to, signed_by, layout and the rest have to be those of {like.key}, which it is like")
    if not set(template.blocks) <= set(like.blocks) & set(BLOCK_LABELS):
        found.append("it has a block for which the page has no room")
    if not set(like.needs) <= set(template.needs) <= set(NEED_WORDS):
        found.append(f"needs has to be: {', '.join(like.needs)}")
    if not is_as_strict(template.audience, like.audience):
        found.append(
            f"it cannot be for “{template.audience}”: {like.title} is for “{like.audience}”, and asks for more consent"
        )
    if like.tells and not template.tells:
        found.append(
            f"tick at least one thing that it tells: {like.title}, which it is like, tells of the person"
        )
    never = [kind for kind in template.tells if not may_ever_say(kind, template.audience)]
    found += [f"a paper for “{template.audience}” can never tell this: {kind.words}" for kind in never]
    return found


def _beyond(prints: Iterable[Printed], template: LetterTemplate) -> dict[int, str]:
    """What the words print on each line beyond what the letter says it tells."""
    found: dict[int, str] = {}
    for one in prints:
        if one.kind and not one.guarded and one.kind not in template.tells:
            if not may_ever_say(one.kind, template.audience):
                why = f"a paper for “{template.audience}” can never tell that"
            else:
                why = f"tick “{one.kind.words}” under what it tells, or take it out"
            found.setdefault(
                one.line, f"this prints {one.path}, which tells this: {one.kind.words}. So {why}"
            )
    return found


def _tried(wording: Wording, own: Letters) -> list[Complaint]:
    """What goes wrong when the words are filled: from the sample, and where nothing is known."""
    tried = own.with_wordings([wording])
    sample = tried.sample(wording.template.key)
    for values in (sample, LetterValues(today=sample.today)):
        try:
            tried.prefill(wording.template.key, values)
        except CaseworkError as error:
            return [Complaint(error.field or "", 1, error.message)]
    return []

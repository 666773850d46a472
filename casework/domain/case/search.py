"""What is looked for and what is found by it: words, numbers, and the piece of a text in which they stand."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from casework.domain.case.sounds import sounds_of

MOST_WORDS = 8  # that somebody looks for at once
MOST_KEPT = 4_000  # words of one text; nobody writes so long a letter
LONGEST_WORD = 60
SOUND = "°"  # begins what a word sounds like, where it stands among words; no word has it, and so no query
EXCERPT = 140
# Drawn within a word and left out there: O'Neill, Sa`id, ʿAlī.
_WITHIN = re.compile("['’‘`´ʼʻʾʿ′]")
# In Arabic script these stand for a vowel, or carry one; that there is one is all that a spelling is compared by.
_VOWELS_OF_ARABIC = str.maketrans(dict.fromkeys("اآأإٱعى", "a"))
_WORD = re.compile(r"[a-z0-9]+")
_IN_TEXT = re.compile(r"[\w'’‘`´ʼʻʾʿ′]+")
ToLatin = Callable[[str], str]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: its words, and all of them in one, as numbers and double names are written."""

    words: tuple[str, ...]
    joined: str

    @property
    def is_nothing(self) -> bool:
        """Whether there is no letter and no figure in it."""
        return not self.words


def words_of(text: str, to_latin: ToLatin) -> list[str]:
    """The words of a text in plain small letters and figures, whatever script it is in."""
    plain = unicodedata.normalize("NFKC", text).translate(_VOWELS_OF_ARABIC)
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = to_latin(
            "".join(sign for sign in apart if not unicodedata.combining(sign) or _is_needed(sign))
        )
    return [word[:LONGEST_WORD] for word in _WORD.findall(_WITHIN.sub("", plain).lower())][:MOST_KEPT]


def _is_needed(sign: str) -> bool:
    """Whether this mark is part of how a script is written, and no accent: vowels in the scripts of India."""
    return unicodedata.category(sign) == "Mc" or ord(sign) > 0x0900


def wanted(query: str, to_latin: ToLatin) -> Wanted:
    """What a query asks for."""
    words = tuple(words_of(query, to_latin)[:MOST_WORDS])
    return Wanted(words, "".join(words)[:LONGEST_WORD])


def kept_of_names(names: Iterable[str], to_latin: ToLatin) -> list[str]:
    """What is kept of names: their words, each two that stand together in one, and what each sounds like."""
    kept: dict[str, None] = {}
    for name in names:
        words = words_of(name, to_latin)
        pairs = [one + other for one, other in pairwise(words)]
        for word in (*words, *pairs):
            kept[word] = None
            kept.update(dict.fromkeys(SOUND + key for key in sounds_of(word)))
    return list(kept)


def kept_of_numbers(numbers: Iterable[str], to_latin: ToLatin) -> list[str]:
    """What is kept of numbers and postcodes: as they are written, and in one."""
    kept: dict[str, None] = {}
    for number in numbers:
        words = words_of(number, to_latin)
        kept.update(dict.fromkeys((*words, "".join(words)[:LONGEST_WORD])))
    return [word for word in kept if word]


def kept_of_texts(texts: Iterable[str], to_latin: ToLatin) -> list[str]:
    """What is kept of other texts: each of their words once."""
    return list(dict.fromkeys(word for text in texts for word in words_of(text, to_latin)))


def begins_all(wanted: Wanted, words: Collection[str]) -> bool:
    """Whether each word that is looked for begins one of these."""
    return all(any(word.startswith(one) for word in words) for one in wanted.words)


@dataclass(frozen=True)
class Excerpt:
    """A piece of a text: what stands before the word that was found, the word as it is written, and what follows."""

    before: str
    found: str = ""
    after: str = ""


def excerpt(texts: Sequence[str], wanted: Wanted, to_latin: ToLatin) -> Excerpt:
    """The piece of these texts around the first word that was looked for; how they begin where none is spelt so."""
    for text in texts:
        for match in _IN_TEXT.finditer(text):
            if any(word.startswith(wanted.words) for word in words_of(match[0], to_latin)):
                return _around(text, match.start(), match.end())
    text = " ".join(" · ".join(texts).split())
    return Excerpt(text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …")


def _around(text: str, start: int, end: int) -> Excerpt:
    side = EXCERPT // 2
    before = " ".join(text[max(0, start - side) : start].split(" "))
    after = text[end : end + side]
    if start > side:
        before = "… " + before.partition(" ")[2]
    if end + side < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Excerpt(_on_one_line(before), text[start:end], _on_one_line(after))


def _on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)

"""What a name sounds like: spellings of one name, carried over from whatever script, come to one key.

The table is our own, made from names as people in Britain write them who came from elsewhere; no standard of
transliteration has it. It keeps the consonants, in classes of those that one sound is written with, and drops the
vowels, which each spelling writes in its own way and Arabic script often not at all. A letter that stands for another
sound in another language is read in each way, so that a word may have several keys.
"""

from collections.abc import Iterator
from itertools import islice

MOST_KEYS = 12
SHORTEST_KEY = 2  # one consonant alone is like half of all short names
_VOWELS = frozenset("aeiouy")
# What several letters are together, the longest first. Each is one reading, or several.
_TOGETHER: dict[str, tuple[str, ...]] = {
    "tsch": ("k",),
    "szcz": ("sk",),
    "sch": ("s", "sk"),
    "tch": ("k",),
    "dzh": ("g",),
    "dsh": ("g",),
    "ch": ("k", "s", "h"),  # Michael; Aicha, Aisha; Achmed, Ahmed
    "cz": ("k",),
    "ck": ("k",),
    "kh": ("k", "h"),
    "gh": ("g",),
    "gj": ("g",),
    "xh": ("g",),  # Albanian: Hoxha, Hoja
    "zh": ("s", "g"),
    "dj": ("g",),
    "sh": ("s",),
    "sz": ("s",),
    "ts": ("s",),
    "tz": ("s",),
    "th": ("t",),
    "dh": ("t",),
    "ph": ("f",),
    "wh": ("v", ""),
}
_ALONE: dict[str, tuple[str, ...]] = {
    "b": ("b",),
    "c": ("k", "g", ""),  # Turkish: Cemal, Jamal; Somali: Cali, Ali
    "d": ("t",),  # Ahmed, Ahmet
    "f": ("f",),
    "g": ("g",),
    "h": ("h",),
    "j": ("g", ""),  # Jusuf, Yusuf
    "k": ("k",),
    "l": ("l",),
    "m": ("m",),
    "n": ("n",),
    "p": ("p",),
    "q": ("k",),
    "r": ("r",),
    "s": ("s",),
    "t": ("t",),
    "v": ("v",),
    "w": ("v", ""),  # Kowalenko, Kovalenko; Dawud, Daoud
    "x": ("ks", "h"),  # Somali: Xasan, Hassan
    "z": ("s",),
}
_LONGEST = max(map(len, _TOGETHER))


def sounds_of(word: str) -> tuple[str, ...]:
    """The keys of what this word, in plain small letters, may sound like; none for what is too short to say.

    Two words sound alike where they have a key in common.
    """
    if not word.isalpha():  # a number, or what belongs to one
        return ()
    keys: list[str] = []
    for reading in islice(_readings(_sounded(word)), MOST_KEYS):
        key = _key(reading)
        if len(key) >= SHORTEST_KEY and key not in keys:
            keys.append(key)
    return tuple(keys)


def _sounded(word: str) -> list[tuple[str, ...]]:
    """The readings of each letter or group of letters; "a" is a vowel. An h that ends a word is not heard."""
    parts: list[tuple[str, ...]] = []
    place = 0
    while place < len(word):
        length = next((size for size in range(_LONGEST, 1, -1) if word[place : place + size] in _TOGETHER), 1)
        letters = word[place : place + length]
        is_silent = letters == "h" and place + 1 == len(word) and place > 0
        if letters in _TOGETHER:
            parts.append(_TOGETHER[letters])
        elif letters in _VOWELS or is_silent:
            parts.append(("a",))
        else:
            parts.append(tuple(one or "a" for one in _ALONE.get(letters, ())))
        place += length
    return [tuple(one or "a" for one in part) for part in parts if part]


def _readings(parts: list[tuple[str, ...]]) -> Iterator[list[str]]:
    """Every way to read the parts, the first reading of each before the others."""
    if not parts:
        yield []
        return
    for rest in _readings(parts[1:]):
        for one in parts[0]:
            yield [one, *rest]


def _key(reading: list[str]) -> str:
    """The consonants, each once where it is doubled, with an "a" before them where a vowel begins the word."""
    key = ""
    before = ""
    for sound in reading:
        if sound == "a":
            key = key or "a"
        elif sound != before:
            key += sound
        before = sound
    return key

"""Which writing system a stretch of text is in, so that each is set in its own font and its own direction."""

import re
from dataclasses import dataclass

# Ranges of Unicode blocks; the codes are those of ISO 15924.
_RANGES = {
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Syrc": "\u0700-\u074f",
    "Thaa": "\u0780-\u07bf",
    "Nkoo": "\u07c0-\u07ff",
    "Adlm": "\U0001e900-\U0001e95f",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "Beng": "\u0980-\u09ff",
    "Taml": "\u0b80-\u0bff",
    "Guru": "\u0a00-\u0a7f",
    "Deva": "\u0900-\u0963\u0966-\u097f\ua8e0-\ua8ff",
    "Gujr": "\u0a80-\u0aff",
    "Telu": "\u0c00-\u0c7f",
    "Knda": "\u0c80-\u0cff",
    "Mlym": "\u0d00-\u0d7f",
    "Sinh": "\u0d80-\u0dff",
    "Thai": "\u0e00-\u0e7f",
    "Laoo": "\u0e80-\u0eff",
    "Tibt": "\u0f00-\u0fff",
    "Mymr": "\u1000-\u109f\uaa60-\uaa7f",
    "Khmr": "\u1780-\u17ff",
    "Armn": "\u0530-\u058f",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "Hang": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Jpan": "\u3040-\u30ff",
    "Hani": "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
}
# One run of a script keeps the spaces, points and joiners between two of its letters, so that a full name
# of several words is one piece with one direction.
_BETWEEN = "[ \u00a0'’.\\-\u200c\u200d\u060c·]*"
# Bengali and others end a sentence with the bar that stands among the letters of Hindi.
_END = "[\u0964\u0965]?"
_RUN = re.compile("|".join(f"(?P<{code}>[{r}](?:{_BETWEEN}[{r}])*{_END})" for code, r in _RANGES.items()))
_ANY = re.compile(f"[{''.join(_RANGES.values())}]")

# Languages that write Arabic letters in their own manner; the name as a form has it, and its code.
_ARABIC_LANGUAGES = {
    "urdu": "ur",
    "farsi": "fa",
    "persian": "fa",
    "dari": "fa",
    "pashto": "ps",
    "sorani": "ckb",
    "kurdish": "ckb",
}
# Which languages are written in each of them.
_LANGUAGES_IN = {
    "Arab": "ar ckb fa prs ps sd ug ur",
    "Hebr": "he yi",
    "Syrc": "syr",
    "Thaa": "dv",
    "Nkoo": "nqo",
    "Ethi": "am ti tig",
    "Beng": "as bn",
    "Deva": "hi mr ne",
    "Hang": "ko",
    "Jpan": "ja",
    "Hani": "ja ko zh",
    "Taml": "ta",
    "Guru": "pa",
    "Gujr": "gu",
    "Telu": "te",
    "Knda": "kn",
    "Mlym": "ml",
    "Sinh": "si",
    "Thai": "th",
    "Laoo": "lo",
    "Tibt": "bo",
    "Mymr": "my",
    "Khmr": "km",
    "Armn": "hy",
    "Geor": "ka",
}


@dataclass(frozen=True)
class Run:
    """A stretch of text in one script; the script is empty for Latin, Greek, Cyrillic and signs."""

    text: str
    script: str


def runs(text: str) -> list[Run]:
    """The text cut into stretches of one script; joined, they are the text again."""
    if text and not _ANY.search(text):  # as nearly always, and the search for runs is slow
        return [Run(text, "")]
    found, at = [], 0
    for match in _RUN.finditer(text):
        if match.start() > at:
            found.append(Run(text[at : match.start()], ""))
        found.append(Run(match.group(), match.lastgroup or ""))
        at = match.end()
    if at < len(text):
        found.append(Run(text[at:], ""))
    return found


def language_tag(script: str, languages: str = "") -> str:
    """The language tag of a run: "und-Ethi", or "ur" when it is Arabic script and the person speaks Urdu."""
    if script == "Arab":
        for name, code in _ARABIC_LANGUAGES.items():
            if name in languages.lower():
                return code
    return f"und-{script}"


def fits(script: str, language: str) -> bool:
    """Whether a text in this script can be in the language of this tag: Arabic letters are no "en-GB"."""
    name, *more = language.split("-")
    given = [one for one in more if len(one) == 4]
    return script in given if given else name in _LANGUAGES_IN.get(script, "").split()

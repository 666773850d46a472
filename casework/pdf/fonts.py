"""The fonts that the papers name, script by script: never left to fallback, which mixes fonts and shapes."""

import subprocess
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from casework.domain.errors import SettingsError

CORE, CJK = "fonts-noto-core", "fonts-noto-cjk"
LATIN = "Noto Serif"


@dataclass(frozen=True)
class Font:
    """The family that sets a script, the Debian package that carries it, and the languages that need it."""

    family: str
    package: str
    languages: str


# By script; Urdu has a font of its own in the Arabic one.
FONTS = {
    "": Font(LATIN, CORE, "Latin, Greek and Cyrillic"),
    "Arab": Font("Noto Naskh Arabic", CORE, "Arabic, Farsi, Pashto and Sorani"),
    "ur": Font("Noto Nastaliq Urdu", CORE, "Urdu"),
    "Ethi": Font("Noto Serif Ethiopic", CORE, "Amharic and Tigrinya"),
    "Beng": Font("Noto Serif Bengali", CORE, "Bengali"),
    "Taml": Font("Noto Serif Tamil", CORE, "Tamil"),
    "Guru": Font("Noto Serif Gurmukhi", CORE, "Punjabi"),
    "Hebr": Font("Noto Serif Hebrew", CORE, "Hebrew"),
    "Deva": Font("Noto Serif Devanagari", CORE, "Hindi and Nepali"),
    "Gujr": Font("Noto Serif Gujarati", CORE, "Gujarati"),
    "Telu": Font("Noto Serif Telugu", CORE, "Telugu"),
    "Knda": Font("Noto Serif Kannada", CORE, "Kannada"),
    "Mlym": Font("Noto Serif Malayalam", CORE, "Malayalam"),
    "Sinh": Font("Noto Serif Sinhala", CORE, "Sinhala"),
    "Thai": Font("Noto Serif Thai", CORE, "Thai"),
    "Laoo": Font("Noto Serif Lao", CORE, "Lao"),
    "Mymr": Font("Noto Serif Myanmar", CORE, "Burmese"),
    "Khmr": Font("Noto Serif Khmer", CORE, "Khmer"),
    "Armn": Font("Noto Serif Armenian", CORE, "Armenian"),
    "Geor": Font("Noto Serif Georgian", CORE, "Georgian"),
    "Hani": Font("Noto Serif CJK SC", CJK, "Chinese"),
    "Jpan": Font("Noto Serif CJK JP", CJK, "Japanese"),
    "Hang": Font("Noto Serif CJK KR", CJK, "Korean"),
}
_CANNOT_SAY = (
    "This machine cannot say which fonts it has. Put in what is missing with: "
    "sudo apt-get install fontconfig fonts-noto-core"
)


def font_for(script: str, language: str = "") -> Font | None:
    """The font that the papers name for this script, in this language; None where they name none."""
    if script == "Arab" and language == "ur":
        return FONTS["ur"]
    return FONTS.get("" if script in ("Latn", "Cyrl", "Grek") else script)


def installed() -> frozenset[str]:
    """The families on this machine. Raises SettingsError when it cannot say."""
    return frozenset(name.strip() for line in _fc_list("%{family}\n") for name in line.split(","))


def can_draw(character: str, *families: str) -> bool:
    """Whether one of these families has the character; without any named, whether any font of the machine has it."""
    return any(_holds(family, ord(character)) for family in families or ("",))


def _holds(family: str, code: int) -> bool:
    starts, ends = _drawable(family)
    at = bisect_right(starts, code) - 1
    return at >= 0 and code <= ends[at]


@cache
def _drawable(family: str) -> tuple[list[int], list[int]]:
    """The first and last code points of the runs that the family, or any font, can draw, in order."""
    lines = _fc_list("%{charset}\n", *([f":family={family}"] if family else []))
    joined: list[list[int]] = []
    for first, last in sorted({_run(part) for line in lines for part in line.split()}):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return [first for first, _ in joined], [last for _, last in joined]


def _fc_list(wanted: str, *of: str) -> set[str]:
    command = ["fc-list", "--format", wanted, *of]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise SettingsError(_CANNOT_SAY) from error
    return set(listed.splitlines())


def _run(part: str) -> tuple[int, int]:
    first, _, last = part.partition("-")
    return int(first, 16), int(last or first, 16)

"""A map of constituencies as SVG: values in, text out. Each band has a pattern as well as a shade, and words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from casework.domain.said import count, of_ours
from casework.domain.words import say

BANDS = 5
LONDON = "London, larger"  # the words of the frame in which it is drawn once more
_TILE = 44
_PATTERNS = (
    "",
    '<circle cx="11" cy="11" r="7"/><circle cx="33" cy="33" r="7"/>',
    '<path d="M-11 11L11-11M-11 55L55-11M33 55L55 33"/>',
    '<path d="M-11 11L11-11M-11 55L55-11M33 55L55 33M-11 33L11 55M-11-11L55 55M33-11L55 11"/>',
    "",
)


@dataclass(frozen=True, slots=True)
class Map:
    """What a map is drawn from, as paths of SVG: nothing in it depends on what is shown.

    `seats` has the whole shape of each constituency by its code, wherever it is drawn; `land` all of them in
    one; `borders` the lines between them, `regions` those between nations and regions. `frames` go around
    what is drawn apart, each with its words and the place where they start. `pattern` makes patterns smaller.
    """

    width: int
    height: int
    seats: Mapping[str, str]
    land: str
    borders: str
    regions: str
    frames: Sequence[tuple[str, str, int, int]] = ()
    pattern: float = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """A small map: the shapes of a constituency and its neighbours by code, and the spot where each has its number."""

    width: int
    height: int
    seats: Mapping[str, str]
    spots: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of one constituency: a band from 0 (nothing) to 4, words, and where a link leads."""

    band: int
    label: str
    href: str = ""


def draw(
    drawn: Map,
    shown: Mapping[str, Shown],
    *,
    name: str,
    title: str,
    says: str,
    bands: Sequence[str],
    speak: Callable[[str], str] = str,
) -> str:
    """The map with its legend, a `figure` to put in a page.

    `name` begins every id, so that a page may have several maps. `bands` are the words of the five bands, and
    `speak` says words in the reader's language.
    Constituencies of band 0 are part of the land; the others have their label as a title. Codes that the map
    does not know are left out of the picture, not of the counts.
    """
    coloured = sorted((code, one) for code, one in shown.items() if one.band and code in drawn.seats)
    role = "group" if any(one.href for _, one in coloured) else "img"
    seats = "".join(_seat(name, drawn.seats[code], one, speak) for code, one in coloured)
    frames = "".join(
        f'<path class="map__frame" d="{path}"/><text x="{x}" y="{y}">{escape(speak(words))}</text>'
        for path, words, x, y in drawn.frames
    )
    return (
        f'<figure class="map"><svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {drawn.width} {drawn.height}" role="{role}" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-says">'
        f'<title id="{name}-title">{escape(speak(title))}</title><desc id="{name}-says">{escape(speak(says))}</desc>'
        f"<defs>{''.join(_pattern(name, band, drawn.pattern) for band in range(1, BANDS))}</defs>"
        f'<path class="map__land" d="{drawn.land}"/>{seats}'
        f'<path class="map__border" d="{drawn.borders}"/><path class="map__region" d="{drawn.regions}"/>'
        f"{frames}</svg>{_legend(name, drawn, shown, bands, speak)}</figure>"
    )


def draw_near(
    drawn: Near,
    own: str,
    numbered: Sequence[str],
    *,
    name: str,
    title: str,
    says: str,
    speak: Callable[[str], str] = str,
) -> str:
    """The small map, the own constituency in a darker shade, each with its number in the order of `numbered`."""
    seats = "".join(
        f'<path class="map__near{" map__near--own" if code == own else ""}" d="{drawn.seats[code]}"/>'
        for code in numbered
    )
    spots = "".join(
        f'<circle class="map__spot" cx="{x}" cy="{y}" r="34"/>'
        f'<text class="map__number" x="{x}" y="{y + 15}">{number}</text>'
        for number, code in enumerate(numbered, start=1)
        for x, y in [drawn.spots[code]]
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.width} {drawn.height}" role="img" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-says">'
        f'<title id="{name}-title">{escape(speak(title))}</title><desc id="{name}-says">{escape(says)}</desc>'
        f"{seats}{spots}</svg>"
    )


def _pattern(name: str, band: int, scale: float) -> str:
    return (
        f'<pattern id="{name}-{band}" width="{_TILE}" height="{_TILE}" patternUnits="userSpaceOnUse" '
        f'patternTransform="scale({scale:g})" class="map__pattern map__pattern--{band}">'
        f'<rect width="{_TILE}" height="{_TILE}"/>'
        f"{_PATTERNS[band]}</pattern>"
    )


def _seat(name: str, path: str, one: Shown, speak: Callable[[str], str]) -> str:
    title = f"<title>{escape(speak(one.label))}</title>"
    drawn = f'<path class="map__seat" fill="url(#{name}-{one.band})" d="{path}"'
    if one.href:
        return f'<a href="{escape(one.href)}">{title}{drawn}/></a>'
    return f"{drawn}>{title}</path>"


def _legend(
    name: str, drawn: Map, shown: Mapping[str, Shown], bands: Sequence[str], speak: Callable[[str], str]
) -> str:
    wide, high = round(176 * drawn.pattern), round(110 * drawn.pattern)
    counts = [sum(one.band == band for one in shown.values()) for band in range(BANDS)]
    counts[0] = len(drawn.seats) - sum(counts[1:])
    lines = []
    for band, (words, number) in enumerate(zip(bands, counts, strict=True)):
        fill = f'class="map__seat" fill="url(#{name}-{band})"' if band else 'class="map__land"'
        many = say(
            "{band}: {places}", band=of_ours(words), places=count(number, "constituency", "constituencies")
        )
        lines.append(
            f'<li><svg class="map__key" viewBox="0 0 {wide} {high}" aria-hidden="true">'
            f'<rect {fill} x="2" y="2" width="{wide - 4}" height="{high - 4}"/></svg> {escape(speak(many))}</li>'
        )
    return f'<figcaption><ul class="map__legend">{"".join(lines)}</ul></figcaption>'

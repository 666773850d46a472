"""The maps as the program asks for them: outlines and cells to draw, and who borders on whom."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from casework.domain.errors import NotFound
from casework.domain.parliament.map_drawing import LONDON, Map, Near
from casework.reference.directory.honeycomb import Cell
from casework.reference.directory.map_file import (
    MAPS_FILE,
    DamagedMaps,
    MapContents,
    path_numbers,
    read_maps,
)
from casework.reference.directory.projection import project
from casework.reference.directory.records import DATA_DIR
from casework.reference.directory.topology import Point, Topology, take_apart

_PAD = 40
_NORTH_OF_FAIR_ISLE = 10_900
_SHETLAND_MOVES = (1_000, -2_200)  # south-east of where it lies, beside Aberdeenshire
_LONDON_CORNER, _LONDON_SCALE = (4_600, 7_400), 4
_NEAR = 1_000  # the longer side of a map of neighbours, in its own units
_HALF_WIDE, _QUARTER_HIGH = 26, 15  # of a cell: 52 wide and 60 high, which is a regular hexagon but for 0.2%


@cache
def maps(data_dir: Path = DATA_DIR) -> "Maps":
    """The maps in this folder; those that the package carries when the folder has none."""
    file = data_dir / MAPS_FILE
    try:
        return Maps(read_maps((file if file.is_file() else DATA_DIR / MAPS_FILE).read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedMaps(
            f"There are no maps in {data_dir}. Make them with `casework directory build`."
        ) from error


class Maps:
    """Both maps of one release."""

    def __init__(self, contents: MapContents) -> None:
        self._contents = contents
        self._neighbours = contents.borders.neighbours()

    def neighbours(self, gss_code: str) -> frozenset[str]:
        """The constituencies that share a border on land with this one. Raises NotFound for an unknown code."""
        if gss_code not in self._neighbours:
            raise NotFound("There is no constituency with this code.", field="constituency")
        return frozenset(self._neighbours[gss_code])

    def cell(self, gss_code: str) -> Cell:
        """The cell of a constituency: its column, counted in halves, and its row from the south."""
        return self._contents.cells[gss_code]

    def near(self, gss_code: str, at: Mapping[str, tuple[float, float]]) -> Near:
        """A small map of one constituency and its neighbours, with a spot for each to number it by.

        `at` has a point of each, as longitude and latitude. Raises NotFound for an unknown code.
        """
        among = sorted(self.neighbours(gss_code) | {gss_code})
        lines = self._contents.borders
        points = [point for code in among for ring in lines.rings[code] for point in lines.points(ring)]
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        scale = _NEAR / max(east - west, north - south, 1)

        def place(point: tuple[float, float]) -> Point:
            return round((point[0] - west) * scale) + _PAD, round((north - point[1]) * scale) + _PAD

        drawn = _Drawn(lines, self._contents.regions, place, among)
        unit = self._contents.unit_m
        spots = {code: place((x / unit, y / unit)) for code in among for x, y in [project(*at[code])]}
        return Near(
            round((east - west) * scale) + 2 * _PAD,
            round((north - south) * scale) + 2 * _PAD,
            {code: drawn.seat(code) for code in among},
            spots,
        )

    @cache  # noqa: B019 - there are few of these and they live as long as the process
    def outlines(self) -> Map:
        """The map of the real borders: Shetland nearer than it lies, and London once more and larger."""
        return _outlines(self._contents)

    @cache  # noqa: B019
    def honeycomb(self) -> Map:
        """The map of one cell of the same size for each constituency."""
        cells = {code: [_hexagon(cell)] for code, cell in self._contents.cells.items()}
        lines = take_apart(cells)
        points = [point for arc in lines.arcs for point in arc]
        east, north = max(x for x, _ in points), max(y for _, y in points)
        west, south = min(x for x, _ in points), min(y for _, y in points)

        def place(point: Point) -> Point:
            return point[0] - west + _PAD, north - point[1] + _PAD

        drawn = _Drawn(lines, self._contents.regions, place)
        return Map(
            east - west + 2 * _PAD,
            north - south + 2 * _PAD,
            {code: drawn.seat(code) for code in cells},
            drawn.land(),
            *drawn.borders(),
            pattern=0.5,
        )


def _hexagon(cell: Cell) -> list[Point]:
    """The corners of a cell, clockwise from the top."""
    x, y = cell[0] * _HALF_WIDE, cell[1] * 3 * _QUARTER_HIGH
    corners = ((0, 2), (1, 1), (1, -1), (0, -2), (-1, -1), (-1, 1), (0, 2))
    return [(x + across * _HALF_WIDE, y + up * _QUARTER_HIGH) for across, up in corners]


def _outlines(contents: MapContents) -> Map:
    """Lengths in the picture are half of those in the file: 200 m a unit."""
    lines = contents.borders
    points = [_nearer(point) for arc in lines.arcs for point in arc]
    north = max(y for _, y in points)

    def place(point: Point) -> Point:
        x, y = _nearer(point)
        return x // 2 + _PAD, (north - y) // 2 + _PAD

    london = {code for code, region in contents.regions.items() if region == "London"}
    whole = _Drawn(lines, contents.regions, place)
    seats = {code: whole.seat(code) for code in lines.rings}
    land, (borders, regions) = whole.land(), whole.borders()
    frames = [_frame([place(p) for p in _shetland(lines)], "Shetland")] if _shetland(lines) else []
    edges: list[int] = []
    if london:
        inside = [p for code in london for ring in lines.rings[code] for p in lines.points(ring)]
        west, top = min(x for x, _ in inside), max(y for _, y in inside)
        at = place((_LONDON_CORNER[0], _LONDON_CORNER[1]))

        def enlarged(point: Point) -> Point:
            return (
                at[0] + (point[0] - west) * _LONDON_SCALE // 2,
                at[1] + (top - point[1]) * _LONDON_SCALE // 2,
            )

        inset = _Drawn(lines, contents.regions, enlarged, london)
        seats |= {code: seats[code] + inset.seat(code) for code in london}
        land, borders = land + inset.land(), borders + inset.borders()[0]
        frames.append(_frame([enlarged(point) for point in inside], LONDON))
        edges = [enlarged(point)[0] for point in inside]
    width = max([place(point)[0] for point in points] + edges) + _PAD
    height = max(y for _, y in map(place, points)) + _PAD
    return Map(width, height, dict(sorted(seats.items())), land, borders, regions, frames)


def _nearer(point: Point) -> Point:
    """The point, or where it is drawn when it is north of Fair Isle."""
    if point[1] < _NORTH_OF_FAIR_ISLE:
        return point
    return point[0] + _SHETLAND_MOVES[0], point[1] + _SHETLAND_MOVES[1]


def _shetland(lines: Topology) -> list[Point]:
    return [point for arc in lines.arcs for point in arc if point[1] >= _NORTH_OF_FAIR_ISLE]


def _frame(inside: Collection[Point], words: str) -> tuple[str, str, int, int]:
    """A frame around these points, and its words above it."""
    left, right = min(x for x, _ in inside) - 30, max(x for x, _ in inside) + 30
    top, bottom = min(y for _, y in inside) - 30, max(y for _, y in inside) + 30
    return f"M{left} {top}H{right}V{bottom}H{left}z", words, left, top - 25


class _Drawn:
    """The paths of lines and areas, each point where `place` puts it; of some seats only, when named."""

    def __init__(
        self,
        lines: Topology,
        regions: Mapping[str, str],
        place: Callable[[Point], Point],
        among: Collection[str] | None = None,
    ) -> None:
        self._lines, self._regions, self._place, self._among = lines, regions, place, among

    def seat(self, code: str) -> str:
        return "".join(self._path(self._lines.points(ring)) for ring in self._lines.rings[code])

    def land(self) -> str:
        return "".join(self._path(self._lines.points(ring)) for ring in self._lines.outline(self._among))

    def borders(self) -> tuple[str, str]:
        """The lines between two seats, and those of them between two regions."""
        inner: list[str] = []
        outer: list[str] = []
        for number, owners in self._lines.owners(self._among).items():
            if len(owners) == 2:
                apart = self._regions[owners[0]] != self._regions[owners[1]]
                (outer if apart else inner).append(self._path(self._lines.arcs[number]))
        return "".join(inner), "".join(outer)

    def _path(self, points: Iterable[Point]) -> str:
        placed = [self._place(point) for point in points]
        steps = [step for a, b in pairwise(placed) if a != b for step in (b[0] - a[0], b[1] - a[1])]
        closed = placed[0] == placed[-1]
        written = path_numbers(steps[:-2] if closed else steps)
        return f"M{path_numbers([*placed[0]])}l{written}" + "z" * closed if written else ""

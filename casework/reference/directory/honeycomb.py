"""Cells of a honeycomb: which are beside which, how far apart, and which empty ones lie enclosed.

A cell is (column, row), columns counted in halves and rows from the south: the six around it are two columns
aside, or one column aside in the row above or below.
"""

from collections.abc import Collection, Iterable, Iterator
from math import hypot, sqrt

Place = tuple[float, float]
Cell = tuple[int, int]

AROUND: tuple[Cell, ...] = ((2, 0), (1, 1), (-1, 1), (-2, 0), (-1, -1), (1, -1))
ROW = sqrt(3) / 2


def beside(cell: Cell) -> Iterator[Cell]:
    """The six cells around this one."""
    return ((cell[0] + across, cell[1] + up) for across, up in AROUND)


def moved(cell: Cell, step: Cell, times: int = 1) -> Cell:
    """The cell so many steps away."""
    return cell[0] + step[0] * times, cell[1] + step[1] * times


def steps_between(a: Cell, b: Cell) -> int:
    """How many steps it is from cell to cell."""
    across, up = abs(a[0] - b[0]), abs(a[1] - b[1])
    return up + max(0, (across - up) // 2)


def within(cell: Cell, steps: int) -> list[Cell]:
    """Every other cell that is at most so many steps away."""
    near = (
        (cell[0] + across, cell[1] + up)
        for up in range(-steps, steps + 1)
        for across in range(-2 * steps, 2 * steps + 1)
        if (across + up) % 2 == 0
    )
    return [other for other in near if 0 < steps_between(cell, other) <= steps]


def middle(cell: Cell) -> Place:
    """Where the middle of a cell lies, neighbouring cells being one apart."""
    return cell[0] / 2, cell[1] * ROW


def between(a: Place, b: Place) -> float:
    """How far two places are apart."""
    return hypot(a[0] - b[0], a[1] - b[1])


def nearest(place: Place) -> Iterator[Cell]:
    """The cells around a place, the nearest first."""
    row = round(place[1] / ROW)
    start = (2 * round(place[0] - row / 2) + row, row)
    seen: set[Cell] = set()
    for reach in (3, 6, 12, 24, 48):
        near = {start, *within(start, reach)}
        yield from sorted(near - seen, key=lambda cell: (between(middle(cell), place), cell))
        seen |= near


def pieces(cells: Collection[Cell]) -> list[set[Cell]]:
    """The cells in groups that hang together, the largest first."""
    left, found = set(cells), []
    for start in sorted(cells):
        if start in left:
            found.append(_reached(start, left))
            left -= found[-1]
    return sorted(found, key=lambda piece: (-len(piece), min(piece)))


def holes(cells: Collection[Cell]) -> list[Cell]:
    """The empty cells from which there is no way out to the open."""
    columns, rows = [column for column, _ in cells], [row for _, row in cells]
    box = {
        (column, row)
        for column in range(min(columns) - 2, max(columns) + 3)
        for row in range(min(rows) - 1, max(rows) + 2)
        if (column + row) % 2 == 0
    }
    empty = box - set(cells)
    return sorted(empty - _reached(min(empty), empty))


def _reached(start: Cell, among: Iterable[Cell]) -> set[Cell]:
    """The cells of these that can be reached from one by steps to the next."""
    inside, found, ways = set(among), {start}, [start]
    while ways:
        for cell in beside(ways.pop()):
            if cell in inside and cell not in found:
                found.add(cell)
                ways.append(cell)
    return found

"""Seats that have a place take a cell each, and change it for a better one while there is any."""

from collections.abc import Mapping

from casework.reference.directory.honeycomb import (
    AROUND,
    Cell,
    Place,
    beside,
    between,
    holes,
    middle,
    moved,
    nearest,
    pieces,
    steps_between,
    within,
)

Links = Mapping[str, Mapping[str, tuple[float, float, float]]]
"""For each seat its neighbours: where each wants to stand as seen from it (east, north), and what it costs
when they are not beside each other, in squares of a cell's breadth."""

_SWEEPS = 40
_ROUNDS = 4
_NEAR = within((0, 0), 3)


class Honeycomb:
    """Seats in cells, no two in the same."""

    def __init__(self, places: Mapping[str, Place], links: Links) -> None:
        self.cells: dict[str, Cell] = {}
        self._taken: dict[Cell, str] = {}
        self._places, self._links = places, links
        for name in sorted(places, key=lambda name: (places[name][1], places[name][0])):
            self._put(name, next(cell for cell in nearest(places[name]) if cell not in self._taken))

    def settle(self) -> dict[str, Cell]:
        """The cells, when nobody can change for the better and no empty cell is enclosed."""
        for _ in range(_ROUNDS):
            self._sweep()
            self._gather()
            self._fill_holes()
        self._sweep()
        self._fill_holes()
        return self.cells

    def _put(self, name: str, cell: Cell) -> None:
        self.cells[name], self._taken[cell] = cell, name

    def _move(self, names: Mapping[str, Cell]) -> None:
        for name in names:
            del self._taken[self.cells[name]]
        for name, cell in names.items():
            self._put(name, cell)

    def _cost(self, name: str) -> float:
        """How far a seat stands from its place and its neighbours from where they should stand."""
        cell = self.cells[name]
        (x, y), wish = middle(cell), self._places[name]
        cost = (x - wish[0]) ** 2 + (y - wish[1]) ** 2
        for other, (east, north, torn) in self._links[name].items():
            at = self.cells[other]
            across, up = middle(at)
            cost += 0.5 * ((across - x - east) ** 2 + (up - y - north) ** 2)
            if steps_between(cell, at) > 1:
                cost += torn
        return cost

    def _gain(self, names: Mapping[str, Cell]) -> float:
        """What a change of cells would save; the change is not kept."""
        before = {name: self.cells[name] for name in names}
        cost = sum(map(self._cost, names))
        self.cells.update(names)
        saved = cost - sum(map(self._cost, names))
        self.cells.update(before)
        return saved

    def _sweep(self) -> None:
        """Let everybody change for the better, and then again those near whom something changed."""
        restless = set(self.cells)
        for _ in range(_SWEEPS):
            changed = {name for name in sorted(restless) if self._improve(name)}
            near = (self._taken.get(moved(self.cells[name], away)) for name in changed for away in _NEAR)
            restless = changed.union(filter(None, near), *(self._links[name] for name in changed))

    def _improve(self, name: str) -> bool:
        """Move a seat to the cell near by where it does most good, if any does. Says whether it moved."""
        start = self.cells[name]
        at_the_edge = any(cell not in self._taken for cell in beside(start))
        best: dict[str, Cell] = {}
        gain = 1e-9
        for away in _NEAR:
            cell = moved(start, away)
            other = self._taken.get(cell)
            if other is None and not at_the_edge:
                continue
            change = {name: cell, other: start} if other else {name: cell}
            if (saved := self._gain(change)) > gain:
                best, gain = change, saved
        self._move(best)
        return bool(best)

    def _gather(self) -> None:
        """Bring groups that stand off the rest nearer, whole, where that costs nothing."""
        for piece in pieces(self._taken)[1:]:
            names = [self._taken[cell] for cell in sorted(piece)]
            changes = [
                {name: moved(self.cells[name], step, times) for name in names}
                for step in AROUND
                for times in (1, 2, 3)
            ]
            free = [
                change
                for change in changes
                if all(cell in piece or cell not in self._taken for cell in change.values())
            ]
            best = max(free, key=self._gain, default={})
            if best and self._gain(best) > 0:
                self._move(best)

    def _fill_holes(self) -> None:
        """Close each enclosed empty cell by moving a line of seats up by one, from the coast."""
        while found := set(holes(self._taken)):
            changes = [self._line(hole, step, found) for hole in sorted(found) for step in AROUND]
            self._move(max(filter(None, changes), key=self._gain))

    def _line(self, hole: Cell, step: Cell, enclosed: set[Cell]) -> dict[str, Cell]:
        """The seats from a hole to the coast, each one cell on; none when the line ends at another hole."""
        change: dict[str, Cell] = {}
        cell = moved(hole, step)
        while name := self._taken.get(cell):
            change[name] = moved(cell, step, -1)
            cell = moved(cell, step)
        return {} if cell in enclosed else change


def settled(places: Mapping[str, Place], links: Links) -> dict[str, Cell]:
    """A cell for each seat."""
    return Honeycomb(places, links).settle()


def mean_displacement(cells: Mapping[str, Cell], places: Mapping[str, Place]) -> float:
    """How far the cells lie from the places on average, in breadths of a cell."""
    return sum(between(middle(cell), places[name]) for name, cell in cells.items()) / len(cells)

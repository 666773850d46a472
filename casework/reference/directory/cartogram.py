"""One cell of equal area for each constituency, laid out from the centres so that the country stays itself.

Our own layout, in three steps, the same each time. Every pair of neighbours wants to stand one cell apart, in
the direction in which their centres lie: the places that suit all of them best (least squares, by turns)
spread out towns and draw in moors, and keep north north. Then whoever stands too close is pushed apart. Then
each takes the nearest free cell of a honeycomb, and seats change for a better one (`settling`).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt

from casework.reference.directory.honeycomb import (
    Cell,
    Place,
    between,
    middle,
    moved,
    nearest,
    steps_between,
    within,
)
from casework.reference.directory.settling import Links, mean_displacement, settled

_TURNS = 400
_TORN, _TORN_REGION = 1.5, 3.0  # what it costs to part neighbours, and neighbours of one region
_GAP = 2  # steps that lead from one landmass to another, at the least, less one


@dataclass(frozen=True)
class Layout:
    """A cell for each seat, and how well the layout keeps the country's shape.

    `displacement` is the mean way from where a seat would best stand to its cell, in breadths of a cell;
    `adjacent` the part of all pairs of neighbours whose cells are neighbours too.
    """

    cells: dict[str, Cell]
    displacement: float
    adjacent: float


def lay_out(
    centres: Mapping[str, Place],
    neighbours: Mapping[str, Collection[str]],
    regions: Mapping[str, str],
    apart: Collection[str] = (),
) -> Layout:
    """A cell for each seat. Those of `apart` are laid out by themselves and set beside the others, with a gap."""
    cells: dict[str, Cell] = {}
    displaced = 0.0
    for group in (sorted(centres.keys() - set(apart)), sorted(apart)):
        if group:
            own = {name: centres[name] for name in group}
            links = _links(own, neighbours, regions)
            places = _spread(own, links)
            laid = settled(places, links)
            displaced += mean_displacement(laid, places) * len(group)
            cells |= _beside(cells, laid, centres) if cells else laid
    left = min(column for column, _ in cells.values())
    bottom = min(row for _, row in cells.values())
    left -= (left + bottom) % 2
    pairs = [(a, b) for a, own in neighbours.items() for b in own if a < b]
    kept = sum(steps_between(cells[a], cells[b]) == 1 for a, b in pairs)
    return Layout(
        {name: (column - left, row - bottom) for name, (column, row) in sorted(cells.items())},
        displaced / len(cells),
        kept / len(pairs) if pairs else 1.0,
    )


def _links(
    centres: Mapping[str, Place], neighbours: Mapping[str, Collection[str]], regions: Mapping[str, str]
) -> Links:
    """Neighbours, and for an island the nearest seat across the water, so that everything hangs together."""
    pairs = {(a, b) for a in centres for b in neighbours[a] if b in centres}
    while True:
        linked = _reached(min(centres), pairs)
        lost = centres.keys() - linked
        if not lost:
            break
        _, a, b = min((between(centres[a], centres[b]), a, b) for a in lost for b in linked)
        pairs |= {(a, b), (b, a)}
    links: dict[str, dict[str, tuple[float, float, float]]] = {name: {} for name in centres}
    for a, b in sorted(pairs):
        (ax, ay), (bx, by) = centres[a], centres[b]
        length = between(centres[a], centres[b]) or 1.0
        torn = _TORN_REGION if regions[a] == regions[b] else _TORN
        links[a][b] = ((bx - ax) / length, (by - ay) / length, torn)
    return links


def _reached(start: str, pairs: Collection[tuple[str, str]]) -> set[str]:
    beside = defaultdict(list)
    for a, b in pairs:
        beside[a].append(b)
    found, ways = {start}, [start]
    while ways:
        for name in beside[ways.pop()]:
            if name not in found:
                found.add(name)
                ways.append(name)
    return found


def _spread(centres: Mapping[str, Place], links: Links) -> dict[str, Place]:
    """Where each seat would best stand, the cells one apart."""
    count = max(len(centres), 2)
    wide = max(x for x, _ in centres.values()) - min(x for x, _ in centres.values()) or 1.0
    scale = sqrt(count) / wide
    places = {name: (x * scale, y * scale) for name, (x, y) in centres.items()}
    for turn in range(_TURNS):
        for name, own in links.items():
            if own:
                x = sum(places[other][0] - link[0] for other, link in own.items()) / len(own)
                y = sum(places[other][1] - link[1] for other, link in own.items()) / len(own)
                places[name] = ((places[name][0] + x) / 2, (places[name][1] + y) / 2)
        if turn >= _TURNS // 2:
            _push_apart(places)
    for _ in range(_TURNS // 4):
        _push_apart(places)
    return places


def _push_apart(places: dict[str, Place]) -> None:
    """Move every two that stand less than one cell apart away from each other, each half of the way."""
    squares = defaultdict(list)
    for name, (x, y) in places.items():
        squares[int(x // 1), int(y // 1)].append(name)
    for name in places:
        x, y = places[name]
        column, row = int(x // 1), int(y // 1)
        for other in (
            n for i in (-1, 0, 1) for j in (-1, 0, 1) for n in squares.get((column + i, row + j), ())
        ):
            if name < other and (apart := between(places[name], places[other])) < 1:
                (ax, ay), (bx, by) = places[name], places[other]
                push = (1 - apart) / 2
                dx, dy = ((bx - ax) / apart, (by - ay) / apart) if apart else (1.0, 0.0)
                places[name] = (ax - dx * push, ay - dy * push)
                places[other] = (bx + dx * push, by + dy * push)


def _beside(
    others: Mapping[str, Cell], own: Mapping[str, Cell], centres: Mapping[str, Place]
) -> dict[str, Cell]:
    """The cells of `own` moved so that the group lies to the others as its centres do, a free cell between."""
    near_x, near_y = _wish(others, own, centres)
    taken = set(others.values())
    centre = _mean([middle(cell) for cell in own.values()])
    for column, row in nearest((near_x - centre[0], near_y - centre[1])):
        laid = {name: moved(cell, (column, row)) for name, cell in own.items()}
        if not any(near in taken for cell in laid.values() for near in (cell, *within(cell, _GAP))):
            return laid
    raise ValueError("there is no room beside the others")


def _wish(others: Mapping[str, Cell], own: Mapping[str, Cell], centres: Mapping[str, Place]) -> Place:
    """Where the middle of a group belongs among the cells of the others: as high as the seats of its latitude,
    and to the west or east of them all as far as the map has it."""
    x, y = _mean([centres[name] for name in own])
    level = sorted(others, key=lambda name: abs(centres[name][1] - y))[:40]
    height = _mean([middle(others[name]) for name in level])[1]
    side = min(level, key=lambda name: abs(centres[name][0] - x))
    at = middle(others[side])[0]
    return at + (-4.0 if centres[side][0] > x else 4.0), height


def _mean(places: Collection[Place]) -> Place:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)

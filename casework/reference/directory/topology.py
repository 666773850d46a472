"""Areas taken apart into arcs, so that a border between two neighbours is one line and stays one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[int, int]
Ring = Sequence[Point]


@dataclass(frozen=True)
class Topology:
    """Lines, and the areas that they enclose.

    A ring names its arcs in order: n for arc n as it is written, ~n for arc n backwards. An arc starts and
    ends where borders meet; that of an island ends where it began. `clockwise` areas keep that direction.
    """

    arcs: list[list[Point]] = field(default_factory=list)
    rings: dict[str, list[list[int]]] = field(default_factory=dict)

    def points(self, ring: Iterable[int]) -> list[Point]:
        """The points of a ring, the first one once more at the end."""
        found: list[Point] = []
        for number in ring:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            found += arc[1:] if found else arc
        return found

    def owners(self, among: Collection[str] | None = None) -> dict[int, list[str]]:
        """For each arc the areas on its sides, one or two; of these areas only, when some are named."""
        found: dict[int, list[str]] = defaultdict(list)
        for name, rings in self.rings.items():
            if among is None or name in among:
                for ring in rings:
                    for number in ring:
                        found[max(number, ~number)].append(name)
        return found

    def neighbours(self) -> dict[str, set[str]]:
        """For each area those with which it shares a border."""
        found: dict[str, set[str]] = {name: set() for name in self.rings}
        for own in self.owners().values():
            for name in own:
                found[name].update(set(own) - {name})
        return found

    def outline(self, among: Collection[str] | None = None) -> list[list[int]]:
        """The rings around all areas together, or around those named."""
        owners = self.owners(among)
        names = self.rings if among is None else among
        starts: dict[Point, list[int]] = defaultdict(list)
        for name in self.rings:
            for number in (n for ring in self.rings[name] for n in ring if name in names):
                if len(owners[max(number, ~number)]) == 1:
                    starts[self._ends(number)[0]].append(number)
        return list(self._chained(starts))

    def _chained(self, starts: dict[Point, list[int]]) -> Iterable[list[int]]:
        for first in list(starts):
            while starts[first]:
                ring = [starts[first].pop(0)]
                while (end := self._ends(ring[-1])[1]) != first:
                    ring.append(starts[end].pop(0))
                yield ring

    def _ends(self, number: int) -> tuple[Point, Point]:
        arc = self.arcs[max(number, ~number)]
        return (arc[0], arc[-1]) if number >= 0 else (arc[-1], arc[0])


def take_apart(areas: Mapping[str, Sequence[Ring]]) -> Topology:
    """The topology of these areas. Rings are closed, and neighbours have the same points along their border."""
    meets: dict[Point, set[Point]] = defaultdict(set)
    for rings in areas.values():
        for ring in rings:
            for a, b in pairwise(ring):
                meets[a].add(b)
                meets[b].add(a)
    nodes = {point for point, others in meets.items() if len(others) != 2}
    made = Topology()
    known: dict[tuple[Point, ...], int] = {}
    for name, rings in areas.items():
        made.rings[name] = [[_number(arc, made.arcs, known) for arc in _split(ring, nodes)] for ring in rings]
    return made


def _split(ring: Ring, nodes: set[Point]) -> Iterable[list[Point]]:
    """The ring cut at each node; an island whole, from its least point on."""
    loose = list(ring[:-1])
    start = next((i for i, point in enumerate(loose) if point in nodes), loose.index(min(loose)))
    turned = [*loose[start:], *loose[: start + 1]]
    cut = [0, *(i for i in range(1, len(turned) - 1) if turned[i] in nodes), len(turned) - 1]
    return [turned[a : b + 1] for a, b in pairwise(cut)]


def _number(arc: list[Point], arcs: list[list[Point]], known: dict[tuple[Point, ...], int]) -> int:
    written, backwards = tuple(arc), tuple(arc[::-1])
    if written in known:
        return known[written]
    if backwards in known:
        return ~known[backwards]
    known[written] = len(arcs)
    arcs.append(arc)
    return known[written]


def sound_rings(rings: Iterable[Ring]) -> list[list[Point]]:
    """The same area in rings that touch no point twice; what rounding has folded to a line goes.

    Outer rings run clockwise as seen with north up, holes the other way, if they came so.
    """
    edges: dict[tuple[Point, Point], None] = {}
    for edge in (edge for ring in rings for edge in pairwise(ring) if edge[0] != edge[1]):
        if edge[::-1] in edges:
            del edges[edge[::-1]]
        else:
            edges[edge] = None
    onward: dict[Point, list[Point]] = defaultdict(list)
    for a, b in edges:
        onward[a].append(b)
    return [ring for first in list(onward) for ring in _loops(first, onward)]


def _loops(first: Point, onward: dict[Point, list[Point]]) -> Iterable[list[Point]]:
    """The rings met on the way from a point until there is no way on; each is taken off the way."""
    way = [first]
    while onward[way[-1]]:
        way.append(onward[way[-1]].pop(0))
        if (start := way.index(way[-1])) < len(way) - 1:
            yield way[start:]
            del way[start + 1 :]


def twice_area(ring: Ring) -> int:
    """Twice the area of a closed ring; negative when it runs clockwise as seen with north up."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))

"""Lines with fewer points, that still do not cross, touch or swallow one another."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence

from casework.reference.directory.topology import Point

_BUCKET = 64


def simplify(arcs: Sequence[list[Point]], most: Sequence[int]) -> list[list[Point]]:
    """The arcs without their smallest bends, each arc's ends kept.

    A point goes while the triangle with the two beside it has less than `most` (twice an area) for its arc,
    the smallest triangle first: the method of M. Visvalingam and J. D. Whyatt, "Line generalisation by
    repeated elimination of points", Cartographic Journal 30 (1993). It stays when any other point lies in
    that triangle, so that lines which did not cross before do not cross afterwards.
    """
    return _Lines(arcs, most).thinned()


class _Lines:
    def __init__(self, arcs: Sequence[list[Point]], most: Sequence[int]) -> None:
        self._arcs, self._most = arcs, most
        self._before = [list(range(-1, len(arc) - 1)) for arc in arcs]
        self._after = [list(range(1, len(arc) + 1)) for arc in arcs]
        self._gone: list[set[int]] = [set() for _ in arcs]
        self._straight = {frozenset((arc[0], arc[-1])) for arc in arcs if len(arc) == 2}
        self._standing: dict[tuple[int, int], dict[Point, int]] = defaultdict(lambda: defaultdict(int))
        for arc in arcs:
            for point in arc:
                self._standing[_bucket(point)][point] += 1
        self._waiting: list[tuple[int, int, int]] = []

    def thinned(self) -> list[list[Point]]:
        for number, arc in enumerate(self._arcs):
            for index in range(1, len(arc) - 1):
                self._ask(number, index)
        while self._waiting:
            bend, number, index = heapq.heappop(self._waiting)
            if index not in self._gone[number] and bend == self._bend(number, index):
                self._take_out(number, index)
        return [
            [point for index, point in enumerate(arc) if index not in self._gone[number]]
            for number, arc in enumerate(self._arcs)
        ]

    def _ask(self, number: int, index: int) -> None:
        bend = self._bend(number, index)
        if bend <= self._most[number]:
            heapq.heappush(self._waiting, (bend, number, index))

    def _bend(self, number: int, index: int) -> int:
        return abs(_twice(*self._corner(number, index)))

    def _corner(self, number: int, index: int) -> tuple[Point, Point, Point]:
        arc = self._arcs[number]
        return arc[self._before[number][index]], arc[index], arc[self._after[number][index]]

    def _take_out(self, number: int, index: int) -> None:
        before, after = self._before[number][index], self._after[number][index]
        a, b, c = self._corner(number, index)
        left = len(self._arcs[number]) - len(self._gone[number]) - 1
        if (left < 4 and a == c) or self._closes_up(number, left) or self._is_held(a, b, c):
            return
        if left == 2:
            self._straight.add(frozenset((a, c)))
        self._gone[number].add(index)
        own = self._standing[_bucket(b)]
        own[b] -= 1
        if not own[b]:
            del own[b]
        self._after[number][before], self._before[number][after] = after, before
        for beside in (before, after):
            if 0 < beside < len(self._arcs[number]) - 1:
                self._ask(number, beside)

    def _closes_up(self, number: int, left: int) -> bool:
        """Whether an island would become a line, or two arcs the same line."""
        first, last = self._arcs[number][0], self._arcs[number][-1]
        if first == last:
            return left < 4
        return left == 2 and frozenset((first, last)) in self._straight

    def _is_held(self, a: Point, b: Point, c: Point) -> bool:
        """Whether any other point lies in this triangle or on its edge."""
        corners = {a, b, c}
        turn = 1 if _twice(a, b, c) >= 0 else -1
        return any(
            point not in corners
            and turn * _twice(a, b, point) >= 0
            and turn * _twice(b, c, point) >= 0
            and turn * _twice(c, a, point) >= 0
            for bucket in _buckets(a, b, c)
            for point in self._standing.get(bucket, ())
        )


def _twice(a: Point, b: Point, c: Point) -> int:
    """Twice the area of a triangle; negative when it runs clockwise."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])


def _bucket(point: Point) -> tuple[int, int]:
    return point[0] // _BUCKET, point[1] // _BUCKET


def _buckets(*points: Point) -> Iterator[tuple[int, int]]:
    """The squares that a box around these points touches."""
    across = [point[0] // _BUCKET for point in points]
    up = [point[1] // _BUCKET for point in points]
    return ((x, y) for x in range(min(across), max(across) + 1) for y in range(min(up), max(up) + 1))

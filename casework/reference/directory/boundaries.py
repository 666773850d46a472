"""Boundaries of constituencies made from a GeoJSON file: flat, rounded, simplified, each border once."""

import json
from collections.abc import Callable, Collection, Iterator
from math import isfinite
from typing import Any

from casework.reference.directory.projection import project
from casework.reference.directory.simplifying import simplify
from casework.reference.directory.tables import Source
from casework.reference.directory.topology import Point, Topology, sound_rings, take_apart, twice_area

BOUNDARIES_FILE = "boundaries_2024_generalised.geojson"
UNIT_M = 100
_BEND_OF_SEAT = 1 / 100  # a bend goes when it is smaller than this part of the smaller seat beside it ...
_MOST_BEND = 200  # ... and than two square kilometres
_LEAST_ISLAND = 300  # three square kilometres


def read_boundaries(source: Source, codes: Collection[str]) -> Topology | None:
    """The borders of these constituencies. None when there is no such file, or when it is wrong.

    What is wrong becomes a complaint of the source.
    """
    path = source.folder / BOUNDARIES_FILE
    if not path.is_file():
        return None
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        areas = {item["properties"]["gss_code"]: sound_rings(_rings(item["geometry"])) for item in features}
    except (ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
        source.complain(BOUNDARIES_FILE, f"cannot be understood: {error}")
        return None
    if len(areas) != len(features):
        source.complain(BOUNDARIES_FILE, "has a constituency twice")
    for code in sorted(areas.keys() ^ set(codes)):
        known = "is not the code of a constituency" if code in areas else "has no boundary"
        source.complain(BOUNDARIES_FILE, f"{code} {known}")
    for code in (code for code, rings in areas.items() if not rings):
        source.complain(BOUNDARIES_FILE, f"{code} is too small to draw")
    whole = take_apart({code: rings for code, rings in sorted(areas.items()) if rings})
    for one, other in sorted(_overlaps(whole)):
        source.complain(BOUNDARIES_FILE, f"{one} and {other} lie on each other")
    return None if source.complaints else simplified(whole)


def _overlaps(whole: Topology) -> set[tuple[str, str]]:
    """Pairs of areas that have the same line on the same side of it."""
    sides: dict[int, str] = {}
    found = set()
    for name, rings in whole.rings.items():
        for number in (number for ring in rings for number in ring):
            if sides.setdefault(number, name) != name:
                found.add((sides[number], name))
    return found


def _rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    """Every ring in units of the plane: outer ones clockwise, holes the other way."""
    polygons = {"Polygon": lambda found: [found], "MultiPolygon": lambda found: found}
    shape: Callable[[Any], Any] = polygons[geometry["type"]]
    for polygon in shape(geometry["coordinates"]):
        for number, ring in enumerate(polygon):
            points = [_rounded(longitude, latitude) for longitude, latitude in ring]
            if points[0] != points[-1]:
                raise ValueError("a ring is not closed")
            yield points if (twice_area(points) > 0) == (number > 0) else points[::-1]


def _rounded(longitude: float, latitude: float) -> Point:
    if not (isfinite(longitude) and -20 < longitude < 10 and 45 < latitude < 65):
        raise ValueError(f"{longitude}, {latitude} is not in the United Kingdom")
    east, north = project(longitude, latitude)
    return round(east / UNIT_M), round(north / UNIT_M)


def simplified(whole: Topology) -> Topology:
    """The same borders with fewer points and without the smallest islands; neighbours stay neighbours."""
    sizes = {
        name: sum(abs(twice_area(whole.points(ring))) for ring in rings)
        for name, rings in whole.rings.items()
    }
    owners = whole.owners()
    most = [
        int(min(2 * _MOST_BEND, *(_BEND_OF_SEAT * sizes[name] for name in owners[number])))
        for number in range(len(whole.arcs))
    ]
    kept = {name: _without_islets(whole, rings, owners) for name, rings in whole.rings.items()}
    thin = simplify(whole.arcs, most)
    return take_apart({name: [Topology(thin).points(ring) for ring in rings] for name, rings in kept.items()})


def _without_islets(whole: Topology, rings: list[list[int]], owners: dict[int, list[str]]) -> list[list[int]]:
    """The rings of one seat but for its small islands and pools; its largest ring stays in any case."""

    def size(ring: list[int]) -> int:
        return abs(twice_area(whole.points(ring)))

    largest = max(rings, key=size)
    return [
        ring
        for ring in rings
        if ring is largest
        or size(ring) >= 2 * _LEAST_ISLAND
        or any(len(owners[max(number, ~number)]) > 1 for number in ring)
    ]

"""Boundaries compiled from GeoJSON, on invented land: nine fields and an island."""

import json
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.reference.directory.boundaries import BOUNDARIES_FILE, read_boundaries
from casework.reference.directory.cartogram import lay_out
from casework.reference.directory.honeycomb import holes, steps_between
from casework.reference.directory.projection import project
from casework.reference.directory.simplifying import simplify
from casework.reference.directory.tables import Source
from casework.reference.directory.topology import sound_rings, take_apart, twice_area

NAMES = [f"E1400000{number}" for number in range(1, 10)]
ISLAND = "S14000001"


def corner(column, row):
    return [round(-2 + column * 0.3, 4), round(53 + row * 0.2, 4)]


def side(start, end):
    """A border between two corners, the same both ways, with points a little off the straight line."""
    (a, b), (c, d) = sorted((start, end))
    wave = [(0.002 if i % 2 else 0, 0.001 * (i % 3)) for i in range(1, 10)]
    points = [
        [round(a + (c - a) * i / 10 + across, 4), round(b + (d - b) * i / 10 + up, 4)]
        for i, (across, up) in enumerate(wave, start=1)
    ]
    return [start, *(points if start < end else points[::-1])]


def field(column, row):
    around = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    corners = [corner(column + i, row + j) for i, j in around]
    ring = [point for a, b in pairwise(corners) for point in side(a, b)]
    return [*ring, corners[0]]


def features():
    shapes = {
        name: {"type": "Polygon", "coordinates": [field(column, row)]}
        for name, (row, column) in zip(NAMES, product(range(3), range(3)), strict=True)
    }
    square = [[-4, 53], [-3.8, 53], [-3.8, 53.1], [-4, 53.1], [-4, 53]]
    islet = [[-3.6, 53], [-3.599, 53], [-3.599, 53.001], [-3.6, 53.001], [-3.6, 53]]
    shapes[ISLAND] = {"type": "MultiPolygon", "coordinates": [[square], [islet]]}
    return [
        {"type": "Feature", "properties": {"gss_code": code}, "geometry": shape}
        for code, shape in shapes.items()
    ]


def compiled(tmp_path, given_features, codes=(*NAMES, ISLAND)):
    (tmp_path / BOUNDARIES_FILE).write_text(json.dumps({"features": given_features}))
    source = Source(tmp_path)
    return read_boundaries(source, codes), [str(complaint) for complaint in source.complaints]


def test_borders_are_shared_areas_stay_and_small_islands_go(tmp_path):
    borders, complaints = compiled(tmp_path, features())
    assert complaints == []
    assert borders.neighbours()[NAMES[4]] == {NAMES[1], NAMES[3], NAMES[5], NAMES[7]}
    assert borders.neighbours()[ISLAND] == set()
    assert len(borders.rings[ISLAND]) == 1
    for number, feature in enumerate(features()[:-1]):
        source = abs(twice_area([_rounded(point) for point in feature["geometry"]["coordinates"][0]]))
        (ring,) = borders.rings[NAMES[number]]
        assert -twice_area(borders.points(ring)) == pytest.approx(source, rel=0.03)
    fields = borders.outline(NAMES)
    assert len(fields) == 1, "no gap and no overlap: nine fields have one outline"
    whole = sum(twice_area(borders.points(ring)) for name in NAMES for ring in borders.rings[name])
    assert twice_area(borders.points(fields[0])) == whole
    assert len(borders.arcs) == 21
    assert sum(map(len, borders.arcs)) < 120


def _rounded(point):
    east, north = project(*point)
    return round(east / 100), round(north / 100)


def test_the_plane_has_places_about_where_the_national_grid_has_them():
    """Big Ben is at TQ 302 795; a sphere and no change of datum may put it two kilometres off."""
    assert project(-1.9999, 54)[0] == pytest.approx(400_000, abs=50)
    east, north = project(-0.1246, 51.5007)
    assert (east, north) == (pytest.approx(530_200, abs=2_000), pytest.approx(179_500, abs=2_000))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda f: f[:-1], f"{ISLAND} has no boundary"),
        (lambda f: [*f, f[0]], "has a constituency twice"),
        (lambda f: [f[0] | {"properties": {"gss_code": "E14000099"}}, *f[1:]], "E14000099 is not the code"),
        (
            lambda f: [f[0] | {"geometry": {"type": "Point", "coordinates": [0, 0]}}, *f[1:]],
            "cannot be understood",
        ),
        (
            lambda f: [f[0], f[1] | {"geometry": f[0]["geometry"]}, *f[2:]],
            f"{NAMES[0]} and {NAMES[1]} lie on each other",
        ),
        (lambda f: [_far_away(f[0]), *f[1:]], "not in the United Kingdom"),
    ],
)
def test_wrong_boundaries_are_complained_of(tmp_path, spoil, complaint):
    assert complaint in "\n".join(compiled(tmp_path, spoil(features()))[1])


def _far_away(feature):
    return feature | {
        "geometry": {"type": "Polygon", "coordinates": [[[100, 10], [101, 10], [101, 11], [100, 10]]]}
    }


def test_a_folder_without_boundaries_gives_none_and_no_complaint(tmp_path):
    source = Source(tmp_path)
    assert read_boundaries(source, NAMES) is None
    assert source.complaints == []


walks = st.lists(st.integers(-40, 40), min_size=4, max_size=60)


@settings(max_examples=60)
@given(walks, st.integers(0, 5_000))
def test_a_simplified_line_keeps_its_ends_and_only_points_that_it_had(heights, most):
    above = [(10 * number, 100 + height) for number, height in enumerate(heights)]
    below = [(10 * number, height) for number, height in enumerate(heights)]
    for whole, thin in zip((above, below), simplify([above, below], [most, most]), strict=True):
        assert (thin[0], thin[-1]) == (whole[0], whole[-1])
        assert [point for point in whole if point in set(thin)] == thin
    assert simplify([above], [-1]) == [above]


def test_two_lines_that_run_close_do_not_cross_when_they_are_simplified():
    low = [(0, 0), (50, 30), (100, 0)]
    high = [(0, 1), (50, 31), (100, 1)]
    thin = simplify([low, high], [100_000, 0])
    assert thin[1] == high
    assert thin[0] == [low[0], low[-1]]
    assert simplify([low, [(0, -20), (50, 10), (100, -20)]], [100_000, 0])[0] == low


def test_what_rounding_folds_to_a_line_goes_and_a_pinched_ring_becomes_two():
    spike = [(0, 0), (0, 4), (4, 4), (4, 8), (4, 4), (4, 0), (0, 0)]
    assert sorted(map(sorted, sound_rings([spike]))) == [sorted([(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)])]
    pinched = [(0, 0), (0, 2), (2, 2), (4, 4), (6, 2), (2, 2), (2, 0), (0, 0)]
    assert len(sound_rings([pinched])) == 2
    assert sound_rings([[(0, 0), (1, 0), (0, 0)]]) == []


def test_a_layout_is_the_same_each_time_and_keeps_neighbours_together():
    centres = {f"{row}{column}": (column * 9.0, row * 5.0) for row in range(5) for column in range(6)}
    centres |= {"island": (-20.0, 3.0), "isle a": (-60.0, 10.0), "isle b": (-66.0, 10.0)}
    beside = {a: {b for b in centres if a != b and _near(centres[a], centres[b])} for a in centres} | {
        "isle a": {"isle b"},
        "isle b": {"isle a"},
    }
    regions = dict.fromkeys(centres, "Land")
    laid = lay_out(centres, beside, regions, ["isle a", "isle b"])
    assert laid == lay_out(dict(reversed(centres.items())), beside, regions, ["isle b", "isle a"])
    assert len(set(laid.cells.values())) == len(centres)
    assert laid.adjacent > 0.8
    assert holes(laid.cells.values()) == []
    assert all((column + row) % 2 == 0 and row >= 0 and column >= 0 for column, row in laid.cells.values())
    assert steps_between(laid.cells["isle a"], laid.cells["isle b"]) == 1
    rest = [cell for name, cell in laid.cells.items() if not name.startswith("isle ")]
    assert min(steps_between(laid.cells["isle a"], cell) for cell in rest) > 2
    assert take_apart({}).outline() == []


def _near(a, b):
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) <= 9 and a[0] >= 0 <= b[0]

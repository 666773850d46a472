"""The maps that the program carries: every seat has its outline and its cell, and neighbours are neighbours."""

import re
from itertools import pairwise

import pytest

from casework.domain.errors import NotFound
from casework.reference.directory import directory
from casework.reference.directory.honeycomb import AROUND, beside, holes, pieces, steps_between
from casework.reference.directory.map_file import MAPS_FILE, DamagedMaps, read_maps, write_maps
from casework.reference.directory.maps import Maps, maps
from casework.reference.directory.records import DATA_DIR
from casework.reference.directory.topology import twice_area

CODES = {own.name: own.gss_code for own in directory().constituencies()}


@pytest.fixture(scope="module")
def contents():
    return read_maps((DATA_DIR / MAPS_FILE).read_text("utf-8"))


def test_each_of_the_650_seats_has_closed_rings_and_a_cell_of_its_own(contents):
    assert set(contents.cells) == set(contents.borders.rings) == set(CODES.values())
    assert len(set(contents.cells.values())) == 650
    for rings in contents.borders.rings.values():
        shapes = [contents.borders.points(ring) for ring in rings]
        assert all(shape[0] == shape[-1] and len(shape) > 3 for shape in shapes)
        assert sum(map(twice_area, shapes)) < 0, "land lies inside: outer rings run clockwise"
    assert len(directory().constituencies()) == len(maps().outlines().seats) == len(maps().honeycomb().seats)


def test_no_point_of_a_seat_stands_twice_in_one_ring_and_no_border_has_three_seats(contents):
    for rings in contents.borders.rings.values():
        for ring in rings:
            shape = contents.borders.points(ring)[:-1]
            assert len(set(shape)) == len(shape)
    assert {len(own) for own in contents.borders.owners().values()} == {1, 2}


def test_neighbours_are_neighbours_of_each_other_and_those_of_leeds_are_the_known_ones():
    for code in CODES.values():
        assert all(code in maps().neighbours(other) for other in maps().neighbours(code))
        assert code not in maps().neighbours(code)
    names = {own.gss_code: own.name for own in directory().constituencies()}
    assert sorted(names[code] for code in maps().neighbours(CODES["Leeds North West"])) == [
        "Bradford East",
        "Leeds Central and Headingley",
        "Leeds North East",
        "Leeds West and Pudsey",
        "Shipley",
        "Skipton and Ripon",
        "Wetherby and Easingwold",
    ]
    assert maps().neighbours(CODES["Ynys Môn"]) == frozenset()
    with pytest.raises(NotFound):
        maps().neighbours("E14009999")


def test_the_cells_keep_the_country_together_and_northern_ireland_apart(contents):
    """The shares are what the layout reached; a worse one would have to be looked at first."""
    cells = contents.cells
    pairs = [(a, b) for a in cells for b in maps().neighbours(a) if a < b]
    assert sum(steps_between(cells[a], cells[b]) == 1 for a, b in pairs) / len(pairs) > 0.65
    assert max(steps_between(cells[a], cells[b]) for a, b in pairs) <= 6
    assert holes(cells.values()) == []
    ireland = {cell for code, cell in cells.items() if code.startswith("N")}
    britain = set(cells.values()) - ireland
    assert min(steps_between(a, b) for a in ireland for b in britain) > 2
    assert len(pieces(ireland)) == 1
    assert len(pieces(britain)) == 1
    for region in set(contents.regions.values()):
        own = [cell for code, cell in cells.items() if contents.regions[code] == region]
        assert len(pieces(own)[0]) >= len(own) - 2


def test_north_is_up_and_east_is_right_on_both_maps(contents):
    for north, south in (("Orkney and Shetland", "St Ives"), ("Newcastle upon Tyne North", "Battersea")):
        assert maps().cell(CODES[north])[1] > maps().cell(CODES[south])[1]
        assert (
            _first(maps().outlines().seats[CODES[north]])[1]
            < _first(maps().outlines().seats[CODES[south]])[1]
        )
    for west, east in (("St Ives", "Dover and Deal"), ("Mid and South Pembrokeshire", "Lowestoft")):
        assert maps().cell(CODES[west])[0] < maps().cell(CODES[east])[0]


def _first(path):
    return [int(number) for number in re.findall(r"-?\d+", path)[:2]]


def test_every_cell_is_drawn_as_large_as_every_other():
    sizes = {abs(twice_area(_points(path))) for path in maps().honeycomb().seats.values()}
    assert len(sizes) == 1


def _points(path):
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    points = [(numbers[0], numbers[1])]
    for across, up in zip(numbers[2::2], numbers[3::2], strict=True):
        points.append((points[-1][0] + across, points[-1][1] + up))
    return [*points, points[0]]


def test_all_of_both_maps_lies_inside_the_picture():
    for drawn in (maps().outlines(), maps().honeycomb()):
        for part in re.findall(r"M[^M]+", "".join(drawn.seats.values())):
            for x, y in _points(part):
                assert 0 < x < drawn.width
                assert 0 < y < drawn.height


def test_what_was_written_is_read_again_and_a_damaged_file_is_refused(contents):
    text = (DATA_DIR / MAPS_FILE).read_text("utf-8")
    assert write_maps(contents) == text
    assert len(text) < 130_000
    for spoilt in (text[:-9], text.replace("casework maps 1", "casework maps 9"), "{}", ""):
        with pytest.raises(DamagedMaps, match="Install Casework again"):
            read_maps(spoilt)


def test_a_folder_without_maps_of_its_own_uses_those_of_the_package(tmp_path):
    assert isinstance(maps(tmp_path), Maps)
    assert maps(tmp_path).outlines() == maps().outlines()


def test_the_six_cells_around_are_one_step_away_and_beside_each_other():
    around = list(beside((4, 2)))
    assert [steps_between((4, 2), cell) for cell in around] == [1] * len(AROUND)
    assert all(steps_between(a, b) == 1 for a, b in pairwise([*around, around[0]]))


def test_a_small_map_has_a_constituency_with_its_neighbours_and_a_spot_inside_it_for_each():
    at = {own.gss_code: (own.longitude, own.latitude) for own in directory().constituencies()}
    for name in ("Leeds South", "Holborn and St Pancras", "Ynys Môn"):
        code = CODES[name]
        near = maps().near(code, at)
        assert set(near.seats) == set(near.spots) == maps().neighbours(code) | {code}
        for seat, (x, y) in near.spots.items():
            assert 0 < x < near.width <= 1_080, name
            assert 0 < y < near.height <= 1_080, name
            assert re.fullmatch(r"(M-?\d+[ -]\d+l[\d -]+z)+", near.seats[seat])
    with pytest.raises(NotFound):
        maps().near("E14009999", at)

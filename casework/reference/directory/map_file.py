"""The compiled maps: lines, rings and cells of the constituencies in one small file, and how it is read."""

import json
import re
from dataclasses import dataclass
from itertools import accumulate, pairwise

from casework.domain.errors import CaseworkError
from casework.reference.directory.honeycomb import Cell
from casework.reference.directory.topology import Point, Topology

MAPS_FILE = "maps.json"
FORMAT = "casework maps 1"
_NUMBER = re.compile(r"-?[0-9]+")
_MEND = (
    "The maps that came with Casework are damaged. Install Casework again, "
    "or make them anew with `casework directory build`."
)


class DamagedMaps(CaseworkError):
    """The compiled maps cannot be read."""


@dataclass(frozen=True)
class MapContents:
    """The borders in units of the plane, and for each seat its cell and its nation or region."""

    borders: Topology
    cells: dict[str, Cell]
    regions: dict[str, str]
    unit_m: int


def write_maps(contents: MapContents) -> str:
    """The file's text: a line for each arc (a point, then steps) and for each seat. The same maps, the same text."""
    names = sorted(set(contents.regions.values()))
    seats = [
        [code, names.index(contents.regions[code]), *contents.cells[code], contents.borders.rings[code]]
        for code in sorted(contents.cells)
    ]
    head = {"format": FORMAT, "unit_m": contents.unit_m, "regions": names}
    arcs = ",\n".join(f'"{_steps(arc)}"' for arc in contents.borders.arcs)
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in seats)
    return (
        json.dumps(head, ensure_ascii=False)[:-1]
        + f',\n"arcs": [\n{arcs}\n],\n"columns": ["gss_code", "region", "column", "row", "rings"],\n'
        + f'"seats": [\n{rows}\n]}}\n'
    )


def _steps(arc: list[Point]) -> str:
    return path_numbers([*arc[0], *(step for a, b in pairwise(arc) for step in (b[0] - a[0], b[1] - a[1]))])


def path_numbers(numbers: list[int]) -> str:
    """Whole numbers as SVG has them in a path, a minus sign in place of the space before it."""
    return " ".join(map(str, numbers)).replace(" -", "-")


def read_maps(text: str) -> MapContents:
    """The contents of a file that `write_maps` made. Raises DamagedMaps when it is not one."""
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise DamagedMaps(_MEND)
        borders = Topology([_arc(line) for line in found["arcs"]])
        cells, regions = {}, {}
        for code, region, column, row, rings in found["seats"]:
            borders.rings[code] = rings
            cells[code] = (column, row)
            regions[code] = found["regions"][region]
        for own in borders.rings.values():
            for ring in own:
                points = borders.points(ring)
                if points[0] != points[-1]:
                    raise DamagedMaps(_MEND)
        return MapContents(borders, cells, regions, found["unit_m"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DamagedMaps(_MEND) from error


def _arc(line: str) -> list[Point]:
    numbers = [int(number) for number in _NUMBER.findall(line)]
    return list(zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True))

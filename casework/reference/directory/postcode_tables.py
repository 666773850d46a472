"""Postcodes and their constituencies, made from their source tables and checked against one another."""

import re
from collections.abc import Container, Mapping

from casework.domain.case.postcodes import BadPostcode, District, Sector, parse_partial
from casework.reference.directory.postcodes import UNITS, Postcodes
from casework.reference.directory.tables import Row, Source

Units = dict[str, tuple[str, bool]]
Shares = dict[str, dict[str, int]]
"""For each sector, how many postcodes lie in each constituency."""

_POSTCODES = "sector gss_code units units_approx"
_SECTORS = "sector gss_code postcodes share_pct basis"
_DISTRICTS = "district gss_code postcodes share_pct"
_PLAIN_SECTOR = re.compile(r"[A-Z0-9]{2,4} [0-9]").fullmatch


def read_postcodes(source: Source, known: Container[str]) -> dict[str, Units]:
    """For each sector, for each pair of last letters: the constituency, and whether it is approximate."""
    sectors: dict[str, Units] = {}
    for row in source.rows("postcodes_gb.csv.gz", _POSTCODES):
        sector, gss_code = row.text("sector"), row.text("gss_code")
        _check(row, "sector", sector, gss_code, known)
        units = sectors.setdefault(sector, {})
        for column, is_approximate in (("units", False), ("units_approx", True)):
            for unit in _pairs(row, column):
                if unit in units:
                    row.complain(column, f"{sector}{unit} stands here a second time")
                units[unit] = (gss_code, is_approximate)
    return {sector: units for sector, units in sectors.items() if units}


def _check(row: Row, column: str, area: str, gss_code: str, known: Container[str]) -> None:
    kind = Sector if column == "sector" else District
    try:
        sound = isinstance(parse_partial(area), kind) and str(parse_partial(area)) == area
    except BadPostcode:
        sound = False
    if not sound:
        row.complain(column, f"{area!r} is not a {column} in standard form")
    if gss_code not in known:
        row.complain("gss_code", f"{gss_code!r} is not the code of a constituency")


def _pairs(row: Row, column: str) -> list[str]:
    text = row.text(column)
    pairs = [text[at : at + 2] for at in range(0, len(text), 2)]
    bad = sorted({pair for pair in pairs if pair not in UNITS})
    if bad:
        row.complain(column, f"{', '.join(bad)}: no postcode ends in this")
    return [pair for pair in pairs if pair in UNITS]


def read_northern_ireland(source: Source, known: Container[str]) -> Shares:
    """The postcodes of each sector of Northern Ireland by constituency, which is all that the source has."""
    shares: Shares = {}
    for row in source.rows("postcode_sectors.csv", _SECTORS):
        if row.text("basis") == "NI":
            _check(row, "sector", row.text("sector"), row.text("gss_code"), known)
            shares.setdefault(row.text("sector"), {})[row.text("gss_code")] = row.integer("postcodes") or 0
    return shares


def compare_counts(
    source: Source, postcodes: Postcodes, northern_ireland: Mapping[str, dict[str, int]]
) -> None:
    """Complain of every count by sector or district that does not agree with the postcodes themselves."""
    for row in source.rows("postcode_sectors.csv", _SECTORS):
        sector = row.text("sector")
        if row.text("basis") != "NI":
            _compare(row, postcodes.count_in_sector(sector) if _PLAIN_SECTOR(sector) else {})
    whole: Shares = {}
    for sector, shares in northern_ireland.items():
        district = whole.setdefault(sector[:-2], {})
        for gss_code, count in shares.items():
            district[gss_code] = district.get(gss_code, 0) + count
    for row in source.rows("postcode_districts.csv", _DISTRICTS):
        name = row.text("district")
        _compare(row, whole.get(name) or postcodes.count_in_district(name))


def _compare(row: Row, counted: Mapping[str, int]) -> None:
    count = counted.get(row.text("gss_code"), 0)
    if row.integer("postcodes") != count:
        row.complain("postcodes", f"is {row.text('postcodes')}, but {count} postcodes are listed")

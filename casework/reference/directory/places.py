"""Places of detention and prisons, made from their source tables."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from casework.domain.case.postcodes import BadPostcode, parse_postcode
from casework.domain.parliament.directory import Constituency, PlaceOfDetention
from casework.reference.directory.tables import Row, Source

_PLACES = """place_id name kind status holds address postcode gss_code constituency constituency_basis operator
    operator_source phone phone_source capacity capacity_source tribunal_hearing_centre address_source notes"""
_PRISONS = """name address postcode gss_code constituency constituency_basis register_seed_active holds operator
    register_postcode tribunal_hearing_centre note"""
_KINDS = ("IRC", "RSTHF", "STHF")
_NO_ADDRESS = re.compile(r"\s*\(no street address found\)")
_REGISTER = {
    "yes": ("open when the prison register was begun; a later closing would not show here", True),
    "no": ("the prison register began with it as not in use; check whether it is open", None),
    "": ("not in the prison register seen, which covers England and Wales; check whether it is open", None),
}
_OPERATORS = {"PSP": "HM Prison and Probation Service (public sector)"}


def read_places(
    source: Source, constituencies: Mapping[str, Constituency], prison_source: str
) -> dict[str, PlaceOfDetention]:
    """Every place by its id, the removal centres first. Complaints go to the source."""
    places: dict[str, PlaceOfDetention] = {}
    rows = [
        *((row, _place) for row in source.rows("detention_places.csv", _PLACES)),
        *((row, _prison) for row in source.rows("prisons.csv", _PRISONS)),
    ]
    for row, make in rows:
        place = make(row, prison_source)
        if place.place_id in places:
            row.complain("name", f"{place.place_id} stands here a second time")
        _check(row, place, constituencies)
        places[place.place_id] = place
    return places


def _place(row: Row, _prison_source: str) -> PlaceOfDetention:
    kind = re.sub(r"\s*\(.*\)", "", row.required("kind"))
    if kind not in _KINDS:
        row.complain("kind", f"{kind!r} is not one of {', '.join(_KINDS)}")
    status = row.required("status")
    aside = re.search(r"\((.*)\)", row.text("kind"))
    notes = [row.text("notes"), f"Kind: {aside[1]}." if aside else ""]
    return PlaceOfDetention(
        place_id=row.required("place_id"),
        name=row.required("name"),
        kind=kind,
        status=status,
        is_open=True if status.startswith("open") else False if status.startswith("not open") else None,
        holds=row.text("holds"),
        address=_lines(row.required("address")),
        is_address_complete=not _NO_ADDRESS.search(row.text("address")),
        postcode=_postcode(row),
        gss_code=row.required("gss_code"),
        constituency_basis=row.required("constituency_basis"),
        operator=row.text("operator"),
        operator_source=row.text("operator_source"),
        phone=row.text("phone"),
        phone_source=row.text("phone_source"),
        capacity=row.text("capacity"),
        capacity_source=row.text("capacity_source"),
        hearing_centre=row.text("tribunal_hearing_centre"),
        notes=tuple(filter(None, notes)),
        sources=(row.required("address_source"),),
    )


def _prison(row: Row, prison_source: str) -> PlaceOfDetention:
    name = row.required("name")
    active = row.text("register_seed_active")
    if active not in _REGISTER:
        row.complain("register_seed_active", f"{active!r} is neither yes nor no nor empty")
    status, is_open = _REGISTER.get(active, _REGISTER[""])
    other = row.text("register_postcode")
    differs = (
        f"The prison register gives the postcode {other}." if other and other != row.text("postcode") else ""
    )
    return PlaceOfDetention(
        place_id=f"prison-{_slug(name)}",
        name=name,
        kind="prison",
        status=status,
        is_open=is_open,
        holds=row.text("holds"),
        address=_lines(row.required("address")),
        is_address_complete=True,
        postcode=_postcode(row),
        gss_code=row.required("gss_code"),
        constituency_basis=row.required("constituency_basis"),
        operator=_OPERATORS.get(row.text("operator"), row.text("operator")),
        operator_source="",
        phone="",
        phone_source="",
        capacity="",
        capacity_source="",
        hearing_centre=row.text("tribunal_hearing_centre"),
        notes=tuple(filter(None, (row.text("note"), differs))),
        sources=(prison_source,),
    )


def _lines(address: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _NO_ADDRESS.sub("", address).split(",") if part.strip())


def _postcode(row: Row) -> str:
    text = row.text("postcode")
    if not text:
        return ""
    try:
        return str(parse_postcode(text))
    except BadPostcode as error:
        row.complain("postcode", error.message)
        return ""


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().replace("'", "")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _check(row: Row, place: PlaceOfDetention, constituencies: Mapping[str, Constituency]) -> None:
    """Every place must stand in a constituency, and the two ways to name it must agree."""
    found = constituencies.get(place.gss_code)
    if found is None:
        row.complain("gss_code", f"{place.gss_code!r} is not the code of a constituency")
    elif found.name != row.text("constituency"):
        row.complain(
            "constituency", f"{row.text('constituency')!r} is not {found.name}, which the code stands for"
        )


def exact_places(places: Mapping[str, PlaceOfDetention]) -> Iterator[PlaceOfDetention]:
    """The places that say they were placed by their exact postcode, so that this can be checked."""
    return (
        place for place in places.values() if place.postcode and place.constituency_basis == "postcode exact"
    )

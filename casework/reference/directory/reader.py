"""The directory as the program asks it: who sits where, which postcode lies where, who is held where."""

from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from casework.domain.case.postcodes import (
    CROWN_DEPENDENCIES,
    District,
    Postcode,
    Sector,
    area_of,
    parse_partial,
)
from casework.domain.errors import NotFound
from casework.domain.parliament.directory import (
    FIRST_KNOWN_DAY,
    Candidate,
    Constituency,
    Lookup,
    LookupStatus,
    PlaceOfDetention,
    Release,
    Seat,
    SeatStatus,
    Term,
)
from casework.domain.parliament.directory_changes import Sitting
from casework.reference.directory import notes, records
from casework.reference.directory.cache import open_postcodes
from casework.reference.directory.postcodes import Postcodes
from casework.reference.directory.records import DATA_DIR, DIRECTORY_FILE, POSTCODES_FILE
from casework.reference.directory.updates import Update, sittings, with_update


@cache
def directory(data_dir: Path = DATA_DIR) -> "Directory":
    """The directory in this folder; without one named, the directory that the package carries."""
    return Directory(data_dir)


class Directory:
    """One compiled directory. Its files are read when something is first asked of them."""

    def __init__(
        self,
        data_dir: Path = DATA_DIR,
        *,
        cache_dir: Path | None = None,
        updated: "tuple[Directory, Update] | None" = None,
    ) -> None:
        self._data_dir = data_dir
        self._cache_dir = cache_dir
        self._updated = updated
        self._sector_candidates: dict[str, tuple[Candidate, ...]] = {}

    @cached_property
    def _contents(self) -> records.Contents:
        if self._updated:
            compiled, update = self._updated
            return with_update(compiled._contents, update)
        try:
            return records.read((self._data_dir / DIRECTORY_FILE).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise records.DamagedDirectory(
                f"There is no directory of MPs in {self._data_dir}. Make one with `casework directory build`."
            ) from error

    def with_update(self, update: Update) -> "Directory":
        """This directory with what an update read of the members."""
        return Directory(self._data_dir, cache_dir=self._cache_dir, updated=(self, update))

    def sittings(self) -> dict[str, Sitting]:
        """Who sat for each seat, and its elections, by the code of the constituency."""
        return sittings(self._contents)

    @cached_property
    def _postcodes(self) -> Postcodes:
        try:
            return open_postcodes(self._data_dir / POSTCODES_FILE, self._cache_dir)
        except OSError as error:
            raise records.DamagedDirectory(
                f"There are no postcodes in {self._data_dir}. Make them with `casework directory build`."
            ) from error

    @property
    def release(self) -> Release:
        """Dates, counts and sources of this directory."""
        return self._contents.release

    def age_in_days(self, today: date) -> int:
        """How many days ago the members were read."""
        return self.release.age_in_days(today)

    def is_old(self, today: date) -> bool:
        """Whether the members were read more than 90 days ago."""
        return self.release.is_old(today)

    def constituencies(self) -> tuple[Constituency, ...]:
        """All 650, by name."""
        return self._by_name

    @cached_property
    def _by_name(self) -> tuple[Constituency, ...]:
        return tuple(
            sorted(self._contents.constituencies.values(), key=lambda found: notes.order(found.name))
        )

    def constituency(self, gss_code: str) -> Constituency:
        """The constituency of a code such as E14001276. Raises NotFound for any other."""
        found = self.find(gss_code)
        if found is None:
            raise NotFound("There is no constituency with this code.", field="constituency")
        return found

    def find(self, gss_code: str) -> Constituency | None:
        """The constituency of a code, or None for a code that this directory does not know."""
        return self._contents.constituencies.get(gss_code)

    def seat_on(self, gss_code: str, day: date) -> Seat:
        """Who sat for a constituency on a day. Raises NotFound for an unknown code.

        Days after the directory's date get whoever sat last: nobody here knows of a later change.
        """
        constituency = self.constituency(gss_code)
        if day < FIRST_KNOWN_DAY:
            return Seat(constituency, day, SeatStatus.NOT_KNOWN, note=notes.BEFORE_2024)
        terms = self._contents.terms[gss_code]
        term = next(term for term in reversed(terms) if term.since <= day)
        if term.until is None or day < term.until:
            return Seat(constituency, day, SeatStatus.MEMBER, term)
        return Seat(constituency, day, SeatStatus.VACANT, note=term.note)

    def terms(self, gss_code: str) -> tuple[Term, ...]:
        """Everybody who has sat for a constituency since the election of 2024, oldest first."""
        return self._contents.terms[self.constituency(gss_code).gss_code]

    def places(self) -> tuple[PlaceOfDetention, ...]:
        """Every place of detention by name: removal centres and holding places first, then prisons."""
        return tuple(
            sorted(
                self._contents.places.values(), key=lambda place: (place.is_prison, notes.order(place.name))
            )
        )

    def place(self, place_id: str) -> PlaceOfDetention:
        """The place of detention of this id. Raises NotFound for any other."""
        try:
            return self._contents.places[place_id]
        except KeyError:
            raise NotFound("There is no place of detention with this id.", field="place") from None

    def lookup(self, text: str) -> Lookup:
        """Where a postcode lies, or the constituencies that it may lie in.

        A sector (UB7 0) or a district (UB7) will do when that is all somebody knows.
        Raises BadPostcode when the text is none of these.
        """
        asked = parse_partial(text)
        if isinstance(asked, Postcode):
            return self._whole(asked)
        if isinstance(asked, District):
            candidates = self._in_district(asked.code)
            sector = asked.as_sector()
            if candidates or sector is None or not self._in_sector(str(sector)):
                return self._answer(
                    str(asked), _status(LookupStatus.DISTRICT, candidates), candidates, notes.PART
                )
            asked = sector
        return self._part(asked)

    def _whole(self, asked: Postcode) -> Lookup:
        text = str(asked)
        found = self._postcodes.find(text)
        if found and not found.is_approximate:
            candidates: tuple[Candidate, ...] = (self._candidate(found.gss_code),)
            return self._answer(text, LookupStatus.FOUND, candidates, "")
        if found:
            candidates = self._approximate(found.gss_code, asked.sector)
            return self._answer(text, LookupStatus.APPROXIMATE, candidates, notes.APPROXIMATE)
        if asked.area in CROWN_DEPENDENCIES:
            return self._answer(text, LookupStatus.UNKNOWN, (), notes.crown_dependency(asked.area))
        note = notes.NORTHERN_IRELAND if asked.area == "BT" else notes.UNKNOWN_POSTCODE
        if candidates := self._in_sector(asked.sector):
            return self._answer(text, LookupStatus.SECTOR, candidates, note)
        if candidates := self._in_district(asked.district):
            return self._answer(text, LookupStatus.DISTRICT, candidates, notes.UNKNOWN_SECTOR)
        return self._answer(text, LookupStatus.UNKNOWN, (), notes.UNKNOWN)

    def _part(self, asked: Sector) -> Lookup:
        if candidates := self._in_sector(str(asked)):
            return self._answer(str(asked), LookupStatus.SECTOR, candidates, notes.PART)
        candidates = self._in_district(asked.district)
        status = _status(LookupStatus.DISTRICT, candidates)
        return self._answer(str(asked), status, candidates, notes.UNKNOWN_SECTOR)

    def _answer(
        self, text: str, status: LookupStatus, candidates: tuple[Candidate, ...], note: str
    ) -> Lookup:
        if status is LookupStatus.UNKNOWN:
            area = area_of(text)
            note = notes.crown_dependency(area) if area in CROWN_DEPENDENCIES else notes.UNKNOWN
        release = self.release
        return Lookup(text, status, candidates, note, release.directory_date, release.source)

    def _approximate(self, gss_code: str, sector: str) -> tuple[Candidate, ...]:
        """The constituency that the source gives first, then its neighbours in the sector."""
        own = self._in_sector(sector)
        return tuple(sorted(own, key=lambda candidate: candidate.constituency.gss_code != gss_code))

    def _in_sector(self, sector: str) -> tuple[Candidate, ...]:
        if sector not in self._sector_candidates:
            counts = self._contents.northern_ireland.get(sector) or self._postcodes.count_in_sector(sector)
            self._sector_candidates[sector] = self._shares(counts)
        return self._sector_candidates[sector]

    def _in_district(self, district: str) -> tuple[Candidate, ...]:
        counts = dict(self._postcodes.count_in_district(district))
        for sector, own in self._contents.northern_ireland.items():
            if sector[:-2] == district:
                for gss_code, count in own.items():
                    counts[gss_code] = counts.get(gss_code, 0) + count
        return self._shares(counts)

    def _shares(self, counts: Mapping[str, int]) -> tuple[Candidate, ...]:
        total = sum(counts.values())
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(self._candidate(gss_code, count / total) for gss_code, count in ordered if count)

    def _candidate(self, gss_code: str, share: float = 1.0) -> Candidate:
        return Candidate(self.constituency(gss_code), share)


def _status(status: LookupStatus, candidates: tuple[Candidate, ...]) -> LookupStatus:
    return status if candidates else LookupStatus.UNKNOWN

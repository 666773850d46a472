"""`casework lookup` and `casework directory`: they need no instance, no database and no network."""

import json
import sys
from collections.abc import Iterable
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from casework import clock
from casework.commands.directory_updates import rollback_command, update_command
from casework.domain.case.postcodes import BadPostcode
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.parliament.directory import Candidate, Lookup, LookupStatus, Release, Seat
from casework.reference.bank_holidays import HERE as BANK_HOLIDAYS_DIR
from casework.reference.bank_holidays import compile_bank_holidays
from casework.reference.directory import Directory
from casework.reference.directory.build import build
from casework.reference.directory.in_use import directory_in_use, trouble
from casework.reference.directory.records import DATA_DIR
from casework.settings import load_settings

UNKNOWN, NO_POSTCODE = 1, 2  # exit statuses, beside 0 for an answer
BANK_HOLIDAYS = "bank_holidays.csv"
_JSON = json.JSONEncoder(ensure_ascii=False).encode  # made once, for a hundred thousand lines


@click.command("lookup")
@click.argument("words", metavar="POSTCODE", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def lookup_command(words: tuple[str, ...], as_json: bool) -> None:
    """The constituency and the MP of POSTCODE, or of each line of standard input when POSTCODE is a dash.

    Exit status 0 when there is an answer or a choice, 1 when the postcode is not known, 2 when it is none.
    """
    postcode = " ".join(words)
    try:
        settings = load_settings()
        asked = Asked(directory_in_use(settings.instance, settings.directory_dir), clock.today())
        if postcode == "-":
            if isinstance(sys.stdin, TextIOWrapper):
                # A list from another program may be in other letters than ours: what cannot be read is no postcode.
                sys.stdin.reconfigure(encoding="utf-8", errors="replace")
            asked.answer_lines(sys.stdin, as_json)
            return
        try:
            found = asked.directory.lookup(postcode)
        except BadPostcode as error:
            if as_json:
                click.echo(asked.refusal(postcode, error))
            _stop(error)
        click.echo(asked.as_json(found) if as_json else asked.as_text(found))
    except CaseworkError as error:
        _stop(error)
    if found.status is LookupStatus.UNKNOWN:
        sys.exit(UNKNOWN)


def _stop(error: CaseworkError) -> None:
    click.echo(error.message, err=True)
    sys.exit(NO_POSTCODE)


class Asked:
    """A directory asked on one day; it keeps what it has already put into words."""

    def __init__(self, asked: Directory, today: date) -> None:
        self.directory = asked
        self.today = today
        self._seats: dict[str, Seat] = {}
        self._written: dict[tuple[str, float], dict[str, Any]] = {}

    def answer_lines(self, lines: Iterable[str], as_json: bool) -> None:
        """Print an answer to each line, in order. What is no postcode gets an answer that says so."""
        for line in lines:
            text = line.rstrip("\r\n")
            try:
                found = self.directory.lookup(text)
            except BadPostcode as error:
                sys.stdout.write((self.refusal(text, error) if as_json else error.message) + "\n")
            else:
                sys.stdout.write((self.as_json(found) if as_json else self.as_text(found)) + "\n")

    def as_json(self, found: Lookup) -> str:
        """One line of JSON."""
        return _line(
            found.postcode,
            found.status,
            [self._candidate(candidate) for candidate in found.candidates],
            self.directory.release,
            " ".join(filter(None, (found.note, *self._doubts(found)))),
        )

    def refusal(self, text: str, error: BadPostcode) -> str:
        """One line of JSON for a text that is no postcode."""
        return _line(text, LookupStatus.UNKNOWN, [], self.directory.release, error.message)

    def as_text(self, found: Lookup) -> str:
        """The answer in words, for the terminal."""
        lines = [found.postcode]
        if found.note:
            lines.append(found.note)
        for candidate in found.candidates:
            share = "" if found.status is LookupStatus.FOUND else f", {_per_cent(candidate.share)}"
            place = candidate.constituency
            lines += [f"  {place.name} ({place.nation}){share}", *self._member_lines(candidate)]
        lines += self._doubts(found)
        return "\n".join([*lines, *_age(self.directory.release, self.today), ""])

    def _seat(self, candidate: Candidate) -> Seat:
        gss_code = candidate.constituency.gss_code
        if gss_code not in self._seats:
            self._seats[gss_code] = self.directory.seat_on(gss_code, self.today)
        return self._seats[gss_code]

    def _candidate(self, candidate: Candidate) -> dict[str, Any]:
        key = candidate.constituency.gss_code, candidate.share
        if key not in self._written:
            self._written[key] = self._write(candidate)
        return self._written[key]

    def _write(self, candidate: Candidate) -> dict[str, Any]:
        place, seat = candidate.constituency, self._seat(candidate)
        return {
            "gss_code": place.gss_code,
            "name": place.name,
            "nation": place.nation,
            "share": round(candidate.share, 4),
            "member": seat.term
            and {
                "name": seat.term.member.name,
                "address_as": seat.term.member.address_as,
                "party": seat.term.member.party,
                "email": seat.term.member.email or None,
                "member_id": seat.term.member.member_id,
                "since": seat.term.since.isoformat(),
            },
        }

    def _member_lines(self, candidate: Candidate) -> list[str]:
        seat = self._seat(candidate)
        if not seat.term:
            return [f"    No MP: the seat is vacant. {seat.note}"]
        member = seat.term.member
        pages = filter(None, (member.email, member.parliament_page, member.theyworkforyou_page))
        said = f"    {member.address_as}, {member.party}, since {spoken(seat.term.since)}"
        return [said, *(f"    {page}" for page in pages)]

    def _doubts(self, found: Lookup) -> list[str]:
        return [
            f"{seat.term.member.name} is known as MP for {seat.constituency.name} from one source only: "
            "check before you write."
            for seat in map(self._seat, found.candidates)
            if seat.term and not seat.term.member.is_checked
        ]


def _line(postcode: str, status: str, found: list[dict[str, Any]], release: Release, note: str) -> str:
    return _JSON(
        {
            "postcode": postcode,
            "status": status,
            "constituencies": found,
            "directory_date": release.directory_date.isoformat(),
            "source": release.source,
            "note": note,
        }
    )


def _per_cent(share: float) -> str:
    return "under 1% of these postcodes" if share < 0.01 else f"{share:.0%} of these postcodes"


def _age(release: Release, today: date) -> list[str]:
    known = f"Members as of {spoken(release.directory_date)}"
    if release.members_known_to > release.directory_date:
        known += f", with by-elections to {spoken(release.members_known_to)}"
    if not release.is_old(today):
        return [f"{known}."]
    return [
        f"{known}. They were read {release.age_in_days(today)} days ago: look at UK Parliament’s page before you write."
    ]


@click.group("directory")
def directory_group() -> None:
    """The directory of constituencies, MPs, postcodes and places of detention."""


@directory_group.command("status")
def status_command() -> None:
    """Print the parts of the directory in use, with their dates, counts and sources."""
    try:
        settings = load_settings()
        release = directory_in_use(settings.instance, settings.directory_dir).release
        wrong = trouble(settings.instance, settings.directory_dir)
    except CaseworkError as error:
        raise click.ClickException(error.message) from error
    click.echo("\n".join(_status_lines(release, clock.today())))
    if wrong:
        click.echo(wrong, err=True)


def _status_lines(release: Release, today: date) -> list[str]:
    lines = _age(release, today)
    if release.update:
        lines.append(f"In use: {release.update}. To go back: casework directory rollback")
    if release.government_changed_on:
        changed = spoken(release.government_changed_on)
        lines.append(
            f"A new Prime Minister was appointed on {changed}; posts in government from before may be out of date."
        )
    for part in release.parts:
        lines += ["", f"{part.name}: {part.count:,}, as of {spoken(part.as_of)}", f"  {part.source}"]
        if part.note:
            lines.append(f"  ({part.note})")
    return lines


@directory_group.command("build")
@click.argument("source_dir", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; without it, the folder in the package.",
)
def build_command(source_dir: Path, output: Path | None) -> None:
    """Compile the CSV files in SOURCE_DIR into a directory. docs/directory.md describes their columns."""
    try:
        built = build(source_dir, output or DATA_DIR)
        holidays = source_dir / BANK_HOLIDAYS
        if holidays.is_file():
            written = compile_bank_holidays(holidays, output or BANK_HOLIDAYS_DIR)
            built.sizes[written.name] = written.stat().st_size
    except CaseworkError as error:
        raise click.ClickException(error.message) from error
    except OSError as error:
        raise click.ClickException(f"The directory could not be written: {error.strerror}.") from error
    for name, size in built.sizes.items():
        click.echo(f"{name}: {size:,} bytes")
    if built.layout:
        click.echo(
            f"The map of equal cells keeps {built.layout.adjacent:.0%} of all neighbours side by side; a cell lies "
            f"{built.layout.displacement:.2f} of its breadth from its place on average."
        )
    click.echo("\n".join(_status_lines(built.release, clock.today())))


directory_group.add_command(update_command)
directory_group.add_command(rollback_command)

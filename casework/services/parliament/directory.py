"""The directory that this group uses, the one in the package or a newer one of its own, and who sits where."""

from datetime import date

from casework import clock
from casework.domain.parliament import new_members
from casework.domain.parliament.directory import Constituency, Member
from casework.reference.directory import Directory
from casework.reference.directory import directory as directory_in
from casework.reference.directory.in_use import directory_in_use
from casework.reference.directory.maps import Maps
from casework.reference.directory.maps import maps as maps_in
from casework.storage.instance import current_instance


def directory() -> Directory:
    """The directory named in the settings, or else that of the package, with the newest update of this instance."""
    settings = current_instance().settings
    return directory_in_use(settings.instance, settings.directory_dir)


def compiled_directory() -> Directory:
    """The same without any update: the tables as they were compiled."""
    folder = current_instance().settings.directory_dir
    return directory_in(folder) if folder else directory_in()


def maps() -> Maps:
    """The maps of the constituencies, those of the group's own directory where it has some."""
    folder = current_instance().settings.directory_dir
    return maps_in(folder) if folder else maps_in()


def constituency_name(gss_code: str | None) -> str:
    """The name of a constituency, empty for none and for a code that this directory does not know."""
    known: Constituency | None = directory().find(gss_code) if gss_code else None
    return known.name if known else ""


def member_on(gss_code: str | None, day: date) -> Member | None:
    """Who sits for this constituency on this day; None for a vacant seat, or when none is named.

    Raises NotFound for an unknown constituency.
    """
    return directory().seat_on(gss_code, day).member if gss_code else None


def member_name_on(gss_code: str, day: date) -> str:
    """What to call whoever sits here on this day: their name, or "the MP for ..." while nobody is known to sit.

    Raises NotFound for an unknown constituency.
    """
    seat = directory().seat_on(gss_code, day)
    return seat.member.name if seat.member else f"the MP for {seat.constituency.name}"


def was_with_another(gss_code: str | None, name: str | None, day: date | None) -> bool:
    """Whether what went to the MP of this place under this name, or on this day, went to somebody before them."""
    known = directory().find(gss_code) if gss_code else None
    return bool(known) and new_members.was_with_another(
        directory().terms(known.gss_code if known else ""), name or "", day, clock.today()
    )

"""Choices that the forms of a case offer: the MPs who are tied to it."""

from casework import clock
from casework.reference.directory import directory
from casework.services.surgeries import member_on
from casework.storage.models import Case

NOT_CHOSEN = ("", "Choose the MP")


def member_choices(case: Case, also: str | None = None) -> list[tuple[str, str]]:
    """Every constituency that a place or a supporter of the case ties to it, with who sits there today."""
    codes = [row.gss_code for row in case.places if row.gss_code]
    codes += [row.gss_code for row in case.supporters if row.gss_code]
    if also and any(one.gss_code == also for one in directory().constituencies()):
        codes.append(also)
    return [
        NOT_CHOSEN,
        *((code, f"{member_on(code, clock.today())}, {_seat(code)}") for code in dict.fromkeys(codes)),
    ]


def _seat(code: str) -> str:
    return directory().constituency(code).name

"""Choices that the forms of a case offer: the MPs who are tied to it."""

from casework import clock
from casework.services.campaign.supporters import places_of
from casework.services.parliament.directory import directory, member_name_on
from casework.storage.models import Case


def member_choices(case: Case, also: str | None = None) -> dict[str, str]:
    """Every constituency that a place or a supporter of the case ties to it, with who sits there today.

    `also` is one more that the link to the form named; an unknown code is left out.
    """
    today = clock.today()
    codes = [row.gss_code for row in case.places if row.gss_code]
    codes += places_of(case)
    if also and any(one.gss_code == also for one in directory().constituencies()):
        codes.append(also)
    names = {code: directory().constituency(code).name for code in codes}
    return {"": "Choose the MP"} | {
        code: f"{member_name_on(code, today)}, {name}" for code, name in names.items()
    }

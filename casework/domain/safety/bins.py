"""The bin: what was deleted rests there for thirty days, and is then truly gone."""

from datetime import date, timedelta
from enum import StrEnum

LASTS = timedelta(days=30)


class BinKind(StrEnum):
    """What may lie in the bin. Supporters who stop never do: they are erased, as they asked."""

    PLACE = "place"
    NOTE = "note"
    VISIT = "visit"
    STEP = "step"
    DRAFT = "draft"
    PLAN_DAY = "plan day"
    PLAN_TASK = "plan task"
    CONTACT = "contact"
    REPORTING_DAY = "reporting day"
    NEXT_CONTACT = "next contact"
    CASE = "case"
    # What a group knows of MPs belongs to no case.
    MEMBER_NOTE = "note on an MP"
    OFFICE = "office of an MP"
    MEETING_PLAN = "plan of meetings"
    MEETING = "meeting with an MP"


# The same by the word that stands for each in an address.
OF_MEMBERS = {
    "note": BinKind.MEMBER_NOTE,
    "office": BinKind.OFFICE,
    "plan": BinKind.MEETING_PLAN,
    "meeting": BinKind.MEETING,
}

BIN_WORDS = {
    BinKind.PLACE: "A place",
    BinKind.NOTE: "A note",
    BinKind.VISIT: "A planned visit",
    BinKind.STEP: "A step of the plan before a flight",
    BinKind.DRAFT: "A draft of a letter",
    BinKind.PLAN_DAY: "A day of the plan",
    BinKind.PLAN_TASK: "A task of the plan",
    BinKind.CONTACT: "Somebody to ring on a reporting day",
    BinKind.REPORTING_DAY: "A reporting day",
    BinKind.NEXT_CONTACT: "When to speak with the supporters next",
    BinKind.CASE: "A case",
}


def gone_on(binned_on: date) -> date:
    """The day on which something that was deleted on this day can no longer be brought back."""
    return binned_on + LASTS

"""Supporters: what they may offer, how they came to the list, how long they are kept, and what is never kept."""

import re
from datetime import date, timedelta

from casework.domain.campaign.ladder import NOT_OFFERED, RUNGS
from casework.domain.timing.counting import add_months

JOINED = {
    "hand": "added by hand",
    "stall": "at a stall",
    "import": "from a spreadsheet",
    "page": "on the campaign page",
    "other": "through another case",
}

# For so long somebody who was taken off a list can be put back; after that they are gone.
STOPPED_FOR = timedelta(seconds=30)
# So many days before somebody is let go the list says so.
ANNOUNCED = timedelta(days=30)

# What somebody may offer: the rungs of the ladder, smallest first.
OFFERS = {rung.key: rung.words for rung in RUNGS.values() if rung.key not in NOT_OFFERED}

_NUMBER = re.compile(
    r"\b(?:home\s?office|h\.?o\.?|immigration|cid|uan|gwf|brp|passport)\s*(?:ref\w*|number|no)?\W{0,3}(?=\S*\d)[A-Z0-9/-]{4,}"
    r"|\b[A-Z]\d{7,8}\b|\b(?:GWF|ZU)\d{6,9}\b|\b\d{4}-\d{4}-\d{4}(?:-\d{4})?\b",
    re.IGNORECASE,
)
_PARTIES = (
    r"tor(?:y|ies)|lib(?:eral)?\s?dem(?:ocrat)?s?|snp|ukip|reform uk|plaid(?: cymru)?|sinn f[ée]in|sdlp|dup|green party"
    r"|(?:labour|conservative|green|reform|alliance|communist|brexit)\s+(?:party|member|voter|supporter|councillor|activist)s?"
    r"|vot(?:es?|ed|ing)\s+(?:for\s+)?(?:the\s+)?(?:labour|conservatives?|greens?|reform)"
)
_PARTY = re.compile(rf"\b(?:{_PARTIES})\b", re.IGNORECASE)
NO_NUMBER = (
    "This looks like a number that an office gave somebody. We never keep those of a supporter. Leave it out."
)
NO_PARTY = "This looks like a party, or how somebody votes. We never keep that of a supporter. Leave it out."


def table_name(text: str) -> str:
    """A table of the hall without the word itself: "Table 4" and "4" are one table."""
    return re.sub(r"(?i)^\s*table\W*(?=\w)", "", text).strip()


def table_words(name: str) -> str:
    """A table as a sheet or a list names it: "Table 4", and "Window" as it is."""
    return f"Table {name}" if name.isdecimal() else name


def unwanted(text: str, *, politics: bool = True) -> str:
    """What to say to whoever types what is never kept of a supporter; empty where nothing of it is noticed."""
    if _NUMBER.search(text):
        return NO_NUMBER
    return NO_PARTY if politics and _PARTY.search(text) else ""


def let_go_on(heard_on: date, months: int) -> date:
    """The day on which somebody is let go of whom nothing was heard since."""
    return add_months(heard_on, months)


def heard_until(day: date, months: int) -> date:
    """The last day of contact of those who are let go of on this day or before."""
    last = add_months(day, -months)
    while let_go_on(last + timedelta(days=1), months) <= day:
        last += timedelta(days=1)
    return last

"""What the directory says beside an answer, in words; and the order in which names are listed."""

import unicodedata

from casework.domain.case.postcodes import CROWN_DEPENDENCIES

BEFORE_2024 = (
    "Casework knows who has sat for each place since the general election of 4 July 2024, not who sat before. "
    "Before that day the constituencies had other boundaries."
)
APPROXIMATE = (
    "We know only about where this postcode lies: it is new, or closed, or has moved since 2023. "
    "Check which constituency the address is in. A PO box or a large organisation’s own postcode lies at a "
    "sorting office, not where the person lives."
)
UNKNOWN_POSTCODE = (
    "We don’t know this postcode. It may be new or closed, or have a slip in its last two letters. "
    "These are the constituencies of the postcodes that begin in the same way."
)
UNKNOWN_SECTOR = (
    "We don’t know any postcode that begins like this. It may be new or closed, or have a slip in it. "
    "These are the constituencies of its first half."
)
NORTHERN_IRELAND = (
    "For Northern Ireland we know only about where a group of postcodes lies, not each one. "
    "These are the constituencies of the postcodes that begin in the same way."
)
PART = (
    "This is only part of a postcode. These are the constituencies of the postcodes that begin in this way, "
    "with how many of them lie in each."
)
UNKNOWN = (
    "We don’t know this postcode, nor any that begins in the same way. Check it, or choose the constituency "
    "from the list of all of them."
)


def crown_dependency(area: str) -> str:
    """Why a postcode of Jersey, Guernsey or the Isle of Man has no member."""
    return (
        f"This postcode is in {CROWN_DEPENDENCIES[area]}, which is not part of the United Kingdom "
        "and has no member of Parliament at Westminster."
    )


def order(name: str) -> str:
    """What to sort a name by, so that accents, hyphens and capitals make no difference."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum() or letter == " ")

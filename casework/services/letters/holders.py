"""In whose hands an issued letter is, and how each of them is written to."""

from collections.abc import Iterator

from casework.domain.consent.publicity import Audience
from casework.domain.consent.recall import HELD_BY, Holder
from casework.domain.letters.letter_readers import address_lines
from casework.services.letters import letter_pages, letters
from casework.services.parliament.directory import directory
from casework.storage.models import Letter


def holders_of(letter: Letter) -> Iterator[Holder]:
    """Who has this letter: the MP or whoever it was made for, and the supporter who signed it."""
    template = letters.template_of(letter)
    if template.sheet and template.audience is Audience.OFFICE:
        whoever = "whoever took it along: ask for the printed copies"
        yield Holder(f"carried {letter.id}", "", whoever, can_be_written_to=False)
        return
    if letter.gss_code:
        yield _member(letter)
    if template.sheet or not letter.gss_code:
        name = letter.facts.get("given_to") or letter.member_name or ""
        yield Holder(f"reader {letter.id}", name, HELD_BY[template.audience])
    if letter.supporter:
        lines = [line for line in (letter.supporter.address or "").splitlines() if line.strip()]
        if lines and letter.supporter.postcode:
            lines[-1] = f"{lines[-1]} {letter.supporter.postcode}"
        yield Holder(
            f"supporter {letter.supporter.id}", letter.supporter.name, "supporter who signed it", tuple(lines)
        )


def _member(letter: Letter) -> Holder:
    """The MP of a letter, as they are addressed while they sit; one who left is written to by name.

    A minister is asked at the Home Office, and not as the MP of a place.
    """
    gss_code, name = letter.gss_code or "", letter.member_name or ""
    values = letter_pages.values_of(letter)
    lines = address_lines(values.member) if values.member.name == name else (name,)
    if letters.template_of(letter).to == "minister":
        return Holder(f"minister {name}", lines[0], values.minister.post or "minister", lines[1:])
    what = f"MP for {directory().constituency(gss_code).name}"
    return Holder(f"mp {gss_code} {name}", lines[0], what, lines[1:], gss_code)

"""How the reader of a letter is greeted, and what stands in the window of its envelope."""

from casework.domain.letters.letter_values import LetterValues, MemberAddressed
from casework.domain.letters.letters import LetterTemplate

_TITLES_WITH_GIVEN_NAME = {"Sir", "Dame"}
_TITLES_WITH_FAMILY_NAME = {
    *("Dr", "Professor", "Prof", "Lord", "Lady", "Baroness", "Mr", "Mrs", "Ms", "Miss", "Mx"),
    *("Rev", "Revd", "Reverend", "Captain", "Major", "Colonel"),
}
_BEFORE_TITLES = {"the", "rt", "rt.", "hon", "hon."}


def salutation(name: str, full_title: str = "", family_name: str = "") -> str:
    """How to greet a member after "Dear": "Sir Roger", "Dr Johnson", otherwise the full name.

    A title is used only where the name or the full title carries one. Nobody's title or gender is guessed,
    and "Right Honourable" belongs to the address, not to the greeting. Empty when no name is known.
    """
    for written in (name, full_title):
        words = _without_honours(written)
        if len(words) < 2:
            continue
        title, rest = words[0].rstrip("."), words[1:]
        if title in _TITLES_WITH_GIVEN_NAME:
            return f"{title} {rest[0]}"
        if title in _TITLES_WITH_FAMILY_NAME:
            if family_name and " ".join(rest).endswith(family_name):
                return f"{title} {family_name}"
            return f"{title} {rest[-1]}" if len(rest) <= 2 else f"{title} {' '.join(rest)}"
    return " ".join(_without_honours(name) or _without_honours(full_title))


def _without_honours(written: str) -> list[str]:
    """The words of a name, without "Rt Hon" before it and "KC MP" after it."""
    words = written.split()
    while words and words[0].lower() in _BEFORE_TITLES:
        words = words[1:]
    while words and words[-1].rstrip(".") in {"MP", "KC", "QC", "CBE", "OBE", "MBE", "DL"}:
        words = words[:-1]
    return words


def address_lines(member: MemberAddressed) -> tuple[str, ...]:
    """The lines of the window: the form of address, which ends in MP, then the office."""
    name = (member.address_as or member.name).strip()
    if not name:
        return ()
    return (name if name.endswith("MP") else f"{name} MP", *member.office_lines)


def window_lines(template: LetterTemplate, values: LetterValues) -> tuple[str, ...]:
    """The lines of the window, whoever the reader is; empty where they are not known."""
    lawyer, group = values.representative, values.group
    if template.to == "lawyer":
        reach = lawyer.lines or tuple(filter(None, (lawyer.email or lawyer.phone,)))
        return tuple(filter(None, (lawyer.name, lawyer.firm, *reach)))
    if template.to == "any_lawyer":
        whose = f"The lawyer of {values.person.name}" if values.person.name else "The lawyer"
        return (whose, f"through {group.name}") if group.name else (whose,)
    if template.to == "holder":
        return tuple(filter(None, (values.recall.name, *values.recall.lines)))
    return address_lines(values.member)


def greeting(template: LetterTemplate, values: LetterValues) -> str:
    """The line that greets the reader."""
    if template.to == "any_lawyer":
        return "To whom it may concern,"
    member = values.member
    name = salutation(member.name, member.address_as, member.family_name)
    if template.to == "holder":
        name = name or values.recall.name
    elif template.to == "lawyer":
        name = values.representative.addressee
    return f"Dear {name or '[name]'},"

"""Email addresses and phone numbers as people type them, in standard form. Nothing is asked of a network."""

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from casework.domain.errors import CaseworkError
from casework.domain.said import SPACE, in_a_row, names
from casework.domain.words import say

_HOME = "GB"
_HOME_CODE = 44
_DIGITS_AT_HOME = 10  # after the 0
_MOST_SHOWN = 40
_LONGEST = 300
_AN_ADDRESS = re.compile(r"[^\s<>,;/|()\"]+@[^\s<>,;/|()\"]+")
_PLAIN = re.compile(r"[a-z0-9]{1,40}(?:[._+-][a-z0-9]{1,40})?")  # in capitals the library may write it small
_SHORTENED = re.compile(r"[0-9][.,][0-9]+ ?[Ee]\+?[0-9]+")
_MOBILE = re.compile(r"(?:\+44|0044|44|0)?(7[1-57-9][0-9]{2})([0-9]{6})")  # written as the library writes it
_PARTED = re.compile(r"[/;,|&\n]|\bor\b|\band\b")


def read_email(text: str) -> tuple[str, str | None]:
    """The address in standard form, and what was mended in words. Of several, the first.

    Raises CaseworkError for what cannot be an address. Whether it exists is not asked.
    """
    typed = text.strip()
    found = [one.removeprefix("mailto:").strip(".:'’") for one in _AN_ADDRESS.findall(typed[:_LONGEST])]
    if not found:
        what = "has no @" if "@" not in typed else "is not a whole address"
        raise CaseworkError(f"“{typed[:_MOST_SHOWN]}” {what}. An email address looks like ada@example.org.")
    try:
        address = _standard(found[0])
    except EmailNotValidError:
        raise CaseworkError(
            f"“{found[0][:_MOST_SHOWN]}” is not an email address that mail can reach. It looks like ada@example.org."
        ) from None
    others = [one for one in dict.fromkeys(found[1:]) if one.lower() != address.lower()]
    return address, (
        say("The first address was taken. Left out: {others}.", others=names(others)) if others else None
    )


def _standard(address: str) -> str:
    """The address in standard form. Raises EmailNotValidError."""
    before, _, domain = address.rpartition("@")
    if (
        _PLAIN.fullmatch(before) and len(address) < 100
    ):  # the quick way, which most go: one look at each domain
        return f"{before}@{_domain(domain)}"
    return validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized


@lru_cache(maxsize=1024)
def _domain(domain: str) -> str:
    found = validate_email(f"a@{domain}", check_deliverability=False, allow_smtputf8=False)
    return found.domain


def read_phone(text: str) -> tuple[str, str | None]:
    """The number as people here write it (07700 900123) or as it is dialled from abroad (+353 86 123 4567).

    With it what was mended in words. Of several numbers, the first. Raises CaseworkError for what is no number.
    """
    typed = text.strip()
    if _SHORTENED.fullmatch(typed):
        raise CaseworkError(
            f"A spreadsheet has shortened this number to “{typed}”, and its digits are lost. Type the whole number."
        )
    parts = [part for part in _PARTED.split(typed[:_LONGEST]) if sum(c.isdigit() for c in part) >= 7]
    if len(parts) == 1 and (
        mobile := _MOBILE.fullmatch(typed.replace(" ", ""))
    ):  # the quick way, which most go
        written = f"0{mobile[1]} {mobile[2]}"
        return written, _mended(parts, written, at_home=True)
    number = _number(parts[0]) if parts else None
    if number is None:
        raise CaseworkError(
            f"“{typed[:_MOST_SHOWN]}” is not a phone number. It looks like 07700 900123, or +353 86 123 4567 abroad."
        )
    at_home = number.country_code == _HOME_CODE
    written = phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    )
    return written, _mended(parts, written, at_home)


def _mended(parts: list[str], written: str, at_home: bool) -> str | None:
    digits = re.sub(r"\D", "", parts[0])
    sentences: list[str] = []
    if at_home and not digits.startswith(("0", "44")):
        sentences.append(f"The 0 at the beginning was lost and is back: {written}.")
    elif not at_home and not parts[0].lstrip(" (").startswith(("+", "00")):
        sentences.append(f"This was read as a number abroad: {written}.")
    if len(parts) > 1:
        others = names(part.strip() for part in parts[1:])
        sentences.append(say("The first number was taken. Left out: {others}.", others=others))
    return in_a_row(sentences, SPACE) if sentences else None


@lru_cache(maxsize=64)
def _number(text: str) -> PhoneNumber | None:
    """The number in the text, or nothing. Ten digits after the 0 will do, although Ofcom may not have given it out."""
    tidy = re.sub(r"^[^+0-9(]+|'", "", text)
    digits = re.sub(r"\D", "", tidy)
    tries: list[tuple[str, str | None]] = [(tidy, _HOME)]
    if not digits.startswith("0") and len(digits) > _DIGITS_AT_HOME:
        tries.append((f"+{digits}", None))
    for typed, region in tries:
        try:
            number = phonenumbers.parse(typed, region)
        except NumberParseException:
            continue
        here = number.country_code == _HOME_CODE
        if phonenumbers.is_valid_number(number) or (
            here and len(str(number.national_number)) == _DIGITS_AT_HOME
        ):
            return number
    return None

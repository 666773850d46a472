"""Form fields that take what people type: dates in three boxes, tidy text."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, ValidationError

from casework import clock
from casework.domain.said import AND, in_a_row
from casework.domain.words import say

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"(\d{1,2})[./\- ](\d{1,2}|[A-Za-z]{3,9})[./\- ](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR_ALONE = re.compile(r"(?P<year>\d{4})")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2}|[A-Za-z]{3,9})[./\- ](?P<year>\d{4})")
_MONTH_LAST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})")


# Control characters, halves of characters, marks that turn the rest of a line round, and what Unicode calls no
# character. What joins letters and emoji stays, and so do the marks that set one sign to the right or the left.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)


def tidy(text: str | None) -> str | None:
    """Text without what cannot be seen or printed and spaces at its ends. Where nothing is left, None."""
    if text is None:
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNSEEN.sub("", text).strip()
    return text if any(char.isprintable() and char != " " for char in text) else None


def on_one_line(text: str | None) -> str | None:
    """Text as one line: a browser sends no line end from such a field, but others may."""
    return " ".join(text.splitlines()) if text else text


def whole_number(sent: object) -> int:
    """The number that a hidden field or a choice carries; 0, which no row and no version has, for anything else.

    What is no text was not sent: it is what the form began with.
    """
    plain = sent.strip() if isinstance(sent, str) else ""
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else 0


def line(
    label: str, *, hint: str = "", most: int = 200, required: str | None = None, **render: Any
) -> StringField:
    """One line of text. `required` is the sentence for when it is left empty."""
    return StringField(
        label,
        description=hint,
        filters=[tidy, on_one_line],
        validators=[*([_needed(required)] if required else ()), Length(max=most, message=_too_long(most))],
        render_kw=render or None,
    )


def paragraph(
    label: str,
    *,
    hint: str = "",
    most: int = 20_000,
    required: str | None = None,
    rows: int = 4,
    **render: Any,
) -> TextAreaField:
    """Several lines of text."""
    return TextAreaField(
        label,
        description=hint,
        filters=[tidy],
        validators=[*([_needed(required)] if required else ()), Length(max=most, message=_too_long(most))],
        render_kw={"rows": rows, **render},
    )


def _too_long(most: int) -> str:
    return f"This is too long: {most:,} characters at most. What you typed is still here."


def _needed(message: str) -> Any:
    def check(form: Any, field: Field) -> None:
        if field.data is None or field.data == "":
            raise ValidationError(message)

    return check


class ListField(SelectField):
    """One of a list, whose first entry "" stands for no choice yet. A form without it chose nothing."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        if self.data in (None, "", "None"):
            self.data = ""
        else:
            super().pre_validate(form)


def one_of(label: str, choices: Any, *, hint: str = "", required: str | None = None) -> RadioField:
    """One of a few answers, given as pairs of value and words. Without `required` none may be chosen."""
    answers: dict[str, str] = dict(choices)

    def check(form: Any, field: Field) -> None:
        if field.data in ("None", "", None):
            field.data = None
            if required:
                raise ValidationError(required)
        elif field.data not in answers:
            raise ValidationError("Choose one of the answers.")

    return RadioField(label, description=hint, choices=answers, validate_choice=False, validators=[check])


def several_of(
    label: str, choices: Any, *, hint: str = "", required: str | None = None
) -> SelectMultipleField:
    """Any number of answers, as tick boxes."""
    validators = [_needed_some(required)] if required else []
    return SelectMultipleField(label, description=hint, choices=dict(choices), validators=validators)


def _needed_some(message: str) -> Any:
    def check(form: Any, field: Field) -> None:
        if not field.data:
            raise ValidationError(message)

    return check


def photo_tick() -> BooleanField:
    """The tick beside a file: what a camera writes into a picture is left out unless somebody wants it kept."""
    return BooleanField(
        "Remove where and when the photo was taken",
        default=True,
        description="Phones write it into a photo, unseen. What the photo shows stays as it is.",
    )


PARTS_OF_A_DAY = ("the day", "the month", "the year")
WORDS = {"today": 0, "yesterday": -1, "tomorrow": 1}


class DayField(Field):
    """A date in three boxes. The first box also takes "today", "yesterday", "27/3/26" and a pasted 2026-03-27.

    `data` is a date, or None when all three are empty. With `near` a year alone, or a month and its year, is taken as
    its first day, and `taken_from` is what was typed: only where the order of things matters, never where a date may
    start a limit. Whoever saves it says so.
    """

    data: date | None
    taken_from: str = ""
    errors: list[str]

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: str | None = None,
        past: bool = False,
        near: bool = False,
        earliest: date = date(1900, 1, 1),
        latest_years: int = 5,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, description=hint, **kwargs)
        self.required = required
        self.past = past
        self.near = near
        self.earliest = earliest
        self.latest_years = latest_years
        self.typed: tuple[str, str, str] = ("", "", "")

    def process(self, formdata: Any, data: Any = None, **kwargs: Any) -> None:
        self.process_errors = []
        self.taken_from = ""
        self.data = (
            data if isinstance(data, date) else (self.default if isinstance(self.default, date) else None)
        )
        self.object_data = self.data
        if self.data:
            self.typed = (str(self.data.day), str(self.data.month), str(self.data.year))
        names = [f"{self.name}-{part}" for part in ("day", "month", "year")]
        if formdata is None or not any(name in formdata for name in (*names, self.name)):
            return
        day, month, year, whole = ((tidy(formdata.get(name)) or "")[:40] for name in (*names, self.name))
        self.typed = (day or whole, month, year)
        try:
            self.data = self._read(*self.typed)
        except ValueError as error:
            self.data = None
            self.process_errors.append(error.args[0])

    def _read(self, day: str, month: str, year: str) -> date | None:
        if not (day or month or year):
            return None
        if self.near and (part := _month_and_year(day, month, year)):
            self.taken_from = " ".join(filter(None, part))
            return _make("1", part[0] or "1", part[1])
        # The other two boxes may be filled from before: a word or a whole date in the first says it all.
        if day.lower() in WORDS or _is_whole(day) or (day and not month and not year):
            return self._read_whole(day.lower())
        if not (day and month and year):
            missing = [
                name for name, value in zip(PARTS_OF_A_DAY, (day, month, year), strict=True) if not value
            ]
            raise ValueError(say("Type {parts} too.", parts=in_a_row(missing, AND)))
        return _make(day, month, year)

    def _read_whole(self, text: str) -> date:
        if text in WORDS:
            return clock.today() + timedelta(days=WORDS[text])
        if match := _YEAR_FIRST.fullmatch(text):
            return _make(match[3], match[2], match[1])
        if match := _DAY_FIRST.fullmatch(text):
            return _make(*match.groups())
        raise ValueError("Type the month and the year too, or a whole date such as 27/3/2026.")

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.errors:
            return
        problem = self._problem()
        if problem:
            self.errors = [problem]

    def _problem(self) -> str | None:
        if self.data is None:
            return self.required
        today = clock.today()
        if self.past and self.data > today:
            return "This day has not come yet. Check the date."
        if self.data < self.earliest:
            return f"This is before {self.earliest.year}. Check the year."
        if self.data.year > today.year + self.latest_years:
            return f"This is after {today.year + self.latest_years}. Check the year."
        return None


def _month_and_year(day: str, month: str, year: str) -> tuple[str, str] | None:
    """The month, which may be empty, and the year, where these and no day were typed, in their boxes or the first."""
    if year and not day:
        return month, year
    if month or year:
        return None
    found = _YEAR_ALONE.fullmatch(day) or _MONTH_FIRST.fullmatch(day) or _MONTH_LAST.fullmatch(day)
    return (found.groupdict().get("month") or "", found["year"]) if found else None


def _is_whole(text: str) -> bool:
    return bool(_YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text))


def _make(day: str, month: str, year: str) -> date:
    if not month.isdigit():
        short = month[:3].lower()
        if short not in MONTHS:
            raise ValueError(f"We do not know the month “{month}”. Type a number from 1 to 12.")
        month = str(MONTHS.index(short) + 1)
    if not (day.isdecimal() and year.isdecimal() and month.isdecimal()):
        raise ValueError("Type the date in numbers, for example 27 3 2026.")
    if len(year) == 2:
        # Two digits are a year near now: 26 is 2026, 85 in a date of birth is 1985.
        century = 2000 if int(year) <= (clock.today().year % 100) + 10 else 1900
        year = str(century + int(year))
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        raise ValueError(f"There is no such day: {day} {month} {year}.") from None

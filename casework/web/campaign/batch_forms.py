"""The forms of the room of batches."""

from datetime import date
from typing import Any

from wtforms import BooleanField, SelectMultipleField

from casework import clock
from casework.domain.campaign.batches import Order
from casework.domain.campaign.supporters import table_words
from casework.services.campaign import batch_choice
from casework.services.campaign.batch_choice import Choice, Who
from casework.storage.models import Case, SignUp
from casework.web.fields import DayField, line, one_of, paragraph, several_of, whole_number
from casework.web.filters import count
from casework.web.forms import HouseForm

ROOM = "Leave room to write by hand in letters without words of their own"
WHO = {
    Who.ALL: "Everybody who writes to their MP",
    Who.PLACES: "Those of some MPs",
    Who.TABLES: "Those at some tables",
    Who.TICKED: "Those whom I tick",
}
# What is ticked below counts only with its own answer above it: else a whole hall is made instead of a table.
TICKED_IN_VAIN = "You ticked some below. Choose “{}” here, or take those ticks away."


class MakeForm(HouseForm):
    """The button that makes the letters, and why, where something is missing."""

    because = paragraph("Why they have to go now", rows=2, most=500)


class CountForm(HouseForm):
    """How many letters were printed, signed or handed over."""

    number = line(
        "How many", required="Type how many.", most=6, inputmode="numeric", autocomplete="off", size=6
    )
    on = DayField("On which day", required="Say on which day.", past=True)
    by = line("By whom", required="Say by whom.", autocomplete="off")

    @property
    def how_many(self) -> int:
        """The number; 0 for what is none."""
        return whole_number((self.number.data or "").replace(",", ""))

    @property
    def counted_on(self) -> date:
        """The day, once it is known to be there."""
        assert self.on.data is not None
        return self.on.data


def choose_form(case: Case, sent: Any) -> Any:
    """The form that says which letters to make, for whom and in which order, with what the address says already."""
    writers = batch_choice.writers(case)
    tables = _tables(writers)
    fields: dict[str, Any] = {
        "template": one_of(
            "Which letter",
            {one.key: one.title for one in batch_choice.offered()},
            required="Choose which letter.",
        ),
        "who": one_of("For whom", WHO if tables else {k: v for k, v in WHO.items() if k is not Who.TABLES},
                      required="Choose for whom."),
        "place": several_of("MPs", _places(writers)),
        "table": several_of("Tables", tables),
        "ticked": several_of("Supporters", _people(writers)),
        "order": one_of(
            "In which order they are printed", {one: one.words for one in Order}, required="Choose an order."
        ),
        "room": BooleanField(ROOM, description="Two lines for each sentence, so that a hall can write and sign."),
    }  # fmt: skip
    kind = type("ChooseForm", (HouseForm,), fields)
    first = next(iter(batch_choice.offered()), None)
    known = {"template": first.key if first else None, "who": Who.ALL, "order": Order.CONSTITUENCY}
    return kind(sent or None, meta={"csrf": False}, data=known)


def choice_of(form: Any, again: list[str]) -> Choice:
    """What the form asks for."""
    return Choice(
        template=form.template.data or "",
        who=Who(form.who.data),
        gss_codes=frozenset(form.place.data or ()),
        tables=frozenset(form.table.data or ()),
        ticked=frozenset(map(whole_number, form.ticked.data or ())),
        order=Order(form.order.data),
        room_to_write=bool(form.room.data),
        again=frozenset(map(whole_number, again)),
    )


def not_as_ticked(form: Any) -> tuple[str, str] | None:
    """The field and the sentence where the ticks do not go with the choice; None where they do."""
    lists: dict[Who, tuple[str, str]] = {
        Who.PLACES: ("place", "Tick at least one MP."),
        Who.TABLES: ("table", "Tick at least one table."),
        Who.TICKED: ("ticked", "Tick at least one supporter."),
    }
    if form.who.data == Who.ALL:
        return next(
            (
                ("who", TICKED_IN_VAIN.format(WHO[who]))
                for who, (field, _) in lists.items()
                if form[field].data
            ),
            None,
        )
    field, words = lists.get(Who(form.who.data), ("", ""))
    chosen: SelectMultipleField | None = form[field] if field else None
    return (field, words) if chosen is not None and not chosen.data else None


def first_day(form: CountForm, name: str) -> None:
    """Fill in what is most likely: today, and whoever is at the screen."""
    form.on.data = clock.today()
    today = clock.today()
    form.on.typed = (str(today.day), str(today.month), str(today.year))
    form.by.data = name


def _places(writers: list[SignUp]) -> dict[str, str]:
    return {
        seat.constituency.gss_code: (
            f"{seat.constituency.name}: {seat.member.name if seat.member else 'nobody sits there'}, "
            f"{count(number, 'supporter')}"
        )
        for seat, number in batch_choice.places_of(writers)
    }


def _tables(writers: list[SignUp]) -> dict[str, str]:
    numbers: dict[str, int] = {}
    for one in writers:
        if one.table_name:
            numbers[one.table_name] = numbers.get(one.table_name, 0) + 1
    return {
        name: f"{table_words(name)}, {count(numbers[name], 'supporter')}"
        for name in batch_choice.in_table_order(numbers)
    }


def _people(writers: list[SignUp]) -> dict[str, str]:
    return {str(one.id): one.supporter.name for one in writers}

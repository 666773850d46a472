"""The questions of the first hour, each a form."""

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.case.places import PLACE_WORDS, PlaceKind
from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import RECEIVED_HOW, Remedy, ResponseKind
from casework.domain.timing.removals import read_hour
from casework.services.case.case_places import TYPED
from casework.web.campaign.question_forms import QuestionForm
from casework.web.case.case_forms import (
    YEAR_WILL_DO,
    PlaceField,
    ask_which_language,
    places_to_choose,
    postcode,
)
from casework.web.fields import DayField, line, one_of, paragraph

HOMES = {
    kind.value: PLACE_WORDS[kind] for kind in (PlaceKind.HOME, PlaceKind.CARE_OF, PlaceKind.NO_FIXED_ABODE)
}
RESPONSES = {
    ResponseKind.REFUSAL: "A letter that says no to an application or a claim",
    ResponseKind.DECISION: "Another decision, such as one to deport",
    ResponseKind.REMOVAL_NOTICE: "A notice that says they intend to remove them",
}
PAST = "If you know it. “Today” and “yesterday” will do."


class WhoForm(QuestionForm):
    """Who it is."""

    needs = (
        ("name_used", "official_name"),
        "Type a name, or choose “Not to be said yet”.",
    )
    name_used = line("Name they use", hint="What do their friends call them?", autocomplete="off")
    official_name = line(
        "Full name as the Home Office has it", hint="As on their papers, if you know it.", autocomplete="off"
    )
    languages = line(
        "Language they read best",
        hint="Their papers are then printed in it too, where we have it. You may leave this empty.",
        most=200,
        autocomplete="off",
    )
    language_asked = HiddenField()

    def validate_languages(self, field: Any) -> None:
        ask_which_language(self, field)


def _places() -> dict[str, dict[str, str]]:
    first, *others = places_to_choose().items()
    return {first[0]: {"": "Choose the place", TYPED: first[1][TYPED]}, **dict(others)}


class _HeldForm(QuestionForm):
    more = (("held_other", "held_postcode"), "The place is not in the list")
    held_at = PlaceField("Where they are held", choices=_places, default="")
    held_other = line(
        "The place, if it is not in the list",
        hint="For example a police station.",
        most=200,
        autocomplete="off",
    )
    held_postcode = postcode("Postcode of that place", "If you know it.")

    def validate_held_at(self, field: Any) -> None:
        field.ask_whether_open()


class WhereForm(_HeldForm):
    """Where they are held."""

    needs = (
        ("held_at", "held_other", "held_postcode", "held_since"),
        "Choose the place, or type it, or choose “Don’t know yet”.",
    )
    held_since = DayField("Held there since", hint=PAST, past=True)

    def check_more(self) -> None:
        """A place that is not in the list is typed."""
        _check_typed(self)


class HeldHomeForm(_HeldForm):
    """Where they are held, and the postcode of their home."""

    needs = (
        ("held_at", "held_other", "held_postcode", "home_postcode"),
        "Choose the place or type the postcode, or choose “Don’t know yet”.",
    )
    home_postcode = postcode("Postcode of their home", "Where they lived until they were detained.")

    def check_more(self) -> None:
        """A place that is not in the list is typed."""
        _check_typed(self)


def _check_typed(form: Any) -> None:
    if form.held_at.data == TYPED and not (form.held_other.data or form.held_postcode.data):
        raise CaseworkError("Type the name of the place, or its postcode.", field="held_other")


class HomeForm(QuestionForm):
    """Where their home is."""

    needs = (
        ("home_postcode", "home_address", "home_kind"),
        "Type the postcode or the town, choose “No fixed address”, or choose “Don’t know yet”.",
    )
    home_kind = SelectField("What kind of home", choices=HOMES, default=PlaceKind.HOME.value)
    home_postcode = postcode("Postcode", "Even half of one helps. It stays on this machine.")
    home_address = paragraph("Address", hint="Street and town are enough.", most=500, rows=2)
    home_since = DayField("Lived there since", hint=YEAR_WILL_DO, past=True, near=True)

    def check_more(self) -> None:
        """A home with somebody is somewhere."""
        where = self.home_postcode.data or self.home_address.data
        if self.home_kind.data != PlaceKind.NO_FIXED_ABODE.value and not where:
            raise CaseworkError(self.needs[1], field="home_postcode")


class BeforeForm(QuestionForm):
    """Where they lived before."""

    needs = (
        ("former1_postcode", "former1_address", "former2_postcode", "former2_address"),
        "Type a postcode or a town, or choose one of the other answers.",
    )
    more = (
        ("former2_postcode", "former2_address", "former2_since", "former2_until"),
        "Another earlier home",
    )
    former1_postcode = postcode("Postcode of an earlier home")
    former1_address = line("Street and town", most=300, autocomplete="off")
    former1_since = DayField("Lived there from", hint=YEAR_WILL_DO, past=True, near=True)
    former1_until = DayField("Lived there until", hint=YEAR_WILL_DO, past=True, near=True)
    former2_postcode = postcode("Postcode of another earlier home")
    former2_address = line("Street and town of that home", most=300, autocomplete="off")
    former2_since = DayField("Lived in that home from", hint=YEAR_WILL_DO, past=True, near=True)
    former2_until = DayField("Lived in that home until", hint=YEAR_WILL_DO, past=True, near=True)

    def validate_former1_until(self, field: Any) -> None:
        _in_order(self.former1_since, field, "The last day is before the first day.")

    def validate_former2_until(self, field: Any) -> None:
        _in_order(self.former2_since, field, "The last day is before the first day.")


def _in_order(first: Any, last: Any, words: str) -> None:
    if first.data and last.data and last.data < first.data:
        raise ValidationError(words)


def _still_to_come(field: Any) -> None:
    """A plan before a flight is of no use after it: what happened on a day that is over is recorded in the case."""
    if field.data and field.data < clock.today():
        raise ValidationError("This day is over. Check the paper.")


class PapersForm(QuestionForm):
    """Which paper they got, and its days."""

    needs = (("response", "departs_on"), "Choose what it is, or choose one of the other answers.")
    more = (("received_how", "remedy"), "If you have the paper in front of you")
    response = one_of("What is it?", [(kind.value, words) for kind, words in RESPONSES.items()])
    dated = DayField("The date on the letter", past=True)
    received_on = DayField(
        "The day they got it",
        hint="It often decides when time starts. Leave it empty if nobody knows.",
        past=True,
    )
    received_how = SelectField("How it came", choices={"": "Don’t know", **RECEIVED_HOW}, default="")
    remedy = one_of(
        "What does the letter say can be done?",
        [(remedy.value, remedy.words) for remedy in Remedy],
        hint="For a letter that decides something. We then count what may run.",
    )
    departs_on = DayField(
        "Is there a flight? The day it leaves", hint="Leave it empty if there is none.", latest_years=1
    )

    def validate_received_on(self, field: Any) -> None:
        _in_order(self.dated, field, "It cannot be received before the date on it. Check both days.")

    def validate_departs_on(self, field: Any) -> None:
        for day in (self.dated, self.received_on):
            _in_order(day, field, "It cannot leave before the paper was written. Check both days.")
        _still_to_come(field)

    def check_more(self) -> None:
        """A paper has a day. That a removal is near is kept without one too."""
        days = self.dated.data or self.received_on.data
        if self.response.data not in (None, ResponseKind.REMOVAL_NOTICE) and not days:
            raise CaseworkError(
                "Type the date on the letter, or choose “Don’t know yet”. What you typed is kept.",
                field="dated",
            )


class FlightForm(QuestionForm):
    """The flight, as the paper gives it."""

    needs = (("departs_on",), "Type the day it leaves. “Tomorrow” will do.")
    more = (("airport", "destination", "booked_name"), "If you have the paper in front of you")
    departs_on = DayField(
        "The day it leaves", hint="The first box also takes “tomorrow” or a whole date.", latest_years=1
    )
    departs_at = line("At what hour", hint="UK time, for example 07:05.", most=20)
    flight = line("Flight number", most=40)
    airline = line("Airline", most=100)
    airport = line("From which airport", most=100)
    destination = line("To which country")
    booked_name = line("The name as it is booked", hint="If it is on the paper.", autocomplete="off")

    def validate_departs_on(self, field: Any) -> None:
        _still_to_come(field)

    def validate_departs_at(self, field: Any) -> None:
        if field.data:
            try:
                field.data = f"{read_hour(field.data):%H:%M}"
            except CaseworkError as error:
                raise ValidationError(error.message) from None


class LawyerForm(QuestionForm):
    """Their solicitor or adviser."""

    needs = (
        ("representative_name", "representative_firm"),
        "Type a name or a firm, or choose one of the other answers.",
    )
    representative_name = line("Solicitor or adviser", autocomplete="off")
    representative_firm = line("Their firm or organisation", autocomplete="off")
    representative_contact = line("Their phone and email", most=300, autocomplete="off")


class AskedForm(QuestionForm):
    """Whether the person was asked, what they said, and how they are reached."""

    needs = (("agreed", "safe_contact"), "Choose what they said, or choose “Nobody could ask yet”.")
    agreed = one_of("What did they say?", {"yes": "Yes, you may contact MPs", "no": "No, or not yet"})
    asked_by = line("Who asked them, and how", hint="For example: Ruth, by phone, with an interpreter.")
    asked_on = DayField("When were they asked?", hint="Empty is today.", past=True)
    safe_contact = line(
        "Who may we speak to, and how are they reached?",
        hint="A number inside, a friend who visits. And when not to ring.",
        most=300,
        autocomplete="off",
    )

    def check_more(self) -> None:
        """A yes has somebody who heard it. A no counts without."""
        if self.agreed.data == "yes" and not self.asked_by.data:
            raise CaseworkError("Say who asked them.", field="asked_by")


class UrgentForm(QuestionForm):
    """What cannot wait."""

    needs = (("urgency", "health"), "Type what cannot wait, or choose one of the other answers.")
    urgency = line(
        "In a few words, for everybody on the case",
        hint="For example: court on Friday; a child is with a neighbour.",
        most=300,
        autocomplete="off",
    )
    health = paragraph(
        "Health and medicines",
        hint="Kept as a note that only those see who may know of health. It goes into no letter.",
        most=2000,
        rows=3,
    )


FORMS: dict[str, type[QuestionForm]] = {
    "who": WhoForm,
    "where": WhereForm,
    "held_home": HeldHomeForm,
    "home": HomeForm,
    "before": BeforeForm,
    "papers": PapersForm,
    "flight": FlightForm,
    "lawyer": LawyerForm,
    "asked": AskedForm,
    "urgent": UrgentForm,
}

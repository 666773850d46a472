"""The forms of the removal clock."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import ValidationError

from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import RECEIVED_HOW
from casework.domain.said import of_ours, upfirst
from casework.domain.timing.removals import OUTSIDE_WORDS, OWN_HOURS, Carriage, Ending, Outside, read_hour
from casework.reference.regions import REGIONS
from casework.services.timing.removals import RemovalFacts
from casework.web.fields import DayField, ListField, line, one_of
from casework.web.forms import HouseForm, TypedForm

NOT_KNOWN = "Not known yet"
NEW_NOTICE = {
    "new": "Yes: a new notice was given. A new five days start",
    "same": "No: the notice is the same, and we put our own record right",
}


class RemovalForm(HouseForm):
    """A notice of intention to remove, and the departure details."""

    version = HiddenField()
    new_notice = one_of(
        "Is this a new notice?",
        NEW_NOTICE.items(),
        hint="A changed destination, or a new stop outside the UK and the listed safe countries, starts a new five-day "
        "period. If you do not know, choose No, which keeps the earlier day, and show both papers to a lawyer today.",
    )
    notice_given_on = DayField("The day the notice was given", past=True)
    notice_given_at = line("At what hour", hint="For example 16:40. UK time.", most=20)
    notice_how = ListField("How it was given", choices={"": NOT_KNOWN, **RECEIVED_HOW})
    region = ListField("In which part of the UK", choices={"": "As the places of this case say", **REGIONS})
    destination = line("To which country, and which city if it says so", hint="As it stands on the notice.")
    details_given_on = DayField("The day the departure details were given", past=True)
    departs_on = DayField("The day it leaves", hint="For example 27 3 2026, or “tomorrow”.", latest_years=1)
    departs_at = line("At what hour", hint="As it stands on the paper, UK time. For example 07:05.", most=20)
    carriage = ListField(
        "What kind of flight", choices={"": NOT_KNOWN} | {one.value: one.words for one in Carriage}
    )
    flight = line("Flight number", most=40)
    airline = line("Airline", most=100)
    airport = line("From which airport", most=100)
    route = line(
        "Where it stops on the way",
        hint="Each stop, with commas between: Istanbul, Addis Ababa.",
        most=300,
    )
    booked_name = line("The name as it is booked", hint="Letter for letter, as on the paper.")

    def validate_notice_given_at(self, field: Any) -> None:
        _check_hour(field)

    def validate_departs_at(self, field: Any) -> None:
        _check_hour(field)

    def facts(self) -> RemovalFacts:
        """What was typed; empty is not known yet."""
        told: dict[str, Any] = {name: self[name].data or None for name in RemovalFacts.__dataclass_fields__}
        for name in ("notice_given_at", "departs_at"):
            told[name] = f"{read_hour(told[name]):%H:%M}" if told[name] else None
        return RemovalFacts(**told)

    @property
    def said_of_notice(self) -> bool | None:
        """Whether it came with a new notice, as it was answered; None without an answer."""
        return None if not self.new_notice.data else self.new_notice.data == "new"


class EndForm(HouseForm):
    """How an attempt ended."""

    ended_as = one_of(
        "How did it end?", [(one.value, one.words) for one in Ending], required="Choose how it ended."
    )
    ended_on = DayField("On which day?", required="Type the day.", past=True)
    ended_why = line(
        "Why, in a few words", hint="For example: the court ordered it; the pilot refused.", most=300
    )
    stated_on = DayField(
        "If it failed: which day stood in the departure notice?",
        hint="The 21 days begin on that day, whatever happened afterwards.",
    )
    outside = one_of(
        "If it failed: was the reason outside the Home Office’s control?",
        [(one.value, OUTSIDE_WORDS[one]) for one in Outside],
        hint="If so, they may try again for 21 days without a new notice of five working days.",
    )


class CourtForm(HouseForm):
    """A decision in a judicial review that lets the removal go ahead."""

    decided_on = DayField("The day of the decision", required="Type the day of the decision.", past=True)


class OwnStepForm(HouseForm):
    """A step of our own."""

    what = line("What is to be done", most=120, required="Say what is to be done.")
    hours = ListField(
        "How long before the flight it must be done",
        choices={str(hours): upfirst(of_ours(words)) for hours, words in OWN_HOURS.items()},
    )
    who = line("Who does it")


class StepForm(TypedForm):
    """Who does a step, and its tick. It may be sent again and again."""

    who = line("Who")
    was = line("Who it was")
    do = HiddenField()


def _check_hour(field: Any) -> None:
    if field.data:
        try:
            read_hour(field.data)
        except CaseworkError as error:
            raise ValidationError(error.message) from None

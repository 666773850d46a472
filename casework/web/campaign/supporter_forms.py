"""The forms of the supporters' rooms."""

from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from casework.domain.campaign.messages import MEANS, MEANS_TO_YOU
from casework.domain.campaign.supporters import OFFERS
from casework.domain.letters.mail import is_mail_address
from casework.services.campaign.supporters import version_of
from casework.storage.models import SignUp
from casework.web.case.case_forms import postcode
from casework.web.fields import DayField, line, one_of, paragraph, several_of
from casework.web.forms import HouseForm, TypedForm

OURS = ("once", "csrf_token", "version")


def check_email(form: Any, field: Any) -> None:
    """Say what is wrong with an address that no mail can reach."""
    if field.data and not is_mail_address(field.data):
        raise ValidationError("This is no email address. It looks like ada@example.org.")


def email(label: str, hint: str = "") -> Any:
    """One mail address."""
    field = line(label, hint=hint, most=254, autocomplete="off", inputmode="email")
    field.kwargs["validators"] = [*field.kwargs["validators"], check_email]
    return field


class SupporterForm(HouseForm):
    """Somebody who supports the person, and what they choose to do for them."""

    version = HiddenField()
    name = line("Their name", required="Type the supporter's name.", autocomplete="off")
    postcode = postcode("Their postcode", "So that we find their own MP. It stays on this machine.")
    address = paragraph(
        "Their address",
        hint="Only if they will write to their MP: the office asks for it, to see that they are a constituent.",
        most=500,
        rows=3,
    )
    email = email("Email", "Only if they want to be reached there.")
    phone = line("Phone", most=50, autocomplete="off", inputmode="tel")
    languages = line("Languages they speak", hint="For example: English, Dari.")
    notice_given_on = DayField("Day on which they were told what we keep, and why", past=True)
    reached_by = several_of(
        "They agreed that we may",
        MEANS,
        hint="Only what they said themselves. Nobody is rung or written to without it.",
    )
    writes = BooleanField("They will write to their own MP")
    counted = BooleanField("They may be counted among those who wrote")
    connection = line(
        "Who they are to the person", hint="For example: neighbour, sings in the same choir.", most=300
    )
    to_member = line(
        "Who they are to their MP",
        hint="For example: school governor, runs the food bank there. Never a party.",
        most=300,
    )
    offers = several_of("What they offer", OFFERS)
    table_name = line("Table in the hall", hint="If letters are signed at tables: 4, or Window.", most=60)
    how_known = line(
        "How they know the person, in one sentence of theirs",
        hint="Goes into their letter: “She is my neighbour”.",
        most=300,
    )

    def details(self) -> dict[str, Any]:
        """What was typed of the supporter."""
        return {field.short_name: field.data for field in self if field.short_name not in OURS}


def data_of(row: SignUp) -> dict[str, Any]:
    """What is kept of a supporter of this case, as the form shows it."""
    return {
        **{name: getattr(row.supporter, name) for name in ("name", "postcode", "address", "email", "phone")},
        **{name: getattr(row.supporter, name) for name in ("languages", "notice_given_on")},
        **{name: getattr(row, name) for name in ("writes", "counted", "connection", "to_member", "offers")},
        "reached_by": row.reached_by,
        **{name: getattr(row, name) for name in ("table_name", "how_known")},
        "version": version_of(row),
    }


class FindForm(TypedForm):
    """The name of somebody. It is sent in the body, so that no name stands in an address or a history."""

    q = line("A name, or part of it", most=100, required="Type a name.", autocomplete="off")

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Every error as (id of the field, sentence)."""
        return [("q", str(message)) for message in self.q.errors]


class StallForm(HouseForm):
    """What somebody types into a phone that was handed to them."""

    name = line("Your name", required="Type your name.", autocomplete="off")
    postcode = postcode("Your postcode", "It says who your MP is. It stays with us.")
    writes = one_of(
        "Will you write to your MP?",
        {"yes": "Yes, help me with a letter", "no": "No, or not now"},
        required="Choose yes or no.",
    )
    address = paragraph(
        "Your address",
        hint="Only if you will write: your MP’s office asks for it, to see that you live there.",
        most=500,
        rows=3,
    )
    offers = several_of(
        "Could you help in another way, now or later?", OFFERS, hint="Tick what you like, or nothing."
    )
    email = email("Your email", "So that we can reach you. Email or phone: one is enough.")
    phone = line("Your phone", most=50, autocomplete="off", inputmode="tel")
    reached_by = several_of("How may we reach you?", MEANS_TO_YOU)
    how_known = line("How do you know them?", hint="In your own words, if you like.", most=300)
    own_words = paragraph(
        "Why does it matter to you?", hint="In your own words, if you like.", most=2000, rows=4
    )
    counted = BooleanField("You may count me among those who wrote. My name is not told.")
    read = BooleanField("I have read what you keep, and why")

    def validate_postcode(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Type your postcode. Half of it will do.")

    def validate_read(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Read what we keep, and tick that you have.")

    def details(self) -> dict[str, Any]:
        """What was typed, with nothing that was only for the form."""
        told = {field.short_name: field.data for field in self if field.short_name not in (*OURS, "read")}
        return told | {"writes": self.writes.data == "yes"}

"""The forms of the supporters' room."""

from typing import Any

from casework.web.case_forms import postcode
from casework.web.fields import DayField, line, paragraph
from casework.web.forms import HouseForm


class SupporterForm(HouseForm):
    """Somebody who will write to their own MP."""

    name = line("Their name", required="Type the supporter's name.", autocomplete="off")
    postcode = postcode("Their postcode", "So that we find their own MP. It stays on this machine.")
    address = paragraph(
        "Their address",
        hint="MPs' offices ask for it, to see that somebody is a constituent.",
        most=500,
        rows=3,
    )
    email = line("Email", hint="Only if the MP may answer there.")
    phone = line("Phone", most=50)
    how_known = line(
        "How they know the person", hint="Goes into their letter: “She is my neighbour”.", most=300
    )
    notice_given_on = DayField("Day on which they were told what we keep, and why", past=True)

    def details(self) -> dict[str, Any]:
        """What was typed of the supporter."""
        return {
            field.short_name: field.data for field in self if field.short_name not in ("once", "csrf_token")
        }

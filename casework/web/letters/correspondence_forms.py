"""The forms for letters in and out."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import RECEIVED_HOW, Kind, Remedy, ResponseKind
from casework.domain.timing.deadline_rules import How
from casework.services.letters.correspondence import NewPaper
from casework.storage.models import Case
from casework.web.fields import DayField, line, one_of, paragraph, photo_tick
from casework.web.forms import HouseForm
from casework.web.letters.scans import refuse_gone, seal, take_in, unseal

HOW = {"": "Choose how", **RECEIVED_HOW}
NO_ANSWER_TO = {"": "Nothing in the file, or we do not know"}
FLIGHT = "flight"
STATED_IS = {
    FLIGHT: "Something leaves on that day: a flight, or removal directions",
    "not before": "It is only the first day on which they may remove: “not before”",
}
SCAN_HINT = "A PDF or a photo, if you have one. It is kept encrypted."


class PaperForm(HouseForm):
    """What every letter has."""

    their_reference = line("Its reference", hint="As it stands on the letter.", most=100)
    answers = SelectField("Which letter does it answer?", choices=NO_ANSWER_TO, default="")
    summary = paragraph("What it says, in a few sentences", rows=4)
    scan = FileField("Scan or photo", description=SCAN_HINT)
    forget_where = photo_tick()
    scan_kept = HiddenField()
    case: Case

    def offer(self, case: Case, papers: dict[str, str]) -> None:
        """Set the case and its letters that this one may answer, and say so where a scan is kept already."""
        self.case = case
        self.answers.choices = NO_ANSWER_TO | papers
        self._say_what_is_kept()

    def validate_scan(self, field: Any) -> None:
        """A scan goes into the archive at once, so that it is not lost when the form comes back."""
        if field.data and getattr(field.data, "filename", ""):
            try:
                scan = take_in(self.case, field.data, "scan", without_traces=bool(self.forget_where.data))
                self.scan_kept.data = seal(self.case, scan)
            except CaseworkError as error:
                raise ValidationError(error.message) from None
        refuse_gone(self.case, self.scan_kept)
        self._say_what_is_kept()

    def _say_what_is_kept(self) -> None:
        if self.kept_scan():
            self.scan.description = "Your scan is kept. Choose another file only to put it in its place."

    def kept_scan(self) -> tuple[str, str] | None:
        """The scan that was sent with this form or before, by its name in the archive; None when none was sent."""
        return unseal(self.case, self.scan_kept.data)

    def shared(self) -> dict[str, Any]:
        """What was typed into the fields that every letter has."""
        return {
            "their_reference": self.their_reference.data,
            "answers_id": int(self.answers.data) if self.answers.data else None,
            "summary": self.summary.data,
            "scan": self.kept_scan(),
        }


class ResponseForm(PaperForm):
    """A letter from the Home Office."""

    response = one_of(
        "What is it?", [(kind.value, kind.words) for kind in ResponseKind], required="Choose what it is."
    )
    dated = DayField("The date on the letter", required="Type the date that stands on the letter.", past=True)
    sent_on = DayField(
        "The day it was sent, if that is another day",
        hint="The postmark, or the date of the email. Keep the envelope; take a picture of the email’s header.",
        past=True,
    )
    received_on = DayField(
        "The day the person got it",
        hint="For a removal notice: the day it was handed over. It decides when time starts. Leave it empty only if"
        " nobody knows it, for a removal notice or a letter that was posted.",
        past=True,
    )
    received_how = SelectField("How it came", choices=HOW, default="")
    remedy = one_of(
        "For a refusal or another decision: what does the letter say can be done?",
        [(remedy.value, remedy.words) for remedy in Remedy],
    )
    stated_on = DayField(
        "Does the letter itself give a last day, or a day of removal?",
        hint="If so, type it. It stands beside our own count, and the earlier of the two comes first.",
    )

    stated_is = one_of(
        "If that is a day of removal: which?",
        STATED_IS,
        hint="If it does not say, leave this open. Then it is not taken for a flight.",
    )

    def validate_received_how(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Choose how it came.")

    def validate_received_on(self, field: Any) -> None:
        posted, notice = self.received_how.data == How.POST, self.response.data == ResponseKind.REMOVAL_NOTICE
        if not (field.data or field.errors or posted or notice):
            raise ValidationError("Type the day the person got it.")

    def paper(self) -> NewPaper:
        """The letter as it was typed."""
        return NewPaper(
            Kind.HOME_OFFICE_RESPONSE,
            response=ResponseKind(self.response.data),
            remedy=Remedy(self.remedy.data or Remedy.UNCLEAR),
            sender="Home Office",
            dated=self.dated.data,
            sent_on=self.sent_on.data,
            received_on=self.received_on.data,
            received_how=self.received_how.data,
            stated_on=self.stated_on.data,
            is_flight=self.stated_is.data == FLIGHT,
            **self.shared(),
        )


class LetterOutForm(PaperForm):
    """A letter that we sent, written elsewhere."""

    kind = one_of(
        "What is it?",
        [(kind.value, kind.words) for kind in (Kind.US_TO_MEMBER, Kind.REQUEST_FOR_FILE, Kind.OTHER_OUT)],
        required="Choose what it is.",
    )
    gss_code = SelectField("To which MP", choices={}, default="")
    recipient = line("To whom, if it is not an MP", hint="For example: Home Office, or the centre’s manager.")
    sent_on = DayField("The day it was sent", required="Type the day it was sent.", past=True)

    def validate_gss_code(self, field: Any) -> None:
        if self.kind.data == Kind.US_TO_MEMBER and not field.data:
            raise ValidationError("Choose the MP.")

    def paper(self) -> NewPaper:
        """The letter as it was typed."""
        return NewPaper(
            Kind(self.kind.data),
            gss_code=self.gss_code.data or None,
            recipient=self.recipient.data,
            sent_on=self.sent_on.data,
            **self.shared(),
        )


class LetterInForm(PaperForm):
    """A letter from an MP's office, or a copy of the MP's letter to the Home Office, or another."""

    kind = one_of(
        "What is it?",
        [(kind.value, kind.words) for kind in (Kind.MEMBER_TO_HOME_OFFICE, Kind.MEMBER_TO_US, Kind.OTHER_IN)],
        required="Choose what it is.",
        hint="If the MP’s office told you that they have written to the Home Office, choose the first.",
    )
    gss_code = SelectField("Which MP", choices={}, default="")
    sender = line("From whom, if it is not an MP")
    dated = DayField("The date on the letter", required="Type the date of the letter.", past=True)
    received_on = DayField("The day it came to us", past=True)
    received_how = SelectField("How it came", choices=HOW, default="")

    def validate_gss_code(self, field: Any) -> None:
        if self.kind.data in (Kind.MEMBER_TO_HOME_OFFICE, Kind.MEMBER_TO_US) and not field.data:
            raise ValidationError("Choose the MP.")

    def paper(self) -> NewPaper:
        """The letter as it was typed. When our copy of an MP's letter came says nothing of when theirs arrived."""
        to_home_office = self.kind.data == Kind.MEMBER_TO_HOME_OFFICE
        return NewPaper(
            Kind(self.kind.data),
            gss_code=self.gss_code.data or None,
            sender=self.sender.data,
            dated=self.dated.data,
            received_on=None if to_home_office else self.received_on.data,
            received_how=self.received_how.data or None,
            **self.shared(),
        )

"""The forms of an answer that is read closely: about the whole, about one question, and to which MP to go back."""

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import ValidationError

from casework.domain.parliament.answers import LONGEST_QUESTION, Finality, Found, Reading, Signer, Will
from casework.services.parliament.answers import AnswerFacts
from casework.web.fields import DayField, ListField, line, one_of, paragraph, whole_number
from casework.web.forms import HouseForm

NOTHING_BESIDE = {"": "None of the letters in the file"}


class QuestionsForm(HouseForm):
    """Questions to read an answer for."""

    questions = paragraph(
        "What our letter asked",
        hint="One question a line. Change the words, take lines out, or add what is missing.",
        rows=8,
        required="Type one question at least.",
    )


class AboutForm(HouseForm):
    """An answer as a whole."""

    version = HiddenField()
    beside = SelectField("Which letter does it answer?", choices=NOTHING_BESIDE, default="")
    finality = one_of("Is it their answer?", [(one.value, one.words) for one in Finality])
    signed_by = ListField(
        "Who signed it?",
        choices={"": "We do not know yet", **{one.value: one.words for one in Signer}},
        default="",
    )
    signer = line("Their name, as it stands under the letter", autocomplete="off")
    will = one_of("What will the office do?", [(one.value, one.words) for one in Will])
    only_if = line(
        "What they want from us first",
        hint="In a few words. Whoever works on this case sees it before they write to this office again.",
    )
    words = paragraph(
        "The words of the answer",
        hint="Type or paste them, or the parts that matter. Then you have them beside each question.",
        rows=10,
    )

    def offer(self, letters: dict[str, str], *, from_office: bool) -> None:
        """Set the letters that it may answer. Only an MP's office is asked what it will do."""
        self.beside.choices = NOTHING_BESIDE | letters
        if not from_office:
            del self.will, self.only_if

    def facts(self) -> AnswerFacts:
        """What was typed about the whole."""
        return AnswerFacts(
            Finality(self.finality.data) if self.finality.data else None,
            Signer(self.signed_by.data) if self.signed_by.data else None,
            self.signer.data,
            self.words.data,
            whole_number(self.beside.data) or None,
            *(
                (Will(self.will.data) if self.will.data else None, self.only_if.data)
                if "will" in self
                else ()
            ),
        )

    @staticmethod
    def filled_from(facts: AnswerFacts) -> dict[str, Any]:
        """What the fields begin with."""
        return {
            "finality": facts.finality,
            "signed_by": facts.signed_by or "",
            "signer": facts.signer,
            "words": facts.words,
            "beside": str(facts.beside_id or ""),
            "will": facts.will,
            "only_if": facts.only_if,
        }


class BeginForm(AboutForm, QuestionsForm):
    """An answer that nobody has read closely yet."""


class QuestionForm(HouseForm):
    """What an answer says to one question."""

    version = HiddenField()
    found = one_of("What does the answer say to it?", [(one.value, one.words) for one in Found])
    quote = paragraph(
        "The answer’s own words",
        hint="Copy them as they stand. Leave it empty where the answer says nothing.",
        most=2000,
        rows=3,
    )
    truth = paragraph(
        "If it is wrong: what is right, and how do you know?",
        hint="For example: the report went by email on 12 March, and they said the same day that it came.",
        most=2000,
        rows=3,
    )
    promise = line(
        "If it promises: what, in a few words",
        hint="It comes into the list of dates, where volunteers read it too. So no quotation.",
        most=500,
    )
    promised_by = line("By whom")
    promised_on = DayField("By when", hint="Leave it empty if no day was said: we pick a day to ring.")
    asked = paragraph("The question, if you want to word it otherwise", most=LONGEST_QUESTION, rows=2)

    def validate_asked(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(
                "Keep some words here. A whole question is left out on the page before this."
            )

    def reading(self) -> Reading:
        """What was typed."""
        return Reading(
            Found(self.found.data) if self.found.data else None,
            self.quote.data,
            self.truth.data,
            self.promise.data,
            self.promised_by.data,
            self.promised_on.data,
        )


class ChaseForm(HouseForm):
    """To which MP the letter goes that asks again."""

    gss_code = SelectField("To which MP", choices={}, default="")

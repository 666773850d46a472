"""The forms of a date in a case: added by its rule, settled, opened again, stated by a letter or a lawyer."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import ValidationError

from casework.domain.said import of_ours, upfirst
from casework.domain.timing.deadline_rules import DeadlineRule, Kind, OwedBy
from casework.domain.timing.diary import DiaryEntry
from casework.domain.timing.settling import Reopened, SettledAs, StatedFrom
from casework.services.timing.rule_book import rule_book
from casework.storage.models import Case
from casework.web.day_fields import DayFields
from casework.web.fields import DayField, ListField, line, one_of, photo_tick
from casework.web.forms import HouseForm
from casework.web.letters.scans import take_in
from casework.web.timing.rules import by_kind

ENDS = {
    SettledAs.MET.value: "It is met",
    SettledAs.NOT_APPLICABLE.value: "It does not apply, or no longer matters",
    SettledAs.MISSED.value: "It was missed",
}
MET_WORDS = {
    OwedBy.US: "It is met: the step was taken",
    OwedBy.THEM: "It is over: they answered, or what it was about has happened",
}


def suits_a_case(rule: DeadlineRule) -> bool:
    """Whether a case can have a date by this rule: it makes one, or the notice gives it."""
    return (not rule.no_date or rule.date_in_notice) and rule.kind is not Kind.DEEMED_SERVICE


def rules_for_a_case() -> dict[str, str | dict[str, str]]:
    """Every rule by which a case can have a date, under the kind of date it makes."""
    groups = by_kind(rule for rule in rule_book().rules.values() if suits_a_case(rule))
    return {
        "": "Choose which date",
        **{kind: {one.key: one.name for one in rules} for kind, rules in groups.items()},
    }


class ChooseDateForm(HouseForm):
    """Which date, as the first of two steps."""

    rule = ListField("Which date", choices=rules_for_a_case)

    class Meta:
        csrf = False  # it changes nothing

    def validate_rule(self, field: Any) -> None:
        """A rule must be chosen."""
        if not field.data:
            raise ValidationError("Choose which date.")


class NewDateForm(DayFields):
    """The day that starts a date opened by hand, and the day that the notice gives where the rule gives none."""

    stated_on = DayField(
        "The last day that the notice gives", hint="If you do not have the notice yet, leave this open."
    )

    def suit(self, rule: DeadlineRule, *, past: bool = True) -> None:
        """Ask only for what this rule needs."""
        super().suit(rule, past=past)
        if not rule.date_in_notice:
            del self.stated_on
        elif "on" in self:
            self.on.label.text = "The day of the notice"


class SettleForm(HouseForm):
    """The end of a date: met, of no use any more, or missed."""

    version = HiddenField()
    settled_as = one_of("How did it end?", ENDS, required="Choose how it ended.")
    how = line(
        "In a few words: how it was met, or why it does not matter",
        hint="For example: the lawyer sent the appeal, and the receipt is in the file.",
        most=300,
        required="Say in a few words how it was met, or why it no longer matters.",
    )
    on = DayField("On which day?", required="Type the day.", past=True)
    proof = FileField(
        "What shows it, if you have it",
        description="A receipt, a letter or a screenshot: a PDF or a photo. It is kept encrypted.",
    )
    forget_where = photo_tick()

    def offer(self, entry: DiaryEntry, *, missed: bool) -> None:
        """Set the ends that this date can have."""
        ends = ENDS | {SettledAs.MET.value: MET_WORDS[entry.owed_by]}
        self.settled_as.choices = {
            key: words for key, words in ends.items() if missed or key != SettledAs.MISSED
        }

    def kept_proof(self, case: Case) -> tuple[str, str] | None:
        """The scan, now with the papers of the case; None when none was sent. Raises CaseworkError for a wrong file."""
        upload = self.proof.data
        if not upload or not getattr(upload, "filename", ""):
            return None
        return take_in(case, upload, "proof", without_traces=bool(self.forget_where.data))


class ReopenForm(HouseForm):
    """Why a settled date is opened again."""

    version = HiddenField()
    because = one_of(
        "Why?",
        {one.value: upfirst(of_ours(one.value)) for one in Reopened},
        required="Choose why.",
    )


class StateForm(HouseForm):
    """A date that stands in the letter itself, or that a lawyer confirmed."""

    version = HiddenField()
    stated_on = DayField("The date they give", required="Type the date they give.")
    stated_from = one_of(
        "Where does it come from?",
        {
            StatedFrom.LETTER.value: "It stands in the letter itself",
            StatedFrom.LAWYER.value: "A lawyer or registered adviser confirmed it",
        },
        required="Choose where the date comes from.",
    )
    stated_by = line(
        "Who confirmed it, or on which page it stands",
        hint="For example: Ms Quill, solicitor; or page 2.",
        most=200,
    )
    stated_said_on = DayField("When did they confirm it?", hint="Only for a lawyer or an adviser.", past=True)

    def validate_stated_by(self, field: Any) -> None:
        """A lawyer has a name."""
        if self._from_lawyer and not field.data:
            raise ValidationError("Say who confirmed it.")

    def validate_stated_said_on(self, field: Any) -> None:
        """What a lawyer said was said on a day."""
        if self._from_lawyer and not (field.data or field.errors):
            raise ValidationError("Type the day on which they confirmed it.")

    @property
    def _from_lawyer(self) -> bool:
        return bool(self.stated_from.data == StatedFrom.LAWYER)

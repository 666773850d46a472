"""The fields in which somebody tells from which day a rule counts: shared by a date in a case and one without."""

from datetime import date
from typing import Any

from wtforms import RadioField
from wtforms.validators import ValidationError

from casework.domain.errors import CaseworkError
from casework.domain.said import upfirst
from casework.domain.timing.deadline_rules import DeadlineRule, How, TriggerIs, Variant
from casework.domain.timing.triggers import DAYS, Told, choose_variant
from casework.domain.words import say
from casework.web.fields import DayField, one_of
from casework.web.forms import HouseForm

HOW = {
    How.POST.value: "By post",
    How.EMAIL.value: "By email",
    How.HAND.value: "Handed over",
    How.PORTAL.value: "In an online account",
}
SENT_HINT = "The postmark, or the date of the email. Without one, the date on the notice."
HOW_IT_CAME = {
    How.POST: "by post",
    How.EMAIL: "by email",
    How.HAND: "handed over",
    How.PORTAL: "in an online account",
}
DEEMED_HINT = (
    "If you do not know the day it arrived, say when and how it was sent: a notice that was posted is taken as"
    " served some days later. If both days are known, the earlier one counts."
)
CHOOSE = "Choose which of these applies."


class DayFields(HouseForm):
    """The days that may be known, how a notice came, and which length applies. `suit` keeps what a rule asks for."""

    on = DayField("The day that starts it")
    posted = DayField("The day it was posted")
    received = DayField("The day it was received")
    sent = DayField("The day it was sent")
    how = one_of("How it came", HOW, hint="Leave this open if you do not know.")
    variant = RadioField("Which of these applies?", validate_choice=False)

    rule: DeadlineRule

    def suit(self, rule: DeadlineRule, *, past: bool = False) -> None:
        """Ask only for what this rule needs, in its own words. `past`: no day that has not come."""
        self.rule = rule
        notice = TriggerIs.SENT in rule.triggers or TriggerIs.RECEIVED in rule.triggers
        wanted = {
            "on": rule.triggers == [TriggerIs.EVENT],
            "posted": rule.triggers == [TriggerIs.POSTED],
            "received": notice,
            "sent": notice,
            "how": notice,
            "variant": bool(rule.variants),
        }
        for name in [name for name, kept in wanted.items() if not kept]:
            del self[name]
        for name in DAYS:
            if name in self:
                self[name].past = past
        if rule.variants:
            self.variant.choices = {key: length_words(one) for key, one in rule.variants.items()}
        self._say(rule)

    def _say(self, rule: DeadlineRule) -> None:
        counts = say("It counts from: {start}.", start=rule.trigger)
        if "on" in self:
            self.on.description = counts
        if "posted" in self:
            self.posted.description = counts
        if "sent" not in self:
            return
        self.sent.description, self.received.description = SENT_HINT, ""
        if rule.triggers == [TriggerIs.RECEIVED]:
            self.received.description = f"{counts} {DEEMED_HINT}" if rule.may_be_deemed else counts
            self.sent.label.text += ", if you know it"
        elif TriggerIs.RECEIVED in rule.triggers:
            self.received.description = f"{counts} {DEEMED_HINT}"
        else:
            self.sent.description = f"{counts} {SENT_HINT}"
            self.received.label.text += ", if you know it"
            self.received.description = "It starts no time here. It is compared with the day it was sent."

    @property
    def in_order(self) -> list[Any]:
        """The fields to show, what the rule counts from first."""
        order = ["on", "posted", "received", "sent", "how", "variant"]
        if TriggerIs.SENT in self.rule.triggers:
            order = ["sent", "how", "received", "variant"]
        return [self[name] for name in order if name in self]

    def validate_variant(self, field: Any) -> None:
        """The length that was chosen, or the only one that goes with the way the notice came."""
        try:
            field.data = choose_variant(self.rule, None if field.data == "None" else field.data, self._how())
        except CaseworkError as error:
            if error.field == "variant":
                raise ValidationError(CHOOSE) from None

    def told(self) -> Told:
        """What was typed."""
        days = {name: self[name].data for name in DAYS if name in self}
        return Told(**days, how=self._how())

    def explain(self, error: CaseworkError) -> None:
        """Show what the rules said: what is about no field of this form stands at the first day."""
        if error.field not in self:
            days = [field for field in self.in_order if field.name in DAYS]
            field = next((one for one in days if one.data), next(iter(days), None))
            error = CaseworkError(error.message, field=field.name if field else None)
        super().explain(error)

    def _how(self) -> How | None:
        how = self.how.data if "how" in self else None
        return How(how) if how in set(How) else None


def told_words(told: Told) -> tuple[list[tuple[str, date]], str]:
    """What was told of a notice: each day with what happened on it, and how it came; empty where nothing was."""
    days = {"posted on": told.posted, "sent on": told.sent, "received on": told.received}
    return [(words, day) for words, day in days.items() if day], HOW[told.how].lower() if told.how else ""


def length_words(variant: Variant) -> str:
    """A length as somebody chooses it: "The person is abroad: 28 calendar days"."""
    label = upfirst(variant.label)
    return (
        say("{label}: {length}", label=label, length=variant.length.words) if variant.length.number else label
    )

"""Which day starts a time: the day a notice was sent, received or posted, or another day that the rule names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.timing.deadline_rules import DeadlineRule, How, TriggerIs, which_applies
from casework.domain.timing.deadlines import WorkedDate

Deem = Callable[[str, date], WorkedDate]
DAYS = ("on", "sent", "received", "posted")
KEPT = (*DAYS, "known_by")


@dataclass(frozen=True)
class Told:
    """What somebody knows of the day: `on` is the day that the rule names, the others are those of a notice.

    `known_by` is the day on which it was told: by then the notice was there, even where nobody typed when it came.
    """

    on: date | None = None
    sent: date | None = None
    received: date | None = None
    posted: date | None = None
    how: How | None = None
    known_by: date | None = None

    @property
    def days(self) -> list[date]:
        """The days that were given."""
        return [day for day in (self.on, self.sent, self.received, self.posted) if day]

    @property
    def day(self) -> date:
        """The day of what happened: its own, else the one on which its notice was received, sent or posted."""
        day = self.on or self.received or self.sent or self.posted
        assert day is not None, "no day was given"
        return day

    @property
    def kept(self) -> dict[str, str]:
        """The same as a row keeps it; `read` brings it back."""
        days = {name: day.isoformat() for name in KEPT if (day := getattr(self, name))}
        return days | ({"how": self.how.value} if self.how else {})

    @classmethod
    def read(cls, kept: Mapping[str, str]) -> "Told":
        """What a row keeps of the days of a notice."""
        days = {name: date.fromisoformat(kept[name]) for name in KEPT if name in kept}
        return cls(**days, how=How(kept["how"]) if "how" in kept else None)


@dataclass(frozen=True)
class Start:
    """The day from which a rule counts, how a posted notice was taken as served, and what is to be said of it.

    `unknown` says why that day cannot be known yet; `day` is then only the first day that was told.
    """

    day: date
    deemed: WorkedDate | None = None
    remarks: tuple[str, ...] = ()
    unknown: str = ""


def choose_variant(rule: DeadlineRule, variant: str | None, how: How | None) -> str | None:
    """The key of the length that applies; None for a rule with one.

    The beginning of a key, such as "in_uk", is enough where the way of sending decides the rest. Raises
    CaseworkError, with the choices, where more than one is left or none fits.
    """
    if not rule.variants:
        if variant:
            rule.length_for(variant)
        return None
    exact = rule.variants.get(variant or "")
    if exact and how and exact.how and how not in exact.how:
        raise CaseworkError(f"“{exact.label}” does not fit a notice that came by {how}.", field="how")
    if exact:
        return exact.key
    fitting = [
        one
        for one in rule.variants.values()
        if one.key.startswith(f"{variant}_" if variant else "") and (not how or not one.how or how in one.how)
    ]
    if len(fitting) == 1:
        return fitting[0].key
    raise which_applies(fitting or rule.variants.values())


def with_the_only_way(rule: DeadlineRule, variant: str | None, told: Told) -> Told:
    """The same with the way in which the notice came, where the length that was chosen leaves no other."""
    chosen = rule.variants.get(variant or "")
    ways = chosen.how if chosen else ()
    return replace(told, how=ways[0]) if len(ways) == 1 and not (told.how or told.on) else told


def start_of(rule: DeadlineRule, variant: str | None, told: Told, deem: Deem) -> Start:
    """The day from which the rule counts.

    `deem` gives, for the key of a rule of deemed service and the day of posting, the day on which a notice is
    taken as served. Where both that day and the day of receipt are known, the earlier starts the time. Raises
    CaseworkError, whose field is the day that is lacking or cannot be right.
    """
    told = checked(told)
    trigger = rule.trigger_for(variant)
    if trigger is TriggerIs.POSTED and told.how not in (None, How.POST):
        raise CaseworkError(
            f"This is for a notice that was posted, not for one that came by {told.how}.", field="how"
        )
    if told.on:
        return Start(told.on)
    if trigger is TriggerIs.RECEIVED:
        return _received(rule, variant, told, deem)
    day = {TriggerIs.SENT: told.sent, TriggerIs.POSTED: told.posted}.get(trigger)
    if day is None:
        raise _lacking(rule, trigger)
    return Start(day)


def not_yet(days: list[date], today: date) -> list[str]:
    """A sentence for each day that has not come yet."""
    return [
        f"{spoken(day, weekday=True)} has not come yet: these dates hold only if it happens on that day."
        for day in dict.fromkeys(days)
        if day > today
    ]


def checked(told: Told) -> Told:
    """The same with the day of posting and that of sending made one. Raises CaseworkError when they clash."""
    if told.on and len(told.days) > 1:
        raise CaseworkError(
            "Give the day that starts it, or the days of the notice, but not both.", field="on"
        )
    if told.posted and told.how not in (None, How.POST):
        raise CaseworkError(f"A notice that was posted did not come by {told.how}.", field="how")
    if told.posted and told.sent and told.posted != told.sent:
        raise CaseworkError(
            "A posted notice is sent on the day of posting. Give one of the two.", field="sent"
        )
    if told.sent and told.how is How.POST:
        told = replace(told, posted=told.sent)
    told = replace(told, sent=told.sent or told.posted)
    if told.received and told.sent and told.received < told.sent:
        raise CaseworkError(
            f"It was received on {spoken(told.received)}, before it was sent on {spoken(told.sent)}."
            " Check the dates.",
            field="received",
        )
    return told


def _received(rule: DeadlineRule, variant: str | None, told: Told, deem: Deem) -> Start:
    key = rule.deemed_by_for(variant)
    if told.posted and key:
        deemed = deem(key, told.posted)
        served = deemed.final
        if told.received is None:
            return _deemed_or_known(served, deemed, told.posted, told.known_by)
        if told.received == served:
            return Start(served, deemed)
        remark = (
            f"It was received on {spoken(told.received)} and is taken as served on {spoken(served)}:"
            " the earlier of the two is used. Keep what shows when it arrived."
        )
        return Start(min(told.received, served), deemed, (remark,))
    if told.received:
        return Start(told.received)
    if told.sent and key and told.how in (How.EMAIL, How.PORTAL, How.HAND):
        return Start(told.sent, remarks=(f"Sent by {told.how}: the day it was sent is used.",))
    raise _lacking(rule, TriggerIs.RECEIVED)


def _deemed_or_known(served: date, deemed: WorkedDate, posted: date, known_by: date | None) -> Start:
    """The day on which it is taken as served; where it was known of before that, the day by which it had come."""
    if known_by is None or not posted <= known_by < served:
        return Start(served, deemed)
    remark = (
        f"It would be taken as served on {spoken(served)}, but it was known of on {spoken(known_by)}: that day is used,"
        " as the earlier. If it came before that, type the day on which it came: the time ends earlier then."
    )
    return Start(known_by, deemed, (remark,))


def _lacking(rule: DeadlineRule, trigger: TriggerIs) -> CaseworkError:
    if trigger is TriggerIs.EVENT:
        return CaseworkError(f"This counts from: {rule.trigger}. Give that day.", field="on")
    return CaseworkError(
        f"This counts from the day on which it was {trigger}: {rule.trigger}. Give that day.", field=trigger
    )

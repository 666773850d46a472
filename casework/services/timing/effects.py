"""What happens to the dates of a case when something is recorded: opened, offered, ended, left out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from sqlalchemy import inspect, select

from casework import clock
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.timing.deadline_rules import DeadlineRule, OwedBy, TriggerIs
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.domain.timing.events import HAPPENINGS
from casework.domain.timing.settling import SettledAs
from casework.domain.timing.triggers import DAYS, Told
from casework.services.parliament import chasing
from casework.services.safety import audit
from casework.services.timing import deadlines, diary
from casework.services.timing.fit import misfit
from casework.services.timing.rule_book import rule_book
from casework.storage.database import db
from casework.storage.models import Case, CaseEvent, Correspondence, Deadline, SurgeryVisit, User


@dataclass(frozen=True)
class Answers:
    """What somebody ticked when they saw what will change: the offers that fit, by key, and the dates that end, by id.

    None stands for what is ticked before anybody looked.
    """

    offers: frozenset[str] | None = None
    ends: frozenset[int] | None = None


@dataclass(frozen=True)
class Opening:
    """A date that starts, with what is to be said of how it was counted."""

    entry: DiaryEntry
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A date that may start, if it fits: `for_whom` says for whom it is meant, `length` which of several it is.

    `one_of`: the rule starts for certain, and only which of its lengths applies is to be said.
    """

    key: str
    opening: Opening
    length: str
    for_whom: str
    ticked: bool
    one_of: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A date that does not start, and why; `lacks` is the day that would have to be known."""

    title: str
    why: str
    lacks: str = ""


@dataclass(frozen=True)
class Changes:
    """What changes in the dates of a case, and what stays as it is. `also` says what else changes, in sentences."""

    also: tuple[str, ...]
    opens: tuple[Opening, ...]
    offers: tuple[Offer, ...]
    ends: tuple[DiaryEntry, ...]
    left_out: tuple[LeftOut, ...]
    stays: tuple[DiaryEntry, ...]

    def __bool__(self) -> bool:
        return bool(self.also or self.opens or self.offers or self.ends or self.left_out)

    @property
    def fingerprint(self) -> str:
        """The same for two that say the same, whatever else is open in the case."""
        dates = [*self.opens, *(offer.opening for offer in self.offers)]
        opens = [(one.entry.title, one.entry.aim, one.entry.final, one.entry.cannot_say) for one in dates]
        offers = [(offer.key, offer.ticked) for offer in self.offers]
        ends = [one.id for one in self.ends]
        return sha256(repr((self.also, opens, offers, ends, self.left_out)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Cause:
    """What a date belongs to, and under which condition it runs. `decided_on` is the date that a decision bears."""

    event: CaseEvent | None = None
    correspondence: Correspondence | None = None
    visit: SurgeryVisit | None = None
    condition: str = ""
    decided_on: date | None = None


@dataclass
class Effects:
    """What something that is recorded does to the dates of a case, gathered while it is done. Nothing is saved yet.

    `taken` are the dates that were offered and taken; `also` are sentences for what changes besides dates.
    """

    case: Case
    actor: User
    answers: Answers = field(default_factory=Answers)
    opened: list[Deadline] = field(default_factory=list)
    taken: list[Deadline] = field(default_factory=list)
    ended: list[Deadline] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    also: list[str] = field(default_factory=list)

    def happened(self, name: str, told: Told, cause: Cause, *, fits_on: date | None = None) -> None:
        """End, open and offer what an event ends, starts and may start.

        Nothing opens that does not fit the person on the day, or on the day `fits_on`, nor from an unknown day.
        """
        rules = rule_book().started_by(name)
        if not told.days:
            self.left_out += [
                LeftOut(rule.name, f"We do not know the day: {rule.trigger}.") for rule in rules
            ]
            return
        ended = self._end_by(name, told.day, cause)
        for rule in rules:
            self.start(rule, told, cause, fits_on=fits_on or told.day)
        for rule, variant in rule_book().offered_by(name):
            if rule.key not in {row.rule_key for row in self.opened}:
                self._offer(rule, variant, told, cause, ticked=rule.key in ended)

    def start(self, rule: DeadlineRule, told: Told, cause: Cause, *, fits_on: date) -> None:
        """Open the date of a rule, where it fits the person on a day.

        Where more than one of its lengths may apply, each is offered and the soonest is ticked.
        """
        lengths, why = self._lengths(rule, None, told, fits_on)
        if not lengths:
            self.left_out.append(LeftOut(rule.name, why))
            return
        try:
            rows = [self._worked_out(rule, variant, told, cause) for variant in lengths]
        except CaseworkError as error:
            lacks = error.field if error.field in DAYS else None
            self.left_out.append(LeftOut(rule.name, error.message, lacks or ""))
            return
        if len(rows) == 1:
            self.opened.append(deadlines.add(rows[0], self.actor))
            return
        soonest = min(rows, key=lambda row: (row.final_on or date.max, row.aim_on or date.max))
        for row in rows:
            self._offer_row(row, rule, ticked=row is soonest, one_of=True)

    def begin_beside(self, row: Deadline, variant: str, condition: str) -> None:
        """Open another length of a date that runs, from the same days."""
        told = Told.read(row.told) if row.told else None
        beside = deadlines.worked_out(
            self.case, row.rule_key, row.event_on, variant=variant, told=told, event=row.event,
            correspondence=row.correspondence, visit=row.visit, condition=condition,
        )  # fmt: skip
        self.opened.append(deadlines.add(beside, self.actor))

    def end(self, row: Deadline, as_: SettledAs, because: str, on: date) -> bool:
        """Settle a date, unless somebody said that it goes on; whether it was settled."""
        if self.answers.ends is not None and row.id not in self.answers.ends:
            return False
        row.settled_on, row.settled_as, row.settled_how = on, as_, because
        row.settled_by_id = self.actor.id
        self.ended.append(row)
        audit.record("date settled", self.actor, self.case, deadline=row.id, how=as_.value)
        return True

    def settle_answered(
        self, asked: Correspondence, how: str, on: date, as_: SettledAs = SettledAs.MET
    ) -> None:
        """Settle what was waited for since a letter that has now been answered."""
        rows = db.session.scalars(
            select(Deadline).where(Deadline.correspondence_id == asked.id, Deadline.settled_on.is_(None))
        )
        for row in rows:
            if row.owed_by == OwedBy.THEM or row.rule_key == chasing.CHASE_RULE:
                self.end(row, as_, how, on)

    def changes(self) -> Changes:
        """The same as pages show it."""
        # A removal notice that was on record already is joined with it, and its second date is gone again.
        opened = [row for row in self.opened if inspect(row).persistent]
        new = {row.id for row in (*opened, *self.taken)}
        stays = (one for one in diary.open_entries_of(self.case) if one.source is EntrySource.DEADLINE)
        return Changes(
            tuple(self.also),
            tuple(_opening(row) for row in opened),
            tuple(self.offers.values()),
            tuple(diary.entry_of_deadline(row) for row in self.ended),
            tuple(self.left_out),
            tuple(one for one in stays if one.id not in new),
        )

    def _end_by(self, name: str, day: date, cause: Cause) -> set[str]:
        """Settle the open dates that an event ends, but for those that began after it; the keys of their rules."""
        keys = {rule.key for rule in rule_book().ended_by(name)}
        rows = db.session.scalars(
            select(Deadline).where(
                Deadline.case_id == self.case.id,
                Deadline.settled_on.is_(None),
                Deadline.rule_key.in_(keys),
            )
        )
        words = HAPPENINGS[name].words
        because = words[0].lower() + words[1:]
        ended = set()
        for row in rows:
            began = min(Told.read(row.told).days, default=row.event_on)
            if began <= day and row not in self.opened and self.end(row, SettledAs.ENDED, because, day):
                row.ended_by_event_id = cause.event.id if cause.event else None
                ended.add(row.rule_key)
        return ended

    def _offer(
        self, rule: DeadlineRule, variant: str | None, told: Told, cause: Cause, *, ticked: bool
    ) -> None:
        lengths, _ = self._lengths(rule, variant, told, told.day)
        try:
            rows = [self._worked_out(rule, length, told, cause) for length in lengths]
        except CaseworkError as error:
            if error.field in DAYS:
                self.left_out.append(LeftOut(rule.name, error.message))
            return
        for row in rows:
            self._offer_row(row, rule, ticked=ticked and len(rows) == 1)

    def _offer_row(self, row: Deadline, rule: DeadlineRule, *, ticked: bool, one_of: bool = False) -> None:
        key = f"{row.rule_key}:{row.variant or ''}"
        if key in self.offers:
            return
        length = rule.variants[row.variant].label if row.variant else ""
        self.offers[key] = Offer(key, _opening(row), length, rule.applies_to, ticked, one_of)
        if ticked if self.answers.offers is None else key in self.answers.offers:
            self.taken.append(deadlines.add(row, self.actor))

    def _lengths(
        self, rule: DeadlineRule, only: str | None, told: Told, on: date
    ) -> tuple[list[str | None], str]:
        """The lengths of a rule that may apply to this person on this day, and why the others do not.

        A rule with one length has None for it.
        """
        if rule.key == chasing.CHASE_RULE:
            return [chasing.chase_variant(self.case, on)], ""
        keys: list[str | None] = [None]
        if rule.variants:
            keys = [
                one.key
                for one in rule.variants.values()
                if only in (None, one.key) and not (told.how and one.how and told.how not in one.how)
            ]
        why = {key: misfit(self.case, rule, on, key) for key in keys}
        return [key for key in keys if not why[key]], next(iter(why.values()), "")

    def _worked_out(self, rule: DeadlineRule, variant: str | None, told: Told, cause: Cause) -> Deadline:
        """The date that a rule makes, counted and not added yet: of a review the turn that is due next."""
        of_event = rule.trigger_for(variant) is TriggerIs.EVENT
        day = told.on or (cause.decided_on or told.sent or told.posted if of_event else None) or told.day
        return deadlines.worked_out(
            self.case,
            rule.key,
            day,
            variant=variant,
            told=None if told.on or of_event else told,
            turn=deadlines.turn_due(rule, variant, day, clock.today()) if rule.repeats else 1,
            event=cause.event,
            correspondence=cause.correspondence,
            visit=cause.visit,
            condition=cause.condition,
        )


def _opening(row: Deadline) -> Opening:
    """The date with what must be done by it, how its notice counts as served, and where it is another day."""
    rule = rule_book().rules[row.rule_key]
    service = row.working.get("service") or {}
    said = [
        f"It must be {rule.must_be}." if rule.must_be else "",
        "This rule is uncertain: ask an adviser before you rely on it." if rule.confidence == "low" else "",
        row.working.get("caution"),
        row.working.get("difference"),
        *service.get("remarks", ()),
    ]
    if "served" in service:
        posted, served = (date.fromisoformat(service[name]) for name in ("posted", "served"))
        said.append(
            f"Posted on {spoken(posted, weekday=True)}, it is taken as served on {spoken(served, weekday=True)},"
            f" unless it can be shown otherwise ({service['authority']})."
        )
    return Opening(diary.entry_of_deadline(row), tuple(filter(None, said)))


def foreseen(case: Case, actor: User, act: Callable[[Effects], object]) -> Changes:
    """What would change if this were done. It is done and taken back, so that nothing is counted in a second way.

    Raises what doing it raises.
    """
    effects = Effects(case, actor)
    tried = db.session.begin_nested()
    try:
        act(effects)
        db.session.flush()
        return effects.changes()
    finally:
        tried.rollback()

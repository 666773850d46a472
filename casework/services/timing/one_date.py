"""One date without a case: what a rule makes of what somebody knows, for the command and for the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from casework.domain.errors import CaseworkError, UnknownHolidays
from casework.domain.timing.deadline_rules import DeadlineRule, Fits, How
from casework.domain.timing.deadlines import WorkedDate, cautious, earlier, region_difference
from casework.domain.timing.fit import misfit
from casework.domain.timing.triggers import Start, Told, choose_variant, not_yet, start_of, with_the_only_way
from casework.reference.regions import DEFAULT_REGION, REGIONS
from casework.reference.rule_book import RuleBook

UNCERTAIN = "This rule is uncertain: ask an adviser before you rely on it."
# Where somebody may say that the person was on the day, and what is then not so.
PEOPLE: Mapping[str, tuple[str, tuple[Fits, ...]]] = {
    "free": ("in the UK, and not detained", (Fits.ABROAD, Fits.DETAINED)),
    "detained": ("in the UK, and detained", (Fits.ABROAD, Fits.NOT_DETAINED)),
    "abroad": ("outside the UK", (Fits.IN_UK, Fits.DETAINED)),
}


@dataclass(frozen=True)
class Question:
    """What somebody asks. `region` is None where it is unclear which part of the UK counts, `person` one of PEOPLE."""

    rule_key: str
    told: Told = field(default_factory=Told)
    variant: str | None = None
    region: str | None = DEFAULT_REGION
    person: str | None = None


@dataclass(frozen=True)
class Answer:
    """The dates, or in `unknown` why there are none, and what is to be said beside them.

    `worked` is the answer of `region`; `elsewhere` holds those of every part of the UK. With `any_region` nobody said
    which part counts, and `region` is the one where the time ends first.
    """

    rule: DeadlineRule
    region: str
    any_region: bool = False
    variant: str | None = None
    start: Start | None = None
    worked: WorkedDate | None = None
    elsewhere: Mapping[str, WorkedDate] = field(default_factory=dict)
    unsettled: bool = False
    unknown: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def dates(self) -> dict[str, date]:
        """The dates that came out, by name."""
        deemed = self.start.deemed if self.start else None
        served = {"deemed_served": deemed.final} if deemed else {}
        return {**served, **self.worked.dates} if self.worked else {}

    @property
    def safest(self) -> WorkedDate | None:
        """The dates to show where it may be unclear which part of the UK counts: the earliest is the safe one."""
        if self.worked and (self.any_region or self.unsettled):
            return cautious(self.worked, self.elsewhere.values())
        return self.worked

    @property
    def difference(self) -> str:
        """A sentence for when other parts of the UK have another date; empty when none has."""
        by_name = {REGIONS[key]: worked for key, worked in self.elsewhere.items()}
        return region_difference(by_name, REGIONS[self.region]) if self.worked else ""

    @property
    def cautions(self) -> list[str]:
        """What is to be said beside the dates: what differs elsewhere, what has not happened, what is uncertain."""
        found = [*self.remarks, *([self.difference] if self.difference else [])]
        return [*found, UNCERTAIN] if self.rule.confidence == "low" else found


def answer(question: Question, book: RuleBook, today: date) -> Answer:
    """The dates that the rule makes, under the version of it that was in force.

    Raises CaseworkError, whose field is what is lacking or cannot be right: `rule`, `variant`, `how`, `region`,
    `person`, or one of the days.
    """
    question = replace(question, told=replace(question.told, known_by=today))
    told = question.told
    rule = book.rule(question.rule_key, min(told.days, default=None))
    variant = choose_variant(rule, question.variant, told.how or (How.POST if told.posted else None))
    _refuse_misfit(rule, variant, question.person)
    found = Answer(
        rule, question.region or DEFAULT_REGION, question.region is None, variant,
        unsettled=book.calendars[rule.calendar].region_unsettled, remarks=tuple(not_yet(told.days, today)),
    )  # fmt: skip
    if rule.no_date:
        for day in told.days:
            rule.check_in_force(day)
        return replace(found, start=Start(told.days[0]) if told.days else None, unknown=rule.no_date)
    try:
        start = _start(found, question, book)
        found = replace(found, start=start, remarks=(*found.remarks, *start.remarks))
        return _worked(found, start.day, question.region, book)
    except UnknownHolidays as error:
        return replace(found, unknown=error.message)


def _start(found: Answer, question: Question, book: RuleBook) -> Start:
    regions = [question.region] if question.region else list(REGIONS)

    def deem(key: str, posted_on: date) -> WorkedDate:
        return earlier(book.deemed_service(key, posted_on, region) for region in regions)

    told = with_the_only_way(found.rule, found.variant, question.told)
    return start_of(found.rule, found.variant, told, deem)


def _worked(found: Answer, day: date, region: str | None, book: RuleBook) -> Answer:
    rule = book.rule(found.rule.key, day)
    elsewhere = book.work_out_in_all(rule, day, variant=found.variant)
    worked = elsewhere[region] if region else earlier(elsewhere.values())
    region = next(key for key, one in elsewhere.items() if one is worked)
    return replace(found, rule=rule, region=region, worked=worked, elsewhere=elsewhere)


def _refuse_misfit(rule: DeadlineRule, variant: str | None, person: str | None) -> None:
    where, untrue = PEOPLE.get(person or "", ("", ()))
    why = misfit(rule, variant, dict.fromkeys(untrue, f"You said that they are {where}."))
    if why:
        raise CaseworkError(why, field="person")

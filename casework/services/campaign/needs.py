"""What a case needs, who offers just that, and what those said who were asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.campaign import ladder as rules
from casework.domain.campaign.ladder import RUNGS, Said
from casework.domain.campaign.supporters import OFFERS
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.services import saving
from casework.services.campaign import ladder
from casework.services.campaign.supporters import get_sign_up, hear_from
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, CaseNeed, NeedAnswer, SignUp, Supporter, User
from casework.storage.name_order import name_order
from casework.storage.one_look import none_without

MOST_WANTED = 200
MOST_OPEN = 60
MOST_SHOWN = 10
CHANGED = "Somebody changed this need while you were typing. Yours is still here: compare and save again."


@dataclass(frozen=True)
class NeedFacts:
    """A need as somebody typed it."""

    what: str
    words: str | None = None
    on: date | None = None
    wanted: int = 1
    language: str | None = None


@dataclass(frozen=True)
class Match:
    """A need with those who said yes, those who were asked, and some who offer it and were not asked yet.

    `more` is how many besides offer it; `held_back` says why nobody may be asked now.
    """

    need: CaseNeed
    yes: tuple[NeedAnswer, ...] = ()
    asked: tuple[NeedAnswer, ...] = ()
    no: tuple[NeedAnswer, ...] = ()
    offering: tuple[SignUp, ...] = ()
    more: int = 0
    held_back: str = ""

    @property
    def title(self) -> str:
        """What is needed, as a list names it."""
        return self.need.words or OFFERS[self.need.what]

    @property
    def lacking(self) -> int:
        """How many more are wanted."""
        return max(0, self.need.wanted - len(self.yes))


def add_need(case: Case, facts: NeedFacts, actor: User) -> CaseNeed:
    """Keep what the campaign needs. Raises CaseworkError at what cannot be right."""
    _check(facts)
    if len(list_needs(case)) >= MOST_OPEN:
        raise CaseworkError(
            f"There are {MOST_OPEN} open needs already. Say of those that are met that they are.",
            field="what",
        )
    row = CaseNeed(case=case, made_at=clock.now(), made_by=actor)
    _fill(row, facts)
    db.session.add(row)
    saving.flush(CHANGED)
    audit.record("need added", actor, case, need=row.id, kind=row.what)
    db.session.commit()
    return row


def change_need(case: Case, need_id: int, facts: NeedFacts, version: int, actor: User) -> CaseNeed:
    """Save a need anew. Raises OutOfDate when somebody saved since this version was read."""
    row = get_need(case, need_id)
    if row.version != version:
        raise OutOfDate(CHANGED)
    _check(facts)
    _fill(row, facts)
    audit.record("need changed", actor, case, need=row.id, kind=row.what)
    saving.commit(CHANGED)
    return row


def say_met(case: Case, need_id: int, actor: User, *, met: bool = True) -> CaseNeed:
    """Keep that a need is met, or no longer there; or that it is open after all."""
    row = get_need(case, need_id)
    row.met_on = clock.today() if met else None
    audit.record("need met" if met else "need open again", actor, case, need=row.id)
    saving.commit(CHANGED)
    return row


def answer(case: Case, need_id: int, supporter_id: int, said: Said, actor: User) -> NeedAnswer:
    """Keep that a supporter was asked, or what they said.

    Raises CaseworkError where the person's consent does not reach so far: then nobody is to be asked.
    """
    row, sign_up = get_need(case, need_id), get_sign_up(case, supporter_id)
    if said is not Said.NO and (why := _held_back(row, ladder.campaign_of(case))):
        raise CaseworkError(why)
    found = db.session.scalar(
        select(NeedAnswer).where(NeedAnswer.need_id == row.id, NeedAnswer.sign_up_id == sign_up.id)
    )
    if found is None:
        found = NeedAnswer(need=row, sign_up=sign_up)
        db.session.add(found)
    found.said, found.said_on = said, clock.today()
    hear_from(sign_up.supporter)
    audit.record("asked a supporter", actor, case, need=row.id, supporter=supporter_id, said=str(said))
    saving.commit(CHANGED)
    return found


def list_needs(case: Case, *, met: bool = False) -> list[CaseNeed]:
    """The open needs of this case, the soonest first; or those that are met, the newest first."""
    query = select(CaseNeed).where(CaseNeed.case_id == case.id)
    if met:
        query = query.where(CaseNeed.met_on.is_not(None)).order_by(CaseNeed.met_on.desc(), CaseNeed.id.desc())
        return list(db.session.scalars(query.limit(MOST_SHOWN)))
    query = query.where(CaseNeed.met_on.is_(None))
    return list(db.session.scalars(query.order_by(CaseNeed.on.is_(None), CaseNeed.on, CaseNeed.id)))


def matches(case: Case) -> list[Match]:
    """Every open need, with those who said what, and who else offers just that."""
    needs = list_needs(case)
    if not needs:
        return []
    answers = _answers(case)
    sign_ups = _offering(case, {need.what for need in needs})
    campaign = ladder.campaign_of(case)
    return [_match(need, answers, sign_ups, _held_back(need, campaign)) for need in needs]


def get_need(case: Case, need_id: int) -> CaseNeed:
    """One of the needs of this case. Raises NotFound."""
    row = db.session.get(CaseNeed, need_id)
    if row is None or row.case_id != case.id:
        raise NotFound("There is no such need in this case.")
    return row


@none_without(CaseNeed)
def promised(case: Case) -> list[tuple[CaseNeed, str, date]]:
    """The open needs to which a supporter said yes, with their name and the day on which they did."""
    query = (
        select(CaseNeed, Supporter.name, NeedAnswer.said_on)
        .join(NeedAnswer, NeedAnswer.need_id == CaseNeed.id)
        .join(SignUp, SignUp.id == NeedAnswer.sign_up_id)
        .join(Supporter, Supporter.id == SignUp.supporter_id)
        .where(CaseNeed.case_id == case.id, CaseNeed.met_on.is_(None), NeedAnswer.said == Said.YES)
        .order_by(CaseNeed.on.is_(None), CaseNeed.on, NeedAnswer.id)
    )
    return [(need, name, on) for need, name, on in db.session.execute(query)]


def _match(need: CaseNeed, answers: list[NeedAnswer], sign_ups: list[SignUp], held_back: str) -> Match:
    mine = [one for one in answers if one.need_id == need.id]
    spoken_to = {one.sign_up_id for one in mine}
    fitting = [
        one
        for one in sign_ups
        if need.what in one.offers
        and one.id not in spoken_to
        and rules.speaks(one.supporter.languages, need.language)
    ]
    said = {key: tuple(one for one in mine if one.said == key) for key in Said}
    return Match(
        need, said[Said.YES], said[Said.ASKED], said[Said.NO], tuple(fitting[:MOST_SHOWN]),
        max(0, len(fitting) - MOST_SHOWN), held_back,
    )  # fmt: skip


def _answers(case: Case) -> list[NeedAnswer]:
    query = (
        select(NeedAnswer)
        .join(NeedAnswer.need)
        .join(NeedAnswer.sign_up)
        .join(SignUp.supporter)
        .where(CaseNeed.case_id == case.id)
        .options(contains_eager(NeedAnswer.sign_up).contains_eager(SignUp.supporter))
    )
    return list(db.session.scalars(query.order_by(NeedAnswer.id)))


def _offering(case: Case, keys: set[str]) -> list[SignUp]:
    """Those who offer one of these things, by name."""
    query = select(SignUp).join(SignUp.supporter).where(SignUp.case_id == case.id)
    query = query.options(contains_eager(SignUp.supporter)).order_by(name_order(Supporter.name))
    offered: Any = SignUp.offers.cast(db.String)
    some = [offered.contains(f'"{key}"', autoescape=True) for key in sorted(keys)]
    return list(db.session.scalars(query.where(db.or_(*some))))


def _held_back(need: CaseNeed, campaign: rules.Campaign) -> str:
    rung = RUNGS[need.what]
    if rules.allowed(rung, campaign):
        return ""
    return "Ask nobody for this yet: it goes further than the person agreed to."


def _check(facts: NeedFacts) -> None:
    if facts.what not in OFFERS:
        raise CaseworkError("Choose what is needed.", field="what")
    if not 1 <= facts.wanted <= MOST_WANTED:
        raise CaseworkError(f"Type how many, from 1 to {MOST_WANTED}.", field="wanted")


def _fill(row: CaseNeed, facts: NeedFacts) -> None:
    row.what, row.words, row.on = facts.what, facts.words, facts.on
    row.wanted, row.language = facts.wanted, facts.language

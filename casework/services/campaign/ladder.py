"""What supporters did, what fits each of them next, and how many are willing, active or resting."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, select

from casework import clock
from casework.domain.campaign import ladder as rules
from casework.domain.campaign.batches import LetterState
from casework.domain.campaign.ladder import RUNGS, Campaign, Counts, Rung, Somebody, spoken_languages
from casework.domain.campaign.supporters import OFFERS
from casework.domain.case.places import held_on
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.services.campaign import campaign_pages
from casework.services.campaign.supporters import get_sign_up, hear_from
from casework.services.consent import agreements
from casework.services.consent.need_to_know import all_places
from casework.services.safety import audit
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.models import BatchLetter, Case, CaseNeed, Letter, SignUp, SupporterAct, User

NOT_AGREED = "Ask them first whether we may keep what they do. Without their yes we keep nothing of it."
# What a letter of a supporter shows that they did; every other kind is a letter to their MP.
BY_LETTER = {"letter-of-support": "letter_of_support"}
MOST_ACTS = 300


@dataclass(frozen=True)
class Did:
    """Something that a supporter did, on a day. `act_id` is that of its row, where somebody typed it."""

    rung: Rung
    on: date
    act_id: int | None = None


@dataclass(frozen=True)
class RungLine:
    """One rung in numbers: how many offer it, how many did it, and whether it may be asked for now."""

    rung: Rung
    offer: int
    did: int
    allowed: bool
    possible: bool


def campaign_of(case: Case, audience: Audience = Audience.SUPPORTERS) -> Campaign:
    """What is so in this case today, as far as it decides what a supporter may be asked for."""
    today = clock.today()
    needs = select(CaseNeed.what).where(CaseNeed.case_id == case.id, CaseNeed.met_on.is_(None))
    return Campaign(
        agreement=agreements.agreement_on(case, today),
        audience=audience,
        has_page=campaign_pages.open_of(case) is not None,
        held=bool(held_on(all_places(case), today)),
        may_write=case.agreed_to_mps is not False,
        needs=frozenset(db.session.scalars(needs)),
    )


def next_for(sign_up: SignUp) -> list[Rung]:
    """The three things, at most, that fit this supporter next, as far as the person's consent goes today.

    Who came by the campaign page was told the public name, and may be anybody: they are shown no more than the public.
    """
    audience = Audience.PUBLIC if sign_up.joined_how == "page" else Audience.SUPPORTERS
    return rules.next_three(_somebody(sign_up), campaign_of(sign_up.case, audience))


def next_on_page(case: Case) -> list[Rung]:
    """What fits somebody of whom nothing is known but that they wrote on the campaign page just now.

    Whoever stands before that page can share it at once, so that comes first.
    """
    wrote, campaign = Somebody(did=frozenset({"letter"}), has_seat=True), campaign_of(case, Audience.PUBLIC)
    share = [RUNGS["share"]] if rules.possible(RUNGS["share"], campaign) else []
    return [*share, *rules.next_three(wrote, campaign)][: rules.SHOWN]


def open_offers(case: Case) -> dict[str, str]:
    """What a supporter may be asked today whether they offer it: never what goes further than the consent in force."""
    campaign = campaign_of(case)
    return {key: words for key, words in OFFERS.items() if rules.possible(RUNGS[key], campaign)}


def did_of(sign_up: SignUp) -> list[Did]:
    """What this supporter did in this case, the latest first: what was typed, and the letters that they signed."""
    acts = select(SupporterAct).join(SupporterAct.sign_up).where(SupporterAct.sign_up_id == sign_up.id)
    found = [Did(RUNGS[row.what], row.done_on, row.id) for row in db.session.scalars(acts)]
    letters = select(Letter.template, Letter.issued_at).where(
        Letter.case_id == sign_up.case_id,
        Letter.supporter_id == sign_up.supporter_id,
        Letter.issued_at.is_not(None),
        Letter.voided_at.is_(None),
    )
    for template, at in db.session.execute(letters):
        if at:
            found.append(Did(RUNGS[BY_LETTER.get(template, "letter")], clock.day_of(at)))
    made = select(BatchLetter.made_at).where(
        BatchLetter.sign_up_id == sign_up.id, BatchLetter.state == LetterState.MADE
    )
    found += [Did(RUNGS["letter"], clock.day_of(at)) for at in db.session.scalars(made) if at]
    return sorted(found, key=lambda one: (one.on, rules.ORDER[one.rung.key]), reverse=True)


def record_act(
    case: Case, supporter_id: int, what: str, on: date, actor: User, *, agreed: bool = False
) -> SupporterAct:
    """Keep that a supporter did something. The first time their yes to its being kept is needed.

    Raises CaseworkError at what cannot be right.
    """
    row = get_sign_up(case, supporter_id)
    if what not in RUNGS:
        raise CaseworkError("Choose what they did.", field="what")
    if on > clock.today():
        raise CaseworkError("This day has not come yet.", field="done_on")
    if row.acts_agreed_on is None and not agreed:
        raise CaseworkError(NOT_AGREED, field="agreed")
    number = select(func.count(SupporterAct.id)).join(SupporterAct.sign_up)
    if (db.session.scalar(number.where(SignUp.id == row.id)) or 0) >= MOST_ACTS:
        raise CaseworkError("So much is kept of them already. Take out what is old first.", field="what")
    row.acts_agreed_on = row.acts_agreed_on or clock.today()
    act = SupporterAct(sign_up=row, what=what, done_on=on, recorded_at=clock.now(), recorded_by=actor)
    db.session.add(act)
    hear_from(row.supporter)
    db.session.flush()
    audit.record("kept what a supporter did", actor, case, supporter=supporter_id, act=act.id, kind=what)
    db.session.commit()
    return act


def remove_act(case: Case, act_id: int, actor: User) -> dict[str, Any]:
    """Take out something that a supporter did after all not do; what it was, for an undo. Raises NotFound."""
    act = db.session.scalar(_acts_of(case).where(SupporterAct.id == act_id))
    if act is None:
        raise NotFound("There is no such thing in this case.")
    supporter_id = act.sign_up.supporter_id
    was = {
        "supporter": supporter_id,
        "what": act.what,
        "on": act.done_on.isoformat(),
        "at": act.recorded_at.isoformat(),
        "by": act.recorded_by_id,
    }
    db.session.delete(act)
    audit.record("took out what a supporter did", actor, case, supporter=supporter_id, act=act_id)
    db.session.commit()
    return was


def put_act_back(case: Case, was: dict[str, Any], actor: User) -> None:
    """Keep once more what `remove_act` took out.

    Raises NotFound where the supporter stopped, and OutOfDate where they no longer agree to it, or it is back already.
    """
    row = get_sign_up(case, was["supporter"])
    if row.acts_agreed_on is None:
        raise OutOfDate("They do not agree any more that we keep what they do. It stays erased.")
    recorded_at = datetime.fromisoformat(was["at"])
    same = (SupporterAct.sign_up_id == row.id, SupporterAct.what == was["what"])
    if db.session.scalar(_acts_of(case).where(*same, SupporterAct.recorded_at == recorded_at)) is not None:
        raise OutOfDate("It is back already.")
    act = SupporterAct(
        sign_up=row,
        what=was["what"],
        done_on=date.fromisoformat(was["on"]),
        recorded_at=recorded_at,
        recorded_by_id=was["by"],
    )
    with every_group():  # whoever kept it may be of a group that had the case before
        db.session.add(act)
        db.session.flush()
    audit.record(
        "kept what a supporter did", actor, case, supporter=was["supporter"], act=act.id, kind=act.what
    )
    db.session.commit()


def forget_acts(case: Case, supporter_id: int, actor: User) -> int:
    """Erase all that was kept of what a supporter did, since they no longer agree to it; how much it was."""
    row = get_sign_up(case, supporter_id)
    gone = delete(SupporterAct).where(SupporterAct.sign_up_id == row.id).returning(SupporterAct.id)
    number = len(db.session.scalars(gone).all())
    row.acts_agreed_on = None
    hear_from(row.supporter)
    audit.record("forgot what a supporter did", actor, case, supporter=supporter_id, number=number)
    db.session.commit()
    return number


def counts(case: Case) -> Counts:
    """How many supporters of this case are willing, active and resting."""
    offering = select(SignUp.id, SignUp.offers, SignUp.writes).where(SignUp.case_id == case.id)
    rows = db.session.execute(offering).all()
    willing = {row.id for row in rows if row.offers or row.writes}
    return rules.count(_last_acts(case), willing, len(rows), clock.today())


def lines(case: Case) -> list[RungLine]:
    """Every rung in numbers, in the order of the ladder."""
    campaign = campaign_of(case)
    offers: dict[str, int] = defaultdict(int)
    for keys in db.session.scalars(select(SignUp.offers).where(SignUp.case_id == case.id)):
        for key in keys:
            offers[key] += 1
    did: dict[str, set[int]] = defaultdict(set)
    of_acts = select(SupporterAct.what, SupporterAct.sign_up_id).join(SupporterAct.sign_up)
    for what, sign_up_id in db.session.execute(of_acts.where(SignUp.case_id == case.id)):
        did[what].add(sign_up_id)
    for template, sign_up_id, _ in db.session.execute(_letters_of(case)):
        did[BY_LETTER.get(template, "letter")].add(sign_up_id)
    for sign_up_id, _ in db.session.execute(_batch_letters_of(case)):
        did["letter"].add(sign_up_id)
    return [
        RungLine(
            rung,
            offers[rung.key],
            len(did[rung.key]),
            rules.allowed(rung, campaign),
            rules.possible(rung, campaign),
        )
        for rung in RUNGS.values()
    ]


def _somebody(sign_up: SignUp) -> Somebody:
    person = sign_up.supporter
    return Somebody(
        did=frozenset(one.rung.key for one in did_of(sign_up)),
        offers=frozenset(sign_up.offers),
        writes=sign_up.writes,
        languages=spoken_languages(person.languages),
        has_seat=person.gss_code is not None,
    )


def _last_acts(case: Case) -> dict[int, date]:
    """The last day on which each supporter did anything."""
    of_acts = select(SupporterAct.sign_up_id, func.max(SupporterAct.done_on)).join(SupporterAct.sign_up)
    of_case = of_acts.where(SignUp.case_id == case.id).group_by(SupporterAct.sign_up_id)
    found: dict[int, date] = {row[0]: row[1] for row in db.session.execute(of_case)}
    made = [(sign_up_id, at) for _, sign_up_id, at in db.session.execute(_letters_of(case))]
    made += [(sign_up_id, at) for sign_up_id, at in db.session.execute(_batch_letters_of(case))]
    for sign_up_id, at in made:
        if at:
            day = clock.day_of(at)
            found[sign_up_id] = max(day, found.get(sign_up_id, day))
    return found


def _acts_of(case: Case) -> Select[SupporterAct]:
    return select(SupporterAct).join(SupporterAct.sign_up).where(SignUp.case_id == case.id)


def _letters_of(case: Case) -> Any:
    """The kind of each letter that a supporter of this case signed, whose it is and when it was issued."""
    of_case = (SignUp.supporter_id == Letter.supporter_id) & (SignUp.case_id == Letter.case_id)
    return (
        select(Letter.template, SignUp.id, Letter.issued_at)
        .join(SignUp, of_case)
        .where(Letter.case_id == case.id, Letter.issued_at.is_not(None), Letter.voided_at.is_(None))
    )


def _batch_letters_of(case: Case) -> Any:
    return (
        select(BatchLetter.sign_up_id, BatchLetter.made_at)
        .join(SignUp, SignUp.id == BatchLetter.sign_up_id)
        .where(SignUp.case_id == case.id, BatchLetter.state == LetterState.MADE)
    )

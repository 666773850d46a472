"""Supporters whom the actor knows already: who may be the same person twice, and who supports another case too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from casework import clock
from casework.domain.case.postcodes import BadPostcode, parse_partial
from casework.services.campaign import supporters
from casework.services.campaign.import_twice import is_seen
from casework.services.case.likely_same import Known, KnownPeople, folded_name
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, SignUp, Supporter, TeamMember, User
from casework.storage.models.supporters import EVEN_STOPPED
from casework.storage.name_order import name_order

MOST_SHOWN = 50


@dataclass(frozen=True)
class Alike:
    """Somebody who may be the person that is typed, why we think so, and whether they are on this list already."""

    supporter: Supporter
    why: str
    is_here: bool


def like(case: Case, actor: User, details: Mapping[str, Any]) -> list[Alike]:
    """Those in the actor's own cases who may be the person of these details: a warning, never a wall."""
    typed = Known(
        None,
        details.get("name") or "",
        _standard(details.get("postcode") or ""),
        details.get("email") or "",
        details.get("phone") or "",
    )
    ways = _ways(typed)
    if not ways:
        return []
    rows = db.session.scalars(_seen_by(actor).where(or_(*ways)).limit(200)).all()
    by_id = {row.id: row for row in rows}
    held = KnownPeople(
        Known(row.id, row.name, row.postcode or "", row.email or "", row.phone or "") for row in rows
    )
    found = [(by_id[one.other.key], one.why) for one in held.like(typed)]  # type: ignore[index]
    here = select(SignUp.supporter_id).where(
        SignUp.case_id == case.id, SignUp.supporter_id.in_([row.id for row, _ in found])
    )
    ids = set(db.session.scalars(here))
    return [Alike(row, why, row.id in ids) for row, why in found]


def elsewhere(case: Case, actor: User, name: str = "") -> list[Supporter]:
    """Supporters of the actor's other cases who are not on this list, by name; only those with these words in it."""
    here = select(SignUp.supporter_id).where(SignUp.case_id == case.id)
    query = _seen_by(actor).where(Supporter.id.not_in(here))
    for word in name.split():
        query = query.where(Supporter.name.icontains(word, autoescape=True))
    return list(db.session.scalars(query.order_by(name_order(Supporter.name)).limit(MOST_SHOWN)))


def sign_up_too(case: Case, ids: list[int], actor: User) -> int:
    """Sign these supporters of the actor's other cases up to this one, who were asked before; how many it were."""
    chosen = db.session.scalars(_seen_by(actor).where(Supporter.id.in_(ids))).all()
    query = select(SignUp.supporter_id).where(SignUp.case_id == case.id)
    here = set(db.session.scalars(query, execution_options=EVEN_STOPPED))
    new = [row for row in chosen if row.id not in here]
    for row in new:
        # Whether they write, and whether they count, is asked for each case: nobody said it yet for this one.
        db.session.add(SignUp(case=case, supporter=row, joined_on=clock.today(), joined_how="other"))
        supporters.hear_from(row)
        audit.record("supporter added", actor, case, supporter=row.id, how="other")
    db.session.commit()
    return len(new)


def at_stall(case: Case, actor: User, details: Mapping[str, Any]) -> tuple[Supporter, str]:
    """Whoever typed this at a stall, signed up and told what is kept today, and the secret of their link to stop.

    Somebody with the same name and postcode is taken for the same person, unless mail or phone say otherwise: nobody
    at a stall is asked about others on the list.
    """
    told = {**details, "notice_given_on": clock.today()}
    same = next(
        (one.supporter for one in like(case, actor, told) if one.is_here and _is(one.supporter, told)), None
    )
    if same is None:
        person = supporters.add_supporter(case, actor, how="stall", **told)
    else:
        person = supporters.join(case, same, actor, "stall", told).supporter
    token = supporters.stop_link(person)
    db.session.commit()
    return person, token


def _is(held: Supporter, told: Mapping[str, Any]) -> bool:
    """Whether name and postcode are the same, and neither mail nor phone is another."""
    others = ((held.email, told.get("email")), (held.phone, told.get("phone")))
    return (
        folded_name(held.name) == folded_name(told.get("name") or "")
        and held.postcode == _standard(told.get("postcode") or "")
        and all(not kept or not typed or kept.casefold() == typed.casefold() for kept, typed in others)
    )


def other_cases(case: Case, supporter: Supporter, actor: User) -> list[Case]:
    """The other cases of the actor to which this supporter signed up."""
    query = (
        select(Case).join(SignUp, SignUp.case_id == Case.id).join(TeamMember, TeamMember.case_id == Case.id)
    )
    query = query.where(
        SignUp.supporter_id == supporter.id, TeamMember.user_id == actor.id, Case.id != case.id
    )
    return list(db.session.scalars(query.order_by(Case.id)))


def _seen_by(actor: User) -> Select[Supporter]:
    """Supporters of the cases on which the actor works: nobody else is ever shown or hinted at."""
    return select(Supporter).where(is_seen(actor, Supporter.id))


def _ways(typed: Known) -> list[ColumnElement[bool]]:
    """How those may be found who are worth comparing."""
    ways: list[ColumnElement[bool]] = []
    if typed.postcode:
        ways.append(Supporter.postcode == typed.postcode)
    if typed.email:
        ways.append(func.lower(Supporter.email) == typed.email.lower())
    if len(digits := re.sub(r"\D", "", typed.phone)[-9:]) > 5:
        bare: Any = Supporter.phone
        for sign in " -()+.":
            bare = func.replace(bare, sign, "")
        ways.append(bare.endswith(digits))
    return ways


def _standard(postcode: str) -> str:
    try:
        return str(parse_partial(postcode)) if postcode else ""
    except BadPostcode:
        return ""

"""Supporters of a case: signing up, being told what is kept, and stopping."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.postcodes import parse_partial
from casework.services import audit
from casework.services.cases import locate
from casework.storage.database import db
from casework.storage.models import Case, SignUp, Supporter, User

# What is kept of somebody whichever case they sign up to; the rest belongs to one case.
OF_PERSON = ("name", "address", "postcode", "email", "phone", "languages", "notice_given_on")


def add_supporter(case: Case, actor: User | None, *, how: str = "hand", **details: Any) -> Supporter:
    """Add somebody who will write to their own MP. Raises CaseworkError without a name, or for a wrong postcode."""
    supporter = add_sign_up(case, how, details).supporter
    db.session.flush()
    audit.record("supporter added", actor, case, supporter=supporter.id)
    db.session.commit()
    return supporter


def add_sign_up(case: Case, how: str, details: dict[str, Any]) -> SignUp:
    """Add a supporter who signs up to this case, without saving yet."""
    if not details.get("name"):
        raise CaseworkError("Type the supporter's name.", field="name")
    today = clock.today()
    person = {name: value for name, value in details.items() if name in OF_PERSON}
    choices = {name: value for name, value in details.items() if name not in OF_PERSON}
    supporter = Supporter(added_on=today, heard_on=today, **person)
    place(supporter)
    sign_up = SignUp(case=case, supporter=supporter, joined_on=today, joined_how=how, **choices)
    db.session.add(sign_up)
    return sign_up


def place(supporter: Supporter) -> None:
    """Put the postcode into its usual form and find its constituency. Raises CaseworkError for what is no postcode."""
    if supporter.postcode:
        supporter.postcode = str(parse_partial(supporter.postcode))
        supporter.gss_code, supporter.gss_basis = locate(supporter.postcode)


def list_sign_ups(case: Case) -> list[SignUp]:
    """Everybody who signed up to this case, by name."""
    query = select(SignUp).where(SignUp.case_id == case.id).join(SignUp.supporter)
    return list(db.session.scalars(query.options(contains_eager(SignUp.supporter)).order_by(Supporter.name)))


def get_sign_up(case: Case, supporter_id: int) -> SignUp:
    """What a supporter chose to do for this case. Raises NotFound."""
    found = db.session.scalar(
        select(SignUp).where(SignUp.case_id == case.id, SignUp.supporter_id == supporter_id)
    )
    if found is None:
        raise NotFound("There is no such supporter in this case.")
    return found


def get_supporter(case: Case, supporter_id: int) -> Supporter:
    """One of the supporters of this case. Raises NotFound."""
    return get_sign_up(case, supporter_id).supporter


def says_something(sign_up: SignUp) -> bool:
    """Whether their letter has words of their own: how they know the person, or why it matters to them."""
    return bool(sign_up.own_words or sign_up.how_known)


def give_notice(case: Case, supporter_id: int, on: date, actor: User) -> Supporter:
    """Keep that a supporter was given the notice of what is held about them. The first day stays."""
    supporter = get_supporter(case, supporter_id)
    if supporter.notice_given_on is None:
        supporter.notice_given_on = on
        audit.record("supporter’s notice given", actor, case, supporter=supporter.id)
        db.session.commit()
    return supporter


def remove_supporter(case: Case, supporter_id: int, actor: User) -> None:
    """Take a supporter off the case; who signed up to no other is gone. What was issued for them stays."""
    sign_up = get_sign_up(case, supporter_id)
    supporter = sign_up.supporter
    db.session.delete(sign_up if len(supporter.sign_ups) > 1 else supporter)
    audit.record("supporter removed", actor, case, supporter=supporter_id)
    db.session.commit()

"""Supporters of a case: signing up, what they choose, being told what is kept, and the link with which they stop."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy import case as case_
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.campaign.supporters import table_name, unwanted
from casework.domain.case.postcodes import parse_partial
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.members import TiedSupporters
from casework.services import saving
from casework.services.case.case_places import locate
from casework.services.safety import audit, tries
from casework.services.safety.link_secrets import hash_of
from casework.storage import asking
from casework.storage.asking import NOBODY, Asking
from casework.storage.database import db
from casework.storage.models import Case, SignUp, Supporter, User
from casework.storage.models.supporters import EVEN_STOPPED
from casework.storage.name_order import name_order
from casework.storage.one_look import none_without

APPROXIMATE = "approximate"
# What is kept of somebody whichever case they sign up to; the rest belongs to one case.
OF_PERSON = ("name", "address", "postcode", "email", "phone", "languages", "notice_given_on")
OWN_WORDS = ("how_known", "own_words", "ask")
# What they say takes the place of what they said before.
SAID_ANEW = (*OWN_WORDS, "reached_by")
# Where somebody may type what is never kept. Whoever writes their own words may speak of politics.
_LOOKED_OVER = {"languages": True, "connection": True, "to_member": True} | dict.fromkeys(OWN_WORDS, False)
NO_LINK = (
    "This link does not work, or not any more. If you stopped with it, you are gone. If not, ask the group."
)
SAVED_MEANWHILE = "Somebody else saved this supporter while you were typing. Yours is still here."


def add_supporter(case: Case, actor: User | None, *, how: str = "hand", **details: Any) -> Supporter:
    """Add somebody who supports this person. Raises CaseworkError without a name, or at what is wrong or never kept."""
    supporter = add_sign_up(case, how, details).supporter
    db.session.flush()
    audit.record("supporter added", actor, case, supporter=supporter.id, how=how)
    db.session.commit()
    return supporter


def add_sign_up(case: Case, how: str, details: Mapping[str, Any]) -> SignUp:
    """Add a supporter who signs up to this case, without saving yet."""
    _check(details)
    person, choices = _parted(details)
    supporter = Supporter(group_id=case.group_id, added_on=clock.today(), heard_on=clock.today(), **person)
    place(supporter)
    return _sign_up(case, supporter, how, choices)


def join(
    case: Case, supporter: Supporter, actor: User | None, how: str, details: Mapping[str, Any]
) -> SignUp:
    """Sign up somebody who is known already; what was not known of them is filled in, and nothing is overwritten."""
    _check({"name": supporter.name, **details})
    person, choices = _parted(details)
    for name, value in person.items():
        if value and not getattr(supporter, name):
            setattr(supporter, name, value)
    if supporter.gss_code is None:
        place(supporter)
    row = db.session.scalar(
        select(SignUp).where(SignUp.case_id == case.id, SignUp.supporter_id == supporter.id),
        execution_options=EVEN_STOPPED,
    )
    if row is not None:
        row.stopped_at = None  # who comes back within the half minute has not stopped
    if row is None:
        row = _sign_up(case, supporter, how, choices)
        audit.record("supporter added", actor, case, supporter=supporter.id, how=how)
    else:
        _fill(row, choices)
        audit.record("supporter changed", actor, case, supporter=supporter.id)
    hear_from(supporter)
    saving.commit(SAVED_MEANWHILE)
    return row


def change_supporter(
    case: Case, supporter_id: int, version: str, details: Mapping[str, Any], actor: User
) -> None:
    """Save what is known of a supporter and what they choose for this case.

    Raises OutOfDate when somebody saved since this version was read, CaseworkError at what is wrong or never kept.
    """
    row = get_sign_up(case, supporter_id)
    if version_of(row) != version:
        raise OutOfDate(SAVED_MEANWHILE)
    _check(details)
    person, choices = _parted(details)
    supporter, moved = row.supporter, False
    for name, value in person.items():
        moved = moved or (name == "postcode" and value != supporter.postcode)
        setattr(supporter, name, value)
    for name, value in choices.items():
        setattr(row, name, value)
    if moved:
        supporter.gss_code = supporter.gss_basis = None
        place(supporter)
    hear_from(supporter)
    audit.record("supporter changed", actor, case, supporter=supporter.id)
    saving.commit(SAVED_MEANWHILE)


def version_of(row: SignUp) -> str:
    """The versions of the person and of their choices, as one word for a form to carry."""
    return f"{row.supporter.version}.{row.version}"


def hear_from(supporter: Supporter) -> None:
    """They were in touch today: the months until they are let go of begin anew. The caller saves."""
    supporter.heard_on = clock.today()


def place(supporter: Supporter) -> None:
    """Put the postcode into its usual form and find its constituency. Raises CaseworkError for what is no postcode."""
    if supporter.postcode:
        supporter.postcode = str(parse_partial(supporter.postcode))
        supporter.gss_code, supporter.gss_basis = locate(supporter.postcode)


def list_sign_ups(case: Case) -> list[SignUp]:
    """Everybody who signed up to this case, by name."""
    query = select(SignUp).where(SignUp.case_id == case.id).join(SignUp.supporter)
    return list(db.session.scalars(query.options(contains_eager(SignUp.supporter)).order_by(Supporter.name)))


@none_without(SignUp, int)
def count_of(case: Case) -> int:
    """How many signed up to this case."""
    return db.session.scalar(select(func.count(SignUp.id)).where(SignUp.case_id == case.id)) or 0


@none_without(SignUp, int)
def writing(case: Case) -> int:
    """How many of them said that they will write to their MP."""
    query = select(func.count(SignUp.id)).where(SignUp.case_id == case.id, SignUp.writes.is_(True))
    return db.session.scalar(query) or 0


def places_of(case: Case) -> dict[str, int]:
    """How many supporters live in each constituency."""
    query = select(Supporter.gss_code, func.count(SignUp.id)).join(SignUp.supporter)
    query = query.where(SignUp.case_id == case.id).group_by(Supporter.gss_code)
    return {code: number for code, number in db.session.execute(query) if code}


@none_without(SignUp)
def by_constituency(case: Case, most: int) -> list[TiedSupporters]:
    """The supporters by constituency, most of them first, some of them by name. Asked at once, nobody is loaded."""
    return by_constituency_in([case.id], most)[case.id]


def by_constituency_in(ids: Collection[int], most: int) -> dict[int, list[TiedSupporters]]:
    """The same of several cases, by the number of each."""
    seat, of = Supporter.gss_code, (SignUp.case_id, Supporter.gss_code)
    is_sure = case_((func.coalesce(Supporter.gss_basis, "") != APPROXIMATE, 1), else_=0)
    ranked = select(
        SignUp.case_id,
        seat,
        Supporter.name,
        func.row_number().over(partition_by=of, order_by=name_order(Supporter.name)).label("place"),
        func.count().over(partition_by=of).label("number"),
        func.max(is_sure).over(partition_by=of).label("is_sure"),
    )
    of_cases = ranked.join(SignUp).where(SignUp.case_id.in_(ids), seat.is_not(None)).subquery()
    few = select(of_cases).where(of_cases.c.place <= most).order_by(of_cases.c.place)
    found: dict[int, dict[str, TiedSupporters]] = {case_id: {} for case_id in ids}
    for row in db.session.execute(few):
        seats = found[row.case_id]
        names = seats[row.gss_code].names if row.gss_code in seats else ()
        seats[row.gss_code] = TiedSupporters(row.gss_code, (*names, row.name), row.number, not row.is_sure)
    return {
        case_id: sorted(seats.values(), key=lambda one: (-one.number, one.names))
        for case_id, seats in found.items()
    }


def unsettled() -> ColumnElement[bool]:
    """What a query asks for those whose constituency is not known, or only roughly."""
    return or_(Supporter.gss_code.is_(None), Supporter.gss_basis == APPROXIMATE)


def is_unsettled(supporter: Supporter) -> bool:
    """The same of one who is loaded."""
    return supporter.gss_code is None or supporter.gss_basis == APPROXIMATE


@none_without(SignUp, lambda: ((), 0))
def to_settle(case: Case, most: int) -> tuple[tuple[Supporter, ...], int]:
    """Some of those whose constituency has to be settled, and how many they are."""
    query = select(Supporter).join(SignUp).where(SignUp.case_id == case.id, unsettled())
    number = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if not number:
        return (), 0
    return tuple(db.session.scalars(query.order_by(name_order(Supporter.name)).limit(most))), number


def get_sign_up(case: Case, supporter_id: int) -> SignUp:
    """What a supporter chose to do for this case. Raises NotFound."""
    found = db.session.scalar(
        select(SignUp).where(SignUp.case_id == case.id, SignUp.supporter_id == supporter_id)
    )
    if found is None:
        raise NotFound("There is no such supporter in this case.")
    return found


def is_on_list(case: Case, supporter_id: int | None) -> bool:
    """Whether this supporter is on the list of this case."""
    query = select(SignUp.id).where(SignUp.case_id == case.id, SignUp.supporter_id == supporter_id)
    return db.session.scalar(query) is not None


def get_supporter(case: Case, supporter_id: int) -> Supporter:
    """One of the supporters of this case. Raises NotFound."""
    return get_sign_up(case, supporter_id).supporter


def give_notice(case: Case, supporter_id: int, on: date, actor: User) -> Supporter:
    """Keep that a supporter was given the notice of what is held about them. The first day stays."""
    supporter = get_supporter(case, supporter_id)
    if supporter.notice_given_on is None:
        supporter.notice_given_on = on
        hear_from(supporter)
        audit.record("supporter’s notice given", actor, case, supporter=supporter.id)
        db.session.commit()
    return supporter


def stop_link(supporter: Supporter) -> str:
    """The secret of a link with which this supporter stops, known only now. An older one of theirs ends.

    The caller saves.
    """
    token = secrets.token_urlsafe(24)
    supporter.stop_hash = hash_of(token)
    return token


def make_stop_link(case: Case, supporter_id: int, actor: User) -> str:
    """The secret of a new link with which a supporter of this case stops; saved, and kept in the trail."""
    supporter = get_supporter(case, supporter_id)
    token = stop_link(supporter)
    audit.record("supporter’s link made", actor, case, supporter=supporter.id)
    db.session.commit()
    return token


def by_stop_link(token: str, address: str) -> Supporter:
    """Whose link this is.

    Raises NotFound for one that does not work; TooManyTries for an address on the network from which many wrong
    links came.
    """
    tries.count_link(address)
    found = db.session.scalar(select(Supporter).where(Supporter.stop_hash == hash_of(token)))
    if found is None or not found.sign_ups:
        raise NotFound(NO_LINK)
    asking.change(Asking(found.group_id, NOBODY))
    tries.forgive_link(address)
    db.session.commit()
    return found


def _sign_up(case: Case, supporter: Supporter, how: str, choices: Mapping[str, Any]) -> SignUp:
    row = SignUp(case=case, supporter=supporter, joined_on=clock.today(), joined_how=how, **choices)
    row.words_at = clock.now() if any(choices.get(name) for name in OWN_WORDS) else None
    db.session.add(row)
    return row


def _fill(row: SignUp, choices: Mapping[str, Any]) -> None:
    """Put in what was not known before; what they write themselves anew takes the place of what they wrote before."""
    for name, value in choices.items():
        if value and (name in SAID_ANEW or not getattr(row, name)):
            setattr(row, name, value)
            row.words_at = clock.now() if name in OWN_WORDS else row.words_at


def _parted(details: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What belongs to the person, and what to the case."""
    person = {name: value for name, value in details.items() if name in OF_PERSON}
    if details.get("table_name"):
        details = {**details, "table_name": table_name(details["table_name"])}
    return person, {name: value for name, value in details.items() if name not in OF_PERSON}


def _check(details: Mapping[str, Any]) -> None:
    if not details.get("name"):
        raise CaseworkError("Type the supporter's name.", field="name")
    for name, politics in _LOOKED_OVER.items():
        if said := unwanted(details.get(name) or "", politics=politics):
            raise CaseworkError(said, field=name)

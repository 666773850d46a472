"""Links that work once. Only a hash of each is kept, so the database gives none away."""

import secrets
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import and_, func, select, update

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.services.safety.link_secrets import hash_of
from casework.storage.asking import FIRST_GROUP
from casework.storage.database import db
from casework.storage.models import OneTimeLink, User

USED = "This link was used already. Sign in, or ask an organiser for a new one."
OLD = "This link is too old. Ask an organiser for a new one."
UNKNOWN = "This link does not work. Copy the whole of it, or ask an organiser for a new one."


class Purpose(StrEnum):
    """What a link is for."""

    FIRST_ORGANISER = "first organiser"
    NEW_PERSON = "new person"
    NEW_PASSWORD = "new password"  # noqa: S105


LASTS = {
    Purpose.FIRST_ORGANISER: timedelta(days=1),
    Purpose.NEW_PERSON: timedelta(days=7),
    Purpose.NEW_PASSWORD: timedelta(days=1),
}


def make(purpose: Purpose, user: User | None, group_id: int = FIRST_GROUP) -> str:
    """The token of a new link. Older unused links of the same person, or of nobody yet in a group, stop working.

    The caller commits.
    """
    end_all(user, group_id)
    token = secrets.token_urlsafe(24)
    db.session.add(
        OneTimeLink(
            token_hash=hash_of(token),
            purpose=purpose,
            user_id=user.id if user else None,
            group_id=None if user else group_id,
            expires_at=clock.now() + LASTS[purpose],
        )
    )
    return token


def days_for(user: User) -> int:
    """For how many days a link that was just made for this person works."""
    return LASTS[purpose_for(user)].days


def purpose_for(user: User) -> Purpose:
    """What a link does for this person: let them in for the first time, or give them a new password."""
    return Purpose.NEW_PASSWORD if user.password_hash else Purpose.NEW_PERSON


def find(token: str, *purposes: Purpose) -> OneTimeLink:
    """The link of this token, when it can still be used for one of these. Looking at it does not use it.

    Raises NotFound for an unknown one, CaseworkError for one that is used or too old.
    """
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == hash_of(token)))
    if link is None or (purposes and link.purpose not in purposes):
        raise NotFound(UNKNOWN)
    if link.used_at is not None:
        raise CaseworkError(USED)
    if link.expires_at <= clock.now():
        raise CaseworkError(OLD)
    return link


def use(link: OneTimeLink) -> None:
    """Mark the link as used, once however many ask at the same moment. The caller commits.

    Raises CaseworkError for all but the first.
    """
    unused = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
    if db.session.execute(unused.values(used_at=clock.now())).rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        raise CaseworkError(USED)


def end_all(user: User | None, group_id: int = FIRST_GROUP) -> None:
    """Stop every unused link of this person; with None, those for a group’s first organiser. The caller commits."""
    # A link from before there were groups names none.
    of_group = func.coalesce(OneTimeLink.group_id, FIRST_GROUP) == group_id
    whose = and_(OneTimeLink.user_id.is_(None), of_group) if user is None else OneTimeLink.user_id == user.id
    db.session.execute(
        update(OneTimeLink).where(whose, OneTimeLink.used_at.is_(None)).values(used_at=clock.now())
    )

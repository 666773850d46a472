"""Where somebody is signed in: each sign-in has a row here, and its cookie is worth nothing once the row has ended."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import OperationalError

from casework import clock
from casework.domain.errors import NotFound
from casework.domain.safety.sessions import SEEN_EVERY, Lasting, device_words
from casework.services.safety import audit
from casework.services.safety.link_secrets import hash_of
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import User, UserSession

KEPT = timedelta(days=30)


def lasting() -> Lasting:
    """How long a sign-in lasts here."""
    settings = current_instance().settings
    return Lasting(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.session_hours))


def begin(user: User, user_agent: str, how: str, *, second_factor: bool = False) -> UserSession:
    """A new sign-in of somebody who has shown who they are; `how` is said in the trail.

    The secret for its cookie is in `user.session_token`, and nowhere else.
    """
    _forget_old()
    row = add(user, user_agent, second_factor=second_factor)
    user.last_sign_in_at = row.begun_at
    audit.record("signed in", user, how=how)
    db.session.commit()
    return row


def add(user: User, user_agent: str, *, second_factor: bool = False) -> UserSession:
    """The row of a new sign-in. The caller commits."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = UserSession(
        user_id=user.id,
        token_hash=hash_of(token),
        device=device_words(user_agent),
        begun_at=now,
        seen_at=now,
        second_factor=second_factor,
    )
    db.session.add(row)
    user.came_by(row, token)
    return row


# Every request asks it: put together once.
_BY_COOKIE = (
    select(UserSession, User)
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.token_hash == bindparam("hash"), UserSession.ended_at.is_(None))
)


def user_of(token: str) -> User | None:
    """Whose sign-in this cookie is of; None when it ended, lasted too long, or their account is switched off."""
    found = db.session.execute(_BY_COOKIE, {"hash": hash_of(token)}).one_or_none()
    if found is None:
        return None
    row, user = found
    if not user.active or ends_at(row) <= clock.now():
        return None
    user.came_by(row, token)
    return user


def ends_at(row: UserSession) -> datetime:
    """When this sign-in ends if nobody clicks again."""
    return lasting().ends_at(row.begun_at, row.seen_at)


def seconds_left(row: UserSession) -> int:
    """For how long this sign-in lasts if nobody clicks again."""
    return max(0, int((ends_at(row) - clock.now()).total_seconds()))


def see(row: UserSession, *, at_once: bool = False) -> None:
    """Keep that somebody is there: at once, or at most every few minutes, since reading alone need not write."""
    now = clock.now()
    if at_once or now - row.seen_at >= SEEN_EVERY:
        row.seen_at = now
        try:
            db.session.commit()
        except OperationalError:  # a disk that is full or closed is told of where something is to be saved
            db.session.rollback()


def list_open(user: User) -> list[UserSession]:
    """Where this person is signed in now, the newest click first."""
    now = clock.now()
    rows = db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
    )
    return [row for row in rows if ends_at(row) > now]


def end_one(user: User, session_id: int) -> UserSession:
    """End one sign-in of this person's own. Raises NotFound for one of somebody else."""
    row = db.session.get(UserSession, session_id)
    if row is None or row.user_id != user.id:
        raise NotFound("You are not signed in there.")
    end_all(user, only=row)
    audit.record("signed out one device", user)
    db.session.commit()
    return row


def end_others(user: User) -> None:
    """End every sign-in of this person's but the one they are using."""
    end_all(user, but=user.session)
    audit.record("signed out on all other devices", user)
    db.session.commit()


def end_all(user: User, *, but: UserSession | None = None, only: UserSession | None = None) -> None:
    """End what this person is signed in with: all of it, all but one, or one. The caller commits."""
    which = [UserSession.user_id == user.id, UserSession.ended_at.is_(None)]
    if but is not None:
        which.append(UserSession.id != but.id)
    if only is not None:
        which.append(UserSession.id == only.id)
    db.session.execute(update(UserSession).where(*which).values(ended_at=clock.now()))


def end_everybodys() -> None:
    """End every sign-in of everybody. The caller commits."""
    db.session.execute(update(UserSession).where(UserSession.ended_at.is_(None)).values(ended_at=clock.now()))


def _forget_old() -> None:
    """Drop what ended, or could have gone on no longer, more than a month ago."""
    db.session.execute(delete(UserSession).where(UserSession.begun_at < clock.now() - KEPT))

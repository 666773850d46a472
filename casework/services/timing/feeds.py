"""Calendar feeds: one secret address for each person, at which a calendar program reads their dates."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.services.safety import audit, groups
from casework.services.safety.link_secrets import hash_of
from casework.services.timing import diary
from casework.services.timing.calendar_files import calendar_file
from casework.storage import asking
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import CalendarFeed, Case, User

LONGEST_LABEL = 100
# A calendar that reads more than this each hour would keep the others in the group waiting. What comes later follows.
MOST = 500
NO_OLDER = timedelta(days=30)


def feed_of(user: User) -> CalendarFeed | None:
    """The feed of this person that can be read now."""
    return db.session.scalar(
        select(CalendarFeed).where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
    )


def make(actor: User, label: str | None) -> str:
    """The token of a new feed: the only time it is known. An older address of this person stops working.

    Raises CaseworkError for a name that is too long.
    """
    if label and len(label) > LONGEST_LABEL:
        raise CaseworkError(f"This is too long: {LONGEST_LABEL} letters at most.", field="label")
    _end(actor)
    token = secrets.token_urlsafe(32)
    db.session.add(
        CalendarFeed(user_id=actor.id, token_hash=hash_of(token), label=label, made_at=clock.now())
    )
    audit.record("calendar address made", actor)
    db.session.commit()
    return token


def stop(actor: User) -> None:
    """End the address of this person. What calendars have read of it goes when they ask again."""
    _end(actor)
    audit.record("calendar address stopped", actor)
    db.session.commit()


def read(token: str) -> bytes:
    """The soonest dates of whoever's address this is, as a calendar file, without those that are long past.

    Raises NotFound, in the same words, for an address that is unknown or stopped, and when the account is switched
    off. Only the token's hash is looked for, so how long the search takes tells nothing of any token.
    """
    feed = db.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.token_hash == hash_of(token), CalendarFeed.revoked_at.is_(None)
        )
    )
    if feed is None or not feed.user.may(Action.VIEW_CASE):
        raise NotFound("There is no calendar here.")
    asking.change(groups.asking_of(feed.user))
    feed.last_read_at = clock.now()
    since = clock.today() - NO_OLDER
    entries = [entry for entry in diary.open_entries(feed.user) if entry.final and entry.final >= since]
    content = calendar_file(entries[:MOST], board_address())
    db.session.commit()
    return content


def file_of(case: Case) -> bytes:
    """The open dates of one case, as a calendar file. The same days as in a feed, under the same ids."""
    return calendar_file(diary.open_entries_of(case), board_address())


def board_address() -> str:
    """Where the dates stand in Casework, when the settings say at which address it is reached; else empty."""
    base = current_instance().settings.base_url
    return f"{base}/dates" if base else ""


def _end(user: User) -> None:
    db.session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )

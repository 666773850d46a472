"""Links at which the person reads their own view: for some days, as often as they like, without an account.

Only a hash of each is kept. Its address says nothing of whose it is, and making and reading it stand in the trail.
"""

import secrets
from datetime import timedelta

from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.services.consent import need_to_know
from casework.services.safety import audit, groups, tries
from casework.services.safety.link_secrets import hash_of
from casework.storage.database import db
from casework.storage.models import Case, OwnViewLink, User

LASTS = {1: "one day", 3: "three days", 7: "one week", 14: "two weeks"}
BY_LINK = "Whoever had the link"
NOT_HERE = "This link has ended, or never was. Ask the group for a new one."


def make(case: Case, days: int, actor: User) -> str:
    """The token of a new link: the only time it is known. An older link of this case stops working.

    Raises CaseworkError where no time was chosen for which it works.
    """
    if days not in LASTS:
        raise CaseworkError("Choose for how long it works.", field="days")
    need_to_know.refuse_with_hidden(case)
    _end(case)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    link = OwnViewLink(
        case=case,
        token_hash=hash_of(token),
        made_at=now,
        made_by=actor,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(link)
    db.session.flush()
    audit.record("own view: link made", actor, case, link=link.id, days=days)
    db.session.commit()
    return token


def links_of(case: Case) -> list[OwnViewLink]:
    """Every link that was made for this case, the newest first."""
    query = select(OwnViewLink).where(OwnViewLink.case_id == case.id)
    return list(db.session.scalars(query.order_by(OwnViewLink.id.desc())))


def works(link: OwnViewLink) -> bool:
    """Whether it can be read now."""
    return link.revoked_at is None and link.expires_at > clock.now()


def stop(case: Case, actor: User) -> None:
    """End every link of this case."""
    _end(case)
    audit.record("own view: link stopped", actor, case)
    db.session.commit()


def read(token: str, address: str) -> Case:
    """The case whose link this is; that it was read is kept. Raises what `find` raises."""
    link = find(token, address)
    groups.ask_for_the_person(link.case)
    link.last_read_at = clock.now()
    audit.record("own view: read by its link", None, link.case, signed=BY_LINK, link=link.id)
    db.session.commit()
    return link.case


def find(token: str, address: str) -> OwnViewLink:
    """The link with this secret, which works.

    Raises NotFound, in the same words, for one that is unknown, stopped or too old; TooManyTries for an address on
    the network from which many wrong links came.
    """
    tries.count_link(address)
    link = db.session.scalar(select(OwnViewLink).where(OwnViewLink.token_hash == hash_of(token)))
    if link is None or not works(link):
        raise NotFound(NOT_HERE)
    tries.forgive_link(address)
    db.session.commit()
    return link


def _end(case: Case) -> None:
    for link in links_of(case):
        if link.revoked_at is None:
            link.revoked_at = clock.now()

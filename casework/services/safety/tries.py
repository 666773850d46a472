"""How often signing in was tried for a name and from an address: counted in the database, so a restart forgives none.

Both are kept as keyed hashes only: what people mistype into the name is often their password.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, select, update

from casework import clock
from casework.domain.campaign.campaign_pages import STEPS_AN_HOUR
from casework.domain.errors import CaseworkError
from casework.domain.safety.sign_in import (
    FOR_A_NAME,
    FOR_AN_ADDRESS,
    FORGOTTEN_AFTER,
    Patience,
    wait_in_words,
)
from casework.storage.database import db, insert
from casework.storage.instance import current_instance
from casework.storage.models import SignInAttempt

FORGOTTEN = "then try again. If you forgot your password, ask an organiser for a new link."


class TooManyTries(CaseworkError):
    """This name or this address has to wait. The password was not even looked at."""


@dataclass(frozen=True)
class Counted:
    """A try that was counted before its password was looked at."""

    slows_the_next: bool


def count(sign_in_name: str, address: str) -> Counted:
    """This try, counted at once, so that many at the same moment cannot slip through together.

    Raises TooManyTries while the name or the address has to wait.
    """
    now = clock.now()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.last_at < now - FORGOTTEN_AFTER))
    of_address = _count_one(_key("address", neighbourhood(address)), FOR_AN_ADDRESS, now)
    of_name = _count_one(_key("name", sign_in_name), FOR_A_NAME, now)
    db.session.commit()
    return Counted(of_address == FOR_AN_ADDRESS.free or of_name == FOR_A_NAME.free)


def forgive(sign_in_name: str, address: str) -> None:
    """Forget the tries of this name, and of the address this one only. The caller commits."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key == _key("name", sign_in_name)))
    db.session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key == _key("address", neighbourhood(address)), SignInAttempt.failures > 0)
        .values(failures=SignInAttempt.failures - 1)
    )


def count_code(user_id: int) -> None:
    """A code, or a password typed once more, of somebody whose password was right before: counted at once.

    Raises TooManyTries while they have to wait.
    """
    now = clock.now()
    _count_one(_key("code of", str(user_id)), FOR_A_NAME, now, "then try again with a new code.")
    db.session.commit()


def forgive_code(user_id: int) -> None:
    """Forget the codes of this person: one was right. The caller commits."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key == _key("code of", str(user_id))))


def count_link(address: str) -> None:
    """A look at a secret link from this address, counted at once. Raises TooManyTries after many wrong ones."""
    now = clock.now()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.last_at < now - FORGOTTEN_AFTER))
    _count_one(_key("link from", neighbourhood(address)), FOR_AN_ADDRESS, now, "then open the link again.")
    db.session.commit()


def forgive_link(address: str) -> None:
    """Forget the looks of this address: it had a link that works. The caller commits."""
    db.session.execute(
        delete(SignInAttempt).where(SignInAttempt.key == _key("link from", neighbourhood(address)))
    )


def count_step(address: str) -> None:
    """A step on a campaign page from this address, counted at once. Raises TooManyTries after very many in an hour."""
    now = clock.now()
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.last_at < now - FORGOTTEN_AFTER))
    if not _count_within(f"page steps in hour {now:%Y-%m-%d %H}", neighbourhood(address), STEPS_AN_HOUR):
        db.session.rollback()
        wait = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - now
        raise TooManyTries(
            f"Very many letters are being written from where you are. Wait {wait_in_words(wait)}, go back and press "
            "the button again. What you typed is still there."
        )
    db.session.commit()


def count_today(what: str, most: int) -> bool:
    """Whether this may be done once more today, counted at once. The caller commits."""
    return _count_within(f"on {clock.today().isoformat()}", what, most)


def _count_within(when: str, what: str, most: int) -> bool:
    """Whether this may be done once more in this time, counted at once."""
    now, key = clock.now(), _key(when, what)
    db.session.execute(
        insert(SignInAttempt).values(key=key, failures=0, last_at=now).on_conflict_do_nothing()
    )
    fewer = update(SignInAttempt).where(SignInAttempt.key == key, SignInAttempt.failures < most)
    changed = db.session.execute(fewer.values(failures=SignInAttempt.failures + 1, last_at=now))
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _count_one(key: str, patience: Patience, now: datetime, next_step: str = FORGOTTEN) -> int:
    """How many tries there are with this one."""
    db.session.execute(
        insert(SignInAttempt).values(key=key, failures=0, last_at=now).on_conflict_do_nothing()
    )
    tried, last_at = db.session.execute(
        # Locked until it is counted: of many at the same moment each sees those before it.
        select(SignInAttempt.failures, SignInAttempt.last_at)
        .where(SignInAttempt.key == key)
        .with_for_update()
    ).one()
    # A clock that was set back makes nobody wait for longer than they would have.
    wait = min(last_at, now) + patience.wait_after(tried) - now
    if tried >= patience.free and wait.total_seconds() > 0:
        db.session.rollback()
        raise TooManyTries(f"There were many wrong tries. Wait {wait_in_words(wait)}, {next_step}")
    db.session.execute(
        update(SignInAttempt).where(SignInAttempt.key == key).values(failures=tried + 1, last_at=now)
    )
    return int(tried) + 1


def neighbourhood(address: str) -> str:
    """The address by which to count: of IPv6 the first half, since whoever has one address has all behind it."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)


def _key(kind: str, value: str) -> str:
    secret = current_instance().keys.cookies
    return hmac.new(secret, f"sign-in {kind}: {value}".encode(), sha256).hexdigest()

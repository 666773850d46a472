"""Recovery codes: ten on paper, each of which works once in place of a phone that is gone."""

import hmac
import secrets
from hashlib import sha256

from sqlalchemy import delete, func, select, update

from casework import clock
from casework.domain.second_factors import ALPHABET, RECOVERY_CODES, RECOVERY_LETTERS, in_groups
from casework.services import audit
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import RecoveryCode, User


def make(user: User) -> list[str]:
    """A new set, as it is to be printed; the older one works no more. They are shown once and kept as hashes alone."""
    codes = add_new(user)
    audit.record("recovery codes made", user)
    db.session.commit()
    return codes


def add_new(user: User) -> list[str]:
    """As `make`. The caller writes it down and commits."""
    drop(user)
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)
    ]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash_of(user, code)) for code in codes)
    return [in_groups(code, between="-") for code in codes]


def drop(user: User) -> None:
    """Have no code of this person work any more. The caller commits."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def use(user: User, code: str) -> bool:
    """Whether this is a code of theirs that was not used yet; it is used now. The caller commits."""
    unused = update(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == _hash_of(user, code),
        RecoveryCode.used_at.is_(None),
    )
    return db.session.execute(unused.values(used_at=clock.now())).rowcount == 1  # type: ignore[attr-defined]


def left(user: User) -> int:
    """How many codes of this person still work."""
    unused = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    )
    return int(db.session.scalar(unused) or 0)


def _hash_of(user: User, code: str) -> str:
    secret = current_instance().keys.factors
    return hmac.new(secret, f"recovery code of {user.id}: {code}".encode(), sha256).hexdigest()

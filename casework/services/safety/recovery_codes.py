"""Recovery codes: ten on paper, each of which works once in place of a phone that is gone."""

import secrets
from hashlib import sha256

from argon2 import Type
from argon2.low_level import hash_secret_raw
from sqlalchemy import delete, func, select, update

from casework import clock
from casework.domain.safety.second_factors import ALPHABET, RECOVERY_CODES, RECOVERY_LETTERS, in_groups
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import RecoveryCode, User

# What one try of a code costs. A code that was made at another cost would not be found any more.
PASSES = 2
MEMORY_KIB = 19 * 1024


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
    """What is kept of a code: Argon2id, and no key, so that a change of the key ends none.

    A code is drawn by lot and has 59 bits, so the salt need not be secret: it only keeps two people's hashes apart.
    """
    salt = sha256(f"recovery code of {user.id}".encode()).digest()[:16]
    made = hash_secret_raw(code.encode(), salt, PASSES, MEMORY_KIB, parallelism=1, hash_len=32, type=Type.ID)
    return made.hex()

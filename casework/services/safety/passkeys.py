"""Passkeys: keys in people's phones, computers or sticks, which sign in with nothing that could be copied or told."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.services.letters import submissions
from casework.services.safety import second_factors
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import Passkey, User

WRONG = "This passkey does not fit. Try again, or sign in in another way."
MOST = 20


@dataclass(frozen=True)
class Place:
    """Where a passkey counts: the name of the site, and the address that the browser has to be at."""

    site: str
    origin: str


@dataclass(frozen=True)
class Question:
    """What a browser is asked, as JSON, and the challenge in it, which counts once."""

    options: str
    challenge: bytes


def question_for_new(user: User, place: Place) -> Question:
    """What to ask a browser that is to make a passkey."""
    from casework.services.safety import passkey_answers

    asked = passkey_answers.ask_for_new(
        place.site, user.name, user.sign_in_name, _handle_of(user), _ids_of(user)
    )
    return Question(passkey_answers.as_json(asked), asked.challenge)


def question_for_sign_in(user: User | None, place: Place) -> Question:
    """What to ask a browser at sign-in. Without `user` the passkey alone has to do: whoever holds it is checked."""
    from casework.services.safety import passkey_answers

    asked = passkey_answers.ask_to_show(place.site, _ids_of(user) if user else [], alone=user is None)
    return Question(passkey_answers.as_json(asked), asked.challenge)


def add(user: User, place: Place, challenge: bytes, answer: str, name: str) -> list[str] | None:
    """Keep a new passkey. Recovery codes come back, to be shown once, where there were none.

    Raises CaseworkError for an answer to another question, from another place, or one that was used before.
    """
    from casework.services.safety import passkey_answers

    _use_up(challenge)
    if len(_ids_of(user)) >= MOST:
        raise CaseworkError(f"You have {MOST} passkeys. Remove one first.")
    try:
        made = passkey_answers.read_new(answer, challenge, place.site, place.origin)
    except passkey_answers.NoPasskey:
        raise CaseworkError("The passkey could not be kept. Try again.") from None
    if _row_of(made.credential_id) is not None:
        raise CaseworkError("This passkey is kept already.")
    db.session.add(
        Passkey(
            user_id=user.id,
            name=name,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            made_at=clock.now(),
        )
    )
    return second_factors.settle_new(user, "passkey")


def owner_of(place: Place, challenge: bytes, answer: str, user: User | None) -> User:
    """Whose passkey answered: that of `user`, whose password was right before, or without one anybody's.

    Without `user` whoever holds the passkey must have shown that it is theirs, by a finger, a face or a PIN.
    Raises CaseworkError for everything else.
    """
    from casework.services.safety import passkey_answers

    _use_up(challenge)
    try:
        credential_id, handle = passkey_answers.read_name(answer)
        row = _row_of(credential_id)
        owner = db.session.get(User, row.user_id) if row else None
        if row is None or not _may_be(owner, user, handle):
            raise passkey_answers.NoPasskey
        kept = passkey_answers.Made(row.credential_id, row.public_key, row.sign_count)
        row.sign_count = passkey_answers.read_shown(
            answer, challenge, place.site, place.origin, kept, alone=user is None
        )
    except passkey_answers.NoPasskey:
        raise CaseworkError(WRONG) from None
    row.used_at = clock.now()
    db.session.commit()
    return owner  # type: ignore[return-value]


def _may_be(owner: User | None, user: User | None, handle: bytes | None) -> bool:
    """Whether this passkey may be asked for: its owner can sign in, is who began to, and is whom it names."""
    if owner is None or not owner.active or (user is not None and owner.id != user.id):
        return False
    return handle is None or hmac.compare_digest(handle, _handle_of(owner))


def remove(user: User, passkey_id: int) -> str:
    """Take a passkey away; its name comes back. Raises NotFound for one of somebody else."""
    row = db.session.get(Passkey, passkey_id)
    if row is None or row.user_id != user.id:
        raise NotFound("You have no such passkey.")
    second_factors.keep_one(user)
    name: str = row.name
    db.session.delete(row)
    db.session.flush()
    second_factors.settle_removed(user, "passkey")
    return name


def _use_up(challenge: bytes) -> None:
    """Have this challenge count once, for whatever comes of it."""
    if not challenge or not submissions.claim(sha256(challenge).hexdigest()):
        raise CaseworkError(WRONG)
    db.session.commit()


def _row_of(credential_id: bytes) -> Any:
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def _ids_of(user: User) -> list[bytes]:
    return list(
        db.session.scalars(
            select(Passkey.credential_id).where(Passkey.user_id == user.id).order_by(Passkey.id)
        )
    )


def _handle_of(user: User) -> bytes:
    """What a passkey calls its owner: nothing that anybody else could make something of."""
    secret = current_instance().keys.factors
    return hmac.new(secret, f"passkey owner {user.id}".encode(), sha256).digest()

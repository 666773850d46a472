"""What somebody shows besides a password: a code from an app, a passkey, or a recovery code."""

from collections.abc import Callable
from dataclasses import dataclass

import pyotp
from sqlalchemy import delete, exists, or_, select, update

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Role
from casework.domain.safety.second_factors import (
    DIGITS,
    STEP_SECONDS,
    STEPS_OFF,
    is_app_code,
    must_have,
    tidy_code,
)
from casework.services.safety import audit, passwords, recovery_codes, sessions, tries
from casework.storage.database import db
from casework.storage.encryption import seal, unseal
from casework.storage.instance import current_instance
from casework.storage.models import CodeApp, Passkey, User

WRONG_CODE = "This code does not fit. Type the one that your app shows now, or a recovery code not used yet."
WRONG_PASSWORD = "This is not your password now."  # noqa: S105
STILL_NEEDED = "Your group asks you for a second factor. Set up another one first; then take this one away."


@dataclass(frozen=True)
class Factors:
    """What somebody has set up."""

    app: CodeApp | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def count(self) -> int:
        """How many there are, besides the recovery codes."""
        return len(self.passkeys) + (self.app is not None)


def factors_of(user: User) -> Factors:
    """What this person has set up."""
    passkeys = db.session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id))
    return Factors(db.session.get(CodeApp, user.id), list(passkeys), recovery_codes.left(user))


def has_any(user: User) -> bool:
    """Whether a password alone does not let this person in."""
    app, passkey = exists().where(CodeApp.user_id == user.id), exists().where(Passkey.user_id == user.id)
    return bool(db.session.scalar(select(or_(app, passkey))))


def is_lacking(user: User) -> bool:
    """Whether this person has to set one up before anything else."""
    setting = current_instance().settings.second_factor
    if not must_have(setting, is_organiser=user.role == Role.ORGANISER) or user.session.second_factor:
        return False
    return not has_any(user)


def new_secret() -> str:
    """A secret for an app, not kept yet."""
    return pyotp.random_base32()


def address_for_app(user: User, secret: str) -> str:
    """What the picture says that an app reads. It names the account as its owner does, and no group."""
    return _totp(secret).provisioning_uri(name=user.sign_in_name, issuer_name="Casework")


def set_up_app(user: User, secret: str, typed: str) -> list[str] | None:
    """Keep the app of this secret, once it has shown a code that fits. Recovery codes where there are none yet.

    Raises CaseworkError for a code that does not fit, TooManyTries after many.
    """
    tries.count_code(user.id)
    step = _step_of(secret, tidy_code(typed), after=0)
    if step is None:
        raise CaseworkError(
            "This code does not fit. Wait for the next one. If that does not fit either, the phone’s clock is wrong.",
            field="code",
        )
    db.session.execute(delete(CodeApp).where(CodeApp.user_id == user.id))
    sealed = seal(current_instance().keys.factors, secret.encode(), _label(user))
    db.session.add(CodeApp(user_id=user.id, secret=sealed, last_step=step, made_at=clock.now()))
    return settle_new(user, "app")


def settle_new(user: User, kind: str) -> list[str] | None:
    """Save a factor that was just added, and end every other sign-in, which was without it.

    Recovery codes are made where none is left, and come back once, to be shown.
    """
    tries.forgive_code(user.id)
    codes = None if recovery_codes.left(user) else recovery_codes.add_new(user)
    sessions.end_all(user, but=user.session)
    user.session.second_factor = True
    audit.record("second factor set up", user, kind=kind)
    db.session.commit()
    return codes


def remove_app(user: User) -> None:
    """Let codes of the app work no more. Raises CaseworkError for the last one of somebody who needs one."""
    if db.session.get(CodeApp, user.id) is None:
        return
    keep_one(user)
    db.session.execute(delete(CodeApp).where(CodeApp.user_id == user.id))
    settle_removed(user, "app")


def keep_one(user: User) -> None:
    """Nothing; but CaseworkError where it is the last factor of somebody whom the group asks for one."""
    setting = current_instance().settings.second_factor
    if must_have(setting, is_organiser=user.role == Role.ORGANISER) and factors_of(user).count < 2:
        raise CaseworkError(STILL_NEEDED)


def settle_removed(user: User, kind: str) -> None:
    """Save that a factor was taken away; recovery codes go with the last one."""
    if not has_any(user):
        recovery_codes.drop(user)
        user.session.second_factor = False
    audit.record("second factor removed", user, kind=kind)
    db.session.commit()


def check_code(user: User, typed: str) -> str:
    """What the code was: "code" of the app, or "recovery code". Each works once.

    Raises CaseworkError for one that does not fit, TooManyTries while this person has to wait.
    """
    tries.count_code(user.id)
    kind = _use(user, tidy_code(typed))
    if kind is None:
        raise CaseworkError(WRONG_CODE, field="code")
    tries.forgive_code(user.id)
    if kind == "recovery code":
        audit.record("recovery code used", user, left=recovery_codes.left(user))
    db.session.commit()
    return kind


def confirm(
    user: User, password: str, typed: str, address: str, by_passkey: Callable[[], object] | None = None
) -> None:
    """Keep that this person showed once more who they are: by the password and, with a second factor, by that too.

    `by_passkey` looks at a passkey that was shown in place of a code.

    Raises CaseworkError for what does not fit, TooManyTries after many.
    """
    tries.count(user.sign_in_name, address)
    if not passwords.is_right(user.password_hash, password):
        raise CaseworkError(WRONG_PASSWORD, field="password")
    if by_passkey:
        by_passkey()
    elif has_any(user):
        check_code(user, typed)
    tries.forgive(user.sign_in_name, address)
    user.session.confirmed_at = clock.now()
    db.session.commit()


def reset(user: User, actor: User | None) -> None:
    """Take away all that this person shows besides a password, and sign them out everywhere.

    `actor` is None when it was done in the terminal of the machine itself.
    """
    drop_all(user)
    sessions.end_all(user)
    audit.record("second factor reset", actor, user=user.id)
    db.session.commit()


def drop_all(user: User) -> None:
    """Take away every factor of this person. The caller commits."""
    db.session.execute(delete(CodeApp).where(CodeApp.user_id == user.id))
    db.session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    recovery_codes.drop(user)


def _use(user: User, code: str) -> str | None:
    """Use this code up: what it was, or None."""
    if not is_app_code(code):
        return "recovery code" if recovery_codes.use(user, code) else None
    app = db.session.get(CodeApp, user.id)
    if app is None:
        return None
    secret = unseal(current_instance().keys.factors, app.secret, _label(user)).decode()
    step = _step_of(secret, code, after=app.last_step)
    if step is None:
        return None
    # Of two at the same moment with the same code only one finds the older step still there.
    first = update(CodeApp).where(CodeApp.user_id == user.id, CodeApp.last_step < step)
    return "code" if db.session.execute(first.values(last_step=step)).rowcount == 1 else None  # type: ignore[attr-defined]


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The half minute that this code belongs to, when it is about now and later than `after`; else None."""
    if not is_app_code(code):
        return None
    now = int(clock.now().timestamp()) // STEP_SECONDS
    totp = _totp(secret)
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if step > after and pyotp.utils.strings_equal(code, totp.generate_otp(step)):
            return step
    return None


def _totp(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)


def _label(user: User) -> bytes:
    """What the sealed secret is bound to, so that it cannot be moved to another account."""
    return f"code app of {user.id}".encode()

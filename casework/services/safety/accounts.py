"""Accounts: names and passwords, one-time links, and what each person is in the group."""

from sqlalchemy import func, select, update

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Role, may
from casework.domain.safety.sign_in import tidy_sign_in_name
from casework.services.case import owners, recent_items
from casework.services.case.things import KINDS
from casework.services.language import languages
from casework.services.safety import audit, one_time_links, passwords, sessions, tries
from casework.services.safety.one_time_links import Purpose
from casework.storage.asking import FIRST_GROUP, every_group, group_now
from casework.storage.database import db
from casework.storage.models import Case, OneTimeLink, User
from casework.storage.name_order import name_order

WRONG = "That name and that password do not go together. Try again, or ask an organiser for a new link."


def sign_in(sign_in_name: str, password: str, address: str) -> User:
    """The person whose name and password these are. Who has a second factor is not let in by that alone.

    Raises CaseworkError when they are not, and TooManyTries while this name or this address has to wait. A name
    that nobody has is answered in the same words and in the same time.
    """
    name = tidy_sign_in_name(sign_in_name)
    counted = tries.count(name, address)
    user = find_user(name)
    right = passwords.is_right(user.password_hash if user and user.active else None, password)
    if user is None or not right:
        if counted.slows_the_next:
            audit.record("sign-in slowed", None, user=user.id if user else None)
            db.session.commit()
        raise CaseworkError(WRONG)
    tries.forgive(name, address)
    if passwords.is_old(user.password_hash):
        user.password_hash = passwords.make_hash(password)
    db.session.commit()
    return user


def sign_out(actor: User) -> None:
    """End the sign-in of this browser, for good: its cookie is worth nothing any more. Their others go on."""
    sessions.end_all(actor, only=actor.session)
    audit.record("signed out", actor)
    db.session.commit()


def sign_out_everywhere(actor: User) -> None:
    """End every session of this person, on every device."""
    sessions.end_all(actor)
    audit.record("signed out everywhere", actor)
    db.session.commit()


def change_password(actor: User, old: str, new: str, address: str) -> None:
    """Give somebody a new password of their own choice. All their sessions end: sign them in again here.

    Raises CaseworkError when the old one is wrong or the new one is easy to guess, TooManyTries after many.
    """
    passwords.check(new, actor)
    tries.count(actor.sign_in_name, address)
    if not passwords.is_right(actor.password_hash, old):
        raise CaseworkError("This is not your password now.", field="old")
    tries.forgive(actor.sign_in_name, address)
    _set_password(actor, new)
    audit.record("password changed", actor)
    db.session.commit()


def is_new() -> bool:
    """Whether nobody on this machine has an account yet."""
    with every_group():
        return db.session.scalar(select(func.count(User.id))) == 0


def first_organiser_link() -> str | None:
    """A new one-time link for the first organiser; None when somebody has an account.

    Only the newest such link works.
    """
    if not is_new():
        return None
    token = one_time_links.make(Purpose.FIRST_ORGANISER, None)
    db.session.commit()
    return token


def list_users() -> list[User]:
    """Everybody of the group with an account, those who can sign in first, by name."""
    return list(db.session.scalars(select(User).order_by(User.active.desc(), name_order(User.name))))


def not_on_team(case: Case) -> list[User]:
    """Everybody who can sign in and does not work on this case, by name."""
    team = {member.user_id for member in case.team}
    return [
        user
        for user in list_users()
        if user.active and user.group_id == case.group_id and user.id not in team
    ]


def get_user(user_id: int) -> User:
    """One account of the group. Raises NotFound."""
    user = db.session.get(User, user_id)
    if user is None or group_now() not in (None, user.group_id):
        raise NotFound("There is no such account.")
    return user


def find_by_id(user_id: int) -> User | None:
    """One account, or None."""
    return db.session.get(User, user_id)


def find_user(sign_in_name: str) -> User | None:
    """The account with this name to sign in, whichever group it is of."""
    with every_group():
        return db.session.scalar(select(User).where(User.sign_in_name == tidy_sign_in_name(sign_in_name)))


def add_user(name: str, sign_in_name: str, role: Role, actor: User | None = None) -> tuple[User, str]:
    """A new account that cannot be signed in to yet, and the token with which its owner chooses a password.

    Raises CaseworkError when the name to sign in is taken.
    """
    user = _new_user(name, sign_in_name, role, actor.group_id if actor else FIRST_GROUP)
    token = one_time_links.make(Purpose.NEW_PERSON, user)
    audit.record("person added", actor, user=user.id, role=str(role))
    db.session.commit()
    return user, token


def make_new_link(user: User, actor: User | None) -> str:
    """A token with which this person chooses a new password; the old one works until they do.

    `actor` is None when it was made in the terminal of the machine itself. Raises CaseworkError for an account that is
    switched off.
    """
    if not user.active:
        raise CaseworkError("This account is switched off. Switch it on first.")
    token = one_time_links.make(one_time_links.purpose_for(user), user)
    audit.record("one-time link made", actor, user=user.id)
    db.session.commit()
    return token


def use_first_link(token: str, name: str, sign_in_name: str, password: str) -> User:
    """The first organiser's new account. Raises CaseworkError when the link does not work, or somebody was first."""
    link = one_time_links.find(token, Purpose.FIRST_ORGANISER)
    group_id = link.group_id or FIRST_GROUP
    passwords.check_new(password, tidy_sign_in_name(sign_in_name), name)
    one_time_links.use(link)
    with every_group():
        people = db.session.scalar(select(func.count(User.id)).where(User.group_id == group_id))
    if people:
        db.session.rollback()
        raise CaseworkError(one_time_links.USED)
    user = _new_user(name, sign_in_name, Role.ORGANISER, group_id)
    return _settle_in(user, password, "first organiser's account made")


def use_link(token: str, password: str) -> User:
    """The person whose link this is, with their new password. Their older sessions and links end."""
    link = one_time_links.find(token, Purpose.NEW_PERSON, Purpose.NEW_PASSWORD)
    user = person_of(link)
    passwords.check(password, user)
    one_time_links.use(link)
    return _settle_in(user, password, "password chosen by one-time link")


def person_of(link: OneTimeLink) -> User:
    """Whose link this is. Raises CaseworkError when their account is switched off."""
    user = db.session.get(User, link.user_id)
    if user is None or not user.active:
        raise CaseworkError("This account is switched off. Ask an organiser of your group.")
    return user


def change_role(user: User, role: Role, actor: User) -> None:
    """Give somebody another part in the group; they sign in again. Raises CaseworkError for the last organiser."""
    if user.role == role:
        return
    _keep_an_organiser(user, "role")
    before, user.role = user.role, role
    sessions.end_all(user)
    # Nobody may believe that somebody sees to a thing which they cannot do any more, and may not even be shown.
    lost = [kind for kind, kept in KINDS.items() if not may(role, kept.needs)]
    dates = owners.let_go(user, only=lost)
    audit.record("role changed", actor, user=user.id, before=str(before), after=str(role), dates=dates)
    db.session.commit()


def read_in(actor: User, code: str | None) -> None:
    """Show this person every page in this language from now on; English where none is named.

    The trail says that they chose, and not which: a language may tell where somebody comes from.
    """
    if code and code != "en":
        languages.get_catalogue(code)
    actor.language = code if code != "en" else None
    audit.record("language of the pages chosen", actor)
    db.session.commit()


def switch_off(user: User, actor: User) -> None:
    """Close an account: its sessions and its links end at once. What the person did stays as it is."""
    _keep_an_organiser(user, None)
    user.active = False
    sessions.end_all(user)
    one_time_links.end_all(user)
    recent_items.forget(user)
    audit.record("account switched off", actor, user=user.id, dates=owners.let_go(user))
    db.session.commit()


def switch_on(user: User, actor: User) -> None:
    """Open a closed account again; the password is as it was."""
    user.active = True
    audit.record("account switched on", actor, user=user.id)
    db.session.commit()


def _new_user(name: str, sign_in_name: str, role: Role, group_id: int) -> User:
    name_to_sign_in = tidy_sign_in_name(sign_in_name)
    if not name.strip():
        raise CaseworkError("Type a name.", field="name")
    if not name_to_sign_in:
        raise CaseworkError("Type a name to sign in with.", field="sign_in_name")
    if find_user(name_to_sign_in) is not None:
        raise CaseworkError("Somebody has this name already. Choose another one.", field="sign_in_name")
    user = User(
        name=name.strip(),
        sign_in_name=name_to_sign_in,
        role=role,
        group_id=group_id,
        active=True,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def _set_password(user: User, password: str) -> None:
    user.password_hash = passwords.make_hash(password)
    sessions.end_all(user)
    one_time_links.end_all(user)


def _settle_in(user: User, password: str, event: str) -> User:
    _set_password(user, password)
    audit.record(event, user)
    db.session.commit()
    return user


def _keep_an_organiser(user: User, field: str | None) -> None:
    """Refuse what would leave the group without anybody who can add people.

    It is counted once nobody else can write: two organisers who switch each other off would else both find the other.
    """
    first = update(User).where(User.id == user.id).values(active=User.active)
    db.session.execute(first, execution_options={"synchronize_session": False})
    others = select(func.count(User.id)).where(
        User.group_id == user.group_id, User.role == Role.ORGANISER, User.active, User.id != user.id
    )
    if user.role == Role.ORGANISER and user.active and not db.session.scalar(others):
        raise CaseworkError("This is the only organiser. Make somebody else an organiser first.", field=field)

"""The digest: what one person has to see this morning, and the mail that says only how many dates that is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import delete, select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.mail import is_mail_address
from casework.domain.timing.digest import A_WEEK, Digest, digest_of
from casework.services.campaign import reporting_days
from casework.services.case.moves import MovedDate, list_moved
from casework.services.letters.mail import MailServer, PerhapsSent
from casework.services.safety import audit, groups
from casework.services.timing import diary, flights
from casework.storage.asking import asking_for
from casework.storage.database import db, insert
from casework.storage.instance import current_instance
from casework.storage.models import InstanceNote, User
from casework.storage.name_order import name_order

SUBJECT = "Today"


@dataclass(frozen=True)
class Posted:
    """What became of one person's mail. `wrong` is empty where it was sent."""

    user: User
    wrong: str = ""


def digest_for(user: User) -> Digest:
    """What needs this person today, and what comes within a week."""
    today = clock.today()
    with asking_for(groups.asking_of(user)):
        found = digest_of(diary.open_entries(user, until=today + A_WEEK), today)
        return replace(
            found,
            reporting=len(reporting_days.to_check(user)),
            flights=flights.need_somebody_now(flights.ahead_for(user)),
        )


def moved_of_late(user: User) -> list[MovedDate]:
    """What moved since yesterday of the dates that run, newest first."""
    return list_moved(user, running_since=clock.today() - timedelta(days=1))


def all_digests(*, to_mail: bool = False) -> list[tuple[User, Digest]]:
    """The digest of everybody who can sign in, by name; or only of those who get it by mail and had none today."""
    users = db.session.scalars(select(User).where(User.active).order_by(name_order(User.name))).all()
    wanted = [user for user in users if not to_mail or (user.digest_to and not _had_mail(user))]
    return [(user, digest_for(user)) for user in wanted]


def mail_is_offered() -> bool:
    """Whether mail can be sent at all."""
    return bool(current_instance().settings.smtp_host)


def ask_for_mail(actor: User, address: str | None) -> None:
    """Send this person the morning's mail from now on, or with None no longer. Raises CaseworkError for no address."""
    if address and not mail_is_offered():
        raise NotFound("This Casework sends no mail.")
    if address and not is_mail_address(address):
        raise CaseworkError("Type one mail address, such as ada@example.org.", field="address")
    actor.digest_to = address
    audit.record("morning mail asked for" if address else "morning mail stopped", actor)
    db.session.commit()


def send_mail() -> Iterator[Posted]:
    """Mail everybody who asked for it and whom a date needs today, or in whose cases a removal is possible.

    Each gets one a day, however often this runs.

    That it goes out is kept before it does, and taken back when the mail server did not take it. Where nobody knows
    whether it did, it counts as sent: better one mail too few than two. Raises CaseworkError when there is no mail
    server, before anything is kept.
    """
    if not mail_is_offered():
        raise CaseworkError("No mail server is set. The README names the settings.")
    due = [(user, digest) for user, digest in all_digests(to_mail=True) if digest.need_you or digest.removals]
    if not due:
        return
    with MailServer(current_instance().settings) as server:
        for user, digest in due:
            assert user.digest_to
            if not _claim(user):
                continue
            try:
                server.send(user.digest_to, SUBJECT, mail_text(digest))
            except PerhapsSent as error:
                yield Posted(
                    user, f"{error.message} The mail may have gone out; today there is no second try."
                )
                return
            except CaseworkError as error:
                _give_back(user)
                yield Posted(user, f"{error.message} The next run tries again.")
            else:
                yield Posted(user)


def mail_text(digest: Digest) -> str:
    """What the mail says: a count, and where to look."""
    base = current_instance().settings.base_url
    return (
        f"{digest.says} Open Casework.\n\n{base}/today\n\n"
        f"You asked for this mail. You can stop it here: {base}/you/mail\n"
    )


def _key(user: User) -> str:
    return f"digest mail {user.id}"


def _had_mail(user: User) -> bool:
    note = db.session.get(InstanceNote, _key(user))
    return note is not None and note.value == clock.today().isoformat()


def _claim(user: User) -> bool:
    """Keep that this person gets today's mail. False when another run was first."""
    today = clock.today().isoformat()
    kept = insert(InstanceNote).values(key=_key(user), value=today)
    kept = kept.on_conflict_do_update(
        index_elements=["key"], set_={"value": today}, where=InstanceNote.value != today
    )
    claimed = db.session.scalar(kept.returning(InstanceNote.key)) is not None
    db.session.commit()
    return claimed


def _give_back(user: User) -> None:
    db.session.execute(delete(InstanceNote).where(InstanceNote.key == _key(user)))
    db.session.commit()

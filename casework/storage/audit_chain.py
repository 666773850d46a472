"""The trail as a chain: each line carries a link over the line before it and all its own fields.

A link is an HMAC under a key of its own, so whoever alters the database without the key file cannot make one that
fits. The head, one row, says how many lines there are; it is sealed too, so a trail that was cut at its end shows it.
What no chain can show is a whole database that was put back as it once was: for that, note the last line on paper
(`casework audit verify` prints it) and ask for it later.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, bindparam, event, insert, select, text, update
from sqlalchemy.orm import Session, attributes

from casework.domain.errors import SettingsError
from casework.storage.database import AUDIT_TRIGGERS
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, AuditHead

EVENTS: Table = AuditEvent.__table__
HEAD: Table = AuditHead.__table__
HEAD_ID = 1
START = ""
PART = 1000


@dataclass(frozen=True)
class Broken:
    """A place at which the chain does not hold. `number` is that of the line; 0 for the end of the trail."""

    number: int
    says: str


@dataclass(frozen=True)
class Verdict:
    """How many lines were looked at, the link of the last of them, and what is wrong."""

    lines: int
    last: str
    broken: tuple[Broken, ...]


def link_of(key: bytes, before: str, line: Any, number: int) -> str:
    """The link of a line: over the one before it, its number and every field, each written in one way alone."""
    at: datetime = line.at
    fields = [
        before,
        number,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.user_id,
        line.user_name,
        line.action,
        line.case_id,
        line.facts or {},
    ]
    plain = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, plain, sha256).hexdigest()


def seal_of(key: bytes, number: int, link: str) -> str:
    """The seal of the head: another than any link, so that no line of the trail can stand for it."""
    return hmac.new(key, f"head {number} {link}".encode(), sha256).hexdigest()


_TAKE = (
    update(HEAD)
    .where(HEAD.c.id == HEAD_ID)
    .values(number=HEAD.c.number + bindparam("more"))
    .returning(HEAD.c.number, HEAD.c.link)
)
_KEEP = (
    update(HEAD).where(HEAD.c.id == HEAD_ID).values(link=bindparam("last_link"), seal=bindparam("last_seal"))
)


@event.listens_for(Session, "before_flush")
def _link_new(session: Session, *_: Any) -> None:
    """Number and link the new lines, in their order.

    The head is changed first: it is one row, so whoever adds lines at the same moment waits for its lock, and no
    number is given twice. Without a head nothing is linked, and `verify` says so.
    """
    lines = [row for row in session.new if isinstance(row, AuditEvent) and row.link is None]
    if not lines:
        return
    lines.sort(key=lambda row: attributes.instance_state(row).insert_order or 0)
    connection = session.connection()
    head = connection.execute(_TAKE, {"more": len(lines)}).first()
    if head is None:
        return
    key, link = current_instance().keys.trail, head.link
    for number, row in enumerate(lines, head.number - len(lines) + 1):
        link = link_of(key, link, row, number)
        row.number, row.link = number, link
    connection.execute(_KEEP, {"last_link": link, "last_seal": seal_of(key, head.number, link)})


def begin(connection: Connection, key: bytes) -> None:
    """Link the lines of an older Casework, if there are any, and make the head.

    It belongs to the transaction that makes the tables of the chain, and nowhere else: whoever emptied all links and
    took the head away would have altered lines linked anew.
    """
    connection.execute(insert(HEAD).values(id=HEAD_ID, number=0, link=START, seal=""))
    link_all(connection, key)


def look_for_head(connection: Connection) -> None:
    """Raises SettingsError where the head is gone: to begin anew would hide why."""
    if connection.execute(select(HEAD.c.id)).first() is None:
        raise SettingsError(
            "The end of the trail is gone from the database. Somebody changed the database. Bring the instance folder "
            "back from a backup."
        )


def link_all(connection: Connection, key: bytes) -> None:
    """Number and link every line anew under this key, in the order of their ids, and seal the head.

    For the update that makes the chain. For another day: verify before that.
    """
    # Taken first, so that nobody adds a line meanwhile.
    connection.execute(update(HEAD).where(HEAD.c.id == HEAD_ID).values(number=0))
    _lift_triggers(connection)
    connection.execute(update(EVENTS).values(number=None, link=None))
    number, link, last_id = 0, START, 0
    fill = update(EVENTS).where(EVENTS.c.id == bindparam("row")).values(
        number=bindparam("its_number"), link=bindparam("its_link")
    )  # fmt: skip
    while rows := connection.execute(
        select(EVENTS).where(EVENTS.c.id > last_id).order_by(EVENTS.c.id).limit(PART)
    ).all():
        filled = []
        for row in rows:
            number += 1
            link = link_of(key, link, row, number)
            filled.append({"row": row.id, "its_number": number, "its_link": link})
        connection.execute(fill, filled)
        last_id = rows[-1].id
    sealed = {"number": number, "link": link, "seal": seal_of(key, number, link)}
    connection.execute(update(HEAD).where(HEAD.c.id == HEAD_ID).values(**sealed))
    _put_triggers_back(connection)


def _lift_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_events_no_{verb}"))
    else:
        connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))


def _put_triggers_back(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for statement in AUDIT_TRIGGERS:
            connection.execute(text(statement))
    else:
        connection.execute(text("ALTER TABLE audit_events ENABLE TRIGGER USER"))


def verify(connection: Connection, key: bytes, known: tuple[int, str] | None = None) -> Verdict:
    """Whether the whole trail holds. `known` is a line noted before: its number and how its link begins."""
    broken = []
    number, link, last_id = 0, START, 0
    gap = False
    query = select(EVENTS).where(EVENTS.c.number.is_not(None)).order_by(EVENTS.c.number, EVENTS.c.id)
    for row in connection.execute(query.execution_options(yield_per=PART)):
        if row.number != number + 1:
            gap = row.number > number + 1
            broken.append(Broken(*_missing(number, row.number)))
        # After a gap nothing is known of what came before: the line itself is the new start.
        if not gap and link_of(key, link, row, row.number) != row.link:
            broken.append(Broken(row.number, f"Line {row.number} was altered, or stands in another’s place."))
        if row.id <= last_id:
            broken.append(Broken(row.number, f"Line {row.number} was moved: it is shown in another order."))
        if known and row.number == known[0] and not (row.link or "").startswith(known[1]):
            broken.append(Broken(row.number, f"Line {row.number} is not the one that was noted."))
        number, link, last_id, gap = row.number, row.link or "", max(row.id, last_id), False
    broken += _outside(connection)
    broken += _at_the_end(connection, key, number, link)
    if known and known[0] > number:
        broken.append(Broken(0, f"Line {known[0]}, which was noted, is not there."))
    return Verdict(number, link, tuple(broken))


def _missing(number: int, next_number: int) -> tuple[int, str]:
    if next_number <= number:
        return next_number, f"Line {next_number} is there twice: one was put in."
    if next_number == number + 2:
        return number + 1, f"Line {number + 1} was removed."
    return number + 1, f"Lines {number + 1} to {next_number - 1} were removed."


def _outside(connection: Connection) -> Iterator[Broken]:
    query = select(EVENTS.c.id).where(EVENTS.c.number.is_(None)).order_by(EVENTS.c.id).limit(PART)
    for row in connection.execute(query):
        yield Broken(0, f"The line with the id {row.id} was put in: it is no part of the chain.")


def _at_the_end(connection: Connection, key: bytes, number: int, link: str) -> Iterator[Broken]:
    head = connection.execute(select(HEAD).where(HEAD.c.id == HEAD_ID)).first()
    if head is None:
        yield Broken(0, "What says where the trail ends is gone.")
        return
    if not hmac.compare_digest(head.seal, seal_of(key, head.number, head.link)):
        yield Broken(0, "What says where the trail ends was altered.")
    if head.number > number:
        cut = (
            f"Lines {number + 1} to {head.number} were"
            if head.number > number + 1
            else f"Line {head.number} was"
        )
        yield Broken(number + 1, f"{cut} cut off the end.")
    elif head.number < number:
        yield Broken(head.number + 1, f"Line {head.number + 1} and what follows were put in at the end.")
    elif head.link != link:
        yield Broken(number, f"Line {number} is not the one with which the trail ended.")

"""Backups: made while others work, tried out at once, listed with how long they are kept; and brought back."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.backups import reminder
from casework.services.safety import audit
from casework.storage import backup_files, leftovers, migrate
from casework.storage.backup_files import KIND, Manifest
from casework.storage.database import db
from casework.storage.encryption import Keys
from casework.storage.instance import current_instance
from casework.storage.models import Backup, Case, User
from casework.storage.sealed_files import Opener, SealedReader
from casework.storage.whole_files import sync_folder

AT_THE_MACHINE = "whoever sits at the machine"
CANNOT_WRITE = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full",
    errno.EFBIG: "the disk takes no file of this size",
    errno.EROFS: "nothing can be written there",
    errno.EACCES: "nothing can be written there",
    errno.ENOENT: "there is no such folder",
}


@dataclass(frozen=True)
class Tried:
    """A backup that was brought back into a scratch place and was right: what it holds, and its own hash."""

    manifest: Manifest
    file_sha256: str
    bytes: int


def make(target: Path, actor: User | None, *, kept_until: date, passphrase: str | None = None) -> Backup:
    """Write a backup to a new file, try it out, and keep a row and a line of the trail about it.

    Raises CaseworkError when there is such a file already, and when it cannot be written: then there is none.
    """
    instance = current_instance()
    with new_file(target, instance.settings.instance) as file:
        backup_files.write_backup(instance, file, clock.now(), migrate.newest_revision() or "", passphrase)
        file.flush()
        os.fsync(file.fileno())
        # What is tried is what lies there, read back from the beginning.
        file.seek(0)
        keys = instance.keys
        tried = try_out(file, Opener(keys.backups), keys, instance.settings.instance)
    return _note(tried, actor, kept_until, has_passphrase=bool(passphrase))


@contextmanager
def new_file(target: Path, noted_in: Path | None = None) -> Iterator[BinaryIO]:
    """A file that gets its name only when it is whole, and never that of another.

    `noted_in` is the folder of the instance whose words are in it, which then knows of one that breaks off. Raises
    CaseworkError where there is one of that name, or where it cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise CaseworkError(f"{target} is there already. Choose another name: no file is ever written over.")
    temporary = target.parent / f"{leftovers.HALF}{secrets.token_hex(8)}"
    try:
        if not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "there is no such folder")
        with leftovers.noted(temporary, noted_in) if noted_in else nullcontext():
            try:
                descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w+b") as file:
                    yield file
                _give_name(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        why = CANNOT_WRITE.get(error.errno or 0, error.strerror or "the disk does not answer")
        raise CaseworkError(f"{target} cannot be written: {why}. There is no new file.") from None


def _give_name(temporary: Path, target: Path) -> None:
    """Name the file, unless somebody else took the name meanwhile."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise CaseworkError(
            f"{target} is there already. Choose another name: no file is ever written over."
        ) from None
    except OSError:  # a stick that knows no second names for a file
        if target.exists():
            raise CaseworkError(f"{target} is there already. Choose another name.") from None
        temporary.rename(target)
    with suppress(OSError):
        sync_folder(target.parent)


def try_out(file: BinaryIO, opener: Opener, keys: Keys | None, beside: Path) -> Tried:
    """Bring a backup back into a scratch place, look through every page, row and file of it, and wipe the place.

    `keys` are those of its instance; without them, those that it carries. Raises SealedFileError with what is wrong.
    """
    seen, size = sha256(), 0

    def heard(data: bytes) -> None:
        nonlocal size
        seen.update(data)
        size += len(data)

    reader = SealedReader(file, KIND, opener, heard)
    with leftovers.scratch_folder(beside) as scratch:
        manifest = backup_files.unpack(reader, scratch, migrate.known_revisions())
        carried = backup_files.keys_in(scratch)
        (scratch / backup_files.KEY).unlink(missing_ok=True)
        use = carried or keys
        if use is None:
            raise CaseworkError("Its rows cannot be looked through without the key.")
        backup_files.check_unpacked(scratch, manifest, use)
    return Tried(manifest, seen.hexdigest(), size)


def try_out_file(path: Path, opener: Opener, keys: Keys | None, beside: Path) -> Tried:
    """The same for a file by its name."""
    try:
        with path.open("rb") as file:
            return try_out(file, opener, keys, beside)
    except OSError as error:
        raise CaseworkError(f"{path} cannot be read or tried out: {error.strerror}.") from None


def note_tried(tried: Tried, actor: User | None) -> None:
    """Keep that a backup was tried out and was right, where this instance knows of it."""
    row = db.session.scalar(select(Backup).where(Backup.file_sha256 == tried.file_sha256))
    if row is not None:
        row.verified_at = clock.now()
    audit.record("backup tried out", actor, signed=AT_THE_MACHINE, known=row is not None)
    db.session.commit()


def note_restored(manifest: Manifest, file_sha256: str, size: int) -> None:
    """Keep in an instance that was just brought back from which backup, which still holds what it holds."""
    known = db.session.scalar(select(Backup).where(Backup.file_sha256 == file_sha256))
    if known is None:
        until = clock.today() + timedelta(days=current_instance().settings.backup_keep_days)
        _add(Tried(manifest, file_sha256, size), AT_THE_MACHINE, until, has_passphrase=False)
    audit.record("instance brought back from a backup", None, signed=AT_THE_MACHINE, made_at=manifest.made_at)
    db.session.commit()


def _note(tried: Tried, actor: User | None, kept_until: date, *, has_passphrase: bool) -> Backup:
    row = _add(tried, actor.name if actor else AT_THE_MACHINE, kept_until, has_passphrase=has_passphrase)
    db.session.flush()
    audit.record(
        "backup made",
        actor,
        signed=AT_THE_MACHINE,
        backup=row.id,
        cases=len(row.case_ids),
        kept_until=str(kept_until),
    )
    db.session.commit()
    return row


def _add(tried: Tried, made_by: str, kept_until: date, *, has_passphrase: bool) -> Backup:
    manifest = tried.manifest
    row = Backup(
        made_at=datetime.fromisoformat(manifest.made_at),
        file_sha256=tried.file_sha256,
        bytes=tried.bytes,
        revision=manifest.revision,
        counts={name: one.rows for name, one in manifest.tables.items()},
        case_ids=manifest.case_ids,
        has_passphrase=has_passphrase,
        kept_until=kept_until,
        verified_at=clock.now(),
        made_by=made_by,
    )
    db.session.add(row)
    return row


def list_backups() -> list[Backup]:
    """Every backup that this instance knows of, the newest first."""
    return list(db.session.scalars(select(Backup).order_by(Backup.made_at.desc(), Backup.id.desc())))


def get_backup(backup_id: int) -> Backup:
    """One backup. Raises NotFound."""
    row = db.session.get(Backup, backup_id)
    if row is None:
        raise NotFound("There is no such backup.")
    return row


def keep_until(row: Backup, until: date, actor: User) -> None:
    """Keep until when people keep this backup; a day that is over says that it is destroyed."""
    audit.record("backup kept until", actor, backup=row.id, before=str(row.kept_until), after=str(until))
    row.kept_until = until
    db.session.commit()


def reminder_now() -> str:
    """What to say today when the last good backup is too old; empty when all is well."""
    newest = select(Backup.verified_at, Backup.made_at).where(Backup.verified_at.is_not(None))
    last = db.session.execute(newest.order_by(Backup.made_at.desc()).limit(1)).first()
    holds = last is not None or db.session.scalar(select(Case.id).limit(1)) is not None
    days = current_instance().settings.backup_days
    return reminder(clock.day_of(last.made_at) if last else None, clock.today(), days, holds_something=holds)


def kept_until_unless_said(today: date) -> date:
    """The day until which a backup made today is kept, when nobody says otherwise."""
    return today + timedelta(days=current_instance().settings.backup_keep_days)


def check_kept_until(until: date, today: date) -> date:
    """The day. Raises CaseworkError for one that is over: a backup that nobody keeps is none."""
    if until < today:
        raise CaseworkError("Choose a day from today on.", field="kept_until")
    return until

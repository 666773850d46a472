"""Bringing an instance back from a backup: into an empty folder, whole or not at all."""

import json
import re
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from casework.domain.errors import CaseworkError
from casework.storage import backup_files, migrate
from casework.storage.backup_files import DATABASE, KEY, KIND, Manifest
from casework.storage.encryption import read_keys
from casework.storage.instance import starting_alone
from casework.storage.key_file import is_wrapped
from casework.storage.sealed_files import Opener, SealedReader
from casework.storage.whole_files import sync_folder, write_new

UNDER_WAY = ".restoring"
_NAMES_A_DATABASE = re.compile(r"""^\s*(["']?database_url(?:_file)?["']?\s*=)""", re.MULTILINE)
_NAMES_A_BUCKET = re.compile(
    r"""^\s*(["']?s3_[a-z_]+["']?\s*=|["']?archive_store["']?\s*=\s*["']+s3["'])""", re.MULTILINE
)
OF_THE_BUCKET = """\
# Brought back from a backup. Its papers lie in a bucket that the instance which made the backup may use still, so the
# lines about that bucket are switched off: no paper there can be opened here, and none is lost by what is erased here.
# Only if that instance is gone for good and this one takes its place: take away the "# " before archive_store and s3_.
"""
# What may lie in a folder that counts as empty: its key, put there beforehand, the lock of
# whoever starts first, and what a disk of its own has.
MAY_BE_THERE = frozenset({KEY, ".starting", "lost+found"})
LIVING = (
    "There is something in {folder} already. An instance is never written over: restore into an empty folder with "
    "--to FOLDER and look whether all is there. Then stop Casework, rename the old folder, and give the new one "
    "its name."
)


@dataclass(frozen=True)
class Restored:
    """What was brought back, and which backup it came from."""

    manifest: Manifest
    file_sha256: str
    bytes: int
    left_a_bucket: bool


def restore(file: Path, folder: Path, key_file: Path | None, passphrase: str | None) -> Restored:
    """Bring the instance in this backup back into the folder, checked in every row before anything counts.

    `key_file` is the key of the instance that made it, where there is one; without it the passphrase opens the backup
    and the key comes out of it. Raises CaseworkError, and then the folder is as it was.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with starting_alone(folder):
            _refuse_living(folder)
            try:
                return _restore(file, folder, key_file, passphrase)
            except BaseException:
                _clear(folder)
                raise
    except OSError as error:
        raise CaseworkError(
            f"It cannot be brought back into {folder}: {error.strerror}. Nothing of it is there."
        ) from None


def go_by(folder: Path, url_file: Path | None) -> None:
    """Have the settings in this folder name this database, by the file with its address, and no other.

    A backup brings along the address of the database that it was made of. Nothing that is brought back may ever go
    into that by itself.
    """
    before = _settings_in(folder)
    after = _NAMES_A_DATABASE.sub(r"# \1", before)
    if url_file is not None:
        after = f"database_url_file = {json.dumps(str(url_file))}\n{after}"
    if after != before:
        _set(folder, after)


def _leave_the_bucket(folder: Path) -> bool:
    """Have the settings in this folder name no storage that speaks S3, and say why there; whether they did.

    The papers there are in no backup. What is erased in a copy, by itself too, would be lost to the living instance.
    """
    after, number = _NAMES_A_BUCKET.subn(r"# \1", _settings_in(folder))
    if number:
        _set(folder, OF_THE_BUCKET + after)
    return bool(number)


def _settings_in(folder: Path) -> str:
    path = folder / "settings.toml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _set(folder: Path, settings: str) -> None:
    new = folder / ".settings.toml"
    new.unlink(missing_ok=True)
    write_new(new, [settings.encode()])
    new.rename(folder / "settings.toml")


def _refuse_living(folder: Path) -> None:
    """Make sure that nothing is lost; what an interrupted restore left is no instance, and is cleared."""
    if (folder / UNDER_WAY).exists() and not (folder / DATABASE).exists():
        _clear(folder)
    if {path.name for path in folder.iterdir()} - MAY_BE_THERE:
        raise CaseworkError(LIVING.format(folder=folder))


def _clear(folder: Path) -> None:
    """Take away all that a restore wrote. Its own folder goes last: as long as that is there, the rest is known."""
    if not (folder / UNDER_WAY).exists():
        return
    for path in folder.iterdir():
        if path.name not in MAY_BE_THERE | {UNDER_WAY}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(folder / UNDER_WAY)


def _restore(file: Path, folder: Path, key_file: Path | None, passphrase: str | None) -> Restored:
    place, seen, size = folder / UNDER_WAY, sha256(), 0

    def heard(data: bytes) -> None:
        nonlocal size
        seen.update(data)
        size += len(data)

    keys = read_keys(key_file) if key_file else None
    with file.open("rb") as backup:
        reader = SealedReader(backup, KIND, Opener(keys.backups if keys else None, passphrase), heard)
        place.mkdir(mode=0o700)
        manifest = backup_files.unpack(reader, place, migrate.known_revisions())
    _bring_key(folder, place, key_file)
    go_by(place, None)
    left_a_bucket = _leave_the_bucket(place)
    # The key that came with it opens it, whatever key this machine has; under a passphrase it tells nothing yet.
    came = None if is_wrapped(place / KEY) else read_keys(place / KEY)
    backup_files.check_unpacked(place, manifest, came or keys or read_keys(place / KEY))
    _move_in(place, folder)
    return Restored(manifest, seen.hexdigest(), size, left_a_bucket)


def _bring_key(folder: Path, place: Path, key_file: Path | None) -> None:
    """See to it that the key lies with what it opens: as it came with the backup, or as it was given."""
    if not (place / KEY).exists():
        if key_file is None:
            raise CaseworkError(
                "This backup carries no key. Give the key of the instance that made it: --key FILE"
            )
        write_new(place / KEY, [key_file.read_bytes()])
    if (folder / KEY).exists() and (folder / KEY).read_bytes() != (place / KEY).read_bytes():
        raise CaseworkError(f"Another key lies in {folder}. Take it away, or restore into another folder.")


def _move_in(place: Path, folder: Path) -> None:
    """Give everything its name, the database last: before it is there, there is no instance."""
    for path in sorted(place.iterdir(), key=lambda one: one.name == DATABASE):
        path.rename(folder / path.name)
        sync_folder(folder)
    place.rmdir()

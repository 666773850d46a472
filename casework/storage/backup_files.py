"""Everything of an instance in one encrypted file, and an instance out of it again."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import sqlcipher3.dbapi2 as sqlcipher

from casework.domain.errors import CaseworkError, SettingsError
from casework.storage import migrate, moving
from casework.storage.bare import file_engine
from casework.storage.database import connect, db
from casework.storage.encryption import Keys, read_keys
from casework.storage.fingerprints import Fingerprint, fingerprints_of_file
from casework.storage.instance import Instance
from casework.storage.leftovers import scratch_folder
from casework.storage.sealed_files import DAMAGED, NEWER, Opener, SealedFileError, SealedReader, SealedWriter
from casework.storage.whole_files import write_new

KIND = "backup"
DATABASE = "casework.db"
ARCHIVE = "archive"
KEY = "key"
ABOUT, MANIFEST = "about.json", "manifest.json"
# What a group may have put into its folder besides: words of letters and languages, rules, settings.
KEPT_FILES = ("settings.toml", "rule_changes.toml")
KEPT_FOLDERS = (ARCHIVE, "letters")
MOST_JSON_BYTES = 64 * 2**20
PART_BYTES = 2**20


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows and hash of each table, size and hash of each file, and the cases in it."""

    made_at: str
    program: str
    revision: str
    tables: dict[str, Fingerprint]
    files: dict[str, tuple[int, str]]
    case_ids: list[int]


def write_backup(
    instance: Instance, file: BinaryIO, at: datetime, revision: str, passphrase: str | None = None
) -> Manifest:
    """Write all of the instance, as it is at one moment, while others go on using it; what was written.

    The key is in it only where a passphrase locks it: then the passphrase alone brings everything back.
    """
    writer = SealedWriter(file, KIND, Opener(instance.keys.backups, passphrase))
    about = {"made_at": at.isoformat(), "program": version("casework"), "revision": revision}
    _put_bytes(writer, ABOUT, json.dumps(about).encode())
    with scratch_folder(instance.settings.instance) as scratch:
        copy = scratch / DATABASE
        copy_database(instance, copy)
        tables, case_ids = _look_into(copy, instance.keys)
        files = {DATABASE: _put_file(writer, DATABASE, copy)}
    # A paper is whole on the disk before any row speaks of it, so that those of the copy are all there.
    for name, path in kept_files(instance.settings.instance):
        with suppress(FileNotFoundError):  # somebody erased it meanwhile, and it is in nobody's way
            files[name] = _put_file(writer, name, path)
    if passphrase:
        _put_file(writer, KEY, instance.settings.key_file)
    manifest = Manifest(about["made_at"], about["program"], revision, tables, files, case_ids)
    _put_bytes(writer, MANIFEST, json.dumps(asdict(manifest)).encode())
    writer.close()
    return manifest


def copy_database(instance: Instance, target: Path) -> None:
    """Write the database as it is at this moment, encrypted with the same key, without what was deleted of it.

    One on PostgreSQL becomes such a file too: a backup of either is brought back on either.
    """
    target.touch(mode=0o600)
    if instance.settings.database:
        _copy_hosted(instance, target)
        return
    try:
        with closing(connect(instance.database_path, instance.keys.database)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlcipher.DatabaseError as error:
        raise CaseworkError(f"The database cannot be copied now: {error}. Nothing was changed.") from None


def _copy_hosted(instance: Instance, target: Path) -> None:
    """Carry every row of the database on PostgreSQL into this new file."""
    file = file_engine(target, instance.keys.database)
    with file.begin() as connection:
        migrate.make_tables(connection)
    moving.move(db.engine, file, while_in_use=True)


def kept_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each file of the instance besides its database and its key: its name in the backup, and where it lies."""
    for name in KEPT_FILES:
        if (folder / name).is_file():
            yield name, folder / name
    for name in KEPT_FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.is_file() and not path.is_symlink() and not hidden:
                yield path.relative_to(folder).as_posix(), path


def _put_bytes(writer: SealedWriter, name: str, content: bytes) -> None:
    writer.put(name, len(content), [content])


def _put_file(writer: SealedWriter, name: str, path: Path) -> tuple[int, str]:
    """Add a file whole; its size and its hash."""
    seen = sha256()
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size

        def parts() -> Iterator[bytes]:
            left = size
            while left and (part := file.read(min(left, PART_BYTES))):
                left -= len(part)
                seen.update(part)
                yield part

        writer.put(name, size, parts())
    return size, seen.hexdigest()


def _look_into(path: Path, keys: Keys) -> tuple[dict[str, Fingerprint], list[int]]:
    """The fingerprints of a database's tables, and the ids of its cases."""
    with closing(connect(path, keys.database)) as connection:
        # The copy is read and handed on as it is: nothing of it may be in a file beside it.
        connection.execute("PRAGMA journal_mode=delete")
        found = fingerprints_of_file(connection)
        ids = (
            [row[0] for row in connection.execute("SELECT id FROM cases ORDER BY id")]
            if "cases" in found
            else []
        )
    return found, ids


def unpack(reader: SealedReader, folder: Path, known_revisions: frozenset[str]) -> Manifest:
    """Write what a backup holds into this folder, each file checked against what the backup says of it.

    Raises SealedFileError when something is missing, too much or different, and for a backup of a newer version.
    """
    seen: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    for name, size, parts in reader.entries():
        if manifest is not None or name in seen:
            raise SealedFileError(DAMAGED)
        if name in (ABOUT, MANIFEST):
            facts = _read_json(size, parts)
            if facts.get("revision") not in known_revisions:
                raise SealedFileError(NEWER)
            manifest = _manifest(facts) if name == MANIFEST else None
            continue
        place = _safe(name)
        for parent in reversed(place.parents):
            (folder / parent).mkdir(mode=0o700, exist_ok=True)
        seen[name] = _write_file(folder / place, size, parts)
    if manifest is None:
        raise SealedFileError(DAMAGED)
    seen.pop(KEY, None)
    if seen != manifest.files or DATABASE not in seen:
        raise SealedFileError(DAMAGED)
    return manifest


def _read_json(size: int, parts: Iterator[bytes]) -> dict[str, Any]:
    if size > MOST_JSON_BYTES:
        raise SealedFileError(DAMAGED)
    try:
        facts = json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        raise SealedFileError(DAMAGED) from None
    if not isinstance(facts, dict):
        raise SealedFileError(DAMAGED)
    return facts


def _manifest(facts: dict[str, Any]) -> Manifest:
    try:
        tables = {str(name): Fingerprint(**one) for name, one in facts["tables"].items()}
        files = {str(name): (int(size), str(seen)) for name, (size, seen) in facts["files"].items()}
        case_ids = [int(one) for one in facts["case_ids"]]
        return Manifest(
            str(facts["made_at"]), str(facts["program"]), str(facts["revision"]), tables, files, case_ids
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SealedFileError(DAMAGED) from None


def _safe(name: str) -> Path:
    """The place of an entry within the folder. Raises SealedFileError for one that leads anywhere else."""
    parts = name.split("/")
    odd = any(
        part in ("", ".", "..") or part.startswith(".") or "\\" in part or "\0" in part for part in parts
    )
    is_known = name in (DATABASE, KEY, *KEPT_FILES) or (len(parts) > 1 and parts[0] in KEPT_FOLDERS)
    if odd or not is_known or len(parts) > 8:
        raise SealedFileError(DAMAGED)
    return Path(*parts)


def _write_file(path: Path, size: int, parts: Iterator[bytes]) -> tuple[int, str]:
    """Write a file for its owner alone, whole on the disk; its size and its hash."""
    seen = sha256()

    def heard() -> Iterator[bytes]:
        for part in parts:
            seen.update(part)
            yield part

    write_new(path, heard())
    return size, seen.hexdigest()


def check_unpacked(folder: Path, manifest: Manifest, keys: Keys) -> None:
    """Look through the database that was unpacked here: its pages, its keys, and every row.

    Raises SealedFileError when it does not hold what the backup says, or the key does not open it.
    """
    path = folder / DATABASE
    try:
        with closing(connect(path, keys.database)) as connection:
            connection.execute("PRAGMA journal_mode=delete")
            found = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            found += connection.execute("PRAGMA foreign_key_check").fetchall()
            whole = connection.execute("PRAGMA integrity_check").fetchall()
            tables = fingerprints_of_file(connection)
    except sqlcipher.DatabaseError as error:
        raise SealedFileError(f"The database in this backup cannot be read: {error}.") from None
    if found or whole != [("ok",)]:
        raise SealedFileError("The database in this backup is damaged. Take another backup.")
    if tables != manifest.tables:
        raise SealedFileError(
            "This backup does not hold the rows that it says it holds. Take another backup."
        )


def keys_in(folder: Path) -> Keys | None:
    """The keys that came with a backup into this folder; None where none came."""
    path = folder / KEY
    if not path.exists():
        return None
    try:
        return read_keys(path)
    except SettingsError:
        raise SealedFileError(DAMAGED) from None

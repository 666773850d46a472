"""What `casework doctor` looks at: each check is a small function that returns what it found."""

import ctypes
import ctypes.util
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from casework import clock
from casework.domain.dates import spoken
from casework.domain.errors import SettingsError
from casework.pdf.fonts import CJK, CORE, FONTS, installed
from casework.settings import Settings

APT = "sudo apt-get install"
ROOM_NEEDED_MB = 200
ROOM_WISHED_MB = 1000
HOLIDAYS_WISHED_DAYS = 365
HOLIDAYS_NEEDED_DAYS = 90


class Grade(StrEnum):
    """How a check came out. Only WRONG makes the doctor unhappy."""

    WELL = "well"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Check:
    """What was looked at, how it came out in a sentence, and the mend where one is needed."""

    name: str
    grade: Grade
    says: str
    mend: str = ""


def check_python() -> Check:
    """Which Python runs this. An older one than 3.11 does not get as far as here."""
    return Check("Python", Grade.WELL, f"{'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}.")


def _library(name: str) -> ctypes.CDLL | None:
    for file in (f"lib{name}.so.0", ctypes.util.find_library(name)):
        try:
            if file:
                return ctypes.CDLL(file)
        except OSError:
            continue
    return None


def check_pango() -> Check:
    """The library that sets the letters' text is there."""
    pango, fonts = _library("pango-1.0"), _library("pangoft2-1.0")
    if pango is None or fonts is None:
        mend = f"{APT} libpango-1.0-0 libpangoft2-1.0-0"
        return Check("Pango", Grade.WRONG, "It is missing: no letter can be made.", mend)
    pango.pango_version_string.restype = ctypes.c_char_p
    return Check("Pango", Grade.WELL, f"{pango.pango_version_string().decode()}.")


def check_harfbuzz() -> Check:
    """The library that makes letters quick and small is there. WeasyPrint says nothing when it is not."""
    if _library("harfbuzz-subset") is None:
        says = "It is missing: every letter takes eight times as long."
        return Check("HarfBuzz subset", Grade.WRONG, says, f"{APT} libharfbuzz-subset0")
    return Check("HarfBuzz subset", Grade.WELL, "It is there.")


def check_fonts() -> Check:
    """Which scripts this machine can print, and the package for each of the others."""
    try:
        there = installed()
    except SettingsError:
        mend = f"{APT} fontconfig {CORE} {CJK}"
        return Check("Fonts", Grade.WRONG, "fc-list does not run here.", mend)
    lacking = [font for font in FONTS.values() if font.family not in there]
    prints = ", ".join(font.languages for font in FONTS.values() if font not in lacking)
    if lacking:
        says = f"Letters cannot be printed in {', '.join(font.languages for font in lacking)}."
        says = f"{says} They can in {prints}." if prints else says
        packages = sorted({font.package for font in lacking})
        return Check("Fonts", Grade.WRONG, says, f"{APT} {' '.join(packages)}")
    return Check("Fonts", Grade.WELL, f"{prints}.")


def check_key(settings: Settings) -> Check:
    """The key file is there, is a key, and only its owner can read it."""
    from casework.storage.encryption import read_keys
    from casework.storage.key_file import NeedsPassphrase, is_wrapped

    path, is_open = settings.key_file, True
    if not path.exists() and not (settings.instance / "casework.db").exists():
        return Check("Key", Grade.WELL, f"None yet: the first start makes {path}.")
    try:
        read_keys(path)
    except NeedsPassphrase:
        is_open = False
    except SettingsError as error:
        return Check("Key", Grade.WRONG, error.message, f"chmod 600 {path}" if path.exists() else "")
    if left := _left_beside_key(path):
        return left
    if not is_open:
        says = f"{path} opens with its passphrase alone{_age_of_key(path)}. Nobody typed it here."
        return Check("Key", Grade.LOOK, says, "Run this in a terminal, and type the passphrase.")
    says = f"{path}, for its owner's eyes only{_age_of_key(path)}. Keep a copy away from this machine."
    if not is_wrapped(path):
        return Check("Key", Grade.WELL, f"{says} It has no passphrase: whoever has this disk has it too.")
    return Check("Key", Grade.WELL, f"{says} It opens with its passphrase alone.")


def _left_beside_key(path: Path) -> Check | None:
    """What a command left beside the key that ended on the way: the key from before, or the next one."""
    from casework.storage.key_file import is_bare, is_wrapped, left_beside
    from casework.storage.rotation import next_of

    for left in left_beside(path):
        says = f"A change of the passphrase did not come to its end: {left} was left beside the key."
        mend = "Start Casework: it takes that away."
        try:
            if is_wrapped(path) and is_bare(left):
                says = f"{says} It opens everything without the passphrase."
                return Check("Key", Grade.WRONG, says, f"{mend} Then: casework key rotate")
        except SettingsError as error:
            says = f"{says} {error.message}"
        return Check("Key", Grade.LOOK, says, mend)
    if (following := next_of(path)).exists():
        says = f"A change of the key has not come to its end: {following} lies beside {path}. Keep both."
        return Check("Key", Grade.LOOK, says, "Start Casework: it finishes the change, or takes it back.")
    return None


def _age_of_key(path: Path) -> str:
    from casework.storage.key_file import made_on

    since = made_on(path)
    return f", in use since {spoken(since)} ({(clock.today() - since).days} days)" if since else ""


def check_database(settings: Settings) -> Check:
    """The database opens with the key, is whole, and says nothing to anybody without it."""
    if settings.database:
        return _check_hosted(settings.database)
    path = settings.instance / "casework.db"
    if not path.exists():
        return Check("Database", Grade.WELL, "None yet: the first start makes it.")
    if _opens_without_key(path):
        says = f"{path} can be read without the key."
        return Check("Database", Grade.WRONG, says, "Move it to an encrypted disk and bring a backup back.")
    mend = "Put the right key file back, or bring the instance folder back from a backup."
    from casework.storage.key_file import NeedsPassphrase
    from casework.storage.rotation import next_of

    following = next_of(settings.key_file)
    try:
        complaints = _complaints_of(settings, settings.key_file)
        if complaints is None and following.exists():
            mend = f"Keep {settings.key_file} and {following}. {mend}"
            if _complaints_of(settings, following) is not None:
                says = f"A change of the key has not come to its end: only {following} opens {path}. Keep it."
                return Check("Database", Grade.LOOK, says, "Start Casework: it puts that key in its place.")
    except NeedsPassphrase:
        return Check("Database", Grade.LOOK, "It cannot be tried without the passphrase of the key.")
    except SettingsError:
        return Check("Database", Grade.WRONG, "It cannot be tried without the key.", mend)
    if complaints is None:
        return Check("Database", Grade.WRONG, f"{settings.key_file} does not open {path}.", mend)
    if complaints:
        return Check("Database", Grade.WRONG, f"It is damaged: {complaints[0]}.", mend)
    if _is_newer(settings):
        return _NEWER
    return Check("Database", Grade.WELL, "It opens with the key, and only with the key.")


_NEWER = Check(
    "Database",
    Grade.WRONG,
    "A newer Casework made its tables.",
    "Install that version again, or bring a backup back.",
)


def _is_newer(settings: Settings) -> bool:
    from casework.storage import migrate
    from casework.storage.bare import bare_engine

    engine = bare_engine(settings)
    if engine is None:
        return False
    with engine.connect() as connection:
        return migrate.is_newer(migrate.current_revision(connection))


def _check_hosted(address: str) -> Check:
    """The database on PostgreSQL answers, keeps every script, and is at the tables of this version."""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError

    from casework.storage import hosted, migrate

    try:
        with create_engine(address, **hosted.bare_options(address)).connect() as connection:
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
            revision = migrate.current_revision(connection)
            version = connection.exec_driver_sql("SHOW server_version").scalar()
    except (DBAPIError, SettingsError) as error:
        reason = error.message if isinstance(error, SettingsError) else type(error.orig).__name__
        mend = "Look whether it runs, and at the name and the password in database_url."
        return Check("Database", Grade.WRONG, f"PostgreSQL does not let this program in: {reason}", mend)
    if encoding != "UTF8":
        mend = "Make it anew with ENCODING 'UTF8': docs/hosting.md"
        return Check("Database", Grade.WRONG, f"It keeps letters as {encoding}: names would be lost.", mend)
    if migrate.is_newer(revision):
        return _NEWER
    if revision not in (None, migrate.newest_revision()):
        says = "Its tables are of another version of Casework. The next start changes them."
        return Check("Database", Grade.LOOK, says, "Take a backup first: docs/hosting.md")
    says = (
        f"PostgreSQL {version} answers. What stands there is not encrypted by Casework, only the papers are."
    )
    return Check("Database", Grade.LOOK, says, "Encrypt the disk under it: docs/hosting.md")


def _opens_without_key(path: Path) -> bool:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except sqlite3.DatabaseError:
            return False
    return True


def _complaints_of(settings: Settings, key: Path) -> list[str] | None:
    """What SQLCipher finds wrong with the pages and the tables; None when this key does not open it."""
    import sqlcipher3.dbapi2 as sqlcipher

    from casework.storage.database import connect
    from casework.storage.encryption import read_keys

    keys = read_keys(key)
    try:
        with closing(connect(settings.instance / "casework.db", keys.database)) as connection:
            found = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            found += connection.execute("PRAGMA quick_check").fetchall()
    except sqlcipher.DatabaseError:
        return None
    return [row[0] for row in found if row[0] != "ok"]


def check_directory(settings: Settings, today: date) -> Check:
    """The directory of MPs can be read, and is not too old to trust unseen."""
    from casework.reference.directory.in_use import directory_in_use, trouble

    mend = (
        "With a network: casework directory update. Or get newer lists, then: casework directory build FOLDER"
    )
    try:
        open_directory = directory_in_use(settings.instance, settings.directory_dir)
        days, is_old = open_directory.age_in_days(today), open_directory.is_old(today)
    except (SettingsError, OSError, ValueError) as error:
        return Check("Directory", Grade.WRONG, f"It cannot be read: {error}", mend)
    if days < 0:
        return Check("Directory", Grade.WRONG, "It comes from the future.", "Set this machine's clock.")
    if wrong := trouble(settings.instance, settings.directory_dir):
        return Check("Directory", Grade.LOOK, wrong, mend)
    if is_old:
        says = f"It is {days} days old: look each MP up before you write, pages say where."
        return Check("Directory", Grade.LOOK, says, mend)
    return Check("Directory", Grade.WELL, f"{days} days old.")


def check_holidays(today: date) -> Check:
    """Bank holidays are known far enough ahead to count working days."""
    from casework.reference.rule_book import rule_book

    until = rule_book().known_until
    left = (until - today).days
    says = f"Known until {until:%d %B %Y}."
    mend = "Install a newer Casework, or compile newer lists: casework directory build FOLDER"
    if left < HOLIDAYS_NEEDED_DAYS:
        return Check("Bank holidays", Grade.WRONG, f"{says} Dates after that cannot be worked out.", mend)
    if left < HOLIDAYS_WISHED_DAYS:
        return Check("Bank holidays", Grade.LOOK, says, mend)
    return Check("Bank holidays", Grade.WELL, says)


def check_changes(settings: Settings) -> Check:
    """What this group changed of the rules can be read, and how much it is."""
    from casework.commands.own_book import book_of_instance

    try:
        own = book_of_instance(settings)
    except (SettingsError, OSError) as error:
        return Check("Changed rules", Grade.WRONG, str(error), "Mend it, then: casework rules check")
    count = len(own.kept)
    says = f"{count} of this group: casework rules" if count else "None: dates are counted by Casework's own."
    if own.warnings:
        return Check("Changed rules", Grade.LOOK, " ".join([says, *own.warnings]))
    return Check("Changed rules", Grade.WELL, says)


def check_backup(settings: Settings, today: date) -> Check:
    """The last good backup is not too old. Where the database cannot be read, that is said elsewhere."""
    from casework.domain.safety.backups import reminder
    from casework.storage.last_backup import last_backup

    known = last_backup(settings)
    if known is None:
        return Check("Backup", Grade.WELL, "There is nothing to keep yet.")
    says = reminder(known.made_on, today, settings.backup_days, holds_something=known.holds_something)
    if says:
        return Check("Backup", Grade.LOOK, says, "casework backup FILE")
    if known.made_on is None:
        return Check("Backup", Grade.WELL, "There is nothing to keep yet.")
    return Check("Backup", Grade.WELL, f"The last good one was made on {spoken(known.made_on)}.")


def check_room(settings: Settings) -> Check:
    """There is room on the disk of the instance folder."""
    folder = next(place for place in (settings.instance, *settings.instance.parents) if place.exists())
    free = shutil.disk_usage(folder).free // 10**6
    says = f"{free:,} MB free at {folder}."
    if free < ROOM_NEEDED_MB:
        return Check("Disk", Grade.WRONG, says, "Make room, or move the instance folder to a larger disk.")
    if free < ROOM_WISHED_MB:
        return Check("Disk", Grade.LOOK, says, "Make room soon.")
    return Check("Disk", Grade.WELL, says)


def check_clock(today: date, made_on: date) -> Check:
    """The machine's day is after the day on which this program's facts were checked."""
    if today < made_on:
        says = (
            f"This machine thinks it is {today:%d %B %Y}, before Casework's own facts ({made_on:%d %B %Y})."
        )
        return Check("Clock", Grade.WRONG, says, "Set the date: sudo timedatectl set-ntp true")
    return Check("Clock", Grade.WELL, f"{spoken(today, weekday=True)} in London.")

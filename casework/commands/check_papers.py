"""What `casework doctor` says of the papers, held against the rows that speak of them. It changes nothing."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

from casework.commands.checks import Check, Grade
from casework.domain.errors import SettingsError
from casework.settings import Settings

if TYPE_CHECKING:
    from casework.services.letters.unnamed_papers import Place

NAME = "Papers"
MOST_NAMED = 5
SENT_AGAIN = "A scan that somebody sends again is written anew."
NOT_COMPARED = "They were not held against the cases"
TO_GO = "Of some that were erased the sealed bytes lie there still, since that place did not answer."


def check_papers(settings: Settings) -> Check:
    """Every paper of which a case speaks lies where it should, with a size that it can have, and no other."""
    from casework.services.letters import papers_to_go
    from casework.storage import migrate
    from casework.storage.bare import bare_engine

    try:
        engine = bare_engine(settings)
        if engine is None:
            return Check(NAME, Grade.WELL, "None yet.")
        with engine.connect() as connection:
            if migrate.current_revision(connection) != migrate.newest_revision():
                return Check(NAME, Grade.WELL, f"{NOT_COMPARED}: the next start changes the tables first.")
            to_go = papers_to_go.number(connection)
        found = _compared(settings)
        if found.grade is Grade.WELL and to_go:
            return Check(NAME, Grade.LOOK, f"{found.says} {TO_GO}", "casework archive tidy")
        return found
    except (SettingsError, DatabaseError):
        return Check(NAME, Grade.LOOK, f"{NOT_COMPARED}.", "See what is said of the key and the database.")
    except (OSError, ValueError) as error:
        return Check(NAME, Grade.LOOK, f"{NOT_COMPARED}: {error}", "Look at the place where they lie.")


def _compared(settings: Settings) -> Check:
    from casework.services.letters.unnamed_papers import look

    now, *others = look(settings)
    if now.found.missing:
        # While others work, one that was just issued or just erased looks like that for a moment.
        now, *others = look(settings, missing_before=now.found.missing)
    if now.found.missing:
        says = (
            f"{_papers(now.found.missing)} of which the cases speak cannot be found in the {now.kind}. "
            "Nobody can open them."
        )
        return Check(NAME, Grade.WRONG, says, _way_back(settings, now.found.missing, others))
    if damaged := now.found.damaged:
        says = f"{_papers(damaged)} cannot be opened, cut short or overwritten: {_each(damaged)}."
        mend = f"{SENT_AGAIN} {_from_a_backup(settings)}"
        if now.kind == "folder":
            mend += f". Then copy these files from FOLDER/archive to {settings.instance / 'archive'}"
        return Check(NAME, Grade.WRONG, says, mend)
    unnamed = sum(len(one.found.unnamed) for one in (now, *others))
    unreadable = sum(len(one.found.unreadable) for one in (now, *others))
    if unnamed or unreadable:
        says = f"All are there, and {unnamed + unreadable} more that no case speaks of. "
        says += (
            f"{unnamed} of them can be read with the key of a case. " if unnamed else "Nobody can read them. "
        )
        says += "A stopped import or letter leaves such behind."
        return Check(NAME, Grade.LOOK, says, "casework archive tidy")
    if twice := [one for one in others if one.there]:
        says = f"All are there, and {len(twice[0].there)} lie in the {twice[0].kind} too, from before a move."
        mend = f"casework archive move --from {twice[0].kind} --to {now.kind} --remove"
        return Check(NAME, Grade.LOOK, says, mend)
    return Check(NAME, Grade.WELL, f"{_papers(now.there)}: each that a case speaks of, and no other.")


def _way_back(settings: Settings, missing: frozenset[str], others: "list[Place]") -> str:
    for one in others:
        if missing & one.there:
            return (
                f"{len(missing & one.there)} of them lie in the {one.kind}: "
                f"casework archive move --from {one.kind} --to {settings.archive_store}"
            )
    way = _from_a_backup(settings)
    if settings.archive_store == "folder":
        way += f". Then take from it what is missing: cp -rn FOLDER/archive/. {settings.instance / 'archive'}"
    return way


def _from_a_backup(settings: Settings) -> str:
    if settings.archive_store == "s3":
        return "Bring them back from the backup of that storage."
    return "Bring a backup back into an empty folder: casework restore FILE --to FOLDER"


def _each(damaged: dict[str, str]) -> str:
    """The first of them, by the case and the name under which it lies."""
    first = [f"{reference} ({name})" for name, reference in sorted(damaged.items())[:MOST_NAMED]]
    return ", ".join(first) + (f" and {len(damaged) - MOST_NAMED} more" if len(damaged) > MOST_NAMED else "")


def _papers(names: Collection[str]) -> str:
    return f"{len(names):,} paper{'' if len(names) == 1 else 's'}"

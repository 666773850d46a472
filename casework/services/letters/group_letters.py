"""The letters of a group: the program's with what stands in the group's folder and what organisers wrote over both."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app, has_app_context
from sqlalchemy import ColumnElement, func, select

from casework.domain.consent.publicity import Audience, Kind
from casework.domain.letters.letters import Wording
from casework.pdf.letter_words import Complaint
from casework.pdf.letters import Letters, open_letters
from casework.pdf.wordings import Problem, check_wording, read_folder
from casework.settings import resource_dir
from casework.storage.asking import FIRST_GROUP, group_of_new_rows
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import LetterWording

FOLDER = "letters"


@dataclass(frozen=True)
class Collected:
    """The letters that this group uses, which of them stand in its folder, and what is wrong with the others."""

    letters: Letters
    from_folder: frozenset[str]
    problems: tuple[Problem, ...] = ()


def own_letters() -> Letters:
    """The program's own letters."""
    return open_letters(resource_dir("letters"))


def collected() -> Collected:
    """The letters of this group; outside an instance, the program's own.

    They are made once in a process, and again when a version was written or a file of the folder changed. One
    transaction asks once.
    """
    own = own_letters()
    if not has_app_context():
        return Collected(own, frozenset())
    transaction, known_for = db.session().get_transaction(), (own, group_of_new_rows())
    asked_in, asked_for, found = db.session.info.get("letters", (None, None, None))
    if asked_in is not None and asked_in is transaction and asked_for == known_for:
        return found
    made = current_app.extensions.setdefault("letters", {})
    with db.session.no_autoflush:
        newest = select(func.max(LetterWording.id)).where(ours())
        stamp = (id(own), db.session.scalar(newest), _stamp_of(_folder()))
    made_for, found = made.get(group_of_new_rows(), (None, None))
    if made_for != stamp:
        found = _collect(own, _folder())
        made[group_of_new_rows()] = stamp, found
    db.session.info["letters"] = db.session().get_transaction(), known_for, found
    return found


def ours() -> ColumnElement[bool]:
    """That a version is of the group that asks."""
    return LetterWording.group_id == group_of_new_rows()


def _folder() -> Path | None:
    """Where letters stand as files: those of the group that runs the machine; no other group has any."""
    first = group_of_new_rows() == FIRST_GROUP
    return current_instance().settings.instance / FOLDER if first else None


def letters() -> Letters:
    """The letters that this group uses."""
    return collected().letters


def list_versions(key: str) -> list[LetterWording]:
    """Every version of a letter's words that organisers wrote, the newest first."""
    query = select(LetterWording).where(ours(), LetterWording.key == key).order_by(LetterWording.id.desc())
    return list(db.session.scalars(query))


def _collect(own: Letters, folder: Path | None) -> Collected:
    """The group's letters made anew: the folder's first, then what organisers wrote over them."""
    found, problems = read_folder(folder, own) if folder else ([], [])
    standing = {one.template.key: one for one in found}
    from_folder = frozenset(standing)
    retired = set()
    for key, row in newest().items():
        if row.words is None:
            if key in own.templates or key in standing:
                continue
            retired.add(key)
            row = next(one for one in list_versions(key) if one.words is not None)
        wording = as_wording(row, own)
        wrong = (
            check_wording(wording, own) if wording else [Complaint("", 0, "its page is gone from Casework")]
        )
        if wording and not wrong:
            standing[key] = wording
        else:
            where = f"{row.entry['title']}, written by {row.written_by.name}"
            problems.append(
                Problem(where, f"{wrong[0].what}. Casework’s own words are used until it is mended")
            )
    group = own.with_wordings(standing.values(), retired) if standing else own
    return Collected(group, from_folder, tuple(problems))


def newest() -> dict[str, LetterWording]:
    """The newest version of each letter that organisers wrote, in the order in which the letters came to be."""
    rows = db.session.scalars(select(LetterWording).where(ours()).order_by(LetterWording.id))
    return {row.key: row for row in rows}


def as_wording(row: LetterWording, own: Letters) -> Wording | None:
    """What a version says; None where it has no words, or its page is no longer there."""
    entry = row.entry
    if row.words is None or entry.get("like") not in own.templates:
        return None
    template = replace(
        own.template(entry["like"]), key=row.key, title=entry["title"], purpose=entry["purpose"],
        audience=Audience(entry["audience"]), tells=tuple(Kind(one) for one in entry["tells"]),
    )  # fmt: skip
    return Wording(template, row.words, entry["like"])


def _stamp_of(folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    """What tells one state of the folder from all others."""
    if folder is None:
        return ()
    try:
        with os.scandir(folder) as entries:
            stats = [(one.name, one.stat(follow_symlinks=False)) for one in entries]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))

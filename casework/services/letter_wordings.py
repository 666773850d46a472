"""The group's own letters: the program's with what stands in the group's folder and what organisers wrote over both."""

import os
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import ColumnElement, func, select

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters import LetterTemplate, Wording
from casework.domain.publicity import Audience, Kind
from casework.pdf.letter_words import Complaint
from casework.pdf.letters import Letters, open_letters
from casework.pdf.wordings import Problem, check_wording, kinds_printed, read_folder
from casework.services import audit
from casework.settings import resource_dir
from casework.storage.asking import FIRST_GROUP, group_of_new_rows
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import LetterWording, User

FOLDER = "letters"
MOST_LOOKS = 24  # previews, each of a few dozen kilobytes, from an invented sample
_LOOKS: OrderedDict[str, bytes] = OrderedDict()
_looking = Lock()
_NO_KEY = re.compile("[^a-z0-9]+")
_KEY = re.compile("[a-z0-9][a-z0-9-]{0,58}")


@dataclass(frozen=True)
class Collected:
    """The letters that this group uses, which of them stand in its folder, and what is wrong with the others."""

    letters: Letters
    from_folder: frozenset[str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Standing:
    """One letter in the list: whose words it has, and since when."""

    template: LetterTemplate
    newest: LetterWording | None  # the version that counts, where an organiser wrote it
    is_from_folder: bool
    is_own: bool  # whether the program knows a letter of this key
    is_retired: bool


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
        newest = select(func.max(LetterWording.id)).where(_ours())
        stamp = (id(own), db.session.scalar(newest), _stamp_of(_folder()))
    made_for, found = made.get(group_of_new_rows(), (None, None))
    if made_for != stamp:
        found = _collect(own, _folder())
        made[group_of_new_rows()] = stamp, found
    db.session.info["letters"] = db.session().get_transaction(), known_for, found
    return found


def _ours() -> ColumnElement[bool]:
    return LetterWording.group_id == group_of_new_rows()


def _folder() -> Path | None:
    """Where letters stand as files: those of the group that runs the machine; no other group has any."""
    first = group_of_new_rows() == FIRST_GROUP
    return current_instance().settings.instance / FOLDER if first else None


def letters() -> Letters:
    """The letters that this group uses."""
    return collected().letters


def list_standing() -> list[Standing]:
    """Every letter with whose words it has: the program's in their order, then those that the group added."""
    found, newest, own = collected(), _newest(), own_letters()
    return [
        Standing(
            template,
            row
            if (row := newest.get(key)) and row.words is not None and key in found.letters.wordings
            else None,
            key in found.from_folder and (key not in newest or newest[key].words is None),
            key in own.templates,
            key in found.letters.retired,
        )
        for key, template in found.letters.templates.items()
    ]


def list_versions(key: str) -> list[LetterWording]:
    """Every version of a letter's words that organisers wrote, the newest first."""
    query = select(LetterWording).where(_ours(), LetterWording.key == key).order_by(LetterWording.id.desc())
    return list(db.session.scalars(query))


def get_version(key: str, version_id: int) -> LetterWording:
    """One version of a letter's words. Raises NotFound."""
    row = db.session.get(LetterWording, version_id)
    if row is None or row.key != key or row.group_id != group_of_new_rows():
        raise NotFound("There is no such version of this letter.")
    return row


def newest_version(key: str) -> int:
    """The number of the newest version of a letter; 0 where nobody wrote one."""
    newest = select(func.max(LetterWording.id)).where(_ours(), LetterWording.key == key)
    return db.session.scalar(newest) or 0


def wording_of(key: str) -> Wording:
    """The words of a letter as they stand, ready to be changed. What they cannot do without is among what it tells.

    Raises NotFound for a letter without words.
    """
    known, own = letters(), own_letters()
    template = known.template(key)
    if not template.blocks:
        raise NotFound("This paper has no words that can be changed: its page is part of Casework.")
    words = known.words(key)
    like = known.wordings[key].like if key in known.wordings else key
    told = {*template.tells, *kinds_printed(words, own)}
    return Wording(replace(template, tells=tuple(one for one in Kind if one in told)), words, like)


def changed(
    wording: Wording,
    *,
    title: str,
    purpose: str,
    audience: Audience,
    tells: Iterable[Kind],
    words: Mapping[str, str],
) -> Wording:
    """This letter with other words, title, purpose, audience and kinds of fact."""
    template = replace(wording.template, title=title, purpose=purpose, audience=audience, tells=tuple(tells))
    return replace(wording, template=template, words={name: words.get(name, "") for name in wording.words})


def complaints_about(wording: Wording) -> list[Complaint]:
    """Everything that is wrong with these words, by block and line; empty when they can be saved."""
    return check_wording(wording, own_letters())


def sample_pdf(wording: Wording) -> bytes:
    """The letter with these words, filled from the invented sample. Raises CaseworkError for words that are wrong."""
    _refuse(complaints_about(wording))
    tried = own_letters().with_wordings([wording])
    key = wording.template.key
    values = tried.sample(key)
    return tried.pdf(key, tried.prefill(key, values), values)


def keep_look(pdf: bytes) -> str:
    """A name under which these pages can be looked at for a while."""
    name = sha256(pdf).hexdigest()
    with _looking:
        _LOOKS[name] = pdf
        while len(_LOOKS) > MOST_LOOKS:
            _LOOKS.popitem(last=False)
    return name


def look(name: str) -> bytes:
    """The pages that were kept under this name. Raises NotFound once others have taken their place."""
    with _looking:
        if name not in _LOOKS:
            raise NotFound("This preview is gone. Press “Look at it” again.")
        return _LOOKS[name]


def save_wording(wording: Wording, seen: int, actor: User) -> LetterWording:
    """Keep these words as the newest version, from which letters are drafted from now on.

    `seen` is the newest version that the writer knew of. Raises OutOfDate when there is a newer one, and CaseworkError
    for the first thing that is wrong.
    """
    _refuse(complaints_about(wording))
    if newest_version(wording.template.key) != seen:
        raise OutOfDate(
            "Somebody else saved words of this letter while you were typing. Yours are still here: look at theirs in "
            "another window, keep what is right, and save again."
        )
    return _write(wording, actor)


def copy_letter(key: str, title: str, actor: User) -> LetterWording:
    """A new letter with the words of another, under a title of its own. Raises CaseworkError where that is taken."""
    wording = wording_of(key)
    if any(one.title.casefold() == title.casefold() for one in letters().templates.values()):
        raise CaseworkError("There is a letter of this title. Give it another.", field="title")
    template = replace(wording.template, key=_new_key(title), title=title)
    return _write(replace(wording, template=template), actor)


def go_back_to(row: LetterWording, actor: User) -> LetterWording:
    """Make an older version the newest again. Raises CaseworkError where its words do not fit any more."""
    wording = _as_wording(row, own_letters())
    if wording is None:
        return back_to_own(row.key, actor)
    _refuse(complaints_about(wording))
    return _write(wording, actor)


def back_to_own(key: str, actor: User) -> LetterWording:
    """Use the program's own words, or those of the folder, again; a letter that the group added is offered no more."""
    rows = list_versions(key)
    if not rows or rows[0].words is None:
        raise CaseworkError("These are the letter’s own words already.")
    row = LetterWording(key=key, entry=rows[0].entry, words=None, written_at=clock.now(), written_by=actor)
    return _keep(row, "letter words put back", actor)


def _write(wording: Wording, actor: User) -> LetterWording:
    template = wording.template
    entry = {
        "title": template.title, "purpose": template.purpose, "audience": str(template.audience),
        "tells": [str(kind) for kind in template.tells], "like": wording.like,
    }  # fmt: skip
    row = LetterWording(
        key=template.key, entry=entry, words=dict(wording.words), written_at=clock.now(), written_by=actor
    )
    return _keep(row, "letter words changed", actor)


def _keep(row: LetterWording, action: str, actor: User) -> LetterWording:
    db.session.add(row)
    db.session.flush()
    audit.record(action, actor, template=row.key, version=row.id)
    db.session.commit()
    return row


def _refuse(complaints: list[Complaint]) -> None:
    if complaints:
        first = complaints[0]
        at = f"Line {first.line}: " if first.block else ""
        raise CaseworkError(f"{at}{first.what}.", field=first.block or None)


def _collect(own: Letters, folder: Path | None) -> Collected:
    """The group's letters made anew: the folder's first, then what organisers wrote over them."""
    found, problems = read_folder(folder, own) if folder else ([], [])
    standing = {one.template.key: one for one in found}
    from_folder = frozenset(standing)
    retired = set()
    for key, row in _newest().items():
        if row.words is None:
            if key in own.templates or key in standing:
                continue
            retired.add(key)
            row = next(one for one in list_versions(key) if one.words is not None)
        wording = _as_wording(row, own)
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


def _newest() -> dict[str, LetterWording]:
    """The newest version of each letter that organisers wrote, in the order in which the letters came to be."""
    rows = db.session.scalars(select(LetterWording).where(_ours()).order_by(LetterWording.id))
    return {row.key: row for row in rows}


def _as_wording(row: LetterWording, own: Letters) -> Wording | None:
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


def _new_key(title: str) -> str:
    """A key made of the title that no letter has yet."""
    plain = _NO_KEY.sub("-", title.casefold()).strip("-")[:50].strip("-") or "letter"
    known, number = letters().templates, 1
    key = plain
    while key in known:
        number += 1
        key = f"{plain}-{number}"
    return key


def add_from_elsewhere(key: str, entry: Any, words: Any, actor: User) -> bool:
    """Whether a letter that another group wrote is now among ours: only one that we lack, and whose words are right.

    It only adds.
    """
    known = letters()
    if not _KEY.fullmatch(key) or key in known.templates:
        return False
    row = LetterWording(key=key, entry=entry, words=words, written_at=clock.now(), written_by_id=actor.id)
    try:
        wording = _as_wording(row, own_letters())
        right = wording is not None and all(isinstance(one, str) for one in words.values())
        if wording is None or not right or complaints_about(wording):
            return False
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    db.session.add(row)
    audit.record("letter words brought in", actor, template=key)
    return True

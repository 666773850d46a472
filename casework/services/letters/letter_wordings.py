"""The words of letters that organisers write: looked at, saved as a version, copied, and taken back."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import Any

from sqlalchemy import func, select

from casework import clock
from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.letters import LetterTemplate, Wording
from casework.pdf.letter_words import Complaint
from casework.pdf.wordings import check_wording, kinds_printed
from casework.services.letters import group_letters
from casework.services.safety import audit
from casework.storage.asking import group_of_new_rows
from casework.storage.database import db
from casework.storage.models import LetterWording, User

MOST_LOOKS = 24  # previews, each of a few dozen kilobytes, from an invented sample
_LOOKS: OrderedDict[str, bytes] = OrderedDict()
_looking = Lock()
_NO_KEY = re.compile("[^a-z0-9]+")
_KEY = re.compile("[a-z0-9][a-z0-9-]{0,58}")


@dataclass(frozen=True)
class Standing:
    """One letter in the list: whose words it has, and since when."""

    template: LetterTemplate
    newest: LetterWording | None  # the version that counts, where an organiser wrote it
    is_from_folder: bool
    is_own: bool  # whether the program knows a letter of this key
    is_retired: bool


def list_standing() -> list[Standing]:
    """Every letter with whose words it has: the program's in their order, then those that the group added."""
    found, newest, own = group_letters.collected(), group_letters.newest(), group_letters.own_letters()
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


def get_version(key: str, version_id: int) -> LetterWording:
    """One version of a letter's words. Raises NotFound."""
    row = db.session.get(LetterWording, version_id)
    if row is None or row.key != key or row.group_id != group_of_new_rows():
        raise NotFound("There is no such version of this letter.")
    return row


def newest_version(key: str) -> int:
    """The number of the newest version of a letter; 0 where nobody wrote one."""
    newest = select(func.max(LetterWording.id)).where(group_letters.ours(), LetterWording.key == key)
    return db.session.scalar(newest) or 0


def wording_of(key: str) -> Wording:
    """The words of a letter as they stand, ready to be changed. What they cannot do without is among what it tells.

    Raises NotFound for a letter without words.
    """
    known, own = group_letters.letters(), group_letters.own_letters()
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
    return check_wording(wording, group_letters.own_letters())


def sample_pdf(wording: Wording) -> bytes:
    """The letter with these words, filled from the invented sample. Raises CaseworkError for words that are wrong."""
    _refuse(complaints_about(wording))
    tried = group_letters.own_letters().with_wordings([wording])
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
    if any(one.title.casefold() == title.casefold() for one in group_letters.letters().templates.values()):
        raise CaseworkError("There is a letter of this title. Give it another.", field="title")
    template = replace(wording.template, key=_new_key(title), title=title)
    return _write(replace(wording, template=template), actor)


def go_back_to(row: LetterWording, actor: User) -> LetterWording:
    """Make an older version the newest again. Raises CaseworkError where its words do not fit any more."""
    wording = group_letters.as_wording(row, group_letters.own_letters())
    if wording is None:
        return back_to_own(row.key, actor)
    _refuse(complaints_about(wording))
    return _write(wording, actor)


def back_to_own(key: str, actor: User) -> LetterWording:
    """Use the program's own words, or those of the folder, again; a letter that the group added is offered no more.

    Raises CaseworkError where it has no others.
    """
    rows = group_letters.list_versions(key)
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


def _new_key(title: str) -> str:
    """A key made of the title that no letter has yet."""
    plain = _NO_KEY.sub("-", title.casefold()).strip("-")[:50].strip("-") or "letter"
    known, number = group_letters.letters().templates, 1
    key = plain
    while key in known:
        number += 1
        key = f"{plain}-{number}"
    return key


def add_from_elsewhere(key: str, entry: Any, words: Any, actor: User) -> bool:
    """Whether a letter that another group wrote is now among ours: only one that we lack, and whose words are right.

    It only adds.
    """
    known = group_letters.letters()
    if not _KEY.fullmatch(key) or key in known.templates:
        return False
    row = LetterWording(key=key, entry=entry, words=words, written_at=clock.now(), written_by_id=actor.id)
    try:
        wording = group_letters.as_wording(row, group_letters.own_letters())
        right = wording is not None and all(isinstance(one, str) for one in words.values())
        if wording is None or not right or complaints_about(wording):
            return False
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    db.session.add(row)
    audit.record("letter words brought in", actor, template=key)
    return True

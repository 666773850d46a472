"""The languages of the papers: what stands in each, and how a group corrects, checks, adds and exchanges it.

What the group changes stands in `letters/languages` of its instance folder and goes before what Casework brings, text
by text. There is nothing of a case in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from flask import has_app_context

from casework import clock
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.language.languages import (
    Catalogue,
    Language,
    State,
    Text,
    check_language,
    check_text,
    has_no_paper,
    perhaps_meant,
    spoken_by,
)
from casework.pdf import catalogues
from casework.services.safety import audit
from casework.settings import resource_dir
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import User
from casework.storage.whole_files import write_whole

MOST_BYTES = 4_000_000


@dataclass(frozen=True)
class Taken:
    """What came of a file that was read in."""

    changed: int
    same: int
    unknown: int  # texts that no paper of this version has


def folders() -> tuple[Path, ...]:
    """Where the languages stand: Casework’s own, then those of the group, where there is one, which go first."""
    ours = resource_dir("letters") / "languages"
    return (ours, _of_group()) if has_app_context() else (ours,)


def list_languages() -> list[Language]:
    """Every language that a paper can be printed in beside English, by its English name."""
    return catalogues.known_languages(folders())


def broken_files() -> list[Path]:
    """The files of languages that cannot be read. What Casework brings is used in their place."""
    return catalogues.broken_files(folders())


def get_catalogue(code: str) -> Catalogue:
    """One language with all its texts. Raises NotFound."""
    return catalogues.open_catalogue(code, folders(), pages=True)


def beside(code: str | None) -> Catalogue | None:
    """The language to print beside the English; None where none is chosen, or it is not there any more."""
    if not code:
        return None
    try:
        return get_catalogue(code)
    except NotFound:
        return None


def language_of(languages: str) -> Language | None:
    """The language for somebody who speaks these, in words: "Dari and English" is Farsi. None where none is known."""
    return spoken_by(languages, list_languages())


def perhaps_meant_by(languages: str) -> Language | None:
    """The language that may be meant by words that name none that is known, to be asked; else None."""
    return perhaps_meant(languages, list_languages())


def english_only_for(languages: str) -> bool:
    """Whether papers come in English alone for somebody who reads these best, which is not English."""
    return has_no_paper(languages, list_languages())


def beside_for(spoken: str) -> Catalogue | None:
    """The language to put beside the English for somebody who speaks these, in words; None where none is known."""
    language = language_of(spoken)
    return get_catalogue(language.code) if language else None


def key_of(text: Text) -> str:
    """A short name for a text, for an address."""
    return sha256(text.english.encode()).hexdigest()[:12]


def get_text(catalogue: Catalogue, key: str) -> Text:
    """The text of this short name. Raises NotFound."""
    for text in catalogue.texts:
        if key_of(text) == key:
            return text
    raise NotFound("There is no such text on the papers. Choose one from the list.")


def save_text(
    code: str, key: str, said: str, actor: User, *, checked_by: str = "", before: str | None = None
) -> Text:
    """Keep what is said in this language for one English text, checked by a speaker where one is named, else a draft.

    `before` is what stood there when the page was opened: raises OutOfDate when somebody changed it since. Raises
    CaseworkError at the field that is wrong.
    """
    old = get_text(get_catalogue(code), key)
    if before is not None and _plain(before) != _plain(old.said):
        raise OutOfDate("Somebody changed this text in the meantime. Look at it and save again.")
    new = replace(old, said=said, checked_by=checked_by, checked_on=clock.today() if checked_by else None)
    check_text(new, clock.today())
    what = "translation checked" if checked_by else "translation changed"
    audit.record(what, actor, language=code, text=key)
    _keep(code, [new])
    return new


def drafts_of(catalogue: Catalogue, paper: str | None = None) -> list[Text]:
    """The texts that no speaker has checked yet, of one paper or of all."""
    return [
        one for one in catalogue.texts if one.state is State.DRAFT and (paper is None or paper in one.papers)
    ]


def check_all(code: str, checked_by: str, actor: User, *, paper: str | None = None) -> int:
    """Keep that a speaker has checked every draft, of one paper or of all; how many they were.

    Raises CaseworkError where the speaker has no name.
    """
    drafts = drafts_of(get_catalogue(code), paper)
    if not checked_by:
        raise CaseworkError("Type the name of the speaker who has checked it.", field="checked_by")
    if drafts:
        today = clock.today()
        audit.record("translation checked", actor, language=code, texts=len(drafts))
        _keep(code, [replace(one, checked_by=checked_by, checked_on=today) for one in drafts])
    return len(drafts)


def add_language(language: Language, actor: User) -> Catalogue:
    """A new language, with nothing translated yet. Raises CaseworkError for one that is there or cannot be right."""
    check_language(language)
    is_there = any(one.code == language.code for one in list_languages())
    if is_there or (folders()[1] / f"{language.code}.po").exists():
        raise CaseworkError("This language is there already. Choose it from the list.", field="code")
    audit.record("language added", actor, language=language.code)
    _write(language, [])
    return get_catalogue(language.code)


def take_file(code: str, content: bytes, actor: User, *, checked_by: str = "") -> Taken:
    """Read in a PO or CSV file, as exported here. What it leaves empty stays as it is here.

    Each text is a draft unless the file names who checked it, or `checked_by` names who checked them all.
    Raises CaseworkError for a file that cannot be read, is too large or is of another language.
    """
    catalogue, changed, same, unknown = get_catalogue(code), [], 0, 0
    for given in _read_file(code, content):
        if not catalogue.has(given.english):
            unknown += 1
            continue
        old = catalogue.text(given.english)
        new = replace(old, said=given.said, checked_by=given.checked_by, checked_on=given.checked_on)
        if checked_by:
            new = replace(new, checked_by=checked_by, checked_on=clock.today())
        if not given.said or new == old:
            same += 1
            continue
        try:
            check_text(new, clock.today())
        except CaseworkError as error:
            raise CaseworkError(f"“{old.english[:60]}”: {error.message}", field="file") from error
        changed.append(new)
    if changed:
        audit.record("translations read in", actor, language=code, texts=len(changed))
        _keep(code, changed)
    return Taken(len(changed), same, unknown)


def as_po(code: str, part: str | None = None) -> str:
    """The language as a PO file, with every text or those of one part: of some pages, or "" for the papers."""
    catalogue = get_catalogue(code)
    return catalogues.as_po(catalogue.language, texts_of(catalogue, part))


def as_csv(code: str, part: str | None = None) -> str:
    """The same as a table for a spreadsheet."""
    return catalogues.as_csv(texts_of(get_catalogue(code), part))


def texts_of(catalogue: Catalogue, part: str | None) -> list[Text]:
    """The texts of one part: of some pages, or "" for the papers; None for all."""
    return [one for one in catalogue.texts if part is None or one.is_of(part)]


def numbers_of_forms(code: str) -> list[list[int]]:
    """For each form that a number asks for in this language, some numbers that do."""
    return catalogues.numbers_of_forms(code)


def last_checked(catalogue: Catalogue) -> tuple[str, date] | None:
    """Who checked a text of it last, and when; None where nobody has."""
    days = [(one.checked_on, one.checked_by) for one in catalogue.texts if one.checked_on]
    return (max(days)[1], max(days)[0]) if days else None


def _read_file(code: str, content: bytes) -> tuple[Text, ...]:
    if len(content) > MOST_BYTES:
        raise CaseworkError("This file is too large to be a translation of these papers.", field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseworkError(
            "This file is not in UTF-8. Save it as UTF-8 and send it again.", field="file"
        ) from error
    if "msgid" not in text:
        return catalogues.from_csv(text)
    language, texts = catalogues.from_po(text)
    if language.code and language.code != code:
        raise CaseworkError(f"This file says that it is in another language ({language.code}).", field="file")
    return texts


def _of_group() -> Path:
    return current_instance().settings.instance / "letters" / "languages"


def _keep(code: str, changed: Iterable[Text]) -> None:
    """Put these texts into the group's own file of the language, beside those that it changed before."""
    own = _of_group() / f"{code}.po"
    kept: dict[str, Text] = {}
    if own.exists():
        kept = {one.english: one for one in catalogues.texts_of(own)}
    kept |= {one.english: replace(one, papers=()) for one in changed}
    _write(get_catalogue(code).language, kept.values())


def _write(language: Language, texts: Iterable[Text]) -> None:
    """Write the file whole or not at all, and save its line of the trail with it."""
    folder = _of_group()
    db.session.flush()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{language.code}.po", catalogues.as_po(language, texts).encode())
    except OSError as error:
        db.session.rollback()
        raise CaseworkError(f"It could not be saved in {folder}: {error.strerror}.") from error
    db.session.commit()


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()

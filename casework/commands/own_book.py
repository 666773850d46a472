"""The rule book of this machine's instance, for commands that start no program and need no database."""

from dataclasses import dataclass
from datetime import date

from casework.domain.errors import SettingsError
from casework.domain.timing.deadlines import WorkedDate
from casework.reference.changed_book import changed_book, read_file
from casework.reference.rule_book import RuleBook, rule_book
from casework.reference.rule_changes import FILE_NAME, Change, ChangeKind, from_json, sort_out
from casework.settings import Settings, load_settings

OWN_ONLY = "The changes that your group made by its pages are not counted in here:"
NOT_TAKEN_OVER = (
    f"{FILE_NAME} was edited since Casework last read it. These dates count by it; the open dates of your cases "
    "do so after the next start, or after `casework rules adopt`."
)


@dataclass(frozen=True)
class KeptChange:
    """A change in force: its number where the database has it, whether it stands in the group's file, what it does."""

    number: int | None
    in_file: bool
    change: Change


@dataclass(frozen=True)
class OwnBook:
    """The book, what makes it the group's own, and what is to be said of it: why a part could not be read."""

    book: RuleBook
    kept: tuple[KeptChange, ...] = ()
    warnings: tuple[str, ...] = ()

    def notes(self, worked: WorkedDate, region: str) -> list[str]:
        """What this group changed of the days of a count in this part of the UK."""
        first, last = worked.trigger_date, max(worked.dates.values())
        return [
            f"{one.change.sentence} By this group: {one.change.signature}"
            for one in self.kept
            if one.change.kind is not ChangeKind.RULE
            and region in one.change.facts["divisions"]
            and first <= date.fromisoformat(one.change.key) <= last
        ]


def own_book() -> OwnBook:
    """The book of the instance on this machine; without one, the program's own.

    A database that cannot be read never stops it: `warnings` says so. Raises SettingsError when the group's file is
    malformed.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        return OwnBook(rule_book(), warnings=(f"{OWN_ONLY} {error.message}",))
    return book_of_instance(settings)


def book_of_instance(settings: Settings) -> OwnBook:
    """The book of this instance. Raises SettingsError when the group's file or a kept change is malformed."""
    rows: list[KeptChange] = []
    warnings: list[str] = []
    has_database = bool(settings.database) or (settings.instance / "casework.db").is_file()
    if has_database:
        from casework.storage.kept_changes import read_kept_changes

        try:
            for row in read_kept_changes(settings):
                signed = row["why"], row["signed_by"], date.fromisoformat(row["signed_on"])
                where, facts = f"change {row['id']}", from_json(row["facts"])
                change = Change(ChangeKind(row["kind"]), row["key"], facts, *signed, where)
                rows.append(KeptChange(row["id"], row["origin"] == "file", change))
        except SettingsError as error:
            warnings.append(f"{OWN_ONLY} {error.message}")
    entries = read_file(settings.instance / FILE_NAME)
    found = sort_out([(one.in_file, one.change) for one in rows], entries)
    if has_database and not warnings and (found.gone or found.new):
        warnings.append(NOT_TAKEN_OVER)
    kept = [one for index, one in enumerate(rows) if index not in found.gone]
    kept += [KeptChange(None, True, change) for change in found.new]
    return OwnBook(changed_book([one.change for one in kept]), tuple(kept), tuple(warnings))

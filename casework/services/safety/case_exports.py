"""A case in one encrypted file, for another group or another machine: its rows, its papers, and its trail."""

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select

from casework import clock
from casework.services.consent import need_to_know
from casework.services.letters import log_keys, papers
from casework.services.safety import audit
from casework.services.safety.backups import new_file
from casework.storage import migrate
from casework.storage.case_exports import paper_names, rows_leaving, tables_to_export, wording_keys
from casework.storage.database import db
from casework.storage.instance import current_instance
from casework.storage.models import AuditEvent, Case, LetterWording, User
from casework.storage.row_values import written
from casework.storage.sealed_files import Opener, SealedWriter

KIND = "case"
ABOUT, TRAIL, WORDINGS = "about.json", "trail.json", "wordings.json"
TABLES, PAPERS = "tables/", "papers/"


def export_to(
    target: Path, case: Case, passphrase: str, actor: User | None, signed: str | None = None
) -> None:
    """Write the case to a new file. Raises CaseworkError when it cannot be written, and then there is none."""
    with new_file(target, current_instance().settings.instance) as file:
        export(file, case, passphrase, actor, signed)


def export(
    file: BinaryIO, case: Case, passphrase: str, actor: User | None, signed: str | None = None
) -> None:
    """Write everything of the case into this file, which nothing but the passphrase opens; the trail says so."""
    need_to_know.refuse_with_hidden(case)
    # The line comes first, so that it goes along.
    audit.record("case exported", actor, case, signed=signed)
    db.session.flush()
    leaving = rows_leaving(case.id)
    log_keys.let_leave(leaving.rows["go_bags"])
    writer = SealedWriter(file, KIND, Opener(passphrase=passphrase))
    about = {
        "program": version("casework"),
        "revision": migrate.newest_revision(),
        "made_at": clock.now().isoformat(),
        "people": leaving.people,
    }
    _put_json(writer, ABOUT, about)
    for table in tables_to_export():
        _put_json(
            writer,
            f"{TABLES}{table.name}",
            _as_lists([column.name for column in table.c], leaving.rows[table.name]),
        )
    _put_json(writer, TRAIL, list(_trail(case)))
    _put_json(writer, WORDINGS, list(_wordings(case, wording_keys(leaving.rows))))
    for name in paper_names(leaving.rows):
        content = papers.read(case, name)
        writer.put(f"{PAPERS}{name}", len(content), [content])
    writer.close()
    db.session.commit()


def _put_json(writer: SealedWriter, name: str, value: Any) -> None:
    content = json.dumps(value, ensure_ascii=False).encode()
    writer.put(name, len(content), [content])


def _as_lists(columns: list[str], rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"columns": columns, "rows": [[written(row[name]) for name in columns] for row in rows]}


def _trail(case: Case) -> Iterator[dict[str, Any]]:
    """Every line of the trail of this case, the oldest first."""
    query = select(AuditEvent).where(AuditEvent.case_id == case.id).order_by(AuditEvent.id)
    for row in db.session.scalars(query):
        yield {"at": written(row.at), "by": row.user_name, "action": row.action, "facts": row.facts}


def _wordings(case: Case, keys: list[str]) -> Iterator[dict[str, Any]]:
    """The words that the group of this case wrote for its letters: the newest version of each."""
    newest: dict[str, LetterWording] = {}
    # Said here: the machine itself, which takes a case out at the terminal, sees the words of every group.
    ours = select(LetterWording).where(LetterWording.group_id == case.group_id).order_by(LetterWording.id)
    for row in db.session.scalars(ours):
        newest[row.key] = row
    for key in keys:
        if key in newest and newest[key].words is not None:
            yield {"key": key, "entry": newest[key].entry, "words": newest[key].words}

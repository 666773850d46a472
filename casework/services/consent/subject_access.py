"""The person's copy of everything that is held about them: a page to read, the same for a machine, and the papers."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, FileSystemLoader
from sqlalchemy import select

from casework import clock
from casework.domain.consent.own_view import RIGHTS
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.safety.page_words import did_in_words, facts_of
from casework.domain.said import names
from casework.services.consent import need_to_know
from casework.services.consent.own_view import OwnView
from casework.services.letters import letter_pages, papers
from casework.services.letters.scan_checks import PDF
from casework.services.letters.scans import ENDINGS
from casework.services.safety import audit, groups
from casework.settings import resource_dir
from casework.storage.case_exports import Leaving, rows_leaving
from casework.storage.database import db
from casework.storage.models import AuditEvent, Case, User
from casework.storage.name_order import name_key
from casework.storage.row_values import written
from casework.storage.sealed_files import Opener, SealedReader, SealedWriter

KIND, ZIP_NAME = "copy", "everything-we-hold.zip"
PAGE, FACTS, PAPERS = "read-this.html", "everything.json", "papers/"
MOST_ZIP_BYTES = 2 * 2**30

# Tables that are about other people: who supports, and letters that carry a supporter's name and address.
OF_OTHERS = frozenset(
    {
        "supporters",
        "sign_ups",
        "supporter_imports",
        "import_rows",
        "batch_letters",
        "batch_shapes",
        "supporter_acts",
        "need_answers",
        "tellings",
        "calls",
    }
)
# What only this program makes use of, and tells nobody anything.
OF_THE_MACHINE = frozenset(
    {
        "token_hash",
        "version",
        "source_sha256",
        "template_sha256",
        "words_sha256",
        "case_id",
        "token",
        "log_key",
    }
)
OF_A_SIGNER = (
    "sender_name",
    "sender_address",
    "sender_contact",
    "sender_email",
    "sender_phone",
    "recall_from",
)
LEFT_OUT = (
    "The list of who supports you, how to reach them and what they wrote of themselves: that is theirs. Their number "
    "is here, and who signed a letter for you stands under “What went to whom”.",
    "Letters that supporters signed, because their addresses stand on them. What these letters say of you is "
    "under “What went to whom”, and each letter that supporters may sign is made from words that you can ask to see.",
    "Passwords and keys. They say nothing of you.",
)
PAPER_NAMES = {
    "letters": ("letter", "sha256", None),
    "packs": ("pack", "sha256", None),
    "authorities": ("form-of-authority", "scan_sha256", "scan_type"),
    "campaign_consents": ("campaign-consent", "scan_sha256", "scan_type"),
    "correspondence": ("letter-or-answer", "scan_sha256", "scan_type"),
    "deadlines": ("paper-of-a-date", "proof_sha256", "proof_type"),
}


@dataclass(frozen=True)
class Paper:
    """A paper of the copy: its name there, and its bytes; None where it cannot be read any more."""

    name: str
    content: bytes | None


def make_zip(case: Case, actor: User | None, *, encrypted: bool, signed: str | None = None) -> bytes:
    """The copy as a zip. That it was made, and whether it goes out encrypted, stands in the trail and in itself."""
    need_to_know.refuse_with_hidden(case)
    audit.record("copy for the person made", actor, case, signed=signed, encrypted=encrypted)
    db.session.flush()
    leaving = rows_leaving(case.id)
    found = _papers(case, leaving)
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr(PAGE, _page(case, leaving, found))
        bundle.writestr(FACTS, json.dumps(_facts(case, leaving), ensure_ascii=False, indent=1))
        for paper in found:
            if paper.content is not None:
                bundle.writestr(f"{PAPERS}{paper.name}", paper.content)
    db.session.commit()
    return file.getvalue()


def seal_zip(content: bytes, passphrase: str) -> bytes:
    """The zip as a file that nothing but the passphrase opens."""
    file = BytesIO()
    writer = SealedWriter(file, KIND, Opener(passphrase=passphrase))
    writer.put(ZIP_NAME, len(content), [content])
    writer.close()
    return file.getvalue()


def open_sealed_zip(content: bytes, passphrase: str) -> bytes:
    """The zip in such a file. Raises SealedFileError when it does not open or is damaged."""
    reader = SealedReader(BytesIO(content), KIND, Opener(passphrase=passphrase))
    found = [(name, b"".join(parts)) for name, size, parts in reader.entries() if size <= MOST_ZIP_BYTES]
    if [name for name, _ in found] != [ZIP_NAME]:
        raise CaseworkError("This file holds no copy for a person.")
    return found[0][1]


def _papers(case: Case, leaving: Leaving) -> list[Paper]:
    """Every paper but those that a supporter signed."""
    found = []
    for table, (name, column, type_column) in PAPER_NAMES.items():
        for row in leaving.rows[table]:
            if row[column] is None or row.get("supporter_id") is not None:
                continue
            ending = ENDINGS.get(row[type_column] if type_column else PDF, "bin")
            found.append(Paper(f"{name}-{row['id']}.{ending}", _read(case, row[column])))
    return found


def _read(case: Case, name: str) -> bytes | None:
    try:
        return papers.read(case, name)
    except CaseworkError:
        return None


def _facts(case: Case, leaving: Leaving) -> dict[str, Any]:
    """Everything about the person, table by table, for a machine to read."""
    held = {
        name: [_plain(name, row, leaving.people) for row in rows]
        for name, rows in leaving.rows.items()
        if rows and name not in OF_OTHERS
    }
    lines = db.session.scalars(
        select(AuditEvent).where(AuditEvent.case_id == case.id).order_by(AuditEvent.id)
    )
    return {
        "made_at": written(clock.now()),
        "held": held,
        "number_of_supporters": len(leaving.rows["sign_ups"]),
        "who_works_on_it": sorted((member.user.name for member in case.team), key=name_key),
        "who_did_and_looked_at_what": [
            {"at": written(row.at), "who": row.user_name, "what": row.action, "facts": facts_of(row.facts)}
            for row in lines
        ],
        "left_out": list(LEFT_OUT),
        "rights": list(RIGHTS),
    }


def _plain(table: str, row: dict[str, Any], people: Any) -> dict[str, Any]:
    """A row with names in place of numbers of accounts, and without what is another's."""
    signed_by_supporter = table == "letters" and row["supporter_id"] is not None
    plain = {}
    for name, value in row.items():
        if name in OF_THE_MACHINE or name == "supporter_id":
            continue
        if name.endswith("_by_id") or name in ("author_id", "owner_id", "user_id"):
            name, value = name.removesuffix("_id"), people.get(value)
        if name == "facts" and isinstance(value, dict):
            value = {key: one for key, one in value.items() if key != "printed"}
            if signed_by_supporter:
                value = {key: one for key, one in value.items() if key not in OF_A_SIGNER}
        plain[name] = written(value)
    return plain


def _page(case: Case, leaving: Leaving, found: list[Paper]) -> str:
    """The page, which stands alone and prints."""
    view: OwnView = letter_pages.own_view_of(case)
    environment = Environment(
        loader=FileSystemLoader(resource_dir("templates")), autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"did_in_words": did_in_words, "names": names}
    environment.filters["day"] = lambda instant: spoken(clock.day_of(instant), weekday=True)
    lines = db.session.scalars(
        select(AuditEvent).where(AuditEvent.case_id == case.id).order_by(AuditEvent.id.desc())
    ).all()
    visits = [row for row in leaving.rows["surgery_visits"] if row["private_notes"]]
    return environment.get_template("subject_access/copy.html").render(
        name=case.person_name, group=groups.name_of(case.group_id), today=spoken(clock.today(), weekday=True),
        view=view,
        notes=leaving.rows["case_notes"], visits=visits,
        people=leaving.people, papers=found, left_out=LEFT_OUT, rights=RIGHTS, lines=lines,
        supporters=len(leaving.rows["sign_ups"]), writing=sum(bool(row["writes"]) for row in leaving.rows["sign_ups"]),
        team=sorted((member.user.name for member in case.team), key=name_key),
    )  # fmt: skip

"""Files of a case: made here, opened, altered and sealed again, and brought in."""

import io
from hashlib import sha256

from sqlalchemy import select

from casework.services.safety import case_exports, case_imports
from casework.storage.database import Base, db
from casework.storage.fingerprints import fingerprint_of
from casework.storage.models import Case, User
from casework.storage.sealed_files import Opener, SealedReader, SealedWriter

PASSPHRASE = "abcd-efgh-jkmn-pqrs-tuvw-xyz2"
BY_KEY = Opener(key=bytes(32))
BOTH = Opener(key=bytes(32), passphrase=PASSPHRASE)


def exported(case: Case) -> bytes:
    file = io.BytesIO()
    case_exports.export(file, case, PASSPHRASE, None, signed="a test")
    return file.getvalue()


def bring_in(content: bytes, actor: User, **given) -> case_imports.BroughtIn:
    return case_imports.bring_in(io.BytesIO(content), BOTH, actor, **given)


def ruth() -> User:
    return db.session.scalars(select(User).where(User.sign_in_name == "ruth")).one()


def contents(file: bytes) -> dict[str, bytes]:
    reader = SealedReader(io.BytesIO(file), "case", Opener(passphrase=PASSPHRASE))
    return {name: b"".join(parts) for name, _, parts in reader.entries()}


def sealed(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, "case", BY_KEY)
    for name, content in entries.items():
        writer.put(name, len(content), [content])
    writer.close()
    return file.getvalue()


def everything() -> str:
    """What the instance holds, in one hash; asked in plain SQL, for a hundred tables are asked a hundred times."""
    ask = db.session.connection().exec_driver_sql
    rows = [
        (name, fingerprint_of([tuple(row) for row in ask(f"SELECT * FROM {name}")]))
        for name in Base.metadata.tables
    ]
    kept = sorted(path.name for path in (_folder() / "archive").rglob("*") if path.is_file())
    return sha256(repr((rows, kept)).encode()).hexdigest()


def _folder():
    from casework.storage.instance import current_instance

    return current_instance().settings.instance

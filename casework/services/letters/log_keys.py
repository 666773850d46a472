"""The keys of visit logs: each go-bag has one, sealed under the key of its case, and it goes where the case goes."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from casework.domain.errors import CaseworkError
from casework.services.letters import papers
from casework.storage import case_keys
from casework.storage.asking import every_group
from casework.storage.database import db
from casework.storage.models import GoBag

MADE_HERE, CAME_ALONG = "go-bag", "go-bag from elsewhere"
LENGTH = 32
TOKEN = re.compile("[0-9a-f]{10}")


def new_sealed(case_id: int, token: str, log_key: bytes) -> str:
    """The key of a new bag, as it is kept. Raises CaseworkError where the case has no key."""
    return _sealed(case_id, MADE_HERE, token, log_key)


def log_key_of(row: GoBag) -> bytes | None:
    """The key of this bag's visit logs; None where it did not come with the case, or is gone."""
    return _opened(row, MADE_HERE) or _opened(row, CAME_ALONG)


def came_along(row: GoBag) -> bool:
    """Whether the bag was made elsewhere and came with its case: the numbers that its logs name are those of there."""
    return _opened(row, CAME_ALONG) is not None


def let_leave(rows: Iterable[dict[str, Any]]) -> None:
    """Give the rows of bags that leave with a case their keys, open: the file that they leave in is sealed itself."""
    for row in rows:
        bag = db.session.get(GoBag, row["id"])
        key = log_key_of(bag) if bag else None
        row["log_key"] = b64encode(key).decode() if key else None


def take_over(case_id: int, number: int, token: Any, log_key: Any) -> None:
    """Keep the key of a bag that came with a case, under the key that the case has here. Not saved yet.

    What is no key, and a bag that another one here is taken for, stays without one: its logs are typed in by hand.
    """
    try:
        key = b64decode(log_key or "", validate=True)
    except ValueError:
        return
    if len(key) != LENGTH or not TOKEN.fullmatch(token or ""):
        return
    with every_group():  # another group on this machine may have the bag: a token stands once for all of them
        is_known = db.session.scalar(select(GoBag.id).where(GoBag.token == token)) is not None
    if is_known:
        return
    if case_keys.paper_key(case_id) is None:
        case_keys.make_key(case_id)
    kept = _sealed(case_id, CAME_ALONG, token, key)
    db.session.execute(update(GoBag).where(GoBag.id == number).values(token=token, log_key=kept))


def _opened(row: GoBag, label: str) -> bytes | None:
    key = case_keys.paper_key(row.case_id)
    if key is None or not row.log_key or not row.token:
        return None
    try:
        return key.unseal_words(f"{label} {row.token}", row.log_key)
    except ValueError:
        return None


def _sealed(case_id: int, label: str, token: str, log_key: bytes) -> str:
    key = case_keys.paper_key(case_id)
    if key is None:
        raise CaseworkError(papers.NO_KEY)
    return key.seal_words(f"{label} {token}", log_key)

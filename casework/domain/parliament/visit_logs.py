"""What somebody wrote down at a surgery without a signal, as it comes home."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.errors import CaseworkError
from casework.domain.parliament.surgeries import Outcome, Promise

NOT_OURS = "This is no visit log that we can read. Save it again from the bag, and send that."
# What the buttons of the bag say, and how the file calls it.
ANSWERS = {"yes": Outcome.AGREED, "think": Outcome.UNSURE, "no": Outcome.REFUSED, "none": Outcome.NO_ANSWER}
MOST = {"where": 300, "went": 300, "met": 300, "asked": 4000, "said": 8000, "what": 500, "who": 200, "gss": 9}
MOST_PROMISES = 2
_ENTRY = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class VisitLog:
    """One visit as it was written down. `entry` is the same however often the same log is carried home."""

    entry: str
    gss_code: str = ""
    visit_id: int | None = None
    held_on: date | None = None
    where: str = ""
    went: str = ""
    met: str = ""
    asked: str = ""
    said: str = ""
    outcome: Outcome | None = None
    promises: tuple[Promise, ...] = ()
    next_step: Promise | None = None


def read_log(content: bytes) -> VisitLog:
    """The log that these bytes hold. Raises CaseworkError for what no bag of ours writes."""
    try:
        told = json.loads(content)
        if not isinstance(told, dict) or not _ENTRY.fullmatch(str(told.get("entry"))):
            raise ValueError
        promises = told.get("promises") or []
        if not isinstance(promises, list) or len(promises) > MOST_PROMISES:
            raise ValueError
        number = told.get("visit")
        return VisitLog(
            entry=told["entry"],
            gss_code=_text(told, "gss"),
            visit_id=number if type(number) is int and 0 < number < 2**31 else None,
            held_on=_day(told.get("on")),
            where=_text(told, "where"),
            went=_text(told, "went"),
            met=_text(told, "met"),
            asked=_text(told, "asked", many=True),
            said=_text(told, "said", many=True),
            outcome=ANSWERS.get(str(told.get("answer"))),
            promises=tuple(found for one in promises if (found := _promise(one))),
            next_step=_promise(told.get("next")),
        )
    except (ValueError, TypeError, RecursionError):
        raise CaseworkError(NOT_OURS, field="code") from None


def _promise(told: Any) -> Promise | None:
    if told is None:
        return None
    if not isinstance(told, dict):
        raise ValueError
    what, who, by = _text(told, "what"), _text(told, "who"), _day(told.get("by"))
    return Promise(what, who or None, by) if what or who or by else None


def _text(told: dict[str, Any], name: str, *, many: bool = False) -> str:
    """The text without what cannot be seen; of several lines only where it has them."""
    given = told.get(name) or ""
    if not isinstance(given, str):
        raise ValueError
    lines = ("".join(sign for sign in line if sign.isprintable()).strip() for line in given.splitlines())
    return ("\n" if many else " ").join(lines).strip()[: MOST[name]]


def _day(told: Any) -> date | None:
    return date.fromisoformat(told) if told else None

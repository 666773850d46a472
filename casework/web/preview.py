"""A form is seen before it is saved: a page says what will change, and carries along everything that was typed."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_login import current_user

from casework.services.timing.effects import Answers, Effects, foreseen
from casework.storage.models import Case
from casework.web.fields import tidy, whole_number

SEEN, OFFERS, ENDS, STEP = "seen", "offers", "ends", "step"
CHANGE = "change"
_OWN = {"csrf_token", SEEN, OFFERS, ENDS, STEP}


def goes_back() -> bool:
    """Whether somebody who saw what will change wants to change what they typed."""
    return request.method == "POST" and request.form.get(STEP) == CHANGE


def answers() -> Answers:
    """What was ticked on the page that said what will change; nothing was asked where there was no such page."""
    if not request.form.get(SEEN):
        return Answers()
    ends = frozenset(whole_number(one) for one in request.form.getlist(ENDS))
    return Answers(frozenset(request.form.getlist(OFFERS)), ends)


def first_seen(
    case: Case,
    act: Callable[[Effects], object],
    *,
    what: str,
    save: str,
    carried: dict[str, str] | None = None,
) -> str | None:
    """The page that says what doing this will change; None when it was seen, or when nothing changes.

    `what` says what happened and `save` what the button does; `carried` is sent along besides what was typed. Raises
    what doing it raises.
    """
    changes = foreseen(case, current_user, act)
    seen = request.form.get(SEEN)
    if not changes or seen == changes.fingerprint:
        return None
    typed = [(name, tidy(value) or "") for name, value in request.form.items(multi=True) if name not in _OWN]
    more: dict[str, Any] = carried or {}
    return render_template(
        "events/preview.html",
        case=case,
        changes=changes,
        typed=[pair for pair in typed if pair[0] not in more] + list(more.items()),
        what=what,
        save=save,
        is_stale=bool(seen),
    )

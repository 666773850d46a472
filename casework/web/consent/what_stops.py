"""Where less is agreed to: what stops and who holds what, said before it is saved; and the way on after it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask_login import current_user

from casework.domain.consent.publicity import Agreement
from casework.domain.consent.recall import CANNOT
from casework.services.consent import recall
from casework.storage.models import Case
from casework.web import preview
from casework.web.fields import tidy

SEEN = "seen"
_OWN = {"csrf_token", SEEN, preview.STEP, "scan"}


def first_seen(
    case: Case,
    agreement: Agreement,
    what: str,
    form: Any,
    *,
    why: str = "",
    says_no: bool = False,
    visits: Sequence[str] = (),
) -> str | None:
    """The page that says what stops and what went out too far; None when nothing does, or when it was seen.

    `agreement` is what would hold from then on, and `why` by what; `says_no` is of a no to MPs, which calls off
    `visits`.
    """
    beyond = recall.beyond(case, agreement, says_no=says_no)
    seen = request.form.get(SEEN)
    if not beyond or seen == beyond.fingerprint:
        return None
    typed = [(name, tidy(value) or "") for name, value in request.form.items(multi=True) if name not in _OWN]
    if "scan_kept" in form:
        typed = [pair for pair in typed if pair[0] != "scan_kept"] + [
            ("scan_kept", form.scan_kept.data or "")
        ]
    return render_template(
        "consent/what_stops.html", case=case, beyond=beyond, agreement=agreement, what=what, typed=typed,
        why=why, visits=visits, cannot=CANNOT, is_stale=bool(seen), is_saved=False,
    )  # fmt: skip


def way_on(case: Case) -> str | None:
    """Take down what may not be open any more, and draft the recall letters; the page of what went out, or may have."""
    if recall.take_down_pages(case, current_user):
        flash("The campaign page is taken down.")
    beyond = recall.beyond(case)
    if beyond.to_recall:
        flash(drafted(len(recall.draft_recalls(case, current_user))))
    there = url_for("campaign_consent.gone_out", reference=case.reference)
    return there if beyond.went_out or beyond.unsaid else None


def drafted(number: int) -> str:
    """How many letters were drafted that ask papers back."""
    if number == 1:
        return "One letter that asks a paper back is drafted."
    return f"{number or 'No'} letters that ask papers back are drafted."

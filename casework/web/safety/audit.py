"""The trail: who did and who looked at what."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from casework.domain.safety.accounts import Action
from casework.domain.safety.page_words import PAGE_WORDS, did_in_words, facts_of
from casework.domain.timing.events import HAPPENINGS
from casework.services.safety import accounts, audit
from casework.services.safety.audit import Show
from casework.storage.models import AuditEvent, Case
from casework.web.guards import allow, case_or_404

bp = Blueprint("audit", __name__)

SHOW_WORDS = {Show.ALL: "Everything", Show.CHANGES: "What people did", Show.LOOKS: "What people looked at"}


@bp.get("/trail")
@allow(Action.VIEW_TRAIL)
def index() -> str:
    return render_template("audit/index.html", **_lines(None))


@bp.get("/cases/<reference>/trail")
@allow(Action.VIEW_TRAIL)
def for_case(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("audit/for_case.html", case=case, **_lines(case))


def _lines(case: Case | None) -> dict[str, Any]:
    """What the trail's page prints: its lines, which of them, and where the older ones begin."""
    wanted = request.args.get("show", "")
    show = Show(wanted) if wanted in set(Show) else Show.ALL
    before = request.args.get("before", "")
    events = audit.list_events(
        current_user, case, show=show, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    names = {user.id: user.name for user in accounts.list_users()}
    return {
        "lines": [(event, in_words(event, names)) for event in events],
        "references": audit.references_of(events),
        "show": show,
        "show_words": SHOW_WORDS,
        "older": events[-1].id if len(events) == audit.PAGE_LENGTH else None,
    }


def in_words(event: AuditEvent, names: dict[int, str]) -> str:
    """What happened, with its facts: "role changed (person: Ada, before: volunteer, after: caseworker)"."""
    facts = facts_of(event.facts)
    if event.action == audit.LOOK:
        return did_in_words(audit.LOOK, facts)
    if isinstance(shown := facts.get("page"), str):
        facts["page"] = PAGE_WORDS.get(shown, shown)
    if (what := facts.get("what")) in HAPPENINGS:
        facts["what"] = HAPPENINGS[what].words
    if isinstance(user := facts.pop("user", None), int):
        facts = {"person": names.get(user, "somebody without an account"), **facts}
    told = ", ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in facts.items())
    return f"{event.action} ({told})" if told else event.action


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item).replace("_", " ") for item in value) or "none"
    return "none" if value is None else str(value)

"""What somebody opened last: noted when its page was shown, and listed under what it is called today."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, Response, flash, g, redirect, request, url_for
from flask_login import current_user

from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.domain.timing.events import HAPPENINGS
from casework.domain.words import say
from casework.services.case import recent_items
from casework.services.case.recent_items import ItemKind, Opened
from casework.services.letters import letter_pages
from casework.storage.database import db
from casework.web.case.search import TITLES, WORDS, Line
from casework.web.guards import allow, can

bp = Blueprint("recent_items", __name__)


@dataclass(frozen=True)
class Page:
    """The page of one kind of thing: what its address calls it, what it is called, and other pages that show it."""

    endpoint: str
    number: str
    title: Callable[[Any], str]
    others: tuple[str, ...] = field(default=())


def _batch(row: Any) -> str:
    template = letter_pages.letters().templates.get(row.template)
    if template is None:
        return say("Letters for many")
    return say("Letters for many: {title}", title=of_ours(template.title))


def _promise(row: Any) -> str:
    return say("Promise of {name}", name=row.who) if row.who else of_ours(WORDS["follow_ups"])


PAGES: dict[ItemKind, Page] = {
    ItemKind.CASE: Page("cases.show", "", lambda row: str(row.person_name)),
    ItemKind.MEMBER: Page(
        "members.show",
        "gss_code",
        lambda seat: f"{seat.member.name}, {seat.constituency.name}" if seat.member else seat.constituency.name,
        ("next_contacts.for_member", "offices.contacts"),
    ),
    ItemKind.LETTER: Page(
        "letters.edit_letter", "letter_id", TITLES["letters"],
        ("letters.issue", "letter_life.read", "letter_life.sent", "letter_life.void"),
    ),
    ItemKind.PAPER: Page(
        "correspondence.show", "paper_id", TITLES["correspondence"], ("answers.show", "answers.edit_map")
    ),
    ItemKind.DATE: Page(
        "deadlines.show", "deadline_id", lambda row: of_ours(str(row.working.get("name") or row.rule_key)),
        ("deadlines.settle", "deadlines.state", "deadlines.reopen"),
    ),
    ItemKind.EVENT: Page("events.show", "event_id", lambda row: of_ours(HAPPENINGS[row.name].words)),
    ItemKind.REMOVAL: Page("removals.show", "removal_id", lambda row: say("The removal clock"), ("removals.sheet",)),
    ItemKind.VISIT: Page("surgeries.show", "visit_id", TITLES["surgery_visits"], ("surgeries.record",)),
    ItemKind.PROMISE: Page("surgeries.follow_up", "follow_up_id", _promise),
    ItemKind.SUPPORTER: Page(
        "supporters.edit_supporter", "supporter_id", TITLES["sign_ups"], ("ladder.supporter", "own_words.edit")
    ),
    ItemKind.IMPORT: Page("imports.show", "sheet_id", lambda row: say("A sheet of supporters"), ("imports.columns",)),
    ItemKind.BATCH: Page("batches.show", "batch_id", _batch, ("batches.hand_over",)),
    ItemKind.MESSAGE: Page(
        "messages.show", "message_id", lambda row: of_ours(WORDS["messages"]), ("messages.edit_message",)
    ),
    ItemKind.CALLS: Page("call_rounds.show", "round_id", lambda row: say("A call list"), ("call_rounds.ring",)),
    ItemKind.PACK: Page("packs.show", "pack_id", lambda row: str(row.title)),
    ItemKind.MEETINGS: Page(
        "meeting_plans.show", "plan_id", TITLES["meeting_plans"], ("meeting_plans.sheet", "meeting_plans.briefs")
    ),
}  # fmt: skip
SHOWS = {endpoint: kind for kind, page in PAGES.items() for endpoint in (page.endpoint, *page.others)}


@bp.app_template_global()
def opened_last() -> list[Line]:
    """What whoever is signed in opened last, of what pages still show them."""
    return [_line(one) for one in recent_items.recent_items(current_user) if can(PAGES[one.kind].endpoint)]


def _line(one: Opened) -> Line:
    page = PAGES[one.kind]
    values: dict[str, Any] = {}
    if one.case is not None:
        values["reference"] = one.case.reference
    if page.number:
        values[page.number] = _number(one)
    of = "" if one.case is None else one.case.reference
    if one.case is not None and one.kind is not ItemKind.CASE:
        of = f"{one.case.person_name} · {of}"
    return Line(url_for(page.endpoint, **values), page.title(one.row), of)


def _number(one: Opened) -> Any:
    if one.kind is ItemKind.MEMBER:
        return one.row.constituency.gss_code
    return getattr(one.row, recent_items.TABLES[one.kind][1])


@bp.post("/search/opened/clear")
@allow(Action.OWN_ACCOUNT)
def clear() -> Any:
    recent_items.begin_anew(current_user)
    flash("The list is empty. It begins again with the next thing that you open.")
    return redirect(url_for("search.index"), 303)


def _note(response: Response) -> Response:
    """Note what this page showed, once it was shown."""
    is_page = request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"
    if not is_page or request.endpoint is None or not current_user.is_authenticated:
        return response
    values, case_id = request.view_args or {}, g.get("case_id_shown")
    kind = SHOWS.get(request.endpoint, ItemKind.CASE)
    key = str(case_id) if kind is ItemKind.CASE else str(values.get(PAGES[kind].number) or "")
    if key and (kind is not ItemKind.CASE or case_id is not None):
        actor_id = current_user.id  # asked of the database again once it let go
        db.session.rollback()  # what a view tried and did not save is not saved by this
        recent_items.note_if_possible(actor_id, kind, key, case_id)
    return response


def note_what_is_shown(app: Flask) -> None:
    """Watch every page that is shown."""
    app.after_request(_note)

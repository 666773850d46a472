"""The trail: who did and who looked at what."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user

from casework.domain.safety.accounts import Action
from casework.domain.timing.events import HAPPENINGS
from casework.services.safety import accounts, audit
from casework.services.safety.audit import Show
from casework.storage.models import AuditEvent, Case
from casework.web.guards import allow, case_or_404

bp = Blueprint("audit", __name__)

SHOW_WORDS = {Show.ALL: "Everything", Show.CHANGES: "What people did", Show.LOOKS: "What people looked at"}
# What somebody looked at, for the pages whose address does not say it plainly enough.
PAGE_WORDS = {
    "accounts.team": "who works on the case",
    "alike.index": "which letters are too alike",
    "answers.begin": "beginning to read an answer closely",
    "answers.chase": "asking again what an answer left open",
    "answers.edit_map": "an answer, read closely",
    "answers.edit_question": "one question to an answer",
    "answers.new_questions": "adding questions to an answer",
    "answers.show": "an answer, read closely",
    "audit.for_case": "the trail",
    "batches.count_bundle": "counting letters on their way",
    "batches.hand_over": "letters on their way to MPs",
    "batches.index": "letters for many",
    "batches.labels": "labels for envelopes",
    "batches.new_batch": "choosing who writes",
    "batches.one_letter": "the PDF of one of many letters",
    "batches.page_image": "a page of one of many letters",
    "batches.postcards": "postcards",
    "batches.preview": "letters for many before they are made",
    "batches.progress": "how far letters for many are",
    "batches.print_file": "the PDF of letters for many",
    "batches.show": "letters for many",
    "batches.signers": "who signs what",
    "batches.zipped": "the PDFs of letters for many",
    "bins.delete_case": "deleting the case",
    "bins.erase_binned": "erasing the case",
    "bins.for_case": "the bin",
    "board.owner": "who takes care of a date",
    "call_rounds.index": "the evenings of calls",
    "call_rounds.new_round": "making a call list",
    "call_rounds.ring": "whom they ring, with the number",
    "call_rounds.show": "a call list",
    "campaign_consent.gone_out": "what went out beyond the consent",
    "campaign_consent.new_consent": "recording a campaign consent",
    "campaign_consent.scan": "the file of a scan",
    "campaign_consent.scan_look": "a scan",
    "campaign_consent.show": "what the person agreed to",
    "campaign_consent.take_back": "taking back a campaign consent",
    "campaign_pages.show": "the campaign page",
    "case_exports.export": "taking the case out",
    "cases.close_case": "closing the case",
    "cases.edit_person": "the person",
    "cases.edit_place": "a place",
    "cases.record_asked": "whether the person was asked",
    "cases.show": "the case",
    "consent.scan": "the file of a scan",
    "consent.scan_look": "a scan",
    "consent.show": "a form of authority",
    "correspondence.index": "the letters and answers",
    "correspondence.scan": "the file of a scan",
    "correspondence.scan_look": "a scan",
    "correspondence.show": "a letter or an answer",
    "deadlines.for_case": "the dates",
    "deadlines.choose_rule": "adding a date",
    "deadlines.new_deadline": "adding a date",
    "deadlines.proof": "the file of a paper kept with a date",
    "deadlines.proof_look": "a paper kept with a date",
    "deadlines.reopen": "a date",
    "deadlines.settle": "a date",
    "deadlines.show": "a date",
    "deadlines.state": "a date",
    "feeds.for_case": "the dates, as a file for a calendar",
    "finding_out.show": "something to be found out",
    "first_hour.ready": "what is ready after the first hour",
    "events.choose": "what may have happened",
    "events.new_event": "recording what happened",
    "events.show": "something that happened",
    "events.take_back": "taking back what happened",
    "go_bags.index": "the copies that are out",
    "go_bags.new_bag": "making a copy to take along",
    "imports.columns": "the columns of a sheet of supporters",
    "imports.index": "lists of supporters from spreadsheets",
    "imports.show": "the rows of a sheet of supporters",
    "handing_over.in_case": "handing over what somebody works on",
    "handing_over.offer": "handing a case over to another group",
    "handing_over.sees": "which hidden things somebody sees",
    "need_to_know.edit": "who may see one thing",
    "imports.take_back": "taking back a sheet of supporters",
    "imports.to_mend": "the rows of a sheet that are to mend, as a table",
    "imports.twice": "supporters who may be there twice",
    "ladder.index": "what supporters can do",
    "ladder.supporter": "what a supporter can do",
    "letter_life.read": "who read a draft",
    "letter_life.sent": "how a letter went",
    "letter_life.void": "making a letter void",
    "letters.download": "the PDF of a letter",
    "letters.edit_letter": "a letter",
    "letters.index": "the letters",
    "letters.to_fill_in": "a form to fill in on a screen",
    "letters.page_image": "a page of a letter",
    "members.choose_for_place": "the constituency of a place",
    "members.choose_for_supporter": "the constituency of a supporter",
    "members.who_can_act": "who can act",
    "needs.edit_need": "something that is needed",
    "needs.index": "what is needed",
    "needs.new_need": "adding a need",
    "messages.edit_message": "a message to supporters",
    "messages.index": "the messages to supporters",
    "messages.new_message": "writing to supporters",
    "messages.readers": "whom a message goes to, as a file",
    "messages.show": "a message to supporters",
    "next_contacts.for_case": "the next contact with the supporters",
    "notes.edit_note": "a note",
    "notes.index": "the notes",
    "notes.new_note": "adding a note",
    "own_view.show": "what the person can see",
    "own_words.edit": "the own words of a supporter",
    "packs.download": "the PDF of a pack",
    "packs.index": "the packs",
    "packs.new_pack": "making a pack",
    "packs.show": "a pack",
    "plans.edit_day": "a day of the plan",
    "plans.edit_part": "a part of the plan",
    "plans.edit_task": "a task of the plan",
    "plans.new_day": "adding a day to the plan",
    "plans.new_task": "adding a task to the plan",
    "plans.sheet": "the plan, to print",
    "plans.show": "the plan",
    "plans.tasks": "who does what",
    "reach.edit_day": "the day that matters",
    "reach.export": "the reach, as a table to take away",
    "reach.index": "the reach of the campaign",
    "reach.sheet": "the reach, to print",
    "removals.change_removal": "the details of a removal",
    "removals.court_decision": "a court’s decision on a removal",
    "removals.end_removal": "the end of a removal",
    "removals.index": "the removals",
    "removals.new_removal": "a new removal",
    "removals.new_step": "the plan before a flight",
    "removals.sheet": "the printed plan before a flight",
    "removals.show": "the removal clock",
    "signing.card": "the card for reporting days",
    "signing.edit": "the plan for reporting days",
    "signing.new_contact": "whom to ring on a reporting day",
    "signing.new_days": "adding reporting days",
    "signing.show": "the plan for reporting days",
    "stall.done": "the form of the stall",
    "stall.show": "the form of the stall",
    "subject_access.show": "making a copy of everything for the person",
    "supporters.edit_supporter": "a supporter",
    "supporters.elsewhere": "supporters of other cases",
    "supporters.export": "the list of supporters, as a file",
    "supporters.find": "looking for a supporter",
    "supporters.index": "the supporters",
    "supporters.new_supporter": "adding a supporter",
    "surgeries.correct": "a surgery visit",
    "surgeries.edit_visit": "a surgery visit",
    "surgeries.record": "a surgery visit",
    "surgeries.script": "what to say to an MP",
    "surgeries.show": "a surgery visit",
    "visit_logs.take_in": "taking a visit log in",
    "task_owners.edit": "who takes on which task",
}


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
    facts = dict(event.facts or {})
    if event.action == audit.LOOK:
        page = str(facts.get("page", ""))
        return f"{audit.LOOK} {PAGE_WORDS.get(page) or page.partition('.')[2].replace('_', ' ')}"
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

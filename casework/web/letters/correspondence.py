"""The file: letters in and out, the chains they make, and one letter with the dates it started."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.letters.correspondence import RECEIVED_HOW, Kind, Remedy
from casework.domain.safety.accounts import Action
from casework.domain.said import in_a_row, of_ours, on_day, typed, upfirst
from casework.domain.words import say
from casework.services.consent import need_to_know
from casework.services.letters import correspondence, letters
from casework.services.letters.correspondence import NewPaper
from casework.services.parliament import answers
from casework.services.timing import deadlines, removals
from casework.storage.models import Case, Correspondence
from casework.web import preview
from casework.web.case.case_choices import member_choices
from casework.web.guards import allow, case_or_404
from casework.web.letters.correspondence_forms import LetterInForm, LetterOutForm, PaperForm, ResponseForm
from casework.web.letters.scans import open_viewer, send_scan

bp = Blueprint("correspondence", __name__)


@bp.get("/cases/<reference>/letters-and-answers")
@allow(Action.READ_STORY)
def index(reference: str) -> str:
    case = case_or_404(reference)
    chains, papers = correspondence.file_of(case)
    return render_template(
        "correspondence/index.html", case=case, chains=chains, papers=papers, describe=describe,
        hidden=need_to_know.left_out(case).get("letter"),
    )  # fmt: skip


@bp.get("/cases/<reference>/letters-and-answers/<int:paper_id>")
@allow(Action.READ_STORY)
def show(reference: str, paper_id: int) -> str:
    case = case_or_404(reference)
    paper = correspondence.get_paper(case, paper_id)
    _, papers = correspondence.file_of(case)
    return render_template(
        "correspondence/show.html",
        case=case,
        paper=paper,
        papers=papers,
        chain=correspondence.chain_of(paper),
        dates=deadlines.started_by(paper),
        removal=removals.of_paper(paper),
        describe=describe,
        how=RECEIVED_HOW,
        comes_in=Kind(paper.kind).comes_in,
        read=answers.summary(answers.map_of(paper)),
    )


@bp.route("/cases/<reference>/responses/new", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def new_response(reference: str) -> Any:
    case = case_or_404(reference)
    return _new(case, ResponseForm(remedy=Remedy.UNCLEAR.value), "correspondence/new_response.html")


@bp.route("/cases/<reference>/letters-out/new", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def new_letter_out(reference: str) -> Any:
    case = case_or_404(reference)
    form = LetterOutForm(gss_code=request.args.get("mp"))
    form.gss_code.choices = member_choices(case, also=request.args.get("mp"))
    return _new(case, form, "correspondence/new_letter_out.html")


@bp.route("/cases/<reference>/letters-in/new", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def new_letter_in(reference: str) -> Any:
    case = case_or_404(reference)
    form = LetterInForm(gss_code=request.args.get("mp"))
    form.gss_code.choices = member_choices(case, also=request.args.get("mp"))
    return _new(case, form, "correspondence/new_letter_in.html")


@bp.get("/cases/<reference>/letters-and-answers/<int:paper_id>/scan")
@allow(Action.READ_STORY)
def scan(reference: str, paper_id: int) -> Response:
    case = case_or_404(reference)
    paper = correspondence.get_paper(case, paper_id)
    return send_scan(case, paper.scan_sha256, paper.scan_type, f"letter-{paper.id}")


def _scan_of(case: Case, paper_id: int) -> tuple[str | None, str | None]:
    paper = correspondence.get_paper(case, paper_id)
    return paper.scan_sha256, paper.scan_type


open_viewer(bp, "/cases/<reference>/letters-and-answers/<int:paper_id>/scan", "scan", _scan_of)


def describe(row: Correspondence) -> str:
    """What to call a letter in a list: its kind, to whom or from whom it is, which one of ours, and its day."""
    paper = correspondence.as_paper(row)
    who = row.sender if paper.kind.comes_in else row.recipient
    title = letters.template_of(row.letter).title if row.letter else ""
    kind = of_ours(paper.words)
    if not who and not title:
        return say("{kind}, {day}", kind=kind, day=on_day(paper.day))
    if not who or not title:
        return say(
            "{kind}, {which}, {day}", kind=kind, which=title or typed(who or ""), day=on_day(paper.day)
        )
    return say("{kind}, {name}, {which}, {day}", kind=kind, name=who, which=title, day=on_day(paper.day))


def _new(case: Case, form: PaperForm, template: str) -> Any:
    """Show a form for a letter, or keep what was typed and say which dates it started."""
    form.offer(case, {str(row.id): describe(row) for row in correspondence.list_papers(case)})
    if request.method == "GET" and request.args.get("answers"):
        form.answers.data = request.args["answers"]
    if not preview.goes_back() and form.validate_on_submit():
        paper = form.paper()
        try:
            page = preview.first_seen(
                case,
                lambda effects: correspondence.add_paper(case, paper, current_user, effects),
                what=_what(paper),
                save="Keep the letter",
                carried={"scan_kept": form.scan_kept.data or ""},
            )
            if page:
                return page
            row = correspondence.record_paper(case, paper, current_user, preview.answers())
        except CaseworkError as error:
            form.explain(error)
        else:
            _say(row)
            return redirect(url_for("correspondence.show", reference=case.reference, paper_id=row.id), 303)
    return render_template(template, case=case, form=form)


def _what(paper: NewPaper) -> str:
    """The letter in a sentence: "A letter from the Home Office: refusal. Received on Thursday 5 November 2026"."""
    words: str = of_ours(paper.kind.words)
    if paper.kind is Kind.HOME_OFFICE_RESPONSE and paper.response:
        words = say("{kind}: {answer}", kind=words, answer=of_ours(paper.response.name_in_short))
    told = []
    if paper.dated:
        told.append(say("dated {day}", day=on_day(paper.dated, weekday=True)))
    if paper.sent_on:
        told.append(say("sent on {day}", day=on_day(paper.sent_on, weekday=True)))
    if paper.received_on:
        told.append(say("received on {day}", day=on_day(paper.received_on, weekday=True)))
    return (
        say("{kind}. {days}.", kind=words, days=upfirst(in_a_row(told)))
        if told
        else say("{kind}.", kind=words)
    )


def _say(row: Correspondence) -> None:
    flash("The letter is in the file.")
    for entry in deadlines.started_by(row):
        if entry.aim:
            flash(
                say(
                    "{date}: {label} {day}, {nearness}.",
                    date=of_ours(entry.title),
                    label=of_ours("aim for" if entry.safe_on else entry.words.label),
                    day=on_day(entry.aim, weekday=True),
                    nearness=of_ours(entry.when(clock.today())),
                )
            )
        else:
            flash(say("{date}: {why}", date=of_ours(entry.title), why=of_ours(entry.cannot_say or "")))

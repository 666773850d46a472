"""An answer laid beside the letter it answers: each question read, and the letter that asks again what is left open."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.letters.correspondence import Kind
from casework.domain.parliament.answers import Asked, stands_in
from casework.domain.safety.accounts import Action
from casework.services.beside import laid_beside, proposed_questions
from casework.services.letters import correspondence
from casework.services.parliament import answer_chasers, answers
from casework.services.parliament.answer_gaps import open_questions
from casework.storage.models import AnswerMap, AnswerQuestion, Case, Correspondence
from casework.web.case.case_choices import member_choices
from casework.web.fields import whole_number
from casework.web.guards import allow, case_or_404
from casework.web.letters.correspondence import describe
from casework.web.parliament.answer_forms import AboutForm, BeginForm, ChaseForm, QuestionForm, QuestionsForm

bp = Blueprint("answers", __name__)
PLACE = "/cases/<reference>/letters-and-answers/<int:paper_id>/map"


@bp.get(PLACE)
@allow(Action.READ_STORY)
def show(reference: str, paper_id: int) -> str:
    case = case_or_404(reference)
    paper = answers.get_answer(case, paper_id)
    read = answers.map_of(paper)
    return render_template(
        "answers/show.html", questions=[_line(read, row) for row in answers.questions_of(read)] if read else [],
        open_questions=open_questions(read, clock.today()) if read else [],
        chaser=answer_chasers.chaser_of(read) if read else None, counts=answers.summary(read),
        **_both(case, paper, read),
    )  # fmt: skip


@bp.route(f"{PLACE}/begin", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def begin(reference: str, paper_id: int) -> Any:
    case = case_or_404(reference)
    paper = answers.get_answer(case, paper_id)
    both = _both(case, paper, answers.map_of(paper))
    if request.method == "GET" and both["read"]:
        return redirect(url_for("answers.show", reference=case.reference, paper_id=paper_id))
    questions = "\n".join(proposed_questions(both["beside"]))
    form = _offer(BeginForm(beside=str(paper.answers_id or ""), questions=questions), case, paper)
    if form.validate_on_submit():
        try:
            read, is_new = answers.begin(
                case, paper_id, form.facts(), form.questions.data or "", current_user
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            if is_new or form.facts() == answers.facts_of(read):
                return _on(read)
            return _compare(case, read)
    return render_template("answers/begin.html", form=form, **both)


@bp.route(f"{PLACE}/edit", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def edit_map(reference: str, paper_id: int) -> Any:
    case = case_or_404(reference)
    read = answers.get_map(case, paper_id)
    form = _filled(case, read)
    if form.validate_on_submit():
        try:
            answers.change_facts(case, paper_id, form.facts(), whole_number(form.version.data), current_user)
        except OutOfDate as error:
            return _compare(case, answers.get_map(case, paper_id), error)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved.")
            return redirect(url_for("answers.show", reference=case.reference, paper_id=paper_id), 303)
    return render_template("answers/edit_map.html", form=form, **_both(case, read.paper, read))


def _compare(case: Case, read: AnswerMap, error: OutOfDate | None = None) -> str:
    """The form about the whole with what this person typed, and what another saved at the same time beside it."""
    form = _offer(AboutForm(), case, read.paper)
    form.explain(error or OutOfDate(f"{answers.CHANGED} Your questions are added to theirs."))
    form.meet(_filled(case, read, formdata=None))
    return render_template("answers/edit_map.html", form=form, **_both(case, read.paper, read))


def _filled(case: Case, read: AnswerMap, **how: Any) -> AboutForm:
    facts = AboutForm.filled_from(answers.facts_of(read))
    return _offer(AboutForm(version=read.version, **facts, **how), case, read.paper)


@bp.route(f"{PLACE}/questions/new", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def new_questions(reference: str, paper_id: int) -> Any:
    case = case_or_404(reference)
    read = answers.get_map(case, paper_id)
    form = QuestionsForm()
    if form.validate_on_submit():
        try:
            added = answers.add_questions(case, paper_id, form.questions.data or "", current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"Added: {len(added)}." if added else "These are there already.")
            return redirect(url_for("answers.show", reference=case.reference, paper_id=paper_id), 303)
    return render_template("answers/new_questions.html", form=form, **_both(case, read.paper, read))


@bp.route(f"{PLACE}/questions/<int:question_id>", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def edit_question(reference: str, paper_id: int, question_id: int) -> Any:
    case = case_or_404(reference)
    row = answers.get_question(case, paper_id, question_id)
    form = QuestionForm(obj=row)
    if form.validate_on_submit():
        try:
            answers.save_question(
                case, paper_id, question_id, form.asked.data or "", form.reading(),
                whole_number(form.version.data), current_user,
            )  # fmt: skip
        except OutOfDate as error:
            form.explain(error)
            row = answers.get_question(case, paper_id, question_id)
            form.meet(QuestionForm(obj=row, formdata=None))
        except CaseworkError as error:
            form.explain(error)
        else:
            _say(row)
            return _on(row.map, row.id)
    return render_template(
        "answers/edit_question.html", form=form, row=row, numbered=_number(row),
        **_both(case, row.map.paper, row.map),
    )  # fmt: skip


@bp.post(f"{PLACE}/questions/<int:question_id>/leave-out")
@allow(Action.RECORD_LETTER)
def leave_out(reference: str, paper_id: int, question_id: int) -> Any:
    case = case_or_404(reference)
    out = request.form.get("out") != "no"
    answers.leave_out(case, paper_id, question_id, current_user, out=out)
    flash("The question is left out. You can take it up again below." if out else "The question is back.")
    return redirect(url_for("answers.show", reference=case.reference, paper_id=paper_id), 303)


@bp.route(f"{PLACE}/chase", methods=["GET", "POST"])
@allow(Action.RECORD_LETTER)
def chase(reference: str, paper_id: int) -> Any:
    case = case_or_404(reference)
    read = answers.get_map(case, paper_id)
    mp = answer_chasers.member_to_chase(read.paper, read)
    form = ChaseForm(gss_code=mp or "")
    form.gss_code.choices = member_choices(case, also=mp)
    if form.validate_on_submit():
        try:
            letter, is_new = answer_chasers.draft_chaser(
                case, paper_id, form.gss_code.data or None, current_user
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            if not is_new:
                flash("This letter was begun before. Here it is, as it stands.")
            return redirect(
                url_for("letters.edit_letter", reference=case.reference, letter_id=letter.id), 303
            )
    return render_template(
        "answers/chase.html", form=form, open_questions=open_questions(read, clock.today()),
        is_hidden=bool(read.hidden), **_both(case, read.paper, read),
    )  # fmt: skip


def _both(case: Case, paper: Correspondence, read: AnswerMap | None) -> dict[str, Any]:
    """What every page of an answer shows: our letter on one side, theirs on the other."""
    return {
        "case": case,
        "paper": paper,
        "read": read,
        "facts": answers.facts_of(read) if read else None,
        "beside": laid_beside(paper, read),
        "describe": describe,
    }


def _line(read: AnswerMap, row: AnswerQuestion) -> dict[str, Any]:
    """A question in the list: as the rules see it, its row, and whether its quotation stands in what was typed."""
    asked = answers.as_asked(row)
    return {"row": row, "asked": asked, "is_not_there": _is_not_there(read, asked)}


def _is_not_there(read: AnswerMap, asked: Asked) -> bool:
    quote = asked.reading.quote
    return bool(quote and read.words and not stands_in(quote, read.words))


def _say(row: AnswerQuestion) -> None:
    if _is_not_there(row.map, answers.as_asked(row)):
        flash("Saved. These words do not stand in what was typed of the answer: compare them with the paper.")
    else:
        flash("Saved.")


def _number(row: AnswerQuestion) -> tuple[int, int]:
    """Which of how many questions this is; 0 where it is left out."""
    ids = [one.id for one in answers.questions_of(row.map) if one.dropped_at is None]
    return (ids.index(row.id) + 1 if row.id in ids else 0), len(ids)


def _offer(form: Any, case: Case, paper: Correspondence) -> Any:
    rows = [row for row in correspondence.list_papers(case) if row.id != paper.id]
    sent = [row for row in rows if not Kind(row.kind).comes_in]
    letters = {str(row.id): describe(row) for row in (*sent, *(row for row in rows if row not in sent))}
    form.offer(letters, from_office=paper.kind == Kind.MEMBER_TO_US)
    return form


def _on(read: AnswerMap, after: int = 0) -> Any:
    """On to the first question that nobody read yet; to the map once all are read."""
    reference, paper_id = read.case.reference, read.correspondence_id
    row = answers.next_unread(read, after)
    if row is None:
        return redirect(url_for("answers.show", reference=reference, paper_id=paper_id), 303)
    return redirect(
        url_for("answers.edit_question", reference=reference, paper_id=paper_id, question_id=row.id), 303
    )

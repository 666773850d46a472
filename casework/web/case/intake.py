"""The first hour: three doors, one question a page, and the case at its end."""

from collections.abc import Set
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.case.intake import (
    ASKED_AT,
    QUESTIONS,
    TO_TAKE_ON,
    Door,
    Question,
    Said,
    next_after,
    questions,
)
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.directory import LookupStatus
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.case import intake, intake_finish, of_this_name
from casework.services.letters import packs
from casework.services.parliament.directory import directory
from casework.storage.models import Case, Intake, IntakeAnswer
from casework.web.campaign.question_forms import QuestionForm, filled, in_words, said_back
from casework.web.case.case_forms import say_first_days
from casework.web.case.intake_forms import FORMS
from casework.web.case.task_owners import shares_form, shares_of
from casework.web.fields import whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow

bp = Blueprint("intake", __name__)
PLACE = "/first-hour/<int:intake_id>"
OPEN_NOW = "open"


def begun() -> list[dict[str, Any]]:
    """The first hours that nobody finished yet, for those who may go on with them."""
    if not current_user.may(Action.EDIT_CASE):
        return []
    rows = intake.list_open(current_user)
    return [
        {"row": row, "left": len(intake.left(row)), "door": Door(row.door), "name": intake.name_in(row)}
        for row in rows
    ]


class ThrowAwayForm(HouseForm):
    """A first hour that is thrown away."""


@bp.route("/first-hour/new/<door>", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def begin(door: str) -> Any:
    if door not in set(Door):
        raise NotFound("There is no such door. Go to the cases, and choose one.")
    return _ask(Door(door), None, ASKED_AT[Door(door)][0])


@bp.get(PLACE)
@allow(Action.EDIT_CASE)
def show(intake_id: int) -> Any:
    row = intake.get(intake_id, current_user)
    if row.reference:
        return _to_its_case(row)
    return render_template(
        "intake/show.html", intake=row, lines=_lines(row), door=Door(row.door), goes_on=intake.goes_on(row)
    )


@bp.route(f"{PLACE}/<question>", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def ask(intake_id: int, question: str) -> Any:
    row = intake.get(intake_id, current_user)
    if question not in ASKED_AT[Door(row.door)]:
        raise NotFound("There is no such question here.")
    return _to_its_case(row) if row.reference else _ask(Door(row.door), row, question)


@bp.route(f"{PLACE}/finish", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def finish(intake_id: int) -> Any:
    row = intake.get(intake_id, current_user)
    if row.reference:
        return _to_its_case(row)
    form = shares_form(current_user, {})
    if form.validate_on_submit():
        try:
            return _finished(row, shares_of(form))
        except CaseworkError as error:
            form.explain(error)
    return render_template(
        "intake/finish.html",
        intake=row,
        form=form,
        tasks=TO_TAKE_ON,
        door=row.door,
        same_name=_same_name(row),
        left=[QUESTIONS[one] for one in intake.left(row)],
    )


@bp.route(f"{PLACE}/throw-away", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def throw_away(intake_id: int) -> Any:
    row = intake.get(intake_id, current_user)
    if row.reference:
        return _to_its_case(row)
    form = ThrowAwayForm()
    if form.validate_on_submit():
        intake.throw_away(row, current_user)
        flash("It is erased, with all that was typed.")
        return redirect(url_for("cases.index"), 303)
    return render_template("intake/throw_away.html", intake=row, form=form, number=len(row.answers))


def _ask(door: Door, row: Intake | None, key: str) -> Any:
    """The page of one question, or the way on once its answer is kept."""
    kept = intake.answers_of(row).get(key) if row else None
    form, theirs = filled(FORMS[key], kept), None
    if form.validate_on_submit():
        try:
            return _answered(door, row, QUESTIONS[key], form)
        except OutOfDate as error:
            assert row is not None
            row = intake.get(row.id, current_user)
            if row.reference:
                return _to_its_case(row)
            theirs = intake.answers_of(row).get(key)
            form.explain(error)
            form.version.data = str(theirs.version if theirs else 0)
        except CaseworkError as error:
            form.explain(error)
    return render_template(
        "intake/question.html", intake=row, door=door, question=QUESTIONS[key], form=form, kept=kept, theirs=theirs,
        their_words=in_words(FORMS[key], theirs) if theirs else [], lines=_lines(row, door), is_last=_is_last(row, key),
        same_name=_same_name(row) if row and key == ASKED_AT[door][1] else [],
        number=ASKED_AT[door].index(key) + 1, after=next_after(door, key, intake.answers_of(row) if row else ()),
    )  # fmt: skip


def _same_name(row: Intake) -> list[Case]:
    """The cases that whoever asks works on and that may be about the same person."""
    return of_this_name.open_cases(intake.name_in(row), current_user)


def _answered(door: Door, row: Intake | None, question: Question, form: QuestionForm) -> Any:
    """Keep the answer, and go on to the next question, or to the case where the last one says so."""
    state = _state()
    form.check(state, question.none)
    opens = request.form.get("then") == OPEN_NOW and _is_last(row, question.key)
    row = _keep(door, row, question, state, form)
    _say_unknown_postcodes(form)
    say_first_days(form)
    form.version.data = str(intake.answers_of(row)[question.key].version)  # it is kept, whatever comes now
    return _finished(row, {}) if opens else _onward(row, question.key)


def _is_last(row: Intake | None, key: str) -> bool:
    """Whether the case may open straight from this question: before a flight no minute goes to who does what."""
    return row is not None and row.door == Door.FLIGHT and intake.left(row) in ([key], [])


def _state() -> Said:
    sent = request.form.get("answer", Said.SAID)
    return Said(sent) if sent in set(Said) else Said.SAID


def _keep(door: Door, row: Intake | None, question: Question, state: Said, form: QuestionForm) -> Intake:
    if row is None:
        return intake.begin(door, question.key, state, form.told(), current_user)
    intake.answer(row, question.key, state, form.told(), whole_number(form.version.data), current_user)
    return row


def _onward(row: Intake, key: str) -> Any:
    """The next question without an answer, else the end."""
    row = intake.get(row.id, current_user)
    after = next_after(Door(row.door), key, intake.answers_of(row))
    if after:
        return redirect(url_for("intake.ask", intake_id=row.id, question=after.key), 303)
    return redirect(url_for("intake.finish", intake_id=row.id), 303)


def _finished(row: Intake, shares: dict[str, int]) -> Any:
    """Open the case, make its pack, and go to what is ready."""
    case = intake_finish.finish(row, shares, current_user, _said_back)
    if any(note.hidden is None for note in case.notes):
        flash(
            "Some of what was typed is not enough yet for a place of its own. It stands in a note on the case."
        )
    try:
        packs.make_first(case, current_user)
    except CaseworkError as error:
        flash(say("The case is open. The pack could not be made yet: {why}", why=of_ours(error.message)))
    return redirect(url_for("first_hour.ready", reference=case.reference), 303)


def _said_back(answer: IntakeAnswer, names: Set[str]) -> list[str]:
    """What stands in these fields of an answer, a line for each, as a note keeps it."""
    short = QUESTIONS[answer.question].short
    lines = said_back(FORMS[answer.question], answer, names)
    return [f"{short}. {label}{'' if label.endswith('?') else ':'} {words}" for label, words in lines]


def _say_unknown_postcodes(form: QuestionForm) -> None:
    """Say at once which postcode we do not know, while the paper with it is at hand. It stops nobody."""
    for field in form.answers():
        if field.short_name.endswith("_postcode") and field.data:
            found = directory().lookup(field.data)
            if found.status is LookupStatus.UNKNOWN:
                flash(say("{postcode} is kept. {why}", postcode=field.data, why=of_ours(found.note)))


def _to_its_case(row: Intake) -> Any:
    flash("This first hour is finished. Here is what became of it.")
    return redirect(url_for("first_hour.ready", reference=row.reference), 303)


def _lines(row: Intake | None, door: Door | None = None) -> list[dict[str, Any]]:
    """Every question of a door, with how it stands."""
    answers = intake.answers_of(row) if row else {}
    of = Door(row.door) if row else door
    assert of
    return [
        {"question": one, "answer": answers.get(one.key), "words": _short(one, answers.get(one.key))}
        for one in questions(of)
    ]


def _short(question: Question, answer: Any) -> str:
    if answer is None:
        return "not asked yet"
    if answer.state == Said.SAID:
        return "answered"
    return question.none if answer.state == Said.NONE else question.unknown

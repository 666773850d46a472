"""What happens to a letter once it is drafted: it is read, it goes out, it is made void, a mistake is undone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import HiddenField

from casework import clock
from casework.domain.errors import CaseworkError
from casework.domain.letters.letter_life import READ_BY, SENT_HOW
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours, upfirst
from casework.services.consent import staying
from casework.services.letters import letter_life, letters
from casework.storage.models import Letter
from casework.web import undo
from casework.web.fields import DayField, line, one_of, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404, reads_story
from casework.web.letters.letter_list import letter_or_404

bp = Blueprint("letter_life", __name__)
ONE = "/cases/<reference>/letters/<int:letter_id>"


def _as_answers(words: dict[str, str]) -> dict[str, str]:
    return {key: upfirst(of_ours(one)) for key, one in words.items()}


class ReadingForm(HouseForm):
    """Who read the draft, and when."""

    version = HiddenField()
    who = one_of("Who read it, or had it read to them?", _as_answers(READ_BY), required="Choose who read it.")
    name = line("The lawyer’s or adviser’s name", hint="Leave it empty where it was the person themselves.")
    read_on = DayField("On which day", past=True, required="Type the day.")


class SentForm(HouseForm):
    """How a letter went out, and when."""

    sent_how = one_of("How did it go?", _as_answers(SENT_HOW), required="Choose how it went.")
    sent_on = DayField("On which day", past=True, required="Type the day on which it went.")
    given_to = line(
        "Who was given it?",
        hint="Name whoever took it. If less is agreed to later, it is asked back from them.",
        most=200,
    )
    copies = line("How many copies?", hint="Count them out, and back in.", most=4, size=4)


class VoidForm(HouseForm):
    """Why a letter counts no more."""

    because = paragraph(
        "Why is it void?",
        hint="For example: the date of the hearing is wrong. It is kept with the letter.",
        required="Say why this letter is void.",
        most=1000,
        rows=3,
    )


@bp.route(f"{ONE}/read", methods=["GET", "POST"])
@allow(Action.DRAFT_LETTER)
def read(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    letter = letter_or_404(case, letter_id)
    if letter.issued_at:
        return redirect(_page_of(letter), 303)
    lawyer = case.representative_name if reads_story() else None
    form = ReadingForm(version=str(letter.version), name=lawyer, read_on=clock.today())
    if form.validate_on_submit():
        version = whole_number(form.version.data)
        try:
            row = letter_life.record_reading(
                letter, form.who.data, form.name.data, form.read_on.data, version, current_user
            )
        except CaseworkError as error:
            form.explain(error)
            form.version.data = str(letter.version)
        else:
            return _done(letter, "It is kept who read this draft.", "read", row.id)
    return render_template("letters/read.html", case=case, letter=letter, form=form, **_shown(letter))


@bp.route(f"{ONE}/sent", methods=["GET", "POST"])
@allow(Action.ISSUE_LETTER)
def sent(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    letter = letter_or_404(case, letter_id)
    if not letter.issued_at or letter.voided_at:
        return redirect(_page_of(letter), 303)
    held = {name: letter.facts.get(name) or "" for name in letter_life.GIVEN}
    was = [letter.sent_on.isoformat(), letter.sent_how, held] if letter.sent_on else None
    form = SentForm(sent_how=letter.sent_how, sent_on=letter.sent_on or clock.today(), **held)
    if letter.gss_code:
        del form.given_to, form.copies
    if form.validate_on_submit():
        try:
            given = {name: form[name].data or "" for name in letter_life.GIVEN if name in form}
            letter_life.mark_sent(letter, form.sent_how.data, form.sent_on.data, current_user, given=given)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _done(letter, "It is kept how this went out.", "sent", was)
    stays = staying.said_by(case, clock.today()).of_letter(letter)
    return render_template(
        "letters/sent.html", case=case, letter=letter, form=form, stays=stays, **_shown(letter)
    )


@bp.route(f"{ONE}/void", methods=["GET", "POST"])
@allow(Action.ISSUE_LETTER)
def void(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    letter = letter_or_404(case, letter_id)
    if not letter.issued_at or letter.voided_at:
        return redirect(_page_of(letter), 303)
    form = VoidForm()
    if form.validate_on_submit():
        try:
            letter_life.void_letter(letter, form.because.data, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _done(letter, "This is void now. It stays here as it was.", "void", None)
    return render_template("letters/void.html", case=case, letter=letter, form=form, **_shown(letter))


@bp.post(f"{ONE}/undo")
@allow(Action.ISSUE_LETTER)
def take_back(reference: str, letter_id: int) -> Any:
    case = case_or_404(reference)
    letter = letter_or_404(case, letter_id, even_gone=True)
    try:
        letter_life.take_back(letter, undo.accepted(), current_user)
    except CaseworkError as error:
        flash(error.message)
        return redirect(url_for("letters.index", reference=case.reference), 303)
    flash("Undone: it is as it was before.")
    return redirect(_page_of(letter), 303)


def say_with_undo(letter: Letter, message: str, what: str, was: object = None) -> None:
    """Say what was done to a letter, with the button that takes it back."""
    path = url_for("letter_life.take_back", reference=letter.case.reference, letter_id=letter.id)
    undo.say(message, path, what=what, was=was, version=letter.version)


def _done(letter: Letter, message: str, what: str, was: object) -> Any:
    say_with_undo(letter, message, what, was)
    return redirect(_page_of(letter), 303)


def _page_of(letter: Letter) -> str:
    return url_for("letters.edit_letter", reference=letter.case.reference, letter_id=letter.id)


def _shown(letter: Letter) -> dict[str, Any]:
    return {"template": letters.template_of(letter), "steps": letter_life.steps(letter)}

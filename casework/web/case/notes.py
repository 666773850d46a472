"""Notes on a case: read, written with the names of those who should read them, changed, deleted and ticked off."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField

from casework.domain.case.notes import handles
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.services.case import notes
from casework.services.case.notes import NoteFacts
from casework.services.consent import need_to_know
from casework.services.consent.need_to_know import as_hidden
from casework.storage.models import Case, CaseNote
from casework.web import undo
from casework.web.consent.need_to_know import hidden_field
from casework.web.fields import paragraph, several_of, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.safety.bins import say_with_undo

bp = Blueprint("notes", __name__)
PLACE = "/cases/<reference>/notes"
ONE = f"{PLACE}/<int:note_id>"
MOST_PAGES = 100_000


class NoteForm(HouseForm):
    """A note on a case."""

    version = HiddenField()
    gss_code = HiddenField()
    answers = HiddenField()
    text = paragraph(
        "Note",
        hint="An MP can ask for what is held about them. Write it as if they will read it.",
        required="Type the note.",
    )
    people = several_of(
        "Who should read it?", {}, hint="It waits for them under “Today” until they tick it off."
    )
    hidden = hidden_field()

    def offer(self, case: Case) -> None:
        """Offer everybody who may be asked, with what to type for each."""
        others = [one for one in notes.readers(case) if one.id != current_user.id]
        typed = handles(notes.as_people(others))
        self.people.choices = [(str(one.id), f"{one.name}, or type {typed[one.id]}") for one in others]

    def facts(self) -> NoteFacts:
        """The note as it was typed."""
        people = tuple(whole_number(one) for one in self.people.data or ())
        return NoteFacts(
            self.text.data or "", people, self.gss_code.data or None, as_hidden(self.hidden.data)
        )


@bp.get(PLACE)
@allow(Action.READ_STORY)
def index(reference: str) -> str:
    case = case_or_404(reference)
    number = whole_number(request.args.get("page")) or 1
    if number > MOST_PAGES:
        raise NotFound("There is no such page.")
    page = notes.list_notes(case, number)
    hidden = need_to_know.left_out(case).get("note")
    return render_template("notes/index.html", case=case, page=page, before=number - 1, hidden=hidden)


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_note(reference: str) -> Any:
    case = case_or_404(reference)
    answered = _answered(case)
    form = NoteForm(gss_code=request.args.get("mp"), **_to_answer(answered))
    form.offer(case)
    if form.validate_on_submit():
        try:
            answers = whole_number(form.answers.data) or None
            note = notes.add_note(case, form.facts(), current_user, answers=answers)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The note is saved.")
            return redirect(_place_of(case, note.id), 303)
    return render_template("notes/new_note.html", case=case, form=form, answered=answered)


def _answered(case: Case) -> CaseNote | None:
    """The note that this one answers, where the address or the form names one."""
    number = whole_number(request.values.get("answers"))
    try:
        return notes.get_note(case, number) if number else None
    except NotFound:
        if request.method == "GET":
            raise
        return None  # it was deleted while the answer was typed, which is kept as a note of its own


def _to_answer(note: CaseNote | None) -> dict[str, Any]:
    """What a form begins with that answers this note: it asks whoever wrote it, and is hidden as that one is."""
    if note is None:
        return {}
    return {"answers": str(note.id), "people": [str(note.author_id)], "hidden": note.hidden or ""}


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def edit_note(reference: str, note_id: int) -> Any:
    case = case_or_404(reference)
    note = notes.get_note(case, note_id)
    asked = [one.user_id for one in note.mentions]
    form = _filled(note)
    if form.validate_on_submit():
        try:
            version = whole_number(form.version.data)
            before = notes.change_note(case, note_id, form.facts(), version, current_user)
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                form.meet(_filled(notes.get_note(case, note_id), formdata=None))
        else:
            _say_changed(case, note, before, asked)
            return redirect(_place_of(case, note_id), 303)
    return render_template("notes/edit_note.html", case=case, form=form)


def _say_changed(case: Case, note: CaseNote, before: int | None, asked: list[int]) -> None:
    if before is None:
        flash("Saved.")
        return
    path = url_for("notes.as_before", reference=case.reference, note_id=note.id)
    undo.say(
        "The note is changed. Its old words are in the bin for 30 days.",
        path,
        binned=before,
        people=asked,
        version=note.version,
    )


@bp.post(f"{ONE}/as-before")
@allow(Action.EDIT_CASE)
def as_before(reference: str, note_id: int) -> Any:
    case = case_or_404(reference)
    notes.get_note(case, note_id)
    facts = undo.accepted()
    notes.as_before(case, note_id, facts["binned"], facts["people"], facts["version"], current_user)
    flash("The note has its old words again.")
    return redirect(_place_of(case, note_id), 303)


@bp.post(f"{ONE}/remove")
@allow(Action.EDIT_CASE)
def remove(reference: str, note_id: int) -> Any:
    case = case_or_404(reference)
    number = notes.remove_note(case, note_id, current_user)
    back = url_for("notes.index", reference=case.reference)
    say_with_undo("The note is in the bin of this case for 30 days.", case, BinKind.NOTE, number, back)
    return redirect(back, 303)


@bp.post(f"{ONE}/read")
@allow(Action.READ_STORY)
def read(reference: str, note_id: int) -> Any:
    case = case_or_404(reference)
    notes.tick_off(case, note_id, current_user)
    path = url_for("notes.not_read_yet", reference=case.reference, note_id=note_id)
    undo.say("Ticked off: this note no longer waits for you.", path)
    return redirect(_back(case, note_id), 303)


@bp.post(f"{ONE}/not-read-yet")
@allow(Action.READ_STORY)
def not_read_yet(reference: str, note_id: int) -> Any:
    case = case_or_404(reference)
    notes.get_note(case, note_id)
    undo.accepted()
    notes.not_read_yet(case, note_id, current_user)
    flash("The note waits for you again.")
    return redirect(_back(case, note_id), 303)


def _back(case: Case, note_id: int) -> str:
    """Where the button was pressed: on the page of the morning, or among the notes."""
    return url_for("digest.index") if request.form.get("from") == "today" else _place_of(case, note_id)


def _place_of(case: Case, note_id: int) -> str:
    return url_for("notes.index", reference=case.reference, _anchor=f"note-{note_id}")


def _filled(note: CaseNote, **how: Any) -> NoteForm:
    people = [str(one.user_id) for one in note.mentions]
    form = NoteForm(version=note.version, text=note.text, people=people, **how)
    form.offer(note.case)
    return form

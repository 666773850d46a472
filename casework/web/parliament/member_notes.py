"""The group's notes on an MP: written, changed, deleted and brought back, and the copy that an MP may ask for."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import BooleanField, HiddenField, SelectField

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament.directory import Seat
from casework.domain.parliament.member_notes import REMINDER, NoteKind
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.services.parliament import member_notes, offices
from casework.services.parliament.directory import directory
from casework.services.parliament.member_facts import criteria_of
from casework.services.parliament.member_notes import NoteFacts
from casework.services.safety import audit
from casework.storage.database import db
from casework.web.fields import DayField, line, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow
from casework.web.safety.bins import say_with_undo

bp = Blueprint("member_notes", __name__)
ALL = "/mps/<gss_code>/notes"
ONE = f"{ALL}/<int:member_note_id>"


class NoteForm(HouseForm):
    """A note on an MP."""

    version = HiddenField()
    kind = SelectField("What is it?", choices={kind.value: kind.words for kind in NoteKind})
    text = paragraph(
        "In your words",
        hint="What they said, did or care for. Leave out what they are like.",
        most=5_000,
        required="Say it in a few words.",
    )
    source = line(
        "Where it can be looked up",
        hint="Hansard, a newspaper with its date, a leaflet. Needed for what they said, did, voted or hold.",
        most=300,
    )
    link = line("Address of the page", hint="Begins with https://. You may leave this empty.", most=500)
    said_on = DayField("The day it was said or seen", past=True)
    is_over = BooleanField(
        "This is not so, or no longer so",
        description="For a post or a committee that somebody has left, or never had.",
    )

    def facts(self) -> NoteFacts:
        """The note as it was typed."""
        return NoteFacts(
            NoteKind(self.kind.data),
            self.text.data or "",
            self.link.data,
            self.source.data,
            self.said_on.data,
            bool(self.is_over.data),
        )


def seat_now(gss_code: str) -> Seat:
    """The seat with whoever sits there today. Raises NotFound for an unknown code."""
    return directory().seat_on(gss_code, clock.today())


@bp.route(f"{ALL}/new", methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def new_note(gss_code: str) -> Any:
    seat, form = seat_now(gss_code), NoteForm()
    if form.validate_on_submit():
        try:
            member_notes.add_note(gss_code, form.facts(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The note is kept.")
            return to_notes(gss_code)
    return _form_page(seat, form)


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def edit_note(gss_code: str, member_note_id: int) -> Any:
    seat, row = seat_now(gss_code), member_notes.get_note(gss_code, member_note_id)
    form = NoteForm(obj=row, version=row.version)
    if form.validate_on_submit():
        version = whole_number(form.version.data)
        try:
            member_notes.change_note(gss_code, member_note_id, form.facts(), version, current_user)
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                form.meet(NoteForm(obj=row, formdata=None))
        else:
            flash("Saved.")
            return to_notes(gss_code)
    return _form_page(seat, form, row)


def _form_page(seat: Seat, form: NoteForm, row: Any = None) -> str:
    return render_template(
        "member_notes/edit_note.html",
        seat=seat,
        constituency=seat.constituency,
        form=form,
        note=row,
        reminder=REMINDER,
    )


@bp.post(f"{ONE}/delete")
@allow(Action.KEEP_MEMBERS)
def delete(gss_code: str, member_note_id: int) -> Any:
    member_notes.delete_note(gss_code, member_note_id, current_user)
    say_with_undo("The note is in the bin for 30 days.", None, BinKind.MEMBER_NOTE, member_note_id)
    return to_notes(gss_code)


@bp.get("/mps/<gss_code>/copy")
@allow(Action.GIVE_COPY)
def copy(gss_code: str) -> str:
    seat = seat_now(gss_code)
    notes = member_notes.notes_of(seat)
    # What was written of somebody who sat here before is not this MP's to read.
    texts = member_notes.for_paper(row.text for row in notes.now)
    sources = member_notes.for_paper(row.source or "" for row in notes.now)
    audit.record("copy for an MP looked at", current_user, constituency=gss_code)
    db.session.commit()
    return render_template(
        "member_notes/copy.html",
        seat=seat,
        constituency=seat.constituency,
        notes=list(zip(notes.now, texts, sources, strict=True)),
        left_out=len(notes.before),
        kinds=NoteKind,
        known=offices.nameless(offices.entries_of(seat)),
        criteria=criteria_of(seat),
    )


def to_notes(gss_code: str) -> Any:
    """Back to the MP’s page."""
    return redirect(url_for("members.show", gss_code=gss_code, _anchor="notes"), 303)

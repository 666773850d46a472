"""An MP's office: what is known of it, one tap to say that it is still so, and files in and out."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, TextAreaField

from casework import clock
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.parliament.offices import OfficeKind
from casework.domain.safety.accounts import Action
from casework.domain.safety.bins import BinKind
from casework.domain.said import count, in_a_row
from casework.domain.words import say
from casework.services.parliament import office_files, offices
from casework.services.parliament.office_files import COLUMNS, Outcome
from casework.services.parliament.offices import OfficeFacts
from casework.web.downloads import send_file_as
from casework.web.fields import DayField, line, paragraph, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow
from casework.web.parliament.member_notes import seat_now
from casework.web.safety.bins import say_with_undo

bp = Blueprint("offices", __name__)
ONE = "/mps/<gss_code>/office/<int:entry_id>"
CSV, VCARD = "text/csv; charset=utf-8", "text/vcard; charset=utf-8"
NOTHING = "Choose the file, or paste its words into the box."


class OfficeForm(HouseForm):
    """Something about an office."""

    version = HiddenField()
    kind = SelectField("What did you learn?", choices={kind.value: kind.words for kind in OfficeKind})
    name = line("Name", hint="Only for a caseworker.")
    role = line("Role", hint="Only for a caseworker: for example, deals with immigration.")
    text = paragraph(
        "In words",
        hint="The times, the number, the address. For “wants a signed form” and its like you may leave it empty.",
        most=5_000,
        rows=3,
    )
    told_by = line(
        "How do you know?", hint="For example: rang the office, their web page, said at a visit.", most=300
    )
    learned_on = DayField("On which day did you learn it?", hint="Empty means today.", past=True)

    def facts(self) -> OfficeFacts:
        """What was typed."""
        names = ("text", "name", "role", "told_by", "learned_on")
        return OfficeFacts(OfficeKind(self.kind.data), **{name: self[name].data for name in names})


class FileForm(HouseForm):
    """A file with offices, or its words pasted."""

    sheet = FileField("The file")
    pasted = TextAreaField("Or paste it here", render_kw={"rows": 5})

    def content(self) -> bytes:
        """What was sent. Raises CaseworkError when nothing was."""
        upload = self.sheet.data
        if upload and getattr(upload, "filename", ""):
            return bytes(upload.read())
        if (self.pasted.data or "").strip():
            return str(self.pasted.data).encode("utf-8", "replace")
        raise CaseworkError(NOTHING, field="sheet")


@bp.route("/mps/<gss_code>/office/new", methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def new_entry(gss_code: str) -> Any:
    seat, form = seat_now(gss_code), OfficeForm(data={"learned_on": clock.today()})
    if form.validate_on_submit():
        try:
            offices.add_entry(gss_code, form.facts(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("It is kept, with your name and the day.")
            return to_office(gss_code)
    return render_template(
        "offices/edit_entry.html", seat=seat, constituency=seat.constituency, form=form, entry=None
    )


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def edit_entry(gss_code: str, entry_id: int) -> Any:
    seat, row = seat_now(gss_code), offices.get_entry(gss_code, entry_id)
    form = OfficeForm(obj=row, version=row.version)
    if form.validate_on_submit():
        try:
            version = whole_number(form.version.data)
            offices.change_entry(gss_code, entry_id, form.facts(), version, current_user)
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                form.meet(OfficeForm(obj=row, formdata=None))
        else:
            flash("Saved, with your name and the day.")
            return to_office(gss_code)
    return render_template(
        "offices/edit_entry.html", seat=seat, constituency=seat.constituency, form=form, entry=row
    )


@bp.post(f"{ONE}/still-so")
@allow(Action.KEEP_MEMBERS)
def confirm(gss_code: str, entry_id: int) -> Any:
    offices.confirm_entry(gss_code, entry_id, current_user)
    flash("Thank you: it is kept that you found this so today.")
    return to_office(gss_code)


@bp.post(f"{ONE}/delete")
@allow(Action.KEEP_MEMBERS)
def delete(gss_code: str, entry_id: int) -> Any:
    offices.delete_entry(gss_code, entry_id, current_user)
    say_with_undo("It is in the bin for 30 days.", None, BinKind.OFFICE, entry_id)
    return to_office(gss_code)


@bp.get("/mps/<gss_code>/office.csv")
@allow(Action.KEEP_MEMBERS)
def as_csv(gss_code: str) -> Response:
    seat = seat_now(gss_code)
    return send_file_as("office.csv", office_files.as_csv([(seat, offices.entries_of(seat))]), CSV)


@bp.get("/mps/<gss_code>/office.vcf")
@allow(Action.KEEP_MEMBERS)
def as_vcards(gss_code: str) -> Response:
    seat = seat_now(gss_code)
    cards = office_files.as_vcards([(seat, offices.entries_of(seat))])
    return send_file_as("office.vcf", cards.encode(), VCARD)


@bp.get("/mps/offices.csv")
@allow(Action.KEEP_MEMBERS)
def all_as_csv() -> Response:
    return send_file_as("offices.csv", office_files.as_csv(offices.all_entries()), CSV)


@bp.get("/mps/offices.vcf")
@allow(Action.KEEP_MEMBERS)
def all_as_vcards() -> Response:
    return send_file_as("offices.vcf", office_files.as_vcards(offices.all_entries()).encode(), VCARD)


@bp.route("/mps/offices", methods=["GET", "POST"])
@allow(Action.USE_DIRECTORY, to_send=Action.KEEP_MEMBERS)
def index() -> Any:
    form = FileForm()
    form.sheet.description = "A table: CSV, Excel (.xlsx or .xls) or OpenDocument (.ods)."
    if form.validate_on_submit():
        try:
            outcome = office_files.read_csv(form.content(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(_said(outcome))
            return redirect(url_for("offices.index"), 303)
    known = offices.all_entries()
    return render_template("offices/index.html", form=form, offices=known, columns=COLUMNS)


@bp.route("/mps/<gss_code>/office/contacts", methods=["GET", "POST"])
@allow(Action.KEEP_MEMBERS)
def contacts(gss_code: str) -> Any:
    seat, form = seat_now(gss_code), FileForm()
    form.sheet.description = "Contacts: vCard (.vcf), version 3 or 4."
    if form.validate_on_submit():
        try:
            outcome = office_files.read_vcards(gss_code, form.content(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(_said(outcome))
            return to_office(gss_code)
    return render_template("offices/contacts.html", seat=seat, constituency=seat.constituency, form=form)


def _said(outcome: Outcome) -> str:
    """What came of a file, in words."""
    parts = [
        count(outcome.new, "thing is new", "things are new"),
        count(outcome.confirmed, "was confirmed", "were confirmed"),
        count(outcome.known, "stood here already", "stood here already"),
    ]
    numbers = outcome.new, outcome.confirmed, outcome.known
    told = in_a_row(part for part, number in zip(parts, numbers, strict=True) if number)
    return say("Read: {told}.", told=told) if told else "Read: nothing new."


def to_office(gss_code: str) -> Any:
    """Back to the office on the MP’s page."""
    return redirect(url_for("members.show", gss_code=gss_code, _anchor="office"), 303)

"""A list of supporters from a spreadsheet: sent, its columns chosen, its rows looked at, added, taken back."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.campaign.sheet_words import FIELD_WORDS
from casework.domain.campaign.supporter_imports import ImportState, RowState
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.said import SPACE, in_a_row
from casework.services.campaign import (
    import_adding,
    import_outcome,
    import_rows,
    import_taking_back,
    import_twice,
    imports,
)
from casework.storage.models import Case, SupporterImport
from casework.web import undo
from casework.web.campaign.import_forms import (
    AddForm,
    ColumnsForm,
    RowsForm,
    SheetForm,
    TakeBackForm,
    choices_of,
    chosen_columns,
    rows_shown,
    typed_cells,
)
from casework.web.downloads import send_file_as
from casework.web.fields import whole_number
from casework.web.filters import count
from casework.web.guards import allow, case_or_404

bp = Blueprint("imports", __name__)
ALL = "/cases/<reference>/supporters/import"
ONE = f"{ALL}/<int:sheet_id>"
MANY = 30  # so many who go ask for the number to be typed
MENDED_SHOWN = 50


@bp.route(ALL, methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def index(reference: str) -> Any:
    case, form = case_or_404(reference), SheetForm()
    import_taking_back.empty_old()
    if form.validate_on_submit():
        try:
            sheet = imports.upload(case, form.content(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            return redirect(_to("columns", case, sheet), 303)
    lists = import_outcome.list_with_words(case)
    return render_template("imports/index.html", case=case, form=form, lists=lists)


@bp.route(f"{ONE}/columns", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def columns(reference: str, sheet_id: int) -> Any:
    case = case_or_404(reference)
    sheet, form = imports.get(case, sheet_id), ColumnsForm()
    if sheet.state != ImportState.COLUMNS:
        return redirect(_to("show", case, sheet), 303)
    place = min(
        whole_number(request.values.get("sheet") or str(sheet.columns["sheet"])), len(sheet.tables or []) - 1
    )
    chosen = chosen_columns(request.form)
    if form.validate_on_submit():
        try:
            imports.take_rows(case, sheet_id, place, chosen, form.told_on.data, current_user, form.said)
        except CaseworkError as error:
            form.form_errors.append(error.message)
        else:
            return redirect(_to("show", case, sheet), 303)
    return _columns_page(case, sheet, form, place, chosen)


def _columns_page(case: Case, sheet: SupporterImport, form: ColumnsForm, place: int, chosen: Any) -> str:
    found = imports.columns_of(sheet, place, {})
    table = imports.table_of(sheet, place)
    selected = {**found.fields, **chosen}
    never = [one for one in found.left_out if one.never]
    unknown = {one.column: one.why for one in found.left_out if not one.never}
    samples = rows_shown(found, table["rows"])
    places = [
        column
        for column in range(len(found.headings))
        if column not in {one.column for one in never} and (found.headings[column] or samples[column])
    ]
    return render_template(
        "imports/columns.html", case=case, sheet=sheet, form=form, place=place, table=table, found=found, never=never,
        unknown=unknown, places=places, selected=selected, samples=samples, field_words=FIELD_WORDS,
        missing=found.missing() if not chosen else None, until=imports.waits_until(sheet),
    )  # fmt: skip


@bp.get(ONE)
@allow(Action.KEEP_SUPPORTERS)
def show(reference: str, sheet_id: int) -> Any:
    case = case_or_404(reference)
    import_taking_back.empty_old()
    sheet = imports.get(case, sheet_id)
    if sheet.state == ImportState.COLUMNS:
        return redirect(_to("columns", case, sheet), 303)
    return _rows_page(case, sheet, SheetForm(), _add_form(sheet))


def _add_form(sheet: SupporterImport) -> AddForm:
    of_all = {name: name in sheet.counts.get("said", ()) for name in imports.AGREED}
    return AddForm(
        formdata=None, data={"told_on": sheet.notice_given_on, "version": str(sheet.version), **of_all}
    )


def _rows_page(
    case: Case,
    sheet: SupporterImport,
    mended_form: SheetForm,
    add_form: AddForm,
    form: RowsForm | None = None,
) -> str:
    counts = imports.counts_of(sheet, current_user)
    pages = max(1, -(-counts.wrong // import_rows.PAGE_LENGTH))
    page = min(_page(), pages)
    return render_template(
        "imports/show.html", case=case, sheet=sheet, counts=counts, form=form or RowsForm(formdata=None),
        mended_form=mended_form, add_form=add_form, rows=import_rows.to_mend(sheet, page), page=page, pages=pages,
        mended=import_rows.mended(sheet, MENDED_SHOWN), names=import_adding.names_to_better(sheet),
        outcome=import_outcome.outcome(sheet), words=import_outcome.in_words(sheet, counts.to_add + counts.wrong),
        field_words=FIELD_WORDS,
        until=imports.waits_until(sheet), state=ImportState(sheet.state), states=ImportState,
    )  # fmt: skip


@bp.post(f"{ONE}/rows")
@allow(Action.KEEP_SUPPORTERS)
def correct(reference: str, sheet_id: int) -> Any:
    case, form = case_or_404(reference), RowsForm()
    sheet = imports.get(case, sheet_id)
    if not form.validate_on_submit():
        return _rows_page(case, sheet, SheetForm(formdata=None), _add_form(sheet), form)
    typed, out = typed_cells(request.form)
    flash(_saved(import_rows.correct(case, sheet_id, typed, out, current_user)))
    return redirect(_to("show", case, sheet, page=_page(), _anchor="mend"), 303)


def _saved(saved: import_rows.Saved) -> str:
    said: list[str] = []
    if saved.ready:
        said.append(f"{count(saved.ready, 'row is', 'rows are')} ready now.")
    if saved.left_out:
        said.append(f"{count(saved.left_out, 'row is', 'rows are')} left out.")
    if saved.wrong:
        said.append(
            f"{count(saved.wrong, 'row', 'rows')} on this page still {'needs' if saved.wrong == 1 else 'need'} you."
        )
    if saved.gone:
        said.append(f"{count(saved.gone, 'row', 'rows')} had been settled by somebody else.")
    return in_a_row(said, SPACE) if said else "Nothing has changed."


@bp.post(f"{ONE}/rows/leave-out")
@allow(Action.KEEP_SUPPORTERS)
def leave_out(reference: str, sheet_id: int) -> Any:
    case = case_or_404(reference)
    sheet = imports.get(case, sheet_id)
    number = import_rows.leave_out_all(case, sheet_id, current_user)
    undo.say(f"{count(number, 'row is', 'rows are')} left out.", _to("bring_back", case, sheet))
    return redirect(_to("show", case, sheet), 303)


@bp.post(f"{ONE}/rows/bring-back")
@allow(Action.KEEP_SUPPORTERS)
def bring_back(reference: str, sheet_id: int) -> Any:
    case = case_or_404(reference)
    sheet = imports.get(case, sheet_id)
    number = import_rows.bring_back(case, sheet_id, current_user)
    flash(f"{count(number, 'row waits', 'rows wait')} for you again.")
    return redirect(_to("show", case, sheet, _anchor="mend"), 303)


@bp.get(f"{ONE}/to-mend.csv")
@allow(Action.KEEP_SUPPORTERS)
def to_mend(reference: str, sheet_id: int) -> Response:
    content = import_rows.as_csv(case_or_404(reference), sheet_id, current_user)
    return send_file_as(f"rows-to-mend-{sheet_id}.csv", content, "text/csv; charset=utf-8")


@bp.post(f"{ONE}/mended")
@allow(Action.KEEP_SUPPORTERS)
def take_mended(reference: str, sheet_id: int) -> Any:
    case, form = case_or_404(reference), SheetForm()
    sheet = imports.get(case, sheet_id)
    if form.validate_on_submit():
        try:
            taken = import_rows.take_mended(case, sheet_id, form.content(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(
                f"{count(taken.mended, 'row is', 'rows are')} mended, {taken.wrong} still to mend,"
                f" {taken.new} new, {taken.known} were good already and stay as they are."
            )
            return redirect(_to("show", case, sheet), 303)
    return _rows_page(case, sheet, form, _add_form(sheet))


@bp.route(f"{ONE}/twice", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def twice(reference: str, sheet_id: int) -> Any:
    case, form = case_or_404(reference), RowsForm()
    sheet = imports.get(case, sheet_id)
    counts = imports.counts_of(sheet, current_user)
    if form.validate_on_submit():
        every = {"same": RowState.SAME, "two": RowState.TWO}.get(request.form.get("all", ""))
        if every:
            number = import_rows.decide_all(case, sheet_id, every, current_user)
        else:
            number = import_rows.decide(case, sheet_id, choices_of(request.form), current_user)
        flash(f"Kept for {count(number, 'row')}.")
        return redirect(
            _to("show" if every else "twice", case, sheet, page=None if every else _page() + 1), 303
        )
    pages = max(1, -(-counts.pairs // import_rows.PAGE_LENGTH))
    if _page() > pages or counts.pairs == 0:
        return redirect(_to("show", case, sheet), 303)
    rows = import_rows.alike(sheet, current_user, _page())
    return render_template(
        "imports/twice.html", case=case, sheet=sheet, form=form, counts=counts, page=_page(), pages=pages,
        pairs=import_twice.pairs(sheet, rows, current_user), field_words=FIELD_WORDS,
    )  # fmt: skip


@bp.post(f"{ONE}/add")
@allow(Action.KEEP_SUPPORTERS)
def add(reference: str, sheet_id: int) -> Any:
    case, form = case_or_404(reference), AddForm()
    sheet = imports.get(case, sheet_id)
    if form.validate_on_submit():
        try:
            done = import_adding.add(
                case, sheet_id, whole_number(form.version.data), current_user,
                told_on=form.told_on.data, better_names=request.form.get("better") == "y",
                said=form.said,
            )  # fmt: skip
        except CaseworkError as error:
            form.explain(error)
        else:
            known = (
                f" {count(done.joined, 'row was', 'rows were')} somebody who was there."
                if done.joined
                else ""
            )
            new = (
                f"{count(done.new, 'supporter is', 'supporters are')} on the list."
                if done.new
                else "Nobody is new."
            )
            flash(new + known)
            return redirect(_to("show", case, sheet), 303)
    form.version.data = str(sheet.version)
    return _rows_page(case, sheet, SheetForm(formdata=None), form)


@bp.route(f"{ONE}/take-back", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def take_back(reference: str, sheet_id: int) -> Any:
    case, form = case_or_404(reference), TakeBackForm()
    sheet = imports.get(case, sheet_id)
    if sheet.state in (ImportState.TAKEN_BACK, ImportState.EMPTIED):
        return redirect(_to("show", case, sheet), 303)
    going, stay = import_outcome.going(sheet)
    was_added = sheet.state == ImportState.ADDED
    if form.validate_on_submit():
        try:
            if going >= MANY and (form.number.data or "").replace(",", "") != str(going):
                raise CaseworkError(f"Type {going}, so that we know you mean it.", field="number")
            done = import_taking_back.take_back(case, sheet_id, whole_number(form.version.data), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(
                f"The list is taken back. {count(done.gone, 'supporter is', 'supporters are')} off the list."
                if was_added
                else "The list is thrown away. Nobody of it was added."
            )
            return redirect(_to("index", case), 303)
    form.version.data = str(sheet.version)
    return render_template(
        "imports/take_back.html",
        case=case,
        sheet=sheet,
        form=form,
        going=going,
        stay=stay,
        many=going >= MANY,
    )


def _page() -> int:
    return max(1, whole_number(request.args.get("page", "1")))


def _to(view: str, case: Case, sheet: SupporterImport | None = None, **more: Any) -> str:
    ids: dict[str, Any] = {} if sheet is None else {"sheet_id": sheet.id}
    return url_for(f"imports.{view}", reference=case.reference, **ids, **more)

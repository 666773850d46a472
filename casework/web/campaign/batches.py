"""Batches: choose who writes, look at three letters, make them all, watch, print, and count them on their way."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.campaign.batches import BatchState, Order, Progress
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.domain.said import SPACE, in_a_row
from casework.services.campaign import alike, batch_cards, batch_choice, batch_outputs, batches
from casework.services.campaign.batch_looks import letters_to_show, picture_of
from casework.services.campaign.batch_outputs import Labels
from casework.services.letters import bundles, letter_pages
from casework.services.letters.bundles import Step
from casework.storage.models import Batch
from casework.web.campaign.batch_forms import (
    CountForm,
    MakeForm,
    choice_of,
    choose_form,
    first_day,
    not_as_ticked,
)
from casework.web.downloads import send_file_as
from casework.web.filters import count
from casework.web.guards import allow, case_looked_at, case_or_404
from casework.web.reading import known

bp = Blueprint("batches", __name__)
PLACE = "/cases/<reference>/batches"
ONE = f"{PLACE}/<int:batch_id>"
PDF = "application/pdf"


@bp.get(PLACE)
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    rows = [(row, BatchState(row.state), at) for row, at in batches.list_batches(case)]
    return render_template("batches/index.html", case=case, rows=rows, titles=_titles())


@bp.get(f"{PLACE}/new")
@allow(Action.ISSUE_LETTER)
def new_batch(reference: str) -> str:
    case = case_or_404(reference)
    form = choose_form(case, request.args)
    return render_template("batches/new_batch.html", case=case, form=form, writers=batch_choice.writers(case))


@bp.route(f"{PLACE}/preview", methods=["GET", "POST"])
@allow(Action.ISSUE_LETTER)
def preview(reference: str) -> Any:
    case = case_or_404(reference)
    asked = choose_form(case, request.args)
    if not _is_whole(asked):
        return render_template(
            "batches/new_batch.html", case=case, form=asked, writers=batch_choice.writers(case)
        )
    choice = choice_of(asked, request.args.getlist("again"))
    chosen = batch_choice.choose(case, choice)
    too_much = batches.that_say_too_much(case, choice.template, [one.sign_up for one in chosen.ready])
    form = MakeForm()
    if form.validate_on_submit():
        try:
            batch = batches.start_batch(case, choice, current_user, because=form.because.data)
        except CaseworkError as error:
            form.explain(error)
        else:
            total = batches.progress_of(batch).total
            flash(f"{count(total - len(too_much) or total, 'letter')} will be made now.")
            return redirect(url_for("batches.show", reference=case.reference, batch_id=batch.id), 303)
    looks, faults = letters_to_show(case, choice, chosen)
    return render_template(
        "batches/preview.html", case=case, form=form, choice=choice, chosen=chosen, looks=looks, faults=faults,
        asked=request.args, lacks=batches.lacking(case, choice.template), title=_titles()[choice.template],
        alike=alike.too_alike(case, [one.sign_up for one in chosen.ready]),
        too_much=too_much,
        waits=batches.reasons_to_wait(case, choice.template),
    )  # fmt: skip


@bp.get(f"{PLACE}/preview/<int:sign_up_id>.png")
@allow(Action.ISSUE_LETTER)
def page_image(reference: str, sign_up_id: int) -> Response:
    case = case_or_404(reference)
    asked = choose_form(case, request.args)
    if not _is_whole(asked):
        raise NotFound("There is no such page.")
    picture = picture_of(case, choice_of(asked, request.args.getlist("again")), sign_up_id)
    if picture is None:
        raise NotFound("There is no such page.")
    return Response(picture, content_type="image/png")


@bp.get(ONE)
@allow(Action.VIEW_CASE)
def show(reference: str, batch_id: int) -> str:
    case = case_or_404(reference)
    batch = batches.get_batch(case, batch_id)
    at = batches.progress_of(batch)
    return render_template(
        "batches/show.html", case=case, batch=batch, at=at, said=said_of(at), title=_titles().get(batch.template),
        failed=batches.failed_letters(batch), beyond=batches.told_beyond(batch), orders=list(Order),
        state=BatchState(batch.state), ways=bundles.ways_of(batch),
        why=batches.why_stopped(batch) if batch.state == BatchState.PAUSED else [], cards=batch_cards.lacking(batch),
    )  # fmt: skip


@bp.get(f"{ONE}/progress.json")
@allow(Action.VIEW_CASE)
def progress(reference: str, batch_id: int) -> Response:
    # Asked every second or two: no line of the trail for each.
    batch = batches.get_batch(case_looked_at(reference), batch_id)
    at = batches.progress_of(batch)
    return jsonify(
        said=said_of(at), title=known(at.words), done=at.made + at.failed + at.cancelled, total=at.total,
        failed=at.failed, is_at_work=BatchState(batch.state).is_at_work,
    )  # fmt: skip


@bp.post(f"{ONE}/pause")
@allow(Action.ISSUE_LETTER)
def pause(reference: str, batch_id: int) -> Any:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    batches.pause(batch, current_user)
    flash("Paused. What is made stays; nothing more is begun.")
    return _back(batch)


@bp.post(f"{ONE}/resume")
@allow(Action.ISSUE_LETTER)
def resume(reference: str, batch_id: int) -> Any:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    batches.resume(batch, current_user)
    flash("It goes on.")
    return _back(batch)


@bp.post(f"{ONE}/cancel")
@allow(Action.ISSUE_LETTER)
def cancel(reference: str, batch_id: int) -> Any:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    made = batches.cancel(batch, current_user)
    kept = f"{count(made, 'letter made before stays', 'letters made before stay')}."
    flash(in_a_row(["Cancelled.", kept if made else "None was made."], SPACE))
    return _back(batch)


@bp.post(f"{ONE}/retry")
@allow(Action.ISSUE_LETTER)
def retry(reference: str, batch_id: int) -> Any:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    one = request.form.get("letter", "")
    number = batches.retry(batch, current_user, int(one) if one.isdecimal() and len(one) < 19 else None)
    flash(f"{count(number, 'letter')} will be tried again.")
    return _back(batch)


@bp.get(f"{ONE}/letters.pdf")
@allow(Action.ISSUE_LETTER)
def print_file(reference: str, batch_id: int) -> Response:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    asked = request.args.get("order", "")
    order = Order(asked) if asked in set(Order) else None
    gss_code = request.args.get("mp")
    if gss_code and gss_code not in batches.seats_of(batch):
        raise NotFound("There are no letters to this MP in this batch.")
    pdf = batch_outputs.print_file(batch, current_user, order=order, gss_code=gss_code)
    name = batch_outputs.slug(batches.seats_of(batch)[gss_code]) if gss_code else str(order or batch.order_by)
    return send_file_as(f"letters-{batch.id}-{name}.pdf", pdf, PDF)


@bp.get(f"{ONE}/letters/<int:position>.pdf")
@allow(Action.ISSUE_LETTER)
def one_letter(reference: str, batch_id: int, position: int) -> Response:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    pdf = batch_outputs.one_letter(batch, position, current_user)
    return send_file_as(f"letter-{batch.id}-{position:04}.pdf", pdf, PDF)


@bp.get(f"{ONE}/letters.zip")
@allow(Action.ISSUE_LETTER)
def zipped(reference: str, batch_id: int) -> Response:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    return send_file_as(
        f"letters-{batch.id}.zip", batch_outputs.zipped(batch, current_user), "application/zip"
    )


@bp.get(f"{ONE}/labels-<what>.pdf")
@allow(Action.ISSUE_LETTER)
def labels(reference: str, batch_id: int, what: str) -> Response:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    if what not in set(Labels):
        raise NotFound("There are no such labels.")
    pdf = batch_outputs.labels(batch, Labels(what), current_user)
    return send_file_as(f"labels-{batch.id}-{what}.pdf", pdf, PDF)


@bp.get(f"{ONE}/postcards.pdf")
@allow(Action.ISSUE_LETTER)
def postcards(reference: str, batch_id: int) -> Response:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    return send_file_as(f"postcards-{batch.id}.pdf", batch_cards.postcards(batch, current_user), PDF)


@bp.get(f"{ONE}/signers.csv")
@allow(Action.ISSUE_LETTER)
def signers(reference: str, batch_id: int) -> Response:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    return send_file_as(
        f"signers-{batch.id}.csv", batch_outputs.signers_csv(batch, current_user), "text/csv; charset=utf-8"
    )


@bp.get(f"{ONE}/hand-over")
@allow(Action.VIEW_CASE)
def hand_over(reference: str, batch_id: int) -> str:
    case = case_or_404(reference)
    batch = batches.get_batch(case, batch_id)
    return render_template(
        "batches/hand_over.html",
        case=case,
        batch=batch,
        ways=bundles.ways_of(batch),
        steps=list(Step),
    )


@bp.post(f"{ONE}/hand-over/all/<step>")
@allow(Action.HAND_OVER_LETTERS)
def count_all(reference: str, batch_id: int, step: str) -> Any:
    batch = batches.get_batch(case_or_404(reference), batch_id)
    if step not in set(Step):
        raise NotFound("There is no such step.")
    number = bundles.count_all(batch, Step(step), current_user.name, current_user)
    flash(f"Written down: {count(number, 'letter')} {Step(step).words} today.")
    return redirect(url_for("batches.hand_over", reference=reference, batch_id=batch.id), 303)


@bp.route(f"{ONE}/hand-over/<gss_code>/<step>", methods=["GET", "POST"])
@allow(Action.HAND_OVER_LETTERS)
def count_bundle(reference: str, batch_id: int, gss_code: str, step: str) -> Any:
    case = case_or_404(reference)
    batch = batches.get_batch(case, batch_id)
    way = bundles.way_of(batch, gss_code)
    if step not in set(Step):
        raise NotFound("There is no such step.")
    form = CountForm()
    if not form.is_submitted():
        first_day(form, current_user.name)
    version = request.form.get("version", "")
    if form.validate_on_submit():
        try:
            seen = int(version) if version.isdecimal() and len(version) < 19 else 0
            bundles.count(
                way, Step(step), form.how_many, form.counted_on, form.by.data or "", seen, current_user
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"Written down for {way.constituency}: {form.how_many:,} {Step(step).words}.")
            # To the line of this MP: a hall has a hundred of them.
            there = url_for(
                "batches.hand_over", reference=case.reference, batch_id=batch.id, _anchor=gss_code
            )
            return redirect(there, 303)
    return render_template(
        "batches/count_bundle.html",
        case=case,
        batch=batch,
        way=way,
        step=Step(step),
        form=form,
        steps=list(Step),
    )


def said_of(at: Progress) -> str:
    """ "31 of 47, 2 need you · about 12 a second · about 1 minute left"."""
    return " · ".join(known(one) for one in (at.words, at.rate_words, at.time_left) if one)


def _titles() -> dict[str, str]:
    return {key: one.title for key, one in letter_pages.letters().templates.items()}


def _is_whole(form: Any) -> bool:
    """Whether the choice is whole; what is missing stands at its field."""
    if not form.validate():
        return False
    missing = not_as_ticked(form)
    if missing:
        form.explain(CaseworkError(missing[1], field=missing[0]))
    return missing is None


def _back(batch: Batch) -> Any:
    return redirect(url_for("batches.show", reference=batch.case.reference, batch_id=batch.id), 303)

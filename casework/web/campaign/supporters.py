"""The supporters of a case: the list, somebody new, what they choose, off the list, and the list as a file."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework import clock
from casework.domain.campaign.messages import MEANS, Means
from casework.domain.campaign.supporters import JOINED, OFFERS
from casework.domain.errors import CaseworkError, OutOfDate
from casework.domain.safety.accounts import Action
from casework.services.campaign import known_supporters, stopping, supporter_list, supporter_times, supporters
from casework.services.parliament.directory import constituency_name
from casework.storage.database import db
from casework.storage.models import Case, Supporter
from casework.web import undo
from casework.web.campaign.stop import address_of
from casework.web.campaign.supporter_address import ANSWERS, ListAddress
from casework.web.campaign.supporter_forms import FindForm, SupporterForm, data_of
from casework.web.downloads import send_file_as
from casework.web.fields import whole_number
from casework.web.filters import count
from casework.web.guards import allow, case_or_404

bp = Blueprint("supporters", __name__)
PLACE = "/cases/<reference>/supporters"
ONE = f"{PLACE}/<int:supporter_id>"


@bp.get(PLACE)
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    address = ListAddress(case.reference, request.args)
    page = supporter_list.page_of(case, address.wanted)
    before, after = address.turned(page)
    return render_template(
        "supporters/index.html", case=case, address=address, page=page, before=before, after=after, offers=OFFERS,
        reaches=supporter_list.REACH,
        means=MEANS,
        answers=ANSWERS, months=supporter_times.months(), day_of=supporter_times.day_of, may_export=_may_export(),
    )  # fmt: skip


def _may_export() -> bool:
    return bool(current_user.may(Action.EXPORT_SUPPORTERS))


@bp.route(f"{PLACE}/find", methods=["GET", "POST"])
@allow(Action.VIEW_CASE)
def find(reference: str) -> str:
    case = case_or_404(reference)
    form = FindForm()
    rows = supporter_list.named(case, form.q.data or "") if form.validate_on_submit() else None
    return render_template("supporters/find.html", case=case, form=form, rows=rows)


@bp.get(f"{PLACE}.csv")
@allow(Action.EXPORT_SUPPORTERS)
def export(reference: str) -> Response:
    case = case_or_404(reference)
    wanted = ListAddress(case.reference, request.args).wanted
    return send_file_as(
        "supporters.csv", supporter_list.as_csv(case, wanted, current_user), "text/csv; charset=utf-8"
    )


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def new_supporter(reference: str) -> Any:
    case = case_or_404(reference)
    form, alike = SupporterForm(), []
    if form.validate_on_submit():
        alike = known_supporters.like(case, current_user, form.details())
        same = request.form.get("same", "")
        meant = next((one.supporter for one in alike if str(one.supporter.id) == same), None)
        if meant or same == "new" or not alike:
            try:
                return _added(case, form, meant)
            except CaseworkError as error:
                form.explain(error)
    return render_template("supporters/new_supporter.html", case=case, form=form, alike=alike)


def _added(case: Case, form: SupporterForm, meant: Supporter | None) -> Any:
    """Add whom the form tells of, or fill in what it tells of somebody we know."""
    if meant is None:
        supporter = supporters.add_supporter(case, current_user, **form.details())
        flash(f"{supporter.name} is on the list.")
    else:
        supporter = supporters.join(case, meant, current_user, "hand", form.details()).supporter
        flash(f"We use the {supporter.name} whom we had. What was new is filled in, and the rest stays.")
    where = "supporters.index"
    if supporters.is_unsettled(supporter):
        where = "members.choose_for_supporter"
        return redirect(url_for(where, reference=case.reference, supporter_id=supporter.id), 303)
    return redirect(url_for(where, reference=case.reference), 303)


@bp.route(ONE, methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def edit_supporter(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    row = supporters.get_sign_up(case, supporter_id)
    form = SupporterForm(data=data_of(row))
    if form.validate_on_submit():
        try:
            supporters.change_supporter(
                case, supporter_id, form.version.data or "", form.details(), current_user
            )
        except OutOfDate as error:
            row = supporters.get_sign_up(case, supporter_id)
            form.explain(error)
            form.meet(SupporterForm(formdata=None, data=data_of(row)))
        except CaseworkError as error:
            db.session.rollback()
            form.explain(error)
        else:
            flash("Saved.")
            return redirect(url_for("supporters.index", reference=case.reference), 303)
    row = supporters.get_sign_up(case, supporter_id)
    return render_template(
        "supporters/edit_supporter.html", case=case, row=row, form=form,
        constituency=constituency_name(row.supporter.gss_code), joined=JOINED.get(row.joined_how, ""),
        others=known_supporters.other_cases(case, row.supporter, current_user),
        let_go_on=supporter_times.day_of(row.supporter),
    )  # fmt: skip


@bp.post(f"{ONE}/stop")
@allow(Action.KEEP_SUPPORTERS)
def stop(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    row = stopping.stop(case, supporter_id, current_user)
    path = url_for("supporters.undo_stop", reference=case.reference)
    undo.say("They are off the list. In half a minute all that we keep of them is erased.", path, row=row.id)
    return redirect(ListAddress(case.reference, request.args).link(), 303)


@bp.post(f"{PLACE}/undo")
@allow(Action.KEEP_SUPPORTERS)
def undo_stop(reference: str) -> Any:
    case = case_or_404(reference)
    stopping.take_back(case, undo.accepted()["row"], current_user)
    flash("They are on the list again.")
    return redirect(url_for("supporters.index", reference=case.reference), 303)


@bp.post(f"{ONE}/link")
@allow(Action.KEEP_SUPPORTERS)
def link(reference: str, supporter_id: int) -> str:
    """The page with the address: shown once, as the answer to the button, so that it is kept nowhere."""
    case = case_or_404(reference)
    token = supporters.make_stop_link(case, supporter_id, current_user)
    return render_template("supporters/link.html", case=case, supporter_id=supporter_id, **address_of(token))


@bp.post(f"{PLACE}/notice")
@allow(Action.KEEP_SUPPORTERS)
def notice_to_all(reference: str) -> Any:
    case = case_or_404(reference)
    address = ListAddress(case.reference, request.args)
    number = supporter_list.give_notice_to_all(case, address.wanted, clock.today(), current_user)
    flash(f"It is on record that {count(number, 'supporter was', 'supporters were')} given the notice today.")
    return redirect(address.link(notice=None), 303)


@bp.post(f"{PLACE}/reached-by")
@allow(Action.KEEP_SUPPORTERS)
def agreed_all(reference: str) -> Any:
    case = case_or_404(reference)
    address = ListAddress(case.reference, request.args)
    means = [one for one in Means if one in request.form.getlist("means")]
    number = supporter_list.agreed_all(case, address.wanted, means, current_user)
    flash(f"It is on record how {count(number, 'supporter')} may be reached.")
    return redirect(address.link(reach=None), 303)


@bp.route(f"{PLACE}/other-cases", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def elsewhere(reference: str) -> Any:
    case = case_or_404(reference)
    form = FindForm()
    ids = [whole_number(value) for value in request.form.getlist("chosen")]
    if request.method == "POST" and ids:
        number = known_supporters.sign_up_too(case, ids, current_user)
        flash(
            f"{count(number, 'supporter is', 'supporters are')} on this list too. Ask each what they choose here."
        )
        return redirect(url_for("supporters.index", reference=case.reference, sort="joined"), 303)
    name = (form.q.data or "") if form.validate_on_submit() else ""
    rows = known_supporters.elsewhere(case, current_user, name)
    return render_template(
        "supporters/elsewhere.html", case=case, form=form, rows=rows, most=known_supporters.MOST_SHOWN
    )

"""Packs: choose papers and their order for somebody, make one PDF of them, download it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import BooleanField

from casework.domain.consent.publicity import Audience, Kind
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.packs import AUDIENCES, Item, PackKind, asks_to_look
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.letters import disclosure, letters, pack_items, packs
from casework.storage.models import Case
from casework.web.downloads import send_file_as
from casework.web.fields import line, whole_number
from casework.web.filters import count
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("packs", __name__)
PLACE = "/cases/<reference>/packs"
LOOKED = "I looked through each original that goes in, and it tells nothing that they must not hear."

FOR_WHOM = {
    (PackKind.FIRST, Audience.LAWYER): "For us: the first hour, with the drafts to read",
    (PackKind.PACK, Audience.LAWYER): "For us: the lawyer, and whoever goes along",
    (PackKind.PACK, Audience.OFFICE): "For an MP’s office or the Home Office",
    (PackKind.PACK, Audience.SUPPORTERS): "For supporters",
    (PackKind.EVIDENCE, Audience.LAWYER): "Evidence, for the lawyer",
    (PackKind.EVIDENCE, Audience.OFFICE): "Evidence, for an office",
}


@bp.get(PLACE)
@allow(Action.READ_STORY)
def index(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("packs/index.html", case=case, packs=packs.list_packs(case), for_whom=FOR_WHOM)


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_pack(reference: str) -> Any:
    case = case_or_404(reference)
    kind, audience = _asked_for()
    items = pack_items.offered(case, kind, audience)
    form = _pack_form(case, items, audience)
    if form.validate_on_submit():
        title, looked = form.title.data, form.looked.data
        try:
            keys = _in_order(form, items)
            row = packs.make(case, kind, audience, title, keys, current_user, looked=looked)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"The pack is made: {count(row.pages, 'page')}.")
            return redirect(url_for("packs.show", reference=case.reference, pack_id=row.id), 303)
    return render_template(
        "packs/new_pack.html", case=case, form=form, items=items, whom=FOR_WHOM[kind, audience], kind=kind,
        lacks=disclosure.lacking(case, audience, ()), drafts=letters.list_drafts(case),
        asks=asks_to_look(items, audience), titles={one.key: one.title for one in letters.templates()},
    )  # fmt: skip


@bp.get(f"{PLACE}/<int:pack_id>")
@allow(Action.READ_STORY)
def show(reference: str, pack_id: int) -> str:
    case = case_or_404(reference)
    row = packs.get_pack(case, pack_id)
    whom = FOR_WHOM[PackKind(row.kind), Audience(row.audience)]
    return render_template(
        "packs/show.html", case=case, pack=row, whom=whom, told_beyond=packs.told_beyond(row),
        left_out=[Kind(one).words for one in row.left_out],
    )  # fmt: skip


@bp.get(f"{PLACE}/<int:pack_id>.pdf")
@allow(Action.READ_STORY)
def download(reference: str, pack_id: int) -> Response:
    row = packs.get_pack(case_or_404(reference), pack_id)
    return send_file_as(f"pack-{row.id}.pdf", packs.pack_pdf(row), "application/pdf")


def _asked_for() -> tuple[PackKind, Audience]:
    """What sort of pack, and for whom, as the address says it. Raises NotFound for what there is not."""
    kind, audience = request.args.get("kind", PackKind.PACK), request.args.get("for", Audience.LAWYER)
    if kind not in set(PackKind) or audience not in AUDIENCES[PackKind(kind)]:
        raise NotFound("There is no such pack. Choose one from the list.")
    return PackKind(kind), Audience(audience)


def _pack_form(case: Case, items: list[Item], audience: Audience) -> Any:
    """The form: a title, and for each thing its place."""
    title = line("What stands on the first page", most=120, required="Give it a title.")
    fields: dict[str, Any] = {"title": title, "looked": BooleanField(LOOKED)}
    known: dict[str, Any] = {"title": packs.title_for(case, audience)}
    place = 0
    for one in items:
        if not one.stops:
            label = say("Place of “{title}”", title=of_ours(one.title))
            fields[one.key] = line(label, most=3, size=3, inputmode="numeric", autocomplete="off")
            place += one.is_chosen
            known[one.key] = str(place) if one.is_chosen else ""
    return type("PackForm", (HouseForm,), fields)(data=known)


def _in_order(form: Any, items: list[Item]) -> list[str]:
    """The keys of what has a place, by their places. Raises CaseworkError at a place that is no number."""
    places = []
    for at, one in enumerate(items):
        typed = form[one.key].data if one.key in form else None
        if typed:
            if not whole_number(typed):
                raise CaseworkError("Type a number, or leave it empty.", field=one.key)
            places.append((whole_number(typed), at, one.key))
    return [key for _, _, key in sorted(places)]

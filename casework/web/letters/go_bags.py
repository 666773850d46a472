"""Go-bags: an encrypted copy to take along, and the list of those that are out."""

from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_login import current_user
from wtforms import BooleanField, HiddenField

from casework import clock
from casework.domain.consent.publicity import Audience
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.letters.go_bags import FOR_WHOM, MOST_DAYS, Ended, is_out, usual_end
from casework.domain.letters.packs import Item
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.consent import agreements
from casework.services.letters import disclosure, go_bags, submissions
from casework.services.letters.go_bags import NewBag
from casework.services.safety.passphrases import new_passphrase
from casework.storage.models import Case
from casework.web import offers
from casework.web.fields import DayField, line, several_of
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("go_bags", __name__)
PLACE = "/cases/<reference>/go-bags"
LOOKED = "I looked through each scan that goes in, and it tells nothing that they must not hear."
LASTS = timedelta(minutes=15)
MOST_SIGNS = 1_000  # of a passphrase
TOO_LATE = "This copy can no longer be saved here: it could be for fifteen minutes, by whoever made it. Make another."
WRITE_IT_DOWN = (
    "Write down the passphrase and tick here, or type one of your own. Without it nobody opens the file."
)


class BagForm(HouseForm):
    """A copy to make. The passphrase is made for the page that shows it, and kept nowhere."""

    taken_by = line(
        "Who takes it along",
        hint="With a name, so that you know whom to ask for it.",
        required="Type who takes this copy.",
    )
    expires_on = DayField(
        "It expires on",
        hint=f"After that day it says that it is old. It still opens. {MOST_DAYS} days at most.",
        required="Type the day on which this copy expires.",
        latest_years=1,
    )
    keys = several_of("Papers that go in", {})
    looked = BooleanField(LOOKED)
    written_down = BooleanField("I wrote down the passphrase.")
    passphrase = HiddenField(default=new_passphrase)
    own_passphrase = line(
        "Or a passphrase of your own",
        hint="Six words that do not belong together. Leave it empty to use the one above.",
        autocomplete="off",
        autocapitalize="none",
        spellcheck="false",
    )


@bp.get(PLACE)
@allow(Action.READ_STORY)
def index(reference: str) -> str:
    case = case_or_404(reference)
    rows, agreement = go_bags.list_bags(case), agreements.agreement_on(case, clock.today())
    return render_template(
        "go_bags/index.html", case=case, bags=rows, for_whom=FOR_WHOM, is_out=is_out, endings=Ended,
        beyond={row.id: go_bags.told_beyond(row, agreement) for row in rows}, shows=go_bags.shows_contents(case),
        ended={row.id: Ended(row.ended_as).words for row in rows if row.ended_as},
    )  # fmt: skip


@bp.post(f"{PLACE}/<int:bag_id>/ended")
@allow(Action.EDIT_CASE)
def tick_off(reference: str, bag_id: int) -> Any:
    case = case_or_404(reference)
    row = go_bags.get_bag(case, bag_id)
    ended_as = request.form.get("ended_as")
    if ended_as not in set(Ended):
        raise CaseworkError("Choose what became of this copy.")
    go_bags.tick_off(case, row.id, Ended(ended_as), current_user)
    flash("Kept.")
    return redirect(url_for("go_bags.index", reference=case.reference), 303)


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def new_bag(reference: str) -> Any:
    case = case_or_404(reference)
    audience, with_hidden = _asked_for()
    items = go_bags.offered(case, audience, with_hidden=with_hidden)
    form = _bag_form(items)
    if form.validate_on_submit():
        try:
            return _made(case, form, audience, with_hidden=with_hidden)
        except CaseworkError as error:
            form.explain(error)
    return render_template(
        "go_bags/new_bag.html", case=case, form=form, audience=audience, whom=FOR_WHOM[audience], for_whom=FOR_WHOM,
        stopped=[one for one in items if one.stops], lacks=disclosure.lacking(case, audience, ()),
        with_hidden=with_hidden, is_hidden=go_bags.holds_hidden(case),
        asks=audience is not Audience.PERSON and _has_scans(items),
    )  # fmt: skip


def _made(case: Case, form: Any, audience: Audience, *, with_hidden: bool) -> str:
    """The page that says what was put on record, and from which the file is saved, as often as it takes."""
    own = form.own_passphrase.data
    if not own and not form.written_down.data:
        raise CaseworkError(WRITE_IT_DOWN, field="written_down")
    asked = NewBag(
        audience, form.taken_by.data, form.expires_on.data, tuple(form.keys.data or ()), with_hidden=with_hidden,
        looked=form.looked.data, is_own_passphrase=bool(own),
    )  # fmt: skip
    row = go_bags.put_on_record(case, asked, own or form.passphrase.data or "", current_user)
    there = url_for("go_bags.index", reference=case.reference)
    submissions.keep_location((form.once.data or "")[:64], there)  # where sending it once more leads
    offer = offers.offer("go-bag", row.id, [asked.keys, asked.looked, bool(own)])
    return render_template(
        "go_bags/made.html", case=case, bag=row, whom=FOR_WHOM[audience], own=bool(own),
        passphrase=own or form.passphrase.data, offer=offer, minutes=LASTS.seconds // 60,
    )  # fmt: skip


@bp.post(f"{PLACE}/<int:bag_id>/file")
@allow(Action.EDIT_CASE)
def save(reference: str, bag_id: int) -> Response:
    """The file of a copy that this person put on record a moment ago, on its way piece by piece.

    Its name says nothing about anybody: it stays behind where it is saved.
    """
    case = case_or_404(reference)
    row = go_bags.get_bag(case, bag_id)
    facts = offers.accepted("go-bag", row.id, request.form.get("offer"), LASTS)
    if facts is None:
        raise OutOfDate(TOO_LATE)
    keys, looked, own = facts
    asked = NewBag(
        Audience(row.audience), row.taken_by, row.expires_on, tuple(keys), with_hidden=row.with_hidden,
        looked=looked, is_own_passphrase=own,
    )  # fmt: skip
    pieces = go_bags.file_of(case, row, asked, request.form.get("passphrase", "")[:MOST_SIGNS])
    # As a bare file, so that no browser opens it here, where a page of ours would be.
    response = Response(stream_with_context(pieces), content_type="application/octet-stream")
    name = f"papers-{clock.today().isoformat()}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked_for() -> tuple[Audience, bool]:
    """For whom, and whether with what is hidden from some, as the address says it. Raises NotFound for nobody."""
    audience = request.args.get("for", Audience.OFFICE)
    if audience not in FOR_WHOM:
        raise NotFound("There is no such copy. Choose one from the list.")
    return Audience(audience), request.args.get("hidden") == "yes"


def _bag_form(items: list[Item]) -> BagForm:
    may = [one for one in items if not one.stops]
    form = BagForm(
        data={"expires_on": usual_end(clock.today()), "keys": [one.key for one in may if one.is_chosen]}
    )
    form.keys.choices = [
        (
            one.key,
            say("{title}, {about}", title=of_ours(one.title), about=one.about)
            if one.about
            else of_ours(one.title),
        )
        for one in may
    ]
    return form


def _has_scans(items: list[Item]) -> bool:
    return any(one.is_original and not one.stops for one in items)

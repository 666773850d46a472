"""Reach: the table, the map, and one page to print for a planning meeting."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from wtforms import HiddenField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.campaign.reach import BANDS, Reach, SeatReach, Sort, band, ordered
from casework.domain.errors import CaseworkError
from casework.domain.parliament.map_drawing import Shown, draw
from casework.domain.progress_line import draw_progress
from casework.domain.safety.accounts import Action
from casework.domain.said import count
from casework.domain.words import say
from casework.services.campaign import reach
from casework.services.parliament.directory import maps
from casework.services.safe_csv import to_csv
from casework.storage.models import Case
from casework.web.downloads import send_file_as
from casework.web.fields import DayField, line, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.reading import known

bp = Blueprint("reach", __name__)
CSV = "text/csv; charset=utf-8"
TRUE, EVEN = "true", "even"  # the shapes of constituencies on the map
MOST_ON_PAPER = 24  # constituencies that one page of paper holds beside the map
COLUMNS = (
    "Constituency", "MP", "The MP of", "Supporters", "People with a letter", "Letters made", "Handed over",
    "Last handed over", "Visits", "Answers", "What the MP did", "Place in Parliament",
)  # fmt: skip
HEADINGS = {
    Sort.CONSTITUENCY: "Constituency",
    Sort.SUPPORTERS: "Supporters",
    Sort.SIGNERS: "People",
    Sort.LETTERS: "Letters",
    Sort.HANDED_OVER: "Handed over",
}


class PlanDateForm(HouseForm):
    """The day by which letters are wanted."""

    version = HiddenField()
    on = DayField("Which day?", required="Type the day.", hint="A debate, a hearing, a flight, a meeting.")
    what = line(
        "What happens then?", required="Say in a few words what happens.", hint="The debate in the House"
    )
    wanted = line(
        "How many letters would you like handed over by then?", hint="You may leave this empty.", most=6
    )

    def validate_wanted(self, field: Any) -> None:
        if field.data and not 1 <= whole_number(field.data) <= 100_000:
            raise ValidationError("Type a number, such as 200.")


@bp.get("/cases/<reference>/reach")
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    found = reach.reach(case)
    sort = _sort(request.args.get("sort"))
    shape = EVEN if request.args.get("map") == EVEN else TRUE
    return render_template(
        "reach/index.html",
        case=case,
        reach=found,
        rows=ordered(found.seats, sort),
        sort=sort,
        headings=HEADINGS,
        shape=shape,
        map=_map(found, shape),
        line=_line(found),
    )


@bp.get("/cases/<reference>/reach/sheet")
@allow(Action.VIEW_CASE)
def sheet(reference: str) -> str:
    case = case_or_404(reference)
    found = reach.reach(case)
    return render_template(
        "reach/sheet.html",
        case=case,
        reach=found,
        rows=ordered(found.seats, Sort.SIGNERS),
        map=_map(found, EVEN),
        line=_line(found),
        most=MOST_ON_PAPER,
    )


@bp.get("/cases/<reference>/reach.csv")
@allow(Action.VIEW_CASE)
def export(reference: str) -> Response:
    case = case_or_404(reference)
    rows = reach.reach(case).seats
    return send_file_as("reach.csv", to_csv(COLUMNS, [_cells(row) for row in rows]), CSV)


@bp.route("/cases/<reference>/reach/day", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def edit_day(reference: str) -> Any:
    case = case_or_404(reference)
    form = _day_form(case)
    if form.validate_on_submit():
        try:
            reach.set_plan_date(
                case,
                on=form.on.data or clock.today(),
                what=form.what.data or "",
                wanted=whole_number(form.wanted.data) or None,
                version=whole_number(form.version.data) or None,
                actor=current_user,
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("Saved.")
            return redirect(url_for("reach.index", reference=case.reference), 303)
    return render_template("reach/edit_day.html", case=case, form=form)


def _map(found: Reach, shape: str) -> Markup:
    """Where people have letters, coloured by how many. What it says is escaped where it is drawn."""
    shown = {
        row.gss_code: Shown(
            band(row.signers),
            say(
                "{name}: {people} with a letter, {many} handed over",
                name=row.name,
                people=count(row.signers, "person", "people"),
                many=f"{row.handed_over:,}",
            ),
        )
        for row in found.seats
    }
    drawn = maps().honeycomb() if shape == EVEN else maps().outlines()
    places = count(sum(1 for row in found.seats if row.signers), "constituency", "constituencies")
    says = say("{many} people with a letter in {places}.", many=f"{found.total.signers:,}", places=places)
    title = "Where people have a letter"
    return Markup(draw(drawn, shown, name="reach", title=title, says=says, bands=BANDS, speak=known))  # noqa: S704


def _line(found: Reach) -> Markup:
    progress = found.progress
    target = (progress.target, progress.what) if progress.target else None
    handed_over = bool(progress.handed_over)
    counts = progress.handed_over if handed_over else progress.made
    what = say("letters handed over") if handed_over else say("letters made")
    drawn = draw_progress(counts, clock.today(), name="days-line", what=what, target=target, speak=known)
    return Markup(drawn)  # noqa: S704  every word in it is escaped where it is drawn


def _day_form(case: Case) -> PlanDateForm:
    row = reach.plan_date(case)
    if row is None:
        return PlanDateForm()
    return PlanDateForm(version=row.version, on=row.on, what=row.what, wanted=row.wanted and str(row.wanted))


def _sort(asked: str | None) -> Sort:
    return next((one for one in Sort if one.value == asked), Sort.CONSTITUENCY)


def _cells(row: SeatReach) -> tuple[object, ...]:
    return (
        row.name, row.member_name, ", ".join(row.ties), row.supporters, row.signers, row.letters, row.handed_over,
        row.last_handed_over or "", row.visits, row.answers, "; ".join(row.did), "; ".join(row.standing),
    )  # fmt: skip

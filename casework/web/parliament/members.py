"""MPs: look one up, see one, see who can act in a case, and choose a constituency where a postcode cannot."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from wtforms import RadioField, SelectField

from casework import clock
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.parliament.criteria import MODELS
from casework.domain.parliament.directory import Fact, Lookup, Seat, how_first_elected
from casework.domain.parliament.map_drawing import draw_near
from casework.domain.parliament.member_notes import REMINDER, NoteKind
from casework.domain.parliament.members import cautions_about
from casework.domain.parliament.offices import OfficeKind
from casework.domain.safety.accounts import Action
from casework.domain.words import say
from casework.services.campaign import supporters
from casework.services.case import case_places
from casework.services.parliament import finding_seats, member_checks, member_notes, members, offices
from casework.services.parliament.directory import constituency_name, directory, maps
from casework.services.parliament.member_facts import criteria_of
from casework.storage.models import Case, CasePlace, Supporter
from casework.web.fields import DayField, line
from casework.web.forms import HouseForm, TypedForm
from casework.web.guards import allow, case_or_404
from casework.web.parliament.member_notes import seat_now
from casework.web.reading import known

bp = Blueprint("members", __name__)


class LookUpForm(TypedForm):
    """What somebody wants to find. It is sent in the body, so that no postcode stands in an address or a history."""

    q = line(
        "Postcode, MP or constituency",
        hint="Half a postcode will do. It is looked up here and never leaves this machine.",
        most=100,
        required="Type a postcode, an MP’s name or a constituency.",
        autocomplete="off",
    )

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Every error as (id of the field, sentence)."""
        return [("q", str(message)) for message in self.q.errors]


@bp.route("/mps", methods=["GET", "POST"])
@allow(Action.USE_DIRECTORY)
def index() -> str:
    form = LookUpForm()
    found: Lookup | None = None
    seats: list[Seat] = []
    asked = False
    if form.validate_on_submit():
        try:
            found, seats = finding_seats.find(form.q.data or "")
            asked = True
        except CaseworkError as error:
            form.q.errors = [error.message]
    today = clock.today()
    return render_template(
        "members/index.html",
        form=form,
        asked=asked,
        found=found,
        candidates=_candidates(found),
        seats=seats,
        everybody=finding_seats.all_seats(today),
        release=directory().release,
    )


def _candidates(found: Lookup | None) -> list[dict[str, Any]]:
    """Each constituency of an answer, with who sits there and how much of the area lies in it, in words."""
    today = clock.today()
    return [
        {
            "seat": directory().seat_on(candidate.constituency.gss_code, today),
            "share": _share(candidate.share),
        }
        for candidate in (found.candidates if found else ())
    ]


def _share(share: float) -> str:
    return say("fewer than 1 in 100") if share < 0.01 else f"{share:.0%}"


@bp.get("/mps/<gss_code>")
@allow(Action.USE_DIRECTORY)
def show(gss_code: str) -> str:
    seat = directory().seat_on(gss_code, clock.today())
    near = [seat_now(code) for code in finding_seats.neighbours(gss_code)]
    return render_template(
        "members/show.html",
        seat=seat,
        constituency=seat.constituency,
        elected=how_first_elected(seat.member) if seat.member else (None, ""),
        near=near,
        map=_map([seat, *near]),
        models=MODELS,
        criteria={one.criterion: one for one in criteria_of(seat)},
        facts=_facts(seat),
        office=offices.entries_of(seat),
        office_bin=[(row, OfficeKind(row.kind).words) for row in offices.in_bin(seat)],
        notes=(notes := member_notes.notes_of(seat)),
        notes_bin=[(row, row.text) for row in notes.in_bin],
        kinds=NoteKind,
        reminder=REMINDER,
        terms=directory().terms(gss_code),
        cautions=cautions_about(seat.member) if seat.member else [],
        check=member_checks.last_check(seat),
        release=directory().release,
    )


def _map(seats: list[Seat]) -> Markup:
    """The constituency, which comes first, and its neighbours, each with its number in the list beside it.

    Nothing where the maps are of other constituencies than the directory.
    """
    codes = [seat.constituency.gss_code for seat in seats]
    at = {one.gss_code: (one.longitude, one.latitude) for one in directory().constituencies()}
    names = ", ".join(f"{number} {seat.constituency.name}" for number, seat in enumerate(seats, start=1))
    try:
        near = maps().near(codes[0], at)
    except (NotFound, KeyError):
        return Markup()
    drawn = draw_near(
        near,
        codes[0],
        codes,
        name="near",
        title="The constituency and its neighbours",
        says=names,
        speak=known,
    )
    return Markup(drawn)  # noqa: S704 - what it says is escaped where it is drawn


def _facts(seat: Seat) -> dict[str, list[Fact]]:
    """What the directory says of whoever sits here, by kind, the newest first."""
    found: dict[str, list[Fact]] = {}
    for fact in sorted(seat.member.facts if seat.member else (), key=lambda fact: fact.dated, reverse=True):
        found.setdefault(fact.kind, []).append(fact)
    return found


@bp.post("/mps/<gss_code>/check")
@allow(Action.CHECK_MEMBER)
def check(gss_code: str) -> Any:
    member_checks.record_check(gss_code, current_user)
    flash("Thank you: it is kept that you checked this MP today.")
    return redirect(url_for("members.show", gss_code=gss_code), 303)


class DayForm(HouseForm):
    """The day that is asked about."""

    on = DayField("On which day?", hint="Who sits in Parliament is known from 4 July 2024 on.")


@bp.get("/cases/<reference>/who-can-act")
@allow(Action.READ_STORY)
def who_can_act(reference: str) -> str:
    case = case_or_404(reference)
    form = DayForm(request.args, meta={"csrf": False})
    form.validate()
    on = (None if form.on.errors else form.on.data) or clock.today()
    return render_template(
        "members/who_can_act.html", case=case, form=form, on=on, who=members.who_can_act(case, on)
    )


class ChooseForm(HouseForm):
    """A constituency that somebody chooses: one of the likely ones, or any."""

    likely = RadioField("Which constituency is it in?", validate_choice=False)
    other = SelectField("Another constituency", validate_choice=False)

    def offer(self, likely: list[tuple[str, str]]) -> None:
        """Show the likely ones as answers, and all 650 by name."""
        self.likely.choices = likely
        self.other.choices = [
            ("", "Choose from all 650"),
            *((one.gss_code, one.name) for one in directory().constituencies()),
        ]

    def chosen(self) -> str:
        """The code that was chosen; the list of all wins. Raises CaseworkError when there is none."""
        code = self.other.data or self.likely.data or ""
        if not directory().find(code):
            raise CaseworkError(
                "Choose the constituency.", field="likely" if self.likely.choices else "other"
            )
        return code


@bp.route("/cases/<reference>/places/<int:place_id>/constituency", methods=["GET", "POST"])
@allow(Action.EDIT_CASE)
def choose_for_place(reference: str, place_id: int) -> Any:
    case = case_or_404(reference)
    row = case_places.get_place(case, place_id)
    back = url_for("cases.show", reference=case.reference)
    return _choose(case, row, case_places.place_label(row), back)


@bp.route("/cases/<reference>/supporters/<int:supporter_id>/constituency", methods=["GET", "POST"])
@allow(Action.KEEP_SUPPORTERS)
def choose_for_supporter(reference: str, supporter_id: int) -> Any:
    case = case_or_404(reference)
    row = supporters.get_supporter(case, supporter_id)
    back = url_for("supporters.index", reference=case.reference)
    return _choose(case, row, f"the home of {row.name}", back)


def _choose(case: Case, row: CasePlace | Supporter, label: str, back: str) -> Any:
    found = finding_seats.find_by_postcode(row.postcode) if row.postcode else None
    likely = _candidates(found)
    form = ChooseForm(data={"likely": row.gss_code, "other": ""})
    form.offer([(one["seat"].constituency.gss_code, _answer(one)) for one in likely])
    if form.validate_on_submit():
        try:
            case_places.choose_constituency(case, row, form.chosen(), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"The constituency of {label} is {constituency_name(row.gss_code)}.")
            return redirect(back, 303)
    return render_template(
        "members/choose.html",
        case=case,
        row=row,
        label=label,
        form=form,
        found=found,
        release=directory().release,
    )


def _answer(one: dict[str, Any]) -> str:
    seat = one["seat"]
    return say(
        "{name} ({share} of the postcodes around it). MP: {member}",
        name=seat.constituency.name, share=one["share"],
        member=seat.member.name if seat.member else say("no MP now"),
    )  # fmt: skip

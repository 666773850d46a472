"""What happened: a list to choose from, a page for each, seen before it is saved, and taken back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.case.places import PlaceKind
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.timing.deadline_rules import How
from casework.domain.timing.events import HAPPENINGS, Group, Happening, KeptAs
from casework.domain.timing.triggers import Told
from casework.services.timing import events
from casework.services.timing.effects import foreseen
from casework.services.timing.events import NewEvent
from casework.storage.models import Case
from casework.web import preview
from casework.web.day_fields import HOW, SENT_HINT
from casework.web.fields import DayField, one_of, paragraph
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404

bp = Blueprint("events", __name__)
# What is recorded on a page of another room: its words, the endpoint, and what else the address carries.
ELSEWHERE: dict[Group, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    Group.DECISION: (
        ("The Home Office refused something, or took another decision", "correspondence.new_response", {}),
    ),
    Group.DETENTION: (
        ("The person was detained", "cases.new_place", {"kind": PlaceKind.DETENTION.value}),
        ("The person was moved to another place of detention", "cases.new_transfer", {}),
    ),
    Group.REMOVAL: (
        ("A notice of intention to remove came", "correspondence.new_response", {}),
        ("The flight is known, or something about it changed", "removals.index", {}),
    ),
    Group.REQUESTS: (
        ("We wrote to an MP, or asked for the person’s own file", "correspondence.new_letter_out", {}),
        ("An MP wrote to the Home Office, or to us", "correspondence.new_letter_in", {}),
        ("We saw an MP or their office", "surgeries.record", {}),
    ),
}


class EventForm(HouseForm):
    """Something that happened: its day, or the days of its notice."""

    on = DayField("On which day?", past=True)
    sent = DayField("The day it was sent", hint=SENT_HINT, past=True)
    received = DayField("The day it arrived", hint="Leave it empty if you do not know.", past=True)
    how = one_of("How it came", HOW, hint="Leave this open if you do not know.")
    note = paragraph("Anything to remember of it", hint="Only people who work on this case see it.", rows=3)

    def suit(self, happening: Happening) -> None:
        """Ask only for the days that this has."""
        for name in ("on",) if happening.notice else ("sent", "received", "how"):
            del self[name]
        if not happening.notice:
            self.on.label.text = happening.day

    def told(self) -> Told:
        """What was typed."""
        if "on" in self:
            return Told(on=self.on.data)
        how = How(self.how.data) if self.how.data else None
        return Told(sent=self.sent.data, received=self.received.data, how=how)


@bp.get("/cases/<reference>/events/new")
@allow(Action.RECORD_EVENT)
def choose(reference: str) -> str:
    case = case_or_404(reference)
    return render_template("events/choose.html", case=case, groups=_groups(case))


@bp.route("/cases/<reference>/events/new/<name>", methods=["GET", "POST"])
@allow(Action.RECORD_EVENT)
def new_event(reference: str, name: str) -> Any:
    case = case_or_404(reference)
    happening = events.happening_of(name)
    form = EventForm()
    form.suit(happening)
    if not preview.goes_back() and form.validate_on_submit():
        new = NewEvent(name, form.told(), form.note.data)
        try:
            page = preview.first_seen(
                case,
                lambda effects: events.add_event(case, new, current_user, effects),
                what=said_of(happening, new.told),
                save="Save it",
            )
            if page:
                return page
            row = events.record_event(case, new, current_user, preview.answers())
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("It is saved.")
            return redirect(url_for("events.show", reference=case.reference, event_id=row.id), 303)
    return render_template("events/new_event.html", case=case, form=form, happening=happening)


@bp.get("/cases/<reference>/events/<int:event_id>")
@allow(Action.READ_STORY)
def show(reference: str, event_id: int) -> str:
    case = case_or_404(reference)
    row = events.get_event(case, event_id)
    return render_template(
        "events/show.html",
        case=case,
        row=row,
        happening=HAPPENINGS[row.name],
        told=Told.read(row.told),
        how=HOW,
        started=events.started_by(row),
        ended=events.ended_by(row),
    )


@bp.route("/cases/<reference>/events/<int:event_id>/take-back", methods=["GET", "POST"])
@allow(Action.RECORD_EVENT)
def take_back(reference: str, event_id: int) -> Any:
    case = case_or_404(reference)
    row = events.get_event(case, event_id)
    if request.method == "POST":
        events.take_back(case, event_id, current_user)
        flash("It is taken back.")
        return redirect(url_for("events.show", reference=case.reference, event_id=row.id), 303)
    changes = foreseen(case, current_user, lambda effects: events.add_taking_back(case, event_id, effects))
    return render_template(
        "events/take_back.html", case=case, row=row, happening=HAPPENINGS[row.name], changes=changes
    )


def said_of(happening: Happening, told: Told) -> str:
    """What happened and when, as a sentence."""
    return f"{happening.words}: {spoken(told.day, weekday=True)}." if told.days else f"{happening.words}."


def _groups(case: Case) -> list[tuple[Group, list[tuple[str, str]]]]:
    """What may have happened, by group: its words, and the address of its page."""
    found = []
    for group in Group:
        doors = [
            (words, url_for(endpoint, reference=case.reference, **more))
            for words, endpoint, more in ELSEWHERE.get(group, ())
        ]
        doors += [
            (one.words, url_for("events.new_event", reference=case.reference, name=one.name))
            for one in HAPPENINGS.values()
            if one.group is group and one.kept_as is KeptAs.EVENT
        ]
        found.append((group, doors))
    return found

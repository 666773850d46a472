"""The board of dates, and who takes care of each."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import HiddenField, RadioField
from wtforms.validators import ValidationError

from casework import clock
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.safety.accounts import Action
from casework.domain.said import count, on_day
from casework.domain.timing.board import When, Whose, initials
from casework.domain.timing.deadline_rules import Kind, OwedBy
from casework.domain.timing.deadlines import Nearness
from casework.domain.timing.diary import DiaryEntry, EntrySource
from casework.domain.words import say
from casework.services.case import hands, owners
from casework.services.case.things import IN_DIARY
from casework.services.timing import diary, flights
from casework.services.timing.board import LONG_PAGE, BoardPage, board
from casework.storage.instance import current_instance
from casework.storage.models import Removal
from casework.web.case.picks import picked
from casework.web.fields import whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow, case_or_404
from casework.web.timing.board_address import INITIALS, KINDS, WAITING, Address

bp = Blueprint("board", __name__)

MOST_FLIGHTS = 100  # nobody has more flights ahead than they could read


class Row(NamedTuple):
    """One date as the board shows it: who it is about, where their case and the date are, and how near it is.

    `shape` and `state` are classes of the style sheet; `take` is what a tick at it sends.
    """

    entry: DiaryEntry
    name: str
    case: str
    page: str
    when: str
    warning: str
    shape: str
    state: str
    take: str


class OwnerForm(HouseForm):
    """Who takes care of one date."""

    was = HiddenField()
    owner = RadioField("Who takes care of it?", choices={}, validate_choice=False)

    def validate_owner(self, field: Any) -> None:
        if field.data not in field.choices:
            raise ValidationError("Choose one of them, or nobody.")


@bp.get("/dates")
@allow(Action.VIEW_CASE)
def index() -> str:
    today = clock.today()
    address = Address(request.args, today)
    long = {"most": LONG_PAGE, "few": LONG_PAGE} if address.is_long else {}
    page = board(current_user, address.filters, address.after, **long)
    by_setting = current_instance().settings.board_names == INITIALS
    short = by_setting or address.initials
    return render_template(
        "board/index.html",
        address=address,
        page=page,
        flights=_flights(page, address),
        groups=_groups(_rows(page.dates, today, short=short), address, today),
        to_work_out=_rows(page.to_work_out, today, short=short),
        empty=_empty(address),
        initials=initials if short else None,
        by_setting=by_setting,
        waiting=WAITING,
        kinds=KINDS,
        long_page=LONG_PAGE,
    )


def _flights(page: BoardPage, address: Address) -> list[Removal]:
    """The flights that stand above the first page."""
    if address.after or not page.flights:
        return []
    return flights.on_board(current_user, address.filters, MOST_FLIGHTS)


def _rows(entries: Iterable[DiaryEntry], today: date, *, short: bool) -> list[Row]:
    """The rows of these dates; `short` has a person stand there by their initials.

    What a page is asked for a hundred times is made ready here, where a call costs a tenth of one in a template; the
    application is asked for an address of each kind once.
    """
    case = url_for("cases.show", reference="REFERENCE")
    dates = {source: page_of("REFERENCE", source, 0).rpartition("/")[0] for source in EntrySource}
    return [
        Row(
            entry,
            initials(entry.person) if short and entry.person != entry.reference else entry.person,
            case.replace("REFERENCE", entry.reference),
            f"{dates[entry.source].replace('REFERENCE', entry.reference)}/{entry.id}",
            entry.when(today),
            entry.warning(),
            _shape(entry),
            _state(entry, entry.nearness(today)),
            f"{IN_DIARY[entry.source]}{entry.id}.{entry.owner_id or 0}",
        )
        for entry in entries
    ]


def _shape(entry: DiaryEntry) -> str:
    is_theirs = entry.kind is Kind.HARD_LIMIT and entry.owed_by is OwedBy.THEM
    return f"date date--{entry.kind or entry.source}{' date--theirs' if is_theirs else ''}"


def _state(entry: DiaryEntry, near: Nearness) -> str:
    is_grave = entry.is_grave
    if near in (Nearness.OVERDUE, Nearness.TODAY) or (near is Nearness.POSSIBLE and is_grave):
        return f"state state--{'now' if is_grave else 'due'}"
    return "state"


def _empty(address: Address) -> dict[str, str]:
    """What a board without a date says, and the next step."""
    every = {"words": "Show every date", "where": address.everything}
    chosen = set(address.chosen) - {"names", "long"}
    if address.after:
        return {"sentence": "No more dates.", "words": "From the beginning", "where": address.link()}
    if not chosen:
        return {
            "sentence": "Nothing is due. Dates come by themselves when you record a letter from the Home Office, "
            "a letter to an MP or a visit.",
            "words": "Go to the cases",
            "where": url_for("cases.index"),
        }
    filters = address.filters
    if chosen == {"whose"} and filters.whose is Whose.ME:
        free = {"words": "See those that nobody takes care of", "where": address.link(whose=Whose.NOBODY)}
        return {"sentence": "You take care of no date yet.", **free}
    if chosen == {"case"}:
        return {
            "sentence": f"Nothing runs under {filters.cases[0]}, or you do not work on that case.",
            **every,
        }
    if chosen == {"when"} and filters.when:
        until = spoken(address.soon, weekday=True)
        sentences = {
            When.WEEK: f"Nothing is due up to {until}.",
            When.OVERDUE: "Nothing is overdue.",
            When.TO_WORK_OUT: "Every date has its day.",
        }
        return {"sentence": sentences[filters.when], **every}
    return {"sentence": "No date fits all of this.", **every}


def _groups(rows: Iterable[Row], address: Address, today: date) -> list[tuple[str, list[Row]]]:
    """The dates under the part of the calendar in which they are aimed for."""
    soon = on_day(address.soon, weekday=True)
    parts = (
        "Before today",
        say("Today, {day}", day=on_day(today, weekday=True)),
        say("This week, to {day}", day=soon),
        say("After {day}", day=soon),
    )

    def part(row: Row) -> int:
        aim = row.entry.aim
        if aim is None or aim < today:
            return 0
        return 1 if aim == today else 2 if aim <= address.soon else 3

    return [(parts[number], list(group)) for number, group in groupby(rows, part)]


@bp.post("/dates/take")
@allow(Action.RECORD_VISIT)
def take() -> Any:
    address = Address(dict(parse_qsl(urlsplit(request.form.get("back", "")[:1000]).query)), clock.today())
    picks = picked("take")
    if not picks:
        flash("Tick the dates that you take care of, then press “I take these”.")
    else:
        taken = hands.take(current_user, picks)
        flash(say("You take care of {dates} now.", dates=count(taken.taken, "date")))
        if taken.changed == 1:
            flash("1 date was not as you saw it any more: somebody took it first, or it is settled.")
        elif taken.changed:
            flash(
                say(
                    "{many} dates were not as you saw them any more: somebody took them first, or they are settled.",
                    many=taken.changed,
                )
            )
    return redirect(address.here, 303)


@bp.route(
    "/cases/<reference>/dates/<int:row_id>/owner",
    methods=["GET", "POST"],
    defaults={"source": EntrySource.DEADLINE},
)
@bp.route(
    "/cases/<reference>/follow-ups/<int:row_id>/owner",
    methods=["GET", "POST"],
    defaults={"source": EntrySource.FOLLOW_UP},
)
@bp.route(
    "/cases/<reference>/visits/<int:row_id>/owner",
    methods=["GET", "POST"],
    defaults={"source": EntrySource.VISIT},
)
@allow(Action.RECORD_VISIT)
def owner(reference: str, row_id: int, source: EntrySource) -> Any:
    case = case_or_404(reference)
    if not current_user.may(owners.NEEDED[source]):
        raise NotFound("There is no such date in this case.")
    row = owners.get(case, source, row_id)
    form = OwnerForm(was=row.owner_id or 0, owner=str(row.owner_id or 0))
    form.owner.choices = {
        "0": say("Nobody yet"),
        **{str(person.id): person.name for person in owners.people(case, source)},
    }
    if form.validate_on_submit():
        chosen, seen = whole_number(form.owner.data) or None, whole_number(form.was.data) or None
        try:
            owners.give(case, source, row_id, chosen, seen, current_user)
        except CaseworkError as error:
            form.explain(error)
            if isinstance(error, OutOfDate):
                form.was.data = str(row.owner_id or 0)
        else:
            flash("Saved.")
            return redirect(page_of(reference, source, row_id), 303)
    back = page_of(reference, source, row_id)
    return render_template("board/owner.html", case=case, form=form, entry=diary.as_it_stands(row), back=back)


def page_of(reference: str, source: EntrySource, row_id: int) -> str:
    """Where this date is shown by itself."""
    if source is EntrySource.DEADLINE:
        return url_for("deadlines.show", reference=reference, deadline_id=row_id)
    if source is EntrySource.FOLLOW_UP:
        return url_for("surgeries.follow_up", reference=reference, follow_up_id=row_id)
    return url_for("surgeries.show", reference=reference, visit_id=row_id)

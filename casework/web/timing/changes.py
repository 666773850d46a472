"""Rules and bank holidays that the group changes, what each would move, and what moved of late."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.errors import CaseworkError, NotFound
from casework.domain.safety.accounts import Action
from casework.domain.said import SPACE, in_a_row
from casework.domain.timing.board import initials
from casework.reference.rule_changes import Change
from casework.services.case import moves
from casework.services.timing import rule_changes
from casework.services.timing.rule_book import change_of, rule_book
from casework.storage.instance import current_instance
from casework.web.fields import tidy
from casework.web.filters import count
from casework.web.guards import allow
from casework.web.timing.board_address import INITIALS
from casework.web.timing.change_forms import (
    EXAMPLE,
    HolidayForm,
    NoHolidayForm,
    RuleTextForm,
    at_its_field,
    lengths_of,
    rule_choices,
    rule_form,
)

bp = Blueprint("changes", __name__)

MOST_SHOWN = 100
NOT_SENT_AGAIN = ("csrf_token", "once", "step")


@bp.get("/changes")
@allow(Action.USE_RULES)
def index() -> str:
    return render_template(
        "changes/index.html",
        changes=[(row, change_of(row)) for row in rule_changes.list_changes()],
        withdrawn=[(row, change_of(row)) for row in rule_changes.list_changes(withdrawn=True)],
        book=rule_book(),
        overtaken=rule_changes.overtaken(),
    )


@bp.get("/dates/moved")
@allow(Action.READ_STORY)
def moved() -> str:
    before = request.args.get("before", "")
    found = moves.list_moved(
        current_user, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    older = found[-1].id if len(found) == moves.PAGE_LENGTH else None
    return render_template("changes/moved.html", moved=found, older=older, named=_named)


@bp.route("/changes/holidays/new", methods=["GET", "POST"])
@allow(Action.CHANGE_RULES)
def new_holiday() -> Any:
    return _change_page(HolidayForm(), "changes/new_holiday.html")


@bp.route("/changes/holidays/remove", methods=["GET", "POST"])
@allow(Action.CHANGE_RULES)
def remove_holiday() -> Any:
    return _change_page(NoHolidayForm(), "changes/remove_holiday.html", book=rule_book())


@bp.get("/changes/rules")
@allow(Action.CHANGE_RULES)
def choose_rule() -> Any:
    wanted = request.args.get("rule", "")
    if wanted in rule_book().rules:
        return redirect(url_for("changes.change_rule", rule_key=wanted))
    return render_template("changes/choose_rule.html", choices=rule_choices())


@bp.route("/changes/rules/<rule_key>", methods=["GET", "POST"])
@allow(Action.CHANGE_RULES)
def change_rule(rule_key: str) -> Any:
    rule = rule_book().rules.get(rule_key)
    if rule is None:
        raise NotFound("There is no such rule.")
    return _change_page(rule_form(rule), "changes/change_rule.html", rule=rule, lengths=lengths_of(rule))


@bp.route("/changes/new", methods=["GET", "POST"])
@allow(Action.CHANGE_RULES)
def new_rule() -> Any:
    return _change_page(RuleTextForm(text=EXAMPLE), "changes/new_rule.html", book=rule_book())


@bp.route("/changes/<int:change_id>/withdraw", methods=["GET", "POST"])
@allow(Action.CHANGE_RULES)
def withdraw(change_id: int) -> Any:
    row = rule_changes.get_change(change_id)
    if request.method == "POST":
        moved = rule_changes.withdraw(row, current_user)
        flash(in_a_row(["The change is taken back.", _moved_words(moved)], SPACE))
        return redirect(url_for("changes.index"), 303)
    forecast = rule_changes.foresee_withdrawal(row, current_user)
    return render_template(
        "changes/withdraw.html",
        row=row,
        change=change_of(row),
        forecast=forecast,
        most=MOST_SHOWN,
        named=_named,
    )


def _change_page(form: Any, template: str, **given: Any) -> Any:
    """The form; when it was sent, what it would move; and when that was confirmed, the saved change."""
    step = request.form.get("step", "")
    if step != "back" and form.validate_on_submit():
        try:
            change = form.change(current_user.name)
            if step != "save":
                return _preview(change)
            moved = rule_changes.add_change(change, current_user)
        except CaseworkError as error:
            form.explain(at_its_field(error, form))
        else:
            flash(in_a_row(["The change counts from now on.", _moved_words(moved)], SPACE))
            return redirect(url_for("changes.moved" if moved else "changes.index"), 303)
    return render_template(template, form=form, **given)


def _preview(change: Change) -> str:
    forecast = rule_changes.foresee_change(change, current_user)
    sent = [
        (name, tidy(value) or "")
        for name, values in request.form.lists()
        if name not in NOT_SENT_AGAIN
        for value in values
    ]
    return render_template(
        "changes/preview.html",
        change=change,
        forecast=forecast,
        lengths=rule_changes.compare_lengths(change),
        sent=sent,
        once=request.form.get("once", ""),
        most=MOST_SHOWN,
        named=_named,
    )


def _named(person: str, reference: str) -> str:
    """The person as the group's lists name people."""
    if current_instance().settings.board_names != INITIALS or person == reference:
        return person
    return f"{initials(person)} ({reference})"


def _moved_words(moved: int) -> str:
    return f"{count(moved, 'open date')} moved." if moved else "No open date moved."

"""What was deleted of the group's knowledge of MPs: brought back where it was, or erased for good."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user

from casework.domain.accounts import Action
from casework.domain.errors import NotFound
from casework.services import member_bins
from casework.services.member_bins import NOT_THERE, MemberBin
from casework.web import undo
from casework.web.guards import allow

bp = Blueprint("member_bins", __name__)
ONE = "/mps/bin/<bin_kind>/<int:resting_id>"


@bp.post(f"{ONE}/back")
@allow(Action.KEEP_MEMBERS)
def bring_back(bin_kind: str, resting_id: int) -> Any:
    kind = _kind(bin_kind)
    row = member_bins.bring_back(kind, resting_id, current_user)
    flash("It is back where it was.")
    return redirect(_where(kind, row), 303)


@bp.post(f"{ONE}/erase")
@allow(Action.KEEP_MEMBERS)
def erase(bin_kind: str, resting_id: int) -> Any:
    kind = _kind(bin_kind)
    where = _where(kind, member_bins.get(kind, resting_id))
    member_bins.erase(kind, resting_id, current_user)
    flash("It is erased.")
    return redirect(url_for("meeting_plans.index") if kind is MemberBin.PLAN else where, 303)


def say_with_undo(message: str, kind: MemberBin, row_id: int) -> None:
    """Say what was deleted, with a button that brings it back; the bin has it for longer than that button stands."""
    undo.say(message, url_for("member_bins.bring_back", bin_kind=kind.value, resting_id=row_id))


def _kind(text: str) -> MemberBin:
    if text not in set(MemberBin):
        raise NotFound(NOT_THERE)
    return MemberBin(text)


def _where(kind: MemberBin, row: Any) -> str:
    """The page on which such a thing stands."""
    if kind is MemberBin.PLAN:
        return url_for("meeting_plans.show", plan_id=row.id)
    if kind is MemberBin.MEETING:
        return url_for("meeting_plans.show", plan_id=row.plan_id)
    anchor = "notes" if kind is MemberBin.NOTE else "office"
    return url_for("members.show", gss_code=row.gss_code, _anchor=anchor)

"""Sign in and out, one-time links, one's own password, and the people of the group."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import ACTIONS, ROLE_WORDS, Action, Role
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.case import cases
from casework.services.consent import need_to_know
from casework.services.safety import accounts, groups, one_time_links, second_factors
from casework.services.safety.one_time_links import Purpose
from casework.services.safety.tries import TooManyTries
from casework.services.timing import feeds
from casework.storage.models import User
from casework.web import signed_out
from casework.web.anybody import public
from casework.web.entering import (
    after_password,
    ask_to_confirm,
    begin_session,
    cleared,
    end_session,
    is_confirmed,
    next_page,
)
from casework.web.guards import allow, case_or_404
from casework.web.safety.account_forms import (
    FirstForm,
    NewPasswordForm,
    PasswordForm,
    PersonForm,
    RoleForm,
    SignInForm,
    TeamForm,
)
from casework.web.safety.passkey_place import passkey_place

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    if current_user.is_authenticated:
        return signed_out.give_back() or redirect(next_page())
    form = SignInForm()
    status = 200
    if form.validate_on_submit():
        try:
            user = accounts.sign_in(form.sign_in_name.data, form.password.data, request.remote_addr or "")
        except CaseworkError as error:
            form.explain(error)
            status = 429 if isinstance(error, TooManyTries) else 200
        else:
            return after_password(user, "password")
    return render_template(
        "accounts/sign_in.html",
        form=form,
        is_new=accounts.is_new(),
        next=request.args.get("next"),
        has_left="left" in request.args,
        by_passkey=passkey_place() is not None,
    ), status


@bp.post("/sign-out")
@allow(Action.OWN_ACCOUNT)
def sign_out() -> Any:
    if request.form.get("everywhere"):
        accounts.sign_out_everywhere(current_user)
    else:
        accounts.sign_out(current_user)
    end_session()
    return cleared(redirect(url_for("accounts.sign_in", left="yes"), 303))  # type: ignore[arg-type]


@bp.route("/first/<token>", methods=["GET", "POST"])
@public
def first_visit(token: str) -> Any:
    one_time_links.find(token, Purpose.FIRST_ORGANISER)
    form = FirstForm()
    if form.validate_on_submit():
        try:
            user = accounts.use_first_link(token, form.name.data, form.sign_in_name.data, form.password.data)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _settled(user)
    return render_template("accounts/first_visit.html", form=form)


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> Any:
    user = accounts.person_of(one_time_links.find(token, Purpose.NEW_PERSON, Purpose.NEW_PASSWORD))
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            user = accounts.use_link(token, form.password.data)
        except CaseworkError as error:
            form.explain(error)
        else:
            return _settled(user)
    return render_template("accounts/join.html", form=form, user=user)


def _settled(user: User) -> Any:
    answer = after_password(user, "one-time link")
    if current_user.is_authenticated:
        flash(f"Your password is set. You are signed in, {user.name}.")
        _tell_of_calendar(user)
    return answer


def _tell_of_calendar(user: User) -> None:
    """Say that a new password stops no calendar: a thief may read it, and ending it in silence lets a date go by."""
    if feeds.feed_of(user):
        flash(
            "A calendar still reads your dates by its secret address. If somebody else may have made or seen that "
            "address, stop it under You, Dates in your calendar."
        )


@bp.route("/you/password", methods=["GET", "POST"])
@allow(Action.OWN_ACCOUNT)
def change_password() -> Any:
    if second_factors.has_any(current_user) and not is_confirmed():
        return ask_to_confirm()
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            address = request.remote_addr or ""
            accounts.change_password(current_user, form.old.data, form.password.data, address)
        except CaseworkError as error:
            form.explain(error)
        else:
            user = accounts.get_user(current_user.id)
            begin_session(user, "new password", second_factor=user.session.second_factor)
            flash("Your password is changed. You are signed out on every other device.")
            _tell_of_calendar(user)
            return redirect(url_for("home.you"), 303)
    return render_template("accounts/change_password.html", form=form)


@bp.get("/people")
@allow(Action.MANAGE_PEOPLE)
def people() -> str:
    only_one = groups.organisers_of(current_user.group_id) < 2
    return render_template("accounts/people.html", users=accounts.list_users(), only_one=only_one)


@bp.route("/people/new", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def new_person() -> Any:
    form = PersonForm()
    if form.validate_on_submit():
        try:
            user, token = accounts.add_user(
                form.name.data, form.sign_in_name.data, Role(form.role.data), current_user
            )
        except CaseworkError as error:
            form.explain(error)
        else:
            return _show_link(user, token)
    return render_template("accounts/new_person.html", form=form)


def _show_link(user: User, token: str) -> str:
    """The page with the link: shown once, as the answer to the form, so that it is kept nowhere."""
    link = url_for("accounts.join", token=token, _external=True)
    return render_template("accounts/link.html", user=user, link=link, days=one_time_links.days_for(user))


@bp.route("/people/<int:user_id>", methods=["GET", "POST"])
@allow(Action.MANAGE_PEOPLE)
def show(user_id: int) -> Any:
    user = accounts.get_user(user_id)
    form = RoleForm(role=user.role)
    if form.validate_on_submit():
        try:
            accounts.change_role(user, Role(form.role.data), current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            role = of_ours(ROLE_WORDS[Role(user.role)])
            flash(say("{name} is now: {role} They sign in again.", name=user.name, role=role))
            return redirect(url_for("accounts.people"), 303)
    return render_template(
        "accounts/show.html",
        form=form,
        user=user,
        actions=sorted(ACTIONS[Role(user.role)]),
        factors=second_factors.factors_of(user),
    )


@bp.post("/people/<int:user_id>/link")
@allow(Action.MANAGE_PEOPLE)
def new_link(user_id: int) -> str:
    user = accounts.get_user(user_id)
    return _show_link(user, accounts.make_new_link(user, current_user))


@bp.route("/cases/<reference>/team", methods=["GET", "POST"])
@allow(Action.MANAGE_TEAM)
def team(reference: str) -> Any:
    case = case_or_404(reference)
    form = TeamForm()
    others = accounts.not_on_team(case)
    form.user.choices = {str(user.id): f"{user.name}, {user.role}" for user in others}
    if form.validate_on_submit():
        try:
            cases.add_to_team(case, form.user_id, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(f"{accounts.get_user(form.user_id).name} now works on this case.")
            return redirect(url_for("accounts.team", reference=case.reference), 303)
    sees = {one.user_id: need_to_know.seen_by(case, one.user) for one in case.team}
    return render_template("accounts/team.html", case=case, form=form, others=others, sees=sees)


@bp.post("/cases/<reference>/team/<int:user_id>/remove")
@allow(Action.MANAGE_TEAM)
def remove_from_team(reference: str, user_id: int) -> Any:
    case = case_or_404(reference)
    user = accounts.get_user(user_id)
    cases.remove_from_team(case, user.id, current_user)
    flash(f"{user.name} no longer works on this case and cannot see it.")
    if user.id == current_user.id:
        return redirect(url_for("cases.index"), 303)
    return redirect(url_for("accounts.team", reference=case.reference), 303)


@bp.post("/people/<int:user_id>/switch")
@allow(Action.MANAGE_PEOPLE)
def switch(user_id: int) -> Any:
    """The button says which way: pressed twice, or by two organisers at once, it must not open what it closed."""
    user, on = accounts.get_user(user_id), request.form.get("to") == "on"
    if on != user.active:
        (accounts.switch_on if on else accounts.switch_off)(user, current_user)
    if on:
        flash(f"The account of {user.name} is switched on again.")
    else:
        flash(f"The account of {user.name} is switched off. Their sessions have ended.")
    return redirect(url_for("accounts.show", user_id=user.id), 303)

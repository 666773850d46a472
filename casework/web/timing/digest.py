"""Today: one page for the morning, to read or to print; and the mail that leads there."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.case.intake import Door
from casework.domain.errors import CaseworkError, NotFound
from casework.domain.letters.mail import LONGEST
from casework.domain.safety.accounts import Action
from casework.domain.timing.board import initials
from casework.services.campaign import call_rounds, plans, reporting_days
from casework.services.case import case_list, notes, since
from casework.services.parliament import next_contacts
from casework.services.safety import backups, retention_coming
from casework.services.timing import digest, flights
from casework.storage.instance import current_instance
from casework.web.case.intake import begun
from casework.web.fields import line
from casework.web.forms import HouseForm
from casework.web.guards import allow
from casework.web.timing.board_address import INITIALS

bp = Blueprint("digest", __name__)


class MailForm(HouseForm):
    """Where the morning's mail goes."""

    address = line(
        "Your mail address",
        hint="Leave it empty to get no mail.",
        most=LONGEST,
        type="email",
        autocomplete="email",
    )


@bp.get("/today")
@allow(Action.VIEW_CASE)
def index() -> str:
    found, moved = digest.digest_for(current_user), digest.moved_of_late(current_user)
    shortened = current_instance().settings.board_names == INITIALS
    return render_template(
        "digest/index.html",
        digest=found,
        moved=moved,
        flights=flights.ahead_for(current_user),
        reporting=reporting_days.to_check(current_user),
        due=next_contacts.due_for(current_user),
        tasks=plans.due_for(current_user),
        mentions=notes.waiting_for(current_user),
        changed=since.in_all(current_user),
        rings=call_rounds.waiting_for(current_user),
        coming=retention_coming.coming_for(current_user),
        doors=Door,
        begun=begun(),
        lines=case_list.works_on_any(current_user),
        initials=initials if shortened else None,
        backup_due=backups.reminder_now() if current_user.may(Action.KEEP_BACKUPS) else "",
    )


@bp.route("/you/mail", methods=["GET", "POST"])
@allow(Action.OWN_ACCOUNT)
def mail() -> Any:
    if not digest.mail_is_offered():
        raise NotFound("This Casework sends no mail.")
    form = MailForm(address=current_user.digest_to)
    if form.validate_on_submit():
        try:
            digest.ask_for_mail(current_user, form.address.data or None)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash("The mail comes when a date needs you." if current_user.digest_to else "You get no mail.")
            return redirect(url_for("home.you"), 303)
    return render_template("digest/mail.html", form=form)

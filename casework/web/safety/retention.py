"""How long things are kept: one page on which an organiser chooses, and what went when."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user

from casework.domain.errors import CaseworkError
from casework.domain.safety.accounts import Action
from casework.domain.safety.retention import FIXED, POLICIES, Kept, in_words
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.safety import retention_choices, retention_coming
from casework.services.safety.retention_reports import reports
from casework.web.fields import line, whole_number
from casework.web.forms import HouseForm
from casework.web.guards import allow

bp = Blueprint("retention", __name__)


def _length(kind: Kept) -> Any:
    policy = POLICIES[kind]
    least, most = in_words(kind, policy.least), in_words(kind, policy.most)
    return line(
        say("{what}: for how many {unit}?", what=of_ours(policy.what), unit=policy.unit),
        hint=say(
            "From {begins}. {least} to {most}; usual are {usual}. {postponed}",
            begins=of_ours(policy.counts_from),
            least=least,
            most=most,
            usual=policy.usual,
            postponed=of_ours(policy.postponed_by),
        ),
        most=4,
        required="Type a number.",
        inputmode="numeric",
    )


class RetentionForm(HouseForm):
    """One number for each kind."""

    facts = _length(Kept.FACTS)
    authority = _length(Kept.AUTHORITY)
    supporter = _length(Kept.SUPPORTER)
    draft = _length(Kept.DRAFT)


@bp.route("/keeping", methods=["GET", "POST"])
@allow(Action.SET_RETENTION)
def index() -> Any:
    form = RetentionForm(data={kind.value: str(retention_choices.chosen(kind).length) for kind in Kept})
    if form.validate_on_submit():
        lengths = {kind: whole_number(form[kind.value].data) for kind in Kept}
        try:
            new = retention_choices.choose(lengths, current_user)
        except CaseworkError as error:
            form.explain(error)
        else:
            flash(
                "Saved. Where a time is shorter now, it counts in a month, and pages say until then what will go."
                if new
                else "Nothing is changed."
            )
            return redirect(url_for("retention.index"), 303)
    return render_template(
        "retention/index.html",
        form=form,
        fields=[form[kind.value] for kind in Kept],
        fixed=FIXED,
        coming=retention_coming.coming_for(current_user),
        reports=reports(),
    )

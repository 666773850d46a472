"""MPs found by what is known of them. Only choices from lists stand in the address, so no person does."""

from flask import Blueprint, render_template, request
from flask_login import current_user
from wtforms import BooleanField

from casework.domain.parliament.criteria import MODELS, Criterion
from casework.domain.safety.accounts import Action
from casework.services.parliament.directory import directory
from casework.services.parliament.finding_members import ANY_GROUP, Wanted, find_members, regions
from casework.services.parliament.member_facts import all_groups
from casework.web.fields import ListField
from casework.web.forms import HouseForm
from casework.web.guards import allow

bp = Blueprint("finding_members", __name__)
ANY = {"": "Does not matter"}


class FindForm(HouseForm):
    """What somebody looks for."""

    criterion = ListField(
        "What is known of them",
        choices=ANY | {one.value: one.words for one in Criterion},
        validate_choice=False,
    )
    group = ListField("Officer of an all-party group", validate_choice=False)
    region = ListField("Region or nation", validate_choice=False)
    supporters = BooleanField("Only where supporters of your cases live")

    def wanted(self) -> Wanted:
        """What was chosen; what is in no list was not."""
        chosen = self.criterion.data
        return Wanted(
            Criterion(chosen) if chosen in set(Criterion) else None,
            _listed(self.group),
            _listed(self.region),
            bool(self.supporters.data),
        )


def _listed(field: ListField) -> str:
    return field.data if field.data in field.choices else ""


@bp.get("/mps/find")
@allow(Action.USE_DIRECTORY)
def index() -> str:
    form = FindForm(request.args, meta={"csrf": False})
    form.group.choices = ANY | {ANY_GROUP: "Any of them"} | {name: name for name in all_groups()}
    form.region.choices = ANY | {name: name for name in regions()}
    wanted = form.wanted()
    found = None if wanted.is_nothing else find_members(wanted, current_user)
    return render_template(
        "finding_members/index.html",
        form=form,
        wanted=wanted,
        found=found,
        models=MODELS,
        release=directory().release,
    )

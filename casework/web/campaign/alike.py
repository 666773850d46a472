"""The letters of a case that are too alike, before anybody prints them."""

from flask import Blueprint, render_template

from casework.domain.campaign.alike import TOO_ALIKE
from casework.domain.safety.accounts import Action
from casework.services.campaign import alike
from casework.web.guards import allow, case_or_404

bp = Blueprint("alike", __name__)


@bp.get("/cases/<reference>/too-alike")
@allow(Action.VIEW_CASE)
def index(reference: str) -> str:
    case = case_or_404(reference)
    found = alike.too_alike(case)
    return render_template("alike/index.html", case=case, found=found, threshold=TOO_ALIKE)

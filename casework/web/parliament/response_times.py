"""How long answers take, by kind, against the standard that the Home Office set itself."""

from flask import Blueprint, render_template
from flask_login import current_user
from markupsafe import Markup

from casework.domain.parliament.response_plot import draw_response_times
from casework.domain.parliament.response_times import FEWEST_ANSWERS, FEWEST_CASES
from casework.domain.safety.accounts import Action
from casework.services.parliament.office_memory import OfficeMemory, office_memory
from casework.services.parliament.response_times import response_times
from casework.web.guards import allow

bp = Blueprint("response_times", __name__)


@bp.app_template_global("office_memory")
def memory_of(gss_code: str) -> OfficeMemory:
    """What the group remembers of an office, for whoever is signed in: so that any page can include the block."""
    return office_memory(gss_code, current_user)


@bp.get("/response-times")
@allow(Action.VIEW_CASE)
def index() -> str:
    times = response_times(current_user)
    drawn = draw_response_times(
        {row.wait.words: row.ended for row in times.rows if row.ended}, times.days, name="waits"
    )
    return render_template(
        "response_times/index.html",
        times=times,
        plot=Markup(drawn),  # noqa: S704 - drawn from figures and from words of the program alone
        fewest=(FEWEST_ANSWERS, FEWEST_CASES),
    )

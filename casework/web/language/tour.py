"""A tour of ten minutes, in the demo alone: each step leads to its page, and is ticked once somebody went there."""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask_login import current_user

from casework.domain.errors import NotFound
from casework.domain.language.tour import MINUTES, STEPS, next_step, seen_after
from casework.domain.safety.accounts import Action
from casework.services.case import cases
from casework.storage.instance import current_instance
from casework.web.guards import allow, can

bp = Blueprint("tour", __name__)

PERSON = "DEMO-1"
# The page of each step, and the place on it.
PLACES = {
    "who": ("cases.show", "who"),
    "next": ("cases.show", "main"),
    "dates": ("board.index", None),
    "removal": ("removals.index", None),
    "letter": ("letters.new_letter", None),
    "agreed": ("campaign_consent.show", None),
    "happened": ("events.choose", None),
    "supporters": ("supporters.index", None),
    "today": ("digest.index", None),
    "words": ("glossary.index", "surgery"),
}
WITHOUT_CASE = ("dates", "today", "words")


@bp.get("/tour")
@allow(Action.OWN_ACCOUNT)
def index() -> str:
    _only_in_the_demo()
    seen = _seen()
    offered = _offered()
    return render_template(
        "tour/index.html",
        steps=[(number, STEPS[number - 1]) for number in offered],
        seen=seen,
        next=next_step(offered, seen),
        minutes=MINUTES,
    )


@bp.get("/tour/<int:number>")
@allow(Action.OWN_ACCOUNT)
def go(number: int) -> Any:
    """Tick this step, and lead to its page."""
    _only_in_the_demo()
    if number not in _offered():
        raise NotFound("The tour has no such step for you. Go back to the tour.")
    session["tour"] = seen_after(_seen(), number)
    page = STEPS[number - 1].page
    endpoint, anchor = PLACES[page]
    reference = None if page in WITHOUT_CASE else PERSON
    return redirect(url_for(endpoint, reference=reference, _anchor=anchor), 303)


def _only_in_the_demo() -> None:
    if not current_instance().settings.is_demo:
        raise NotFound("There is no such page.")


def _seen() -> list[int]:
    kept = session.get("tour", [])
    return seen_after([one for one in kept if isinstance(one, int)], 0)


def _offered() -> list[int]:
    """The steps whose page this person may enter."""
    on_case = _is_on_the_case()
    return [
        number
        for number, step in enumerate(STEPS, 1)
        if can(PLACES[step.page][0]) and (on_case or step.page in WITHOUT_CASE)
    ]


def _is_on_the_case() -> bool:
    try:
        cases.get_case(PERSON, current_user)
    except NotFound:
        return False
    return True


def show_the_way(app: Flask) -> None:
    """Give every page of the demo the line that leads to the tour and on through it."""

    @app.context_processor
    def tour() -> dict[str, object]:
        if not current_instance().settings.is_demo or not current_user.is_authenticated:
            return {"tour": None}
        if request.blueprint in ("tour", "stall"):  # a visitor of the stall takes no tour
            return {"tour": None}
        offered, seen = _offered(), _seen()
        number = next_step(offered, seen)
        return {
            "tour": {"begun": bool(seen), "next": number, "title": STEPS[number - 1].title if number else ""}
        }

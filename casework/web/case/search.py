"""Search in one box: what is found, as a page and as somebody types. What was looked for stands in no address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_login import current_user

from casework.domain.case.search import Excerpt
from casework.domain.letters.correspondence import Kind
from casework.domain.safety.accounts import Action
from casework.domain.said import of_ours
from casework.domain.words import say
from casework.services.case import search
from casework.services.case.search import Found, Hit
from casework.services.case.search_seats import Person
from casework.services.letters import letter_pages
from casework.web.fields import line
from casework.web.forms import TypedForm
from casework.web.guards import allow, can
from casework.web.reading import known, shown

bp = Blueprint("search", __name__)

SOUNDS = "spelt in another way"
# The kinds of what is found, in their order, each with its tables.
GROUPS = (
    ("People", ("cases", "case_references", "case_places")),
    ("Supporters", ("sign_ups",)),
    ("Letters and answers", ("letters", "correspondence", "answer_maps", "answer_questions")),
    ("Notes", ("case_notes", "member_notes", "office_entries")),
    ("Visits and promises", ("surgery_visits", "follow_ups", "meetings", "meeting_plans")),
    ("Messages", ("messages",)),
    ("Plans and events", ("plan_parts", "plan_days", "plan_tasks", "case_needs", "case_events", "removals")),
)
SEATS = "MPs and constituencies"


class SearchForm(TypedForm):
    """What somebody looks for. It is sent in the body, so that it stands in no address, no log and no history."""

    q = line(
        "What do you look for?",
        hint="A name in any spelling, a number, an MP, or words of a letter or a note.",
        most=200,
        required="Type what you look for.",
        autocomplete="off",
        spellcheck="false",
        type="search",
    )

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Every error as (id of the field, sentence)."""
        return [("q", str(message)) for message in self.q.errors]


@dataclass(frozen=True)
class Line:
    """One thing that was found, as it is shown: where it leads, what it is called, whose it is, and a piece of it."""

    href: str
    title: str
    of: str = ""
    excerpt: Excerpt | None = None

    def as_data(self) -> dict[str, str]:
        """The same as the script takes it."""
        piece = self.excerpt or Excerpt("")
        return {
            "href": self.href,
            "title": shown(self.title),
            "of": shown(self.of),
            "before": piece.before,
            "found": piece.found,
            "after": piece.after,
        }


@dataclass(frozen=True)
class Group:
    """Everything of one kind that was found. `more` says that there is more of it than is shown."""

    title: str
    lines: list[Line]
    more: bool = False


@bp.route("/search", methods=["GET", "POST"])
@allow(Action.VIEW_CASE)
def index() -> Any:
    form = SearchForm()
    found: Found | None = None
    if form.validate_on_submit():
        found = search.find(form.q.data or "", current_user)
        search.note(current_user)
    groups = grouped(found) if found else []
    return render_template(
        "search/index.html",
        form=form,
        found=found,
        groups=groups,
        number=sum(len(group.lines) for group in groups),
    )


@bp.post("/search/as-typed")
@allow(Action.VIEW_CASE)
def as_typed() -> Any:
    """What is found by what stands in the box so far, in JSON, a few of each kind."""
    form = SearchForm()
    if not form.validate():
        return {"said": "", "groups": []}
    found = search.find(form.q.data or "", current_user, as_typed=True)
    search.note(current_user)
    groups = grouped(found, search.MOST_AS_TYPED)
    number = sum(len(group.lines) for group in groups)
    said = known(f"{number} found" if number else "Nothing found")
    return {
        "said": said,
        "heard": known(f"{number} found. Press the down arrow to go through them.") if number else said,
        "groups": [
            {"title": known(group.title), "lines": [one.as_data() for one in group.lines]} for group in groups
        ],
    }


def grouped(found: Found, most: int | None = None) -> list[Group]:
    """What was found in its kinds, without those of which there is nothing."""
    groups = []
    for title, sources in GROUPS:
        lines = [line_of(hit) for hit in found.hits if hit.source in sources]
        more = any(source in found.more for source in sources) or (most is not None and len(lines) > most)
        groups.append(Group(title, lines[:most], more))
    groups.insert(1, Group(SEATS, [_seat(one) for one in found.seats]))
    return [group for group in groups if group.lines]


def line_of(hit: Hit) -> Line:
    """One row that was found, as it is shown."""
    case = hit.case
    title = TITLES[hit.source](hit.row) if hit.source in TITLES else of_ours(WORDS[hit.source])
    of = ""
    if case is not None:
        name = "" if hit.source in ("cases", "case_references") else f"{case.person_name} · "
        of = f"{name}{case.reference}"
        of = say("{case} · closed", case=of) if case.closed_on else of
    if hit.sounds:
        of = _as_it_sounds(of)
    is_told = hit.part == 0 and hit.source in ("cases", "sign_ups")
    is_told = is_told or (hit.source == "letters" and not hit.excerpt.found)  # by its title alone
    return Line(_href(hit), title, of, None if is_told else hit.excerpt)


def _as_it_sounds(of: str) -> str:
    return say("{of} · {how}", of=of, how=of_ours(SOUNDS)) if of else of_ours(SOUNDS)


def _seat(one: Person) -> Line:
    """An MP of today or of before, or a constituency."""
    constituency = one.constituency
    href = url_for("members.show", gss_code=constituency.gss_code)
    if one.term is None:
        return Line(href, constituency.name, _as_it_sounds("") if one.sounds else "")
    sits, sat = (
        say("MP for {name}", name=constituency.name),
        say("was the MP for {name}", name=constituency.name),
    )
    of = sits if one.sits else sat
    return Line(href, one.term.member.name, _as_it_sounds(of) if one.sounds else of)


def _letter(row: Any) -> str:
    template = letter_pages.letters().templates.get(row.template)
    title = of_ours(template.title if template else "Letter")
    return say("{title}: {name}", title=title, name=row.member_name) if row.member_name else title


# What a row is called by itself, by its table; and by what stands in it.
WORDS = {
    "answer_maps": "An answer, read closely",
    "answer_questions": "A question to an answer",
    "case_notes": "Note",
    "case_places": "Place",
    "case_events": "Something that happened",
    "removals": "Removal",
    "plan_parts": "The plan",
    "plan_days": "A day of the plan",
    "plan_tasks": "Who does what",
    "case_needs": "Something that is needed",
    "messages": "Message to supporters",
    "follow_ups": "Promise",
}
TITLES: dict[str, Callable[[Any], str]] = {
    "cases": lambda row: row.person_name,
    "case_references": lambda row: row.case.person_name,
    "sign_ups": lambda row: row.supporter.name,
    "letters": _letter,
    "correspondence": lambda row: of_ours(Kind(row.kind).words),
    "member_notes": lambda row: say("Note on {name}", name=row.member_name),
    "office_entries": lambda row: say("The office of {name}", name=row.member_name),
    "surgery_visits": lambda row: say("Surgery visit: {name}", name=row.member_name),
    "meetings": lambda row: say("Meeting with {name}", name=row.member_name),
    "meeting_plans": lambda row: row.name,
}
# Where a row is shown: the endpoint, and what its address takes besides the case.
DOORS: dict[str, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    "cases": ("cases.show", lambda row: {}),
    "case_references": ("cases.show", lambda row: {"_anchor": "person"}),
    "case_places": ("cases.show", lambda row: {"_anchor": "places"}),
    "case_notes": ("cases.show", lambda row: {"_anchor": "notes"}),
    "sign_ups": ("supporters.edit_supporter", lambda row: {"supporter_id": row.supporter_id}),
    "letters": ("letters.edit_letter", lambda row: {"letter_id": row.id}),
    "correspondence": ("correspondence.show", lambda row: {"paper_id": row.id}),
    "answer_maps": ("answers.show", lambda row: {"paper_id": row.correspondence_id}),
    "answer_questions": ("answers.show", lambda row: {"paper_id": row.map.correspondence_id}),
    "member_notes": ("members.show", lambda row: {"gss_code": row.gss_code, "_anchor": "memory"}),
    "office_entries": ("members.show", lambda row: {"gss_code": row.gss_code, "_anchor": "memory"}),
    "surgery_visits": ("surgeries.show", lambda row: {"visit_id": row.id}),
    "follow_ups": ("surgeries.follow_up", lambda row: {"follow_up_id": row.id}),
    "meeting_plans": ("meeting_plans.show", lambda row: {"plan_id": row.id}),
    "meetings": ("meeting_plans.show", lambda row: {"plan_id": row.plan_id}),
    "messages": ("messages.show", lambda row: {"message_id": row.id}),
    "plan_parts": ("plans.show", lambda row: {}),
    "plan_days": ("plans.show", lambda row: {}),
    "plan_tasks": ("plans.tasks", lambda row: {}),
    "case_needs": ("needs.index", lambda row: {}),
    "case_events": ("events.show", lambda row: {"event_id": row.id}),
    "removals": ("removals.show", lambda row: {"removal_id": row.id}),
}


def _href(hit: Hit) -> str:
    endpoint, given = DOORS[hit.source]
    values = given(hit.row)
    if hit.case is not None:
        values["reference"] = hit.case.reference
    if endpoint == "supporters.edit_supporter" and not can(endpoint):
        return url_for("supporters.index", reference=values["reference"])
    return url_for(endpoint, **values)

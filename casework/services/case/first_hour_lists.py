"""The page of the first hour as rows: where somebody is, the dates, who can act, who does what, what is open."""

from casework import clock
from casework.domain.case.intake import FINDINGS, TO_TAKE_ON, Finding
from casework.domain.case.places import held_on, home_on
from casework.domain.case.tasks import WITH_MPS
from casework.domain.consent.telling_mps import Word
from casework.domain.dates import spoken
from casework.services.case import finding_out, task_owners
from casework.services.case.case_places import closed_by_our_list, place_label
from casework.services.language import languages
from casework.services.parliament import members
from casework.services.parliament.directory import constituency_name
from casework.services.parliament.members import WhoCanAct
from casework.services.timing import deadlines, removal_dates, removals
from casework.storage.models import Case, CasePlace

NOT_KNOWN = "not known yet"
NOBODY = "nobody yet"
NO_FIRST_DAY = "There is a notice. The first day cannot be counted yet: take it that it can be soon"


def rows(case: Case) -> list[tuple[str, str]]:
    """What it says, line by line: what, and how it stands. Nothing of what is hidden from some goes in."""
    who = members.who_can_act(case, clock.today())
    return [
        *_removal(case),
        *_flight(case),
        *_person(case),
        *_dates(case),
        *_who_can_act(who),
        *_who_does_what(case, who.word),
        *((one.what, one.why) for one in _still_open(case)),
    ]


def _person(case: Case) -> list[tuple[str, str]]:
    today = clock.today()
    open_to_all = [place for place in case.places if not place.hidden]
    held = next(iter(held_on(open_to_all, today)), None)
    home = home_on(open_to_all, today)
    since = f", since {spoken(held.since, weekday=True)}" if held and held.since else ""
    found = [
        ("Held at", f"{place_label(held)}{since}{_doubt(held)}" if held else NOT_KNOWN),
        ("Home", "\n".join(filter(None, (place_label(home), home.postcode))) if home else NOT_KNOWN),
        ("Language", case.languages or NOT_KNOWN),
        ("Lawyer", finding_out.lawyer_in_words(case)),
    ]
    if languages.english_only_for(case.languages or ""):
        found.append(
            ("Form to sign", "in English only: we have none in their language. Take an interpreter.")
        )
    if case.urgency:
        found.append(("Cannot wait", case.urgency))
    return found


def _doubt(held: CasePlace) -> str:
    """That nobody may be held there, on a line of its own."""
    doubt = closed_by_our_list(held.place_id)
    return f"\n{doubt} Look whether this is right." if doubt else ""


def _removal(case: Case) -> list[tuple[str, str]]:
    """That there is a notice, and from which day it lets a removal happen: the earlier of our count and its paper's."""
    row, notices = removals.running(case), removal_dates.open_notices(case)
    if not notices and not (row and (row.notice_given_on or row.correspondence_id)):
        return []
    given = row.notice_given_on if row else None
    lines = [f"Notice given on {spoken(given, weekday=True)}"] if given else []
    first, is_guess = removal_dates.first_day(case, row)
    if first is None:
        return [("Removal", "\n".join((*lines, NO_FIRST_DAY)))]
    also = ", if departure details have also been given" if removals.needs_details(row) else ""
    unsure = ", as far as we know" if is_guess else ""
    lines.append(f"Possible from {spoken(first, weekday=True)}{also}{unsure}")
    for one in notices:
        if one.earliest_on and one.earliest_on > first:
            lines.append(f"By our own count from {spoken(one.earliest_on, weekday=True)}")
        stated = removal_dates.stated_first(one, row)
        if stated:
            lines.append(f"The paper gives {spoken(stated, weekday=True)}")
    return [("Removal", "\n".join(lines))]


def _flight(case: Case) -> list[tuple[str, str]]:
    row = removals.running(case)
    if row is None or row.departs_on is None:
        return []
    hour = f", {row.departs_at}" if row.departs_at else ""
    where = "\n".join(filter(None, (row.flight, row.airline, row.airport, row.destination)))
    return [("The flight", f"{spoken(row.departs_on, weekday=True)}{hour}\n{where}")]


def _dates(case: Case) -> list[tuple[str, str]]:
    found = []
    for entry in deadlines.for_case(case):
        day = entry.aim or entry.final
        if day and not entry.is_removal:
            last = f"\nLast day: {spoken(entry.final, weekday=True)}" if entry.final else ""
            found.append((entry.title, f"Aim for {spoken(day, weekday=True)}{last}"))
    return found[:6]


def _who_can_act(who: WhoCanAct) -> list[tuple[str, str]]:
    """The first MPs; after a no of the person first that nobody goes to them."""
    found = [
        (
            one.seat.member.name,
            f"MP for {constituency_name(one.gss_code)}: {one.standing.connection.value}",
        )
        for one in who
        if one.seat.member
    ][:4]
    return [("MPs", who.word.beside_a_step), *found] if who.word.refuses else found


def _who_does_what(case: Case, word: Word) -> list[tuple[str, str]]:
    """What is to be done and by whom; after a no of the person why nobody goes to an MP, in place of a name."""
    names = task_owners.names(case)
    done = {"asked": word is Word.YES, "find_out": not _still_open(case)}
    return [
        (words, word.beside_a_step if word.refuses and key in WITH_MPS else names.get(key, NOBODY))
        for key, words in TO_TAKE_ON.items()
        if not done.get(key)
    ]


def _still_open(case: Case) -> list[Finding]:
    return [FINDINGS[one.key] for one in finding_out.in_case(case) if one.is_open]

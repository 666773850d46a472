"""The person's own view: what is held about them, what they agreed to, what went to whom, and who has looked."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework import clock
from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.case.places import PLACE_WORDS
from casework.domain.consent.campaign_consent import HOW_GIVEN, ITEM_WORDS
from casework.domain.consent.consent import SCOPE, State, withheld_words
from casework.domain.consent.own_view import counted, day_of, some_days, to_you
from casework.domain.consent.publicity import Level
from casework.domain.dates import spoken
from casework.domain.letters.letter_values import OwnLine
from casework.domain.timing.deadline_rules import RECOVERY
from casework.domain.timing.deadline_rules import Kind as DateKind
from casework.domain.timing.diary import DiaryEntry
from casework.services.campaign import plans, signing, supporters
from casework.services.case import finding_out
from casework.services.case.case_places import place_label
from casework.services.case.timeline import EventSource, timeline
from casework.services.consent import campaign_consent, consent
from casework.services.consent.own_view_links import BY_LINK
from casework.services.consent.went_out import went_out
from casework.services.letters.correspondence import list_papers
from casework.services.safety import audit, retention_coming
from casework.services.timing import diary
from casework.services.timing.removals import list_removals
from casework.storage.database import db
from casework.storage.models import (
    AuditEvent,
    Authority,
    CampaignConsent,
    Case,
    CasePlace,
    Removal,
    User,
)

READ = "own view: read by its link"
# Lines of the trail that tell of no change, as they are said to the person. All others are changes.
LOOKED, COPIED, TOOK_OUT, CHANGED = (
    "looked on",
    "made your copy on",
    "took out a file on",
    "changed something on",
)
SAID = {
    audit.LOOK: LOOKED,
    READ: LOOKED,
    "number read, to ring it": LOOKED,
    "copy for the person made": COPIED,
    "case exported": TOOK_OUT,
    "list for a message taken out": TOOK_OUT,
    "list of supporters taken out": TOOK_OUT,
    "rows of a sheet taken out": TOOK_OUT,
    "table taken out": TOOK_OUT,
}
IN_ORDER = (CHANGED, COPIED, TOOK_OUT, LOOKED)
STATES = {State.NOT_YET: "not in force yet", State.ENDED: "ended", State.IN_FORCE: "in force today"}
_SECTION = re.compile(r" \(section [^)]*\)")  # a law by its number says nothing to most people


@dataclass(frozen=True)
class OwnView:
    """Four lists in plain words. A line without a group belongs to the whole list."""

    held: tuple[OwnLine, ...]
    agreed: tuple[OwnLine, ...]
    went: tuple[OwnLine, ...]
    looked: tuple[OwnLine, ...]


def own_view(case: Case, titles: Mapping[str, str], their_own: Collection[str]) -> OwnView:
    """The view as it stands today. `titles` are those of the kinds of letter; `their_own` go to the person alone."""
    return OwnView(
        tuple(line for line in _held(case) if line.value),
        tuple(_agreed(case)),
        tuple(went_out(case, titles, their_own)),
        tuple(_looked(case)),
    )


def _held(case: Case) -> Iterator[OwnLine]:
    you = "About you"
    yield OwnLine(you, "The name you use", case.name_used or "")
    yield OwnLine(you, "Full name, as the Home Office has it", case.official_name or "")
    yield OwnLine(you, "Other names", case.other_names or "")
    yield OwnLine(you, "Date of birth", day_of(case.date_of_birth))
    yield OwnLine(you, "Nationality", case.nationality or "")
    yield OwnLine(you, "Languages", case.languages or "")
    yield OwnLine(you, "Interpreter", case.interpreter or "")
    yield OwnLine(you, "She, he or they", case.pronouns or "")
    yield OwnLine(you, "How to reach you safely", case.safe_contact or "")
    yield OwnLine(you, "What is urgent", case.urgency or "")
    lawyer = (case.representative_name, case.representative_firm, case.representative_contact)
    named = case.representative_name or case.representative_firm or not case.representative_contact
    words = ", ".join(filter(None, lawyer)) if named else finding_out.lawyer_in_words(case)
    yield OwnLine(you, "Your lawyer", words)
    for row in case.references:
        yield OwnLine("Your numbers", REFERENCE_KINDS[row.kind].label, row.value)
    for place in case.places:
        yield OwnLine("Where you lived or were held", *_place(place))
    for removal in list_removals(case):
        yield from _removal(removal)
    for entry in diary.open_entries_of(case):
        yield OwnLine("Dates that we watch", _SECTION.sub("", entry.title), _when(entry))
    for event in timeline(case):
        if event.source is not EventSource.NOTE:
            told = ": ".join(filter(None, (event.words, event.detail)))
            yield OwnLine("What has happened", day_of(event.on), told)
    yield OwnLine(
        "Besides", "Our own notes", counted(len(case.notes), "note", ": ask, and we read them with you")
    )
    number, writing = supporters.count_of(case), supporters.writing(case)
    helpers = counted(number, "person", " on the list", "people")
    helpers = helpers if writing == number else f"{writing} of {helpers}"
    yield OwnLine("Besides", "Supporters who offered to write", helpers)
    scans = sum(bool(row.scan_sha256) for row in list_papers(case))
    yield OwnLine("Besides", "Scans of letters", counted(scans, "scan"))
    yield from signing.own_lines(case)
    yield from plans.own_lines(case)
    yield from retention_coming.own_lines(case)


def _place(row: CasePlace) -> tuple[str, str]:
    where = dict.fromkeys((place_label(row), *(row.address or "").splitlines(), row.postcode, row.room))
    days = (("from", row.since), ("until", row.until))
    told = [f"{word} {spoken(day)}" for word, day in days if day]
    what = PLACE_WORDS[row.kind].partition(":")[0].partition(",")[0]  # type: ignore[index]
    return what, ", ".join(filter(None, (*where, *told)))


def _removal(row: Removal) -> Iterator[OwnLine]:
    group = "Removal"
    yield OwnLine(group, "Notice given", day_of(row.notice_given_on))
    flight = (row.flight, row.airline, row.airport, row.route, row.destination)
    yield OwnLine(group, "Flight", ", ".join(filter(None, flight)))
    yield OwnLine(group, "Leaves", " at ".join(filter(None, (day_of(row.departs_on), row.departs_at))))
    yield OwnLine(group, "Name on the booking", row.booked_name or "")
    yield OwnLine(group, "How it ended", row.ended_as or "")


def _agreed(case: Case) -> Iterator[OwnLine]:
    yield from _asked(case)
    for form in consent.list_authorities(case):
        yield from _under("Form of authority", f"signed on {day_of(form.signed_on)}", _authority(form))
    now = campaign_consent.in_force_id(case, clock.today())
    rows = campaign_consent.papers(case)
    for number, row in zip(range(len(rows), 0, -1), rows, strict=True):
        in_force = row.id == now
        which = f"number {number}, given on {day_of(row.given_on)}"
        yield from _under("Campaign consent", which, _campaign(row, in_force=in_force))


def _when(entry: DiaryEntry) -> str:
    """The days of a date as the team sees them, in words for the person: never only the later of two."""
    if entry.final is None or entry.aim is None:
        return "we do not know the day yet"
    aim, final = day_of(entry.aim), day_of(entry.final)
    if entry.in_window(clock.today()) or entry.kind is DateKind.NOTICE_PERIOD:
        paper = f"; the paper gives {day_of(entry.stated_on)}" if entry.stated_on else ""
        if entry.stated_on and entry.earliest_on and entry.stated_on < entry.earliest_on:
            paper += f", and we counted {day_of(entry.earliest_on)}"
        first = day_of(max(entry.aim, clock.today())) if entry.in_window(clock.today()) else aim
        if entry.words == RECOVERY:
            return f"unless the conclusive decision comes later, they may act from {first}{paper}"
        return f"they may act from {first}{paper}"
    return f"we aim for {aim}; the last moment is {final}" if entry.has_two_days else final


def _under(group: str, which: str, told: Iterable[tuple[str, str]]) -> Iterator[OwnLine]:
    return (OwnLine(group, label, value, which) for label, value in told)


def _authority(form: Authority) -> Iterator[tuple[str, str]]:
    state = consent.state_on(form, clock.today())
    yield "Today", STATES.get(state) or f"taken back on {day_of(form.withdrawn_on)}"
    yield "It lets an MP", "; ".join(to_you(words) for key, words in SCOPE.items() if key in form.scope)
    if form.supporters:
        yield "It names", form.supporters
    if form.withheld:
        yield "Nobody may tell", "; ".join(withheld_words(form.withheld))


def _campaign(row: CampaignConsent, *, in_force: bool) -> Iterator[tuple[str, str]]:
    over = f"taken back on {day_of(row.withdrawn_on)}" if row.withdrawn_on else "not in force any more"
    yield "Today", "in force" if in_force else over
    yield "Who may know", f"{to_you(Level(row.level).words)} (level {row.level})"
    items = [to_you(words) for kind, words in ITEM_WORDS.items() if kind in row.items]
    yield "You said yes to", "; ".join(items) or "none of the nine items"
    yield "Until", day_of(row.ends_on) or "no day is named"
    yield "Explained by", ", ".join(filter(None, (row.explained_by, row.language)))
    yield "How", HOW_GIVEN.get(row.how_given, row.how_given)


def _asked(case: Case) -> Iterator[OwnLine]:
    if case.asked_about_mps_on is None:
        return
    group = "Whether MPs may hear of you"
    yield OwnLine(
        group, day_of(case.asked_about_mps_on), "You said yes" if case.agreed_to_mps else "You said no"
    )
    if case.limits_on_mps:
        yield OwnLine(group, "Your limits", case.limits_on_mps)


def _looked(case: Case) -> Iterator[OwnLine]:
    """Everybody in the trail of the case, with the days they looked or changed something; the latest comes first.

    They stand there by first name and role: so the person knows them, and a paper that is found gives no volunteer's
    whole name away. The trail itself has it, and an organiser can tell it.
    """
    asked = select(AuditEvent.user_id, AuditEvent.user_name, AuditEvent.action, AuditEvent.at)
    rows = db.session.execute(asked.where(AuditEvent.case_id == case.id).order_by(AuditEvent.id.desc())).all()
    names = _first_names({row.user_id for row in rows if row.user_id is not None})
    days: dict[str, dict[str, dict[date, None]]] = {}
    for row in rows:
        name = names.get(row.user_id) or _nobody(row.user_name, row.action)
        found = days.setdefault(name, {did: {} for did in IN_ORDER})
        found[SAID.get(row.action, CHANGED)][clock.day_of(row.at)] = None
    for name, found in days.items():
        yield OwnLine("", name, "; ".join(f"{did} {some_days(on)}" for did, on in found.items() if on))


def _nobody(name: str, action: str) -> str:
    """Who did what nobody did who has an account. Supporters have links too, by which they stop."""
    if name != BY_LINK:
        return name
    return "You, or whoever else had your link" if action == READ else "Whoever had a supporter’s link"


def _first_names(ids: Collection[int]) -> dict[int, str]:
    """How each of the team is named to the person: "Ruth, organiser", or "Ruth E., organiser" beside another Ruth."""
    users = db.session.scalars(select(User).where(User.id.in_(ids))).all()
    short = {user.id: f"{user.name.split()[0]}, {user.role}" for user in users if user.name.split()}
    twice = {name for name in short.values() if list(short.values()).count(name) > 1}
    for user in users:
        if short.get(user.id) in twice:
            parts = user.name.split()
            initial = f" {parts[-1][0]}." if len(parts) > 1 else ""
            short[user.id] = f"{parts[0]}{initial}, {user.role}"
    return short

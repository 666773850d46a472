"""The person's own view: what is held about them, what they agreed to, what went to whom, and who has looked."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from casework import clock
from casework.domain.batches import LetterState
from casework.domain.campaign_consent import HOW_GIVEN, ITEM_WORDS
from casework.domain.cases import REFERENCE_KINDS
from casework.domain.consent import SCOPE, State, withheld_words
from casework.domain.correspondence import Kind as PaperKind
from casework.domain.dates import spoken
from casework.domain.deadline_rules import Kind as DateKind
from casework.domain.diary import DiaryEntry
from casework.domain.go_bags import Ended
from casework.domain.letter_values import OwnLine
from casework.domain.messages import Means
from casework.domain.places import PLACE_WORDS
from casework.domain.publicity import Audience, Kind, Level
from casework.services import (
    audit,
    campaign_consent,
    consent,
    diary,
    need_to_know,
    plans,
    retention_coming,
    signing,
    supporters,
)
from casework.services.case_places import place_label
from casework.services.correspondence import list_papers
from casework.services.directory import member_name_on
from casework.services.own_view_links import BY_LINK
from casework.services.removals import list_removals
from casework.services.timeline import EventSource, timeline
from casework.storage.database import db
from casework.storage.models import (
    AuditEvent,
    Authority,
    Batch,
    BatchLetter,
    CampaignConsent,
    Case,
    CasePlace,
    Correspondence,
    GoBag,
    Letter,
    Message,
    Pack,
    Removal,
    User,
)

DAYS_NAMED = 5
ONLY_LOOKED = (audit.LOOK, "own view: read by its link")
BY_NOBODY = {BY_LINK: "You, or whoever else had your link"}
STATES = {State.NOT_YET: "not in force yet", State.ENDED: "ended", State.IN_FORCE: "in force today"}
TO_YOU = {"them": "you", "they": "you", "their": "your", "me": "you", "I": "you", "my": "your"}
_ABOUT_THEM = re.compile(rf"\b(?:{'|'.join(TO_YOU)})\b")
_SECTION = re.compile(r" \(section [^)]*\)")  # a law by its number says nothing to most people
# What a page or paper of it says at its end. It tells nobody to do anything about their case.
RIGHTS = (
    "Is something wrong? Tell anybody in the group. They put it right, and this page shows it.",
    "Do you want less to be told, or nothing? Say so, in any way, for no reason. It works at once.",
    "You can have a copy of all of this, and you can ask us to delete it.",
    "Are you not content with us? Complain to the group first, so that we can mend it. You can also complain to the "
    "Information Commissioner’s Office (ico.org.uk). It costs nothing.",
)


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
        tuple(_went(case, titles, their_own)),
        tuple(_looked(case)),
    )


def _held(case: Case) -> Iterator[OwnLine]:
    you = "About you"
    yield OwnLine(you, "The name you use", case.name_used or "")
    yield OwnLine(you, "Full name, as the Home Office has it", case.official_name or "")
    yield OwnLine(you, "Other names", case.other_names or "")
    yield OwnLine(you, "Date of birth", _day(case.date_of_birth))
    yield OwnLine(you, "Nationality", case.nationality or "")
    yield OwnLine(you, "Languages", case.languages or "")
    yield OwnLine(you, "Interpreter", case.interpreter or "")
    yield OwnLine(you, "She, he or they", case.pronouns or "")
    yield OwnLine(you, "How to reach you safely", case.safe_contact or "")
    yield OwnLine(you, "What is urgent", case.urgency or "")
    lawyer = (case.representative_name, case.representative_firm, case.representative_contact)
    yield OwnLine(you, "Your lawyer", ", ".join(filter(None, lawyer)))
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
            yield OwnLine("What has happened", _day(event.on), told)
    yield OwnLine(
        "Besides", "Our own notes", _count(len(case.notes), "note", ": ask, and we read them with you")
    )
    helpers = _count(supporters.count_of(case), "person", " on the list", "people")
    yield OwnLine("Besides", "Supporters who offered to write", helpers)
    scans = sum(bool(row.scan_sha256) for row in list_papers(case))
    yield OwnLine("Besides", "Scans of letters", _count(scans, "scan"))
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
    yield OwnLine(group, "Notice given", _day(row.notice_given_on))
    flight = (row.flight, row.airline, row.airport, row.route, row.destination)
    yield OwnLine(group, "Flight", ", ".join(filter(None, flight)))
    yield OwnLine(group, "Leaves", " at ".join(filter(None, (_day(row.departs_on), row.departs_at))))
    yield OwnLine(group, "Name on the booking", row.booked_name or "")
    yield OwnLine(group, "How it ended", row.ended_as or "")


def _agreed(case: Case) -> Iterator[OwnLine]:
    yield from _asked(case)
    for form in consent.list_authorities(case):
        yield from _under("Form of authority", f"signed on {_day(form.signed_on)}", _authority(form))
    now = campaign_consent.in_force_id(case, clock.today())
    rows = campaign_consent.papers(case)
    for number, row in zip(range(len(rows), 0, -1), rows, strict=True):
        in_force = row.id == now
        which = f"number {number}, given on {_day(row.given_on)}"
        yield from _under("Campaign consent", which, _campaign(row, in_force=in_force))


def _when(entry: DiaryEntry) -> str:
    """The days of a date as the team sees them, in words for the person: never only the later of two."""
    if entry.final is None or entry.aim is None:
        return "we do not know the day yet"
    aim, final = _day(entry.aim), _day(entry.final)
    if entry.in_window(clock.today()) or entry.kind is DateKind.NOTICE_PERIOD:
        paper = f"; the paper gives {_day(entry.stated_on)}" if entry.stated_on else ""
        first = _day(max(entry.aim, clock.today())) if entry.in_window(clock.today()) else aim
        return f"they may act from {first}{paper}"
    return f"we aim for {aim}; the last moment is {final}" if entry.has_two_days else final


def _under(group: str, which: str, told: Iterable[tuple[str, str]]) -> Iterator[OwnLine]:
    return (OwnLine(group, label, value, which) for label, value in told)


def _authority(form: Authority) -> Iterator[tuple[str, str]]:
    state = consent.state_on(form, clock.today())
    yield "Today", STATES.get(state) or f"taken back on {_day(form.withdrawn_on)}"
    yield "It lets an MP", "; ".join(_to_you(words) for key, words in SCOPE.items() if key in form.scope)
    if form.supporters:
        yield "It names", form.supporters
    if form.withheld:
        yield "Nobody may tell", "; ".join(withheld_words(form.withheld))


def _campaign(row: CampaignConsent, *, in_force: bool) -> Iterator[tuple[str, str]]:
    over = f"taken back on {_day(row.withdrawn_on)}" if row.withdrawn_on else "not in force any more"
    yield "Today", "in force" if in_force else over
    yield "Who may know", f"{_to_you(Level(row.level).words)} (level {row.level})"
    items = [_to_you(words) for kind, words in ITEM_WORDS.items() if kind in row.items]
    yield "You said yes to", "; ".join(items) or "none of the nine items"
    yield "Until", _day(row.ends_on) or "no day is named"
    yield "Explained by", ", ".join(filter(None, (row.explained_by, row.language)))
    yield "How", HOW_GIVEN.get(row.how_given, row.how_given)


def _asked(case: Case) -> Iterator[OwnLine]:
    if case.asked_about_mps_on is None:
        return
    group = "Whether MPs may hear of you"
    yield OwnLine(
        group, _day(case.asked_about_mps_on), "You said yes" if case.agreed_to_mps else "You said no"
    )
    if case.limits_on_mps:
        yield OwnLine(group, "Your limits", case.limits_on_mps)


def _went(case: Case, titles: Mapping[str, str], their_own: Collection[str]) -> Iterator[OwnLine]:
    """What left the house, the newest first: letters made here, and what was sent in another way."""
    rows = db.session.scalars(
        select(Letter).where(
            Letter.case_id == case.id, Letter.issued_at.is_not(None), Letter.discarded_at.is_(None)
        )
    )
    told = [
        _letter(row, titles.get(row.template, row.template))
        for row in rows
        if row.may_have_gone_out and row.template not in their_own
    ]
    batches = db.session.scalars(select(Batch).where(Batch.case_id == case.id)).all()
    of_batches = {one.correspondence_id for row in batches for one in row.bundles}
    told += [
        _sent(row)
        for row in list_papers(case)
        if not PaperKind(row.kind).comes_in and row.letter_id is None and row.id not in of_batches
    ]
    sent = select(Message).where(Message.case_id == case.id, Message.sent_on.is_not(None))
    told += [_message(row) for row in db.session.scalars(sent)]
    told += [line for row in batches for line in _batch(row, titles.get(row.template, row.template))]
    packs = db.session.scalars(select(Pack).where(Pack.case_id == case.id, Pack.audience != Audience.PERSON))
    told += [_pack(row) for row in packs if not need_to_know.holds_hidden(row)]
    bags = db.session.scalars(select(GoBag).where(GoBag.case_id == case.id))
    told += [_bag(row) for row in bags]
    for _, line in sorted(told, key=lambda one: one[0], reverse=True):
        yield line


def _letter(row: Letter, title: str) -> tuple[date, OwnLine]:
    on = row.sent_on or (clock.day_of(row.issued_at) if row.issued_at else date.min)
    to = row.member_name or row.facts.get("given_to")
    said = [title, f"to {to}" if to else ""]
    said += [f"signed by {row.facts['sender_name']}" if row.facts.get("sender_name") else ""]
    kinds = row.facts.get("told")
    said += [f"it tells: {', '.join(_to_you(Kind(kind).words) for kind in kinds)}" if kinds else ""]
    return on, OwnLine("", _day(on), "; ".join(filter(None, said)))


def _batch(row: Batch, title: str) -> Iterator[tuple[date, OwnLine]]:
    """What was made for many supporters, and what of it was handed over to each MP."""
    made = select(func.count()).where(BatchLetter.batch_id == row.id, BatchLetter.state == LetterState.MADE)
    number, kinds = db.session.scalar(made) or 0, ", ".join(_to_you(Kind(kind).words) for kind in row.told)
    if number:
        on = clock.day_of(row.made_at)
        yield on, OwnLine("", _day(on), f"{title}: {_count(number, 'letter', ' made')}; they tell: {kinds}")
    for one in row.bundles:
        if one.handed_over and one.handed_over_on:
            member = member_name_on(one.gss_code, one.handed_over_on)
            words = f"{_count(one.handed_over, 'letter')} handed over to {member}"
            yield one.handed_over_on, OwnLine("", _day(one.handed_over_on), words)


def _message(row: Message) -> tuple[date, OwnLine]:
    """What supporters were told in a mail or a text, or on the telephone."""
    on = row.sent_on or clock.day_of(row.made_at)
    kinds = ", ".join(_to_you(Kind(kind).words) for kind in row.told)
    rung = "was rung" if row.number == 1 else "were rung"
    how = {Means.CALL: rung, Means.TEXT: "got a text message", Means.EMAIL: "got an email"}
    who = _count(row.number or 0, "supporter") or "Supporters"
    return on, OwnLine("", _day(on), f"{who} {how[Means(row.means)]}; it tells: {kinds}")


def _pack(row: Pack) -> tuple[date, OwnLine]:
    on = clock.day_of(row.made_at)
    kinds = ", ".join(_to_you(Kind(kind).words) for kind in row.told)
    return on, OwnLine("", _day(on), f"A pack was made: {row.title}; it tells: {kinds}")


def _bag(row: GoBag) -> tuple[date, OwnLine]:
    """A copy that left the house in somebody's pocket, and what became of it."""
    on = clock.day_of(row.made_at)
    kinds = ", ".join(_to_you(Kind(kind).words) for kind in row.told)
    ended = f"; {Ended(row.ended_as).words.lower()}" if row.ended_as else "; it is out"
    return on, OwnLine(
        "", _day(on), f"An encrypted copy was taken along by {row.taken_by}; it tells: {kinds}{ended}"
    )


def _sent(row: Correspondence) -> tuple[date, OwnLine]:
    on = row.sent_on or row.dated or clock.day_of(row.recorded_at)
    said = (PaperKind(row.kind).words, f"to {row.recipient}" if row.recipient else "")
    return on, OwnLine("", _day(on), "; ".join(filter(None, said)))


def _looked(case: Case) -> Iterator[OwnLine]:
    """Everybody in the trail of the case, with the days they looked or changed something; the latest comes first.

    They stand there by first name and role: so the person knows them, and a paper that is found gives no volunteer's
    whole name away. The trail itself has it, and an organiser can tell it.
    """
    asked = select(AuditEvent.user_id, AuditEvent.user_name, AuditEvent.action, AuditEvent.at)
    rows = db.session.execute(asked.where(AuditEvent.case_id == case.id).order_by(AuditEvent.id.desc())).all()
    names = _first_names({row.user_id for row in rows if row.user_id is not None})
    days: dict[str, dict[bool, dict[date, None]]] = {}
    for row in rows:
        name = names.get(row.user_id) or BY_NOBODY.get(row.user_name, row.user_name)
        found = days.setdefault(name, {True: {}, False: {}})
        found[row.action in ONLY_LOOKED][clock.day_of(row.at)] = None
    for name, found in days.items():
        told = (("changed something on", found[False]), ("looked on", found[True]))
        yield OwnLine("", name, "; ".join(f"{did} {_some(on)}" for did, on in told if on))


def _some(days: Iterable[date]) -> str:
    """The latest of these days, and how many there are besides."""
    found = list(days)
    more = len(found) - DAYS_NAMED
    named = ", ".join(_day(day) for day in found[:DAYS_NAMED])
    return named + (f", and on {_count(more, 'day')} before" if more > 0 else "")


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


def _day(day: date | None) -> str:
    return spoken(day, weekday=True) if day else ""


def _to_you(words: str) -> str:
    """Words of ours about the person, or in their mouth, as they are said to them."""
    return _ABOUT_THEM.sub(lambda found: TO_YOU[found.group()], words)


def _count(number: int, one: str, after: str = "", many: str = "") -> str:
    """ "3 notes"; empty for none."""
    return f"{number} {one if number == 1 else many or one + 's'}{after}" if number else ""

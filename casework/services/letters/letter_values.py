"""What a letter is filled from: the case, the directory and the draft's own facts, as plain values."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from casework import clock
from casework.domain.case.cases import REFERENCE_KINDS
from casework.domain.case.places import detention_began, held_on
from casework.domain.case.postcodes import BadPostcode
from casework.domain.consent.publicity import ITEMS, Audience, may_say
from casework.domain.dates import spoken
from casework.domain.letters.letter_values import (
    HOME_OFFICE,
    Agreed,
    Authority,
    Group,
    Held,
    Home,
    LetterValues,
    MemberAddressed,
    Minister,
    Person,
    Recall,
    Reference,
    Removal,
    Representative,
    Visit,
    lines_of,
    named_from,
    sender_from,
)
from casework.domain.letters.letters import LetterTemplate
from casework.domain.safety.retention import Kept
from casework.domain.timing.removals import Carriage
from casework.services.case.case_places import place_label
from casework.services.case.homes import former_homes_seen, home_seen
from casework.services.consent import agreements, campaign_consent, consent
from casework.services.letters import letter_file
from casework.services.letters.letter_readers import addressed
from casework.services.parliament import ministers
from casework.services.parliament.answer_gaps import left_open
from casework.services.parliament.directory import directory
from casework.services.safety import groups
from casework.services.safety.retention_choices import chosen
from casework.services.timing import removal_dates, removals
from casework.storage.models import Authority as Paper
from casework.storage.models import Case, CasePlace, Deadline
from casework.storage.models import Removal as Attempt


def values_for(
    case: Case, template: LetterTemplate, gss_code: str | None, facts: dict[str, Any], today: date
) -> LetterValues:
    """Everything known today for this letter of this case. Nothing is guessed: what is not known is empty.

    It holds more than the letter may tell, so that what is taken out of it is known: see `services.letters.disclosure`.
    """
    home = home_seen(case, today)
    former = _former_home(case, gss_code, today)
    authority = consent.in_force(case, today, gss_code)
    return LetterValues(
        today=today,
        **{**person_of(case, today), "representative": _representative(case, facts)},
        former_home=_as_home(former),
        member=_reader(template, gss_code, today),
        reason=_reason(case, template, gss_code, former, today),
        home_member=_home_member(home, gss_code, today),
        home_member_says=letter_file.written_to_home_member(case, home, gss_code),
        own_words=facts.get("own_words") or "",
        own_ask=facts.get("own_ask") or "",
        sender=sender_from(facts),
        supporters=named_from(facts.get("named_supporters", "")),
        refusal=letter_file.refusal(case),
        authority=_authority(authority),
        group=_group(case),
        visit=letter_file.planned_visit(case, gss_code) if template.sheet else Visit(),
        recall=Recall(
            facts.get("recall_name") or "", tuple((facts.get("recall_address") or "").splitlines())
        ),
        recalled=letter_file.recalled(case, facts.get("recalls") or []),
        minister=_minister(template, gss_code, facts, today),
        on_file=letter_file.on_file(case, gss_code),
        agreed=_agreed(case, today),
        **left_open(case, facts.get("chases"), today),
    )


def person_of(case: Case, today: date) -> dict[str, Any]:
    """The values that tell who and where the person is, and how they may be removed: what a text is looked through for.

    The lawyer is among them; their address is known to a letter alone.
    """
    return {
        "person": _person(case),
        "references": tuple(Reference(REFERENCE_KINDS[row.kind].label, row.value) for row in case.references),
        "detained_at": _held(case, today),
        "home": _as_home(home_seen(case, today)),
        "representative": _representative(case, {}),
        "removal": _removal(case),
    }


def _representative(case: Case, facts: dict[str, Any]) -> Representative:
    return Representative(
        case.representative_name or "",
        case.representative_firm or "",
        "",
        case.representative_contact or "",
        lines_of(facts.get("lawyer_address")),
    )


def _reader(template: LetterTemplate, gss_code: str | None, today: date) -> MemberAddressed:
    """The member to whom it goes; a minister is written to at the Home Office and by the post."""
    member = addressed(gss_code, today)
    held = ministers.minister(gss_code, today) if template.to == "minister" else None
    return replace(member, office_lines=(held.post, *HOME_OFFICE)) if held else member


def _minister(template: LetterTemplate, gss_code: str | None, facts: dict[str, Any], today: date) -> Minister:
    """The post of the reader: of a minister who is written to, or of the signer's own MP who is one too."""
    held = ministers.minister(gss_code, today) if template.to in ("minister", "own_member") else None
    if held is None:
        return Minister()
    is_own = template.to == "own_member" or gss_code == _seat_of_sender(facts)
    return Minister(held.post, held.fact.when, facts.get("minister_checked") or "", is_own)


def _seat_of_sender(facts: dict[str, Any]) -> str | None:
    """The constituency of whoever signs, where their postcode leaves no doubt."""
    try:
        seat = directory().lookup(facts.get("sender_postcode") or "").constituency
    except BadPostcode:
        return None
    return seat.gss_code if seat else None


def _agreed(case: Case, today: date) -> Agreed:
    paper = campaign_consent.in_force(case, today)
    if paper is None:
        return Agreed()
    agreement = agreements.agreement_on(case, today)
    return Agreed(
        paper.given_on,
        str(int(paper.level)),
        paper.level.words,
        items=tuple(str(item) for item in ITEMS if item in paper.items),
        public=tuple(str(item) for item in ITEMS if may_say(item, Audience.PUBLIC, agreement)),
    )


def _authority(row: Paper | None) -> Authority:
    return Authority(row.signed_on, row.ends_on, "complain" in row.scope) if row else Authority()


def _person(case: Case) -> Person:
    return Person(
        name=case.name_used or case.official_name or "",
        official_name=case.official_name or "",
        other_names=case.other_names or "",
        born=case.date_of_birth,
        nationality=case.nationality or "",
        languages=case.languages or "",
        interpreter=case.interpreter or "",
        pronouns=case.pronouns or "",
    )


def _held(case: Case, today: date) -> Held:
    stays = [row for row in held_on(case.places, today) if not row.is_unknown]
    if not stays:
        return Held()
    now = stays[0]
    began = detention_began(case.places, today)
    return Held(
        name=_held_at(now),
        lines=tuple((now.address or "").splitlines()),
        since=now.since,
        first_since=began if began != now.since else None,
        room=now.room or "",
    )


def _held_at(row: CasePlace) -> str:
    """The name of the place as a letter sets it, with a printer's apostrophe."""
    return place_label(row).replace("'", "’")


def _as_home(row: CasePlace | None) -> Home:
    if row is None:
        return Home()
    lines = lines_of(row.address)
    last = f"{lines[-1]} {row.postcode}" if lines and row.postcode else row.postcode or ""
    shown = (*lines[:-1], last) if row.postcode else lines
    return Home(lines=shown, area=_area(row), since=row.since, until=row.until)


def _area(row: CasePlace) -> str:
    """What to call the place in a sentence: the town that ends its address, else its constituency."""
    parts = [part.strip() for part in re.split(r"[\n,]", row.address or "") if part.strip()]
    if len(parts) > 1 and not any(sign.isdigit() for sign in parts[-1]):
        return parts[-1]
    return directory().constituency(row.gss_code).name if row.gss_code else ""


def _former_home(case: Case, gss_code: str | None, today: date) -> CasePlace | None:
    """The newest former home in this MP's constituency; without one, the newest of all."""
    before = former_homes_seen(case, today)
    here = [row for row in before if row.gss_code == gss_code]
    return next(iter(here or before), None)


def _reason(
    case: Case, template: LetterTemplate, gss_code: str | None, former: CasePlace | None, today: date
) -> str:
    """Why this MP, in a sentence; empty where the letter's own words say it."""
    name = case.name_used or case.official_name or ""
    if template.to == "detention_member":
        held = [row for row in held_on(case.places, today) if row.gss_code == gss_code]
        if held:
            since = f" since {spoken(held[0].since)}" if held[0].since else ""
            return f"{name} has been held at {_held_at(held[0])}, in your constituency,{since}".rstrip(",")
    if template.to == "former_home_member" and former and former.gss_code == gss_code and former.until:
        since = f" from {spoken(former.since)}" if former.since else ""
        lived = f"{name} lived in {_area(former)}{since} until {spoken(former.until)}"
        return f"{lived}, and many of us here know {name} well"
    return ""


def _home_member(home: CasePlace | None, gss_code: str | None, today: date) -> str:
    if home is None or home.gss_code is None or home.gss_code == gss_code:
        return ""
    return addressed(home.gss_code, today).address_as


def _removal(case: Case) -> Removal:
    """What is known of the removal that may still happen; empty when there is none."""
    attempt, notices = removals.running(case), removal_dates.open_notices(case)
    leaves = attempt.departs_on if attempt else None
    if not notices and leaves is None:
        return Removal()
    to_come = leaves if leaves and leaves >= clock.today() else None
    first, is_guess = removal_dates.first_day(case, attempt)
    earliest = min((day for day in (first, to_come) if day), default=None)
    known = Removal(
        notice_on=attempt.notice_given_on if attempt else _given_on(notices[0]),
        earliest=earliest,
        is_unsure=is_guess and earliest == first,
        needs_details=earliest is not None and removals.needs_details(attempt),
        has_begun=earliest is not None and earliest <= clock.today(),
        leaves_on=to_come,
        is_sooner=bool(earliest and to_come and earliest < to_come),
        at=removals.flight_moment(attempt) if attempt and to_come else None,
    )
    return _booked(known, attempt) if attempt else known


def _booked(known: Removal, attempt: Attempt) -> Removal:
    return replace(
        known,
        flight=attempt.flight or "",
        destination=attempt.destination or "",
        booked_name=attempt.booked_name or "",
        airline=attempt.airline or "",
        airport=attempt.airport or "",
        route=attempt.route or "",
        carriage=Carriage(attempt.carriage).words if attempt.carriage else "",
        is_charter=attempt.carriage == Carriage.CHARTER,
    )


def _given_on(notice: Deadline) -> date | None:
    return None if removal_dates.is_guessed(notice) else notice.event_on


def without_flight(case: Case, values: LetterValues) -> LetterValues:
    """The values for the words of a paper that supporters hold, or that is public: no flight, nor its day and hour."""
    first, is_guess = removal_dates.first_day(case, removals.running(case))
    removal = Removal(notice_on=values.removal.notice_on, earliest=first, is_unsure=is_guess)
    return replace(values, removal=removal)


def _group(case: Case) -> Group:
    return Group(groups.name_of(case.group_id), keeps_months=chosen(Kept.SUPPORTER).length)

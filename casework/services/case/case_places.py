"""Where the person lived and is held: places added, put right and taken off, and the constituency of each."""

from dataclasses import dataclass
from datetime import date

from casework.domain.case.places import PlaceKind, Stay
from casework.domain.case.postcodes import parse_partial
from casework.domain.consent.need_to_know import Hidden
from casework.domain.dates import spoken
from casework.domain.errors import CaseworkError, NotFound, OutOfDate
from casework.domain.parliament.directory import PlaceOfDetention
from casework.domain.safety.bins import BinKind
from casework.domain.said import on_day
from casework.domain.words import say
from casework.services import saving
from casework.services.case import detention
from casework.services.consent import need_to_know
from casework.services.parliament.directory import directory
from casework.services.safety import audit, bins
from casework.services.timing.effects import Answers, Effects
from casework.storage.database import db
from casework.storage.models import Case, CasePlace, Supporter, User

# What a list of places of detention says for one that is not in it.
TYPED = "typed"


@dataclass(frozen=True)
class NewPlace:
    """A place as somebody typed it. A postcode that nobody knows never stops a case being opened."""

    kind: PlaceKind
    place_id: str | None = None
    name: str | None = None
    address: str | None = None
    postcode: str | None = None
    since: date | None = None
    until: date | None = None
    room: str | None = None
    hidden: Hidden | None = None


def add_place(case: Case, place: NewPlace, actor: User, answers: Answers | None = None) -> CasePlace:
    """Add a place where the person lived or is held, with the dates that a detention starts or its end ends.

    `answers` are those of somebody who saw which dates change.
    """
    row = put_place(case, place, actor, Effects(case, actor, answers or Answers()))
    db.session.commit()
    return row


def put_place(case: Case, place: NewPlace, actor: User, effects: Effects) -> CasePlace:
    """The same without saving it yet. Where somebody is held takes the place of "we do not know where"."""
    row = located(place)
    if unknown := _now_known(case, row):
        _put(unknown, row)
        row = unknown
    else:
        case.places.append(row)
    db.session.flush()
    need_to_know.hide(case, row, place.hidden, actor)
    audit.record("place added", actor, case, place=row.id, kind=row.kind)
    detention.follow_places(effects, row if row.kind == PlaceKind.DETENTION else None)
    return row


def change_place(
    case: Case,
    place_id: int,
    place: NewPlace,
    version: int,
    actor: User,
    answers: Answers | None = None,
) -> CasePlace:
    """Correct a place; its constituency is found anew when the postcode or the place itself changed.

    Raises OutOfDate when somebody saved it since this version was read. `answers` are those of somebody who saw
    which dates change.
    """
    row = put_place_right(case, place_id, place, version, actor, Effects(case, actor, answers or Answers()))
    saving.commit(saving.CASE_CHANGED)
    return row


def put_place_right(
    case: Case, place_id: int, place: NewPlace, version: int, actor: User, effects: Effects
) -> CasePlace:
    """The same without saving it yet."""
    row = get_place(case, place_id)
    if row.version != version:
        raise OutOfDate(
            f"Somebody else saved this place while you were typing: {place_label(row)}, "
            f"{row.postcode or 'no postcode'}. Yours is still here: compare, and save again."
        )
    new = located(place)
    _put(row, new)
    need_to_know.hide(case, row, place.hidden, actor)
    audit.record("place changed", actor, case, place=row.id)
    detention.follow_places(effects)
    return row


def unknown_stay(case: Case) -> CasePlace | None:
    """The stay in detention of which nobody knows where, as long as it goes on."""
    return next((row for row in case.places if row.is_unknown and row.until is None), None)


def _now_known(case: Case, new: CasePlace) -> CasePlace | None:
    """The stay at an unknown place which this one is: it is of the same day, of one before, or of none that is known.

    One that begins later may be a transfer.
    """
    unknown = unknown_stay(case)
    if unknown is None or new.kind != PlaceKind.DETENTION or new.is_unknown or new.until:
        return None
    if new.since is None:
        new.since = unknown.since
    return unknown if unknown.since is None or (new.since and new.since <= unknown.since) else None


def _put(row: CasePlace, new: CasePlace) -> None:
    keeps_choice = (row.postcode, row.place_id) == (new.postcode, new.place_id) and row.gss_basis == "chosen"
    for name in ("kind", "place_id", "name", "address", "postcode", "since", "until", "room"):
        setattr(row, name, getattr(new, name))
    if not keeps_choice:
        row.gss_code, row.gss_basis = new.gss_code, new.gss_basis


def transfer(case: Case, place: NewPlace, actor: User, answers: Answers | None = None) -> CasePlace:
    """Record a move to another place of detention: every stay in detention that is still open ends on that day.

    `answers` are those of somebody who saw which dates change.
    """
    row = move(case, place, actor, Effects(case, actor, answers or Answers()))
    db.session.commit()
    return row


def move(case: Case, place: NewPlace, actor: User, effects: Effects) -> CasePlace:
    """The same without saving it yet."""
    if place.since is None:
        raise CaseworkError("Type the day of the transfer.", field="since")
    for row in need_to_know.all_places(case):
        if (
            row.kind == PlaceKind.DETENTION
            and row.until is None
            and (row.since is None or row.since <= place.since)
        ):
            row.until = place.since
            where = place_label(row) if row in case.places else "a place that is hidden from you"
            effects.also.append(f"The stay at {where} ends on {spoken(place.since, weekday=True)}.")
    return put_place(case, place, actor, effects)


def remove_place(case: Case, place_id: int, actor: User) -> int:
    """Take a place off the list, and put it into the bin; its number there."""
    row = get_place(case, place_id)
    number = bins.put(BinKind.PLACE, row, actor)
    case.places.remove(row)
    audit.record("place removed", actor, case, place=place_id)
    detention.follow_places(Effects(case, actor))
    db.session.commit()
    return number


def known_places(case: Case) -> list[PlaceOfDetention]:
    """What the directory knows of the places of detention in this case, each once, the newest stay first."""
    chosen = {row.place_id for row in case.places if row.place_id}
    order = [row.place_id for row in sorted(case.places, key=lambda row: row.since or date.min, reverse=True)]
    known = {place.place_id: place for place in directory().places() if place.place_id in chosen}
    return [known[place_id] for place_id in dict.fromkeys(order) if place_id in known]


def get_place(case: Case, place_id: int) -> CasePlace:
    """One of the places of this case. Raises NotFound."""
    for row in case.places:
        if row.id == place_id:
            return row
    raise NotFound("There is no such place in this case.")


def choose_constituency(case: Case, row: CasePlace | Supporter, gss_code: str, actor: User) -> None:
    """Keep the constituency that somebody chose for a place or a supporter where the postcode could not decide."""
    directory().constituency(gss_code)
    row.gss_code, row.gss_basis = gss_code, "chosen"
    audit.record("constituency chosen", actor, case, gss_code=gss_code)
    db.session.commit()


def stays(case: Case) -> list[Stay]:
    """The places of a case as the domain reads them."""
    return [Stay(place_label(row), PlaceKind(row.kind), row.since, row.until) for row in case.places]


def place_label(row: CasePlace) -> str:
    """What to call a place in a sentence: its name, else the first line of its address, else its postcode."""
    first_line = (row.address or "").splitlines()[0] if row.address else ""
    unknown = "a place that we do not know" if row.is_unknown else "an address that is not known"
    return row.name or first_line or row.postcode or unknown


def closed_by_our_list(place_id: str | None) -> str:
    """That nobody may be held at a place of the list, in a sentence with the day of the list; else empty."""
    known = next((one for one in directory().places() if one.place_id == place_id), None)
    if known is None or not known.may_be_closed:
        return ""
    release = directory().release
    of_list = "prisons" if known.is_prison else "removal centres and holding places"
    as_of = next((one.as_of for one in release.parts if one.name == of_list), release.directory_date)
    told = {"place": known.name, "day": on_day(as_of)}
    if known.is_open is False:
        return say("{place} is not open according to our list of {day}.", **told)
    return say("{place} may be closed according to our list of {day}.", **told)


def located(place: NewPlace) -> CasePlace:
    """The row for a place, with its constituency where that is certain enough to begin with.

    Raises CaseworkError at a last day that comes before the first.
    """
    row = CasePlace(
        kind=place.kind, place_id=place.place_id, name=place.name, address=place.address, since=place.since,
        until=place.until, room=place.room,
    )  # fmt: skip
    if place.since and place.until and place.until < place.since:
        raise CaseworkError("The last day is before the first day.", field="until")
    if place.place_id:
        known = directory().place(place.place_id)
        row.name, row.postcode = known.name, known.postcode
        row.address = "\n".join(known.address)
        row.gss_code, row.gss_basis = known.gss_code, "list"
    elif place.postcode:
        row.postcode = str(parse_partial(place.postcode))
        row.gss_code, row.gss_basis = locate(row.postcode)
    return row


def locate(postcode: str) -> tuple[str | None, str | None]:
    """The constituency of a postcode and how it is known; both None where somebody must choose."""
    answer = directory().lookup(postcode)
    if answer.status == "found":
        return answer.candidates[0].constituency.gss_code, "postcode"
    if answer.status == "approximate":
        return answer.candidates[0].constituency.gss_code, "approximate"
    return None, None

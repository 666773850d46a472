"""The list of supporters as somebody asked for it: narrowed, sorted, a page at a time, or whole as CSV."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, update
from sqlalchemy import case as if_
from sqlalchemy.orm import contains_eager

from casework import clock
from casework.domain.campaign.messages import MEANS, Means
from casework.domain.campaign.supporters import JOINED, OFFERS
from casework.domain.errors import CaseworkError
from casework.services.campaign import supporter_times
from casework.services.campaign.message_readers import agreed_to, not_asked_how
from casework.services.campaign.supporters import is_unsettled, places_of, unsettled
from casework.services.parliament.directory import constituency_name, member_on
from casework.services.safe_csv import to_csv
from casework.services.safety import audit
from casework.storage.database import db
from casework.storage.models import Case, SignUp, Supporter, User
from casework.storage.name_order import name_order

PAGE_LENGTH = 50
SORTS = {"name": "Name", "place": "Constituency", "table": "Table", "joined": "Newest first"}
YES_OR_NO = ("writes", "words", "notice")
NOT_ASKED = "none"
REACH: dict[str, str] = {
    **{key.value: words for key, words in MEANS.items()},
    NOT_ASKED: "Not asked yet",
}


@dataclass(frozen=True)
class Wanted:
    """What to show. Nothing of anybody stands in it but a constituency and a table."""

    mp: str = ""
    table: str = ""
    writes: str = ""
    words: str = ""
    notice: str = ""
    settle: str = ""
    offer: str = ""
    reach: str = ""
    going: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether somebody may be left out."""
        return replace(self, sort="name", page=1) != Wanted()


@dataclass(frozen=True)
class Row:
    """One supporter with what they chose, and their MP."""

    sign_up: SignUp
    constituency: str
    member: str

    @property
    def supporter(self) -> Supporter:
        """The person."""
        return self.sign_up.supporter

    @property
    def to_settle(self) -> bool:
        """Whether somebody has to choose or look at the constituency."""
        return is_unsettled(self.supporter)


@dataclass(frozen=True)
class Page:
    """The rows of one page, how many there are in all, and what there is to choose from."""

    rows: list[Row]
    number: int
    first: int
    pages: int
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)
    all: int = 0
    to_settle: int = 0
    without_notice: int = 0
    going: int = 0


def page_of(case: Case, wanted: Wanted) -> Page:
    """One page of the list, asked of the database a few times however long it is."""
    where = _where(case, wanted)
    number = db.session.scalar(_joined(func.count(SignUp.id)).where(*where)) or 0
    pages = max(1, -(-number // PAGE_LENGTH))
    page = min(max(wanted.page, 1), pages)
    places = _places(case)
    query = _rows().where(*where).order_by(*_order(wanted.sort, places))
    rows = db.session.scalars(query.limit(PAGE_LENGTH).offset((page - 1) * PAGE_LENGTH))
    settle, notice, going, every = _counts(case)
    return Page(
        _shown(rows), number, (page - 1) * PAGE_LENGTH + 1, pages, places, _tables(case), every, settle, notice, going
    )  # fmt: skip


def named(case: Case, name: str) -> list[Row]:
    """Those of this case whose name has every one of these words, not more than a page."""
    words = [Supporter.name.icontains(word, autoescape=True) for word in name.split()] or [false()]
    query = _rows().where(SignUp.case_id == case.id, *words)
    return _shown(db.session.scalars(query.order_by(name_order(Supporter.name)).limit(PAGE_LENGTH)))


def few(case: Case, most: int, also: int | None = None) -> list[tuple[int, str]]:
    """The ids and names of all, where they are not more than `most`; otherwise of the one that is meant alone."""
    query = select(Supporter.id, Supporter.name).join(SignUp).where(SignUp.case_id == case.id)
    rows = db.session.execute(query.order_by(name_order(Supporter.name)).limit(most + 1)).all()
    if len(rows) > most:
        rows = db.session.execute(query.where(Supporter.id == also)).all()
    return [(row.id, row.name) for row in rows]


def lacking_notice(case: Case, most: int) -> tuple[list[Supporter], int]:
    """Some of those who were not given the notice, and how many they are."""
    query = (
        select(Supporter).join(SignUp).where(SignUp.case_id == case.id, Supporter.notice_given_on.is_(None))
    )
    number = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(db.session.scalars(query.order_by(name_order(Supporter.name)).limit(most))), number


def give_notice_to_all(case: Case, wanted: Wanted, on: date, actor: User) -> int:
    """Keep that all whom this list shows were given the notice, where it was not kept before; how many they are."""
    ids = list(
        db.session.scalars(
            _joined(Supporter.id).where(*_where(case, wanted), Supporter.notice_given_on.is_(None))
        )
    )
    for begin in range(0, len(ids), 500):
        some = Supporter.id.in_(ids[begin : begin + 500])
        db.session.execute(
            update(Supporter)
            .where(some)
            .values(notice_given_on=on, heard_on=on, version=Supporter.version + 1)
        )
    audit.record("supporters’ notice given", actor, case, number=len(ids))
    db.session.commit()
    return len(ids)


def agreed_all(case: Case, wanted: Wanted, means: Iterable[Means], actor: User) -> int:
    """Keep that all whom this list shows, and who had not said so, agreed to be reached by these means; how many.

    They said it on a sheet of paper, or to somebody's face: whoever presses this answers for it, and stands in the
    trail. Raises CaseworkError without a means.
    """
    keys = [one.value for one in Means if one in set(means)]
    if not keys:
        raise CaseworkError("Tick what they agreed to.")
    ids = list(db.session.scalars(_joined(SignUp.id).where(*_where(case, wanted), not_asked_how())))
    for begin in range(0, len(ids), 500):
        some = SignUp.id.in_(ids[begin : begin + 500])
        db.session.execute(update(SignUp).where(some).values(reached_by=keys, version=SignUp.version + 1))
    audit.record("how supporters may be reached", actor, case, number=len(ids), means=keys)
    db.session.commit()
    return len(ids)


def as_csv(case: Case, wanted: Wanted, actor: User) -> bytes:
    """All whom this list shows, for a spreadsheet; that it was taken out is kept.

    A file leaves the house: what supporters wrote of the person, who may not want it told, stays out of it.
    """
    query = _rows().where(*_where(case, wanted)).order_by(*_order(wanted.sort, _places(case)))
    rows = _shown(db.session.scalars(query))
    audit.record("list of supporters taken out", actor, case, number=len(rows))
    db.session.commit()
    return to_csv(_HEADINGS, [_cells(row) for row in rows])


_HEADINGS = (
    "Name", "Address", "Postcode", "Constituency", "MP", "Email", "Phone", "Agreed that we may", "Languages",
    "Will write", "Agrees to be counted", "Has own words", "Who they are to their MP", "Can help with", "Table",
    "Told what we keep, on", "Signed up", "How",
)  # fmt: skip


def _cells(row: Row) -> list[object]:
    one, person = row.sign_up, row.supporter
    answers = (one.writes, one.counted, one.how_known or one.own_words)
    return [
        person.name, person.address, person.postcode, row.constituency, row.member, person.email, person.phone,
        "; ".join(MEANS[Means(key)] for key in one.reached_by), person.languages,
        *("yes" if answer else "no" for answer in answers), one.to_member,
        "; ".join(OFFERS.get(key, key) for key in one.offers), one.table_name, person.notice_given_on,
        one.joined_on, JOINED.get(one.joined_how),
    ]  # fmt: skip


def _rows() -> Select[SignUp]:
    return select(SignUp).join(SignUp.supporter).options(contains_eager(SignUp.supporter))


def _joined(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(SignUp).join(Supporter, Supporter.id == SignUp.supporter_id)


def _shown(rows: Any) -> list[Row]:
    return list(_with_members(rows))


def _with_members(rows: Any) -> Iterator[Row]:
    today = clock.today()
    for one in rows:
        code = one.supporter.gss_code
        member = member_on(code, today) if constituency_name(code) else None
        yield Row(one, constituency_name(code), member.name if member else "")


_HAS_WORDS = or_(*(func.coalesce(column, "") != "" for column in (SignUp.how_known, SignUp.own_words)))
_CHECKS: Mapping[str, ColumnElement[bool]] = {
    "writes": SignUp.writes.is_(True),
    "words": _HAS_WORDS,
    "notice": Supporter.notice_given_on.is_not(None),
}


def _where(case: Case, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [SignUp.case_id == case.id]
    for name, check in _CHECKS.items():
        answer = getattr(wanted, name)
        if answer:
            found.append(check if answer == "yes" else ~check)
    if wanted.mp:
        found.append(Supporter.gss_code == wanted.mp)
    if wanted.table:
        found.append(SignUp.table_name == wanted.table)
    if wanted.settle:
        found.append(unsettled())
    if wanted.offer:
        # The keys stand in quotes in the column's JSON, and none is the beginning or the end of another there.
        found.append(SignUp.offers.cast(db.String).contains(f'"{wanted.offer}"', autoescape=True))
    if wanted.reach:
        found.append(not_asked_how() if wanted.reach == NOT_ASKED else agreed_to(Means(wanted.reach)))
    if wanted.going:
        found.append(supporter_times.is_announced())
    return found


def _order(sort: str, places: Mapping[str, tuple[str, int]]) -> list[Any]:
    by_name = [name_order(Supporter.name), SignUp.id]
    if sort == "place" and places:
        rank = {code: number for number, code in enumerate(places)}
        return [if_(rank, value=Supporter.gss_code, else_=len(rank)), *by_name]
    if sort == "table":
        return [SignUp.table_name.is_(None), func.length(SignUp.table_name), SignUp.table_name, *by_name]
    return [SignUp.joined_on.desc(), SignUp.id.desc()] if sort == "joined" else by_name


def _places(case: Case) -> dict[str, tuple[str, int]]:
    """Each constituency in use: its name with its MP, and how many live there, by name."""
    today = clock.today()
    found = {}
    for code, number in places_of(case).items():
        member = member_on(code, today) if constituency_name(code) else None
        who = f" ({member.name})" if member else " (no MP now)"
        found[code] = (f"{constituency_name(code) or code}{who}", number)
    return dict(sorted(found.items(), key=lambda one: one[1][0]))


def _tables(case: Case) -> dict[str, int]:
    query = select(SignUp.table_name, func.count(SignUp.id)).where(
        SignUp.case_id == case.id, SignUp.table_name.is_not(None)
    )
    query = query.group_by(SignUp.table_name).order_by(func.length(SignUp.table_name), SignUp.table_name)
    return {name: number for name, number in db.session.execute(query) if name}


def _counts(case: Case) -> tuple[int, int, int, int]:
    """How many have to be settled, lack the notice, will be let go of soon; and how many there are."""
    asked = (unsettled(), Supporter.notice_given_on.is_(None), supporter_times.is_announced())
    columns = [func.sum(if_((and_(one), 1), else_=0)) for one in asked]
    row = db.session.execute(_joined(*columns, func.count(SignUp.id)).where(SignUp.case_id == case.id)).one()
    settle, notice, going, every = (int(number or 0) for number in row)
    return settle, notice, going, every

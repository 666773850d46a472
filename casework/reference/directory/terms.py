"""Who sat for a seat since the election of 2024, worked out from elections and from seats seen vacant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.domain.dates import spoken
from casework.domain.parliament.directory import FIRST_KNOWN_DAY, ONE_SOURCE, PUBLISHED, Member, Term
from casework.reference.directory.tables import Row

VACANT = "Vacant"  # what Parliament's list puts in the place of a member's name


@dataclass(frozen=True)
class Vacancy:
    """A day by which a seat was vacant, and how that is known."""

    by: date
    note: str


def seen_vacant(changes: list[Row], gss_code: str) -> list[Vacancy]:
    """The days on which Parliament's list was seen to have no member for this seat."""
    return [
        Vacancy(
            day,
            f"Parliament's list showed the seat as vacant on {spoken(day)}; the exact day may be earlier.",
        )
        for row in changes
        if row.text("gss_code") == gss_code
        and row.text("field") == "display_as"
        and row.text("new") == VACANT
        if (day := row.day("seen_on"))
    ]


@dataclass
class Sitters:
    """Works out who sat for one seat, from the election of 2024 to the newest row."""

    row: Row
    polls: list[Row]
    sitting: Row
    left: list[Vacancy]
    members_as_of: date
    part_sources: Mapping[str, str]

    def terms(self) -> list[Term]:
        """The terms, oldest first. A seat vacant now has a last term that ended."""
        starts = [FIRST_KNOWN_DAY, *(row.day("polling_date") or FIRST_KNOWN_DAY for row in self.polls)]
        now_vacant = self.sitting.text("name") == VACANT
        if not now_vacant:
            self._check_newest(starts[-1])
        terms = []
        for number, start in enumerate(starts):
            is_last = number == len(starts) - 1
            vacancy = None if is_last and not now_vacant else self._vacancy(number, starts)
            terms.append(
                Term(
                    member=self._sitting_member(start)
                    if is_last and not now_vacant
                    else self._winner(number, starts),
                    since=start,
                    by="general election" if number == 0 else "by-election",
                    until=vacancy.by if vacancy else None,
                    note=vacancy.note if vacancy else "",
                )
            )
        return terms

    def _check_newest(self, newest: date) -> None:
        """The member who sits now must be the winner of the newest election known."""
        if self.sitting.day("current_term_since") != newest:
            self.sitting.complain("current_term_since", f"does not fit the newest election known, {newest}")
        winner_id = (
            self.polls[-1].integer("winner_member_id")
            if self.polls
            else self.row.integer("winner_member_id_2024")
        )
        if self.sitting.integer("member_id") != winner_id:
            self.sitting.complain("member_id", f"is not {winner_id}, who won the newest election known")

    def _vacancy(self, number: int, starts: list[date]) -> Vacancy:
        """The earliest day by which the seat is known to have been vacant after this term."""
        start, following = starts[number], starts[number + 1] if number + 1 < len(starts) else date.max
        known = [vacancy for vacancy in self.left if start < vacancy.by <= following]
        if number < len(self.polls) and (writ := self.polls[number].day("writ_date")):
            words = f"The writ for a by-election was issued on {spoken(writ)}; the seat may have been vacant earlier."
            known.append(Vacancy(writ, words))
        if not known and following < date.max:
            known.append(Vacancy(following, "The day on which the last member left is not known."))
        if not known:
            self.sitting.complain("name", "says that the seat is vacant, but no table says since when")
            known.append(Vacancy(start, ""))
        return min(known, key=lambda vacancy: vacancy.by)

    def _sitting_member(self, since: date) -> Member:
        row = self.sitting
        member_id = row.integer("member_id")
        elected_later = bool(self.polls) and since > self.members_as_of
        return Member(
            name=row.required("name"),
            address_as=_for_address(row.required("full_title")),
            given_name=row.required("given_name"),
            family_name=row.required("family_name"),
            party=row.required("party_latest"),
            party_note=row.text("party_note"),
            email=_email(row),
            member_id=member_id,
            twfy_id=row.integer("twfy_person_id"),
            first_elected=row.text("first_elected"),
            source=self.polls[-1].text("source") if elected_later else self.part_sources["members"],
            as_of=since if elected_later else self.members_as_of,
            certainty=PUBLISHED if member_id else ONE_SOURCE,
        )

    def _winner(self, number: int, starts: list[date]) -> Member:
        """Somebody who sat once and does not any more, as far as the election results name them."""
        row, suffix = (self.row, "_2024") if number == 0 else (self.polls[number - 1], "")
        member_id = row.integer(f"winner_member_id{suffix}")
        if member_id and member_id == self.sitting.integer("member_id"):
            return self._sitting_member(starts[-1])
        return Member(
            name=row.text(f"winner{suffix}"),
            address_as="",
            given_name="",
            family_name="",
            party=row.text(f"winner_party{suffix}"),
            party_note="as elected",
            email="",
            member_id=member_id,
            twfy_id=None,
            first_elected="",
            source=self.part_sources["constituencies"] if number == 0 else row.text("source"),
            as_of=starts[number],
            certainty=PUBLISHED if member_id else ONE_SOURCE,
        )


def _email(row: Row) -> str:
    """The address, or nothing where the source says in words that it found none."""
    email = row.text("email")
    if "@" not in email:
        return ""
    if not re.fullmatch(r"[A-Za-z0-9._'+-]+@[A-Za-z0-9.-]+\.[A-Za-z]+", email):
        row.complain("email", f"{email!r} is not an e-mail address")
    return email


def _for_address(full_title: str) -> str:
    """The full title, ending in MP as it does for every sitting member; the source leaves that out here and there."""
    return full_title if full_title.endswith(" MP") else f"{full_title} MP"

"""A case: the person, where they were and are, who works on it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from casework.domain.case.places import PlaceKind
from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.groups import Group, MayBeHidden, OfAGroup


class Case(OfAGroup, db.Model):  # type: ignore[name-defined]
    """One person and the campaign for them. Saving with an old version fails: see `OutOfDate`."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    closed_on: Mapped[date | None]
    closed_because: Mapped[str | None] = mapped_column(String(300))
    # Lies in the bin since then: nobody is shown it, and nobody is on its team.
    binned_at: Mapped[datetime | None] = mapped_column(Instant)
    # Its facts went by themselves on this day, and what the person signed is kept as proof.
    emptied_on: Mapped[date | None]

    # The person. One name is enough to begin.
    official_name: Mapped[str | None] = mapped_column(String(200))
    name_used: Mapped[str | None] = mapped_column(String(200))
    other_names: Mapped[str | None] = mapped_column(String(300))
    date_of_birth: Mapped[date | None]
    nationality: Mapped[str | None] = mapped_column(String(100))
    languages: Mapped[str | None] = mapped_column(String(200))
    interpreter: Mapped[str | None] = mapped_column(String(200))
    pronouns: Mapped[str | None] = mapped_column(String(20))
    safe_contact: Mapped[str | None] = mapped_column(String(300))

    urgency: Mapped[str | None] = mapped_column(String(300))
    representative_name: Mapped[str | None] = mapped_column(String(200))
    representative_firm: Mapped[str | None] = mapped_column(String(200))
    representative_contact: Mapped[str | None] = mapped_column(String(300))

    # Whether the person was asked before any MP hears of them, and what they said.
    asked_about_mps_on: Mapped[date | None]
    agreed_to_mps: Mapped[bool | None]
    asked_about_mps_by: Mapped[str | None] = mapped_column(String(200))
    # A yes to one MP and not to another, in the person's own words.
    limits_on_mps: Mapped[str | None] = mapped_column(String(300))

    # The group to which it was offered, until that group takes it or the offer is taken back.
    offered_to_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    group: Mapped[Group] = relationship(primaryjoin=lambda: foreign(Case.group_id) == Group.id, viewonly=True)
    offered_by: Mapped[User | None] = relationship(foreign_keys=[offered_by_id])

    references: Mapped[list["CaseReference"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="CaseReference.id"
    )
    places: Mapped[list["CasePlace"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="CasePlace.id"
    )
    team: Mapped[list["TeamMember"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="TeamMember.id"
    )
    notes: Mapped[list["CaseNote"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="CaseNote.at.desc()"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def person_name(self) -> str:
        """The name the person uses, else the name the Home Office has."""
        return self.name_used or self.official_name or self.reference


class CaseReference(db.Model):  # type: ignore[name-defined]
    """A number that an office knows the person by. `kind` is one of `domain.case.cases.REFERENCE_KINDS`."""

    __tablename__ = "case_references"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    value: Mapped[str] = mapped_column(String(100))
    case: Mapped[Case] = relationship(back_populates="references")


class CasePlace(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """Where the person lived or is held, from a day to a day; either end may be unknown or open.

    `kind` is one of `domain.case.places.PlaceKind`. `gss_code` is the constituency; `gss_basis` says how it is known
    (`postcode`, `approximate`, `chosen`, `list`), and both are empty while nobody has chosen.
    """

    __tablename__ = "case_places"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    place_id: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(500))
    postcode: Mapped[str | None] = mapped_column(String(10))
    gss_code: Mapped[str | None] = mapped_column(String(9))
    gss_basis: Mapped[str | None] = mapped_column(String(20))
    since: Mapped[date | None]
    until: Mapped[date | None]
    room: Mapped[str | None] = mapped_column(String(100))
    case: Mapped[Case] = relationship(back_populates="places")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def is_unknown(self) -> bool:
        """Whether the person was detained, and nobody knows where."""
        return self.kind == PlaceKind.DETENTION and not (self.name or self.address or self.postcode)


class TeamMember(db.Model):  # type: ignore[name-defined]
    """Somebody who works on a case and may therefore see it.

    `sees` are the kinds of hidden thing that are shown to them, with commas between; None means by their role.
    """

    __tablename__ = "team_members"
    __table_args__ = (
        UniqueConstraint("case_id", "user_id"),
        # One person's cases in the order of the list of cases.
        Index("ix_team_members_user_id", "user_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sees: Mapped[str | None] = mapped_column(String(60))
    case: Mapped[Case] = relationship(back_populates="team")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class CaseNote(MayBeHidden, db.Model):  # type: ignore[name-defined]
    """A note on a case, about a member where it says which."""

    __tablename__ = "case_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    gss_code: Mapped[str | None] = mapped_column(String(9))
    at: Mapped[datetime] = mapped_column(Instant)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    # When its author wrote it anew; the wording of before lies in the bin for a while.
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    case: Mapped[Case] = relationship(back_populates="notes")
    author: Mapped[User] = relationship()
    mentions: Mapped[list["NoteMention"]] = relationship(
        back_populates="note", cascade="all, delete-orphan", order_by="NoteMention.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class NoteMention(db.Model):  # type: ignore[name-defined]
    """Somebody whom a note asks to read it; `read_at` is when they ticked it off."""

    __tablename__ = "note_mentions"
    __table_args__ = (UniqueConstraint("note_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("case_notes.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[CaseNote] = relationship(back_populates="mentions")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SeenUpTo(db.Model):  # type: ignore[name-defined]
    """Up to which line of the trail of a case somebody said that they have seen what changed."""

    __tablename__ = "seen_up_to"
    __table_args__ = (UniqueConstraint("user_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # The number of a line, with no foreign key: the lines of a case that is erased stay.
    line: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    # Where it stood before, so that it can be taken back.
    line_before: Mapped[int | None]
    at_before: Mapped[datetime | None] = mapped_column(Instant)


class RecentItem(db.Model):  # type: ignore[name-defined]
    """Something with a page of its own that somebody opened last: what kind it is, and by which number it is known.

    `kind` is one of `services.case.recent_items.ItemKind`. The newest stands in the row with the highest id.
    """

    __tablename__ = "recent_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)


class MemberCheck(OfAGroup, db.Model):  # type: ignore[name-defined]
    """Somebody looked on the UK Parliament page and found this member still sitting for this constituency."""

    __tablename__ = "member_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    gss_code: Mapped[str] = mapped_column(String(9), index=True)
    member_name: Mapped[str] = mapped_column(String(200))
    checked_on: Mapped[date]
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    checked_by: Mapped[User] = relationship()

"""Letters and authorities."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.groups import OfAGroup
from casework.storage.models.supporters import Supporter


class Letter(db.Model):  # type: ignore[name-defined]
    """A draft, or an issued letter, which is frozen: its PDF lies in the archive under `sha256`."""

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    template: Mapped[str] = mapped_column(String(60))
    template_sha256: Mapped[str | None] = mapped_column(String(64))
    gss_code: Mapped[str | None] = mapped_column(String(9))
    member_name: Mapped[str | None] = mapped_column(String(200))
    supporter_id: Mapped[int | None] = mapped_column(ForeignKey("supporters.id", ondelete="SET NULL"))
    # The text as the user left it, block by block, and the facts that the layout prints around it.
    blocks: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime] = mapped_column(Instant)
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    sha256: Mapped[str | None] = mapped_column(String(64), info={"paper": True})
    pages: Mapped[int | None]
    without_authority_because: Mapped[str | None] = mapped_column(Text)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)
    # How it left the house, empty while nobody has said so: a key of `domain.letters.letter_life.SENT_HOW`.
    sent_on: Mapped[date | None]
    sent_how: Mapped[str | None] = mapped_column(String(20))
    # A void letter stays as it is, and counts no more.
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    voided_because: Mapped[str | None] = mapped_column(Text)
    case: Mapped[Case] = relationship()
    supporter: Mapped[Supporter | None] = relationship()
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id])
    replaces: Mapped["Letter | None"] = relationship(remote_side=id)
    readings: Mapped[list["LetterReading"]] = relationship(
        back_populates="letter", cascade="all, delete-orphan", order_by="LetterReading.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def may_have_gone_out(self) -> bool:
        """Whether somebody may hold it: it was issued, and not made void before it was sent."""
        return self.issued_at is not None and (self.voided_at is None or self.sent_on is not None)


class LetterReading(db.Model):  # type: ignore[name-defined]
    """Somebody whose word counts read the draft: the person, or the lawyer. `words_sha256` says which words."""

    __tablename__ = "letter_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id", ondelete="CASCADE"), index=True)
    who: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    read_on: Mapped[date]
    words_sha256: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    letter: Mapped[Letter] = relationship(back_populates="readings")
    recorded_by: Mapped[User] = relationship()


class SignedPaper:
    """What is kept of every paper that the person signed: until when, how it was given, and how it was taken back."""

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    ends_on: Mapped[date | None]
    how_given: Mapped[str] = mapped_column(String(30))
    language: Mapped[str | None] = mapped_column(String(100))
    interpreter: Mapped[str | None] = mapped_column(String(200))
    witness: Mapped[str | None] = mapped_column(String(200))
    scan_sha256: Mapped[str | None] = mapped_column(String(64), info={"paper": True})
    scan_type: Mapped[str | None] = mapped_column(String(40))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_on: Mapped[date | None]
    withdrawn_how: Mapped[str | None] = mapped_column(String(300))

    @declared_attr
    def case(self) -> Mapped[Case]:
        """Whose paper it is."""
        return relationship()

    @declared_attr
    def recorded_by(self) -> Mapped[User]:
        """Who put it on record."""
        return relationship()


class Authority(SignedPaper, db.Model):  # type: ignore[name-defined]
    """A form of authority that the person signed: who may act, for what, and until when.

    `gss_codes` empty means any member; `scope` and `withheld` hold keys of `domain.consent.consent`.
    """

    __tablename__ = "authorities"

    signed_on: Mapped[date]
    gss_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    supporters: Mapped[str | None] = mapped_column(String(500))
    scope: Mapped[list[str]] = mapped_column(JSON, default=list)
    withheld: Mapped[list[str]] = mapped_column(JSON, default=list)
    read_over_by: Mapped[str | None] = mapped_column(String(200))


class CampaignConsent(SignedPaper, db.Model):  # type: ignore[name-defined]
    """What the person agreed to have told in a campaign, and how far. Never a form of authority: the two are not mixed.

    Each row is one paper. The newest one counts; to agree to less is a new row, to agree to nothing a withdrawal.
    `items` hold values of `domain.consent.publicity.Kind`, `risks` keys of `domain.consent.campaign_consent.RISKS`.
    """

    __tablename__ = "campaign_consents"

    level: Mapped[int]
    items: Mapped[list[str]] = mapped_column(JSON, default=list)
    changed_name: Mapped[str | None] = mapped_column(String(200))
    given_on: Mapped[date]
    to_ring: Mapped[str | None] = mapped_column(String(200))
    risks: Mapped[list[str]] = mapped_column(JSON, default=list)
    lawyer_asked_on: Mapped[date | None]
    anonymity_order: Mapped[str | None] = mapped_column(String(20))
    explained_by: Mapped[str] = mapped_column(String(200))


class LetterWording(OfAGroup, db.Model):  # type: ignore[name-defined]
    """One version of a letter's words as an organiser wrote it. Rows are only added: of one key the newest counts.

    `entry` holds title, purpose, audience, what it tells, and which letter of the program's it is like; `words` the
    words of each block. Without words it says: back to what the program or the group's folder has.
    """

    __tablename__ = "letter_wordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), index=True)
    entry: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    words: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written_by: Mapped[User] = relationship()


class OwnViewLink(db.Model):  # type: ignore[name-defined]
    """A link at which the person reads what is held about them. Only a hash of it is kept."""

    __tablename__ = "own_view_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    last_read_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    case: Mapped[Case] = relationship()
    made_by: Mapped[User] = relationship()


class Pack(db.Model):  # type: ignore[name-defined]
    """Several papers bound into one PDF for somebody, kept as it was made under `sha256`.

    `contents` are its things in their order, each with key and title; `told` the kinds of fact that it tells, and
    `left_out` those of entries that were left out of its lists.
    """

    __tablename__ = "packs"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    contents: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    asked_back_on: Mapped[date | None]
    sha256: Mapped[str] = mapped_column(String(64), info={"paper": True})
    pages: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    case: Mapped[Case] = relationship()
    made_by: Mapped[User] = relationship()

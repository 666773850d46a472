"""Supporters: who they are, which cases they signed up to, and how they came to the list."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from casework.storage.database import Instant, db
from casework.storage.models.accounts import User
from casework.storage.models.cases import Case
from casework.storage.models.groups import OfAGroup


class Supporter(OfAGroup, db.Model):  # type: ignore[name-defined]
    """Somebody who supports a person, or several. Never why, never a party, a vote or an immigration number.

    Kept once, however many cases they signed up to. `gss_code` and `gss_basis` as in `CasePlace`. Only a hash of
    the secret of their own "stop" link is kept.
    """

    __tablename__ = "supporters"
    # The number of somebody who is gone is nobody else's: an old page would save their details over another's.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(500))
    postcode: Mapped[str | None] = mapped_column(String(10), index=True)
    gss_code: Mapped[str | None] = mapped_column(String(9))
    gss_basis: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(50))
    languages: Mapped[str | None] = mapped_column(String(200))
    notice_given_on: Mapped[date | None]
    added_on: Mapped[date]
    # The last day on which they signed up, wrote, signed or were in touch: retention counts from it.
    heard_on: Mapped[date]
    stop_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    sign_ups: Mapped[list["SignUp"]] = relationship(
        back_populates="supporter", cascade="all, delete-orphan", order_by="SignUp.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class SignUp(db.Model):  # type: ignore[name-defined]
    """What one supporter chose to do for one case, and their own words for their letter.

    `offers` hold keys of `OFFERS` of `domain.campaign.supporters`, `joined_how` one of `JOINED` there. `how_known`,
    `own_words` and `ask` are the places of a letter that only they can fill.

    Once `stopped_at` is set nobody is shown it any more: it waits for its undo, and then it is erased.
    """

    __tablename__ = "sign_ups"
    __table_args__ = (UniqueConstraint("case_id", "supporter_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    supporter_id: Mapped[int] = mapped_column(ForeignKey("supporters.id", ondelete="CASCADE"), index=True)
    joined_on: Mapped[date]
    joined_how: Mapped[str] = mapped_column(String(20))
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("supporter_imports.id", ondelete="SET NULL"), index=True
    )
    # Whether they said that they will write to their MP, and that they may be counted among those who did.
    writes: Mapped[bool] = mapped_column(default=False)
    counted: Mapped[bool] = mapped_column(default=False)
    connection: Mapped[str | None] = mapped_column(String(300))
    to_member: Mapped[str | None] = mapped_column(String(300))
    offers: Mapped[list[str]] = mapped_column(JSON, default=list)
    # By which `domain.campaign.messages.Means` they agreed to be reached about this case; empty until they said so.
    reached_by: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    table_name: Mapped[str | None] = mapped_column(String(60))
    how_known: Mapped[str | None] = mapped_column(Text)
    own_words: Mapped[str | None] = mapped_column(Text)
    ask: Mapped[str | None] = mapped_column(Text)
    words_at: Mapped[datetime | None] = mapped_column(Instant)
    # The day on which they agreed that what they do is kept; without it nothing of it is.
    acts_agreed_on: Mapped[date | None]
    # Sentences of theirs that somebody said tell nothing of the person: keys of `services.campaign.own_words`.
    cleared: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    stopped_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    # A case has no list of them, since they may be thousands: lists ask for what they show
    # (`services/campaign/supporters.py`).
    case: Mapped[Case] = relationship()
    supporter: Mapped[Supporter] = relationship(back_populates="sign_ups")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


# Who stopped is left out of every query that does not ask for them too: see `models/seen.py`.
EVEN_STOPPED = {"even_stopped": True}


class SupporterImport(db.Model):  # type: ignore[name-defined]
    """A spreadsheet that was read: its rows wait here until somebody looked at them, and can be taken back whole.

    `columns` say which field each column of the sheet fills; `left_out` the headings of those that are not kept.
    `state` is one of `domain.campaign.supporter_imports.ImportState`. The name of the file is not kept: it may tell.
    `tables` are its sheets until somebody said which column is what, and nothing after that; `notes` what was noticed
    when it was read; `counts` what was mended, added and taken back, in numbers, and under `said` what all in it
    agreed to.
    """

    __tablename__ = "supporter_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    headings: Mapped[list[str]] = mapped_column(JSON, default=list)
    columns: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    tables: Mapped[list[Any] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    notice_given_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    case: Mapped[Case] = relationship()
    made_by: Mapped[User] = relationship()
    rows: Mapped[list["ImportRow"]] = relationship(
        back_populates="sheet", cascade="all, delete-orphan", order_by="ImportRow.number"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ImportRow(db.Model):  # type: ignore[name-defined]
    """One row of a spreadsheet, as it stands in its cells, with what is wrong with it.

    `state` is one of `domain.campaign.supporter_imports.RowState`. `problems` and `mended` are pairs of field and
    sentence. The cells are emptied when the row was added, so that nothing of a supporter is kept twice.
    """

    __tablename__ = "import_rows"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("supporter_imports.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    cells: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    problems: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    mended: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    like_supporter_id: Mapped[int | None] = mapped_column(ForeignKey("supporters.id", ondelete="SET NULL"))
    like_number: Mapped[int | None]
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id", ondelete="SET NULL"))
    sheet: Mapped[SupporterImport] = relationship(back_populates="rows")


class CampaignPage(db.Model):  # type: ignore[name-defined]
    """A page for one case on which a supporter without an account writes to their own MP. It always ends.

    Only a hash of the secret in its address is kept. It is open from `opened_at` until `expires_at`, unless
    somebody closed it before. `told` are the kinds of fact that it told while it was open.
    """

    __tablename__ = "campaign_pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    heading: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    told: Mapped[list[str]] = mapped_column(JSON, default=list)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    case: Mapped[Case] = relationship()
    opened_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PageTally(db.Model):  # type: ignore[name-defined]
    """How many letters were made on a campaign page on a day, by constituency, by people who agreed to be counted."""

    __tablename__ = "page_tallies"
    __table_args__ = (UniqueConstraint("page_id", "gss_code", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("campaign_pages.id", ondelete="CASCADE"))
    gss_code: Mapped[str] = mapped_column(String(9))
    on: Mapped[date]
    letters: Mapped[int] = mapped_column(default=0)
    page: Mapped[CampaignPage] = relationship()

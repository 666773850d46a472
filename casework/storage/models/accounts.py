"""People with an account, and what they did."""

from datetime import datetime
from typing import Any, ClassVar

from flask_login import UserMixin
from sqlalchemy import JSON, ForeignKey, Index, String, true
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from casework.domain.safety.accounts import FOR_ALL_GROUPS, Action, Role, may
from casework.storage.asking import FIRST_GROUP
from casework.storage.database import Instant, db, protect_audit_table
from casework.storage.models.groups import Group, group_column


class User(UserMixin, db.Model):  # type: ignore[name-defined]
    """Somebody who can sign in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = group_column()
    name: Mapped[str] = mapped_column(String(200))
    # What they type to sign in: kept in lower case, an email address or any word they can remember.
    sign_in_name: Mapped[str] = mapped_column(String(200), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(300))
    role: Mapped[Role] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(Instant)
    # Where the morning digest goes, for those who asked for it; empty for everybody else.
    digest_to: Mapped[str | None] = mapped_column(String(254))
    # Whether single keys lead somewhere: whoever speaks to their computer, or types by accident, switches them off.
    uses_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    # The language that they read the pages in; empty for English.
    language: Mapped[str | None] = mapped_column(String(12))
    group: Mapped[Group] = relationship(primaryjoin=lambda: foreign(User.group_id) == Group.id, viewonly=True)

    @property
    def is_active(self) -> bool:
        return self.active

    # The sign-in by which this request came, and the secret of its cookie; in no column.
    session: ClassVar[Any] = None
    session_token: ClassVar[str] = ""

    def came_by(self, session: Any, token: str) -> None:
        """Keep, for this request alone, by which sign-in somebody came."""
        self.session, self.session_token = session, token  # type: ignore[misc]

    def get_id(self) -> str:
        return self.session_token

    # Flask-Login takes two people for one whose sessions go by the same token, as where neither has one.
    __eq__, __hash__ = object.__eq__, object.__hash__

    def may(self, action: Action) -> bool:
        is_host = self.group_id == FIRST_GROUP
        return self.active and may(Role(self.role), action) and (is_host or action not in FOR_ALL_GROUPS)


class OneTimeLink(db.Model):  # type: ignore[name-defined]
    """A link that works once: the first organiser's, a new person's, a forgotten password's."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    # Whose first organiser it lets in.
    group_id: Mapped[int | None]
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInAttempt(db.Model):  # type: ignore[name-defined]
    """How often signing in failed for one name or from one address; both are kept as a keyed hash only."""

    __tablename__ = "sign_in_attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(Instant)


class Submission(db.Model):  # type: ignore[name-defined]
    """A form that was sent and saved, so that sending it twice saves once."""

    __tablename__ = "submissions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    location: Mapped[str | None] = mapped_column(String(300))


class AuditEvent(db.Model):  # type: ignore[name-defined]
    """Who did or looked at what, when. Rows are added and never altered: triggers see to it.

    `number` and `link` make a chain of them: see `storage.audit_chain`, which fills both.
    """

    __tablename__ = "audit_events"
    __table_args__ = (Index("uq_audit_events_number", "number", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    user_id: Mapped[int | None] = mapped_column(index=True)
    user_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    number: Mapped[int | None]
    link: Mapped[str | None] = mapped_column(String(64))


protect_audit_table(AuditEvent.__table__)

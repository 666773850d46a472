"""Every table, one short class each."""

from casework.storage.models.accounts import AuditEvent, OneTimeLink, SignInAttempt, Submission, User
from casework.storage.models.cases import (
    Case,
    CaseNote,
    CasePlace,
    CaseReference,
    MemberCheck,
    Supporter,
    TeamMember,
)
from casework.storage.models.contact import Correspondence, Deadline, FollowUp, SurgeryVisit
from casework.storage.models.papers import Authority, Letter

__all__ = [
    "AuditEvent",
    "Authority",
    "Case",
    "CaseNote",
    "CasePlace",
    "CaseReference",
    "Correspondence",
    "Deadline",
    "FollowUp",
    "Letter",
    "MemberCheck",
    "OneTimeLink",
    "SignInAttempt",
    "Submission",
    "Supporter",
    "SurgeryVisit",
    "TeamMember",
    "User",
]

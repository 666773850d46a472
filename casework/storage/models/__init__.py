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
from casework.storage.models.contact import Correspondence, FollowUp, SurgeryVisit
from casework.storage.models.dates import (
    CalendarFeed,
    CaseEvent,
    Deadline,
    DeadlineMove,
    InstanceNote,
    Removal,
    RemovalStep,
    RuleChange,
)
from casework.storage.models.papers import (
    Authority,
    CampaignConsent,
    Letter,
    LetterReading,
    LetterWording,
    OwnViewLink,
    Pack,
)

__all__ = [
    "AuditEvent",
    "Authority",
    "CalendarFeed",
    "CampaignConsent",
    "Case",
    "CaseEvent",
    "CaseNote",
    "CasePlace",
    "CaseReference",
    "Correspondence",
    "Deadline",
    "DeadlineMove",
    "FollowUp",
    "InstanceNote",
    "Letter",
    "LetterReading",
    "LetterWording",
    "MemberCheck",
    "OneTimeLink",
    "OwnViewLink",
    "Pack",
    "Removal",
    "RemovalStep",
    "RuleChange",
    "SignInAttempt",
    "Submission",
    "Supporter",
    "SurgeryVisit",
    "TeamMember",
    "User",
]

"""Every table, one short class each."""

from casework.storage.models.accounts import AuditEvent, OneTimeLink, SignInAttempt, Submission, User
from casework.storage.models.batches import Batch, BatchLetter, BatchShape, Bundle, PlanDate, Worker
from casework.storage.models.cases import (
    Case,
    CaseNote,
    CasePlace,
    CaseReference,
    MemberCheck,
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
from casework.storage.models.keys import CaseKey, LastingKey, StoredPaper
from casework.storage.models.papers import (
    Authority,
    CampaignConsent,
    Letter,
    LetterReading,
    LetterWording,
    OwnViewLink,
    Pack,
)
from casework.storage.models.supporters import (
    CampaignPage,
    ImportRow,
    PageTally,
    SignUp,
    Supporter,
    SupporterImport,
)

__all__ = [
    "AuditEvent",
    "Authority",
    "Batch",
    "BatchLetter",
    "BatchShape",
    "Bundle",
    "CalendarFeed",
    "CampaignConsent",
    "CampaignPage",
    "Case",
    "CaseEvent",
    "CaseKey",
    "CaseNote",
    "CasePlace",
    "CaseReference",
    "Correspondence",
    "Deadline",
    "DeadlineMove",
    "FollowUp",
    "ImportRow",
    "InstanceNote",
    "LastingKey",
    "Letter",
    "LetterReading",
    "LetterWording",
    "MemberCheck",
    "OneTimeLink",
    "OwnViewLink",
    "Pack",
    "PageTally",
    "PlanDate",
    "Removal",
    "RemovalStep",
    "RuleChange",
    "SignInAttempt",
    "SignUp",
    "StoredPaper",
    "Submission",
    "Supporter",
    "SupporterImport",
    "SurgeryVisit",
    "TeamMember",
    "User",
    "Worker",
]

"""Every table, one short class each."""

from casework.storage.models.accounts import AuditEvent, OneTimeLink, SignInAttempt, Submission, User
from casework.storage.models.answers import AnswerMap, AnswerQuestion
from casework.storage.models.backups import Backup
from casework.storage.models.batches import Batch, BatchLetter, BatchShape, Bundle, PlanDate, Worker
from casework.storage.models.cases import (
    Case,
    CaseNote,
    CasePlace,
    CaseReference,
    MemberCheck,
    NoteMention,
    RecentItem,
    SeenUpTo,
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
from casework.storage.models.go_bags import GoBag, VisitLogTaken
from casework.storage.models.groups import Group
from casework.storage.models.intake import Intake, IntakeAnswer, TaskOwner, ToFindOut
from casework.storage.models.keys import CaseKey, LastingKey, StoredPaper
from casework.storage.models.ladder import CaseNeed, NeedAnswer, SupporterAct
from casework.storage.models.member_pages import Meeting, MeetingPlan, MemberNote, OfficeEntry
from casework.storage.models.papers import (
    Authority,
    CampaignConsent,
    Letter,
    LetterReading,
    LetterWording,
    OwnViewLink,
    Pack,
)
from casework.storage.models.plans import (
    PlanDay,
    PlanPart,
    PlanTask,
    ReportingDay,
    SigningContact,
    SigningPlan,
)
from casework.storage.models.rhythm import (
    Call,
    CallRound,
    MemberContact,
    Message,
    NextContact,
    Telling,
)
from casework.storage.models.search import SearchEntry, SearchWaiting
from casework.storage.models.seen import EVEN_HIDDEN
from casework.storage.models.sign_in import CodeApp, Passkey, RecoveryCode, UserSession
from casework.storage.models.supporters import (
    CampaignPage,
    ImportRow,
    PageTally,
    SignUp,
    Supporter,
    SupporterImport,
)
from casework.storage.models.trail import AuditHead, Binned, ErasedCase, RetentionChoice, RetentionReport

__all__ = [
    "EVEN_HIDDEN",
    "AnswerMap",
    "AnswerQuestion",
    "AuditEvent",
    "AuditHead",
    "Authority",
    "Backup",
    "Batch",
    "BatchLetter",
    "BatchShape",
    "Binned",
    "Bundle",
    "CalendarFeed",
    "Call",
    "CallRound",
    "CampaignConsent",
    "CampaignPage",
    "Case",
    "CaseEvent",
    "CaseKey",
    "CaseNeed",
    "CaseNote",
    "CasePlace",
    "CaseReference",
    "CodeApp",
    "Correspondence",
    "Deadline",
    "DeadlineMove",
    "ErasedCase",
    "FollowUp",
    "GoBag",
    "Group",
    "ImportRow",
    "InstanceNote",
    "Intake",
    "IntakeAnswer",
    "LastingKey",
    "Letter",
    "LetterReading",
    "LetterWording",
    "Meeting",
    "MeetingPlan",
    "MemberCheck",
    "MemberContact",
    "MemberNote",
    "Message",
    "NeedAnswer",
    "NextContact",
    "NoteMention",
    "OfficeEntry",
    "OneTimeLink",
    "OwnViewLink",
    "Pack",
    "PageTally",
    "Passkey",
    "PlanDate",
    "PlanDay",
    "PlanPart",
    "PlanTask",
    "RecentItem",
    "RecoveryCode",
    "Removal",
    "RemovalStep",
    "ReportingDay",
    "RetentionChoice",
    "RetentionReport",
    "RuleChange",
    "SearchEntry",
    "SearchWaiting",
    "SeenUpTo",
    "SignInAttempt",
    "SignUp",
    "SigningContact",
    "SigningPlan",
    "StoredPaper",
    "Submission",
    "Supporter",
    "SupporterAct",
    "SupporterImport",
    "SurgeryVisit",
    "TaskOwner",
    "TeamMember",
    "Telling",
    "ToFindOut",
    "User",
    "UserSession",
    "VisitLogTaken",
    "Worker",
]

"""Everything an office has whatever the law."""

from registry.models.api_access import IdempotencyKey, PersonalAccessToken
from registry.models.authorities import Authority
from registry.models.calendars import CalendarAddress, LocalDay, LocalDayChange
from registry.models.clocks import ClockEvent, ClockSource, ProposedMove
from registry.models.deadlines import (
    Deadline,
    MailboxMessage,
    SweepRun,
    SweepWorker,
)
from registry.models.documents import Document
from registry.models.dossiers import Dossier, NamedOnDossier, ReferenceSeries
from registry.models.draft_letters import DraftLetter, DraftParagraph, LetterDispatch
from registry.models.explanations import MissExplanation
from registry.models.letter_templates import LetterTemplate
from registry.models.letters import Letter
from registry.models.list_exports import ListExport
from registry.models.notices import Channel, Message, Notice, WebhookEndpoint
from registry.models.peers import PeerInstallation, PeerMessage
from registry.models.people import Membership, Role, User
from registry.models.provenance import Confidence, SourcedFact
from registry.models.reminder_rounds import ReminderOfRound, ReminderRound
from registry.models.reminding import (
    Alarm,
    Audience,
    Rearming,
    Reminder,
    ReminderSchedule,
    ReminderStep,
)
from registry.models.risk_limits import RiskLimits
from registry.models.standing_in import Absence, ReminderPreferences, Supervision
from registry.models.states import State
from registry.models.timeline import TimelineEntry

__all__ = [
    "Absence",
    "Alarm",
    "Audience",
    "Authority",
    "CalendarAddress",
    "Channel",
    "ClockEvent",
    "ClockSource",
    "Confidence",
    "Deadline",
    "Document",
    "Dossier",
    "DraftLetter",
    "DraftParagraph",
    "IdempotencyKey",
    "Letter",
    "LetterDispatch",
    "LetterTemplate",
    "ListExport",
    "LocalDay",
    "LocalDayChange",
    "MailboxMessage",
    "Membership",
    "Message",
    "MissExplanation",
    "NamedOnDossier",
    "Notice",
    "PeerInstallation",
    "PeerMessage",
    "PersonalAccessToken",
    "ProposedMove",
    "Rearming",
    "ReferenceSeries",
    "Reminder",
    "ReminderOfRound",
    "ReminderPreferences",
    "ReminderRound",
    "ReminderSchedule",
    "ReminderStep",
    "RiskLimits",
    "Role",
    "SourcedFact",
    "State",
    "Supervision",
    "SweepRun",
    "SweepWorker",
    "TimelineEntry",
    "User",
    "WebhookEndpoint",
]

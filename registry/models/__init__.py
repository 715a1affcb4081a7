"""Everything an office has whatever the law."""

from registry.models.api_access import IdempotencyKey, PersonalAccessToken
from registry.models.authorities import Authority
from registry.models.calendars import CalendarAddress, LocalDay, LocalDayChange
from registry.models.clocks import ClockEvent, ClockSource, ProposedMove
from registry.models.deadlines import (
    Alarm,
    Deadline,
    MailboxMessage,
    Reminder,
    ReminderSchedule,
    ReminderStep,
    SweepRun,
)
from registry.models.documents import Document
from registry.models.dossiers import Dossier, NamedOnDossier, ReferenceSeries
from registry.models.draft_letters import DraftLetter, DraftParagraph, LetterDispatch
from registry.models.explanations import MissExplanation
from registry.models.letters import Letter
from registry.models.people import Membership, Role, User
from registry.models.provenance import Confidence, SourcedFact
from registry.models.states import State
from registry.models.timeline import TimelineEntry

__all__ = [
    "Alarm",
    "Authority",
    "CalendarAddress",
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
    "LocalDay",
    "LocalDayChange",
    "MailboxMessage",
    "Membership",
    "MissExplanation",
    "NamedOnDossier",
    "PersonalAccessToken",
    "ProposedMove",
    "ReferenceSeries",
    "Reminder",
    "ReminderSchedule",
    "ReminderStep",
    "Role",
    "SourcedFact",
    "State",
    "SweepRun",
    "TimelineEntry",
    "User",
]

"""Coaching sessions: promised, prepared by both, held with one agreed action, and looked back at when later evidence has come."""

from trainee.coaching.sessions.actions import agree, arrange, cancel, move, write, write_private
from trainee.coaching.sessions.loop import CLOSES_FROM, Loop, State
from trainee.coaching.sessions.models import CoachingSession, PrivateNote, SessionMove, SessionPart
from trainee.coaching.sessions.queries import Seen, in_my_charge, of_person, of_supervisors

__all__ = [
    "CLOSES_FROM",
    "CoachingSession",
    "Loop",
    "PrivateNote",
    "Seen",
    "SessionMove",
    "SessionPart",
    "State",
    "agree",
    "arrange",
    "cancel",
    "in_my_charge",
    "move",
    "of_person",
    "of_supervisors",
    "write",
    "write_private",
]

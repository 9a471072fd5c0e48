"""Coaching sessions: promised, prepared by both, held with one agreed action, and looked back at when later evidence has come."""

from trainee.coaching.sessions.actions import agree, arrange, cancel, move, write, write_private
from trainee.coaching.sessions.loop import CLOSES_FROM, Loop, State
from trainee.coaching.sessions.models import CoachingSession, PrivateNote, SessionMove, SessionPart
from trainee.coaching.sessions.queries import Seen, Tried, in_my_charge, of_people, of_person, of_supervisors, tried, tried_stamp

__all__ = [
    "CLOSES_FROM",
    "CoachingSession",
    "Loop",
    "PrivateNote",
    "Seen",
    "SessionMove",
    "SessionPart",
    "State",
    "Tried",
    "agree",
    "arrange",
    "cancel",
    "in_my_charge",
    "move",
    "of_people",
    "of_person",
    "of_supervisors",
    "tried",
    "tried_stamp",
    "write",
    "write_private",
]

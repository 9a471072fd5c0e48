"""Complaints: who handles which until when, in what steps, and what puts them right."""

from trainee.service.complaints.actions import Heard, approve, choose, close, count_contacts, do_step, hand_on, route, route_open, take
from trainee.service.complaints.models import Complaint, ComplaintRemedy, ContactCount
from trainee.service.complaints.queries import Month, by_cause, contacts, late, months, unrouted

__all__ = [
    "Complaint",
    "ComplaintRemedy",
    "ContactCount",
    "Heard",
    "Month",
    "approve",
    "by_cause",
    "choose",
    "close",
    "contacts",
    "count_contacts",
    "do_step",
    "hand_on",
    "late",
    "months",
    "route",
    "route_open",
    "take",
    "unrouted",
]

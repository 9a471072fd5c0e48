"""The log of everything anybody showed about a skill: facts only, written once, never changed."""

from trainee.evidence.actions import Showing, Written, blank_details, blank_rows, retract, write
from trainee.evidence.models import Evidence
from trainee.evidence.queries import Row, in_order, newest_id, of_everyone, of_skill, people_with_evidence, rows_per_person, standing, take_backs
from trainee.evidence.source import LINES, Miller, Source
from trainee.evidence.sources import sources

__all__ = [
    "LINES",
    "Evidence",
    "Miller",
    "Row",
    "Showing",
    "Source",
    "Written",
    "blank_details",
    "blank_rows",
    "in_order",
    "newest_id",
    "of_everyone",
    "of_skill",
    "people_with_evidence",
    "retract",
    "rows_per_person",
    "sources",
    "standing",
    "take_backs",
    "write",
]

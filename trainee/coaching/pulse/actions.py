"""Answering the pulse."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from trainee.coaching.pulse.models import PulseTaken, PulseTally
from trainee.coaching.pulse.queries import asked
from trainee.coaching.pulse.survey import QUESTIONS, VALUES, quarter_of
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.people import Person


def take(person_id: int, answers: Mapping[str, int], at: datetime) -> bool:
    """Count somebody's answers among her team's, and note that she has answered; False when she had, and then nothing is counted.

    Nothing is written down of when, and nothing in the log of deeds: what she said is a number that grew by one. Refusal (422) unless every
    question is answered from 1 to 5; Refusal for who works in no team, or leads her own.
    """
    if set(answers) != set(QUESTIONS) or not all(value in VALUES for value in answers.values()):
        raise Refusal(_("Please answer all four, from 1 to 5."), 422, "answers")
    team_id = asked(person_id)
    if team_id is None:
        raise Refusal(_("The pulse asks those who work in a team that somebody else leads."))
    zone = db.session.execute(select(Person.time_zone).where(Person.id == person_id)).scalar_one()
    quarter = quarter_of(local_date(at, zone))
    if insert_once(PulseTaken, {"person_id": person_id, "quarter": quarter}, ["person_id", "quarter"]) is None:
        return False
    for question, value in answers.items():
        place = {"quarter": quarter, "team_id": team_id, "question": question, "value": value}
        insert_once(PulseTally, place | {"n": 0}, list(place))
        same = (PulseTally.quarter == quarter) & (PulseTally.team_id == team_id) & (PulseTally.question == question) & (PulseTally.value == value)
        db.session.execute(update(PulseTally).where(same).values(n=PulseTally.n + 1))
    return True

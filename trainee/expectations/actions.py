"""Setting what is expected."""

from datetime import datetime

from sqlalchemy import update

from trainee.expectations.models import Expectation
from trainee.kit import audit
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.skills import framework


def expect(
    *,
    skill: str,
    level: int,
    set_by_id: int,
    at: datetime,
    why: str,
    monitored: str,
    how_often: str,
    seen_by: str,
    team_id: int | None = None,
    person_id: int | None = None,
) -> Expectation:
    """Expect a level of a team or of one person from now on; the one before ends. Refusal when it is not said why and how it is monitored."""
    if (team_id is None) == (person_id is None):
        raise Refusal(_("An expectation is for a team or for one person."), 422)
    if skill not in framework() or not 1 <= level <= 4:
        raise Refusal(_("Choose a skill and a level from 1 to 4."), 422)
    if not all(text.strip() for text in (why, monitored, how_often, seen_by)):
        raise Refusal(_("Please write why, how it is monitored, how often, and who sees it."), 422)
    same = (Expectation.team_id == team_id) if team_id is not None else (Expectation.person_id == person_id)
    db.session.execute(update(Expectation).where(same, Expectation.skill == skill, Expectation.until.is_(None)).values(until=at))
    row = Expectation(
        team_id=team_id,
        person_id=person_id,
        skill=skill,
        level=level,
        since=at,
        until=None,
        why=why,
        monitored=monitored,
        how_often=how_often,
        seen_by=seen_by,
        set_by_id=set_by_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(set_by_id, "expect", f"expectation/{row.id}", at, skill=skill, level=level)
    return row

"""What the pulse shows to whom: quarters that are over, of one's own team or of the teams in one's line."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from trainee.coaching.pulse.models import PulseTaken, PulseTally
from trainee.coaching.pulse.survey import Counts, Result, quarter_of, shown
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.people import Person, Team, Viewer, below

_WHOLE = ("hr", "admin", "executive")


def asked(person_id: int) -> int | None:
    """The team in whose name somebody is asked: the one she works in and does not lead. A leader's answer would be known by its place."""
    statement = select(Team.id).join(Person, Person.team_id == Team.id).where(Person.id == person_id, Team.supervisor_id.is_distinct_from(person_id))
    found: int | None = db.session.execute(statement).scalar()
    return found


def has_taken(person_id: int, quarter: str) -> bool:
    """Whether somebody has answered in that quarter."""
    return db.session.execute(select(PulseTaken.quarter).where(PulseTaken.person_id == person_id, PulseTaken.quarter == quarter)).first() is not None


def quarters(today: date) -> list[str]:
    """The quarters that are over and in which anybody answered, the newest first.

    While one is going on, every further answer could be told by the difference it makes.
    """
    statement = select(PulseTally.quarter).where(PulseTally.quarter < quarter_of(today)).distinct().order_by(PulseTally.quarter.desc())
    return list(db.session.scalars(statement))


def _teams(who: Viewer) -> Any:
    if who.holds(*_WHOLE):
        return select(Team.id)
    own = Team.id == (who.team_id or 0)
    if who.holds("supervisor"):
        return select(Team.id).where(own | (Team.supervisor_id == who.id) | Team.supervisor_id.in_(below(who.id)))
    return select(Team.id).where(own)


def results(who: Viewer, quarter: str, today: date) -> tuple[list[Result], list[Result]]:
    """Of a quarter that is over: each team this viewer may see with five answers or more, by name, and several together. One statement."""
    if quarter >= quarter_of(today):
        return [], []
    statement = (
        select(Team.id, Team.name, PulseTally.question, PulseTally.value, PulseTally.n)
        .join(Team, Team.id == PulseTally.team_id)
        .where(PulseTally.quarter == quarter, PulseTally.team_id.in_(_teams(who)))
    )
    teams = _by_team(db.session.execute(statement).all())
    return shown(teams, str(_("These teams together")), str(_("The smaller teams together")), who.holds(*_WHOLE))


def _by_team(rows: Sequence[Any]) -> list[tuple[str, Counts]]:
    """The teams by name; two of one name stay two."""
    found: dict[tuple[int, str], dict[str, dict[int, int]]] = {}
    for number, name, question, value, n in sorted(rows, key=lambda row: (trtext.sort_key(row.name), row.id)):
        found.setdefault((number, name), {}).setdefault(question, {})[value] = n
    return [(name, counts) for (_number, name), counts in found.items()]

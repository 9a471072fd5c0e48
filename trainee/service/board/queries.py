"""What stands on the improvement board."""

from typing import Any

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Person
from trainee.service.board.models import Improvement

MOST = 60


def cards() -> dict[str, list[Any]]:
    """The board by columns: to look into (no action yet), in work, and closed (the newest sixty). Rows of (card, owner's name). Two statements."""
    rows = select(Improvement, Person.name).outerjoin(Person, Person.id == Improvement.owner_id)
    waiting = rows.where(Improvement.closed_at.is_(None)).order_by(Improvement.due_on.is_(None), Improvement.due_on, Improvement.id)
    done = rows.where(Improvement.closed_at.is_not(None)).order_by(Improvement.closed_at.desc(), Improvement.id.desc())
    open_ones, closed = list(db.session.execute(waiting)), list(db.session.execute(done.limit(MOST)))
    return {"new": [row for row in open_ones if not row[0].action], "work": [row for row in open_ones if row[0].action], "closed": closed}


def card_or_404(card_id: int) -> Improvement:
    """One card."""
    found = db.session.get(Improvement, card_id)
    if found is None:
        raise NotFound
    return found


def owners() -> list[Any]:
    """Who may be given something to do: everybody with an open account, by name."""
    return list(db.session.execute(select(Person.id, Person.name).where(Person.disabled_at.is_(None)).order_by(Person.name_sort)))

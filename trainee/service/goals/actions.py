"""Setting goals and closing them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.service.goals.models import Goal, GoalTeam


def open_goal(
    words: Mapping[str, Any],
    *,
    measure: str,
    target: float,
    due_on: date,
    teams: Collection[int],
    begin: Mapping[str, Any],
    today: date,
    receipt: str,
    at: datetime,
    by_id: int,
) -> int:
    """Set a goal for these teams, or for everybody where there are none; its id. The same receipt again changes nothing.

    `begin` is the figure as it stands. Refusal (422; its code names the field) where the day is not ahead.
    """
    if due_on <= today:
        raise Refusal(_("Please choose a day ahead."), 422, "due_on")
    values = {"words": dict(words), "measure": measure, "target": target, "due_on": due_on, "for_all": not teams, "begin": dict(begin)}
    rest = {"opened_at": at, "by_id": by_id, "closed_at": None, "closed_by_id": None, "outcome": "", "end": {}, "receipt": receipt}
    made = insert_once(Goal, values | rest, ["receipt"])
    if made is None:
        return db.session.execute(select(Goal.id).where(Goal.receipt == receipt)).scalar_one()
    if teams:
        db.session.execute(insert(GoalTeam), [{"goal_id": made, "team_id": team_id} for team_id in sorted(teams)])
    audit.note(by_id, "set goal", f"goal/{made}", at)
    return made


def close(goal: Goal, *, outcome: str, end: Mapping[str, Any], at: datetime, by_id: int) -> None:
    """Close a goal with what came of it and the figure of the day; one that is closed stays as it was. Refusal (422) without a word."""
    if not outcome.strip():
        raise Refusal(_("Please say in a sentence what came of it."), 422, "outcome")
    values = {"closed_at": at, "closed_by_id": by_id, "outcome": outcome.strip()[:2000], "end": dict(end)}
    still_open = (Goal.id == goal.id) & Goal.closed_at.is_(None)
    if db.session.execute(update(Goal).where(still_open).values(**values).returning(Goal.id)).first() is not None:
        audit.note(by_id, "close goal", f"goal/{goal.id}", at)
    db.session.refresh(goal)

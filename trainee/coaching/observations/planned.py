"""Observations that are planned: a skill to be seen at work again by a day, and the observation that answers it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from trainee.coaching.observations.models import Dispute, Observation, ObservationLine, PlannedObservation
from trainee.coaching.rights import observable_by
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.people import Leader, Person, Viewer, nearest_above

# Within so long it is to be seen what somebody asks for herself.
ASKED: Final = timedelta(days=14)


def plan(*, person_id: int, skill: str, due_on: date, planned_by_id: int, receipt: str, at: datetime) -> int:
    """Plan to see a skill of somebody at work again by a day; its id. The same receipt again plans nothing new."""
    values = {"person_id": person_id, "skill_key": skill, "due_on": due_on, "planned_by_id": planned_by_id, "planned_at": at}
    made, new = keep_once(PlannedObservation, values | {"observation_id": None, "receipt": receipt}, "planned_by_id")
    if new:
        settle(person_id, [skill])
    return made


def ask(person_id: int, skill: str, at: datetime, time_zone: str) -> tuple[Leader, date]:
    """She asks to be seen at work in a skill: who is told, and by which day of hers it is to be. What waits already stays as it is planned.

    Refusal (409) where nobody leads her who could be told.
    """
    leader = nearest_above([person_id])[person_id]
    if leader is None:
        raise Refusal(_("Nobody leads you here yet, so nobody can be told. HR can name somebody."), 409)
    known = select(PlannedObservation.due_on, PlannedObservation.observation_id)
    known = known.where(PlannedObservation.person_id == person_id, PlannedObservation.skill_key == skill)
    rows = db.session.execute(known).all()
    due_on: date | None = min((row.due_on for row in rows if row.observation_id is None), default=None)
    if due_on is None:
        due_on = local_date(at, time_zone) + ASKED
        # Two presses at one moment come to the same receipt; after it was seen, another is another.
        plan(person_id=person_id, skill=skill, due_on=due_on, planned_by_id=person_id, receipt=f"asked/{person_id}/{skill}/{len(rows)}", at=at)
    return leader, due_on


def put_off(receipt: str, due_on: date) -> None:
    """Another day for what was planned under that receipt."""
    db.session.execute(update(PlannedObservation).where(PlannedObservation.receipt == receipt).values(due_on=due_on))


def settle(person_id: int, skills: Collection[str]) -> None:
    """Join what is planned of these skills with the first observation since in which each was seen; one whose line was struck answers nothing."""
    plan, line, seen = PlannedObservation, ObservationLine, Observation
    struck = select(Dispute.id).where(Dispute.observation_id == seen.id, Dispute.skill_key == line.skill_key, Dispute.outcome == "struck").exists()
    first = (
        select(seen.id)
        .join(line, line.observation_id == seen.id)
        .where(seen.person_id == plan.person_id, line.skill_key == plan.skill_key, seen.seen_at > plan.planned_at)
        .where(line.level.is_not(None) | line.critical.is_not(None), ~struck)
        .order_by(seen.seen_at, seen.id)
        .limit(1)
        .correlate(plan)
        .scalar_subquery()
    )
    mine = (plan.person_id == person_id) & plan.skill_key.in_(list(skills))
    db.session.execute(update(plan).where(mine).values(observation_id=first).execution_options(synchronize_session=False))


def planned_for(receipt: str) -> Any:
    """What was planned under that receipt: (due_on, observation_id); None when nothing was."""
    wanted = select(PlannedObservation.due_on, PlannedObservation.observation_id).where(PlannedObservation.receipt == receipt)
    return db.session.execute(wanted).first()


def waiting_for(who: Viewer, person_id: int | None = None, limit: int = 20) -> list[Any]:
    """What is planned and not seen yet of those this viewer may observe, or of one, the most urgent first. One statement."""
    plan = PlannedObservation
    columns = (plan.person_id, plan.skill_key, plan.due_on, plan.planned_by_id, Person.name.label("person"), Person.time_zone)
    wanted = select(*columns).join(Person, Person.id == plan.person_id).where(plan.observation_id.is_(None), plan.person_id.in_(observable_by(who)))
    if person_id is not None:
        wanted = wanted.where(plan.person_id == person_id)
    return list(db.session.execute(wanted.order_by(plan.due_on, plan.id).limit(limit)))

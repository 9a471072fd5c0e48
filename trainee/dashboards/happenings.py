"""What other programs are told of and no deed writes down: work that became complete, and expectations whose day passed unreached."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, union

from trainee import plans, profile, webhooks
from trainee.dashboards.expecting import last_moment
from trainee.expectations import Expectation, queries
from trainee.kit.db import db
from trainee.modules.progress import PartDone
from trainee.modules.progress.queries import parts_of_many
from trainee.modules.reviews import ReviewSet
from trainee.modules.roleplays.models import RolePlayRun
from trainee.people import Person
from trainee.plans.models import ASSIGNMENT
from trainee.plans.queries import KEPT, counted

# Somebody's work may arrive a while after it was done, when her line was down.
_LATE: Final = timedelta(hours=1)
_BLOCK = 500


def tell(at: datetime) -> int:
    """Write down what is to be told to webhooks of these two kinds; to how many it is new. Without any webhook it asks one statement and is done."""
    completed, missed = webhooks.subscribed("completed"), webhooks.subscribed("expectation_missed")
    told = _completed(completed, at) if completed else 0
    told += _missed(missed, at) if missed else 0
    webhooks.looked_at(sorted({hook.id for hook in (*completed, *missed)}), at)
    return told


def _since(hooks: Sequence[Any]) -> datetime:
    found: datetime = min(hook.looked_at for hook in hooks)
    return found - _LATE


def _completed(hooks: Sequence[Any], at: datetime) -> int:
    """Assignments of those who did something since the last look, and that are complete now."""
    since = _since(hooks)
    active = union(
        select(PartDone.person_id).where(PartDone.last_at >= since),
        select(RolePlayRun.person_id).where(RolePlayRun.finished_at >= since),
        select(ReviewSet.person_id).where(ReviewSet.finished_at >= since),
        # What was done before may count too.
        select(ASSIGNMENT.c.person_id).where(ASSIGNMENT.c.given_at >= since),
    )
    people = sorted(set(db.session.scalars(active)))
    told = 0
    for first in range(0, len(people), _BLOCK):
        block = people[first : first + _BLOCK]
        rows = _assignments(block)
        for one in plans.with_progress(rows, parts_of_many(block)) if rows else []:
            done = one.progress.completed_at
            happened = max(done, one.given_at) if done is not None else None
            if happened is not None and happened >= since:
                data = {"assignment_id": one.id, "kind": one.kind, "what": one.what, "due_on": one.due_on.isoformat() if one.due_on else None}
                told += webhooks.happened(
                    "completed", f"assignment/{one.id}", data, person_id=one.person_id, occurred_at=happened, at=at, hooks=hooks
                )
    return told


def _assignments(block: Sequence[int]) -> Sequence[Any]:
    """Theirs that are open, or were complete when whatever asked for them no longer applied."""
    standing = ASSIGNMENT.c.ended_at.is_(None) | (ASSIGNMENT.c.ended_how == "done")
    return db.session.execute(select(*(ASSIGNMENT.c[name] for name in KEPT), *counted()).where(ASSIGNMENT.c.person_id.in_(block), standing)).all()


def _missed(hooks: Sequence[Any], at: datetime) -> int:
    """Expectations whose last day passed since the last look, at a level below what was expected."""
    since = _since(hooks)
    first, last = (since - timedelta(days=2)).date(), (at + timedelta(days=1)).date()
    ending = (Expectation.ends_on >= first, Expectation.ends_on <= last, Expectation.closed_on.is_(None))
    if db.session.scalar(select(Expectation.id).where(*ending).limit(1)) is None:
        return 0
    everybody = list(db.session.scalars(select(Person.id).where(Person.disabled_at.is_(None)).order_by(Person.id)))
    return sum(_missed_by(everybody[place : place + _BLOCK], hooks, (since, at), (first, last)) for place in range(0, len(everybody), _BLOCK))


def _missed_by(block: Sequence[int], hooks: Sequence[Any], between: tuple[datetime, datetime], days: tuple[Any, Any]) -> int:
    since, at = between
    rows = queries.ended_lately(block, *days)
    over = [(row, end) for row in rows if (end := last_moment(row.ends_on, row.time_zone)) is not None and since <= end <= at]
    if not over:
        return 0
    months, told = profile.histories(sorted({row.whose for row, _end in over}), at), 0
    for row, end in over:
        then = profile.level_then(months[row.whose].get(row.skill, []), row.ends_on)
        if then is not None and then < row.level:
            data = {"expectation_id": row.id, "skill": row.skill, "expected_level": row.level, "level": then, "until": row.ends_on.isoformat()}
            subject = f"expectation/{row.id}/person/{row.whose}"
            told += webhooks.happened("expectation_missed", subject, data, person_id=row.whose, occurred_at=end, at=at, hooks=hooks)
    return told

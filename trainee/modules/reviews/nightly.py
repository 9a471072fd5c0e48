"""The nightly look at the log of reviews: are there weights that foretell answers better than those in use?"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import func, insert, select

from trainee.kit.db import db
from trainee.modules.reviews.fitting import DEFAULTS, Fit, History, Reply, judge
from trainee.modules.reviews.memory import rating
from trainee.modules.reviews.models import FIT, LOG

# Looked at anew when the log has grown by a tenth.
_GROWN: Final = 1.1
# Answers that are looked at, of people who answered last; so many of each at most, so that there are people enough among them.
_MOST: Final = 8000
_MOST_EACH: Final = 200
# Weights come into force a while after they are kept: an answer that is on its way meanwhile is scheduled by the old ones, now and whenever
# the log is folded again.
_NOTICE: Final = timedelta(hours=1)


def refit(at: datetime) -> Iterator[None]:
    """Fit the scheduler to the log and keep what came of it; nothing where the log has hardly grown or is too short.

    Whoever runs it commits after every step it yields, so that nobody waits for the lock while it computes; stopped, it has changed nothing.
    """
    size = db.session.scalar(select(func.count()).select_from(LOG)) or 0
    last = db.session.scalar(select(FIT.c.log_size).order_by(FIT.c.id.desc()).limit(1))
    if last is not None and size < last * _GROWN:
        return
    people = histories()
    yield
    found = yield from judge(people)
    if found is None:
        return
    row = _row(found, _in_use(), at)
    db.session.execute(insert(FIT), {**row, "fitted_at": at, "log_size": size})
    yield


def _row(found: Fit, in_use: list[float] | None, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {**asdict(found), "used_from": at + _NOTICE if found.better else None}
    if found.worse and in_use is not None and tuple(in_use) != DEFAULTS:
        # What was won once is won no more: back to the library's weights.
        row |= {"weights": DEFAULTS, "used_from": at + _NOTICE}
    return row | {"weights": list(row["weights"])}


def _in_use() -> list[float] | None:
    found: list[float] | None = db.session.scalar(select(FIT.c.weights).where(FIT.c.used_from.is_not(None)).order_by(FIT.c.id.desc()).limit(1))
    return found


def histories() -> dict[int, list[History]]:
    """The histories that are fitted to, by person. Two statements."""
    newest = (
        select(LOG.c.person_id, func.count().label("number")).group_by(LOG.c.person_id).order_by(func.max(LOG.c.answered_at).desc(), LOG.c.person_id)
    )
    chosen: list[int] = []
    total = 0
    for person_id, number in db.session.execute(newest):
        total += min(number, _MOST_EACH)
        if total > _MOST and chosen:
            break
        chosen.append(person_id)
    columns = (LOG.c.person_id, LOG.c.item, LOG.c.score, LOG.c.slow, LOG.c.answered_on)
    rows = select(*columns).where(LOG.c.person_id.in_(chosen)).order_by(*columns[:2], LOG.c.answered_on, LOG.c.answered_at, LOG.c.id)
    by_item: dict[tuple[int, str], list[Any]] = {}
    for row in db.session.execute(rows):
        by_item.setdefault((row.person_id, row.item), []).append(row)
    found: dict[int, list[History]] = {}
    left = dict.fromkeys(chosen, _MOST_EACH)
    # Of each the questions she answered last; a history is whole or not in it.
    for (person_id, _item), answers in sorted(by_item.items(), key=lambda one: (one[1][-1].answered_on, one[0]), reverse=True):
        left[person_id] -= len(answers)
        if left[person_id] >= 0:
            found.setdefault(person_id, []).append(_history(answers))
    return found


def _history(answers: list[Any]) -> History:
    days = [0, *((after.answered_on - before.answered_on).days for before, after in pairwise(answers))]
    return [Reply(int(rating(one.score, one.slow)), gap) for one, gap in zip(answers, days, strict=True)]

"""How lenient each observer was by every calibration of the past: what the nightly learning says of the lines she scores."""

from collections.abc import Mapping
from datetime import datetime
from math import sqrt
from statistics import fmean
from typing import NamedTuple

from sqlalchemy import select

from trainee.kit.db import db
from trainee.profile.models import CALIBRATION

# A level is a third of the points, and in the middle of the scale a point of logit is a quarter of the points.
LEVELS_PER_LOGIT = 3 / 4
_LINE = "observer/"


class Leniency(NamedTuple):
    """By how many levels an observer marks above (+) or below (-) the mean of all, give or take one `sd`, from so many lines."""

    levels: float
    sd: float
    lines: int


def leniencies(at: datetime, months: int = 6) -> list[tuple[datetime, dict[int, Leniency]]]:
    """The leniency of every observer by the last calibration of each month, the oldest first; at most so many months. Two statements and one a month.

    A lenient observer's lines look easy: her leniency is the difficulty of her lines (each weighted by how surely it is known) below the mean of
    everybody's, turned into levels. Nothing is said before two observers were learned of.
    """
    known = select(CALIBRATION.c.id, CALIBRATION.c.learned_at).where(CALIBRATION.c.learned_at <= at, CALIBRATION.c.state != "folding")
    last: dict[tuple[int, int], tuple[datetime, int]] = {}
    for number, learned_at in db.session.execute(known.order_by(CALIBRATION.c.learned_at)):
        last[learned_at.year, learned_at.month] = (learned_at, number)
    found = []
    for learned_at, number in sorted(last.values())[-months:]:
        items = db.session.execute(select(CALIBRATION.c.item_difficulties).where(CALIBRATION.c.id == number)).scalar_one()
        of_all = _of_observers(items)
        if len(of_all) > 1:
            found.append((learned_at, of_all))
    return found


def _of_observers(items: Mapping[str, list[float]]) -> dict[int, Leniency]:
    lines: dict[int, list[tuple[float, float]]] = {}
    for key, (m, v) in items.items():
        # observer/<id>/<skill>@<id>|...: the lines that one observer scores.
        who = key.removeprefix(_LINE).partition("/")[0] if key.startswith(_LINE) else ""
        if who.isdecimal():
            lines.setdefault(int(who), []).append((m, v))
    weighed = {who: _weighed(some) for who, some in lines.items()}
    if not weighed:
        return {}
    middle = fmean(m for m, _sd in weighed.values())
    return {who: Leniency((middle - m) * LEVELS_PER_LOGIT, sd * LEVELS_PER_LOGIT, len(lines[who])) for who, (m, sd) in weighed.items()}


def _weighed(lines: list[tuple[float, float]]) -> tuple[float, float]:
    weights = [1 / v for _m, v in lines]
    total = sum(weights)
    return sum(weight * m for weight, (m, _v) in zip(weights, lines, strict=True)) / total, sqrt(1 / total)

"""Golden histories: invented people whose months are written down here, and every figure that follows from them, to nine places.

They pin the whole way from a showing to a page: four lines that lend to each other, forgetting, late and retracted evidence, levels, months.
Any change of the model, its constants, the sources or the order of folding shows here; then these numbers are looked at one by one and written anew.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trainee import profile
from trainee.kit.db import db

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden_histories.json"
DAY = timedelta(days=1)
BEGIN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SPRING, A_YEAR_LATER = datetime(2026, 5, 1, 9, 0, tzinfo=UTC), datetime(2027, 5, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def months(showing, cast):
    """Records a run of scores on empathy, one every third day from a day on; the numbers of the rows."""

    def lived(who, source, first, scores, *, recorded=None, other="empathy"):
        observer = cast.chloe if source == "observation_line" else None
        run = [
            showing(who, BEGIN + (first + 3 * number) * DAY, score, skill=other, source=source, item=f"{source}/{number % 5}", actor_id=observer)
            for number, score in enumerate(scores)
        ]
        written = profile.record(run, recorded or run[-1].occurred_at)
        db.session.flush()
        return [one.evidence_id for one in written]

    return lived


def does_what_she_knows(months, who):
    months(who, "quiz_answer", 0, [1, 1, 0, 1, 1, 1, 0, 1, 1, 1])
    months(who, "roleplay_choice", 31, [1, 0.5, 1, 1, 0.75, 1])
    months(who, "observation_line", 60, [2 / 3, 1, 2 / 3, 1, 1, 1])
    months(who, "customer_rating", 80, [1, 0.75, 1, 1, 1, 0.75, 1, 1])


def knows_and_does_not_do(months, who):
    months(who, "quiz_answer", 0, [1] * 12)
    months(who, "roleplay_choice", 38, [1] * 8)
    months(who, "observation_line", 64, [1 / 3, 0, 1 / 3, 1 / 3, 0, 1 / 3, 1 / 3])


def comes_late_and_is_taken_back(months, who):
    right = months(who, "quiz_answer", 0, [0, 1, 1, 1, 1, 1, 1, 1])
    months(who, "roleplay_choice", 40, [0, 0.5, 0.5, 0])
    months(who, "quiz_answer", 7, [0, 0, 1], recorded=SPRING - 2 * DAY, other="reliability")
    profile.retract(right[0], "Asked wrongly.", SPRING - DAY)


HISTORIES = {one.__name__: one for one in (does_what_she_knows, knows_and_does_not_do, comes_late_and_is_taken_back)}


def told(who, at):
    """What follows on a day: per line the pieces and the band with its middle, over all the level, and the months so far."""
    found = {}
    for skill in ("empathy", "reliability"):
        level = profile.levels(who, at)[skill]
        for name, figure in {"all": level.figure, **level.lines}.items():
            if figure.n:
                found[f"{skill}/{name}"] = (figure.n, figure.low, figure.expected, figure.high)
        found[f"{skill}/level"] = (level.level, level.certainty)
    history = profile.histories([who], at)[who].get("empathy", [])
    found["months"] = tuple((one.year, one.month, one.expected) for one in history if one.year == 2026)
    return found


@pytest.mark.parametrize("name", HISTORIES)
def test_what_follows_from_a_history_is_what_is_written_down(cast, months, name):
    HISTORIES[name](months, cast.amir)
    written = json.loads(GOLDEN.read_text(encoding="utf-8"))[name]
    for day, at in (("spring", SPRING), ("a year later", A_YEAR_LATER)):
        now = told(cast.amir, at)
        assert now.keys() == written[day].keys()
        for place, values in flat(now).items():
            assert values == pytest.approx(flat(written[day])[place], abs=1e-9), f"{name}, {day}, {place}"


def flat(found):
    """Every number and word under the place it belongs to."""
    return {
        f"{place} {number}": one
        for place, values in found.items()
        for number, value in enumerate(values)
        for one in [tuple(value) if isinstance(value, list | tuple) else value]
    }

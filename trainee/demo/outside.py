"""What is said of the demonstration company in public, counted month by month, and a guide that was written here for a story those counts tell.

A shop whose deliveries are late is complained of where everybody can read it; of its people nobody says anything else than before.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from trainee.demo.life import DAYS, MORNING, Life
from trainee.demo.listening import MENDED, SLIPS, talk_along
from trainee.voice.interviews import queries, writing
from trainee.voice.public import actions as public

# Its own chance, so that what it draws changes nothing of what others live through.
SEED = 31
# So many months from before the history are counted on its first day; later ones two days after they end.
BEFORE, COUNTED = 6, 2
# How many voices a month has by source and theme, their mean stars, and how many more there are in a month in which a shop slips.
USUAL = (
    ("reviews", "kind-staff", 14, 4.7, 0),
    ("reviews", "solved-first-time", 8, 4.5, 0),
    ("reviews", "late-delivery", 6, 1.9, 11),
    ("reviews", "no-call-back", 4, 2.1, 3),
    ("reviews", "price-label", 3, 2.8, 0),
    ("complaints", "late-delivery", 5, None, 9),
    ("complaints", "no-call-back", 4, None, 3),
    ("complaints", "repeated-myself", 3, None, 1),
    ("marketplace", "solved-first-time", 10, 4.4, 0),
    ("marketplace", "late-delivery", 5, 2.0, 5),
    ("social", "kind-staff", 4, None, 0),
    ("social", "late-delivery", 3, None, 5),
)
_VARIES = 0.2


def plan(life: Life) -> None:
    """Plan the counting, and the talks along the guide, into the half year."""
    told, rng, first = life.book.listening["outside"], Random(SEED), life.diary.start.date()
    begun = [_months_before(first, back) for back in range(BEFORE, 0, -1)]
    life.diary.plan(0, MORNING - 80, None, partial(_count, life, rng, begun, ()))
    for day in range(1, DAYS - COUNTED):
        today = first + timedelta(days=day)
        if today.day == 1:
            month = _months_before(today, 1)
            examples = [one for one in told["examples"] if month == _months_before(first + timedelta(days=DAYS), one["back"])]
            life.diary.plan(day + COUNTED, MORNING - 80, None, partial(_count, life, rng, [month], examples))
    life.diary.plan(DAYS - told["guide"]["days"], MORNING + 55, None, partial(_guide, life, told["guide"]))


def _months_before(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def slipping(month: date, begin: date) -> float:
    """The share of a month's days, 0..1, on which a shop slips."""
    days = monthrange(month.year, month.month)[1]
    return sum(SLIPS <= (month + timedelta(days=day) - begin).days < MENDED for day in range(days)) / days


def _lines(rng: Random, month: date, share: float) -> Iterator[str]:
    for source, theme, many, stars, more in USUAL:
        n = max(1, round((many + more * share) * rng.uniform(1 - _VARIES, 1 + _VARIES)))
        mean = "" if stars is None else f"{min(max(stars + rng.uniform(-0.2, 0.2), 1), 5):.1f}"
        yield f"{month:%Y-%m};{source};{theme};{n};{mean}"


def _count(life: Life, rng: Random, months: list[date], examples: Any, at: datetime) -> None:
    """Hatice takes the file of these months, and writes an example beside what it speaks for."""
    by_id, begin = life.company["hatice"].id, life.diary.start.date()
    lines = [line for month in months for line in _lines(rng, month, slipping(month, begin))]
    public.take("\n".join((";".join(public.COLUMNS), *lines)).encode(), at.date(), at=at, by_id=by_id)
    found = {tuple(line.split(";")[1:3]): line.split(";") for line in lines}
    for one in examples:
        given = dict(zip(public.COLUMNS, found[one["source"], one["theme"]], strict=True)) | {"comment": one["words"]["tr"]}
        public.keep(public.line_of(given, at.date()), at=at, by_id=by_id)


def _guide(life: Life, told: dict[str, Any], at: datetime) -> None:
    """Defne writes a guide for what the complaints do not say, talks along it, and asks one thing more from then on."""
    by_id = life.company["defne"].id
    words = {"title": told["title"], "intro": told["intro"], "consent": writing.usual_consent(), "minutes": 20}
    asked = [{"id": "", "row": row, "ask": ask, "probe": {}} for row, ask in enumerate(told["questions"], 1)]
    made = writing.make_guide(words | {"questions": asked}, key="own-demo", by_id=by_id, at=at)
    for number, talk in enumerate(told["talks"]):
        life.diary.plan(DAYS - talk["days"], MORNING + 55, None, partial(_talk, made, number, talk, by_id))
    better = [one | {"id": f"q{one['row']}"} for one in asked] + [{"id": "", "row": len(asked) + 1, "ask": told["later"], "probe": {}}]
    life.diary.plan(DAYS - told["changed"], MORNING + 55, None, partial(_better, made, words | {"questions": better}, by_id))


def _talk(guide_id: int, number: int, told: dict[str, Any], by_id: int, at: datetime) -> None:
    talk_along(queries.plain(queries.guide_or_404(guide_id)), told, f"demo-own-{number}", by_id, at, "tr")


def _better(guide_id: int, written: dict[str, Any], by_id: int, at: datetime) -> None:
    found = queries.guide_or_404(guide_id)
    writing.change_guide(found, found.revision, written, by_id, at)

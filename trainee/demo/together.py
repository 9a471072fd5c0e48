"""What teams want to reach together, hours with customers, checks after contacts, greeters at the door, and the complaints of the time before."""

from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from trainee.coaching import checks
from trainee.dashboards import goals as figures
from trainee.demo.life import DAYS, MORNING, Life
from trainee.kit.db import db
from trainee.service import complaints, goals, hours
from trainee.service.complaints.method import STEPS
from trainee.service.roster import add_shift
from trainee.service.roster.models import GREET

# Its own chance, so that what it draws changes nothing of what others live through.
SEED = 11
_HERE = ZoneInfo("Europe/Istanbul")
_HANDBOOK, _GOALS, _WISHED = DAYS - 70, DAYS - 75, DAYS - 100
# So many complaints of each month before the handbook were in the older system.
_A_MONTH = 12
_SHOPS = ("eskisehir", "ankara", "izmir", "bursa")
# Minutes of a day with customers that leaders write down, and how they spent them.
_SPENT = ((60, "served"), (45, "beside"), (30, "read"), (40, "listened"), (25, "talked"))


def plan(life: Life) -> None:
    """Plan all of it into the half year."""
    rng = Random(SEED)
    life.diary.plan(_HANDBOOK, MORNING + 20, None, partial(_before, life, rng))
    life.diary.plan(_GOALS, MORNING + 15, None, partial(_goals, life))
    life.diary.plan(_WISHED, MORNING, None, partial(_wished, life))
    for day in range(_WISHED + 1, DAYS, 3):
        life.diary.plan(day, MORNING + 600, None, partial(_spent, life, day, rng))
    for number, back in enumerate((24, 17, 9, 4, 2)):
        life.diary.plan(DAYS - back, MORNING + 480, None, partial(_checked, life, number))
    life.diary.plan(DAYS - 14, MORNING + 10, None, partial(_at_the_door, life))


def _before(life: Life, rng: Random, at: datetime) -> None:
    """The complaints that stood in the system before this one, all put right by then: brought over in one piece."""
    told, crew = life.book.service["complaints"], [one for one in life.company.of("social") if one.id]
    rows = []
    for number in range(_A_MONTH * _HANDBOOK // 30):
        said, days = told[rng.randrange(len(told))], rng.uniform(3, _HANDBOOK - 4)
        received = life.diary.start + timedelta(days=days)
        by_id, closed = crew[number % len(crew)].id, received + timedelta(hours=rng.randrange(20, 70))
        line = complaints.route(said["cause"], said["severity"])
        rows.append(
            {
                **{name: said[name] for name in ("channel", "cause", "severity")},
                "system": "crm",
                "external_id": f"E-{300 + number}",
                "received_at": received,
                "product": said["product"]["tr"],
                "words": said["tr"],
                "owner": line.values["owner"] if line is not None else None,
                "due_at": received + timedelta(hours=line.values["hours"]) if line is not None else None,
                "steps": {step.key: {"at": closed.isoformat(), "by": by_id, "why": ""} for step in STEPS},
                "revision": len(STEPS),
                "closed_at": closed,
                "closed_by_id": by_id,
            }
        )
    db.session.execute(insert(complaints.Complaint), rows)


def _goals(life: Life, at: datetime) -> None:
    """One that all teams share, one of the shops together, and one of a team alone."""
    by_id = life.company["hatice"].id
    for number, told in enumerate(life.book.service["goals"]):
        teams = {life.company.teams[name].id for name in told["teams"]}
        measure = figures.MEASURES[told["measure"]]
        begin = figures.figure_of(measure, measure.sums(at), teams)
        goals.open_goal(
            {"title": told["title"], "why": told["why"]},
            measure=measure.key,
            target=told["target"],
            due_on=(at + timedelta(days=told["days"])).date(),
            teams=teams,
            begin=figures.plain(begin),
            today=at.date(),
            receipt=f"demo goal {number}",
            at=at,
            by_id=by_id,
        )


def _wished(life: Life, at: datetime) -> None:
    hours.set_target(4, at=at, by_id=life.company["hatice"].id)


def _spent(life: Life, day: int, rng: Random, at: datetime) -> None:
    """Most who lead write some down; two never get to it this month, and find that on their own Today."""
    for number, leader in enumerate(one for one in life.company.members if one.leads and one.id):
        if rng.random() < 0.4 and (number % 5 or day < DAYS - 31):
            minutes, way = _SPENT[rng.randrange(len(_SPENT))]
            values = {"day": at.date().isoformat(), "minutes": minutes, "way": way, "note": ""}
            hours.take(leader.id, values, today=at.date(), receipt=f"demo hours {leader.id} {day}", at=at)


def _checked(life: Life, number: int, at: datetime) -> None:
    """Kerem looks back on a contact now and then, and finds the same thing open most often."""
    told = life.book.service["checked"][number]
    answers = dict.fromkeys(("reason", "left", "promised", "forgot"), "done") | dict.fromkeys(told["open"], "open")
    words = {"mend": told["mend"]["tr"], "again": told["again"]["tr"]}
    checks.keep(life.company["kerem"].id, answers, channel="phone", receipt=f"demo check {number}", at=at, **words)


def _at_the_door(life: Life, at: datetime) -> None:
    """Somebody greets in each shop on Saturdays, last week, this week and the two to come."""
    first: date = at.astimezone(_HERE).date()
    saturday = first + timedelta(days=(5 - first.weekday()) % 7)
    for number, shop in enumerate(_SHOPS):
        crew = [one for one in life.company.of(shop) if one.id and not one.leads]
        for week in range(4):
            opens = datetime.combine(saturday + timedelta(weeks=week), time(11), _HERE)
            who = crew[(number + week) % len(crew)]
            area, by_id = life.company.teams[shop].name, life.company["hatice"].id
            ends = opens + timedelta(hours=4)
            add_shift(person_id=who.id, area=area, rank=1, phone="", duty=GREET, starts_at=opens, ends_at=ends, at=at, by_id=by_id)

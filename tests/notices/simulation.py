"""A company for a year, with everything that can go wrong: what the planner, the deliverer and the postman make of it is judged in `judging.py`.

The books about it (who has finished, left, moved; what was retired; who works when) are kept here, beside the database, and share no code with what
is judged but the holidays' library.
"""

import random
import smtplib
import sys
from collections import Counter, defaultdict
from collections.abc import Collection
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays as calendar
from sqlalchemy import Table, bindparam, delete, event, insert, select, text, update

import trainee
from trainee import notices
from trainee.kit.db import db, insert_once
from trainee.kit.i18n import force_locale
from trainee.modules.library import ModuleVersion, module_or_404
from trainee.modules.progress import required_parts
from trainee.modules.progress.models import PartDone
from trainee.modules.roleplays.models import RUN
from trainee.notices import readers
from trainee.notices.mailing import letter
from trainee.notices.models import DELIVERY, HABIT, NOTICE, WISH
from trainee.people import Person, ReportingLine, RoleHeld
from trainee.people.importing import actions as files
from trainee.people.importing.background import apply, check, silent
from trainee.people.importing.queries import import_or_404
from trainee.plans.models import ASSIGNMENT

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
ZONES = ("Europe/Istanbul",) * 8 + ("Europe/Berlin", "America/Toronto")
# When somebody looks at the clock, in UTC, and how often: at night too, when nothing may be sent; on some days nobody looks at all.
TICKS = ((1, 0.15), (6, 0.98), (14, 0.4))
TEAM = 20
SOURCE = str(Path(trainee.__file__).parent)
HOLIDAYS = frozenset(day for year in (2026, 2027) for day in calendar.country_holidays("TR", years=year))
# What some wish otherwise than it usually comes, and how.
WISHED = {
    "assignment_given": ("at_once", "weekly", "site"),
    "due_soon": ("at_once", "weekly", "site"),
    "due_today": ("weekly", "site"),
    "overdue": ("weekly", "site"),
    "overdue_above": ("weekly", "site"),
}
# Before this day the rule that tells supervisors is not there: it comes with an upgrade.
UPGRADE = 60


class Killed(BaseException):
    """The worker is killed."""


@dataclass
class Task:
    """An assignment as the judge knows it."""

    id: int
    person: int
    what: str
    module: str
    given_at: datetime
    due: date | None
    done_at: datetime | None = None


@dataclass(eq=False)
class Soul:
    """Somebody as the judge knows her."""

    id: int
    username: str
    zone: str
    created_at: datetime
    opens: int = 8
    closes: int = 19
    days: str = "12345"
    mails: bool = True
    wishes: dict[str, str] = field(default_factory=dict)
    # Days on which she is on call, weekend or holiday.
    shifts: set[date] = field(default_factory=set)
    left_at: datetime | None = None
    # Who led her, and from when on; 0 for nobody.
    chiefs: list[tuple[datetime, int]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def chief(self) -> int:
        """Who leads her now."""
        return self.chiefs[-1][1]

    def chief_at(self, moment: datetime) -> int:
        """Who led her then."""
        return next((chief for since, chief in reversed(self.chiefs) if since <= moment), 0)

    def open_at(self, moment: datetime) -> bool:
        """Whether she may be written to: reckoned by hand."""
        there = moment.astimezone(ZoneInfo(self.zone))
        if self.nights:
            return self.works(there.date()) if there.hour >= self.opens else there.hour < self.closes and self.works(there.date() - timedelta(days=1))
        return self.works(there.date()) and self.opens <= there.hour < self.closes

    @property
    def nights(self) -> bool:
        """Whether her hours go over midnight."""
        return self.closes < self.opens

    def day_at(self, moment: datetime) -> date:
        """Her day at that moment: in the hours after midnight the one before."""
        there = moment.astimezone(ZoneInfo(self.zone))
        return there.date() - timedelta(days=self.nights and there.hour < self.closes and self.open_at(moment))

    def works(self, day: date) -> bool:
        """Whether she works on that day."""
        return day in self.shifts or (str(day.isoweekday()) in self.days and day not in HOLIDAYS)


class Postbox:
    """A mail server that fails a tenth of the time, is slow now and then, and on which a worker may be killed before or after it has taken a mail."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.taken: list[tuple[datetime, str, str]] = []
        # What was refused for good, and for how many mails it is slow still.
        self.refused: set[str] = set()
        self.slow = 0
        self.tried = self.failed = self.killed_after = 0
        # Whether a mail was taken of which nobody has kept it yet: whoever is killed now, at whatever line, has it sent again.
        self.taken_only = False

    def compose(self, key: str, who: Any, said: Any, names: Any, at: datetime) -> Any:
        """Every twentieth as it is sent, and of the others what is judged: what they say has tests of its own and takes longer than all else."""
        if self.tried % 20 == 0:
            return letter(key, who, said, names, at)
        return {"Message-ID": notices.message_id(key), "To": who.email}

    def send(self, message: Any) -> None:
        """Take a mail, or not."""
        chance, self.tried, at = self.world.random.random(), self.tried + 1, self.world.now
        if self.slow:
            self.slow -= 1
            self.world.meanwhile()
        if chance < 0.1:
            self.failed += 1
            if chance < 0.002:
                self.refused.add(message["Message-ID"])
                raise smtplib.SMTPRecipientsRefused({"x": (550, b"no such person")})
            if chance < 0.02:
                raise ConnectionResetError
            raise smtplib.SMTPDataError(451, b"later")
        if chance > 0.9995:
            raise Killed
        self.taken.append((at, message["Message-ID"], message["To"]))
        self.taken_only = True
        if chance > 0.999:
            raise Killed


class World:
    """The company, its year, and the books about it."""

    def __init__(self, people: int, days: int, seed: int) -> None:
        self.random, self.days, self.size = random.Random(seed), days, people
        self.now = BEGIN
        self.souls: dict[int, Soul] = {}
        self.tasks: dict[int, Task] = {}
        self.retired: dict[str, datetime] = {}
        # Every look at the clock, and whether the worker lived to its end.
        self.ticks: list[tuple[datetime, bool]] = []
        self.due: dict[date, list[int]] = defaultdict(list)
        self.post = Postbox(self)
        # How many statements or lines the worker still has to live; 0: nobody is after it.
        self.bomb = self.lines = 0
        self.stories = self._stories()
        self.chiefs: list[int] = []
        self.parts: set[tuple[int, str, str]] = set()
        self.done = Counter[str]()
        # Half of what is rare falls into the first half of the year, so that a short year has it too.
        self.imports = {self.random.randrange(30, 60), self.random.randrange(100, 180), self.random.randrange(200, 340)}
        self.retires = {self.random.randrange(50, 90), self.random.randrange(120, 190), self.random.randrange(200, 300)}

    def _stories(self) -> list[tuple[str, str]]:
        keys = [row.key for row in db.session.execute(select(ModuleVersion.key).distinct().order_by(ModuleVersion.key))]
        return [(key, story.id) for key in keys for story in module_or_404(key)[1].stories]

    # The company

    def hire(self, many: int) -> None:
        """Those who are there from the beginning; the first of each team leads it."""
        first = (db.session.scalar(select(text("max(id)")).select_from(Person.__table__)) or 0) + 1
        rows: list[dict[str, Any]] = []
        lines: list[dict[str, Any]] = []
        held: list[dict[str, Any]] = []
        for place, number in enumerate(range(first, first + many)):
            name = {"username": f"p{number}", "username_key": f"p{number}", "name": f"P {number}", "name_sort": f"p{number:06}"}
            more = {"email": f"p{number}@example.com", "email_key": f"p{number}@example.com", "job": "adviser", "language": "tr"}
            # They have come in before; who never has is sent no mails.
            rows.append({"id": number, **name, **more, "password_hash": "!", "time_zone": "Europe/Istanbul", "created_at": self.now})
            held.append({"person_id": number, "role": "employee"})
            if place % TEAM == 0:
                self.chiefs.append(number)
                held.append({"person_id": number, "role": "supervisor"})
            else:
                lines.append({"person_id": number, "supervisor_id": self.chiefs[-1], "kind": "direct", "since": self.now})
        for table, found in ((_PERSON, rows), (_HELD, held), (_LINE, lines)):
            db.session.execute(insert(table), found)
        chiefs = {int(line["person_id"]): int(line["supervisor_id"]) for line in lines}
        self._settle({number: (f"p{number}", chiefs.get(number, 0)) for number in range(first, first + many)})

    def _settle(self, found: dict[int, tuple[str, int]]) -> None:
        """Where these people live, when they work and what they wish; each with her user name and who leads her."""
        habits, wishes = [], []
        for number, (username, chief) in found.items():
            soul = self.souls[number] = Soul(number, username, self.random.choice(ZONES), self.now, chiefs=[(self.now, chief)])
            if self.random.random() < 0.3:
                soul.mails = self.random.random() < 0.6
                usual = (soul.opens, soul.closes, soul.days)
                rare = [(6, 14, "12345"), (12, 22, "34567"), (8, 18, "1234567"), (9, 10, "135"), (22, 6, "12345"), (20, 4, "12345")]
                soul.opens, soul.closes, soul.days = self.random.choice(rare) if self.random.random() < 0.5 else usual
                hours = {"opens": soul.opens, "closes": soul.closes, "days": soul.days}
                habits.append({"person_id": number, "mails": soul.mails, **hours, "changed_at": self.now})
            for rule, ways in WISHED.items():
                if self.random.random() < 0.1:
                    soul.wishes[rule] = self.random.choice(ways)
                    wishes.append({"person_id": number, "rule": rule, "frequency": soul.wishes[rule]})
            if self.random.random() < 0.1:
                soul.shifts = {BEGIN.date() + timedelta(days=self.random.randrange(self.days)) for _shift in range(20)}
            db.session.execute(_LIVES, {"number": number, "zone": soul.zone})
        for table, rows in ((HABIT, habits), (WISH, wishes)):
            if rows:
                db.session.execute(insert(table), rows)

    # What happens on a day

    def happen(self, day: int) -> None:
        """The deeds of one day."""
        rng, here = self.random, [soul for soul in self.souls.values() if soul.left_at is None]
        self._finish([self.tasks[made] for made in self.due.pop(self.now.date(), ())])
        given = [
            (soul, self.now.date() + timedelta(days=rng.randrange(1, 26)) if rng.random() < 0.9 else None)
            for soul in rng.sample(here, max(self.size // 200, 2))
        ]
        if day in self.imports:
            # What an import brings along was old before anybody here could know of it.
            given += [(self.souls[number], self.now.date() - timedelta(days=rng.randrange(3, 40))) for number in self._import(here)]
        self._give(given)
        for task in rng.sample(list(self.tasks.values()), min(2, len(self.tasks))):
            if task.done_at is None:
                ended = {"ended_at": self.now, "ended_how": "excused", "ended_why": "Because."}
                db.session.execute(update(ASSIGNMENT).where(ASSIGNMENT.c.id == task.id, ASSIGNMENT.c.ended_at.is_(None)).values(**ended))
                task.done_at = self.now
        for soul in rng.sample(here, max(self.size // 700, 1)):
            if soul.chief and soul.left_at is None:
                self._lead([soul], rng.choice(self.chiefs))
                self.done["moves"] += 1
        if rng.random() < 0.05:
            self._promote(rng.choice(self.chiefs))
        for soul in rng.sample(here, rng.random() < self.size / 4000):
            soul.left_at = self.now
            db.session.execute(update(Person).where(Person.id == soul.id).values(disabled_at=self.now))
        if day in self.retires:
            module = rng.choice([key for key, _story in self.stories if key not in self.retired])
            self.retired[module] = self.now
            db.session.execute(update(ModuleVersion).where(ModuleVersion.key == module).values(retired_at=self.now))

    def _give(self, wanted: list[tuple[Soul, date | None]]) -> None:
        """Something to do for each of these by that date: a role-play, or now and then a whole module."""
        rows = []
        for soul, due in wanted:
            module, story = self.random.choice(self.stories)
            whole = self.random.random() < 0.2
            if module in self.retired:
                continue
            number = len(self.tasks) + 1
            at = self.now + timedelta(microseconds=number)
            what = module if whole else story
            nothing = {"why": "Because.", "accepts_earlier": False, "short": False}
            values = {"id": number, "person_id": soul.id, "kind": "module" if whole else "roleplay", "what": what}
            rows.append(values | nothing | {"given_at": at, "due_on": due})
            self.tasks[number] = Task(number, soul.id, what, module, at, due)
            soul.tasks.append(self.tasks[number])
            late = self.random.choice((-8, -5, -3, -2, -1, 0, 1, 2, 3, 8, 20, 40)) if due is not None else self.random.randrange(60)
            if self.random.random() < 0.9:
                self.due[max((due or self.now.date()) + timedelta(days=late), self.now.date() + timedelta(days=1))].append(number)
        if rows:
            db.session.execute(insert(ASSIGNMENT), rows)

    def _finish(self, tasks: list[Task]) -> None:
        """They are done; with each everything of the same kind she was given before."""
        runs: list[dict[str, Any]] = []
        first: list[dict[str, Any]] = []
        again: list[dict[str, Any]] = []
        nothing = {"seed": 1, "ending": "good", "rank": 3, "criticals": 0, "hard": False, "started_at": self.now, "finished_at": self.now}
        for task in tasks:
            soul = self.souls[task.person]
            if task.done_at is not None or soul.left_at is not None or task.module in self.retired:
                continue
            version, content = module_or_404(task.module)
            if task.what == task.module:
                for part in required_parts(content):
                    known = (soul.id, task.module, part) in self.parts
                    self.parts.add((soul.id, task.module, part))
                    (again if known else first).append({"whose": soul.id, "key": task.module, "what": part, "at": self.now})
            else:
                runs.append({"person_id": soul.id, "version_id": version, "story": task.what, "key": f"s{task.id}", **nothing})
            for other in soul.tasks:
                if other.what == task.what and other.done_at is None:
                    other.done_at = self.now
                    self.done["completions"] += 1
        for statement, rows in ((insert(RUN), runs), (_DO, first), (_DO_AGAIN, again)):
            if rows:
                db.session.execute(statement, rows)

    def _lead(self, people: list[Soul], chief: int) -> None:
        """These are led by somebody else from now on."""
        mine = (ReportingLine.person_id.in_([soul.id for soul in people]), ReportingLine.until.is_(None))
        db.session.execute(update(ReportingLine).where(*mine).values(until=self.now))
        rows = [{"person_id": soul.id, "supervisor_id": chief, "kind": "direct", "since": self.now} for soul in people]
        db.session.execute(insert(_LINE), rows)
        for soul in people:
            soul.chiefs.append((self.now, chief))

    def _promote(self, before: int) -> None:
        """One of a team leads it from now on, and who led it works there."""
        team = [soul for soul in self.souls.values() if soul.chief == before and soul.left_at is None]
        if not team:
            return
        made = self.random.choice(team)
        self.chiefs[self.chiefs.index(before)] = made.id
        insert_once(RoleHeld, {"person_id": made.id, "role": "supervisor"}, ["person_id", "role"])
        db.session.execute(delete(RoleHeld).where(RoleHeld.person_id == before, RoleHeld.role == "supervisor"))
        db.session.execute(update(ReportingLine).where(ReportingLine.person_id == made.id, ReportingLine.until.is_(None)).values(until=self.now))
        made.chiefs.append((self.now, 0))
        self._lead([soul for soul in (*team, self.souls[before]) if soul is not made], made.id)
        self.done["new leaders"] += 1

    def _import(self, here: list[Soul]) -> list[int]:
        """A file of people: some come, some are led by others, some have left. Who is new by it."""
        rng = self.random
        chiefs = [number for number in self.chiefs if self.souls[number].left_at is None]
        new = {f"n{len(self.souls)}x{place}": rng.choice(chiefs) for place in range(max(self.size // 20, TEAM))}
        some = [soul for soul in rng.sample(here, 24) if soul.id not in self.chiefs]
        moved, gone = {soul: rng.choice(chiefs) for soul in some[:12]}, some[12:15]
        lines = ["Kullanıcı Adı;Ad Soyad;E-posta;Görev;Yönetici;Durum"]
        lines += [f"{name};{name};{name}@example.com;adviser;{self.souls[chief].username};aktif" for name, chief in new.items()]
        lines += [f"{soul.username};;;;{self.souls[chief].username};aktif" for soul, chief in moved.items()]
        lines += [f"{soul.username};;;;;ayrıldı" for soul in gone]
        self._apply("\n".join(lines).encode())
        ids = {row.username: row.id for row in db.session.execute(select(Person.id, Person.username).where(Person.username.in_(new)))}
        db.session.execute(update(Person).where(Person.id.in_(list(ids.values()))).values(password_hash="!"))
        self._settle({ids[name]: (name, chief) for name, chief in new.items()})
        for soul, chief in moved.items():
            soul.chiefs.append((self.now, chief))
        for soul in gone:
            soul.left_at = self.now
        self.done["imports"] += 1
        return list(ids.values())

    def _apply(self, body: bytes) -> None:
        one = files.take("people.csv", body, None, self.now)
        files.settle(one, dict(one.reading), one.reading["fields"], one.options)
        db.session.commit()
        check(one.id, self.now, silent)
        db.session.commit()
        found = import_or_404(one.id)
        assert not found.counts.get("refused"), found.counts
        files.ask_to_apply(found, "", 0)
        db.session.commit()
        apply(one.id, self.now, silent)
        db.session.commit()
        assert import_or_404(one.id).state == "applied"

    def meanwhile(self) -> None:
        """While a slow server takes a mail, somebody finishes something that another mail speaks of. No worker does this, so none dies of it."""
        before, self.bomb, self.lines = (self.bomb, self.lines), 0, 10**9
        self.now += timedelta(minutes=2)
        waits = select(NOTICE.c.subject).join(DELIVERY, DELIVERY.c.id == NOTICE.c.delivery_id).where(DELIVERY.c.state == "waiting")
        subjects = db.session.scalars(waits.where(NOTICE.c.subject.startswith("assignment/")).order_by(NOTICE.c.id)).all()
        if subjects:
            self._finish([self.tasks[int(self.random.choice(subjects).removeprefix("assignment/"))]])
            db.session.commit()
            self.done["completions while a mail was under way"] += 1
        self.bomb, self.lines = before

    # The workers

    def tick(self, day: int, put_back: bool = False, other: bool = False) -> None:
        """One look at the clock, by a worker that may be killed at any statement or at any line; sometimes another one looks in between two steps."""
        chance = self.random.random()
        bomb, self.bomb = self.bomb, self.random.randrange(1, 60) if chance < 0.03 else 0
        lines = int(10 ** self.random.uniform(1, 5)) if 0.03 <= chance < 0.06 else 0
        interloper = not other and 0.06 <= chance < 0.14
        whole, began = False, self.now
        if 0.14 <= chance < 0.2:
            self.post.slow = 20
            self.done["looks at a slow server"] += 1
        try:
            # What a killed process had in its head dies with it.
            copy_context().run(self._look_until_killed if lines else self._look, day, put_back, other, interloper, lines)
            whole = not put_back
        except Killed:
            self.post.killed_after += self.post.taken_only
            self.done["workers killed at a line" if lines else "workers killed at a statement or a mail"] += 1
        finally:
            self.post.taken_only, self.post.slow = False, 0
            self.bomb = bomb
            db.session.rollback()
        self.ticks.append((began, whole))

    def _look_until_killed(self, day: int, put_back: bool, other: bool, interloper: bool, lines: int) -> None:
        self.lines = lines
        sys.settrace(self._trace)
        try:
            self._look(day, put_back, other, interloper)
        finally:
            sys.settrace(None)

    def _trace(self, frame: Any, _what: str, _arg: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(SOURCE) else None

    def _line(self, _frame: Any, what: str, _arg: Any) -> Any:
        self.lines -= what == "line"
        if self.lines <= 0:
            raise Killed
        return self._line

    def _look(self, day: int, put_back: bool, other: bool, interloper: bool, _lines: int = 0) -> None:
        """What the worker at work does: the steps of `timetable.py`, each kept before the next."""
        at, owner = self.now, "two" if other else "one"
        rules = [kind.key for kind in notices.kinds if kind.key != "overdue_above" or day >= UPGRADE]
        notices.plan(at, rules)
        interloper = self._keep(day, put_back, interloper)
        for _settled in notices.deliver(at):
            interloper = self._keep(day, put_back, interloper)
        for _step in notices.post(lambda: self.now, owner, self.post, compose=self.post.compose):
            interloper = self._keep(day, put_back, interloper)

    def _keep(self, day: int, put_back: bool, interloper: bool) -> bool:
        db.session.commit()
        self.post.taken_only = False
        if interloper and self.random.random() < 0.4:
            self.done["looks of a second worker in between"] += 1
            self.tick(day, put_back, other=True)
            return False
        return interloper

    def _count_down(self, *_statement: Any) -> None:
        if self.bomb:
            self.bomb -= 1
            if self.bomb == 0:
                raise Killed

    def live(self) -> None:
        """The whole year."""
        engine = db.engine
        event.listen(engine, "before_cursor_execute", self._count_down)
        notices.days_on_duty(self.on_duty)
        try:
            with force_locale("en"):
                self.hire(self.size)
                db.session.commit()
                for day in range(self.days):
                    self._day(day)
                self.bomb = 0
                self._end()
        finally:
            readers._on_duty.remove(self.on_duty)
            event.remove(engine, "before_cursor_execute", self._count_down)

    def on_duty(self, people: Collection[int], first: date, last: date) -> dict[int, set[date]]:
        """On which of these days each of these people is on call."""
        return {number: {day for day in self.souls[number].shifts if first <= day <= last} for number in people if number in self.souls}

    def _end(self) -> None:
        """Two weeks more in which nothing new is told: every mail that waits is to end."""
        for day, hour in product(range(self.days, self.days + 14), (6, 7, 8, 13, 14, 18)):
            self.now = BEGIN + timedelta(days=day, hours=hour)
            try:
                for _step in notices.post(lambda: self.now, "one", self.post, compose=self.post.compose):
                    db.session.commit()
                    self.post.taken_only = False
            except Killed:
                db.session.rollback()
                self.post.killed_after += self.post.taken_only
                self.post.taken_only = False

    def _day(self, day: int) -> None:
        midnight = BEGIN + timedelta(days=day)
        for hour, chance in TICKS:
            looks = self.random.random() < chance * (0.4 if hour == 14 and midnight.weekday() > 4 else 1)
            self.now = midnight + timedelta(hours=hour, minutes=self.random.randrange(3))
            if hour == 6:
                self.happen(day)
                db.session.commit()
            if not looks:
                continue
            self.tick(day)
            if self.random.random() < 0.02:
                # The clock is put back for a moment, and another worker looks at it.
                ahead, self.now = self.now, self.now - timedelta(hours=5)
                self.tick(day, put_back=True, other=True)
                self.done["clocks put back"] += 1
                self.now = ahead


_PERSON, _HELD, _LINE, _PART = (cast(Table, model.__table__) for model in (Person, RoleHeld, ReportingLine, PartDone))
_LIVES = update(_PERSON).where(_PERSON.c.id == bindparam("number")).values(time_zone=bindparam("zone"))
_MOMENT = bindparam("at", type_=_PART.c.last_at.type)
_DO = insert(_PART).values(person_id=bindparam("whose"), module_key=bindparam("key"), part=bindparam("what"), first_at=_MOMENT, last_at=_MOMENT)
_DO_AGAIN = (
    update(_PART)
    .where(_PART.c.person_id == bindparam("whose"), _PART.c.module_key == bindparam("key"), _PART.c.part == bindparam("what"))
    .values(last_at=_MOMENT)
)

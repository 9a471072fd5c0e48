"""The judge of the simulated year: everything that was told, mailed or left untold is looked at with the books of `simulation.py` alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tests.notices.simulation import BEGIN, UPGRADE, Soul, Task, World
from trainee import notices
from trainee.kit.db import db
from trainee.notices.models import DELIVERY, NOTICE, STEP

# How many days late somebody is reminded, and who leads her; the last of them may be told up to a week later.
STEPS = (1, 7, 14, 28)
STEPS_ABOVE = (3, 14)
AFTER = 8
Looks = dict[date, list[datetime]]


@dataclass
class Judge:
    """Judges one year."""

    world: World

    def counts(self) -> dict[str, int]:
        """What came of it; AssertionError for whatever should not have."""
        rows = list(db.session.execute(select(NOTICE).order_by(NOTICE.c.id)))
        steps = db.session.execute(select(STEP.c.notice_id, STEP.c.at, STEP.c.state)).all()
        by_id = {row.id: row for row in rows}
        told = [(by_id[step.notice_id], step.at) for step in steps if step.state == "sent"]
        mailed = [(by_id[step.notice_id], step.at) for step in steps if step.state == "mailed"]
        for found in (told, mailed):
            assert max(Counter(row.id for row, _at in found).values()) == 1, "told twice"
        assert len({(row.rule, row.person_id, row.subject, row.occasion) for row in rows}) == len(rows), "in the ledger twice"
        assert {row.id for row, _at in told} == {row.id for row in rows if row.state in {"sent", "failed"}}, "the history says something else"
        for row, at in (*told, *mailed):
            self._of_one(row, at)
        for row, at in mailed:
            soul = self.world.souls.get(row.person_id)
            if soul is None:
                continue
            assert soul.mails, ("she wished no mails", row.key, at)
            assert soul.wishes.get(row.rule) != "site", ("she wished it in the site only", row.key, at)
        twice = self._of_mails(mailed)
        passed_on = self._of_ends(rows)
        self._of_taken(rows)
        return self._told(rows, told, twice) | {
            "digests passed on to another day": passed_on,
            "overdue steps reminded": self._of_overdue(rows),
            "told to those who lead": self._of_overdue_above(rows),
        }

    def _told(self, rows: list[Any], told: list[Any], twice: int) -> dict[str, int]:
        world, states = self.world, Counter(row.state for row in rows)
        return {
            "people": len(world.souls),
            "of them at night": sum(soul.nights for soul in world.souls.values()),
            "days": world.days,
            "looks at the clock": len(world.ticks),
            "assignments": len(world.tasks),
            "modules retired": sum(at < world.now for at in world.retired.values()),
            "left": sum(soul.left_at is not None for soul in world.souls.values()),
            **dict(sorted(world.done.items())),
            "messages": len(rows),
            "told": len(told),
            "cancelled": states["cancelled"],
            "held back": states["held_back"],
            "mails taken": len(world.post.taken),
            "mails taken after midnight by who works then": self._after_midnight(),
            "tries that failed": world.post.failed,
            "given up": states["failed"],
            "mails taken twice by a kill between yes and note": twice,
        }

    def _after_midnight(self) -> int:
        people = {notices.message_id(row.key): row.person_id for row in db.session.execute(select(DELIVERY.c.key, DELIVERY.c.person_id))}
        found = [(self.world.souls.get(people[key]), at) for at, key, _to in self.world.post.taken]
        return sum(soul is not None and soul.day_at(at) < at.astimezone(ZoneInfo(soul.zone)).date() for soul, at in found)

    def _of_one(self, row: Any, at: datetime) -> None:
        """One message that was told or mailed at `at`."""
        world, soul = self.world, self.world.souls.get(row.person_id)
        if soul is None:
            return
        assert soul.open_at(at), ("outside her hours", row.key, at)
        assert soul.left_at is None or soul.left_at > at, ("she had left", row.key, at)
        if row.subject.startswith("assignment/"):
            task = world.tasks[int(row.subject.removeprefix("assignment/"))]
            about = world.souls[task.person]
            assert task.done_at is None or task.done_at > at, ("it was done", row.key, at)
            assert task.module not in world.retired or world.retired[task.module] > at, ("it was retired", row.key, at)
            assert about.left_at is None or about.left_at > at, ("who is late had left", row.key, at)
            # Where the clock was put back, the move it did not know of had been made all the same.
            leads = {about.chief_at(at), about.chief_at(at + timedelta(hours=5))} if row.rule == "overdue_above" else {about.id}
            assert row.person_id in leads, ("it does not concern her", row.key, at)

    def _of_mails(self, mailed: list[Any]) -> int:
        """Every mail taken once but for kills in between; at most one digest for a person and day; what was mailed was taken."""
        post = self.world.post
        times = Counter(key for _at, key, _to in post.taken)
        twice = sum(many - 1 for many in times.values())
        assert twice <= post.killed_after, "a mail was sent twice"
        rows = {row.id: row for row in db.session.execute(select(DELIVERY.c.id, DELIVERY.c.key, DELIVERY.c.person_id, DELIVERY.c.made_at))}
        assert set(times) <= {notices.message_id(row.key) for row in rows.values()}
        assert all(notices.message_id(rows[row.delivery_id].key) in times for row, _at in mailed)
        # Of one day, by the day on which it was taken: a digest that was put off into the next is none beside that of the next.
        keys, digests = {notices.message_id(row.key): row for row in rows.values()}, defaultdict[tuple[int, date], set[str]](set)
        for at, key, _to in post.taken:
            row = keys[key]
            if not row.key.startswith("notice/") and row.person_id in self.world.souls:
                digests[row.person_id, self.world.souls[row.person_id].day_at(at)].add(key)
        assert max(len(found) for found in digests.values()) == 1, "two digests on one day"
        return twice

    def _of_ends(self, rows: list[Any]) -> int:
        """Every mail has ended, and as the books say; how many digests were passed on to another day."""
        said, passed_on, unknown = _by_mail(rows), 0, 0
        times = {key for _at, key, _to in self.world.post.taken}
        for mail in db.session.execute(select(DELIVERY)):
            key, soul = notices.message_id(mail.key), self.world.souls.get(mail.person_id)
            assert mail.state != "waiting", ("it waits for ever", mail.key, mail.attempts, mail.next_try_at, mail.problem)
            if mail.state == "sent":
                assert key in times, ("nobody took it", mail.key)
            elif mail.state == "failed":
                assert key in self.world.post.refused or mail.attempts + mail.carried >= 6, ("given up too soon", mail.key, mail.problem)
            elif mail.problem == "passed_on":
                # What it said goes with the digest of another day; it may have been taken all the same where its worker was killed then.
                assert not said[mail.id], ("passed on and kept", mail.key)
                passed_on += 1
                unknown += key in times
            elif soul is not None:
                # Where the clock was put back, what happened before was known all the same.
                late = mail.ended_at + timedelta(hours=5)
                gone = soul.left_at is not None and soul.left_at <= late
                assert gone if mail.problem == "left" else mail.problem == "stopped", ("cancelled", mail.key, mail.problem)
                assert gone or all(self._over(row, late) for row in said[mail.id]), ("cancelled though it was so", mail.key, mail.ended_at)
        assert unknown <= self.world.post.killed_after, "taken, and sent once more with the digest of another day"
        return passed_on

    def _of_taken(self, rows: list[Any]) -> None:
        """What the server took, noted or not: in her hours, while she was here, and with something to say that was still so."""
        said = _by_mail(rows)
        mails = {notices.message_id(row.key): row for row in db.session.execute(select(DELIVERY))}
        for at, key, _to in self.world.post.taken:
            mail = mails[key]
            if (soul := self.world.souls.get(mail.person_id)) is not None:
                assert soul.open_at(at), ("taken outside her hours", mail.key, at)
                assert soul.left_at is None or soul.left_at > at, ("taken when she had left", mail.key, at)
                nothing = mail.problem != "passed_on" and all(self._finished(row, at) for row in said[mail.id])
                assert not nothing, ("taken with nothing left to say", mail.key, at)

    def _finished(self, row: Any, at: datetime) -> bool:
        """Whether what a message is about was over by the books; never for what they do not hold."""
        if not row.subject.startswith("assignment/"):
            return False
        task = self.world.tasks[int(row.subject.removeprefix("assignment/"))]
        return self._gone(task, self.world.souls[task.person], at)

    def _over(self, row: Any, at: datetime) -> bool:
        """Whether a message was no longer so; the books tell it of assignments alone."""
        if not row.subject.startswith("assignment/") or self._finished(row, at):
            return True
        task = self.world.tasks[int(row.subject.removeprefix("assignment/"))]
        about = self.world.souls[task.person]
        if row.rule == "assignment_given":
            return at - task.given_at > timedelta(days=14)
        assert task.due is not None
        days = (at.astimezone(ZoneInfo(about.zone)).date() - task.due).days
        if row.rule in {"due_soon", "due_today"}:
            return days >= (row.rule == "due_today")
        following = dict(_followed(STEPS if row.rule == "overdue" else STEPS_ABOVE))[int(row.occasion.rpartition("+")[2])]
        return days >= following or (row.rule == "overdue_above" and row.person_id != about.chief_at(at))

    def _of_overdue(self, rows: list[Any]) -> int:
        """Every step of lateness at which she was still late when it could first be told was told then, and no other was."""
        tasks = [task for task in self.world.tasks.values() if task.due is not None]
        wanted = [(task, step, following, self.world.souls[task.person]) for task in tasks for step, following in _followed(STEPS)]
        return self._compare([row for row in rows if row.rule == "overdue"], wanted, {task.id for task in tasks})

    def _of_overdue_above(self, rows: list[Any]) -> int:
        """The same for who leads her, where that stayed the same meanwhile; the rule came with an upgrade, and was silent about what had been."""
        upgrade, tasks = BEGIN + timedelta(days=UPGRADE), []
        for task in self.world.tasks.values():
            if task.due is not None and datetime.combine(task.due, time(0), UTC) >= upgrade + timedelta(days=3):
                first = datetime.combine(task.due, time(0), UTC)
                chiefs = {self.world.souls[task.person].chief_at(first + timedelta(days=days)) for days in range(-1, STEPS_ABOVE[-1] + AFTER + 1)}
                if len(chiefs) == 1 and (chief := self.world.souls.get(chiefs.pop())) is not None:
                    tasks.append((task, chief))
        wanted = [(task, step, following, chief) for task, chief in tasks for step, following in _followed(STEPS_ABOVE)]
        return self._compare([row for row in rows if row.rule == "overdue_above"], wanted, {task.id for task, _chief in tasks})

    def _compare(self, rows: list[Any], wanted: list[tuple[Task, int, int, Soul]], judged: set[int]) -> int:
        """What was told of these, and when, beside what is reckoned. A worker that was killed had planned and told a part, or nothing: so it is
        reckoned once with such looks at the clock and once without them."""
        told = {
            (row.subject, row.occasion): row.settled_at
            for row in rows
            if row.state in {"sent", "failed"} and int(row.subject.removeprefix("assignment/")) in judged
        }
        reckoned = []
        for looks in (self._looks(whole_only=False), self._looks(whole_only=True)):
            found = {}
            for task, step, following, whom in wanted:
                at = self._reminded(task, step, following, whom, looks)
                if at is not None:
                    found[(f"assignment/{task.id}", f"{task.due}+{step}")] = at
            reckoned.append(found)
        for key, at in told.items():
            moments = [found[key] for found in reckoned if key in found]
            assert moments, ("reminded though it was not due", key, at)
            assert min(moments) <= at <= max(moments) or len(moments) == 1, ("reminded at another time", key, at, moments)
        missing = [key for key in reckoned[0].keys() & reckoned[1].keys() if key not in told]
        assert not missing, ("not reminded", len(missing), missing[0], reckoned[1][missing[0]])
        return len(told)

    def _looks(self, whole_only: bool) -> Looks:
        found: Looks = defaultdict(list)
        for tick, whole in sorted(self.world.ticks):
            if whole or not whole_only:
                found[tick.date()].append(tick)
        return found

    def _reminded(self, task: Task, step: int, following: int, whom: Soul, looks: Looks) -> datetime | None:
        """When that step is told to `whom`: at the first look since the digest that follows it at which she may be written to.

        None when it was old at first sight, when the next step comes before that, or when it is over by then."""
        assert task.due is not None
        there = ZoneInfo(self.world.souls[task.person].zone)
        morning = datetime.combine(task.due + timedelta(days=step), time(0), there)
        if morning < max(task.given_at, whom.created_at):
            return None
        ready = _digest(whom, morning)
        for tick in _after(looks, ready):
            if (tick.astimezone(there).date() - task.due).days >= following or self._gone(task, whom, tick):
                return None
            if tick < ready:
                continue
            next_digest = _digest(whom, tick)
            over = next_digest == tick or next_digest.date() > whom.day_at(tick)
            if whom.open_at(tick) and over:
                return tick
            # She cannot be told now, or the hour of today's digest is still to come.
            ready = next_digest
        return None

    def _gone(self, task: Task, whom: Soul, tick: datetime) -> bool:
        moments = (task.done_at, self.world.souls[task.person].left_at, whom.left_at, self.world.retired.get(task.module))
        return any(moment is not None and moment <= tick for moment in moments)


def _by_mail(rows: list[Any]) -> dict[int, list[Any]]:
    """What each mail was to say."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.delivery_id].append(row)
    return found


def _followed(steps: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return zip(steps, (*steps[1:], steps[-1] + AFTER), strict=True)


def _digest(soul: Soul, at: datetime) -> datetime:
    """Her next digest from `at` on: reckoned by hand."""
    zone = ZoneInfo(soul.zone)
    day = at.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, time(soul.opens if soul.nights else min(max(soul.opens, 9), soul.closes - 1)), zone)
        if soul.works(day) and moment >= at:
            return moment
        day += timedelta(days=1)


def _after(looks: Looks, moment: datetime) -> Iterator[datetime]:
    """The looks at the clock from that moment on, for six weeks."""
    first = moment.astimezone(UTC).date()
    return (tick for ahead in range(42) for tick in looks.get(first + timedelta(days=ahead), ()) if tick >= moment)

"""A million attempts at quizzes as CSV: how fast beside Python's own writer, in how much memory, and how the site answers meanwhile."""

import csv
import io
import itertools
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flask import current_app
from sqlalchemy import insert, select

from bench import sites
from trainee.kit.clock import now
from trainee.kit.db import Base, db, reading
from trainee.kit.i18n import force_locale
from trainee.modules.library import ModuleVersion
from trainee.people.queries import viewer_named
from trainee.reports import background
from trainee.reports.actions import Taken, sheet_of
from trainee.reports.filters import Asked, Filters
from trainee.reports.formats import formats
from trainee.reports.kinds import kinds
from trainee.reports.models import ReportFile

# So many people with so many attempts at each of some modules make a million rows.
PEOPLE, MODULES, TRIES = 50_000, 20, 1
_MANY = 10_000
# The same columns as the report's, as the database's own driver gives them: nothing is looked at, turned or defused.
_PLAIN: Final = """
SELECT p.employee_no, p.name, u.name, t.name, p.job, v.code, v.key, v.number, a.number, a.started_at, a.handed_in_at, a.score, a.passed
FROM quiz_attempt a JOIN person p ON p.id = a.person_id JOIN module_version v ON v.id = a.version_id
LEFT JOIN team t ON t.id = p.team_id LEFT JOIN unit u ON u.id = t.unit_id ORDER BY p.name_sort, p.id, a.module_key, a.number
"""


def fill() -> None:
    """As many people and attempts, written past the actions."""
    tables = Base.metadata.tables
    people, stays, attempts = tables["person"], tables["stay"], tables["quiz_attempt"]
    one = dict(db.session.execute(select(people).where(people.c.team_id.is_not(None)).limit(1)).mappings().one())
    first = 1_000_000
    for begin in range(0, PEOPLE, _MANY):
        numbers = range(first + begin, first + min(begin + _MANY, PEOPLE))
        changed = [{"id": n, "username": f"m{n}", "username_key": f"m{n}", "name": f"Çiğdem İşıkoğlu {n}", "employee_no": f"E{n}"} for n in numbers]
        db.session.execute(insert(people), [one | {"email": None, "email_key": None} | each for each in changed])
        db.session.execute(insert(stays), [{"person_id": n, "team_id": one["team_id"], "since": one["created_at"], "until": None} for n in numbers])
    versions = db.session.execute(select(ModuleVersion.id, ModuleVersion.key).where(ModuleVersion.retired_at.is_(None)).limit(MODULES)).all()
    rows = _attempts(range(first, first + PEOPLE), versions, now())
    while some := list(itertools.islice(rows, _MANY)):
        db.session.execute(insert(attempts), some)
    db.session.commit()


def _attempts(people: range, versions: Any, at: datetime) -> Iterator[dict[str, Any]]:
    for person, (version, key), number in itertools.product(people, versions, range(1, TRIES + 1)):
        begun = at - timedelta(minutes=(person * 7919 + version * 104729 + number * 1299709) % 500_000, seconds=person % 60)
        score = (person * 31 + version * 17 + number * 7) % 101 / 100
        fixed = {"allowed": None, "seed": "s", "drawn": [], "deadline_at": None}
        yield {
            "person_id": person,
            "version_id": version,
            "module_key": key,
            "number": number,
            "started_at": begun,
            "handed_in_at": begun + timedelta(minutes=9),
            "score": score,
            "passed": score >= 0.8,
            **fixed,
        }


def plain(file: Path) -> tuple[int, float]:
    """Python's own csv writer over a raw cursor: rows and seconds of processor time."""
    line = sqlite3.connect(file)
    begun, rows, out = time.process_time(), 0, io.StringIO()
    writer, cursor = csv.writer(out), line.execute(_PLAIN)
    while some := cursor.fetchmany(500):
        writer.writerows(some)
        rows += len(some)
        out.getvalue().encode()
        out.seek(0)
        out.truncate()
    took = time.process_time() - begun
    line.close()
    return rows, took


def ours(username: str, form: str, **filters: str) -> tuple[int, float]:
    """The report as that person gets it, piece by piece: rows and seconds of processor time."""
    who = viewer_named(username)
    assert who is not None
    begun = time.process_time()
    with reading(), force_locale(who.language):
        taken = Taken(
            sheet_of(kinds["attempts"], Asked(who, Filters(**filters), now()), current_app.extensions["trainee"].organisation), formats[form]
        )
        for _piece in taken.pieces:
            pass
        db.session.rollback()
    return taken.rows, time.process_time() - begun


def as_a_job(username: str) -> tuple[int, float, int]:
    """The same as a worker makes and keeps it: rows, seconds, and bytes of the file."""
    who = viewer_named(username)
    assert who is not None
    key = background.order(kinds["attempts"], formats["csv"], Asked(who, Filters(), now()))
    db.session.commit()
    begun = time.perf_counter()
    list(background.make_files(now(), now))
    took = time.perf_counter() - begun
    found = db.session.scalars(select(ReportFile).where(ReportFile.key == key)).one()
    return found.rows, took, found.size


class Visitor(threading.Thread):
    """Somebody who opens a page of the site again and again, and notes how long each takes."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self._port, self._cookie, self._enough = port, cookie, threading.Event()
        self.milliseconds: list[float] = []

    def run(self) -> None:
        """A page every twentieth of a second."""
        while not self._enough.wait(0.05):
            begun = time.perf_counter()
            status = sites.ask(self._port, "GET", "/", self._cookie)[0]
            if status != 200:
                raise SystemExit(f"Today answered with {status} while a file was being made.")
            self.milliseconds.append(1000 * (time.perf_counter() - begun))

    def done(self) -> tuple[float, float, float]:
        """The middle page, the slowest but five of a hundred, and the slowest."""
        self._enough.set()
        self.join()
        times = sorted(self.milliseconds)
        return statistics.median(times), times[int(0.95 * (len(times) - 1))], times[-1]


def memory() -> int:
    """How much memory this process holds now, in bytes."""
    return int(_status("VmRSS"))


def peak() -> int:
    """The most it has held since `forget_peak`."""
    return int(_status("VmHWM"))


def forget_peak() -> None:
    """Begin to measure anew."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _status(name: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024

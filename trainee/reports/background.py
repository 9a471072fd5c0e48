"""Large files: asked for on the site, made by a worker step by step, kept in the database for a day."""

import secrets
import tempfile
import time
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO, Any, Final

from sqlalchemy import delete, insert, select, update

from trainee import notices, people
from trainee.kit.db import db, reading, writing
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import _, force_locale
from trainee.kit.logs import log
from trainee.kit.workers import Stopped, keep, stopping
from trainee.people import Person, Viewer, organisation
from trainee.people.queries import viewer_named
from trainee.reports.actions import Taken, sheet_of
from trainee.reports.filters import Asked, read_filters
from trainee.reports.formats import formats
from trainee.reports.formats.format import Format
from trainee.reports.models import FILE, PIECE, SENDING, ReportFile
from trainee.reports.population import how_many
from trainee.reports.report import Report
from trainee.reports.table import report_of

AT_ONCE: Final = 5_000
"""A table with more rows is not made while its reader waits."""
KEPT: Final = timedelta(hours=24)
KEPT_SENT: Final = timedelta(days=7)
"""So long a file is kept that came by itself: whoever is away for some days still finds it."""
TRIES: Final = 3
_WAITING_EACH = 3
_PIECE = 1 << 20
# How often the page can see how far it is, in seconds.
_TELL_EVERY = 2.0
_OPEN = ("waiting", "working")


class _GivenUp(Exception):
    """Whoever asked for it called it off, or another worker has it."""


# Asking ---------------------------------------------------------------------------------------------------------------------


def order(report: Report, form: Format, asked: Asked) -> str:
    """Write down that somebody wants this as a file, as soon as a worker has time; its key. The same wish that still waits is not written twice."""
    mine = FILE.c.person_id == asked.who.id
    waiting = db.session.execute(select(FILE.c.key, FILE.c.report, FILE.c.format, FILE.c.filters).where(mine, FILE.c.state.in_(_OPEN))).all()
    for row in waiting:
        if (row.report, row.format, row.filters) == (report.key, form.key, report.address(asked)):
            return str(row.key)
    if len(waiting) >= _WAITING_EACH:
        raise Refusal(_("Three files of yours are being made. Please wait for one of them, or call one off."), 422)
    return put_down(report, form, asked).key


def put_down(report: Report, form: Format, asked: Asked) -> ReportFile:
    """Write a file down as one that waits to be made, for whoever asks."""
    file = ReportFile(
        key=secrets.token_urlsafe(24),
        person_id=asked.who.id,
        report=report.key,
        format=form.key,
        filters=report.address(asked),
        seen=None,
        state="waiting",
        owner=None,
        tries=0,
        asked_at=asked.at,
        begun_at=None,
        ended_at=None,
        expires_at=None,
        done=0,
        total=0,
        rows=0,
        size=0,
        why=None,
    )
    db.session.add(file)
    db.session.flush()
    return file


def files_of(who: Viewer, at: datetime) -> list[ReportFile]:
    """The files somebody asked for and that are not gone yet, the newest first."""
    live = FILE.c.expires_at.is_(None) | (FILE.c.expires_at > at)
    return list(db.session.scalars(select(ReportFile).where(ReportFile.person_id == who.id, live).order_by(ReportFile.id.desc())))


def file_or_404(key: str, who: Viewer) -> ReportFile:
    """A file of one's own; NotFound for every other, whether there is one or not."""
    found = db.session.scalar(select(ReportFile).where(ReportFile.key == key, ReportFile.person_id == who.id))
    if found is None:
        raise NotFound
    return found


def require_still(file: ReportFile, who: Viewer, at: datetime) -> tuple[Report, Format]:
    """What it is, when it can be taken now: Refusal where it is not ready or its day is over, Forbidden where she may not see all of it any more."""
    if file.expires_at is not None and file.expires_at <= at:
        raise Refusal(_("This file was kept for its time and is gone. Please ask for it once more."), 410)
    if file.state != "ready":
        raise Refusal(_("This file is not ready."), 422)
    report, form = report_of(file.report, file.filters), formats.get(file.format)
    if report is None or form is None:
        raise NotFound
    report.require(who)
    now_seen = _seen(who)
    if now_seen is not None and (file.seen is None or not set(file.seen) <= set(now_seen)):
        raise Forbidden(_("Since this file was made you answer for fewer people, and it tells of others too. Please ask for it once more."))
    return report, form


def _seen(who: Viewer) -> list[int] | None:
    return None if who.holds("hr", "admin") else sorted(db.session.scalars(people.visible_to(who)))


def pieces_of(file_id: int) -> Iterator[bytes]:
    """The file, piece by piece."""
    for number in db.session.scalars(select(PIECE.c.number).where(PIECE.c.file_id == file_id).order_by(PIECE.c.number)).all():
        data = db.session.scalar(select(PIECE.c.data).where(PIECE.c.file_id == file_id, PIECE.c.number == number))
        if data is not None:
            yield zlib.decompress(data)


def call_off(file: ReportFile, at: datetime) -> None:
    """End it: whoever works on it notices within seconds; what was made is thrown away."""
    db.session.execute(update(FILE).where(FILE.c.id == file.id, FILE.c.state.in_((*_OPEN, "ready"))).values(_ended("cancelled", at)))
    db.session.execute(delete(PIECE).where(PIECE.c.file_id == file.id))


def forget_files(at: datetime) -> int:
    """Delete the files whose day is over; how many there were."""
    gone = list(db.session.scalars(select(FILE.c.id).where(FILE.c.expires_at <= at)))
    db.session.execute(delete(PIECE).where(PIECE.c.file_id.in_(gone)))
    db.session.execute(update(SENDING).where(SENDING.c.file_id.in_(gone)).values(file_id=None))
    db.session.execute(delete(FILE).where(FILE.c.id.in_(gone)))
    return len(gone)


def _ended(state: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {"state": state, "ended_at": at, "expires_at": at + KEPT, "owner": None, **more}


# Making ---------------------------------------------------------------------------------------------------------------------


def make_files(at: datetime, clock: Any) -> Iterator[int]:
    """Make every file that waits, one after the other, and those whose worker ended, which are begun anew. It commits its own steps."""
    while True:
        row = db.session.execute(select(FILE.c.id, FILE.c.tries).where(FILE.c.state.in_(_OPEN)).order_by(FILE.c.id).limit(1)).first()
        db.session.rollback()
        if row is None:
            return
        if row.tries >= TRIES:
            _fail(row.id, clock(), broke_off=True)
        else:
            _Making(row.id, clock).make()
        yield row.id


def _fail(file_id: int, at: datetime, words: str | None = None, *, broke_off: bool = False) -> None:
    """Say that there will be no file, and why; whoever asked is told."""
    row = db.session.execute(select(FILE.c.person_id, Person.language).join(Person, Person.id == FILE.c.person_id).where(FILE.c.id == file_id)).one()
    with force_locale(row.language):
        if broke_off:
            words = _("Making it broke off three times. Please narrow the filters, or tell your administrator.")
        why = words or _("Something went wrong on our side. It was written down; please ask for the file once more.")
    db.session.execute(update(FILE).where(FILE.c.id == file_id, FILE.c.state.in_(_OPEN)).values(_ended("failed", at, why=why)))
    db.session.execute(delete(PIECE).where(PIECE.c.file_id == file_id))
    for kind in ("report_file", "report_sent"):
        notices.tell(kind, [row.person_id], at)
    keep()


class _Making:
    """One file being made. Everything is read in one transaction that only reads, so that a long table is of one moment."""

    def __init__(self, file_id: int, clock: Any) -> None:
        self._id, self._clock, self._owner = file_id, clock, secrets.token_hex(8)
        self._done, self._told_at = 0, time.monotonic()
        self._taken: Taken | None = None

    def make(self) -> None:
        """From the first row to the last; what went wrong stands beside it afterwards."""
        try:
            file = self._take()
            with tempfile.TemporaryFile() as out:
                with reading():
                    size = self._write(file, out)
                    db.session.rollback()
                self._keep_pieces(out, size)
        except _GivenUp:
            db.session.rollback()
        except Stopped:
            db.session.rollback()
            self._put_back()
            raise
        except Refusal as refused:
            db.session.rollback()
            _fail(self._id, self._clock(), str(refused))
        except Exception as problem:  # Whatever it is, the next file may be well, and whoever waits for this one is told.
            db.session.rollback()
            log.exception("report file failed", problem, file=self._id)
            _fail(self._id, self._clock())

    def _take(self) -> Any:
        """Write one's name beside it, and throw away what another left half done."""
        db.session.execute(delete(PIECE).where(PIECE.c.file_id == self._id))
        values = {"state": "working", "owner": self._owner, "tries": FILE.c.tries + 1, "begun_at": self._clock(), "done": 0, "rows": 0}
        self._mine(db.session, values)
        row = db.session.execute(select(FILE, Person.username).join(Person, Person.id == FILE.c.person_id).where(FILE.c.id == self._id)).one()
        keep()
        return row

    def _write(self, file: Any, out: IO[bytes]) -> int:
        who, report, form = viewer_named(file.username), report_of(file.report, file.filters), formats.get(file.format)
        if who is None or report is None or form is None:
            raise _GivenUp
        with force_locale(who.language):
            report.require(who)
            filters, wrong = read_filters(file.filters, report.takes)
            if wrong:
                raise Refusal(" ".join(wrong.values()), 422)
            asked = Asked(who, filters, self._clock(), self._passed)
            self._begin(asked, form, report)
            self._taken = Taken(sheet_of(report, asked, organisation.name()), form)
            return sum(map(out.write, self._taken.pieces))

    def _begin(self, asked: Asked, form: Format, report: Report) -> None:
        total = how_many(report.scoped(asked), once=True) * (form.passes if report.figures else 1)
        self._note({"seen": _seen(asked.who), "total": total})

    def _passed(self, many: int) -> None:
        """So many people more are done: tell it from time to time, and notice whether it is still wanted."""
        self._done += many
        if stopping():
            raise Stopped
        if time.monotonic() - self._told_at >= _TELL_EVERY:
            self._told_at = time.monotonic()
            self._note({"done": self._done, "rows": self._taken.rows if self._taken is not None else 0})

    def _note(self, values: dict[str, Any]) -> None:
        # On a connection of its own: the rows are still being read in the session's transaction.
        with writing(), db.engine.begin() as connection:
            self._mine(connection, values)

    def _mine(self, door: Any, values: dict[str, Any]) -> None:
        """Change its row, if it is still ours."""
        whose = FILE.c.state.in_(_OPEN) if values.get("owner") else (FILE.c.state == "working") & (FILE.c.owner == self._owner)
        if not door.execute(update(FILE).where(FILE.c.id == self._id, whose).values(values)).rowcount:
            raise _GivenUp

    def _keep_pieces(self, out: IO[bytes], size: int) -> None:
        out.seek(0)
        number = 0
        while piece := out.read(_PIECE):
            number += 1
            # First the row, which on PostgreSQL is locked by it: of two who believe to have it only one keeps her pieces.
            self._mine(db.session, {"done": FILE.c.total, "rows": self._rows()})
            db.session.execute(insert(PIECE).values(file_id=self._id, number=number, data=zlib.compress(piece, 1)))
            keep()
        at = self._clock()
        whose, sent = db.session.execute(
            select(FILE.c.person_id, SENDING.c.id).outerjoin(SENDING, SENDING.c.file_id == FILE.c.id).where(FILE.c.id == self._id)
        ).one()
        kept = {} if sent is None else {"expires_at": at + KEPT_SENT}
        self._mine(db.session, _ended("ready", at, size=size, rows=self._rows(), done=FILE.c.total) | kept)
        notices.tell("report_file" if sent is None else "report_sent", [whose], at)
        keep()

    def _rows(self) -> int:
        return self._taken.rows if self._taken is not None else 0

    def _put_back(self) -> None:
        """A worker that is told to stop leaves it as if nobody had begun."""
        mine = (FILE.c.id == self._id, FILE.c.owner == self._owner, FILE.c.state == "working")
        db.session.execute(delete(PIECE).where(PIECE.c.file_id.in_(select(FILE.c.id).where(*mine))))
        db.session.execute(update(FILE).where(*mine).values(state="waiting", owner=None, tries=FILE.c.tries - 1))
        db.session.commit()

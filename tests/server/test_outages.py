"""The worker at work is killed in the middle of a job, PostgreSQL goes away for ten seconds, the disk is full: nothing is lost or done twice, and
everything recovers by itself."""

import asyncio
import json
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from email import message_from_bytes
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from psycopg.errors import DiskFull
from sqlalchemy import delete, func, select, text, update
from werkzeug.datastructures import MultiDict

from tests import postgres
from tests.server.conftest import PASSWORD, PATIENCE, ROOT, Server, Visitor, environment, free_port
from trainee import migrate, notices, plans
from trainee.app import create_app
from trainee.config import Config
from trainee.evidence.models import EVIDENCE
from trainee.kit.clock import now
from trainee.kit.db import db, only_reads, reading
from trainee.kit.jobs import INTERRUPTED, JobRun
from trainee.kit.workers import WorkerLease
from trainee.modules import library
from trainee.modules.library.actions import load_content
from trainee.modules.questions import kind_of
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.quizzes.queries import questions_of
from trainee.notices import Delivery, Notice, NoticeStep
from trainee.notices.actions import wish
from trainee.people import actions as people
from trainee.people.models import Person, SignIn
from trainee.plans import Assignment

pytestmark = [pytest.mark.server, pytest.mark.lasts(270)]

MANY = 100
# So many of them have an address.
MAILED = 25
LEASE = 3
# So many seconds one mail takes; the second where more is to happen before the last of them is taken.
QUICK, SLOW = 0.08, 0.5
# What a job finds due is due before the moment it asks of, which is that of its look.
BEFORE = timedelta(minutes=1)
HANDED_IN = JobRun.job == "close_overdue_quizzes", JobRun.ended_at.is_not(None)


def wait_for(happened: Callable[[], Any], patience: float = PATIENCE, every: float = 0.05) -> Any:
    """What `happened` brings, as soon as it is something."""
    until = time.monotonic() + patience
    while not (found := happened()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(every)
    return found


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One module, whose quiz is counted when it is handed in."""
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(
        ROOT / "content", folder, ignore=lambda place, names: [name for name in names if place.endswith("/modules") and name != "greeting"]
    )
    quiz = folder / "modules/greeting/quiz.yaml"
    quiz.write_text(quiz.read_text(encoding="utf-8").replace("feedback: immediate", "feedback: end"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL of these tests' own, since they kill it."""
    with postgres.server() as running:
        yield running


class Mailbox:
    """A mail server that takes its time, so that whoever is killed is killed with a mail in her hand."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        # How long one mail takes, in seconds.
        self.lasts = QUICK
        # Done when so many have come, before the sender hears that the last of them was taken.
        self.at: tuple[int, Callable[[], None]] | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.lasts)
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"])
        if self.at is not None and len(self.taken) == self.at[0]:
            self.at[1]()
        return "250 taken"


@pytest.fixture(scope="module")
def post_office() -> Iterator[SimpleNamespace]:
    """A real SMTP server."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield SimpleNamespace(box=box, port=port)
    controller.stop()


@pytest.fixture
def box(post_office: SimpleNamespace) -> Mailbox:
    """What it took in this test."""
    found: Mailbox = post_office.box
    found.taken.clear()
    found.lasts = QUICK
    found.at = None
    return found


@pytest.fixture(scope="module")
def small_server() -> Iterator[postgres.Server]:
    """A PostgreSQL on a disk of its own that can be filled."""
    try:
        with postgres.server(megabytes=256) as running:
            yield running
    except postgres.NoSmallDisk as problem:
        pytest.skip(f"no disk can be mounted here ({problem}); what it would show is shown by a PostgreSQL that says it is full")


# Says what PostgreSQL says of a full disk, with its code, while somebody has put a row into `room.full`.
_REFUSING = """
CREATE SCHEMA room;
CREATE TABLE room.full (since timestamptz);
CREATE FUNCTION room.look() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM room.full) THEN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER room BEFORE INSERT ON public.notice_step EXECUTE FUNCTION room.look();
"""


_BALLAST = "INSERT INTO notice_step (notice_id, at, state) SELECT min(id), now(), 'ballast' FROM notice"


class Disk:
    """That of a PostgreSQL: full, or with room. What came of mails can then not be written down, but what fits into pages that are there can."""

    def __init__(self, server: postgres.Server, database: str, small: bool) -> None:
        self.server, self.database, self.small = server, database, small
        self.ballast = server.folder / "data/ballast"
        # Pages of that table count as full with a tenth, so that each of the next rows asks for a new one.
        server.run(database, "ALTER TABLE notice_step SET (fillfactor = 10)" if small else _REFUSING)

    def fill(self) -> None:
        """No room any more."""
        if not self.small:
            self.server.run(self.database, "INSERT INTO room.full VALUES (now())")
            return
        with self.ballast.open("wb", buffering=0) as file, suppress(OSError):
            for piece in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while file.write(b"\0" * piece):
                        pass
        # And none in the page that is begun.
        with suppress(DiskFull):
            for _row in range(200):
                self.server.run(self.database, _BALLAST)

    def free(self) -> None:
        """Room again."""
        if self.small:
            self.ballast.unlink()
            self.server.run(self.database, "DELETE FROM notice_step WHERE state = 'ballast'")
        else:
            self.server.run(self.database, "DELETE FROM room.full")

    def refusals(self) -> int:
        """How often it has said that it is full."""
        return self.server.log().count("No space left on device")


@pytest.fixture(scope="module")
def sites(
    request: pytest.FixtureRequest, content: Path, post_office: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], SimpleNamespace]:
    """Many people, on a database of each kind; made once."""

    @cache
    def made(dialect: str) -> SimpleNamespace:
        folder = tmp_path_factory.mktemp(f"site-{dialect}")
        url = f"sqlite:///{folder / 'trainee.sqlite3'}"
        server: postgres.Server | None = None
        if dialect.startswith("postgresql"):
            server = request.getfixturevalue("small_server" if dialect == "postgresql-full" else "server")
            server.create(name := dialect.replace("-", "_"))
            url = server.url(name)
        settings = {"DATA_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": "s" * 40, "CONTENT_DIR": str(content), "WORKER_LEASE": str(LEASE)}
        settings |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(post_office.port), "SMTP_SECURITY": "none", "COUNTRY": ""}
        settings |= {"MAIL_FROM": "training@mavikapi.example", "BASE_URL": "https://training.mavikapi.example"}
        known = {item.metadata["env"]: name for name, item in Config.__dataclass_fields__.items()}
        mine = {known[name]: value for name, value in settings.items() if name not in {"WORKER_LEASE", "SMTP_PORT"}}
        app = create_app(Config(**mine, smtp_port=post_office.port))
        only_reads(False)
        with app.app_context():
            migrate.upgrade()
            load_content(content, now())
            _hire()
        disk = Disk(server, name, dialect == "postgresql-full") if server is not None and "-" in dialect else None
        return SimpleNamespace(app=app, folder=folder, settings=settings, disk=disk)

    return made


@pytest.fixture
def site(request: pytest.FixtureRequest, sites: Callable[[str], SimpleNamespace]) -> Iterator[SimpleNamespace]:
    """The one of that kind."""
    found = sites(request.param)
    only_reads(False)
    with found.app.app_context():
        yield found
        db.session.remove()
        db.engine.dispose()


def _hire() -> None:
    team = people.make_team("Crew", people.make_unit("Mavikapı").id)
    for number in range(MANY):
        address = f"p{number}@mavikapi.example" if number < MAILED else None
        who = people.add_person(
            username=f"p{number}", name=f"Person {number}", job="adviser", at=now(), email=address, language="en", team_id=team.id
        )
        # Who has never come in is sent no mails.
        who.password_hash = "!"
        # At whatever hour these tests are run, it is one of theirs.
        wish(who.id, mails=True, opens=0, closes=24, days="1234567", frequencies={}, at=now())
    db.session.add_all(notices.NoticeRule(rule=kind.key, began_at=now()) for kind in notices.kinds)
    admin = people.add_person(username="ada", name="Ada Er", job="admin", at=now(), language="en", team_id=team.id, roles=("admin", "employee"))
    people.set_password(admin, PASSWORD, now())
    db.session.commit()


@pytest.fixture
def examined(site: SimpleNamespace) -> list[int]:
    """Everybody is in the middle of a quiz, with one answer."""
    _version, module = library.module_or_404("greeting")
    found = []
    for person_id in db.session.scalars(select(Person.id).where(Person.username != "ada")).all():
        attempt = quizzes.begin(person_id, "greeting", now())
        question = questions_of(module, attempt)[0]
        kind = kind_of(question)
        given = MultiDict(kind.form(question, kind.right(question), attempt.seed))
        quizzes.save_answer(attempt.id, person_id, question.id, given, "en", now())
        found.append(attempt.id)
    db.session.commit()
    return found


@pytest.fixture
def written(site: SimpleNamespace, box: Mailbox) -> list[str]:
    """Everybody was given something: whoever has an address is to be sent a mail, whose Message-IDs these are, the others are still to be told."""
    at, addressed = now(), Person.email.is_not(None)
    ada = db.session.scalar(select(Person.id).where(Person.username == "ada"))
    db.session.execute(update(Assignment).where(Assignment.ended_at.is_(None)).values(ended_at=at, ended_how="withdrawn", ended_why="Over."))
    for whom in (addressed, ~addressed):
        ids = db.session.scalars(select(Person.id).where(whom, Person.id != ada)).all()
        plans.assign_many(ids, plans.Task("module", "greeting"), at=at, given_by_id=ada, why="Because.", due_on=at.date() + timedelta(days=1))
        if whom is addressed:
            for _settled in notices.deliver(at):
                db.session.commit()
    # The timetable may be at work already; nothing is to be sent before the test says so.
    db.session.execute(update(Delivery).where(Delivery.state == "waiting").values(next_try_at=at + timedelta(hours=1)))
    db.session.execute(update(Notice).where(Notice.state == "planned").values(send_at=at + timedelta(hours=1)))
    db.session.commit()
    keys = db.session.scalars(select(Delivery.key).where(Delivery.state == "waiting")).all()
    # Whoever reads here holds the lock of whoever writes.
    db.session.rollback()
    assert len(keys) == MAILED
    return [notices.message_id(key) for key in keys]


def it_is_time_to_tell() -> None:
    """And the jobs that tell the messages and send the mails are due at the next look."""
    db.session.execute(update(Delivery).where(Delivery.state == "waiting").values(next_try_at=now() - BEFORE))
    db.session.execute(update(Notice).where(Notice.state == "planned").values(send_at=now() - BEFORE))
    db.session.execute(delete(JobRun).where(JobRun.job.in_(("deliver_notices", "post_mails"))))
    db.session.commit()


def their_time_is_over() -> None:
    """And the job that hands them in is due at the next look, unless it is at it: a run keeps its row."""
    db.session.execute(update(QuizAttempt).where(QuizAttempt.handed_in_at.is_(None)).values(deadline_at=now() - BEFORE))
    db.session.execute(delete(JobRun).where(*HANDED_IN))
    db.session.commit()


def in_the_middle_of_it(examined: list[int], box: Mailbox) -> None:
    """Mails are being sent, and quizzes handed in."""
    it_is_time_to_tell()
    wait_for(lambda: len(box.taken) >= 3, every=0.005)
    box.lasts = SLOW
    their_time_is_over()

    def begun() -> bool:
        # At the turn of a minute it may have begun before their time was over, and then sees nothing: it is due again when it has ended.
        if not (many := handed_in(examined)) and asked(select(func.count()).where(*HANDED_IN)):
            their_time_is_over()
        return many >= 5

    wait_for(begun, every=0.005)
    box.lasts = QUICK


def every_message_came_once(box: Mailbox, written: list[str], torn: int) -> None:
    """Everybody is told once in the site; each mail came, and at most `torn`, in the hand of one that died, a second time under its Message-ID."""
    waits = (Delivery.state == "waiting",)
    if torn:
        doubtful = (*waits, Delivery.in_hand_at.is_not(None))
        wait_for(lambda: asked(select(func.count()).where(*waits, Delivery.in_hand_at.is_(None))) == 0)
        wait_for(lambda: asked(select(func.count()).where(*doubtful)) <= torn)
        assert len(box.taken) == len(set(box.taken)), "what may have gone is left alone until its lease has run out"
        # As ten minutes later. Whoever has just come to work waits until the other could have said so, and looks again at the next turn of a minute.
        db.session.execute(update(Delivery).where(*doubtful).values(leased_until=now() - BEFORE, next_try_at=now() - BEFORE))
        db.session.execute(delete(JobRun).where(JobRun.job == "post_mails"))
        db.session.commit()
    wait_for(lambda: asked(select(func.count()).select_from(Delivery).where(*waits)) == 0)
    wait_for(lambda: asked(select(func.count()).select_from(Notice).where(Notice.state == "planned")) == 0)
    assert set(box.taken) == set(written)
    assert len(box.taken) - MAILED <= torn
    with reading():
        rows = db.session.execute(select(Notice.key, Notice.state, NoticeStep.state).join(NoticeStep, NoticeStep.notice_id == Notice.id)).all()
        db.session.rollback()
    steps = Counter((key, step) for key, _state, step in rows)
    assert max(steps.values()) == 1
    assert len({key for key, _state, step in rows if step == "sent"}) == len({key for key, _state, _step in rows})


def handed_in(attempts: list[int]) -> int:
    return int(asked(select(func.count()).select_from(QuizAttempt).where(QuizAttempt.id.in_(attempts), QuizAttempt.handed_in_at.is_not(None))))


def receipts(attempts: list[int]) -> list[int]:
    """The attempts that became evidence, once for each time they did."""
    found = [int(receipt.split("/")[1]) for receipt in db.session.execute(select(EVIDENCE.c.receipt)).scalars()]
    db.session.rollback()
    return sorted(number for number in found if number in attempts)


def asked(statement: Any) -> Any:
    """The first value of the first row, from outside of whatever is going on."""
    with reading():
        try:
            return db.session.execute(statement).scalar()
        finally:
            db.session.rollback()


class Worker:
    """`trainee worker` as a process of its own."""

    def __init__(self, settings: dict[str, str]) -> None:
        # A file: a pipe that nobody reads would be full after some minutes of a full disk, and stop it.
        with ExitStack() as opened:
            self.errors = opened.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            self.ends = opened.pop_all()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "trainee", "worker"],
            cwd=ROOT,
            env=environment(**settings, LOG_LEVEL="error"),
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def ready(self) -> str:
        """Its first line, which says whether it is at work."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def said(self) -> str:
        """The errors it has told."""
        self.errors.seek(0)
        return self.errors.read()

    def end(self, how: signal.Signals) -> int:
        """Send it that signal and wait for its end."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def in_hand(both: list[Worker]) -> dict[str, Worker]:
    """The mails, by Message-ID, that wait in the hand of one of these."""
    with reading():
        rows = db.session.execute(select(Delivery.key, Delivery.owner).where(Delivery.state == "waiting", Delivery.in_hand_at.is_not(None))).all()
        db.session.rollback()
    return {notices.message_id(row.key): one for row in rows for one in both if f"/{one.process.pid}/" in row.owner}


def is_at_work(one: Worker) -> bool:
    return f"/ {one.process.pid} /" in asked(select(WorkerLease.holder))


def post_now() -> None:
    """The job that sends the mails is due at the next look."""
    db.session.execute(delete(JobRun).where(JobRun.job == "post_mails"))
    db.session.commit()


@contextmanager
def workers(site: SimpleNamespace, many: int) -> Iterator[list[Worker]]:
    """So many workers, ready; whoever still runs afterwards is ended politely."""
    started = [Worker(site.settings) for _one in range(many)]
    try:
        said = [one.ready() for one in started]
        # On a slow machine the lease of the first may have run out before the second was there.
        assert any(line.startswith("At work") for line in said), said
        yield started
    finally:
        for one in started:
            if one.process.poll() is None:
                code = one.end(signal.SIGTERM)
                assert code == 0, one.said()
            assert one.process.stdout is not None
            one.process.stdout.close()
            one.ends.close()


@pytest.mark.parametrize("site", ["sqlite", "postgresql"], indirect=True)
def test_the_worker_at_work_is_killed_in_mid_job_and_another_ends_it_with_nothing_lost_or_doubled(site, examined, written, box):
    with workers(site, 2) as both:
        in_the_middle_of_it(examined, box)
        holder = asked(select(WorkerLease.holder))
        [victim] = [one for one in both if f"/ {one.process.pid} /" in holder]
        [other] = [one for one in both if one is not victim]
        assert victim.end(signal.SIGKILL) == -signal.SIGKILL
        killed_at, before = time.monotonic(), handed_in(examined)
        assert 0 < before < MANY, "it was killed in the middle"
        assert len(box.taken) < MAILED, "with mails still to be sent"
        wait_for(lambda: handed_in(examined) == MANY)
        assert time.monotonic() - killed_at < 60
        assert f"/ {other.process.pid} /" in asked(select(WorkerLease.holder))
        wait_for(lambda: asked(select(func.count()).where(*HANDED_IN)) >= 2)
        every_message_came_once(box, written, torn=1)
    told = db.session.execute(select(JobRun.error).where(JobRun.job == "close_overdue_quizzes").order_by(JobRun.id)).scalars().all()
    assert INTERRUPTED in told
    assert told[-1] is None
    assert receipts(examined) == sorted(examined)


def get(visitor: Visitor, path: str) -> Any:
    """A page, on a new connection where the old one was cut."""
    visitor.hang_up()
    return visitor.ask("GET", path)


def sentence(body: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def web(site: SimpleNamespace) -> Iterator[Server]:
    """The site with its timetable beside it."""
    running = Server(site.folder, **{key: value for key, value in site.settings.items() if key != "DATA_DIR"})
    try:
        running.start()
        yield running
    finally:
        if running.process is not None and running.process.poll() is None:
            assert running.stop(signal.SIGTERM) == 0
            assert asked(select(WorkerLease.until)) == 0, "whoever waits takes over at once"


@pytest.fixture
def visitor(web: Server) -> Iterator[Visitor]:
    """Ada, signed in."""
    found = Visitor(web.port)
    # For the pages that cannot know who is looking.
    found.says = {"Accept-Language": "en"}
    found.sign_in("ada")
    yield found
    found.hang_up()


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_postgresql_is_killed_for_ten_seconds_and_everything_recovers_by_itself(site, server, visitor, examined, written, box):
    token = visitor.token("/me")
    assert get(visitor, "/timetable").status == 200
    in_the_middle_of_it(examined, box)
    before, sent = handed_in(examined), len(box.taken)
    db.session.remove()
    server.kill()
    away_until, cookies = time.monotonic() + 10, dict(visitor.cookies)
    try:
        health = get(visitor, "/healthz")
        assert (health.status, json.loads(health.body)["database"]) == (503, "unreachable")
        for path in ("/", "/learn", "/timetable"):
            began = time.monotonic()
            answer = get(visitor, path)
            assert answer.status == 503
            assert "The database is busy or out of reach just now." in sentence(answer.body)
            assert "Traceback" not in answer.body
            assert time.monotonic() - began < 8
        assert visitor.ask("POST", "/language", {"csrf_token": token, "language": "tr", "next": "/me"}).status == 503
        visitor.cookies.clear()
        assert get(visitor, "/sign-in").status == 200, "it needs no database"
    finally:
        time.sleep(max(0.0, away_until - time.monotonic()))
        server.start()
    visitor.cookies.update(cookies)
    wait_for(lambda: get(visitor, "/healthz").status == 200)
    assert get(visitor, "/timetable").status == 200
    db.engine.dispose()
    # The worker beside the site is at work again, and what it was torn out of is done, once.
    wait_for(lambda: handed_in(examined) == MANY)
    assert before < MANY, "it was killed in the middle"
    assert sent < MAILED, "with mails still to be sent"
    assert receipts(examined) == sorted(examined)
    every_message_came_once(box, written, torn=0)


def limit(worker: Worker, size: int | None) -> None:
    """Whatever it writes beyond so many bytes of a file is refused by the system, as by a full disk; None: nothing is."""
    hard = resource.prlimit(worker.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(worker.process.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_the_work_changes_hands_on_a_full_disk_and_no_mail_goes_twice(site, written, box):
    """Its worker has sent a mail and cannot write it down; there is room for another before it is there for this one."""
    with workers(site, 2) as both:
        box.at = 3, lambda: [limit(one, 4096) for one in both]
        it_is_time_to_tell()
        wait_for(lambda: len(box.taken) == 3, every=0.005)
        wait_for(lambda: asked(select(WorkerLease.until)) < time.time())
        [(doubtful, first)] = in_hand(both).items()
        assert doubtful == box.taken[2]
        [second] = [one for one in both if one is not first]
        limit(second, None)
        wait_for(lambda: is_at_work(second))
        post_now()
        wait_for(lambda: len(box.taken) > 5)
        assert in_hand(both)[doubtful] is first
        limit(first, None)
        every_message_came_once(box, written, torn=0)


@pytest.mark.parametrize("site", ["postgresql-full", "postgresql-refusing"], indirect=True)
def test_postgresql_s_disk_is_full_while_mails_go_and_the_work_changes_hands_and_none_goes_twice(site, written, box):
    """On a disk that is really full, where the machine can mount one; and where PostgreSQL says so by itself."""
    with workers(site, 2) as both:
        box.at = 3, site.disk.fill
        it_is_time_to_tell()
        wait_for(lambda: box.taken[2:] and box.taken[2] in in_hand(both))
        first = in_hand(both)[box.taken[2]]
        [second] = [one for one in both if one is not first]
        refused = site.disk.refusals()
        wait_for(lambda: site.disk.refusals() >= refused + 3)

        def changed_hands() -> bool:
            # As if it could not renew its lease: whoever comes first is next.
            if not is_at_work(second):
                db.session.execute(update(WorkerLease).values(holder="nobody", until=0))
                db.session.commit()
                return False
            return True

        wait_for(changed_hands, every=1.5)
        post_now()
        # A disk that is really full may still have a page here and there; else two are written down, and each has one that it remembers.
        refused = site.disk.refusals()
        wait_for(lambda: site.disk.refusals() >= refused + 6)
        assert len(box.taken) == len(set(box.taken))
        assert site.disk.small or len(box.taken) <= 4, "nothing else is sent"
        site.disk.free()

        def sent() -> bool:
            # What was leased again and again would wait for minutes.
            db.session.execute(update(Delivery).where(Delivery.state == "waiting", Delivery.in_hand_at.is_(None)).values(next_try_at=now() - BEFORE))
            post_now()
            return len(box.taken) >= MAILED

        wait_for(sent, every=3)
        every_message_came_once(box, written, torn=0)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_in_a_sentence_pages_are_read_and_it_goes_on_when_there_is_room(site, web, visitor, examined, written, box):
    """A limit on the size of files, set on the running server: whatever would make one longer is refused by the system, as by a full disk."""
    assert web.process is not None
    assert get(visitor, "/timetable").status == 200
    token = visitor.token("/me")
    before = asked(text("SELECT language FROM person WHERE username = 'ada'"))
    pid, unlimited = web.process.pid, resource.prlimit(web.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))
    it_is_time_to_tell()
    their_time_is_over()
    try:
        for path in ("/", "/learn", "/me", "/timetable", "/healthz"):
            assert get(visitor, path).status == 200, path
        answer = visitor.ask("POST", "/language", {"csrf_token": token, "language": "tr", "next": "/me"})
        assert answer.status == 503, answer.body[-300:]
        assert "Nothing can be saved just now, because the disk is full." in sentence(answer.body)
        assert "Traceback" not in answer.body
        assert asked(text("SELECT language FROM person WHERE username = 'ada'")) == before
        # Also for whoever was not seen for long, which cannot be noted.
        db.session.execute(update(SignIn).values(seen_at=now() - timedelta(hours=1)))
        db.session.commit()
        assert get(visitor, "/me").status == 200
        assert handed_in(examined) == 0
        assert box.taken == [], "what could not be noted is not sent"
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    wait_for(lambda: visitor.ask("POST", "/language", {"csrf_token": token, "language": "tr", "next": "/me"}).status == 303)
    assert asked(text("SELECT language FROM person WHERE username = 'ada'")) == "tr"
    wait_for(lambda: handed_in(examined) == MANY)
    assert receipts(examined) == sorted(examined)
    every_message_came_once(box, written, torn=0)
    assert asked(text("PRAGMA integrity_check")) == "ok"

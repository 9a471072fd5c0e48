"""The demonstration company in a folder, copies of it with more history and more people, and answers that wait to be sent."""

import io
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import xlsxwriter
from flask import Flask, current_app, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import ColumnElement, Table, func, insert, null, select, text, true

from trainee import config as configuration
from trainee import demo, migrate, timetable
from trainee.app import create_app
from trainee.kit.clock import now
from trainee.kit.db import Base, db
from trainee.kit.jobs import JobRun
from trainee.modules import library, pace
from trainee.modules.library.actions import load_content
from trainee.modules.questions import kind_of
from trainee.modules.questions.kind import as_multi
from trainee.modules.quizzes import actions as quizzes
from trainee.modules.quizzes.queries import answers_of, questions_of, shown_as
from trainee.people import actions as people
from trainee.people.models import Person
from trainee.profile import calibrations

_SERVES = Person.disabled_at.is_(None) & Person.team_id.is_not(None)


def build(folder: Path) -> None:
    """The company as it is on the first day."""
    app = create_app(configuration.Config(data_dir=str(folder)))
    with app.app_context():
        migrate.upgrade()
        load_content(configuration.content_dir(app.extensions["trainee"]), now())
        db.session.commit()
        demo.build(now())
        let_the_night_pass()
        # Who closes the database last brings all of it into its one file, so that a copy of the folder is whole.
        leave()


def copied(folder: Path, to: Path) -> Flask:
    """The company once more, in a folder of its own."""
    shutil.copytree(folder, to)
    _FIRST.clear()
    return create_app(configuration.Config(data_dir=str(to)))


def let_the_night_pass() -> None:
    """As if what is done at night had been done: what a page costs is measured by day."""
    at, zone = now(), current_app.extensions["trainee"].default_time_zone
    for job in timetable.JOBS:
        db.session.add(JobRun(job=job.key, slot=job.slot(at, zone), started_at=at, ended_at=at))
    db.session.commit()


def leave() -> None:
    """Let go of the database, so that another process has it for itself."""
    db.session.remove()
    db.engine.dispose()


def events() -> int:
    """Rows in the log of evidence."""
    return int(db.session.execute(text("SELECT count(*) FROM evidence")).scalar_one())


def grow(times: int) -> None:
    """So many times everything people did, each copy half a year before the one after it. Written past the actions, which would take an hour."""
    attempt, answer, run, move, evidence = (
        Base.metadata.tables[name] for name in ("quiz_attempt", "quiz_answer", "role_play_run", "role_play_move", "evidence")
    )
    for copy in range(1, times):
        # What is still open is not copied: nobody has ten quizzes open.
        ended, over = attempt.c.handed_in_at.is_not(None), run.c.finished_at.is_not(None)
        attempts = _copied(attempt, copy, ended, number=attempt.c.number + 100 * copy, allowed=null())
        _copied(answer, copy, answer.c.attempt_id.in_(select(attempt.c.id).where(ended)), attempt_id=answer.c.attempt_id + attempts)
        runs = _copied(run, copy, over, key=run.c.key + f"-{copy}", replay_of=null())
        _copied(move, copy, move.c.run_id.in_(select(run.c.id).where(over)), run_id=move.c.run_id + runs)
        _copied(evidence, copy, true(), receipt=evidence.c.receipt + f"-{copy}", retracts_id=null())
    db.session.commit()


def crowd(times: int) -> None:
    """So many times as many people, with the same histories."""
    person, evidence = (Base.metadata.tables[name] for name in ("person", "evidence"))
    _FIRST.clear()
    for copy in range(1, times):
        name = person.c.username + f"-{copy}"
        people = _copied(person, copy, true(), 0, username=name, username_key=name, email=null(), email_key=null(), employee_no=null())
        _copied(evidence, copy, true(), 0, person_id=evidence.c.person_id + people, receipt=evidence.c.receipt + f"-of-{copy}", retracts_id=null())
        # What the pages of a line ask of a person besides.
        for table in (Base.metadata.tables[each] for each in ("role_held", "part_done", "assignment", "quiz_attempt", "role_play_run", "review_set")):
            mine = {"person_id": table.c.person_id + people} | ({"replay_of": null()} if table.name == "role_play_run" else {})
            _copied(table, copy, table.c.person_id <= people // copy, 0, **mine)
    db.session.commit()


def people_serving() -> int:
    """How many work in a team."""
    return int(db.session.execute(select(func.count()).select_from(Person).where(_SERVES)).scalar_one())


def _copied(table: Table, copy: int, which: ColumnElement[bool], days: int = 183, **changed: Any) -> int:
    """Copy those of the rows that were there at first, so many days earlier for each copy; how far the copies' ids lie from the first ones'."""
    columns: dict[str, Any] = {}
    last = 0
    if "id" in table.c:
        last = _FIRST.setdefault(table.name, db.session.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one())
        columns["id"] = table.c.id + last * copy
        which &= table.c.id <= last
    for column in table.c:
        if column.name.endswith("_at"):
            columns[column.name] = func.strftime("%Y-%m-%d %H:%M:%f000", column, f"-{days * copy} days", type_=column.type)
        elif column.name != "id":
            columns[column.name] = changed.get(column.name, column)
    db.session.execute(insert(table).from_select(list(columns), select(*columns.values()).where(which)))
    return int(last * copy)


_FIRST: dict[str, int] = {}


def supervisor_of(many: int) -> str:
    """Somebody new who leads so many people; her user name. The password is the demonstration's."""
    username = f"leads.{many}"
    who = people.add_person(username=username, name=f"Leads {many}", job="manager", at=now(), roles=("supervisor",))
    people.set_password(who, demo.PASSWORD, now())
    serving = select(Person).where(_SERVES, Person.id != who.id).order_by(Person.id).limit(many)
    for person in db.session.scalars(serving):
        people.supervise(person, who, now(), kind="dotted")
    db.session.commit()
    return username


def rebuild() -> None:
    """Fold the whole log anew, as `trainee profile rebuild` does."""
    for _progress in calibrations.rebuild(now()):
        db.session.commit()
    db.session.commit()


def answers(app: Flask, rng: random.Random) -> list[list[Any]]:
    """A request for every question of a new attempt of every employee at every quiz, in a mixed order, as the form would send it."""
    found = []
    with app.app_context():
        employees = db.session.execute(select(Person).where(Person.disabled_at.is_(None)).order_by(Person.id)).scalars().all()
        for person in employees:
            cookie, token = _cookie(app, person)
            for module_key in library.current_versions():
                found += [[*request, cookie, {}] for request in _of_attempt(person.id, module_key, token, rng)]
        db.session.commit()
        db.session.remove()
    rng.shuffle(found)
    return found


def _of_attempt(person_id: int, module_key: str, token: str, rng: random.Random) -> Iterator[list[str]]:
    attempt = quizzes.begin(person_id, module_key, now())
    quiz = library.module(attempt.version_id)
    known = answers_of(attempt.id)
    shown = pace.stamp(shown_as(attempt.id), now())
    for question in questions_of(quiz, attempt):
        if question.id in known:
            continue
        kind = kind_of(question)
        answer = kind.right(question) if rng.random() < 0.6 else kind.guess(question, rng)
        fields = [("csrf_token", token), ("key", f"{rng.getrandbits(64):016x}"), ("turn", "0"), ("shown", shown), ("confidence", "fairly")]
        form = urlencode(fields + as_multi(kind.form(question, answer, attempt.seed)))
        yield ["POST", f"/quiz-attempts/{attempt.id}/answers/{question.id}", form]


def _cookie(app: Flask, person: Person) -> tuple[str, str]:
    """The cookie of a sign-in of that person and a token for its forms; a hundred people at the form would wait for the throttle."""
    sign_in = people.open_sign_in(person.id, person.username, "bench", True, now())
    # A context of its own: the token is remembered for as long as one lasts.
    with app.app_context(), app.test_request_context("/"):
        session["_user_id"], session["_fresh"] = sign_in, True
        token = generate_csrf()
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"session={serializer.dumps(dict(session))}", token


_FIRST_NAMES = ("Ayşe", "Fatma", "Çiğdem", "Mehmet", "Ali", "İpek", "Gökhan", "Şule", "Ömer", "Işıl")
_LAST_NAMES = ("Yılmaz", "Kaya", "İşıkoğlu", "Öztürk", "Şahin", "Çelik", "Aydın", "Güneş")
_HEADINGS = ("Sicil No", "Adı", "Soyadı", "E-posta", "Unvan", "Ekip", "Departman", "Yönetici Sicil No", "İşe Giriş Tarihi", "Durum")


def personnel(many: int, moved: int = 0) -> Iterator[list[str]]:
    """So many people of a large organisation, twenty in a team, under one another; `moved` teams further than the first time."""
    rng = random.Random(1)
    for number in range(many):
        team = (number // 20 + moved) % (many // 20)
        above = f"{number // 20:06}" if number >= 20 else ""
        day = f"{1 + number % 28:02}.{1 + number % 12:02}.20{10 + number % 15}"
        name = [rng.choice(_FIRST_NAMES), rng.choice(_LAST_NAMES)]
        yield [f"{number:06}", *name, f"kisi{number}@mavikapi.example", "Temsilci", f"Ekip {team}", f"Bölüm {team // 20}", above, day, "Aktif"]


def personnel_csv(many: int) -> bytes:
    """As a Turkish Excel writes it."""
    return "\r\n".join(";".join(row) for row in (_HEADINGS, *personnel(many))).encode("cp1254")


def personnel_workbook(many: int) -> bytes:
    """The same people, each in another team."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((_HEADINGS, *personnel(many, moved=1))):
            sheet.write_row(place, 0, row)
    return out.getvalue()

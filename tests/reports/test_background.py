"""Large files: made by a worker, taken by whoever asked for them, and by nobody else."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select, update

from tests.reports.test_reports import exports, taken
from trainee import notices
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.workers import Stopped, Worker, working
from trainee.notices import Notice, planning
from trainee.people import Person
from trainee.people.actions import set_roles, supervise
from trainee.reports import background
from trainee.reports.models import FILE, ReportFile, ReportPiece


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(background, "AT_ONCE", 3)
    monkeypatch.setattr(background, "_PIECE", 700)
    monkeypatch.setattr(background, "_TELL_EVERY", 0.0)
    # Also on a Friday evening and before holidays a message is written down at once.
    monkeypatch.setattr(planning, "LOOK_AHEAD", timedelta(days=30))


def the_file() -> ReportFile:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(ReportFile)).one()


def pieces() -> int:
    return db.session.scalar(select(func.count()).select_from(ReportPiece)) or 0


def asked(client, form: str = "csv_plain") -> str:
    answer = taken(client, "skills_matrix", form=form)
    assert answer.status_code == 303
    return answer.location


def make() -> None:
    list(background.make_files(now(), now))
    db.session.rollback()


def test_a_long_table_is_made_beside_the_site_and_is_the_same_file(cast, as_, monkeypatch):
    notices.plan(now())
    db.session.commit()
    client = as_(cast.ela)
    place = asked(client)
    assert asked(client) == place, "the same wish twice is one file"
    page = client.get(place).text
    assert "begins within a minute" in page and "data-waiting" in page
    assert exports() == []
    make()
    found = the_file()
    assert (found.state, found.tries, found.done) == ("ready", 1, found.total)
    assert found.total == len(vars(cast)) and pieces() > 1
    page = client.get(place).text
    assert "It is ready: 13 rows" in page and "data-waiting" not in page
    assert "Skills matrix" in client.get("/reports/files").text
    file = client.post(f"{place}/file")
    monkeypatch.setattr(background, "AT_ONCE", 100)
    assert file.data == taken(client, "skills_matrix", form="csv_plain").data
    assert len(file.data) == found.size
    assert [(one.door, one.rows) for one in exports()] == [("site, made beside it", 13), ("site", 13)]
    told = db.session.scalars(select(Notice).where(Notice.rule == "report_file")).one()
    assert (told.person_id, told.reason["rows"]) == (cast.ela, 13)


def test_a_file_is_for_whoever_asked_and_for_a_day(cast, as_):
    ela = as_(cast.ela)
    place = asked(ela)
    make()
    for other in (cast.ada, cast.chloe):
        for answer in (as_(other).get(place), as_(other).post(f"{place}/file"), as_(other).post(f"{place}/cancel")):
            assert answer.status_code == 404
    assert ela.get("/reports/files/guessed").status_code == 404
    assert ela.post("/reports/files/1/file").status_code == 404
    assert exports() == [] and the_file().state == "ready"
    db.session.execute(update(FILE).values(expires_at=now()))
    db.session.commit()
    assert ela.post(f"{place}/file").status_code == 410
    assert "is gone" in ela.get(place).text
    assert background.forget_files(now()) == 1
    db.session.commit()
    assert ela.get(place).status_code == 404 and pieces() == 0
    assert exports() == []


def test_rights_are_asked_again_when_a_file_is_opened(cast, as_, at):
    hana, ela = as_(cast.hana), as_(cast.ela)
    supervise(*(db.session.get_one(Person, one) for one in (cast.gus, cast.hana)), at)
    db.session.commit()
    places = asked(hana), asked(ela)
    make()
    assert hana.post(f"{places[0]}/file").status_code == 200
    supervise(*(db.session.get_one(Person, one) for one in (cast.gus, cast.dev)), now())
    set_roles(db.session.get_one(Person, cast.ela), ["employee", "supervisor"], now(), cast.ada)
    db.session.commit()
    refused = hana.post(f"{places[0]}/file")
    assert refused.status_code == 403 and "answer for fewer people" in refused.text
    assert ela.post(f"{places[1]}/file").status_code == 403
    assert len(exports()) == 1


class Clock:
    """Tells the time, and does something once when it is asked for the `nth` time: in the middle of making a file."""

    def __init__(self, nth, deed):
        self.left, self.deed = nth, deed

    def __call__(self):
        self.left -= 1
        if self.left == 0:
            self.deed()
        return now()


def called_off_beside(app):
    """Calls the file off as a web server beside the worker would: with a transaction of its own."""

    def press():
        with app.app_context():
            background.call_off(db.session.scalars(select(ReportFile)).one(), now())
            db.session.commit()

    def done():
        one = Thread(target=press)
        one.start()
        one.join()

    return done


class Killed(BaseException):
    """What a worker that is killed leaves undone."""


def kill():
    raise Killed


def make_and_die() -> None:
    with pytest.raises(Killed):
        list(background.make_files(now(), Clock(2, kill)))
    db.session.remove()


def test_what_is_called_off_in_the_middle_leaves_nothing(app, cast, as_):
    client = as_(cast.ela)
    place = asked(client)
    list(background.make_files(now(), Clock(2, called_off_beside(app))))
    assert (the_file().state, pieces()) == ("cancelled", 0)
    assert "called off" in client.get(place).text
    assert client.post(f"{place}/file").status_code == 422
    place = asked(client)
    make()
    assert client.post(f"{place}/cancel").status_code == 303
    assert (client.post(f"{place}/file").status_code, pieces()) == (422, 0)


def test_what_a_killed_worker_left_is_done_again_and_told_as_failed_after_three(cast, as_):
    notices.plan(now())
    db.session.commit()
    client = as_(cast.ela)
    place = asked(client)
    make_and_die()
    assert (the_file().state, the_file().tries) == ("working", 1)
    assert "It is being made" in client.get(place).text
    make()
    assert (the_file().state, the_file().tries) == ("ready", 2)
    db.session.execute(update(FILE).values(state="waiting", tries=0, expires_at=None, ended_at=None))
    db.session.commit()
    for _times in range(3):
        make_and_die()
    make()
    assert (the_file().state, pieces()) == ("failed", 0)
    assert "broke off three times" in client.get(place).text
    told = list(db.session.scalars(select(Notice.reason).where(Notice.rule == "report_file").order_by(Notice.id)))
    assert [one["state"] for one in told] == ["ready", "failed"]


def test_of_two_workers_only_the_one_that_has_it_keeps_her_pieces(cast, as_):
    asked(as_(cast.ela))
    list(background.make_files(now(), Clock(2, make)))
    found = the_file()
    assert (found.state, found.tries) == ("ready", 2)
    assert b"".join(background.pieces_of(found.id)).count(b"\r\n") == 14


def test_a_worker_that_is_told_to_stop_leaves_it_for_the_next(cast, as_):
    asked(as_(cast.ela))
    worker = Worker()
    assert worker.hold()
    with working(worker), pytest.raises(Stopped):
        list(background.make_files(now(), Clock(2, worker.stopping.set)))
    assert (the_file().state, the_file().tries, pieces()) == ("waiting", 0, 0)


def test_three_files_at_a_time_are_enough(cast, as_, at):
    client = as_(cast.ela)
    for form in ("xlsx", "csv", "csv_plain"):
        assert taken(client, "skills_matrix", form=form).status_code == 303
    assert taken(client, "skills_matrix", form="json").status_code == 422


def test_what_goes_wrong_is_told_without_its_words(cast, as_):
    client = as_(cast.ela)
    place = asked(client)
    db.session.execute(update(FILE).values(filters={"team": "4711"}))
    db.session.commit()
    make()
    assert "Team: “4711” is nothing we know." in client.get(place).text
    place = asked(client)

    def break_it():
        raise ZeroDivisionError("secret")

    list(background.make_files(now(), Clock(2, break_it)))
    page = client.get(place).text
    assert "Something went wrong on our side" in page and "secret" not in page

"""Starting and stopping: what cannot work is told in a sentence, what runs is finished, and beginning again keeps what is there."""

import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.server.conftest import CREW, PASSWORD, ROOT, Answer, Server, Visitor, content_with, environment, trainee
from trainee.kit.db import db
from trainee.kit.jobs import JobRun
from trainee.kit.workers import WorkerLease

pytestmark = [pytest.mark.server, pytest.mark.lasts(100)]


def told_in_a_sentence(ended: subprocess.CompletedProcess[str], *words: str) -> bool:
    """Exit code 1, one sentence with those words, and no traceback."""
    assert ended.returncode == 1, ended
    assert "Traceback" not in ended.stdout + ended.stderr
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, lines
    assert all(word in lines[0] for word in words), lines
    return True


def test_a_port_in_use_is_named_with_another_to_take(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert told_in_a_sentence(trainee("run", DATA_DIR=str(tmp_path), PORT=str(port)), f"Port {port} is in use", "choose another port")


def test_an_address_of_another_machine_is_named(tmp_path):
    assert told_in_a_sentence(trainee("run", DATA_DIR=str(tmp_path), HOST="203.0.113.7"), "203.0.113.7", "HOST")


@pytest.mark.parametrize("command", ["run", "init"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path, command):
    # Below a file nobody can write, whoever runs the tests.
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    assert told_in_a_sentence(trainee(command, DATA_DIR=str(folder), PORT=port), "DATA_DIR", str(folder), "cannot be written")


@pytest.mark.parametrize("port", ["eighty", "65536"])
def test_a_port_that_is_none_is_named(tmp_path, port):
    assert told_in_a_sentence(trainee("run", DATA_DIR=str(tmp_path), PORT=port), "PORT")


def test_production_without_a_secret_is_refused(tmp_path):
    assert told_in_a_sentence(trainee("run", DATA_DIR=str(tmp_path), TRAINEE_ENV="production"), "SECRET_KEY")


def test_a_database_that_is_none_is_named(tmp_path):
    (tmp_path / "trainee.sqlite3").write_bytes(b"This is a shopping list and no database. " * 100)
    assert told_in_a_sentence(trainee("init", DATA_DIR=str(tmp_path)), "database")


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    """What stands in the database of that folder."""
    with sqlite3.connect(folder / "trainee.sqlite3") as line:
        found = line.execute(query).fetchall()
    line.close()
    return found


MADE = (
    "SELECT key, number FROM module_version ORDER BY key, number",
    "SELECT key FROM skill ORDER BY key",
    "SELECT username FROM person ORDER BY username",
    "SELECT version_num FROM alembic_version",
)


def made(folder: Path) -> list[list[tuple[object, ...]]]:
    """Everything that `init` makes."""
    return [rows(folder, query) for query in MADE]


def test_beginning_again_keeps_what_is_there(tmp_path):
    settings = {"DATA_DIR": str(tmp_path), "CONTENT_DIR": str(content_with(tmp_path / "content", "greeting", "our-service"))}
    assert trainee("init", **settings).returncode == 0
    first = made(tmp_path)
    assert first[0] == [("greeting", 1), ("our-service", 1)]
    assert trainee("people", "add-admin", "ada", "Ada Er", **settings).stdout.startswith("http://127.0.0.1:8000/welcome/")
    secret = (tmp_path / "secret.key").read_text()
    again = trainee("init", **settings)
    assert (again.returncode, again.stderr) == (0, "")
    assert made(tmp_path) == [*first[:2], [("ada",)], first[3]]
    assert (tmp_path / "secret.key").read_text() == secret


def test_four_beginnings_at_once_make_everything_once(tmp_path):
    alone, together = tmp_path / "alone", tmp_path / "together"
    content = str(content_with(tmp_path / "content", "greeting", "our-service"))
    assert trainee("init", DATA_DIR=str(alone), CONTENT_DIR=content).returncode == 0
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "trainee", "init"],
            cwd=ROOT,
            env=environment(DATA_DIR=str(together), CONTENT_DIR=content),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _one in range(4)
    ]
    said = [one.communicate(timeout=300)[1] for one in started]
    assert ([one.returncode for one in started], said) == ([0] * 4, [""] * 4)
    assert made(together) == made(alone)


@pytest.fixture
def web_alone(company: Flask) -> Iterator[Server]:
    """The server of the company, with its timetable left to others."""
    found = Server(Path(company.extensions["trainee"].data_dir), TRAINEE_WORKER="0")
    found.start()
    yield found
    if found.process is not None and found.process.poll() is None:
        found.stop()


def test_a_polite_stop_lets_running_requests_finish_and_without_a_worker_no_job_was_begun(company: Flask, web_alone: Server):
    server = web_alone
    # Signing in checks a password, which takes long enough on purpose to be in the middle of it.
    visitors = [Visitor(server.port) for _one in CREW]
    tokens = [visitor.token("/sign-in") for visitor in visitors]
    answers: list[Answer] = []

    def sign_in(visitor: Visitor, token: str, username: str) -> None:
        answers.append(visitor.ask("POST", "/sign-in", {"csrf_token": token, "login": username, "password": PASSWORD}))
        visitor.hang_up()

    threads = [threading.Thread(target=sign_in, args=each) for each in zip(visitors, tokens, CREW, strict=True)]
    for thread in threads:
        thread.start()
    time.sleep(0.06)
    code = server.stop(signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == [303] * len(CREW)
    assert code == 0
    assert [db.session.scalar(select(func.count()).select_from(model)) for model in (JobRun, WorkerLease)] == [0, 0]

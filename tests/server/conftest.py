"""The real server in a process of its own, on a small company in a folder of its own."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask

from trainee import config as configuration
from trainee import migrate
from trainee.app import create_app
from trainee.kit.clock import now
from trainee.kit.db import db, only_reads
from trainee.modules.library.actions import load_content
from trainee.people import actions as people

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough sentence"
CREW = ("amir", "beth", "gus")
# Several processes begin at once, each of which imports everything; and what is done at the turn of a minute may just have been missed.
PATIENCE = 180.0


def environment(**settings: str) -> dict[str, str]:
    """What a command is started with: nothing of the machine's own settings but the path."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **settings}


def trainee(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of the program, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "trainee", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def content_with(folder: Path, *modules: str) -> Path:
    """The content we ship with those of its modules only: a start reads what there is."""

    def others(place: str, names: list[str]) -> list[str]:
        return [name for name in names if name not in modules] if place.endswith("/modules") else []

    shutil.copytree(ROOT / "content", folder, ignore=others)
    return folder


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str


class Visitor:
    """Somebody with a browser that keeps cookies and a connection, and no script. Only what a page shows is sent back."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, dict[str, str]()
        # What its browser says besides with every request.
        self.says: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Answer:
        """One request. OSError or HTTPException when the line breaks before the whole answer is here."""
        body = urlencode(fields, doseq=True).encode() if fields is not None else None
        return self.send(method, path, body, "application/x-www-form-urlencoded")

    def send(self, method: str, path: str, sent: bytes | None, kind: str) -> Answer:
        """The same with a body of that kind."""
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **self.says}
        if sent is not None:
            headers["Content-Type"] = kind
        try:
            self._line.request(method, path, sent, headers)
            response = self._line.getresponse()
            body = response.read().decode("utf-8", "surrogateescape")
        except (OSError, http.client.HTTPException):
            self.hang_up()
            raise
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def hang_up(self) -> None:
        """Let go of the connection; the next request takes a new one."""
        if self._line is not None:
            self._line.close()
        self._line = None

    def token(self, path: str) -> str:
        """The CSRF token in the first form of a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", path).body)
        assert found, f"{path} has no form with a token"
        return found.group(1)

    def sign_in(self, username: str) -> "Visitor":
        """In by the form, as everybody."""
        fields = {"csrf_token": self.token("/sign-in"), "login": username, "password": PASSWORD}
        answer = self.ask("POST", "/sign-in", fields)
        assert answer.status == 303, answer.body[-500:]
        return self

    def deed(self, path: str, fields: dict[str, Any]) -> str:
        """Press a button; the path one is sent to."""
        answer = self.ask("POST", path, fields)
        assert answer.status == 303, answer.body[-500:]
        return urlsplit(answer.headers["location"]).path


class Server:
    """`trainee run` as a process of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.port, self.settings = folder, free_port(), settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is healthy."""
        settings = environment(DATA_DIR=str(self.folder), PORT=str(self.port), LOG_LEVEL="error", THREADS="6", **self.settings)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "trainee", "run"], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, f"the server ended with {self.process.returncode}"
            visitor = Visitor(self.port)
            with contextlib.suppress(OSError, http.client.HTTPException):
                if visitor.ask("GET", "/healthz").status == 200:
                    visitor.hang_up()
                    return
            time.sleep(0.05)
        raise AssertionError("the server did not become healthy")

    def stop(self, how: signal.Signals = signal.SIGKILL) -> int:
        """Send it that signal and wait for its end; its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Three employees and the first modules of the shipped content."""
    content = content_with(tmp_path_factory.mktemp("content") / "content", "our-service", "greeting", "discovering-needs", "empathy", "meeting-needs")
    app = create_app(configuration.Config(data_dir=str(tmp_path_factory.mktemp("company")), content_dir=str(content)))
    with app.app_context():
        migrate.upgrade()
        load_content(configuration.content_dir(app.extensions["trainee"]), now())
        team = people.make_team("Crew", people.make_unit("Mavikapı").id)
        for username in CREW:
            person = people.add_person(username=username, name=username.capitalize(), job="adviser", at=now(), language="en", team_id=team.id)
            people.set_password(person, PASSWORD, now())
        db.session.commit()
        # From here on this process only looks, and never holds the write lock while the server wants it.
        only_reads(True)
        yield app
        only_reads(False)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def server(company: Flask) -> Iterator[Server]:
    """The server of that company, running."""
    config = company.extensions["trainee"]
    found = Server(Path(config.data_dir), CONTENT_DIR=config.content_dir)
    found.start()
    yield found
    if found.process is not None and found.process.poll() is None:
        found.stop()

"""Two web nodes and two workers on one PostgreSQL behind a proxy, from the files of docs/deployment: any node answers any request."""

import configparser
import http.client
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, text

from tests import postgres
from tests.server.conftest import PASSWORD, PATIENCE, ROOT, Answer, Visitor, environment, free_port
from trainee import skills
from trainee.app import create_app
from trainee.config import Config
from trainee.kit.clock import now
from trainee.kit.db import db, only_reads, reading
from trainee.kit.findings import Findings
from trainee.kit.jobs import JobRun
from trainee.people import actions as people
from trainee.people.actions import TRIES_PER_ACCOUNT
from trainee.people.passwords import digest

pytestmark = [pytest.mark.server, pytest.mark.lasts(60)]

DEPLOYMENT = ROOT / "docs/deployment"
SECRET = "of-these-tests-and-long-enough-for-production"
NAME = "training.example.com"


# The files ----------------------------------------------------------------------------------------------------------------


def unit(name: str) -> configparser.SectionProxy:
    """The [Service] part of a unit."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment]  # Its names are written in capitals.
    parser.read(DEPLOYMENT / name, encoding="utf-8")
    return parser["Service"]


def command(name: str) -> list[str]:
    """What a unit starts, with this environment's Python in the place of the one that is installed on a node."""
    program, *arguments = shlex.split(unit(name)["ExecStart"])
    folder, _slash, which = program.rpartition("/")
    assert folder == unit(name)["WorkingDirectory"] + "/.venv/bin"
    return [sys.executable, "-m", which, *arguments]


def settings_file() -> dict[str, str]:
    """The settings of a node, as the file gives them."""
    lines = (DEPLOYMENT / "trainee.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def proxy_headers() -> dict[str, str]:
    """What nginx is told to say of the reader."""
    found = re.findall(r"proxy_set_header (\S+) (\S+);", (DEPLOYMENT / "nginx.conf").read_text(encoding="utf-8"))
    return {name: value for name, value in found if name.startswith("X-") or name == "Host"}


def test_the_settings_are_those_of_the_program_and_nginx_sets_what_the_program_believes():
    known = {item.metadata["env"] for item in Config.__dataclass_fields__.values()}
    assert set(settings_file()) <= known
    assert settings_file()["PROXIES"] == "1"
    assert proxy_headers() == {"Host": "$host", "X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme", "X-Forwarded-Host": "$host"}


# The proxy ----------------------------------------------------------------------------------------------------------------


class Proxy:
    """A small proxy that does what nginx is told to: sets the same headers, and passes over a node that is away. `to` says which node is next."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.to, self.headers, self.answered = ports, 0, proxy_headers(), [0] * len(ports)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else None
                status, headers, answer = proxy.forward(self.command, self.path, dict(self.headers), body, self.client_address[0])
                self.send_response_only(status)
                for name, value in headers:
                    if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = handle_one

            def log_message(self, *_said: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def forward(self, method: str, path: str, said: dict[str, str], body: bytes | None, client: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """One request, to the node whose turn it is, or the other when that one is away."""
        knows = {"$host": NAME, "$remote_addr": client, "$scheme": "https"}
        headers = {name: value for name, value in said.items() if name not in self.headers and name != "Connection"}
        headers |= {name: knows[value] for name, value in self.headers.items()}
        for node in (self.to, 1 - self.to):
            line = http.client.HTTPConnection("127.0.0.1", self.ports[node], timeout=PATIENCE)
            try:
                line.request(method, path, body, headers)
                response = line.getresponse()
                self.answered[node] += 1
                return response.status, response.getheaders(), response.read()
            except (ConnectionError, http.client.HTTPException):
                # What may have changed something is not sent twice, unless nobody was there to take it.
                if method != "GET":
                    return 502, [], b"the line broke"
            finally:
                line.close()
        return 502, [], b"no node answers"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


# The installation ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content we ship, with its first module only."""
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(
        ROOT / "content", folder, ignore=lambda place, names: [name for name in names if place.endswith("/modules") and name != "greeting"]
    )
    return folder


@pytest.fixture(scope="module")
def settings(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The file's settings, with a database and a secret that are there."""
    with postgres.server() as server:
        server.create("trainee")
        yield settings_file() | {"DATABASE_URL": server.url("trainee"), "SECRET_KEY": SECRET, "CONTENT_DIR": str(content), "LOG_LEVEL": "error"}


def env(settings: dict[str, str], folder: Path, **more: str) -> dict[str, str]:
    """A node has a folder of its own that no other node sees."""
    folder.mkdir(exist_ok=True)
    return environment(**settings | {"DATA_DIR": str(folder)} | more)


def trainee(environ: dict[str, str], *arguments: str) -> None:
    """A command, on whichever machine."""
    made = subprocess.run([sys.executable, "-m", "trainee", *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


def wait_for(happened: Callable[[], Any]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def healthy(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


@pytest.fixture(scope="module")
def nodes(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Everything of the picture in docs/deployment.md."""
    folder, ports = tmp_path_factory.mktemp("nodes"), [free_port(), free_port()]
    made = subprocess.run(
        [sys.executable, "-m", "trainee", "init"], cwd=ROOT, env=env(settings, folder / "once"), capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    app = create_app(
        Config(data_dir=str(folder / "once"), database_url=settings["DATABASE_URL"], secret_key=SECRET, content_dir=settings["CONTENT_DIR"])
    )
    only_reads(False)
    with app.app_context():
        _hire()
        webs = [_start("trainee-web.service", env(settings, folder / f"web{port}", BIND=f"127.0.0.1:{port}", WEB_CONCURRENCY="2")) for port in ports]
        workers = [_start("trainee-worker.service", env(settings, folder / f"worker{number}", WORKER_LEASE="3")) for number in range(2)]
        proxy = Proxy(ports)
        try:
            for port in ports:
                wait_for(lambda port=port: healthy(port))
            yield SimpleNamespace(app=app, proxy=proxy, webs=webs, workers=workers, folder=folder, settings=settings)
        finally:
            proxy.stop()
            for process in (*webs, *workers):
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
            codes = [process.wait(PATIENCE) for process in (*webs, *workers)]
            db.session.remove()
            db.engine.dispose()
        assert [code for code in codes if code not in {0, -signal.SIGKILL}] == []


def _start(name: str, environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command(name), cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _hire() -> None:
    team = people.make_team("Crew", people.make_unit("Mavikapı").id)
    crew = {}
    for username, roles in (
        ("amir", ("employee",)),
        ("beth", ("employee",)),
        ("chloe", ("employee", "supervisor")),
        ("ela", ("employee", "hr")),
        ("ada", ("employee", "admin")),
    ):
        crew[username] = people.add_person(
            username=username, name=username.capitalize(), job="adviser", at=now(), language="en", team_id=team.id, roles=roles
        )
        people.set_password(crew[username], PASSWORD, now())
    people.lead(team, crew["chloe"])
    for username in ("amir", "beth"):
        people.supervise(crew[username], crew["chloe"], now())
    db.session.commit()


@pytest.fixture
def browser(nodes: SimpleNamespace) -> Iterator[Callable[[], "Reader"]]:
    """Makes browsers that come through the proxy, each request to the other node than the one before."""
    made: list[Reader] = []

    def make() -> Reader:
        made.append(Reader(nodes.proxy))
        return made[-1]

    yield make
    for one in made:
        one.hang_up()


class Reader(Visitor):
    """Somebody whose requests go to and fro between the nodes."""

    def __init__(self, proxy: Proxy) -> None:
        super().__init__(proxy.port)
        self.proxy = proxy
        self.says = {"Host": NAME, "Referer": f"https://{NAME}/"}

    def send(self, method: str, path: str, sent: bytes | None, kind: str) -> Answer:
        """To the node whose turn it is; the next request goes to the other."""
        answer = super().send(method, path, sent, kind)
        self.proxy.to = 1 - self.proxy.to
        return answer

    def at(self, node: int) -> "Reader":
        """The next request goes to that node."""
        self.proxy.to = node
        return self


def asked(statement: Any) -> Any:
    with reading():
        try:
            return db.session.execute(statement).scalar()
        finally:
            db.session.rollback()


def words(answer: Answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.body).split())


# What is true of them -----------------------------------------------------------------------------------------------------


def test_who_signs_in_at_one_node_goes_on_at_the_other_and_is_signed_out_at_both(nodes, browser):
    amir = browser()
    token = amir.at(0).token("/sign-in")
    answer = amir.at(1).ask("POST", "/sign-in", {"csrf_token": token, "login": "amir", "password": PASSWORD})
    assert answer.status == 303
    assert "secure" in answer.headers["set-cookie"].lower()
    assert [amir.at(node).ask("GET", "/me").status for node in (0, 1, 0, 1)] == [200] * 4
    # A form that one node made is taken by the other.
    token = amir.at(0).token("/me")
    assert amir.at(1).ask("POST", "/language", {"csrf_token": token, "language": "tr", "next": "/me"}).status == 303
    assert 'lang="tr"' in amir.at(0).ask("GET", "/me").body
    kept = dict(amir.cookies)
    assert amir.at(1).ask("POST", "/sign-out", {"csrf_token": amir.at(0).token("/me")}).status == 303
    amir.cookies = kept
    assert [amir.at(node).ask("GET", "/me").status for node in (0, 1)] == [302, 302]
    assert min(nodes.proxy.answered) > 4


def test_wrong_passwords_are_counted_across_the_nodes(browser):
    stranger = browser()
    token = stranger.token("/sign-in")
    codes = []
    for number in range(TRIES_PER_ACCOUNT + 1):
        answer = stranger.at(number % 2).ask("POST", "/sign-in", {"csrf_token": token, "login": "beth", "password": f"wrong {number}"})
        codes.append(answer.status)
    assert codes == [422] * TRIES_PER_ACCOUNT + [429]
    assert stranger.ask("POST", "/sign-in", {"csrf_token": token, "login": "beth", "password": PASSWORD}).status == 429


def test_what_a_reader_claims_of_her_address_and_scheme_is_not_believed(browser):
    liar = browser()
    liar.says |= {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    answer = liar.ask("GET", "/me")
    assert answer.status == 302
    assert "evil.example" not in json.dumps(answer.headers)
    liar.ask("POST", "/sign-in", {"csrf_token": liar.token("/sign-in"), "login": "nobody", "password": "wrong"})
    before = asked(text(f"SELECT count(*) FROM throttle WHERE key = 'address/{digest('203.0.113.9')[:40]}'"))
    assert (before, asked(text(f"SELECT tries > 0 FROM throttle WHERE key = 'address/{digest('127.0.0.1')[:40]}'"))) == (0, True)


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(out, "PNG")
    return out.getvalue()


def upload(reader: Reader, node: int, body: bytes) -> None:
    token = reader.token("/me")
    parts = (
        f'--cut\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--cut\r\nContent-Disposition: form-data; name="photo"; filename="me.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    answer = reader.at(node).send("POST", "/me/photo", parts.encode() + body + b"\r\n--cut--\r\n", "multipart/form-data; boundary=cut")
    assert answer.status == 303, words(answer)[-300:]


def test_a_photo_uploaded_at_one_node_is_served_by_the_other(browser):
    amir = browser().sign_in("amir")
    upload(amir, 0, photo("navy"))
    path = re.search(r'src="([^"]*photo[^"]*)"', amir.at(1).ask("GET", "/me").body)
    assert path is not None
    first = [amir.at(node).ask("GET", path.group(1)) for node in (1, 0)]
    assert [answer.status for answer in first] == [200, 200]
    assert first[0].body == first[1].body != ""
    upload(amir, 1, photo("orange"))
    fresh = re.search(r'src="([^"]*photo[^"]*)"', amir.at(0).ask("GET", "/me").body)
    assert fresh is not None
    assert amir.at(0).ask("GET", fresh.group(1)).body != first[0].body


def test_a_change_at_one_node_is_seen_at_the_other_with_the_next_page(nodes, browser):
    """The list of a team is kept in each process under stamps; modules are kept by their version."""
    chloe, amir = browser().sign_in("chloe"), browser().sign_in("amir")
    for _look in range(4):
        assert all("Amir" in words(chloe.at(node).ask("GET", "/team")) for node in (0, 1))
    sent = {"csrf_token": amir.at(0).token("/me"), "name": "Emir Yeni", "language": "en", "time_zone": "Europe/Istanbul"}
    assert amir.at(0).ask("POST", "/me/profile", sent).status == 303
    # Four processes have drawn the list before; each sees that it is another now.
    for _look in range(4):
        for node in (1, 0):
            assert "Emir Yeni" in words(chloe.at(node).ask("GET", "/team"))


def test_a_module_published_on_one_machine_is_taught_by_every_process_of_every_node(nodes, browser, tmp_path):
    chloe = browser().sign_in("chloe")
    before = words(chloe.at(0).ask("GET", "/learn?show=all"))
    module = shutil.copytree(Path(nodes.settings["CONTENT_DIR"]) / "modules/greeting", tmp_path / "greeting")
    yaml = module / "module.yaml"
    told = yaml.read_text(encoding="utf-8")
    assert "Greeting" in before
    yaml.write_text(told.replace("en: Greeting}", "en: Opening like a friend}", 1), encoding="utf-8")
    trainee(env(nodes.settings, nodes.folder / "elsewhere"), "content", "publish", str(module))
    for _look in range(4):
        for node in (0, 1):
            assert "Opening like a friend" in words(chloe.at(node).ask("GET", "/learn?show=all"))


def test_what_a_skill_is_called_from_now_on_is_seen_by_every_process_without_a_restart(nodes, browser, tmp_path):
    chloe, told = browser().sign_in("chloe"), (Path(nodes.settings["CONTENT_DIR"]) / "skills.yaml").read_text(encoding="utf-8")
    for _look in range(4):
        assert all("The first words" not in words(chloe.at(node).ask("GET", "/skills")) for node in (0, 1))
    (tmp_path / "skills.yaml").write_text(told.replace("Greeting and first impression", "The first words", 1), encoding="utf-8")
    assert skills.load_file(tmp_path / "skills.yaml", Findings())
    db.session.commit()
    for _look in range(4):
        for node in (0, 1):
            assert "The first words" in words(chloe.at(node).ask("GET", "/skills"))


def test_of_two_workers_one_is_at_work_and_no_job_runs_twice_for_one_time(nodes, browser):
    wait_for(lambda: asked(select(func.count(JobRun.job.distinct())).where(JobRun.ended_at.is_not(None))) >= 9)
    twice = select(func.count()).select_from(select(JobRun.job).group_by(JobRun.job, JobRun.slot).having(func.count() > 1).subquery())
    assert asked(twice) == 0
    holder = asked(text("SELECT holder FROM worker_lease"))
    assert [f"/ {process.pid} /" in holder for process in nodes.workers].count(True) == 1
    told = words(browser().sign_in("ada").ask("GET", "/timetable"))
    assert holder in told
    assert json.loads(browser().ask("GET", "/healthz").body)["status"] == "ok"


def test_a_web_node_that_is_killed_is_passed_over_and_nobody_has_to_sign_in_again(nodes, browser):
    chloe = browser().sign_in("chloe")
    processes = [nodes.webs[0].pid, *map(int, Path(f"/proc/{nodes.webs[0].pid}/task/{nodes.webs[0].pid}/children").read_text().split())]
    for process in processes:
        os.kill(process, signal.SIGKILL)
    nodes.webs[0].wait(PATIENCE)
    assert [chloe.at(0).ask("GET", "/me").status for _look in range(3)] == [200] * 3

"""The two servers, each a process of its own on a free port of this machine, and the process that asks them."""

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
THREADS = "8"
_TICK = os.sysconf("SC_CLK_TCK")


class Site:
    """A server that runs, and what it has cost."""

    def __init__(self, name: str, command: list[str], port: int, settings: dict[str, str]) -> None:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "THREADS": THREADS, **settings}
        self.name, self.port = name, port
        self._asks: subprocess.Popen[str] | None = None
        # The log goes to a file as it would in earnest: a site that logs pays for it.
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait(self) -> None:
        """Until it answers."""
        for _try in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                ask(self.port, "GET", "/healthz")
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"{self.name} did not start.")

    def cpu(self) -> float:
        """Seconds of processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def loaded(self, order: dict[str, Any]) -> dict[str, Any]:
        """Have it asked as `bench.load` is told to; what came."""
        if self._asks is None:
            self._asks = subprocess.Popen([sys.executable, "-m", "bench.load"], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._asks.stdin is not None and self._asks.stdout is not None
        print(json.dumps(order), file=self._asks.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._asks.stdout.readline())
        return found

    def stop(self) -> None:
        """End it, and whoever asks it."""
        if self._asks is not None:
            self._asks.communicate()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ceiling(folder: Path) -> Site:
    """The ceiling on a database in that folder."""
    port = free_port()
    return Site("The ceiling", ["bench.ceiling", str(folder), str(port)], port, {})


def trainee(folder: Path) -> Site:
    """Ours on the installation in that folder."""
    port = free_port()
    return Site("Trainee", ["trainee", "run"], port, {"DATA_DIR": str(folder), "PORT": str(port)})


@contextlib.contextmanager
def side_by_side(folder: Path) -> Iterator[tuple[Site, Site]]:
    """The ceiling, on a database of its own, and ours on the installation in that folder, until they are no longer needed."""
    both = ceiling(Path(tempfile.mkdtemp(dir=folder))), trainee(folder)
    try:
        for site in both:
            site.wait()
        yield both
    finally:
        for site in both:
            site.stop()


def ask(port: int, method: str, path: str, cookie: str = "", fields: dict[str, str] | None = None) -> tuple[int, str, dict[str, str]]:
    """One request: status, body and the cookies that were set."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {})
    line.request(method, path, urlencode(fields) if fields is not None else None, headers)
    response = line.getresponse()
    body = response.read().decode("utf-8")
    line.close()
    pairs = (one.partition(";")[0].partition("=") for one in response.headers.get_all("Set-Cookie") or ())
    return response.status, body, {name: value for name, _equals, value in pairs}


def signed_in(port: int, username: str, password: str) -> str:
    """The cookies of somebody who came in by the form."""
    _status, page, cookies = ask(port, "GET", "/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    status, body, more = ask(port, "POST", "/sign-in", cookie, {"csrf_token": token.group(1), "login": username, "password": password})
    if status != 303:
        raise SystemExit(f"{username} could not sign in ({status}): {body[-300:]}")
    kept = cookies | more
    # The first page gives its forms a token and keeps it in a cookie, which every browser brings along from then on.
    kept |= ask(port, "GET", "/", "; ".join(f"{name}={value}" for name, value in kept.items()))[2]
    return "; ".join(f"{name}={value}" for name, value in kept.items())


def first_person(port: int, cookie: str) -> str:
    """The address of the page of whoever stands first in a supervisor's line."""
    _status, page, _cookies = ask(port, "GET", "/team", cookie)
    found = re.search(r'href="(/people/\d+)"', page)
    if found is None:
        raise SystemExit("Nobody stands on the page of the team.")
    return found.group(1)

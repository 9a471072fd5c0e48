"""Every page of the table of rights, as everybody who may open it and in both languages, read once for all the tests that look at pages.

The addresses are those of the world of the permission test; what they lead to is followed as well, so a page joins by itself as soon as the table
holds it or something leads to it. `tools/screenshots.py` walks the same way through the demonstration.
"""

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import MapAdapter

from tests.house.permissions import EVERYBODY, SIGNED_IN, TABLE
from tests.house.world import make_world
from tools.crawler import rule_of, walk
from trainee import coaching
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.modules.quizzes import actions as quizzes

# One of each role; the supervisor is she who leads Amir, whose things the addresses point at.
ROLES = {"visitor": None, "employee": "amir", "supervisor": "chloe", "hr": "ela", "trainer": "ferit", "admin": "ada", "executive": "max"}
LANGUAGES = ("en", "tr")
VOID = {"meta", "link", "input", "br", "img", "hr", "use", "path", "wbr", "line", "circle", "rect", "polyline", "polygon"}


@dataclass(frozen=True)
class Page:
    """One page as one role reads it in one language."""

    language: str
    role: str
    rule: str
    address: str
    html: str

    @property
    def name(self) -> str:
        """For findings and for names of files."""
        return f"{self.language}-{self.role}-{self.rule}"

    @cached_property
    def shape(self) -> frozenset[str]:
        """Every element with its classes and states, below the one that holds it: what two pages that differ in nothing but words have in common."""
        reader = _Shape()
        reader.feed(self.html)
        return frozenset(reader.found)


class _Shape(HTMLParser):
    """Gathers each kind of element and what it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = (f"{name}={value}" if name in {"class", "role", "type", "scope", "aria-current", "tabindex"} else name for name, value in attrs)
        this = " ".join([tag, *sorted(kept)])
        self.found.add(f"{self._open[-1][1] if self._open else ''} > {this}")
        if tag not in VOID:
            self._open.append((tag, this))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == one for one, _this in self._open):
            while self._open.pop()[0] != tag:
                pass


def addresses(app: Flask, world: Any, adapter: MapAdapter) -> dict[str, str]:
    """Where each page of the table stands in that world; not those of programs, and not the designer's bench, which has tests of its own."""
    rules = [one for one in app.url_map.iter_rules() if "GET" in (one.methods or ()) and not one.endpoint.startswith(("api.", "patterns."))]
    return {one.endpoint: adapter.build(one.endpoint, {name: world[name] for name in one.arguments}, method="GET") for one in rules}


def _more(cast: SimpleNamespace) -> dict[str, dict[str, int]]:
    """What the world of the permission test leaves out: a quiz handed in, and an observation that asks Amir first how he saw it; both of now."""
    at = now()
    attempt = quizzes.begin(cast.amir, "empathy", at)
    quizzes.hand_in(attempt.id, cast.amir, at)
    line = coaching.Line("empathy", 2, "")
    values = {"observer_id": cast.chloe, "person_id": cast.amir, "seen_at": at, "channel": "phone", "lines": [line], "shared": "", "at": at}
    observation_id = coaching.observe(**values, receipt="asked first", self_review=True)
    db.session.commit()
    return {"quizzes.result": {"attempt_id": attempt.id}, "observations.review_self": {"observation_id": observation_id}}


def may_open(rule: str, username: str | None) -> bool:
    """Whether the table of rights opens that page to her; None is nobody in particular."""
    may = TABLE[rule].may
    return may is EVERYBODY or (username is not None and (may is SIGNED_IN or username in may))


def read(client: FlaskClient, language: str) -> Callable[[str], tuple[str, str] | None]:
    """Opens an address; where it led and the page there, or None for what is no page or does not open."""

    def fetch(address: str) -> tuple[str, str] | None:
        answer = client.get(address, headers={"Accept-Language": language}, follow_redirects=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return None
        return answer.request.full_path.rstrip("?"), answer.text

    return fetch


def _crawl(app: Flask, cast: SimpleNamespace, as_: Callable[[Any], FlaskClient], at: Any) -> Iterator[Page]:
    world = make_world(cast, at)
    adapter = app.url_map.bind("localhost")
    places = addresses(app, world, adapter)
    places |= {rule: adapter.build(rule, values, method="GET") for rule, values in _more(cast).items()}
    for role, username in ROLES.items():
        client = as_(getattr(cast, username) if username else None)
        begin = [address for rule, address in places.items() if may_open(rule, username)]
        for language in LANGUAGES:
            client.post("/language", data={"language": language, "next": "/"})
            for found in walk(begin, read(client, language), lambda address: rule_of(adapter, address)):
                yield Page(language, role, found.rule, found.address, found.html)


def gathered(app: Flask, cast: SimpleNamespace, as_: Callable[[Any], FlaskClient], at: Any, factory: pytest.TempPathFactory) -> list[Page]:
    """All of them; the first of parallel workers reads them and the others wait for it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "pages"
    folder.mkdir(exist_ok=True)
    kept = folder / "pages.json"
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(json.dumps([asdict(page) for page in _crawl(app, cast, as_, at)]), encoding="utf-8")
    return [Page(**one) for one in json.loads(kept.read_text(encoding="utf-8"))]


def distinct(pages: list[Page]) -> list[Page]:
    """Of pages whose content is the very same but for tokens, one; and of each role and language the first, for the frame around it."""
    seen: dict[Any, Page] = {}
    for page in pages:
        start, end = page.html.find("<main"), page.html.rfind("</main>")
        seen.setdefault((page.language, page.role), page)
        seen.setdefault((page.language, re.sub(r'value="[\w.-]{40,}"', "", page.html[start:end])), page)
    return list(dict.fromkeys(seen.values()))

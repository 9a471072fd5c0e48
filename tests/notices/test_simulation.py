"""A year of messages: none twice, none to whoever has finished or left, none at night, and every reminder that was due."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.notices.judging import Judge
from tests.notices.simulation import World
from trainee.kit.db import db

WHOLE = os.environ.get("SIMULATION") == "full"


@pytest.fixture
def posting(app: Flask) -> Iterator[None]:
    """An installation that writes mails; nobody but the simulation takes them. Losing power is not what is looked at here."""
    before = app.extensions["trainee"]
    app.extensions["trainee"] = replace(before, smtp_host="simulated", mail_from="training@mavikapi.example", base_url="https://example.com")
    event.listen(db.engine, "connect", _hasty)
    db.session.remove()
    db.engine.dispose()
    yield
    event.remove(db.engine, "connect", _hasty)
    db.session.remove()
    db.engine.dispose()
    app.extensions["trainee"] = before


def _hasty(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


@pytest.mark.sqlite
@pytest.mark.lasts(25)
def test_a_company_lives_and_every_message_is_judged(posting: None, record_property: Callable[[str, object], None]) -> None:
    """Whole, 2,000 people for 365 days, in `make test`; else a small company and the first half of its year, with two imports and the upgrade."""
    people, days = (2000, 365) if WHOLE else (200, 200)
    world = World(people, days, seed=5)
    world.live()
    counts = Judge(world).counts()
    # Printed at the end of the run.
    record_property("counts", counts)
    assert counts["overdue steps reminded"] > people // 8
    assert counts["told to those who lead"] > people // 40
    assert counts["mails taken"] > counts["told"] // 2
    assert counts["tries that failed"] > counts["mails taken"] // 20
    rare = ("held back", "left", "imports", "moves", "new leaders", "modules retired", "clocks put back", "looks of a second worker in between")
    slow = (
        "digests passed on to another day",
        "mails taken after midnight by who works then",
        "looks at a slow server",
        "completions while a mail was under way",
    )
    killed = ("workers killed at a line", "workers killed at a statement or a mail")
    assert not [name for name in (*rare, *slow, *killed) if not counts.get(name)], counts

"""Planning and telling at any moment, and a mail server that is really there."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from trainee import notices, plans
from trainee.kit.db import db
from trainee.kit.i18n import force_locale
from trainee.modules.library import module_or_404
from trainee.modules.progress import part_done, required_parts
from trainee.notices.models import NOTICE, NoticeRule


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


@pytest.fixture
def since(app: Flask, at: datetime) -> None:
    """Every rule has been at work for a year."""
    db.session.add_all(NoticeRule(rule=kind.key, began_at=at - timedelta(days=365)) for kind in notices.kinds)
    db.session.commit()


def tell(at: datetime) -> None:
    """Plan and tell what is due, as the timetable does."""
    notices.plan(at)
    for _settled in notices.deliver(at):
        db.session.commit()
    db.session.commit()


@pytest.fixture
def gives(cast: Any, at: datetime) -> Callable[..., int]:
    """Chloe gives somebody something to do."""

    def give(person: int, what: str = "greeting", **more: Any) -> int:
        made = plans.assign(person, what, **({"at": at, "given_by_id": cast.chloe, "why": "Because."} | more))
        assert made is not None
        db.session.commit()
        return made

    return give


@pytest.fixture
def finishes(app: Flask) -> Callable[[int, str, datetime], None]:
    """Somebody does a whole module."""

    def finish(person: int, module: str, at: datetime) -> None:
        for part in required_parts(module_or_404(module)[1]):
            part_done(person, module, part, at)
        db.session.commit()

    return finish


def ledger(*rules: str, person: int | None = None) -> list[Any]:
    """What the ledger holds, in order."""
    db.session.rollback()
    statement = select(NOTICE).order_by(NOTICE.c.id)
    if rules:
        statement = statement.where(NOTICE.c.rule.in_(rules))
    return list(db.session.execute(statement if person is None else statement.where(NOTICE.c.person_id == person)))


class Mailbox:
    """What a real SMTP server on this machine was handed; `answers` are what it says to the next ones instead of taking them."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answers: list[str] = []
        self.port = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A mail server, and an installation that knows of it."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    before = app.extensions["trainee"]
    app.extensions["trainee"] = replace(
        before,
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        smtp_security="none",
        mail_from="training@mavikapi.example",
        base_url="https://training.mavikapi.example",
    )
    server.start()
    yield box
    server.stop()
    app.extensions["trainee"] = before

"""Handing over what waits: signed, to an address that was looked at, tried again with growing pauses, and given up after three days."""

import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Boolean, bindparam, select, update

from trainee.kit.db import db
from trainee.kit.logs import log
from trainee.webhooks.actions import inside, secret_of
from trainee.webhooks.models import DELIVERY, HOOK, Webhook
from trainee.webhooks.safety import Place, Unsafe, place_of

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
GIVE_UP: Final = timedelta(days=3)
LEASE: Final = timedelta(minutes=5)
BATCH: Final = 20
TIMEOUT: Final = 10
"""So many seconds the other side has."""
_READ = 1024
Call = Callable[[Place, bytes, dict[str, str]], int]


def signature(secret: str, at: datetime, body: bytes) -> str:
    """`t` is when it was sent, in seconds since 1970; `v1` is the HMAC-SHA256 of that, a full stop and the body, in hexadecimal."""
    sent = int(at.timestamp())
    return f"t={sent},v1={hmac.new(secret.encode(), f'{sent}.'.encode() + body, hashlib.sha256).hexdigest()}"


class _Pinned(http.client.HTTPConnection):
    """A connection to the very address that was looked at: a name that means another one by now leads nowhere else."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=TIMEOUT)
        self._place = place

    def connect(self) -> None:
        """Go there, and over https ask for the certificate of the name."""
        line = socket.create_connection((self._place.address, self._place.port), timeout=TIMEOUT)
        self.sock = ssl.create_default_context().wrap_socket(line, server_hostname=self._place.host) if self._place.secure else line


def call(place: Place, body: bytes, headers: dict[str, str]) -> int:
    """Send one and return the status that was answered. No redirection is followed. OSError, HTTPException: nobody answered."""
    line = _Pinned(place)
    try:
        line.request("POST", place.path, body, headers)
        answer = line.getresponse()
        answer.read(_READ)
        return answer.status
    finally:
        line.close()


_FREE = DELIVERY.c.leased_until.is_(None) | (DELIVERY.c.leased_until <= bindparam("at")) | bindparam("alone", type_=Boolean())
_DUE = (
    select(DELIVERY.c.id)
    .where(DELIVERY.c.state == "waiting", DELIVERY.c.next_try_at <= bindparam("at"), _FREE)
    .order_by(DELIVERY.c.next_try_at, DELIVERY.c.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
_LEASE = (
    update(DELIVERY)
    .where(DELIVERY.c.id.in_(_DUE.scalar_subquery()))
    .values(leased_until=bindparam("until"), owner=bindparam("mine"), attempts=DELIVERY.c.attempts + 1)
    .returning(DELIVERY.c.id)
)


def post(at: datetime, owner: str, *, alone: bool = False, send: Call = call) -> Iterator[str]:
    """Send what waits; yields after each step that has to be kept, and whoever asks commits before going on.

    The lease is kept before anything is sent. A worker that dies in between sends that one again, under the same id: the other side knows it by that.
    `alone`: nobody else is at work, so whoever else's lease it is has died with it.
    """
    while ids := list(db.session.scalars(_LEASE, {"at": at, "until": at + LEASE, "mine": owner, "alone": alone})):
        yield "leased"
        columns = (DELIVERY, HOOK.c.url, HOOK.c.salt_key)
        rows = db.session.execute(
            select(*columns).join(Webhook, HOOK.c.id == DELIVERY.c.webhook_id).where(DELIVERY.c.id.in_(ids)).order_by(DELIVERY.c.id)
        ).all()
        # Nobody waits for a lock while the other side thinks.
        db.session.rollback()
        for row in rows:
            status, problem = _try(row, at, send)
            yield _keep(row, status, problem, at)


def _try(row: Any, at: datetime, send: Call) -> tuple[int | None, str | None]:
    body = json.dumps(row.payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Trainee", "Connection": "close"}
    headers |= {"Trainee-Event": row.event, "Trainee-Delivery": row.key, "Trainee-Signature": signature(secret_of(row), at, body)}
    try:
        status = send(place_of(row.url, inside()), body, headers)
    except Unsafe as unsafe:
        return None, f"unsafe ({unsafe})"
    except (OSError, http.client.HTTPException) as problem:
        return None, f"no_connection ({type(problem).__name__})"
    except Exception as bug:  # One that cannot be sent must not keep the others.
        log.exception("webhook not sent", bug)
        return None, "bug"
    return status, None if 200 <= status < 300 else f"answered ({status})"


def _keep(row: Any, status: int | None, problem: str | None, at: datetime) -> str:
    """Write down what came of one try; whose lease has run out meanwhile no longer says so."""
    pause = PAUSES[min(row.attempts - 1, len(PAUSES) - 1)]
    state = "sent" if problem is None else "failed" if at + pause - row.made_at > GIVE_UP else "waiting"
    values: dict[str, Any] = {"state": state, "status": status, "problem": problem, "leased_until": None, "owner": None}
    values |= {"ended_at": at if state != "waiting" else None, "next_try_at": at + pause if state == "waiting" else row.next_try_at}
    mine = (DELIVERY.c.id == row.id, DELIVERY.c.owner == row.owner, DELIVERY.c.state == "waiting")
    db.session.execute(update(DELIVERY).where(*mine).values(**values))
    return state

"""Entering and ending webhooks, and writing down what they are to be told."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flask import current_app
from sqlalchemy import select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, _l
from trainee.kit.receipts import keep_once
from trainee.people import Viewer
from trainee.webhooks.models import DELIVERY, HOOK, Webhook, WebhookDelivery
from trainee.webhooks.safety import require_good

EVENTS: Final = {
    "completed": _l("an assignment is completed"),
    "certified": _l("somebody is certified"),
    "expectation_missed": _l("an expectation is not reached by its day"),
}
TEST: Final = "test"
_SHOWN = 50


def inside() -> frozenset[str]:
    """The hosts of one's own network to which webhooks may go."""
    return frozenset(filter(None, (one.strip() for one in current_app.extensions["trainee"].webhook_hosts.split(","))))


def make_webhook(name: str, url: str, events: Sequence[str], *, who: Viewer, receipt: str, at: datetime) -> int:
    """An address that is told of these events from now on; its number. The same form twice is one webhook."""
    if not name.strip():
        raise Refusal(_("Please give it a name."), 422, "name")
    if not events or not set(events) <= set(EVENTS):
        raise Refusal(_("Please choose what it is told of."), 422, "events")
    require_good(url.strip(), inside())
    values: dict[str, Any] = {"name": name.strip()[:120], "url": url.strip(), "events": sorted(set(events)), "salt_key": secrets.token_hex(16)}
    values |= {"made_by_id": who.id, "made_at": at, "receipt": receipt, "looked_at": at, "ended_at": None}
    made, new = keep_once(Webhook, values, "made_by_id")
    if new:
        audit.note(who.id, "make_webhook", f"webhook/{made}", at, events=values["events"])
    return made


def webhook_or_404(webhook_id: int) -> Webhook:
    """The webhook of that number; NotFound when there is none."""
    found = db.session.get(Webhook, webhook_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def end_webhook(webhook_id: int, who: Viewer, at: datetime) -> None:
    """Tell it nothing any more; what waits is called off. Doing it again changes nothing."""
    webhook_or_404(webhook_id)
    live = (HOOK.c.id == webhook_id, HOOK.c.ended_at.is_(None))
    if db.session.execute(update(HOOK).where(*live).values(ended_at=at).returning(HOOK.c.id)).scalar() is not None:
        waiting = (DELIVERY.c.webhook_id == webhook_id, DELIVERY.c.state == "waiting")
        db.session.execute(update(DELIVERY).where(*waiting).values(state="cancelled", ended_at=at, leased_until=None, owner=None))
        audit.note(who.id, "end_webhook", f"webhook/{webhook_id}", at)


def secret_of(hook: Any) -> str:
    """What the calls to one webhook are signed with."""
    key = (current_app.secret_key or "").encode() if isinstance(current_app.secret_key, str) else b""
    return hmac.new(key, f"webhook/{hook.salt_key}".encode(), hashlib.sha256).hexdigest()


def subscribed(event: str) -> list[Any]:
    """The webhooks that are told of such an event. One statement."""
    return [row for row in db.session.execute(select(HOOK).where(HOOK.c.ended_at.is_(None))) if event in row.events]


def looked_at(hook_ids: Sequence[int], at: datetime) -> None:
    """Note up to when it was looked for what these webhooks are told of."""
    db.session.execute(update(HOOK).where(HOOK.c.id.in_(hook_ids)).values(looked_at=at))


def happened(
    event: str, subject: str, data: Mapping[str, Any], *, person_id: int, occurred_at: datetime, at: datetime, hooks: Sequence[Any] | None = None
) -> int:
    """Write down, in the caller's transaction, that every webhook for `event` is to be told; to how many it is new.

    `subject` names the happening for good (`certificate/7`), so that it is told once however often it is found. What happened before a webhook
    was entered is not told to it. `hooks` are those of `subscribed`, where somebody asked before.
    """
    new = 0
    for hook in subscribed(event) if hooks is None else hooks:
        if occurred_at >= hook.made_at:
            new += _put(hook.id, event, f"{event}/{subject}/{hook.id}", person_id, {"person_id": person_id, **data}, occurred_at, at)
    return new


def send_test(hook: Webhook, who: Viewer, at: datetime) -> None:
    """Tell it something that is about nobody, to see whether it hears."""
    if hook.ended_at is not None:
        raise Refusal(_("This webhook has ended."), 422)
    _put(hook.id, TEST, f"{TEST}/{secrets.token_hex(8)}/{hook.id}", None, {"says": "Hello from Trainee."}, at, at)
    audit.note(who.id, "test_webhook", f"webhook/{hook.id}", at)


def _put(hook_id: int, event: str, key: str, person_id: int | None, data: Mapping[str, Any], occurred_at: datetime, at: datetime) -> bool:
    values = {"key": key, "webhook_id": hook_id, "event": event, "person_id": person_id, "made_at": at, "state": "waiting", "next_try_at": at}
    values |= {"attempts": 0, "leased_until": None, "owner": None, "status": None, "problem": None, "ended_at": None}
    payload = {"id": key, "event": event, "occurred_at": occurred_at.isoformat(), "data": dict(data)}
    return insert_once(WebhookDelivery, values | {"payload": payload}, ["key"]) is not None


def webhooks() -> list[Webhook]:
    """Those that go on, the newest first."""
    return list(db.session.scalars(select(Webhook).where(HOOK.c.ended_at.is_(None)).order_by(HOOK.c.id.desc())))


def deliveries() -> list[Any]:
    """What was told last, to all of them, the newest first."""
    columns = (DELIVERY.c.id, DELIVERY.c.event, DELIVERY.c.made_at, DELIVERY.c.state, DELIVERY.c.attempts, DELIVERY.c.status, DELIVERY.c.problem)
    statement = select(*columns, DELIVERY.c.next_try_at, DELIVERY.c.ended_at, HOOK.c.name).join(Webhook, HOOK.c.id == DELIVERY.c.webhook_id)
    return list(db.session.execute(statement.order_by(DELIVERY.c.id.desc()).limit(_SHOWN)))

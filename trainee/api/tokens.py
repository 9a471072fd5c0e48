"""Making and revoking tokens, and letting a program in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from trainee.api.models import TOKEN, ApiToken
from trainee.kit import audit, throttle
from trainee.kit.db import db, insert_once
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.people import Person, Viewer
from trainee.people.passwords import digest, token
from trainee.people.queries import viewer_named

LONGEST_DAYS: Final = 366
PREFIX: Final = "trainee_"
"""Every token begins with it, so that one that was left lying about is recognised for what it is."""
WINDOW: Final = timedelta(minutes=1)
CALLS: Final = 600
WRONG: Final = 30
"""So many calls of one token in a minute, and so many tries with none of ours from one address."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that was let in: in whose name it reads, and what."""

    who: Viewer
    scopes: frozenset[str]
    token_id: int


class Shut(Exception):
    """A program is not let in: with which status, why in one word, and after how many seconds it may try again."""

    def __init__(self, status: int, code: str, wait: int | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.wait = status, code, wait


def make_token(name: str, scopes: Sequence[str], days: int, *, who: Viewer, known: Sequence[str], receipt: str, at: datetime) -> str | None:
    """A new token, to be shown once; None when the same form was sent before. `known`: the scopes there are."""
    if not name.strip():
        raise Refusal(_("Please give it a name."), 422, "name")
    if not scopes or not set(scopes) <= set(known):
        raise Refusal(_("Please choose what it may read."), 422, "scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal(_("Choose 1 to %(most)s days.", most=LONGEST_DAYS), 422, "days")
    secret = PREFIX + token()
    values = {"name": name.strip()[:120], "digest": digest(secret), "scopes": sorted(set(scopes)), "made_by_id": who.id, "made_at": at}
    values |= {"receipt": receipt, "expires_at": at + timedelta(days=days), "revoked_at": None, "used_at": None}
    made = insert_once(ApiToken, values, ["receipt"])
    if made is None:
        return None
    audit.note(who.id, "make_api_token", f"api_token/{made}", at, scopes=values["scopes"])
    return secret


def revoke(token_id: int, who: Viewer, at: datetime) -> None:
    """End a token, from this moment on. Doing it again changes nothing."""
    if db.session.get(ApiToken, token_id) is None:
        raise NotFound
    mine = (TOKEN.c.id == token_id, TOKEN.c.revoked_at.is_(None))
    if db.session.execute(update(TOKEN).where(*mine).values(revoked_at=at).returning(TOKEN.c.id)).scalar() is not None:
        audit.note(who.id, "revoke_api_token", f"api_token/{token_id}", at)


def tokens() -> list[Any]:
    """Every token with who made it, the newest first."""
    statement = select(TOKEN, Person.name.label("made_by")).join(Person, Person.id == TOKEN.c.made_by_id).order_by(TOKEN.c.id.desc())
    return list(db.session.execute(statement))


def _count(key: str, limit: int, at: datetime) -> None:
    """Count one call under `key`. Shut with 429 above the limit, with the seconds to wait."""
    if throttle.count(key, at, WINDOW) > limit:
        raise Shut(429, "too_many", throttle.rest({key: limit}, at, WINDOW))


def let_in(given: str, address: str, at: datetime) -> Caller:
    """Whose token that is; Shut with 401 when it is none of ours, has ended, or its maker may not read any more, and 429 when it calls too often.

    Written in a short transaction of its own: the calls are counted, and it is noted that the token is in use.
    """
    row = db.session.execute(
        select(TOKEN.c.id, TOKEN.c.scopes, TOKEN.c.expires_at, TOKEN.c.revoked_at, TOKEN.c.used_at, Person.username)
        .join(Person, Person.id == TOKEN.c.made_by_id)
        .where(TOKEN.c.digest == digest(given))
    ).first()
    if row is None:
        _count(f"api/{digest(address)[:40]}", WRONG, at)
        raise Shut(401, "token")
    _count(f"api-token/{row.id}", CALLS, at)
    if row.revoked_at is not None:
        raise Shut(401, "revoked")
    if row.expires_at <= at:
        raise Shut(401, "expired")
    who = viewer_named(row.username)
    if who is None or not who.holds("hr", "admin"):
        raise Shut(401, "maker")
    if row.used_at is None or at - row.used_at >= _MINUTE:
        db.session.execute(update(TOKEN).where(TOKEN.c.id == row.id).values(used_at=at))
        if row.used_at is None or row.used_at.date() != at.date():
            audit.note(who.id, "use_api_token", f"api_token/{row.id}", at)
    return Caller(who, frozenset(row.scopes), row.id)

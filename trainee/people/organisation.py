"""The organisation itself: its name, logo and language, and how far it is with its beginning.

One row, written on the site. It is read once per process and anew under another stamp, which comes with the statement that lets the viewer in; of
strangers' pages it is asked once. What the environment says (ORGANISATION, DEFAULT_LANGUAGE) goes before it.
"""

import hashlib
import hmac
import io
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from trainee.kit import audit, throttle, trtext
from trainee.kit.db import db, insert_once, upsert
from trainee.kit.errors import Refusal
from trainee.kit.i18n import LANGUAGES, _
from trainee.kit.photos import TooManyDotsError, UnreadableError, open_photo
from trainee.people.models import Organisation
from trainee.people.passwords import digest
from trainee.people.queries import is_empty, watched_with_viewer

# What it is called before anybody has said it.
UNNAMED, FIRST_LANGUAGE = "Trainee", "tr"
LONGEST_NAME = 120
# A logo stands in the head of a page, 28 dots high; on the finest screens three times that.
LOGO_BOX = (480, 112)
TRIES, ALL_TRIES, WINDOW = 10, 60, timedelta(minutes=15)
_PLACE, _SEEN, _LOGO = "trainee.kept.organisation", "organisation_stamp", "trainee.kept.logo"
# Letters and digits that nobody takes for one another, in either language; the length is sixty bits.
_SIGNS, _LENGTH = "23456789ABCDEFGHJKMNPQRSTVWXYZ34", 12


# What there is to set up at the beginning, in order.
STEPS = ("name", "logo", "people", "module")


@dataclass(frozen=True, slots=True)
class House:
    """The organisation as its row says it; nothing is said before there is one. `left_out`: steps of the beginning put off for later."""

    name: str | None = None
    language: str | None = None
    logo: str | None = None
    left_out: frozenset[str] = frozenset()
    founded: bool = False
    finished: bool = False

    @property
    def beginning(self) -> bool:
        """Whether its administrator is still setting it up."""
        return self.founded and not self.finished


_STAMP: Any = select(Organisation.stamp).where(Organisation.id == 1).scalar_subquery()


def house() -> House:
    """The organisation. Where nobody was let in, one statement for the stamp."""
    if _SEEN not in g:
        _look(db.session.scalar(select(_STAMP)))
    stamp = getattr(g, _SEEN)
    if stamp is None:
        return House()
    kept: tuple[str, House] | None = current_app.extensions.get(_PLACE)
    if kept is None:
        kept = current_app.extensions[_PLACE] = stamp, _read()
    return kept[1]


def as_known() -> House:
    """The same for the frame of a page: what was known last where the database is away, which is told in that very frame."""
    if not g.get("database_away"):
        try:
            return house()
        except (OperationalError, InterfaceError, ProgrammingError, NoConnectionFree):
            db.session.rollback()
            g.database_away = True
    kept: tuple[str, House] | None = current_app.extensions.get(_PLACE)
    return kept[1] if kept is not None else House()


def _look(stamp: str | None) -> None:
    setattr(g, _SEEN, stamp)
    found = current_app.extensions.get(_PLACE)
    if found is not None and found[0] != stamp:
        current_app.extensions.pop(_PLACE, None)


watched_with_viewer(_STAMP, _look)


def _read() -> House:
    row = db.session.execute(
        select(
            Organisation.name,
            Organisation.language,
            Organisation.logo_digest,
            Organisation.left_out,
            Organisation.founded_at,
            Organisation.finished_at,
        ).where(Organisation.id == 1)
    ).one()
    done = row.founded_at is not None, row.finished_at is not None
    return House(row.name, row.language, row.logo_digest, frozenset(row.left_out), *done)


def name(of: House | None = None) -> str:
    """What the organisation is called, on pages and papers and in mails."""
    given: str = current_app.extensions["trainee"].organisation
    return given or (of or house()).name or UNNAMED


def default_language(of: House | None = None) -> str:
    """What people read who have not chosen."""
    given: str = current_app.extensions["trainee"].default_language
    return given or (of or house()).language or FIRST_LANGUAGE


def logo(wanted: str) -> bytes | None:
    """The logo under that digest, as PNG; None where it is another's."""
    found: bytes | None = db.session.scalar(select(Organisation.logo).where(Organisation.id == 1, Organisation.logo_digest == wanted))
    return found


def own_logo() -> tuple[str, bytes] | None:
    """The logo there is, with its digest, for mails and papers; None where there is none. Its bytes are read once per process."""
    wanted = house().logo
    if wanted is None:
        return None
    kept: tuple[str, bytes] | None = current_app.extensions.get(_LOGO)
    if kept is None or kept[0] != wanted:
        found = logo(wanted)
        kept = current_app.extensions[_LOGO] = (wanted, found) if found is not None else None
    return kept


def _write(**values: Any) -> None:
    """Change the row, which is made where there is none; other processes know it by its stamp."""
    values["stamp"] = secrets.token_hex(8)
    row = {"id": 1, "salt": secrets.token_hex(16), "left_out": [], **values}
    upsert(Organisation, row, ["id"], list(values))
    current_app.extensions.pop(_PLACE, None)
    g.pop(_SEEN, None)


def call(new: str | None, language: str | None, at: datetime, actor_id: int | None) -> None:
    """Say what it is called and which language comes first; None leaves it. Refusal when the name is missing or too long."""
    said: dict[str, str] = {}
    if new is not None:
        said["name"] = trtext.squeeze(new)
        if not said["name"]:
            raise Refusal(_("Please write what your organisation is called."), 422, "name")
        if len(said["name"]) > LONGEST_NAME:
            raise Refusal(_("Please write at most %(n)d letters.", n=LONGEST_NAME), 422, "name")
    if language is not None:
        if language not in LANGUAGES:
            raise Refusal(_("Choose Turkish or English."), 422, "language")
        said["language"] = language
    if said:
        _write(**said)
        audit.note(actor_id, "call_organisation", "organisation/1", at)


def set_logo(body: bytes, at: datetime, actor_id: int | None) -> None:
    """Keep a logo, drawn anew as a PNG that fits `LOGO_BOX`; nothing else of the file is kept. Refusal for what is no PNG or JPEG."""
    if re.search(rb"<svg[\s>]", body[:4000], re.IGNORECASE):
        raise Refusal(_("An SVG can hold programs, so we do not take it. Please save the logo as PNG."), 422, "logo")
    try:
        picture = open_photo(body, ("PNG", "JPEG")).convert("RGBA")
    except TooManyDotsError:
        raise Refusal(_("That picture is too large. Please choose a smaller one."), 422, "logo") from None
    except UnreadableError:
        raise Refusal(_("We cannot read that picture. Please choose a PNG or JPEG file."), 422, "logo") from None
    # The empty edge around a logo would make it tiny in the head of a page.
    picture = picture.crop(picture.getchannel("A").getbbox())
    picture.thumbnail(LOGO_BOX, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    # Made of its dots alone: what a camera or a program wrote beside them stays behind.
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)
    clean.save(out, "PNG", optimize=True)
    _write(logo=out.getvalue(), logo_digest=hashlib.sha256(out.getvalue()).hexdigest()[:32])
    audit.note(actor_id, "set_logo", "organisation/1", at)


def remove_logo(at: datetime, actor_id: int | None) -> None:
    """Go back to the first letter of the name."""
    _write(logo=None, logo_digest=None)
    audit.note(actor_id, "remove_logo", "organisation/1", at)


def leave_out(steps: Sequence[str]) -> None:
    """These steps of the beginning are put off for later, and no others."""
    _write(left_out=sorted(set(steps)))


def finish(at: datetime, actor_id: int | None) -> None:
    """The beginning is over; what was left out may be done at any time all the same."""
    _write(finished_at=at)
    audit.note(actor_id, "finish_beginning", "organisation/1", at)


def settle(called: str, at: datetime) -> None:
    """An organisation that stands already, as a demonstration's does: named, founded and finished."""
    _write(name=called, founded_at=at, finished_at=at)


def begin(at: datetime) -> None:
    """It is founded by another door than the start page: its administrator finds on Today what is to be set up."""
    _write(founded_at=at)


def start_code() -> str:
    """What opens the start page of an empty installation: the same until somebody has used it, on every node and after every start.

    It is worked out of the installation's secret and a salt in the database, so neither alone can tell it. Commit afterwards.
    """
    insert_once(Organisation, {"id": 1, "salt": secrets.token_hex(16), "left_out": [], "stamp": secrets.token_hex(8)}, ["id"])
    salt: str = db.session.scalars(select(Organisation.salt).where(Organisation.id == 1)).one()
    key = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.new(key, f"start code {salt}".encode(), hashlib.sha256).digest()
    signs = "".join(_SIGNS[byte % len(_SIGNS)] for byte in made[:_LENGTH])
    return "-".join(signs[place : place + 4] for place in range(0, _LENGTH, 4))


def allow_try(address: str, at: datetime) -> None:
    """Count one try at the start code. Refusal (429) after too many; committed by the caller in any case."""
    if throttle.count(f"start/{digest(address)[:40]}", at, WINDOW) > TRIES or throttle.count("start", at, WINDOW) > ALL_TRIES:
        raise Refusal(_("That was tried too often. Please wait a quarter of an hour."), 429, "throttled")


def is_start_code(typed: str) -> bool:
    """Whether that is the code, however its letters and hyphens were typed."""
    plain = "".join(sign for sign in trtext.upper(typed, "en") if sign.isalnum())
    return hmac.compare_digest(plain.encode(), start_code().replace("-", "").encode())


def found(at: datetime) -> None:
    """Begin: the code is used up. Refusal where somebody was quicker, or people are here already."""
    row = update(Organisation).where(Organisation.id == 1, Organisation.founded_at.is_(None)).values(founded_at=at, salt=secrets.token_hex(16))
    if not is_empty() or not db.session.execute(row.returning(Organisation.id)).all():
        raise Refusal(_("Somebody has begun here already. Please sign in, or ask whoever set this up for a link."), 409, "begun")
    _write(founded_at=at)

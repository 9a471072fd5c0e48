"""Writing policy cards on the site: new versions, taking over what the files say, and taking a card out of use."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from sqlalchemy import func, select, update

from trainee.kit import audit, trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.kit.words import Text
from trainee.service.card import Card, Figure, rendered
from trainee.service.models import FILE, HOUSE, PolicyCard, PolicyCardVersion
from trainee.service.stored import card_of, forget, keep_version, newest_versions, put_in_force, row_of

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Addresses of pages that would hide a card of that name.
_TAKEN = frozenset({"new"})


def write_card(key: str | None, values: Mapping[str, Any], *, number: int, day: date, at: datetime, by_id: int) -> str:
    """Write a new version of a card, seen as version `number`, or a new card where `key` is None; its key. The very same again changes nothing.

    One that holds from a later day than `day` waits until then. Refusal (422; its code names the field), or 409 where somebody was faster.
    """
    standing = None if key is None else _standing(key)
    card = _read(key or _new_key(values), values, standing)
    said = row_of(card)
    if standing is not None and row_of(standing) == said:
        return card.key
    if newest_number(card.key) != number:
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    coming = card.valid_from > day
    if coming and standing is None:
        raise Refusal(_("A new card holds from today at the latest, since nothing stands in its place until then."), 422, "valid_from")
    _settle(card.key, day)
    if not keep_version(said, number=number + 1, origin=HOUSE, at=at, by_id=by_id, coming=coming):
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    if not coming:
        put_in_force(said, number=number + 1, origin=HOUSE)
    audit.note(by_id, "write card", f"policy_card/{card.key}", at, number=number + 1)
    forget()
    return card.key


def _standing(key: str) -> Card:
    row = db.session.get(PolicyCard, key)
    if row is None:
        raise NotFound
    return card_of(row, retired=row.retired)


def newest_number(key: str) -> int:
    """The number of a card's newest version; 0 where there is none."""
    return db.session.scalar(select(func.max(PolicyCardVersion.number)).where(PolicyCardVersion.key == key)) or 0


def _new_key(values: Mapping[str, Any]) -> str:
    key = trtext.slug(values["title"]["en"])[:60].strip("-")
    if not _KEY.fullmatch(key) or key in _TAKEN:
        raise Refusal(_("Please give it a title of a few words."), 422, "title_en")
    if db.session.get(PolicyCard, key) is not None:
        raise Refusal(_("There is a card of that title already. Change that one instead."), 422, "title_en")
    return key


def _read(key: str, values: Mapping[str, Any], standing: Card | None) -> Card:
    """The card that was written; what a reader is shown is made of it by the same renderer that reads the files."""
    first, last = (date.fromisoformat(values[name]) for name in ("valid_from", "review_by"))
    if last < first:
        raise Refusal(_("The day for looking at it again lies before the day from which it holds."), 422, "review_by")
    figures = read_figures(values["figures"])
    gone = sorted(standing.figures.keys() - figures.keys()) if standing is not None else []
    if gone:
        raise Refusal(_("Lessons may fill in these figures, so they have to stay: %(names)s.", names=", ".join(gone)), 422, "figures")
    words = Text(**values["body"])
    return Card(
        key=key,
        title=Text(**values["title"]),
        owner=Text(**values["owner"]),
        valid_from=first,
        review_by=last,
        source=values["source"],
        legal_review=values["legal_review"] == "yes",
        gives_right=values["gives_right"] == "yes",
        figures=figures,
        body=rendered(words),
        words=words,
    )


def read_figures(typed: str) -> dict[str, Figure]:
    """Figures as they are typed, one a line: `refund_days = 14 | gün | days`. Refusal (422) that names the line."""
    found: dict[str, Figure] = {}
    for number, line in enumerate(typed.splitlines(), 1):
        if not line.strip():
            continue
        name, _sign, told = (part.strip() for part in line.partition("="))
        value, *units = (part.strip() for part in told.split("|"))
        if not _NAME.fullmatch(name) or name in found or len(units) not in (0, 2) or not all(units):
            raise Refusal(_("Line %(number)s is no figure. Write it like this: refund_days = 14 | gün | days", number=number), 422, "figures")
        found[name] = Figure(_number(value, number), Text(*units) if units else None)
    return found


def _number(typed: str, line: int) -> float:
    """A number as it is typed in Turkey or with a point: 2,5 as well as 2.5; thousands are not parted."""
    try:
        value = float(parse_decimal(typed.replace(",", "."), locale="en", strict=True))
    except (NumberFormatError, ValueError):
        value = float("nan")
    if not abs(value) <= 1e12:
        raise Refusal(
            _("Line %(number)s has no number in it that can be read. Write 186000 or 2.5, without parting thousands.", number=line), 422, "figures"
        )
    return value


def figure_lines(figures: Mapping[str, Figure]) -> str:
    """Figures as they are typed."""
    lines = []
    for name, one in figures.items():
        value = int(one.value) if one.value == int(one.value) else one.value
        lines.append(f"{name} = {value} | {one.unit.tr} | {one.unit.en}" if one.unit else f"{name} = {value}")
    return "\n".join(lines)


def _settle(key: str, day: date) -> None:
    """Let what was to come, and whose day is here, be what the card says."""
    due = select(PolicyCardVersion).where(PolicyCardVersion.key == key, PolicyCardVersion.coming, PolicyCardVersion.valid_from <= day)
    for row in db.session.scalars(due.order_by(PolicyCardVersion.valid_from, PolicyCardVersion.number)).all():
        put_in_force(row_of(card_of(row)), number=row.number, origin=HOUSE)
        row.coming = False
    db.session.flush()


def take_file(key: str, *, at: datetime, by_id: int) -> None:
    """Let the content's file be what a card says again; whatever was to come does not. NotFound where no file has ever told it."""
    row = newest_versions(FILE).get(key)
    if row is None:
        raise NotFound
    _nothing_to_come(key)
    put_in_force(row_of(card_of(row)), number=row.number, origin=FILE)
    audit.note(by_id, "take card from file", f"policy_card/{key}", at, number=row.number)
    forget()


def retire_card(key: str, *, at: datetime, by_id: int) -> None:
    """Take a card out of use; lessons that name it still show it, and the files do not bring it back."""
    _standing(key)
    _nothing_to_come(key)
    db.session.execute(update(PolicyCard).where(PolicyCard.key == key).values(retired=True, origin=HOUSE))
    audit.note(by_id, "retire card", f"policy_card/{key}", at)
    forget()


def _nothing_to_come(key: str) -> None:
    db.session.execute(update(PolicyCardVersion).where(PolicyCardVersion.key == key, PolicyCardVersion.coming).values(coming=False))


def versions_of(key: str) -> list[PolicyCardVersion]:
    """Every version of a card, the newest first. One statement."""
    return list(db.session.scalars(select(PolicyCardVersion).where(PolicyCardVersion.key == key).order_by(PolicyCardVersion.number.desc())))

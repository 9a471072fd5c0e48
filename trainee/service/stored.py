"""Policy cards in the database: loading them, and reading what is there."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from flask import g, has_app_context
from markupsafe import Markup, escape
from sqlalchemy import Date, Select, Table, bindparam, func, literal_column, select, union_all, update

from trainee.kit.db import db, insert_once, upsert
from trainee.kit.words import Text
from trainee.service.card import TOKEN, Card, Figure, fill_cards
from trainee.service.models import FILE, HOUSE, PolicyCard, PolicyCardVersion

_TABLE, _VERSION = (cast(Table, model.__table__) for model in (PolicyCard, PolicyCardVersion))
_SAID = [column.name for column in _TABLE.c if column.name not in ("number", "origin", "retired")]
_KEPT = (*_SAID, "number", "origin")
_DAY: Any = bindparam("day", type_=Date())
# A card as it stands, after it whatever was written to hold from a day that has come; of one key the last row counts.
_COMING = _VERSION.join(_TABLE, _TABLE.c.key == _VERSION.c.key)
_HOLDS = (_VERSION.c.coming, _VERSION.c.valid_from <= _DAY, _TABLE.c.retired.is_(False))


def _both(*narrowed: Any) -> Select[Any]:
    standing = select(*(_TABLE.c[name] for name in _KEPT), _TABLE.c.retired, literal_column("0").label("turn"))
    coming = select(*(_VERSION.c[name] for name in _KEPT), _TABLE.c.retired, literal_column("1")).select_from(_COMING).where(*_HOLDS)
    rows = union_all(*(one.where(*(_TABLE.c.key.in_(keys) for keys in narrowed)) for one in (standing, coming))).subquery()
    return select(rows).order_by(rows.c.key, rows.c.turn, rows.c.valid_from, rows.c.number)


_ALL = _both()
_NAMED = _both(bindparam("keys", expanding=True))


def load_cards(wanted: Mapping[str, Card], at: datetime) -> None:
    """Let the content's files be what cards say, except for those that were written here since; files that are gone retire theirs.

    Each text that a file has had is kept as a version. One that comes while the house's own text stands waits beside it until somebody takes it.
    """
    newest = newest_versions(FILE)
    numbered = select(PolicyCardVersion.key, func.max(PolicyCardVersion.number)).group_by(PolicyCardVersion.key)
    numbers: dict[str, int] = {row[0]: row[1] for row in db.session.execute(numbered)}
    ours = set(db.session.scalars(select(PolicyCard.key).where(PolicyCard.origin == HOUSE)))
    for card in wanted.values():
        said, last = row_of(card), newest.get(card.key)
        if last is None or any(getattr(last, name) != said[name] for name in _SAID):
            number = numbers.get(card.key, 0) + 1
            keep_version(said, number=number, origin=FILE, at=at, by_id=None)
        else:
            number = last.number
        if card.key not in ours:
            put_in_force(said, number=number, origin=FILE)
    db.session.execute(update(PolicyCard).where(PolicyCard.key.not_in(list(wanted)), PolicyCard.origin == FILE).values(retired=True))
    forget()


def newest_versions(origin: str) -> dict[str, Any]:
    """The newest version of each card that came from there. One statement."""
    other = _VERSION.alias()
    last = select(func.max(other.c.number)).where(other.c.key == _VERSION.c.key, other.c.origin == origin).scalar_subquery()
    return {row.key: row for row in db.session.execute(select(_VERSION).where(_VERSION.c.number == last))}


def keep_version(said: Mapping[str, Any], *, number: int, origin: str, at: datetime, by_id: int | None, coming: bool = False) -> bool:
    """Keep a version for good; False where another took that number meanwhile."""
    row = {**said, "number": number, "origin": origin, "coming": coming, "saved_at": at, "by_id": by_id}
    return insert_once(PolicyCardVersion, row, ["key", "number"]) is not None


def put_in_force(said: Mapping[str, Any], *, number: int, origin: str) -> None:
    """Let that be what the card says."""
    row = {**said, "number": number, "origin": origin, "retired": False}
    upsert(PolicyCard, row, ["key"], [name for name in row if name != "key"])


def row_of(card: Card) -> dict[str, Any]:
    """What a card says, as columns."""
    return {
        "key": card.key,
        "title_tr": card.title.tr,
        "title_en": card.title.en,
        "owner_tr": card.owner.tr,
        "owner_en": card.owner.en,
        "valid_from": card.valid_from,
        "review_by": card.review_by,
        "source": card.source,
        "legal_review": card.legal_review,
        "gives_right": card.gives_right,
        "figures": {name: asdict(figure) for name, figure in card.figures.items()},
        "text_tr": card.words.tr,
        "text_en": card.words.en,
        "html_tr": card.body.tr,
        "html_en": card.body.en,
    }


def cards() -> Mapping[str, Card]:
    """Every card by key as it holds today, retired ones too; read once per request."""
    if not has_app_context():
        return _stored(_ALL)
    if "policy_cards" not in g:
        g.policy_cards = _stored(_ALL)
    known: Mapping[str, Card] = g.policy_cards
    return known


def cards_in(text: str) -> Mapping[str, Card]:
    """The cards that a text's placeholders name; most texts name none or one, and only those are read, once per request."""
    wanted = {found[1] for found in TOKEN.finditer(text)}
    if "policy_cards" in g:
        return cards()
    known: dict[str, Card | None] = g.setdefault("policy_cards_named", {})
    missing = sorted(wanted - known.keys())
    if missing:
        known.update(dict.fromkeys(missing) | _stored(_NAMED, keys=missing))
    return {key: card for key in wanted if (card := known[key]) is not None}


def day_of_reading() -> date | None:
    """The day on which whoever looks reads; None where nobody looks at a page."""
    found: date | None = g.get("day_of_reading") if has_app_context() else None
    return found


def linked(text: str, lang: str) -> Markup:
    """A plain text with the cards it names as `{{card:key}}` by their titles, as links."""
    return fill_cards(str(escape(text)), cards_in(text), lang, day_of_reading())


def forget() -> None:
    """Let the next call of `cards` read the database again."""
    if has_app_context():
        g.pop("policy_cards", None)
        g.pop("policy_cards_named", None)


def _stored(statement: Select[Any], **values: Any) -> dict[str, Card]:
    # Where nobody looks, at the command line for one, what is written to come has not come yet.
    day = day_of_reading() or date.min
    return {row.key: card_of(row, retired=row.retired) for row in db.session.execute(statement, {**values, "day": day})}


def card_of(row: Any, *, retired: bool = False) -> Card:
    """A card as one of its rows says it."""
    figures = {name: Figure(one["value"], Text(**one["unit"]) if one["unit"] else None) for name, one in row.figures.items()}
    return Card(
        key=row.key,
        title=Text(row.title_tr, row.title_en),
        owner=Text(row.owner_tr, row.owner_en),
        valid_from=row.valid_from,
        review_by=row.review_by,
        source=row.source,
        legal_review=row.legal_review,
        figures=figures,
        body=Text(row.html_tr, row.html_en),
        words=Text(row.text_tr, row.text_en),
        retired=retired,
        number=row.number,
        origin=row.origin,
        gives_right=row.gives_right,
    )

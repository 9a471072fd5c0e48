"""Policy cards: reading their files, loading them, and filling their figures into texts."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, cast

from babel.numbers import format_decimal
from flask import g, has_app_context
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints
from sqlalchemy import Select, Table, bindparam, select, update

from trainee.kit import markdown
from trainee.kit.db import db, upsert
from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.words import Text, Written
from trainee.kit.yamltree import Unreadable, fill, read
from trainee.service.models import PolicyCard

TOKEN = re.compile(r"\{\{\s*card:([a-z0-9-]+)(?:\.([a-z0-9_]+))?\s*\}\}")
_PLACEHOLDER = re.compile(r"\{\{.*?(?:\}\}|$)")
_FIGURE = r"^[a-z][a-z0-9_]*$"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a card, with its unit."""

    value: float
    unit: Text | None = None

    def words(self, lang: str) -> str:
        """The number as it is written in `lang`, with its unit: `186.000 TL`."""
        number = _written(self.value, lang)
        return f"{number} {self.unit.of(lang)}" if self.unit else number


@lru_cache(maxsize=1000)
def _written(value: float, lang: str) -> str:
    return format_decimal(value, locale=lang)


@dataclass(frozen=True, slots=True)
class Card:
    """A policy card as it is shown; `body` is safe HTML."""

    key: str
    title: Text
    owner: Text
    valid_from: date
    review_by: date
    source: str
    legal_review: bool
    figures: Mapping[str, Figure]
    body: Text
    retired: bool = False

    def stale(self, day: date) -> bool:
        """Whether somebody should have looked at it again by `day`."""
        return day > self.review_by


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Figure(_Form):
    value: Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
    unit: Text | None = None


class _File(_Form):
    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    title: Text
    owner: Text
    valid_from: date
    review_by: date
    source: Written
    legal_review: StrictBool
    figures: dict[Annotated[str, StringConstraints(pattern=_FIGURE)], _Figure] = Field(default_factory=dict)
    body: Text


def read_card(text: str | bytes, path: str, findings: Findings) -> Card | None:
    """The card in one file; None after telling what is wrong with it."""
    try:
        tree = read(text, path)
    except Unreadable as unreadable:
        findings.extend(unreadable.findings)
        return None
    filled = fill(_File, tree, findings)
    if filled is None:
        return None
    if filled.key != Path(path).stem:
        findings.error(path, tree.line("key"), f"`key: {filled.key}` is not the name of the file.", f"Call it {Path(path).stem}.")
        return None
    if filled.review_by < filled.valid_from:
        findings.error(path, tree.line("review_by"), "`review_by` lies before `valid_from`.", "Look at the years.")
        return None
    figures = {name: Figure(figure.value, figure.unit) for name, figure in filled.figures.items()}
    fields = {name: getattr(filled, name) for name in ("key", "title", "owner", "valid_from", "review_by", "source", "legal_review")}
    body = Text(tr=markdown.render(filled.body.tr), en=markdown.render(filled.body.en))
    return Card(**fields, figures=figures, body=body)


def read_cards(folder: Path, findings: Findings, shown: str = "") -> dict[str, Card]:
    """All cards of a folder that can be read, by key. `shown` is how findings call the folder."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        card = read_card(path.read_bytes(), f"{shown or folder}/{path.name}", findings)
        if card is not None:
            found[card.key] = card
    return found


def load_cards(wanted: Mapping[str, Card]) -> None:
    """Make the database hold these cards; those that are no longer among them are retired."""
    for card in wanted.values():
        row = _row(card)
        upsert(PolicyCard, row, ["key"], [name for name in row if name != "key"])
    db.session.execute(update(PolicyCard).where(PolicyCard.key.not_in(list(wanted))).values(retired=True))
    forget()


def _row(card: Card) -> dict[str, Any]:
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
        "figures": {name: asdict(figure) for name, figure in card.figures.items()},
        "html_tr": card.body.tr,
        "html_en": card.body.en,
        "retired": False,
    }


_TABLE = cast(Table, PolicyCard.__table__)
_ALL = select(*_TABLE.c).order_by(_TABLE.c.key)
_NAMED = _ALL.where(_TABLE.c.key.in_(bindparam("keys", expanding=True)))


def cards() -> Mapping[str, Card]:
    """Every card by key, retired ones too; read once per request."""
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


def forget() -> None:
    """Let the next call of `cards` read the database again."""
    if has_app_context():
        g.pop("policy_cards", None)
        g.pop("policy_cards_named", None)


def _stored(statement: Select[Any], **values: Any) -> dict[str, Card]:
    return {row.key: _card(row) for row in db.session.execute(statement, values)}


def _card(row: Any) -> Card:
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
        retired=row.retired,
    )


def fill_cards(html: str, known: Mapping[str, Card], lang: str) -> Markup:
    """HTML with its card tokens filled: `{{card:key}}` becomes a link to the card, `{{card:key.figure}}` a figure with its unit.

    A token that names nothing becomes a dash: the checker keeps such texts from being published, and a reader is not shown our braces.
    """

    def filled(found: re.Match[str]) -> str:
        card = known.get(found[1])
        if card is None:
            return "–"
        if found[2] is None:
            return f'<a class="card-name" href="/cards/{card.key}">{escape(card.title.of(lang))}</a>'
        figure = card.figures.get(found[2])
        return str(escape(figure.words(lang).replace(" ", "\u00a0"))) if figure else "–"

    # What comes in is HTML already: lessons pass through nh3 when they are read, and plain texts are escaped by who calls.
    return Markup(TOKEN.sub(filled, html))  # noqa: S704


def check_tokens(path: str, text: str, known: Mapping[str, frozenset[str]] | None, findings: Findings) -> None:
    """Tell every placeholder of a file that names no card, no figure, or nothing we know. `known`: card key -> names of its figures."""
    for number, line in enumerate(text.split("\n"), 1):
        for found in _PLACEHOLDER.finditer(line):
            token = TOKEN.fullmatch(found.group())
            if token is None:
                findings.error(path, number, f"`{found.group()}` is no placeholder.", "Write `{{card:key}}` or `{{card:key.figure}}`.")
            elif known is not None:
                _check_token(path, number, token[1], token[2], known, findings)


def _check_token(path: str, line: int, key: str, figure: str | None, known: Mapping[str, frozenset[str]], findings: Findings) -> None:
    if key not in known:
        findings.error(path, line, f"There is no policy card `{key}`.", f"{meant(key, known, 'card')} Or write the card.")
    elif figure is not None and figure not in known[key]:
        mend = meant(figure, known[key]) if known[key] else "It has no figures at all: write the number in the card."
        findings.error(path, line, f"The card `{key}` has no figure `{figure}`.", mend)

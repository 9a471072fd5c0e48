"""Policy cards: reading their files, and filling their figures into texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from babel.numbers import format_decimal
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from trainee.kit import markdown
from trainee.kit.findings import Findings
from trainee.kit.saying import _
from trainee.kit.spelling import meant
from trainee.kit.words import Text, Written
from trainee.kit.yamltree import Unreadable, fill, read

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
    # The body as it was written, in Markdown.
    words: Text
    retired: bool = False
    number: int = 1
    origin: str = "file"
    # Whether it gives the customer a right to what puts a complaint right.
    gives_right: bool = False

    def source_in(self, language: str) -> str:
        """Where it comes from, for readers of `language` ("tr" or "en"): of "Turkish / English" her half, all else as it stands."""
        halves = self.source.split(" / ")
        return halves[language == "en"] if len(halves) == 2 else self.source

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
    gives_right: StrictBool = False
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
    fields = {name: getattr(filled, name) for name in ("key", "title", "owner", "valid_from", "review_by", "source", "legal_review", "gives_right")}
    return Card(**fields, figures=figures, body=rendered(filled.body), words=filled.body)


def rendered(words: Text) -> Text:
    """A body as HTML that may be shown."""
    return Text(tr=markdown.render(words.tr), en=markdown.render(words.en))


def read_cards(folder: Path, findings: Findings, shown: str = "") -> dict[str, Card]:
    """All cards of a folder that can be read, by key. `shown` is how findings call the folder."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        card = read_card(path.read_bytes(), f"{shown or folder}/{path.name}", findings)
        if card is not None:
            found[card.key] = card
    return found


def fill_cards(html: str, known: Mapping[str, Card], lang: str, day: date | None = None) -> Markup:
    """HTML with its card tokens filled: `{{card:key}}` becomes a link to the card, `{{card:key.figure}}` a figure with its unit.

    A token that names nothing becomes a dash: the checker keeps such texts from being published, and a reader is not shown our braces. A card that
    is past its date by `day` has that told beside it where the text first uses it.
    """
    told: set[str] = set()

    def filled(found: re.Match[str]) -> str:
        card = known.get(found[1])
        if card is None:
            return "–"
        late = _late(card) if day is not None and card.stale(day) and card.key not in told else ""
        told.add(card.key)
        if found[2] is None:
            return f'<a class="card-name" href="/cards/{card.key}">{escape(card.title.of(lang))}</a>{late}'
        figure = card.figures.get(found[2])
        return str(escape(figure.words(lang).replace(" ", "\u00a0"))) + late if figure else "–"

    # What comes in is HTML already: lessons pass through nh3 when they are read, and plain texts are escaped by who calls.
    return Markup(TOKEN.sub(filled, html))  # noqa: S704


def _late(card: Card) -> str:
    words = _("past its date, ask first")
    return f' <a class="badge badge-warn" href="/cards/{card.key}">{escape(words)}</a>'


def check_tokens(path: str, text: str, known: Mapping[str, frozenset[str] | None] | None, findings: Findings) -> None:
    """Tell every placeholder of a file that names no card, no figure, or nothing we know.

    `known`: card key -> names of its figures, None for a card that is there and cannot be read.
    """
    for number, line in enumerate(text.split("\n"), 1):
        for found in _PLACEHOLDER.finditer(line):
            token = TOKEN.fullmatch(found.group())
            if token is None:
                findings.error(path, number, f"`{found.group()}` is no placeholder.", "Write `{{card:key}}` or `{{card:key.figure}}`.")
            elif known is not None:
                _check_token(path, number, token[1], token[2], known, findings)


def _check_token(path: str, line: int, key: str, figure: str | None, known: Mapping[str, frozenset[str] | None], findings: Findings) -> None:
    if key not in known:
        findings.error(path, line, f"There is no policy card `{key}`.", f"{meant(key, known, 'card')} Or write the card.")
        return
    figures = known[key]
    # What is wrong with a card that cannot be read is told in its own file, and not again wherever it is named.
    if figure is not None and figures is not None and figure not in figures:
        mend = meant(figure, figures) if figures else "It has no figures at all: write the number in the card."
        findings.error(path, line, f"The card `{key}` has no figure `{figure}`.", mend)

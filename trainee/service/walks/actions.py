"""Keeping a walk, and opening a card for each welcome that was missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.service.board import open_card
from trainee.service.walks.checklist import checklist, score_of
from trainee.service.walks.models import Walk
from trainee.service.walks.queries import Missing


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw on a walk."""

    area: str
    place: str
    walked_on: date
    marks: Mapping[str, int]
    notes: Mapping[str, str] = field(default_factory=dict)
    steps_to_human: int | None = None
    find_seconds: int | None = None


def keep(seen: Seen, *, receipt: str, at: datetime, by_id: int | None) -> int:
    """Keep a walk; its id. The same receipt again changes nothing. Each human welcome that was missing opens a card on the improvement board.

    Refusal (422) without a place, for a day that lies ahead, or with nothing marked.
    """
    items = {one.key: one for one in checklist()[seen.area]}
    if not seen.place.strip():
        raise Refusal(_("Please say which shop, page or number."), 422, "place")
    if seen.walked_on > at.date():
        raise Refusal(_("The day lies ahead."), 422, "walked_on")
    marks = {key: mark for key, mark in seen.marks.items() if key in items and mark in (0, 1, 2)}
    if not marks:
        raise Refusal(_("Please mark at least one line."), 422, f"mark-{next(iter(items))}")
    values: dict[str, Any] = {
        "area": seen.area,
        "place": " ".join(seen.place.split()),
        "walked_on": seen.walked_on,
        "marks": marks,
        "notes": {key: words.strip()[:400] for key, words in seen.notes.items() if key in items and words.strip()},
        "score": score_of(marks),
        "steps_to_human": seen.steps_to_human,
        "find_seconds": seen.find_seconds,
        "by_id": by_id,
        "saved_at": at,
        "receipt": receipt,
    }
    made = insert_once(Walk, values, ["receipt"])
    if made is None:
        return db.session.execute(select(Walk.id).where(Walk.receipt == receipt)).scalar_one()
    audit.note(by_id, "walk", f"walk/{made}", at, score=round(values["score"], 2))
    for key, mark in marks.items():
        if items[key].welcome and mark == 0:
            words = str(Missing(values["place"], seen.walked_on, items[key].words))
            open_card(words, receipt=f"walk/{made}/{key}", source=f"walk/{made}", at=at, by_id=by_id)
    return made

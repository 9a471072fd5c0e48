"""Opening, changing and closing cards of the improvement board."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.people import Person
from trainee.service.board.models import Improvement

MOST_WHYS = 5


def open_card(issue: str, *, receipt: str, at: datetime, by_id: int | None, source: str = "", values: Mapping[str, Any] | None = None) -> int:
    """Put something on the board; its id. The same receipt again changes nothing."""
    row = {"whys": [], "action": "", "owner_id": None, "due_on": None, "measure": "", "before": "", "after": "", **(values or {})}
    row |= {"issue": issue.strip(), "source": source, "revision": 0, "opened_at": at, "by_id": by_id, "closed_at": None, "receipt": receipt}
    _check(row)
    made = insert_once(Improvement, row, ["receipt"])
    if made is None:
        return db.session.execute(select(Improvement.id).where(Improvement.receipt == receipt)).scalar_one()
    audit.note(by_id, "open improvement", f"improvement/{made}", at, source=source)
    return made


def change(card: Improvement, values: Mapping[str, Any], *, revision: int, at: datetime, by_id: int) -> None:
    """Write down what is known by now. Refusal when somebody else did meanwhile, or the card is closed."""
    if card.closed_at is not None:
        raise Refusal(_("This card is closed."))
    _check(values)
    _write(card, revision, **values)
    audit.note(by_id, "change improvement", f"improvement/{card.id}", at)


def close(card: Improvement, *, revision: int, at: datetime, by_id: int) -> None:
    """Close a card; Refusal (422) until the figure before and the one after stand in it."""
    if card.closed_at is not None:
        return
    if not (card.before and card.after):
        raise Refusal(_("A card is closed with a figure before and one after. Write both first, even when nothing has changed."), 422)
    _write(card, revision, closed_at=at)
    audit.note(by_id, "close improvement", f"improvement/{card.id}", at)


def _check(values: Mapping[str, Any]) -> None:
    whys: Sequence[str] = values.get("whys", ())
    if any(not one for one in whys[: len([why for why in whys if why])]):
        raise Refusal(_("Answer one “why?” after the other, without leaving one out."), 422, "why_1")
    owner_id, due_on = values.get("owner_id"), values.get("due_on")
    if values.get("action") and (owner_id is None or due_on is None):
        raise Refusal(_("What is to be done needs somebody who does it, and a day."), 422, "owner_id" if owner_id is None else "due_on")
    if owner_id is not None and db.session.execute(select(Person.id).where(Person.id == owner_id, Person.disabled_at.is_(None))).first() is None:
        raise Refusal(_("Please choose somebody who works here."), 422, "owner_id")


def _write(card: Improvement, revision: int, **values: Any) -> None:
    same = (Improvement.id == card.id) & (Improvement.revision == revision)
    if db.session.execute(update(Improvement).where(same).values(**values, revision=revision + 1).returning(Improvement.id)).first() is None:
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    db.session.refresh(card)


def late(card: Improvement, day: date) -> bool:
    """Whether what was to be done by a day is not done."""
    return card.closed_at is None and card.due_on is not None and card.due_on < day

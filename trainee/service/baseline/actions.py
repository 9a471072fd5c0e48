"""Taking stock: freezing the figures of a day, writing what is made of them, and deciding."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, _l
from trainee.service.baseline.models import Baseline
from trainee.service.board import open_card
from trainee.service.fields import Field

# What is written after the figures are collected: the inventory, what is understood of it, and what follows.
FIELDS = (
    Field("inventory", _l("What do we have? Strengths, weak places, what customers say"), both=False),
    Field("themes", _l("What stands out"), both=False),
    Field("causes", _l("Why is it so? Ask “why?” until it is a process and no person"), both=False),
    Field("decisions", _l("What we decide, one line each: every line becomes a card of the improvement board"), both=False, required=False),
    Field("no_change", _l("Or: we change nothing, because"), both=False, required=False),
)


def take(title: str, day: date, figures: Mapping[str, Any], *, receipt: str, at: datetime, by_id: int | None) -> int:
    """Freeze the figures of a day; its id. The same receipt again changes nothing."""
    if not title.strip():
        raise Refusal(_("Please give it a title."), 422, "title")
    values = {"title": title.strip()[:120], "taken_on": day, "figures": dict(figures), "words": {}, "revision": 0, "by_id": by_id, "taken_at": at}
    made = insert_once(Baseline, values | {"finished_at": None, "receipt": receipt}, ["receipt"])
    if made is None:
        return db.session.execute(select(Baseline.id).where(Baseline.receipt == receipt)).scalar_one()
    audit.note(by_id, "take baseline", f"baseline/{made}", at)
    return made


def write(baseline: Baseline, words: Mapping[str, Any], *, revision: int, at: datetime, by_id: int, finish: bool) -> list[int]:
    """Write what is made of the figures; when it is finished, each decision becomes a card, whose ids are returned.

    Refusal (422) where it is finished without a decision and without saying why nothing changes.
    """
    if baseline.finished_at is not None:
        raise Refusal(_("This look is finished. Take a new one to compare with it."))
    decisions = [line.strip() for line in str(words.get("decisions") or "").splitlines() if line.strip()]
    if finish and not decisions and not str(words.get("no_change") or "").strip():
        raise Refusal(_("Decide at least one thing, or say why nothing changes."), 422, "decisions")
    same = (Baseline.id == baseline.id) & (Baseline.revision == revision)
    values = {"words": dict(words), "revision": revision + 1, "finished_at": at if finish else None}
    if db.session.execute(update(Baseline).where(same).values(**values).returning(Baseline.id)).first() is None:
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    db.session.refresh(baseline)
    if not finish:
        return []
    audit.note(by_id, "finish baseline", f"baseline/{baseline.id}", at, decisions=len(decisions))
    source = f"baseline/{baseline.id}"
    return [open_card(line, receipt=f"{source}/{number}", source=source, at=at, by_id=by_id) for number, line in enumerate(decisions)]


def baselines() -> Sequence[Baseline]:
    """All of them, the newest first."""
    return db.session.execute(select(Baseline).order_by(Baseline.taken_on.desc(), Baseline.id.desc())).scalars().all()


def baseline_or_404(baseline_id: int) -> Baseline:
    """One of them."""
    found = db.session.get(Baseline, baseline_id)
    if found is None:
        raise NotFound
    return found

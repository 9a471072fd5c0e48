"""Drawing contacts, and replacing one that cannot be observed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import false, insert, select, update

from trainee.coaching.draws.models import KINDS, ContactDraw, ContactPick
from trainee.coaching.draws.pools import in_order
from trainee.coaching.draws.queries import of_a_list, still_open
from trainee.kit import audit
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once

MOST_WANTED = 10


def draw(*, person_id: int, drawn_by_id: int, kind: str, pool: Sequence[str], seed: str, wanted: int, receipt: str, at: datetime) -> int:
    """Let chance say which of the pool's contacts are observed; the draw's id. The same receipt again draws nothing new.

    The seed comes from the caller, who makes it when the deed is done and not before: nobody chooses it.
    """
    if person_id == drawn_by_id:
        raise Refusal(_("Nobody observes herself. Ask a colleague who may."), 422, "oneself")
    if kind not in KINDS or not 1 <= wanted <= MOST_WANTED:
        raise Refusal(_("Draw one to %(most)s contacts.", most=MOST_WANTED), 422, "wanted")
    order = in_order(pool, seed)
    values = {"person_id": person_id, "drawn_by_id": drawn_by_id, "drawn_at": at, "kind": kind, "pool": list(pool), "seed": seed, "receipt": receipt}
    made, new = keep_once(ContactDraw, values, "drawn_by_id")
    if new:
        db.session.execute(insert(ContactPick), [_pick(made, place, reference) for place, reference in enumerate(order[:wanted], 1)])
        audit.note(drawn_by_id, "draw contacts", f"contact_draw/{made}", at, person=person_id)
    return made


def _pick(draw_id: int, place: int, reference: str) -> dict[str, object]:
    empty = {"observed_at": None, "replaced_at": None, "replaced_by_id": None, "reason": ""}
    return {"draw_id": draw_id, "place": place, "reference": reference} | empty


def replace(found: ContactDraw, pick_id: int, reason: str, by_id: int, at: datetime) -> None:
    """Say why a drawn contact cannot be observed; it stays visible, and the next in the draw's order takes over."""
    if not reason.strip():
        raise Refusal(_("Please write why this one cannot be observed; it stays visible."), 422, "reason")
    still = (ContactPick.id == pick_id) & (ContactPick.draw_id == found.id) & ContactPick.replaced_at.is_(None) & ContactPick.observed_at.is_(None)
    values = {"replaced_at": at, "replaced_by_id": by_id, "reason": reason.strip()}
    if db.session.execute(update(ContactPick).where(still).values(**values).returning(ContactPick.id)).scalar() is None:
        raise Refusal(_("This contact was observed or replaced already."))
    order = in_order(found.pool, found.seed)
    places = select(ContactPick.place).where(ContactPick.draw_id == found.id)
    taken = max(db.session.execute(places).scalars())
    if taken < len(order):
        db.session.execute(insert(ContactPick), [_pick(found.id, taken + 1, order[taken])])
    audit.note(by_id, "replace contact", f"contact_draw/{found.id}", at)


def observed(*, person_id: int, drawn_by_id: int, pick_id: int, contact: str, at: datetime) -> int | None:
    """Note that the drawn contact an observer is about to keep was observed; the pick it was, None when no draw of hers chose it.

    It is the one she came from (`pick_id`, 0 when from none), unless she typed another number over the one that was drawn; and whatever draw of hers
    chose the number she typed. Each is observed once.
    """
    called = of_a_list() & (ContactPick.reference == contact) if contact else false()
    came_from = (ContactPick.id == pick_id) & ~of_a_list()
    this = still_open(person_id, drawn_by_id) & (called | came_from)
    changed = update(ContactPick).where(this).values(observed_at=at).returning(ContactPick.id).execution_options(synchronize_session=False)
    found = set(db.session.scalars(changed))
    return pick_id if pick_id in found else min(found, default=None)

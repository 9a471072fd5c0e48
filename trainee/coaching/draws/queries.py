"""What was drawn, and whether drawing again gives the same."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from trainee.coaching.draws.models import ContactDraw, ContactPick
from trainee.coaching.draws.pools import in_order
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Person, Viewer, visible_to

SHOWN = 30


def _readable_by(who: Viewer) -> Any:
    return ContactDraw.person_id.in_(visible_to(who)) | (ContactDraw.drawn_by_id == who.id)


def draws_of(person_id: int, who: Viewer) -> list[Any]:
    """The draws of somebody's contacts this viewer may read, the newest first, with who drew and how many were replaced. One statement."""
    drawer = aliased(Person)
    replaced = select(func.count()).where(ContactPick.draw_id == ContactDraw.id, ContactPick.replaced_at.is_not(None)).scalar_subquery()
    columns = (ContactDraw.id, ContactDraw.drawn_at, ContactDraw.kind, ContactDraw.pool, drawer.name.label("drawer"), replaced.label("replaced"))
    wanted = select(*columns).join(drawer, drawer.id == ContactDraw.drawn_by_id).where(ContactDraw.person_id == person_id, _readable_by(who))
    return list(db.session.execute(wanted.order_by(ContactDraw.drawn_at.desc(), ContactDraw.id.desc()).limit(SHOWN)))


def draw_or_404(draw_id: int, who: Viewer) -> ContactDraw:
    """A draw, for whose contacts it was, her line, HR and whoever drew."""
    found = db.session.execute(select(ContactDraw).where(ContactDraw.id == draw_id, _readable_by(who))).scalars().first()
    if found is None:
        raise NotFound
    return found


def picks_of(draw_id: int) -> list[ContactPick]:
    """What was taken, in the draw's order, replaced ones too."""
    return list(db.session.execute(select(ContactPick).where(ContactPick.draw_id == draw_id).order_by(ContactPick.place)).scalars())


def replayed(draw: ContactDraw, picks: Sequence[ContactPick]) -> bool:
    """Whether drawing again from the same pool with the same seed gives what stands here."""
    again = in_order(draw.pool, draw.seed)
    return [one.reference for one in picks] == again[: len(picks)]


def still_open(person_id: int, drawn_by_id: int) -> ColumnElement[bool]:
    """Of picks: those this drawer has drawn of somebody and neither observed nor replaced."""
    mine = select(ContactDraw.id).where(ContactDraw.person_id == person_id, ContactDraw.drawn_by_id == drawn_by_id)
    return ContactPick.draw_id.in_(mine) & ContactPick.observed_at.is_(None) & ContactPick.replaced_at.is_(None)


def of_a_list() -> ColumnElement[bool]:
    """Of picks: those that are one contact. What was drawn from hours and shifts is an hour, in which there may be several."""
    return ContactPick.draw_id.in_(select(ContactDraw.id).where(ContactDraw.kind == "references"))


def open_picks(person_id: int, drawn_by_id: int, limit: int = 10) -> list[Any]:
    """The drawn contacts of somebody that this drawer has not observed yet, those of the newest draw first: (id, reference). One statement."""
    wanted = select(ContactPick.id, ContactPick.reference).join(ContactDraw, ContactDraw.id == ContactPick.draw_id)
    order = (ContactDraw.drawn_at.desc(), ContactDraw.id.desc(), ContactPick.place)
    return list(db.session.execute(wanted.where(still_open(person_id, drawn_by_id)).order_by(*order).limit(limit)))


def pick_of(pick_id: int, person_id: int, drawn_by_id: int) -> Any:
    """A contact of that person that this drawer has still to observe, as (id, reference, kind); None when there is no such one."""
    wanted = select(ContactPick.id, ContactPick.reference, ContactDraw.kind).join(ContactDraw, ContactDraw.id == ContactPick.draw_id)
    return db.session.execute(wanted.where(ContactPick.id == pick_id, still_open(person_id, drawn_by_id))).first()


def to_score(person_id: int, drawn_by_id: int) -> set[str]:
    """The numbers of the contacts of somebody that chance drew for this drawer and that she has still to observe. One statement."""
    return set(db.session.scalars(select(ContactPick.reference).where(still_open(person_id, drawn_by_id), of_a_list())))

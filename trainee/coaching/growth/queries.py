"""What somebody is offered, and what she made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from trainee.coaching.growth.models import KINDS, GrowthOffer
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.people import Person, Viewer, leads
from trainee.profile import levels

# From this level on more of the same teaches little.
FROM_LEVEL: Final = 3
MOST = 50


@dataclass(frozen=True, slots=True)
class Chance:
    """A skill whose level was reached, and the kinds of opportunity that she has not answered yet."""

    skill: str
    level: int
    kinds: tuple[str, ...]


def chances(person_id: int, at: datetime) -> list[Chance]:
    """What the levels somebody reached offer her, the highest first. Computed whenever it is asked; nothing is stored until she answers.

    Two statements.
    """
    offered = select(GrowthOffer.skill_key, GrowthOffer.kind).where(GrowthOffer.person_id == person_id).distinct()
    had = {(skill, kind) for skill, kind in db.session.execute(offered)}
    found = []
    for key, level in levels(person_id, at).items():
        open_kinds = tuple(kind for kind in KINDS if (key, kind) not in had)
        if level.level is not None and level.level >= FROM_LEVEL and open_kinds:
            found.append((level.figure.mean, Chance(key, level.level, open_kinds)))
    return [one for _mean, one in sorted(found, key=lambda pair: -pair[0])]


def _rows() -> Any:
    giver = aliased(Person)
    return select(*GrowthOffer.__table__.columns, giver.name.label("giver")).outerjoin(giver, giver.id == GrowthOffer.offered_by_id)


def offers_of(person_id: int, *, declined: bool) -> Sequence[Any]:
    """Somebody's newest offers, as many as a page shows; what she declined is for her own eyes. One statement."""
    statement = _rows().where(GrowthOffer.person_id == person_id)
    if not declined:
        statement = statement.where(or_(GrowthOffer.answer.is_(None), GrowthOffer.answer != "declined"))
    return db.session.execute(statement.order_by(GrowthOffer.offered_at.desc(), GrowthOffer.id.desc()).limit(MOST)).all()


def offer_or_404(offer_id: int, who: Viewer) -> GrowthOffer:
    """An offer, for whom it is made and, unless she declined it, for those who lead her."""
    found = db.session.get(GrowthOffer, offer_id)
    if found is None or (found.person_id != who.id and (found.answer == "declined" or not leads(who, found.person_id))):
        raise NotFound
    return found


def require_lead(who: Viewer, person_id: int) -> None:
    """Forbidden, in a sentence, unless the viewer leads that person."""
    if who.id == person_id or not leads(who, person_id):
        raise Forbidden(_("Opportunities are offered by those who lead somebody. Your own stand under Growth."))

"""Who may observe whom."""

from sqlalchemy import Select, select

from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.people import Person, Viewer, below, person_or_404


def observable_by(who: Viewer) -> Select[tuple[int]]:
    """Ids of everybody this viewer may observe: all for a trainer, her line for a supervisor, nobody for others; never herself."""
    others = select(Person.id).where(Person.id != who.id, Person.disabled_at.is_(None))
    if who.holds("trainer"):
        return others
    if who.holds("supervisor"):
        return others.where(Person.id.in_(below(who.id)))
    return others.where(Person.id.is_(None))


def may_observe(who: Viewer, person_id: int) -> bool:
    """Whether this viewer may observe that person."""
    return db.session.execute(select(Person.id).where(Person.id == person_id, Person.id.in_(observable_by(who)))).first() is not None


def person_to_observe(person_id: int, who: Viewer) -> Person:
    """That person, to be observed. NotFound when the viewer may not know of her; Forbidden when she may know and not observe."""
    found = db.session.get(Person, person_id) if who.holds("trainer") else person_or_404(person_id, who)
    if found is None:
        raise NotFound
    if not may_observe(who, person_id):
        raise Forbidden(_may_not(who, found))
    return found


def _may_not(who: Viewer, person: Person) -> str:
    if person.id == who.id:
        return str(_("Nobody observes herself. Ask a colleague who may."))
    if person.disabled_at is not None:
        return str(_("This account is closed, so there is nothing to observe."))
    return str(_("Observing is for supervisors and trainers."))

"""Who may observe whom, and what was observed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from trainee.coaching.observations.models import Observation, ObservationLine
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.people import Person, Team, Viewer, below, person_or_404, visible_to

PAGE = 30


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


def people_to_observe(who: Viewer, search: str, limit: int = 50) -> tuple[list[Any], int]:
    """The first of those this viewer may observe whose name, team or job has `search` in it, and how many there are."""
    statement = (
        select(Person.id, Person.name, Person.job, Team.name.label("team"), func.max(Observation.seen_at).label("seen_at"))
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(Observation, Observation.person_id == Person.id)
        .where(Person.id.in_(observable_by(who)))
        .group_by(Person.id, Person.name, Person.job, Person.name_sort, Team.name)
        .order_by(Person.name_sort)
    )
    rows = list(db.session.execute(statement))
    # Matching is Turkish-aware and lives in Python, as in the directory.
    wanted = trtext.fold(search.strip())
    if wanted:
        rows = [row for row in rows if wanted in trtext.fold(f"{row.name} {row.team or ''} {row.job}")]
    return rows[:limit], len(rows)


def _readable_by(who: Viewer) -> Any:
    return Observation.person_id.in_(visible_to(who)) | (Observation.observer_id == who.id)


def observation_or_404(observation_id: int, who: Viewer) -> Observation:
    """An observation, for the observed person, her line, HR and whoever wrote it."""
    found = db.session.execute(select(Observation).where(Observation.id == observation_id, _readable_by(who))).scalars().first()
    if found is None:
        raise NotFound
    return found


def lines_of(observation_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The lines of those observations as rows of (skill_key, level, note, critical). One statement."""
    found: dict[int, list[Any]] = {number: [] for number in observation_ids}
    for row in db.session.execute(select(*ObservationLine.__table__.columns).where(ObservationLine.observation_id.in_(observation_ids))):
        found[row.observation_id].append(row)
    return found


def observations(who: Viewer, *, person_id: int | None = None, observer_id: int | None = None, page: int = 1) -> tuple[list[Any], int]:
    """One page of observations this viewer may read, the newest first, and how many there are: of one person, or by one observer."""
    observer, person = aliased(Person), aliased(Person)
    wanted = _readable_by(who)
    if person_id is not None:
        wanted &= Observation.person_id == person_id
    if observer_id is not None:
        wanted &= Observation.observer_id == observer_id
    columns = (Observation.id, Observation.seen_at, Observation.channel, Observation.acknowledged_at, Observation.person_id)
    statement = (
        select(*columns, observer.name.label("observer"), person.name.label("person"))
        .join(observer, observer.id == Observation.observer_id)
        .join(person, person.id == Observation.person_id)
        .where(wanted)
        .order_by(Observation.seen_at.desc(), Observation.id.desc())
    )
    total = db.session.execute(select(func.count()).select_from(Observation).where(wanted)).scalar_one()
    return list(db.session.execute(statement.limit(PAGE).offset((page - 1) * PAGE))), total

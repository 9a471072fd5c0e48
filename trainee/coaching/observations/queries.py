"""What was observed, what is being written, and what waits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from trainee.coaching.observations.models import Dispute, Observation, ObservationDraft, ObservationLine, SelfReview, SelfReviewLine
from trainee.coaching.rights import observable_by
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people import Person, Team, Viewer, visible_to

PAGE = 30


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


def _standing_marks() -> Any:
    """The marks that stand, as rows of (observation_id, skill_key, level, actor_id, observer_id, seen_at, licensed).

    A line in dispute counts as it was marked until somebody decides. One that was changed has the level, and as its actor the name, of whoever
    decided, and goes on being what the observer saw; one that was struck is none.
    """
    changed = Dispute.outcome == "changed"
    marked = case((ObservationLine.critical.is_not(None), 1), else_=ObservationLine.level)
    level = case((changed, Dispute.level), else_=marked)
    return (
        select(
            Observation.id.label("observation_id"),
            ObservationLine.skill_key,
            level.label("level"),
            case((changed, Dispute.decided_by_id), else_=Observation.observer_id).label("actor_id"),
            Observation.observer_id,
            Observation.seen_at,
            Observation.licensed,
        )
        .join(ObservationLine, ObservationLine.observation_id == Observation.id)
        .outerjoin(Dispute, (Dispute.observation_id == Observation.id) & (Dispute.skill_key == ObservationLine.skill_key))
        .where(level.is_not(None), Dispute.outcome.is_(None) | (Dispute.outcome != "struck"))
    )


def standing_mark(observation_id: int, skill: str) -> Any:
    """One mark as it stands today; None when it was struck or nothing was seen. One statement."""
    return db.session.execute(_standing_marks().where(Observation.id == observation_id, ObservationLine.skill_key == skill)).first()


def scored_by_another(observation_id: int, person_id: int, contact: str, observer_id: int) -> dict[str, Any]:
    """The standing marks that somebody else gave the very same contact and that were shown, by skill. One statement."""
    statement = (
        _standing_marks()
        .where(Observation.person_id == person_id, Observation.contact == contact, Observation.id != observation_id)
        .where(Observation.observer_id != observer_id, Observation.released_at.is_not(None))
        .order_by(Observation.id.desc())
    )
    # Of several the first one stays: it comes last in this order.
    return {row.skill_key: row for row in db.session.execute(statement)}


def also_scored_by(found: Observation) -> list[str]:
    """Who else scored the same contact and was shown, by name. One statement at most."""
    if not found.contact:
        return []
    same = (Observation.person_id == found.person_id) & (Observation.contact == found.contact) & (Observation.observer_id != found.observer_id)
    wanted = select(Person.name).where(Person.id.in_(select(Observation.observer_id).where(same, Observation.released_at.is_not(None))))
    return list(db.session.scalars(wanted.order_by(Person.name_sort)))


def last_lines(person_id: int, without: Collection[str], most: int) -> list[Any]:
    """The newest lines that were marked, of contacts other than these; of one observation the lowest marks first. One statement."""
    line = ObservationLine
    columns = (Observation.id, Observation.seen_at, Observation.contact, Observation.observer_id, Person.name.label("observer"))
    statement = (
        select(line.skill_key, line.level, line.critical, line.note, *columns)
        .join(Observation, Observation.id == line.observation_id)
        .join(Person, Person.id == Observation.observer_id)
        .where(Observation.person_id == person_id, line.level.is_not(None) | line.critical.is_not(None))
        .where(Observation.contact.not_in(list(without)))
        .order_by(Observation.seen_at.desc(), Observation.id.desc(), line.level, line.skill_key)
        .limit(most)
    )
    return list(db.session.execute(statement))


def badly_conducted(person_id: int, without: Collection[str], since: datetime, most: int) -> list[Any]:
    """The newest contacts since then that were not respectful or not professional, other than these; none all of whose marks were decided otherwise.

    One statement.
    """
    line, mine = ObservationLine, Dispute.observation_id == ObservationLine.observation_id
    overruled = select(Dispute.id).where(mine, Dispute.skill_key == line.skill_key, Dispute.outcome.in_(("changed", "struck"))).exists()
    stands = select(line.skill_key).where(line.observation_id == Observation.id, line.level.is_not(None) | line.critical.is_not(None), ~overruled)
    columns = (Observation.id, Observation.seen_at, Observation.contact, Observation.observer_id, Observation.respectful, Observation.conduct)
    statement = (
        select(*columns)
        .where(Observation.person_id == person_id, Observation.respectful.is_(False) | Observation.professional.is_(False))
        .where(Observation.contact.not_in(list(without)), Observation.seen_at >= since, stands.exists())
        .order_by(Observation.seen_at.desc(), Observation.id.desc())
        .limit(most)
    )
    return list(db.session.execute(statement))


def rulings(person_id: int, contact: str) -> dict[str, list[int]]:
    """The disputes that were decided about the lines of one numbered contact, whoever scored it, by skill. One statement at most."""
    found: dict[str, list[int]] = {}
    if contact:
        of_it = (Observation.person_id == person_id) & (Observation.contact == contact) & Dispute.decided_at.is_not(None)
        wanted = select(Dispute.skill_key, Dispute.id).join(Observation, Observation.id == Dispute.observation_id).where(of_it).order_by(Dispute.id)
        for skill, number in db.session.execute(wanted):
            found.setdefault(skill, []).append(number)
    return found


def last_card_of(person_id: int) -> int | None:
    """The card somebody was observed on last."""
    newest = select(Observation.card_id).where(Observation.person_id == person_id, Observation.card_id.is_not(None))
    found: int | None = db.session.execute(newest.order_by(Observation.seen_at.desc(), Observation.id.desc()).limit(1)).scalar()
    return found


def drafts_of(observer_id: int, person_id: int | None = None) -> list[Any]:
    """The observations somebody has begun to write, the one touched last first: (id, receipt, person_id, person, card_id, kept_at)."""
    draft = ObservationDraft
    columns = (draft.id, draft.receipt, draft.person_id, draft.card_id, draft.kept_at, Person.name.label("person"))
    wanted = select(*columns).join(Person, Person.id == draft.person_id).where(draft.observer_id == observer_id)
    if person_id is not None:
        wanted = wanted.where(draft.person_id == person_id)
    return list(db.session.execute(wanted.order_by(draft.kept_at.desc(), draft.id)))


def draft(receipt: str, observer_id: int, person_id: int) -> ObservationDraft | None:
    """What this observer has typed of this person under that key; None when there is nothing, or it was sent meanwhile."""
    mine = (ObservationDraft.receipt == receipt) & (ObservationDraft.observer_id == observer_id) & (ObservationDraft.person_id == person_id)
    return db.session.execute(select(ObservationDraft).where(mine)).scalars().first()


def self_review_of(observation_id: int) -> tuple[SelfReview | None, dict[str, int | None]]:
    """How the person saw the contact herself, with her levels by skill; nothing before she said so. Two statements."""
    given = db.session.get(SelfReview, observation_id)
    if given is None or given.declined:
        return given, {}
    lines = select(SelfReviewLine.skill_key, SelfReviewLine.level).where(SelfReviewLine.observation_id == observation_id)
    return given, {row.skill_key: row.level for row in db.session.execute(lines)}


def waiting_for_self_review(at: datetime) -> list[Any]:
    """Every observation that is not shown yet, as (id, self_review_by, time_zone)."""
    statement = (
        select(Observation.id, Observation.self_review_by, Person.time_zone)
        .join(Person, Person.id == Observation.person_id)
        .where(Observation.released_at.is_(None), Observation.recorded_at <= at)
    )
    return list(db.session.execute(statement.order_by(Observation.id)))


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
    columns = (
        Observation.id,
        Observation.seen_at,
        Observation.channel,
        Observation.contact,
        Observation.acknowledged_at,
        Observation.released_at,
        Observation.self_review_by,
        Observation.person_id,
        Observation.observer_id,
    )
    statement = (
        select(*columns, observer.name.label("observer"), person.name.label("person"))
        .join(observer, observer.id == Observation.observer_id)
        .join(person, person.id == Observation.person_id)
        .where(wanted)
        .order_by(Observation.seen_at.desc(), Observation.id.desc())
    )
    total = db.session.execute(select(func.count()).select_from(Observation).where(wanted)).scalar_one()
    return list(db.session.execute(statement.limit(PAGE).offset((page - 1) * PAGE))), total

"""What somebody may be praised for, and the praise she, her team and its giver read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainee.coaching.praise.models import Praise
from trainee.coaching.suggestions import Suggestion
from trainee.evidence import Evidence, Miller, sources
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.people import Person, Viewer, below, leads

# What lies further back than this is not offered as a reason, nor shown on the team's page.
LATELY: Final = timedelta(days=90)
# From level 3, four of five points, or a good role-play choice on.
GOOD: Final = 0.66
MOST_REASONS, MOST = 12, 30


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing somebody may be praised for: its key (`evidence/17`, `suggestion/3`), and what a page needs to name it."""

    key: str
    skill: str
    source: str
    score: float
    title: str
    when: datetime


def reasons(person_id: int, at: datetime) -> list[Reason]:
    """What went well lately at work, in role-plays and with customers, one of a kind a day, and ideas that were adopted. Two statements."""
    shown = [kind.key for kind in sources if kind.counts and kind.miller >= Miller.SHOWS_HOW]
    taken = select(Evidence.retracts_id).where(Evidence.retracts_id.is_not(None), Evidence.person_id == person_id)
    statement = (
        select(Evidence.id, Evidence.skill_key, Evidence.source, Evidence.score, Evidence.occurred_at, Person.time_zone)
        .join(Person, Person.id == Evidence.person_id)
        .where(Evidence.person_id == person_id, Evidence.source.in_(shown), Evidence.score > GOOD, Evidence.occurred_at > at - LATELY)
        .where(Evidence.retracts_id.is_(None), Evidence.id.not_in(taken))
        .order_by(Evidence.occurred_at.desc(), Evidence.id.desc())
        .limit(200)
    )
    found: dict[Any, Reason] = {}
    for row in db.session.execute(statement):
        found.setdefault(
            (row.skill_key, row.source, local_date(row.occurred_at, row.time_zone)),
            Reason(f"evidence/{row.id}", row.skill_key, row.source, row.score, "", row.occurred_at),
        )
    ideas = select(Suggestion.id, Suggestion.title, Suggestion.answered_at).where(
        Suggestion.author_id == person_id, Suggestion.decision == "adopted", Suggestion.answered_at > at - LATELY
    )
    adopted = [Reason(f"suggestion/{row.id}", "", "", 1.0, row.title, row.answered_at) for row in db.session.execute(ideas)]
    return sorted([*adopted, *found.values()], key=lambda one: one.when, reverse=True)[:MOST_REASONS]


def require_lead(who: Viewer, person_id: int) -> None:
    """Forbidden, in a sentence, unless the viewer leads that person; nobody praises herself."""
    if who.id == person_id or not leads(who, person_id):
        raise Forbidden(_("Praise is given by those who lead somebody, and never to oneself."))


def praise_or_404(praise_id: int, who: Viewer) -> Praise:
    """Praise for its receiver; it is hers to hide."""
    found = db.session.get(Praise, praise_id)
    if found is None or found.person_id != who.id:
        raise NotFound
    return found


def _rows() -> Any:
    giver, person = aliased(Person), aliased(Person)
    columns = (Praise.id, Praise.words, Praise.to_team, Praise.given_at, Praise.hidden_at, Praise.person_id)
    return (
        select(*columns, Evidence.skill_key, Evidence.source, Evidence.score, Suggestion.title.label("idea"))
        .add_columns(giver.name.label("giver"), person.name.label("person"))
        .join(giver, giver.id == Praise.from_id)
        .join(person, person.id == Praise.person_id)
        .outerjoin(Evidence, Evidence.id == Praise.evidence_id)
        .outerjoin(Suggestion, Suggestion.id == Praise.suggestion_id)
        .order_by(Praise.given_at.desc(), Praise.id.desc())
        .limit(MOST)
    )


def received(person_id: int) -> Sequence[Any]:
    """What somebody was praised for, hidden or not, the newest first. One statement."""
    return db.session.execute(_rows().where(Praise.person_id == person_id)).all()


def given(from_id: int) -> Sequence[Any]:
    """What somebody praised others for. One statement."""
    return db.session.execute(_rows().where(Praise.from_id == from_id)).all()


def of_team(who: Viewer, at: datetime) -> Sequence[Any]:
    """What was said to this viewer's team, or to those she leads, within ninety days and is not hidden. One statement."""
    team = select(Person.id).where(Person.team_id == who.team_id, Person.team_id.is_not(None), Person.id != who.id)
    seen: Any = Praise.person_id.in_(team)
    if who.holds("supervisor"):
        seen |= Praise.person_id.in_(below(who.id))
    return db.session.execute(_rows().where(seen, Praise.to_team, Praise.hidden_at.is_(None), Praise.given_at > at - LATELY)).all()

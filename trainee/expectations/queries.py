"""Who may set and read which expectation, its versions, and what people answered."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import aliased

from trainee.expectations.models import Expectation, ExpectationAnswer, ExpectationDraft, Scope
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.people import Person, Stay, Team, Viewer, directly_below, visible_to

# Reading


def readable_by(who: Viewer) -> ColumnElement[bool]:
    """Which expectations this viewer may read: those of everybody she may see, of their teams and jobs, and of teams she was in or leads."""
    if who.holds("hr", "admin"):
        return true()
    seen = visible_to(who)
    teams = select(Person.team_id).where(Person.id.in_(seen), Person.team_id.is_not(None))
    been = select(Stay.team_id).where(Stay.person_id == who.id)
    led = select(Team.id).where(Team.supervisor_id == who.id)
    mine = Expectation.person_id.in_(seen) | Expectation.team_id.in_(teams) | Expectation.team_id.in_(been) | Expectation.team_id.in_(led)
    return mine | Expectation.job.in_(select(Person.job).where(Person.id.in_(seen)))


def expectation_or_404(expectation_id: int, who: Viewer) -> Expectation:
    """An expectation this viewer may read; NotFound for every other, without saying whether there is one."""
    found = db.session.execute(select(Expectation).where(Expectation.id == expectation_id, readable_by(who))).scalars().first()
    if found is None:
        raise NotFound
    return found


def people_seen(who: Viewer) -> list[Any]:
    """Everybody else this viewer may read of, by name, with team and job. One statement."""
    statement = (
        select(Person.id, Person.name, Person.job, Person.time_zone, Team.name.label("team"))
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Person.id.in_(visible_to(who)), Person.id != who.id, Person.disabled_at.is_(None))
    )
    return list(db.session.execute(statement.order_by(Person.name_sort)))


def meant(row: Any) -> Select[tuple[int]]:
    """Ids of those an expectation is for today: one person; who works in the team and does not lead it; everybody of the job."""
    people = select(Person.id).where(Person.disabled_at.is_(None))
    if row.person_id is not None:
        return people.where(Person.id == row.person_id)
    if row.team_id is not None:
        leader = select(Team.supervisor_id).where(Team.id == row.team_id).scalar_subquery()
        return people.where(Person.team_id == row.team_id, Person.id.is_distinct_from(leader))
    return people.where(Person.job == row.job)


def is_meant(row: Any, person_id: int) -> bool:
    """Whether an expectation is for that person."""
    return db.session.scalar(meant(row).where(Person.id == person_id)) is not None


def versions(row: Expectation) -> list[Any]:
    """Every version in the chain of an expectation, the newest first, with who set it."""
    columns = (Expectation.id, Expectation.version, Expectation.level, Expectation.starts_on, Expectation.ends_on, Expectation.closed_on)
    statement = (
        select(*columns, Expectation.end_reason, Expectation.why, Expectation.issued_at, Person.name.label("set_by"))
        .join(Person, Person.id == Expectation.set_by_id)
        .where(Expectation.scope == row.scope, Expectation.skill == row.skill)
    )
    return list(db.session.execute(statement.order_by(Expectation.version.desc())))


def history_of(person_id: int, day: date, most: int = 20) -> list[Any]:
    """What was expected of somebody and has ended by `day`, for herself or for her team or job while she was asked; the newest first."""
    asked = select(ExpectationAnswer.expectation_id).where(ExpectationAnswer.person_id == person_id)
    over = (Expectation.closed_on <= day) | (Expectation.ends_on < day)
    hers = (Expectation.person_id == person_id) | Expectation.id.in_(asked)
    statement = select(Expectation).where(hers, over).order_by(Expectation.starts_on.desc(), Expectation.id.desc()).limit(most)
    return list(db.session.execute(statement).scalars())


def ended_lately(person_ids: Sequence[int], since: date, day: date) -> list[Any]:
    """People's own and their teams' expectations whose last day lies between `since` and `day` and that nothing has taken the place of."""
    later = aliased(Expectation)
    newer = select(later.id).where(later.scope == Expectation.scope, later.skill == Expectation.skill, later.version > Expectation.version).exists()
    over = Expectation.ends_on.between(since, day) & Expectation.closed_on.is_(None) & ~newer
    team = (Expectation.team_id == Person.team_id) & (Team.supervisor_id.is_(None) | (Team.supervisor_id != Person.id))
    statement = (
        select(Person.id.label("whose"), Expectation.id, Expectation.skill, Expectation.level, Expectation.ends_on, Expectation.person_id)
        .add_columns(Expectation.team_id, Person.time_zone)
        .select_from(Person)
        .outerjoin(Team, Team.id == Person.team_id)
        .join(Expectation, (Expectation.person_id == Person.id) | team | (Expectation.job == Person.job))
        .where(Person.id.in_(person_ids), over)
    )
    return list(db.session.execute(statement.order_by(Person.id, Expectation.id)))


# Setting


def teams_to_set(who: Viewer) -> Select[tuple[int]]:
    """Ids of the teams this viewer may set for: her own and those led by people below her; never one she works in without leading it."""
    led = (Team.supervisor_id == who.id) | (Team.supervisor_id.in_(directly_below(who.id)) & Team.id.is_distinct_from(who.team_id))
    return select(Team.id).where(led)


def may_set(who: Viewer, scope: Scope) -> bool:
    """Whether this viewer may set for that scope: who leads directly, at any depth, for people and teams; HR for jobs; nobody for herself."""
    if scope.kind == "job":
        return who.holds("hr") and db.session.scalar(select(Person.job).where(Person.id == who.id)) != scope.key
    if not who.holds("supervisor") or scope == Scope("person", who.id):
        return False
    if scope.kind == "team":
        return db.session.scalar(teams_to_set(who).where(Team.id == scope.key)) is not None
    return db.session.scalar(select(Person.id).where(Person.id == scope.key, Person.id.in_(directly_below(who.id)))) is not None


def require_setter(who: Viewer, scope: Scope) -> None:
    """Forbidden, in a sentence, unless the viewer may set for that scope."""
    if may_set(who, scope):
        return
    if scope == Scope("person", who.id):
        raise Forbidden(_("Nobody sets an expectation for herself. Your own supervisor can."))
    if scope.kind == "job":
        raise Forbidden(_("What is expected of everybody in a job is set by HR, and not by somebody for her own job."))
    raise Forbidden(_("Expectations are set by the direct supervisor or somebody above her. You can read this one."))


def scopes_to_set(who: Viewer) -> list[tuple[Scope, str]]:
    """Everybody this viewer may set for, with names: teams first, then people, then jobs. Three statements at most."""
    found: list[tuple[Scope, str]] = []
    if who.holds("supervisor"):
        teams = select(Team.id, Team.name).where(Team.id.in_(teams_to_set(who))).order_by(Team.name)
        found += [(Scope("team", row.id), row.name) for row in db.session.execute(teams)]
        people = select(Person.id, Person.name).where(Person.id.in_(directly_below(who.id)), Person.id != who.id, Person.disabled_at.is_(None))
        found += [(Scope("person", row.id), row.name) for row in db.session.execute(people.order_by(Person.name_sort))]
    if who.holds("hr"):
        mine = select(Person.job).where(Person.id == who.id).scalar_subquery()
        jobs = select(Person.job).where(Person.disabled_at.is_(None), Person.job != "", Person.job != mine).distinct().order_by(Person.job)
        found += [(Scope("job", job), job) for job in db.session.scalars(jobs)]
    return found


def scope_name(scope: Scope) -> str:
    """The name of whoever is meant."""
    if scope.kind == "job":
        return str(scope.key)
    model: Any = Person if scope.kind == "person" else Team
    found: str | None = db.session.scalar(select(model.name).where(model.id == scope.key))
    return found or ""


def standing_one(scope: Scope, skill: str) -> Expectation | None:
    """The newest version that is not closed, for that scope and skill."""
    chain = (Expectation.scope == str(scope)) & (Expectation.skill == skill) & Expectation.closed_at.is_(None)
    return db.session.execute(select(Expectation).where(chain).order_by(Expectation.version.desc()).limit(1)).scalars().first()


def last_of_setter(who: Viewer) -> Expectation | None:
    """What this viewer set last: how she monitors is proposed again."""
    mine = select(Expectation).where(Expectation.set_by_id == who.id)
    return db.session.execute(mine.order_by(Expectation.id.desc()).limit(1)).scalars().first()


# Drafts


def _may_write(who: Viewer) -> ColumnElement[bool]:
    found: ColumnElement[bool] = ExpectationDraft.person_id.in_(directly_below(who.id)) & (ExpectationDraft.person_id != who.id)
    found |= ExpectationDraft.team_id.in_(teams_to_set(who))
    if not who.holds("supervisor"):
        found = ExpectationDraft.id.is_(None)
    if who.holds("hr"):
        found |= ExpectationDraft.job.is_not(None) & (ExpectationDraft.job != select(Person.job).where(Person.id == who.id).scalar_subquery())
    return found


def draft_or_404(draft_id: int, who: Viewer) -> ExpectationDraft:
    """A draft, for everybody who may set what it is about."""
    found = db.session.execute(select(ExpectationDraft).where(ExpectationDraft.id == draft_id, _may_write(who))).scalars().first()
    if found is None:
        raise NotFound
    return found


def drafts_for(who: Viewer) -> list[Any]:
    """Drafts this viewer may go on with, the newest first, with the name of whoever is meant and who wrote last."""
    editor, person = aliased(Person), aliased(Person)
    statement = (
        select(ExpectationDraft.id, ExpectationDraft.skill, ExpectationDraft.level, ExpectationDraft.edited_at, editor.name.label("editor"))
        .add_columns(func.coalesce(person.name, Team.name, ExpectationDraft.job).label("whom"))
        .join(editor, editor.id == ExpectationDraft.edited_by_id)
        .outerjoin(person, person.id == ExpectationDraft.person_id)
        .outerjoin(Team, Team.id == ExpectationDraft.team_id)
        .where(_may_write(who), ExpectationDraft.issued_id.is_(None), ExpectationDraft.discarded_at.is_(None))
    )
    return list(db.session.execute(statement.order_by(ExpectationDraft.edited_at.desc()).limit(20)))


def open_draft_of(expectation_id: int) -> int | None:
    """The draft that is to take the place of an expectation, when somebody is writing one."""
    mine = (ExpectationDraft.replaces_id == expectation_id) & ExpectationDraft.issued_id.is_(None) & ExpectationDraft.discarded_at.is_(None)
    return db.session.scalar(select(ExpectationDraft.id).where(mine).order_by(ExpectationDraft.id.desc()).limit(1))


# Answers


def answers_to(expectation_id: int, person_ids: Select[tuple[int]] | Sequence[int]) -> list[Any]:
    """What those people answered to one version, all of it, the oldest first, with who replied."""
    replier = aliased(Person)
    columns = [column for column in ExpectationAnswer.__table__.columns if column.name != "receipt"]
    statement = (
        select(*columns, replier.name.label("replied_by"))
        .outerjoin(replier, replier.id == ExpectationAnswer.replied_by_id)
        .where(ExpectationAnswer.expectation_id == expectation_id, ExpectationAnswer.person_id.in_(person_ids))
    )
    return list(db.session.execute(statement.order_by(ExpectationAnswer.id)))


def people_asked(row: Expectation, who: Viewer, most: int = 300) -> list[Any]:
    """Those an expectation is for whom this viewer may see, by name."""
    statement = select(Person.id, Person.name, Person.job).where(Person.id.in_(meant(row)), Person.id.in_(visible_to(who)), Person.id != who.id)
    return list(db.session.execute(statement.order_by(Person.name_sort).limit(most)))


def _may_answer(who: Viewer) -> ColumnElement[bool]:
    """Whose objections this viewer may answer, joined with their expectations: her line's, and as HR those to what HR set for a job."""
    line = ExpectationAnswer.person_id.in_(directly_below(who.id)) & Expectation.job.is_(None)
    team = Expectation.team_id.in_(teams_to_set(who))
    found: ColumnElement[bool] = (line | team) if who.holds("supervisor") else Expectation.id.is_(None)
    if who.holds("hr"):
        found |= Expectation.job.is_not(None)
    return found & (ExpectationAnswer.person_id != who.id)


def _objections(who: Viewer, *columns: Any) -> Select[Any]:
    waiting = (ExpectationAnswer.kind == "objected") & ExpectationAnswer.replied_at.is_(None)
    return (
        select(*columns)
        .select_from(ExpectationAnswer)
        .join(Expectation, Expectation.id == ExpectationAnswer.expectation_id)
        .where(waiting, _may_answer(who))
    )


def answerable(who: Viewer, row: Expectation) -> set[int]:
    """The ids of the objections to one version that wait for this viewer's answer. One statement."""
    return set(db.session.scalars(_objections(who, ExpectationAnswer.id).where(Expectation.id == row.id)))


def objections_for(who: Viewer, most: int = 50) -> list[Any]:
    """The objections that wait for this viewer's answer, the oldest first."""
    columns = (ExpectationAnswer.id, ExpectationAnswer.note, ExpectationAnswer.at, Person.name, Expectation.skill, Expectation.level)
    statement = _objections(who, *columns, Expectation.id.label("expectation_id"))
    return list(db.session.execute(statement.join(Person, Person.id == ExpectationAnswer.person_id).order_by(ExpectationAnswer.id).limit(most)))


def objections_waiting(who: Viewer) -> int:
    """How many objections wait for this viewer's answer. One statement."""
    return db.session.scalar(_objections(who, func.count())) or 0


def objection_or_404(answer_id: int, who: Viewer) -> ExpectationAnswer:
    """An objection to be answered by this viewer. NotFound when she may not know of it; Forbidden when she may read and not answer it."""
    found = db.session.get(ExpectationAnswer, answer_id)
    if found is None or found.kind != "objected":
        raise NotFound
    seen = db.session.scalar(select(Person.id).where(Person.id == found.person_id, Person.id.in_(visible_to(who))))
    mine = select(ExpectationAnswer.id).join(Expectation, Expectation.id == ExpectationAnswer.expectation_id)
    if db.session.scalar(mine.where(ExpectationAnswer.id == answer_id, _may_answer(who))) is not None:
        return found
    if seen is None:
        raise NotFound
    raise Forbidden(_("This objection is for somebody else to answer."))

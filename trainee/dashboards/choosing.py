"""What may be assigned to whom, as a form offers it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from trainee import people, plans
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.i18n import _, _n, language
from trainee.modules import library
from trainee.people import Person, Team, Viewer
from trainee.plans import Certification, Task

SETS = (3, 5, 10, 20)
_CERTIFICATION = "certification/"
Choice = tuple[str, str]


def tasks_offered() -> list[Choice]:
    """What may be assigned by itself or by a rule: modules, paths, role-plays and review sets, with the value of each in a form. One statement."""
    modules = library.catalogue_modules()
    stories = [(story.id, story.title.of(language())) for module in modules for story in module.stories]
    return [
        *((f"module/{module.key}", module.title.of(language())) for module in modules),
        *((f"path/{path.key}", str(_("Path: %(title)s", title=path.title.of(language())))) for path in library.pieces().paths),
        *((f"roleplay/{key}", str(_("Role-play: %(title)s", title=title))) for key, title in stories),
        *((f"reviews/{many}", str(_n("%(num)d review set", "%(num)d review sets", many))) for many in SETS),
    ]


def certificates_offered() -> list[Choice]:
    """What may be certified, in the same way. One statement."""
    return [(f"{_CERTIFICATION}{row.id}", _certificate(plans.title_of(row))) for row in plans.certifications()]


def _certificate(title: str) -> str:
    return str(_("Certificate: %(title)s", title=title))


def certified(value: str) -> Certification | None:
    """The certification that stands behind a form's value; None when it stands for something else."""
    return plans.certification(int(value.removeprefix(_CERTIFICATION))) if value.startswith(_CERTIFICATION) else None


def task_of(value: str, rank: int | None = None) -> Task:
    """The task that stands behind a form's value; `rank` is the least ending of a role-play."""
    kind, _slash, what = value.partition("/")
    if kind == "reviews":
        return Task(kind, "", int(what))
    return Task(kind, what, rank if kind == "roleplay" else None)


def value_of(task: Task) -> str:
    """The form's value of a task."""
    return f"{task.kind}/{task.number if task.kind == 'reviews' else task.what}"


def task_name(task: Task, training: plans.Training | None = None) -> str:
    """A task in the reader's language; its key when it is no longer offered. `training` spares asking what is in use."""
    if task.kind == "reviews":
        return str(_n("%(num)d review set", "%(num)d review sets", task.number or 1))
    offered = training or plans.training()
    if task.kind == "path":
        path = plans.path_of(task.what)
        return path.title.of(language()) if path is not None else task.what
    if task.kind == "roleplay":
        part = offered.stories.get(task.what)
        return str(_("Role-play: %(title)s", title=part.title.of(language()) if part is not None else task.what))
    module = offered.modules.get(task.what)
    return module.title.of(language()) if module is not None else task.what


def opens_after(step: plans.Step) -> str:
    """What opens a locked step of a path; empty for one that is not locked."""
    before = ", ".join(module.title.of(language()) for module in step.before)
    return str(_("Opens after: %(titles)s", titles=before)) if before else ""


def in_charge(who: Viewer) -> Select[tuple[int]]:
    """Ids of those to whom this viewer may assign something: her line, or everybody for HR; never herself."""
    ids = people.visible_to(who).subquery()
    return select(ids.c.id).where(ids.c.id != who.id)


@dataclass(frozen=True, slots=True)
class Group:
    """People that something may be assigned to at once: the form's value, words, and who they are."""

    value: str
    words: str
    ids: list[int]


def groups(who: Viewer) -> list[Group]:
    """The teams and the jobs among the people of this viewer, then everybody. One statement."""
    statement = (
        select(Person.id, Person.job, Person.team_id, Team.name.label("team"))
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Person.id.in_(in_charge(who)), Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return []
    teams = _by(rows, lambda row: (str(row.team_id), row.team) if row.team_id is not None else None)
    jobs = _by(rows, lambda row: (row.job, row.job))
    everybody = [row.id for row in rows]
    return [
        *(Group(f"team/{key}", _counted(_("Team: %(name)s", name=name), ids), ids) for key, name, ids in teams),
        *(Group(f"job/{key}", _counted(_("Job: %(name)s", name=name), ids), ids) for key, name, ids in jobs if key),
        Group("all", _counted(_("Everybody I look after"), everybody), everybody),
    ]


def _by(rows: Any, of: Any) -> list[tuple[str, str, list[int]]]:
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        place = of(row)
        if place is not None:
            found.setdefault(place, []).append(row.id)
    return sorted(((key, name, ids) for (key, name), ids in found.items()), key=lambda one: trtext.sort_key(one[1]))


def _counted(words: Any, ids: list[int]) -> str:
    many = _n("%(num)d person", "%(num)d people", len(ids))
    return f"{words} ({many})"


def jobs_of(who: Viewer) -> list[str]:
    """The jobs among the people of this viewer, in order."""
    rows = db.session.scalars(select(Person.job).where(Person.id.in_(in_charge(who)), Person.disabled_at.is_(None)))
    return sorted((job for job in Counter(rows) if job), key=trtext.sort_key)


def fits(words: str) -> Any:
    """Whether a text holds all these words, whatever their case, accents and dots."""
    wanted = trtext.fold(words).split()
    return lambda text: all(word in trtext.fold(text) for word in wanted)


def asked_at(given: str, at: datetime, parse: Any, fresh: Any) -> datetime:
    """The moment a form was opened: it names this very asking, so that a second press finds the first."""
    asked = parse(given or "")
    return asked if asked is not None and at - fresh <= asked <= at else at

"""Which reports there are for whom, and what fills their filters."""

from typing import Any

from sqlalchemy import func, select

from trainee import people, plans, skills
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.i18n import language
from trainee.people import Person, Team, Unit, Viewer
from trainee.reports.kinds import kinds
from trainee.reports.models import ReportExport
from trainee.reports.report import Report


def reports_for(who: Viewer) -> list[Report]:
    """The reports open to somebody, in their order."""
    return sorted((one for one in kinds if one.open_to(who)), key=lambda one: one.place)


def report_or_404(key: str, who: Viewer) -> Report:
    """The report of that key; Forbidden, in a sentence, where it is not open to her."""
    found = kinds.get(key)
    if found is None:
        raise NotFound
    found.require(who)
    return found


def how_many(who: Viewer, report: Report) -> int:
    """How many people somebody may see in a report."""
    seen = select(func.count()).select_from(Person)
    return db.session.scalar(seen if who.holds(*report.whole) else seen.where(Person.id.in_(people.visible_to(who)))) or 0


def choices(who: Viewer, report: Report) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen for each filter of a report that is chosen from a list: (value, words). Two statements at most."""
    found, takes, whole = {}, report.takes, who.holds("hr", "admin", *report.whole)
    if "team" in takes:
        teams = select(Team.id, Team.name)
        if not whole:
            teams = teams.where(Team.id.in_(select(Person.team_id).where(Person.id.in_(people.visible_to(who)), Person.team_id.is_not(None))))
        found["team"] = [(str(row.id), row.name) for row in sorted(db.session.execute(teams), key=lambda row: trtext.sort_key(row.name))]
    if "unit" in takes and whole:
        units = db.session.execute(select(Unit.id, Unit.name))
        found["unit"] = [(str(row.id), row.name) for row in sorted(units, key=lambda row: trtext.sort_key(row.name))]
    if "module" in takes:
        modules = sorted(plans.training().modules.values(), key=lambda one: one.code)
        found["module"] = [(one.key, f"{one.code} {one.title.of(language())}") for one in modules]
    if "skill" in takes:
        found["skill"] = [(one.key, one.name.of(language())) for one in skills.framework().skills]
    return found


def exports(limit: int, before: int | None = None) -> list[Any]:
    """Who took what out of the house, the newest first: rows of the log with the name of whoever took it."""
    statement = select(ReportExport, Person.name).join(Person, Person.id == ReportExport.person_id).order_by(ReportExport.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(ReportExport.id < before)
    return list(db.session.execute(statement))

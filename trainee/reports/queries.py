"""Which reports there are for whom, and what fills their filters."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

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


MOST_TEAMS: Final = 300
"""Of more teams one is typed by its name: a list of all of them would be most of the page."""


def _teams(who: Viewer, report: Report) -> Any:
    teams = select(Team.id, Team.name)
    if who.holds("hr", "admin", *report.whole):
        return teams
    return teams.where(Team.id.in_(select(Person.team_id).where(Person.id.in_(people.visible_to(who)), Person.team_id.is_not(None))))


def teams_for(who: Viewer, report: Report) -> Callable[[], Iterable[tuple[int, str]]]:
    """Reads id and name of every team that somebody may choose in a report. One statement."""
    return lambda: (tuple(row) for row in db.session.execute(_teams(who, report)))


def choices(who: Viewer, report: Report) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen for each filter of a report that is chosen from a list: (value, words). Two statements at most."""
    found, takes, whole = {}, report.takes, who.holds("hr", "admin", *report.whole)
    if "team" in takes:
        rows = db.session.execute(_teams(who, report).limit(MOST_TEAMS + 1)).all()
        if len(rows) <= MOST_TEAMS:
            found["team"] = [(str(row.id), row.name) for row in sorted(rows, key=lambda row: trtext.sort_key(row.name))]
    if "unit" in takes and whole:
        units = db.session.execute(select(Unit.id, Unit.name))
        found["unit"] = [(str(row.id), row.name) for row in sorted(units, key=lambda row: trtext.sort_key(row.name))]
    if "module" in takes:
        modules = sorted(plans.training().modules.values(), key=lambda one: one.code)
        found["module"] = [(one.key, f"{one.code} {one.title.of(language())}") for one in modules]
    if "skill" in takes:
        found["skill"] = [(one.key, one.name.of(language())) for one in skills.framework().skills]
    return found


def chosen(given: Mapping[str, str], takes: Collection[str], offered: Collection[str]) -> dict[str, str]:
    """What stands in the form: what was chosen, and of a team that is typed its name. One statement at most."""
    found = {name: given[name] for name in takes if given.get(name)}
    if "team" in takes and "team" not in offered:
        team = found.pop("team", "")
        known = team.isascii() and team.isdigit() and len(team) < 10
        name = given.get("team_name") or (db.session.scalar(select(Team.name).where(Team.id == int(team))) if known else None)
        found |= {"team_name": name} if name else {}
    return found


def exports(limit: int, before: int | None = None) -> list[Any]:
    """Who took what out of the house, the newest first: rows of the log with the name of whoever took it."""
    statement = select(ReportExport, Person.name).join(Person, Person.id == ReportExport.person_id).order_by(ReportExport.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(ReportExport.id < before)
    return list(db.session.execute(statement))

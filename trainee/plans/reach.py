"""Whom a rule reaches, since when, and for which occasion."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.people import Person, ReportingLine, Stay, Team, Unit


@dataclass(frozen=True, slots=True)
class Joining:
    """That a person belongs to those a rule is for: the `occasion` by which it is known, the moment, and the day from which dates are counted."""

    person_id: int
    occasion: str
    since: datetime
    joined_on: date
    time_zone: str


@dataclass(frozen=True, slots=True)
class _Somebody:
    id: int
    job: str
    time_zone: str
    hired_on: date | None
    created_at: datetime
    # The stays in teams, oldest first: (id, team, since, until).
    stays: Sequence[tuple[int, int, datetime, datetime | None]]


class Reach:
    """Who works where and for whom, read once for any number of rules (rows of them do).

    Six statements at most, whether it is about one person or about all.
    """

    def __init__(self, rules: Sequence[Any], person_ids: Collection[int] | None = None) -> None:
        self.units = {row.id: row.parent_id for row in db.session.execute(select(Unit.id, Unit.parent_id))}
        self.teams = {row.id: row.unit_id for row in db.session.execute(select(Team.id, Team.unit_id))}
        self.people = _people(person_ids)
        narrow = sorted({rule.team_id for rule in rules if not rule.wide and rule.team_id is not None})
        self.members = _members(narrow) if narrow else {}
        self.above = _above() if narrow else {}
        self._passed: dict[int, bool] = {}

    def of(self, rule: Any) -> dict[int, Joining]:
        """Everybody the rule is for at present, by id: whom its conditions fit and who is in the line of whoever answers for it."""
        teams = self._teams_of(rule)
        job = trtext.fold(rule.job) if rule.job else None
        found = {}
        for one in self.people.values():
            if job is not None and one.job != job:
                continue
            joining = _joining(one, teams)
            if joining is None or (rule.joined_from is not None and joining.joined_on < rule.joined_from):
                continue
            if self._within(rule, one.id):
                found[one.id] = joining
        return found

    def _within(self, rule: Any, person_id: int) -> bool:
        """Whether somebody is within reach of whoever answers for the rule: she who wrote it, or after her whoever leads the team."""
        if rule.wide or self._passed_on(rule):
            return True
        return self.leads(rule.author_id, person_id)

    def _passed_on(self, rule: Any) -> bool:
        """Whether nobody of the team is in its author's line any more, so that it goes on for those who lead the team now."""
        if rule.id not in self._passed:
            team = (person_id for person_id, team_id in self.members.items() if team_id == rule.team_id)
            self._passed[rule.id] = not any(self.leads(rule.author_id, person_id) for person_id in team)
        return self._passed[rule.id]

    def leads(self, supervisor_id: int, person_id: int) -> bool:
        """Whether somebody is in a supervisor's line: by a direct or dotted line, or below one of those by direct ones; never oneself."""
        here, seen = {person_id}, set[int]()
        while here and supervisor_id != person_id:
            lines = [line for one in here for line in self.above.get(one, ())]
            # The last line up may be dotted; those below it are direct.
            if any(above == supervisor_id for above, _kind in lines):
                return True
            seen |= here
            here = {above for above, kind in lines if kind == "direct"} - seen
        return False

    def _teams_of(self, rule: Any) -> frozenset[int] | None:
        """The teams a rule is for; None when it asks for no team and no unit."""
        if rule.team_id is None and rule.unit_id is None:
            return None
        fitting = {team for team, unit in self.teams.items() if rule.unit_id is None or rule.unit_id in self._and_around(unit)}
        return frozenset(fitting if rule.team_id is None else fitting & {rule.team_id})

    def _and_around(self, unit_id: int | None) -> set[int]:
        found: set[int] = set()
        while unit_id is not None and unit_id not in found:
            found.add(unit_id)
            unit_id = self.units.get(unit_id)
        return found


def _joining(one: _Somebody, teams: frozenset[int] | None) -> Joining | None:
    """Since when she has belonged without a break to one of the teams; None when she does not now."""
    if teams is None:
        return Joining(one.id, "here", one.created_at, one.hired_on or local_date(one.created_at, one.time_zone), one.time_zone)
    if not one.stays or one.stays[-1][3] is not None or one.stays[-1][1] not in teams:
        return None
    place = len(one.stays) - 1
    while place and one.stays[place - 1][3] == one.stays[place][2] and one.stays[place - 1][1] in teams:
        place -= 1
    number, _team, since, _until = one.stays[place]
    # Who began here began when she was hired, whenever she was entered.
    joined_on = one.hired_on if place == 0 and one.hired_on is not None else local_date(since, one.time_zone)
    return Joining(one.id, f"stay/{number}", since, joined_on, one.time_zone)


def _people(ids: Collection[int] | None) -> dict[int, _Somebody]:
    about = select(Person.id, Person.job, Person.time_zone, Person.hired_on, Person.created_at).where(Person.disabled_at.is_(None))
    stays = select(Stay.id, Stay.person_id, Stay.team_id, Stay.since, Stay.until).order_by(Stay.since, Stay.id)
    if ids is not None:
        about, stays = about.where(Person.id.in_(ids)), stays.where(Stay.person_id.in_(ids))
    been: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(stays):
        been[row.person_id].append((row.id, row.team_id, row.since, row.until))
    rows = db.session.execute(about).all()
    return {row.id: _Somebody(row.id, trtext.fold(row.job), row.time_zone, row.hired_on, row.created_at, been.get(row.id, ())) for row in rows}


def _members(teams: Sequence[int]) -> dict[int, int | None]:
    rows = db.session.execute(select(Person.id, Person.team_id).where(Person.team_id.in_(teams), Person.disabled_at.is_(None)))
    return {row.id: row.team_id for row in rows}


def _above() -> Mapping[int, Sequence[tuple[int, str]]]:
    lines = select(ReportingLine.person_id, ReportingLine.supervisor_id, ReportingLine.kind).where(ReportingLine.until.is_(None))
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in db.session.execute(lines):
        found[row.person_id].append((row.supervisor_id, row.kind))
    return found


def teams_led(supervisor_id: int) -> Select[tuple[int | None]]:
    """Ids of the teams in which somebody reports directly, or directly to those who do, to a supervisor."""
    direct = (ReportingLine.kind == "direct") & ReportingLine.until.is_(None)
    tree = select(ReportingLine.person_id.label("id")).where(ReportingLine.supervisor_id == supervisor_id, direct).cte("led", recursive=True)
    tree = tree.union(select(ReportingLine.person_id).join(tree, ReportingLine.supervisor_id == tree.c.id).where(direct))
    return select(Person.team_id).where(Person.id.in_(select(tree.c.id)), Person.team_id.is_not(None), Person.disabled_at.is_(None)).distinct()

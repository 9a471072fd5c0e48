"""The people of the demonstration company, and hiring them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from trainee.demo.book import Book
from trainee.demo.mind import Mind, new_mind
from trainee.kit import trtext
from trainee.people import Person, Team, organisation
from trainee.people import actions as people

_ENGLISH = 0.04


@dataclass(eq=False)
class Member:
    """One person of the company. `id` is 0 until she is hired; `kind` says how her team works; leaders have `leads`."""

    username: str
    name: str
    job: str
    team: str | None
    kind: str
    roles: tuple[str, ...]
    hired_on: date
    mind: Mind
    leads: bool = False
    new: bool = False
    language: str = "tr"
    id: int = 0

    @property
    def serves(self) -> bool:
        """Whether she talks with customers, so that there is something to observe and to rate."""
        return self.kind not in ("office", "quality")


@dataclass
class Company:
    """Everybody, in the order in which they were entered; what was hired stands in the database. Deputies look after the jobs in `helped`."""

    helped: frozenset[str] = frozenset()
    members: list[Member] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)
    rows: dict[int, Person] = field(default_factory=dict)
    number: int = 1000

    def __getitem__(self, username: str) -> Member:
        return next(member for member in self.members if member.username == username)

    def of(self, team: str) -> list[Member]:
        """Everybody of one team, its leader first."""
        return [member for member in self.members if member.team == team]

    @property
    def serving(self) -> list[Member]:
        """Everybody who is hired and talks with customers."""
        return [member for member in self.members if member.serves and member.id]

    def leader(self, team: str) -> Member:
        """Who leads a team."""
        return next(member for member in self.of(team) if member.leads)

    def deputy(self, member: Member) -> Member | None:
        """Who looks after somebody beside her leader."""
        if member.team is None or member.job not in self.helped:
            return None
        return next((one for one in self.of(member.team) if "supervisor" in one.roles and not one.leads), None)


class Names:
    """Gives everybody another name, women and men in turn, and a user name made of it."""

    def __init__(self, pool: dict[str, list[str]], taken: set[str], rng: Random) -> None:
        self.pool, self.taken, self.rng = pool, taken, rng

    def next(self) -> str:
        """A full name that nobody has yet. About two of three are women, as in the sector."""
        while True:
            first = self.rng.choice(self.pool["women" if self.rng.random() < 0.64 else "men"])
            name = f"{first} {self.rng.choice(self.pool['family'])}"
            if username(name) not in self.taken and len(set(name.split())) == 2:
                self.taken.add(username(name))
                return name


def username(name: str) -> str:
    """Çiğdem Ünal is cigdem.unal."""
    return ".".join(trtext.fold(name).split())


def draw_up(book: Book, rng: Random, start: datetime, at: datetime) -> Company:
    """Everybody as values, before anything is written: who is in which team, since when, and what she can do."""
    company = Company(helped=frozenset(book.company["deputies"]))
    fixed = [*book.company["office"], *(one for team in book.company["teams"] for one in [*team["leaders"], *team.get("members", ())])]
    names = Names(book.company["names"], {username(one["name"]) for one in fixed if "name" in one}, rng)

    def add(entry: dict[str, Any], team: str | None, kind: str, leads: bool = False, new: bool = False) -> None:
        name = entry.get("name") or names.next()
        hired = at.date() - timedelta(days=rng.randint(18, 84)) if new else start.date() - timedelta(days=rng.randint(90, 5200))
        roles = tuple(entry.get("roles") or (("employee", "supervisor") if leads or entry.get("deputy") else ("employee",)))
        language = "en" if "username" not in entry and rng.random() < _ENGLISH else "tr"
        login = entry.get("username") or username(name)
        company.members.append(Member(login, name, entry["job"], team, kind, roles, hired, new_mind(rng, new), leads, new, language))

    for entry in book.company["office"]:
        add(entry, None, "office")
    for team in book.company["teams"]:
        for place, entry in enumerate(team["leaders"]):
            add({**entry, "deputy": True}, team["key"], team["kind"], leads=place == 0)
        for entry in team.get("members", ()):
            add(entry, team["key"], team["kind"])
        for group in team["jobs"]:
            for number in range(group["many"]):
                add(group, team["key"], team["kind"], new=number < group.get("new", 0))
    return company


def found(company: Company, book: Book, start: datetime) -> None:
    """Units, teams, everybody who worked here before the history begins, and who supervises whom."""
    organisation.settle("Mavikapı", start)
    units: dict[str, int] = {}
    for unit in book.company["units"]:
        units[unit["key"]] = people.make_unit(unit["name"], units.get(unit["parent"])).id
    for team in book.company["teams"]:
        company.teams[team["key"]] = people.make_team(team["name"], units[team["unit"]])
    for member in company.members:
        if not member.new:
            _enter(company, member, start)
    director = company[next(one["username"] for one in book.company["office"] if one.get("director"))]
    for team, row in company.teams.items():
        people.lead(row, company.rows[company.leader(team).id])
    for member in company.members:
        if member.id and member is not director:
            _report(company, member, director, start)
    for line in book.company["dotted"]:
        below, above = company[line["person"]], company[line["supervisor"]]
        people.supervise(company.rows[below.id], company.rows[above.id], start, "dotted", director.id)


def hire(company: Company, member: Member, director: Member, at: datetime) -> None:
    """Enter somebody who starts during the history."""
    _enter(company, member, at)
    _report(company, member, director, at)


def _enter(company: Company, member: Member, at: datetime) -> None:
    company.number += 1
    row = people.add_person(
        username=member.username,
        name=member.name,
        job=member.job,
        at=at,
        email=f"{member.username}@mavikapi.example",
        language=member.language,
        team_id=company.teams[member.team].id if member.team else None,
        hired_on=member.hired_on,
        employee_no=f"MK{company.number}",
        roles=member.roles,
    )
    member.id = row.id
    company.rows[row.id] = row


def _report(company: Company, member: Member, director: Member, at: datetime) -> None:
    above = director if member.leads or member.team is None else company.leader(member.team)
    people.supervise(company.rows[member.id], company.rows[above.id], at, "direct", director.id)
    deputy = company.deputy(member)
    if deputy is not None:
        people.supervise(company.rows[member.id], company.rows[deputy.id], at, "dotted", director.id)

"""Who is here, who asks, and whom she may know of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app
from flask_login import current_user
from sqlalchemy import Integer, Select, Table, bindparam, func, literal, literal_column, select, union
from sqlalchemy.orm import aliased

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.kit.straight import Straight
from trainee.people.models import AccessLink, LinkRequest, OidcIdentity, Person, ReportingLine, RoleHeld, SignIn, Team, Unit
from trainee.people.passwords import digest

# How many people one page of the directory lists: on a phone, a few screens.
DIRECTORY = 25
# A message older than this calls nobody any more.
NEWS = timedelta(days=30)
# The longest way up a line that is followed.
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: everything a page needs to know of the person signed in, read in one statement."""

    id: int
    name: str
    username: str
    roles: frozenset[str]
    language: str
    time_zone: str
    team_id: int | None
    team: str | None
    photo_digest: str | None
    sign_in_id: int
    token: str
    seen_at: datetime
    # How many messages she has not read: counted by the package of messages, in the statement that lets her in.
    unread: int = 0

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """For Flask-Login: the sign-in's token, so that ending a sign-in ends its cookies, 'remember me' included."""
        return self.token

    def holds(self, *roles: str) -> bool:
        """Whether she holds any of these roles."""
        return not self.roles.isdisjoint(roles)


def viewer() -> Viewer:
    """The person signed in; only called behind a closed door."""
    found: Viewer = current_user._get_current_object()
    return found


Count = Callable[[Table], Any]
_counts: list[Count] = []


def counted_with_viewer(count: Count) -> Count:
    """Decorator: what makes a column that counts a person's unread messages, of the table of people, a moment `at` and `since` a month before it."""
    _counts.append(count)
    return count


_watched: list[tuple[Any, Callable[[Any], None]]] = []


def watched_with_viewer(column: Any, tell: Callable[[Any], None]) -> None:
    """Read `column`, one value that is the same for everybody, with the statement that lets somebody in, and tell it to `tell` before anything else.

    For what a process keeps of the database: so it sees with each request, and for no statement more, whether that is still as it was.
    """
    _watched.append((column, tell))


def _by_digest() -> Any:
    person, sign_in, team, held = (cast(Table, model.__table__) for model in (Person, SignIn, Team, RoleHeld))
    roles = select(func.aggregate_strings(held.c.role, ",")).where(held.c.person_id == person.c.id).scalar_subquery()
    return (
        select(
            person.c.id,
            person.c.name,
            person.c.username,
            roles.label("roles"),
            person.c.language,
            person.c.time_zone,
            person.c.team_id,
            team.c.name.label("team"),
            person.c.photo_digest,
            sign_in.c.id.label("sign_in_id"),
            sign_in.c.remembered,
            sign_in.c.seen_at,
            sum((count(person) for count in _counts), literal_column("0", Integer)).label("unread"),
            *(column.label(f"watched_{place}") for place, (column, _tell) in enumerate(_watched)),
        )
        .join(sign_in, sign_in.c.person_id == person.c.id)
        .outerjoin(team, team.c.id == person.c.team_id)
        .where(sign_in.c.digest == bindparam("digest"), sign_in.c.ended_at.is_(None), person.c.disabled_at.is_(None))
    )


@cache
def _with_every_request() -> Straight:
    # Made when the first request comes: by then everybody has said what is to be counted and watched.
    return Straight(_by_digest())


def viewer_by_token(token: str, at: datetime, session: timedelta, remember: timedelta) -> Viewer | None:
    """Who holds that cookie, or None when it has ended, is too old, or the person is disabled. One statement."""
    rows = _with_every_request()({"digest": digest(token), "at": at, "since": at - NEWS})
    if not rows:
        return None
    number, name, username, roles, language, time_zone, team_id, team, photo_digest, sign_in_id, remembered, seen_at, unread, *watched = rows[0]
    for (_column, tell), value in zip(_watched, watched, strict=True):
        tell(value)
    if seen_at + (remember if remembered else session) < at:
        return None
    held = frozenset((roles or "").split(",")) - {""}
    return Viewer(number, name, username, held, language, time_zone, team_id, team, photo_digest, sign_in_id, token, seen_at, unread)


def viewer_named(username: str) -> Viewer | None:
    """That person as she would look at the site, without a sign-in: for the command line and for what is sent to her. None for the disabled."""
    person = by_login(username)
    if person is None or person.disabled_at is not None:
        return None
    held = frozenset(db.session.scalars(select(RoleHeld.role).where(RoleHeld.person_id == person.id)))
    team = db.session.scalar(select(Team.name).where(Team.id == person.team_id))
    return Viewer(
        person.id,
        person.name,
        person.username,
        held,
        person.language,
        person.time_zone,
        person.team_id,
        team,
        person.photo_digest,
        sign_in_id=0,
        token="",
        seen_at=person.created_at,
    )


def by_login(login: str) -> Person | None:
    """The person with that user name or e-mail address, in whatever case it was typed."""
    key = trtext.fold(login.strip())
    if not key:
        return None
    return db.session.execute(select(Person).where((Person.username_key == key) | (Person.email_key == key))).scalars().first()


def credentials(login: str) -> tuple[int | None, str | None]:
    """The id and stored password of whoever may sign in under that name; (None, None) for nobody and for the disabled."""
    key = trtext.fold(login.strip())
    row = db.session.execute(
        select(Person.id, Person.password_hash).where((Person.username_key == key) | (Person.email_key == key), Person.disabled_at.is_(None))
    ).first()
    return (row.id, row.password_hash) if row is not None and key else (None, None)


def _present_line(kind: str | None = None) -> Any:
    open_line = ReportingLine.until.is_(None)
    return open_line if kind is None else open_line & (ReportingLine.kind == kind)


def below(supervisor_id: Any) -> Select[tuple[int]]:
    """Ids of everybody in somebody's line: her direct and dotted people, and all who report directly below them, at any depth."""
    first = select(ReportingLine.person_id.label("id")).where(ReportingLine.supervisor_id == supervisor_id, _present_line())
    tree = first.cte(recursive=True)
    # UNION and not UNION ALL: a loop in old data ends instead of running for ever.
    tree = tree.union(select(ReportingLine.person_id).join(tree, ReportingLine.supervisor_id == tree.c.id).where(_present_line("direct")))
    return select(tree.c.id)


def reports(supervisor_id: int) -> Select[tuple[int]]:
    """Ids of those who report to somebody themselves, by a line of either kind."""
    return select(ReportingLine.person_id).where(ReportingLine.supervisor_id == supervisor_id, _present_line()).distinct()


def directly_below(supervisor_id: int) -> Select[tuple[int]]:
    """Ids of everybody who reports to somebody by direct lines alone, at any depth: whom she may decide on, and not only read of."""
    first = select(ReportingLine.person_id.label("id")).where(ReportingLine.supervisor_id == supervisor_id, _present_line("direct"))
    # Without a name, so that one statement may ask for it twice.
    tree = first.cte(recursive=True)
    # UNION and not UNION ALL: a loop in old data ends instead of running for ever.
    tree = tree.union(select(ReportingLine.person_id).join(tree, ReportingLine.supervisor_id == tree.c.id).where(_present_line("direct")))
    return select(tree.c.id)


def visible_to(who: Viewer) -> Select[tuple[int]]:
    """Ids of everybody this viewer may know more of than the name: all for HR and admin; else herself and her own line."""
    if who.holds("hr", "admin"):
        return select(Person.id)
    if who.holds("supervisor"):
        return select(union(select(literal(who.id).label("id")), below(who.id)).subquery().c.id)
    return select(literal(who.id).label("id"))


def _sight(who: Viewer) -> str:
    if who.holds("hr", "admin"):
        return "everybody"
    return "line" if who.holds("supervisor") else "herself"


# Every page about a person asks for her as `visible_to` says; to put such a statement together anew takes longer than the database does.
_HER: Any = Person.id == bindparam("person")
_ONESELF: Any = Person.id == bindparam("who")
_BELOW: Any = Person.id.in_(below(bindparam("who")))
_SEEN = {
    "everybody": select(Person).where(_HER),
    "line": select(Person).where(_HER, _ONESELF | _BELOW),
    "herself": select(Person).where(_HER, _ONESELF),
}
_MAY_SEE = {sight: Straight(statement.with_only_columns(Person.id)) for sight, statement in _SEEN.items()}
_LED = Straight(select(Person.id).where(_HER, _BELOW))


def may_see(who: Viewer, person_id: int) -> bool:
    """Whether this viewer may open that person's page."""
    return person_id == who.id or bool(_MAY_SEE[_sight(who)]({"person": person_id, "who": who.id}))


def person_or_404(person_id: int, who: Viewer) -> Person:
    """That person, if the viewer may know of her; else NotFound, which does not tell whether there is one."""
    found: Person | None = db.session.execute(_SEEN[_sight(who)], {"person": person_id, "who": who.id}).scalars().first()
    if found is None:
        raise NotFound
    return found


def require_role(who: Viewer, *roles: str) -> None:
    """Forbidden, in a sentence, unless the viewer holds one of `roles`."""
    if not who.holds(*roles):
        if who.holds("hr"):
            raise Forbidden(_("This is for other roles than yours. If it is needed, please ask an administrator."))
        raise Forbidden(_("This page is for other roles than yours. If you need it, please ask HR."))


def team_of(who: Viewer) -> list[Any]:
    """The people of a supervisor's line with team and whether the line is direct, dotted or further below; one statement."""
    line = aliased(ReportingLine)
    kind = select(func.min(line.kind)).where(line.person_id == Person.id, line.supervisor_id == who.id, line.until.is_(None)).scalar_subquery()
    statement = (
        select(Person.id, Person.name, Person.job, Person.team_id, Team.name.label("team"), kind.label("line"))
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Person.id.in_(below(who.id)), Person.id != who.id, Person.disabled_at.is_(None))
        .order_by(Person.name_sort)
    )
    return list(db.session.execute(statement))


def supervisors_of(person_id: int) -> list[Any]:
    """Who supervises somebody today: rows of (id, name, kind), the direct one first."""
    statement = (
        select(Person.id, Person.name, ReportingLine.kind)
        .join(ReportingLine, ReportingLine.supervisor_id == Person.id)
        .where(ReportingLine.person_id == person_id, _present_line())
        .order_by(ReportingLine.kind, Person.name_sort)
    )
    return list(db.session.execute(statement))


def leads(who: Viewer, person_id: int) -> bool:
    """Whether somebody is in this viewer's own line, whatever else the viewer may see of her."""
    return who.holds("supervisor") and bool(_LED({"person": person_id, "who": who.id}))


def own_among(who: Viewer, person_ids: Iterable[int]) -> set[int]:
    """Of these people the viewer herself and those in her own line, whatever else she may see of others. One statement, none for who leads nobody."""
    ids = set(person_ids)
    led = db.session.scalars(select(Person.id).where(Person.id.in_(ids), Person.id.in_(below(who.id)))) if ids and who.holds("supervisor") else ()
    return (ids & {who.id}) | set(led)


def colleagues(person_id: Any) -> Any:
    """A selection of the ids of those who work in the same team today, without her and without who leads it."""
    mine = aliased(Person)
    return (
        select(mine.id)
        .join(Team, Team.id == mine.team_id)
        .where(mine.team_id == select(Person.team_id).where(Person.id == person_id).scalar_subquery(), mine.id != person_id)
        .where(mine.disabled_at.is_(None), mine.id.is_distinct_from(Team.supervisor_id))
    )


def colleagues_of(person_id: int) -> list[int]:
    """Their ids. One statement."""
    return sorted(db.session.scalars(colleagues(person_id)))


def chain_above(person_id: int) -> list[tuple[int, str]]:
    """The direct supervisors above somebody, nearest first, as (id, name); at most fifty."""
    chain: list[tuple[int, str]] = []
    here = person_id
    while len(chain) < 50:
        row = db.session.execute(
            select(Person.id, Person.name)
            .join(ReportingLine, ReportingLine.supervisor_id == Person.id)
            .where(ReportingLine.person_id == here, _present_line("direct"))
        ).first()
        if row is None:
            break
        chain.append((row.id, row.name))
        here = row.id
    return chain


def way_up(person_id: int, above_id: int) -> list[str] | None:
    """The names on a shortest way up lines of any kind from one person to another, both included; None where there is none."""
    ways = {person_id: [name_of(person_id)]}
    newest = [person_id]
    while newest and above_id not in ways:
        rows = db.session.execute(
            select(ReportingLine.person_id, Person.id, Person.name)
            .join(Person, Person.id == ReportingLine.supervisor_id)
            .where(ReportingLine.person_id.in_(newest), _present_line())
            .order_by(ReportingLine.kind, ReportingLine.id)
        ).all()
        newest = []
        for below_id, one, name in rows:
            if one not in ways:
                ways[one] = [*ways[below_id], name]
                newest.append(one)
    return ways.get(above_id)


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody who leads a person: `steps` lines above her (1: next), by direct lines all the way or by a dotted one. `active`: she can come in."""

    id: int
    name: str
    direct: bool
    steps: int
    active: bool


def leaders_of(person_ids: Iterable[int]) -> dict[int, list[Leader]]:
    """Everybody in whose line these people are today, as `below` draws it, the nearest direct one first; one statement."""
    ids = sorted(set(person_ids))
    first = select(Person.id.label("start"), Person.id.label("node"), literal(1).label("steps")).where(Person.id.in_(ids))
    reach = first.cte("reach", recursive=True)
    line = aliased(ReportingLine)
    up = select(reach.c.start, line.supervisor_id, reach.c.steps + 1).join(line, line.person_id == reach.c.node)
    # The tree is at most fifty deep; a loop in old data ends there.
    reach = reach.union_all(up.where(line.kind == "direct", line.until.is_(None), reach.c.steps < _DEEPEST))
    supervises = select(RoleHeld.person_id).where(RoleHeld.person_id == Person.id, RoleHeld.role == "supervisor").exists()
    statement = (
        select(reach.c.start, Person.id, Person.name, ReportingLine.kind, reach.c.steps, Person.disabled_at)
        .join(ReportingLine, ReportingLine.person_id == reach.c.node)
        .join(Person, Person.id == ReportingLine.supervisor_id)
        .where(ReportingLine.until.is_(None), Person.id != reach.c.start, supervises)
        .order_by(reach.c.start, ReportingLine.kind, reach.c.steps, Person.name_sort)
    )
    found: dict[int, list[Leader]] = {number: [] for number in ids}
    for start, number, name, kind, steps, disabled_at in db.session.execute(statement) if ids else ():
        if all(one.id != number for one in found[start]):
            found[start].append(Leader(number, name, kind == "direct", steps, disabled_at is None))
    return found


def nearest_above(person_ids: Iterable[int]) -> dict[int, Leader | None]:
    """The nearest in whose line each of these people is and who is still here, None where nobody is; one statement, none without people."""
    return {below: next((one for one in line if one.active), None) for below, line in leaders_of(person_ids).items()}


def holders_of_job(names: Iterable[str]) -> list[int]:
    """Who has a job that is called so, however it is cased, and can come in, by id. Two statements, one where nobody has it."""
    job = tuple(names)
    return holders_of_jobs([job])[job]


def holders_of_jobs(jobs: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Who has each of these jobs, each by what it is called, as `holders_of_job` finds them. Two statements, none without a job."""
    wanted = {job: {trtext.fold(name) for name in job} - {""} for job in jobs}
    here, every = Person.disabled_at.is_(None), set[str]().union(*wanted.values())
    known = db.session.execute(select(Person.job).where(here).distinct()).scalars() if every else ()
    called = [job for job in known if trtext.fold(job) in every]
    if not called:
        return {job: [] for job in wanted}
    tied = select(OidcIdentity.id).where(OidcIdentity.person_id == Person.id).exists()
    opens = literal(value=True) if current_app.extensions["trainee"].oidc_issuer else Person.password_hash.is_not(None) | tied
    rows = db.session.execute(select(Person.id, Person.job).where(here, Person.job.in_(called), opens).order_by(Person.id)).all()
    has = [(row.id, trtext.fold(row.job)) for row in rows]
    return {job: [number for number, name in has if name in names] for job, names in wanted.items()}


def an_administrator() -> str | None:
    """The user name of somebody who is an administrator and not closed; None when there is nobody."""
    statement = select(Person.username).join(RoleHeld, RoleHeld.person_id == Person.id).where(RoleHeld.role == "admin", Person.disabled_at.is_(None))
    found: str | None = db.session.execute(statement.order_by(Person.id).limit(1)).scalar()
    return found


def directory(who: Viewer, search: str, show: str, page: int, size: int = DIRECTORY) -> tuple[list[Any], int]:
    """One page of the people this viewer may see, and how many there are; `show` is active, waiting (for a link or to come in), disabled or all."""
    roles = select(func.aggregate_strings(RoleHeld.role, ",")).where(RoleHeld.person_id == Person.id).scalar_subquery()
    asks = select(LinkRequest.id).where(LinkRequest.person_id == Person.id, LinkRequest.answered_at.is_(None)).exists()
    statement = (
        select(
            Person.id,
            Person.name,
            Person.username,
            Person.job,
            Team.name.label("team"),
            Unit.name.label("unit"),
            roles.label("roles"),
            Person.disabled_at,
            asks.label("asks"),
            Person.password_hash.is_(None).label("invited"),
        )
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(Unit, Unit.id == Team.unit_id)
        .where(Person.id.in_(visible_to(who)))
    )
    if show == "active":
        statement = statement.where(Person.disabled_at.is_(None))
    elif show == "waiting":
        statement = statement.where(Person.disabled_at.is_(None), Person.password_hash.is_(None) | asks)
    elif show == "disabled":
        statement = statement.where(Person.disabled_at.is_not(None))
    wanted, first = trtext.fold(search.strip()), (page - 1) * size
    if wanted:
        # Folding is Turkish-aware and lives in Python; of everybody only the words are read that are searched.
        told = statement.with_only_columns(Person.id, Person.name, Person.username, Person.employee_no, Team.name, Person.job)
        fit = [row[0] for row in db.session.execute(told.order_by(Person.name_sort)) if wanted in trtext.folded(" ".join(filter(None, row[1:])))]
        rows = db.session.execute(statement.where(Person.id.in_(fit[first : first + size])).order_by(Person.name_sort))
        return list(rows), len(fit)
    total = db.session.scalar(statement.with_only_columns(func.count()).order_by(None)) or 0
    return list(db.session.execute(statement.order_by(Person.name_sort, Person.id).limit(size).offset(first))), total


def service_name() -> str:
    """What the provider that lets people in is called; empty where there is none."""
    settings = current_app.extensions["trainee"]
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""


@dataclass(frozen=True, slots=True)
class NotIn:
    """How many open accounts nobody has signed in to: invited, with no link ever made; and how many people ask for a new link."""

    invited: int
    without: int
    asking: int


def not_in() -> NotIn:
    """Who waits for a way in. One statement. Where a provider lets people in nobody needs a link, so nobody is without one."""
    link = select(AccessLink.id).where(AccessLink.person_id == Person.id, AccessLink.purpose == "invitation").exists()
    tied = select(OidcIdentity.id).where(OidcIdentity.person_id == Person.id).exists()
    new = select(func.count()).where(Person.password_hash.is_(None), Person.disabled_at.is_(None), ~tied)
    asking = select(func.count()).select_from(LinkRequest).where(LinkRequest.answered_at.is_(None))
    row = db.session.execute(
        select(new.where(link).scalar_subquery().label("invited"), new.where(~link).scalar_subquery().label("without"), asking.scalar_subquery())
    ).one()
    return NotIn(row[0], 0 if current_app.extensions["trainee"].oidc_issuer else row[1], row[2])


def sign_ins(person_id: int) -> list[SignIn]:
    """The devices on which a person is signed in, the one used last first."""
    return list(
        db.session.execute(select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).order_by(SignIn.seen_at.desc())).scalars()
    )


def names(ids: Iterable[int]) -> dict[int, str]:
    """The names of those people, in one statement."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))}


def teams() -> list[Any]:
    """Every team with its unit, in the order of the Turkish alphabet: no embedded database knows it."""
    rows = db.session.execute(select(Team.id, Team.name, Unit.name.label("unit")).join(Unit, Unit.id == Team.unit_id))
    return sorted(rows, key=lambda row: (trtext.sort_key(row.unit), trtext.sort_key(row.name), row.id))


@dataclass(frozen=True, slots=True)
class TeamOf:
    """A team as the tree of the organisation shows it: who leads it, if anybody, and how many people with an open account work in it."""

    id: int
    name: str
    leader: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in the tree of the organisation, `depth` steps below the top, inside those of `around` (the outermost first), with its teams."""

    id: int
    name: str
    around: tuple[str, ...]
    teams: list[TeamOf]

    @property
    def depth(self) -> int:
        """How many units lie around it."""
        return len(self.around)


def places() -> list[Place]:
    """Every unit with its teams, each after the one it lies in, by name. Two statements."""
    open_accounts = select(func.count()).where(Person.team_id == Team.id, Person.disabled_at.is_(None)).correlate(Team).scalar_subquery()
    leader = select(Person.name).where(Person.id == Team.supervisor_id).correlate(Team).scalar_subquery()
    teams: dict[int, list[TeamOf]] = {}
    for row in db.session.execute(select(Team.id, Team.name, Team.unit_id, leader.label("leader"), open_accounts.label("people"))):
        teams.setdefault(row.unit_id, []).append(TeamOf(row.id, row.name, row.leader, row.people))
    inside: dict[int | None, list[Any]] = {}
    for row in db.session.execute(select(Unit.id, Unit.name, Unit.parent_id)):
        inside.setdefault(row.parent_id, []).append(row)
    found: list[Place] = []

    def add(unit_id: int | None, around: tuple[str, ...]) -> None:
        for row in sorted(inside.get(unit_id, ()), key=lambda one: trtext.sort_key(one.name)):
            found.append(Place(row.id, row.name, around, sorted(teams.get(row.id, ()), key=lambda one: trtext.sort_key(one.name))))
            add(row.id, (*around, row.name))

    add(None, ())
    return found


def name_of(person_id: int) -> str:
    """The name of somebody there is."""
    return db.session.scalars(select(Person.name).where(Person.id == person_id)).one()


def supervisors() -> list[tuple[int, str]]:
    """Everybody with an open account who holds the role of a supervisor, by name: (id, name)."""
    held = select(RoleHeld.person_id).where(RoleHeld.role == "supervisor")
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(held), Person.disabled_at.is_(None)).order_by(Person.name_sort))
    return [(row.id, row.name) for row in rows]


def roles_of(person_id: int) -> frozenset[str]:
    """The roles a person holds."""
    return frozenset(db.session.execute(select(RoleHeld.role).where(RoleHeld.person_id == person_id)).scalars())


def is_empty() -> bool:
    """Whether nobody is here yet."""
    return db.session.execute(select(Person.id).limit(1)).first() is None

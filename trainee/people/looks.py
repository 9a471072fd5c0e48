"""Who opened whose pages, as what, and when: kept so that everybody can read who looked at what is said of her."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import or_, select

from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.kit.i18n import _l
from trainee.people.models import Person, RecordLook, ReportingLine, Stay
from trainee.people.queries import Viewer, leads

# In which capacity somebody looked; it is what the sight gate let her in by.
CAPACITIES: Final = {
    "line": _l("supervisor"),
    "hr": _l("HR"),
    "admin": _l("administrator"),
    "trainer": _l("trainer"),
    "other": _l("in another role"),
}
# What was opened, by its endpoint; a test sees to it that every page about a person has its words.
PAGES: Final[dict[str, Any]] = {
    "dashboards.assign": _l("the form for an assignment"),
    "dashboards.excuse": _l("the form for an excuse"),
    "plans.certificate": _l("a certificate"),
    "plans.paper": _l("a certificate, to print"),
    "plans.withdraw_certificate": _l("the form that withdraws a certificate"),
    "plans.open_early": _l("the form that opens a module early"),
    "dashboards.person": _l("the page about the person"),
    "dashboards.timeline_of": _l("the timeline"),
    "dashboards.why_of": _l("why a level is what it is"),
    "plans.withdraw": _l("the form that withdraws an assignment"),
    "draws.draws": _l("drawn contacts"),
    "expectations.of_person": _l("what is expected"),
    "growth.of_person": _l("growth"),
    "observations.observations_of": _l("observations"),
    "observing.observe": _l("the form for an observation"),
    "people.edit_person": _l("the account"),
    "people.manage": _l("the account"),
    "api.one_person": _l("what a program reads"),
    "privacy.anonymity": _l("the page that makes anonymous"),
    "privacy.data_of": _l("everything that is held"),
    "praise.give": _l("the form for praise"),
    "voice.ratings_of": _l("customers’ ratings"),
    "preparing.prepare": _l("preparing a coaching session"),
}
# Tables in which many people stand by name, by their addresses; "?team=5" behind it says that it was narrowed to a team.
LISTS: Final[dict[str, Any]] = {
    "api/people": _l("what a program reads: people"),
    "api/assignments": _l("what a program reads: assignments"),
    "api/attempts": _l("what a program reads: attempts"),
    "api/runs": _l("what a program reads: talks in role-plays"),
    "api/evidence": _l("what a program reads: the log of evidence"),
    "api/mastery": _l("what a program reads: levels"),
    "dashboards.team": _l("the team’s page"),
    "dashboards.skills_map": _l("the skills map"),
    "report/assignments": _l("Assignments and completion"),
    "report/attempts": _l("Quiz attempts"),
    "report/certification": _l("Certification"),
    "report/coaching": _l("Coaching"),
    "report/deeds": _l("Who changed what"),
    "report/expectations": _l("Expectations"),
    "report/hours": _l("Hours and cost"),
    "report/looks": _l("Who saw what"),
    "report/observations": _l("Observation and calibration"),
    "report/person_record": _l("Person record"),
    "report/skills": _l("Skills and gaps"),
    "report/skills_matrix": _l("Skills matrix"),
    "report/suggestions": _l("Suggestions"),
    "report/table": _l("a table of one’s own"),
    "report/training_matrix": _l("Training matrix"),
    "report/training_record": _l("Training record"),
}
# Here only her own line stands before somebody, whatever else she may see.
_OF_HER_LINE: Final = frozenset({"dashboards.team", "dashboards.skills_map"})
# So many rows at most are looked through for one page of somebody's own list.
_LOOKED_THROUGH: Final = 2_000


def page_words(page: str) -> str:
    """What was opened, in words; a page of another version by its name."""
    bare = page.partition("?")[0]
    return str(PAGES.get(bare) or LISTS.get(bare, bare))


def capacity_of(who: Viewer, person_id: int) -> str:
    """As what she may see somebody. One statement at most."""
    if leads(who, person_id):
        return "line"
    return next((role for role in ("hr", "admin", "trainer") if who.holds(role)), "other")


def note_look(who: Viewer, person_id: int, page: str, at: datetime, reason: str = "", receipt: str = "") -> None:
    """Keep that she looked: once a day for each page, or once for a receipt. Goes into the caller's transaction."""
    day = local_date(at, who.time_zone)
    values = {"person_id": person_id, "by_id": who.id, "day": day, "at": at, "page": page[:120], "capacity": capacity_of(who, person_id)}
    receipt = receipt or f"{day}/{who.id}/{person_id}/{page}"
    insert_once(RecordLook, values | {"reason": reason, "receipt": receipt[:120]}, ["receipt"])


def list_page(page: str, team: int | None = None) -> str | None:
    """What a table of many is noted as; None for one in which nobody stands by name."""
    return None if page not in LISTS else f"{page}?team={team}" if team is not None else page


def note_list(who: Viewer, page: str, at: datetime) -> None:
    """Keep that she had a table of many people before her: one row a day, however many stand in it. Goes into the caller's transaction."""
    day = local_date(at, who.time_zone)
    capacity = next((role for role in ("hr", "admin") if who.holds(role) and page not in _OF_HER_LINE), "line")
    values = {"person_id": None, "by_id": who.id, "day": day, "at": at, "page": page[:120], "capacity": capacity, "reason": ""}
    insert_once(RecordLook, values | {"receipt": f"{day}/{who.id}/-/{page}"[:120]}, ["receipt"])


def lists_with(person_id: int, before: int | None, many: int) -> list[Any]:
    """Tables of many that others had before them and in which somebody may have stood, the newest first: rows with the name of who it was.

    Of HR and administrators every one, of who leads people those from when she led her; one that was narrowed to a team only if she was ever in it.
    What was picked besides is not known any more, so that she may be missing from one, and never from this list. Four statements at most.
    """
    return list(islice(_lists_with(person_id, before), many))


def _lists_with(person_id: int, before: int | None) -> Iterator[Any]:
    look, lines = RecordLook, _lines_above(person_id)
    teams = set(db.session.scalars(select(Stay.team_id).where(Stay.person_id == person_id).distinct()))
    came = select(Person.created_at).where(Person.id == person_id).scalar_subquery()
    statement = select(look.id, look.at, look.by_id, look.page, look.capacity, look.reason, Person.name).join(Person, Person.id == look.by_id)
    statement = statement.where(look.person_id.is_(None), look.by_id != person_id, look.at >= came)
    statement = statement.where(or_(look.capacity.in_(("hr", "admin")), look.by_id.in_(sorted({line.supervisor_id for line in lines}))))
    if before is not None:
        statement = statement.where(look.id < before)
    for row in db.session.execute(statement.order_by(look.id.desc()).limit(_LOOKED_THROUGH)):
        narrowed = row.page.partition("?team=")[2]
        in_sight = row.capacity != "line" or row.by_id in _above(person_id, lines, row.at)
        if in_sight and (not narrowed.isdecimal() or int(narrowed) in teams):
            yield row


def _lines_above(person_id: int) -> list[Any]:
    """Every line by which anybody ever stood above her, those that ended as well."""
    line = ReportingLine
    above = select(line.supervisor_id.label("id")).where(line.person_id == person_id).cte("above", recursive=True)
    above = above.union(select(line.supervisor_id).join(above, line.person_id == above.c.id).where(line.kind == "direct"))
    hers = or_(line.person_id == person_id, line.person_id.in_(select(above.c.id)))
    return list(db.session.execute(select(line.person_id, line.supervisor_id, line.kind, line.since, line.until).where(hers)))


def _above(person_id: int, lines: list[Any], at: datetime) -> set[int]:
    """Who stood above her at a moment: by any line of her own, and then by direct ones."""
    stood = [one for one in lines if one.since <= at and (one.until is None or at < one.until)]
    found: set[int] = set()
    waiting = {one.supervisor_id for one in stood if one.person_id == person_id}
    while waiting:
        found |= waiting
        waiting = {one.supervisor_id for one in stood if one.person_id in waiting and one.kind == "direct"} - found
    return found

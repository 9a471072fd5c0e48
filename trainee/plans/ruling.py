"""Writing rules, switching them on and off, and giving everybody what they say."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, update

from trainee.kit import audit
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.modules.progress.queries import parts_of_many
from trainee.notices import tell
from trainee.people import Person, RoleHeld, Team, Viewer, below
from trainee.plans.actions import Task, check_task, have_open, insert_rows, row
from trainee.plans.certifying import renew
from trainee.plans.models import ASSIGNMENT, EXISTING, RULE, Assignment, AssignmentRule, Certificate, Certification
from trainee.plans.queries import KEPT, counted, with_progress
from trainee.plans.reach import Joining, Reach, teams_led

MOST_DAYS = 730
One = TypeVar("One")
# So many people go into one condition on every database.
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says: whom it is for, until when (days after joining, or a date), and what it does with those who are here already."""

    title: str
    task: Task
    why: str
    unit_id: int | None = None
    team_id: int | None = None
    job: str = ""
    joined_from: date | None = None
    due_days: int | None = None
    due_on: date | None = None
    accepts_earlier: bool = False
    certification_id: int | None = None


@dataclass
class Found:
    """What a rule would do at a moment: the assignments it would give, whom it leaves as they are, and those it would end."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    # How many are here already and are left out, and how many have the same to do already.
    passed: int = 0
    having: int = 0
    gone: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many assignments the rules gave, and how many they ended."""

    given: int
    ended: int


# Writing ---------------------------------------------------------------------------------------------------------------------


def make_rule(terms: Terms, *, author_id: int, receipt: str, at: datetime) -> int:
    """Write a rule down; its id. It gives nobody anything before it is switched on. The same receipt again changes nothing.

    HR's may reach everybody. A supervisor's is for one team, in which somebody reports directly to her or to those who do: Forbidden otherwise.
    """
    wide = _is_wide(author_id)
    _check(terms, wide, author_id)
    task = terms.task
    values = {
        "title": terms.title.strip(),
        "kind": task.kind,
        "what": task.what,
        "number": task.number,
        "certification_id": terms.certification_id,
        "why": terms.why.strip(),
        "unit_id": terms.unit_id,
        "team_id": terms.team_id,
        "job": terms.job.strip() or None,
        "joined_from": terms.joined_from,
        "due_days": terms.due_days,
        "due_on": terms.due_on,
        "accepts_earlier": terms.accepts_earlier,
        "existing": "leave",
        "author_id": author_id,
        "wide": wide,
        "made_at": at,
        "receipt": receipt,
        "active_from": None,
        "ended_at": None,
    }
    made, new = keep_once(AssignmentRule, values, "author_id")
    if new:
        audit.note(author_id, "make_rule", f"assignment_rule/{made}", at)
    return made


def _is_wide(author_id: int) -> bool:
    held = select(RoleHeld.role).where(RoleHeld.person_id == author_id, RoleHeld.role.in_(("hr", "admin")))
    return db.session.execute(held).first() is not None


def _check(terms: Terms, wide: bool, author_id: int) -> None:
    if not terms.title.strip():
        raise Refusal(_("Please give the rule a name."), 422, "title")
    if not terms.why.strip():
        raise Refusal(_("Please say in a sentence why; it is shown with the assignment."), 422, "why")
    check_task(terms.task)
    if terms.due_days is not None and (terms.due_on is not None or not 0 <= terms.due_days <= MOST_DAYS):
        raise Refusal(_("Choose days after joining or a date, and not both."), 422, "due_days")
    if not wide and (terms.team_id is None or terms.team_id not in set(db.session.scalars(teams_led(author_id)))):
        raise Forbidden(_("You may write rules for the teams you lead. For everybody else please ask HR."))


def rule(rule_id: int) -> AssignmentRule:
    """The rule of that id, for whoever made it just now."""
    return db.session.get_one(AssignmentRule, rule_id)


def rule_or_404(rule_id: int, who: Viewer) -> AssignmentRule:
    """A rule this viewer answers for: any for HR, else one for a team she leads now, whoever wrote it."""
    found = db.session.get(AssignmentRule, rule_id)
    if found is None or not (who.holds("hr", "admin") or _answers_for(found, who)):
        raise NotFound
    return found


def _answers_for(rule: AssignmentRule, who: Viewer) -> bool:
    return who.holds("supervisor") and not rule.wide and rule.team_id in set(db.session.scalars(teams_led(who.id)))


def rules_of(who: Viewer) -> list[Any]:
    """The rules this viewer answers for, those in force first, with how many assignments each has given. One statement."""
    statement = _with_names()
    if not who.holds("hr", "admin"):
        statement = statement.where(RULE.c.wide.is_(False), RULE.c.team_id.in_(teams_led(who.id)))
    return list(db.session.execute(statement))


def rules_reaching(who: Viewer) -> list[tuple[Any, int]]:
    """The rules in force for which others answer and that reach people in this viewer's line, each with how many. Eight statements at most."""
    others = RULE.c.wide | RULE.c.team_id.not_in(teams_led(who.id))
    rows = list(db.session.execute(_with_names().where(others, RULE.c.active_from.is_not(None), RULE.c.ended_at.is_(None))))
    if not rows:
        return []
    ids = list(db.session.scalars(select(Person.id).where(Person.id.in_(below(who.id)), Person.id != who.id)))
    reach = Reach(rows, ids)
    return [(row, many) for row in rows if (many := len(reach.of(row)))]


def _with_names() -> Select[Any]:
    given = select(func.count()).where(ASSIGNMENT.c.rule_id == RULE.c.id).correlate(RULE).scalar_subquery()
    return (
        select(*RULE.c, Person.name.label("author"), Team.name.label("team"), given.label("given"))
        .join(Person, Person.id == RULE.c.author_id)
        .outerjoin(Team, Team.id == RULE.c.team_id)
        .order_by(RULE.c.ended_at.is_not(None), RULE.c.active_from.is_(None), RULE.c.title, RULE.c.id)
    )


def begin_rule(rule: AssignmentRule, existing: str, at: datetime, by_id: int) -> Applied:
    """Switch a rule on and give what it says. `existing` is what becomes of those who are here already; a rule that is on stays as it is."""
    if existing not in EXISTING:
        raise Refusal(_("Please choose what becomes of those who are here already."), 422, "existing")
    if rule.ended_at is not None:
        raise Refusal(_("This rule has ended. Please write a new one."))
    values = {"active_from": at, "existing": existing}
    off = (RULE.c.id == rule.id) & RULE.c.active_from.is_(None)
    if db.session.execute(update(RULE).where(off).values(**values).returning(RULE.c.id)).scalar() is None:
        return Applied(0, 0)
    db.session.refresh(rule)
    audit.note(by_id, "begin_rule", f"assignment_rule/{rule.id}", at, existing=existing)
    return apply_rules(at, rule_ids=[rule.id])


def end_rule(rule: AssignmentRule, take_back: bool, at: datetime, by_id: int) -> int:
    """A rule gives nothing from now on. With `take_back` what it gave and is still to be done is taken back; how many these were."""
    over = (RULE.c.id == rule.id) & RULE.c.ended_at.is_(None)
    if db.session.execute(update(RULE).where(over).values(ended_at=at).returning(RULE.c.id)).scalar() is None:
        return 0
    db.session.refresh(rule)
    audit.note(by_id, "end_rule", f"assignment_rule/{rule.id}", at, take_back=take_back)
    if not take_back:
        return 0
    return _end([one for one in _standing([rule.id]) if one.ended_at is None], "withdrawn", at, by_id)


# Giving ----------------------------------------------------------------------------------------------------------------------


def apply_rules(at: datetime, person_ids: Collection[int] | None = None, rule_ids: Collection[int] | None = None) -> Applied:
    """Give everybody (or these people) what the rules in force say, and end what no longer applies to them. Doing it again changes nothing.

    Certificates that were not asked for by a rule are renewed as well.

    What somebody has done stays done, and what was complete stays complete. Two who do it at once give it once: each joining has its occasion.
    """
    rules = _in_force(rule_ids)
    found = _find(rules, at, person_ids) if rules else {}
    ended = _end([one for of_one in found.values() for one in of_one.gone], "left", at, None)
    given, whom = 0, set[int]()
    for rule in rules:
        fresh = _without_those_who_have(found[rule.id], rule, at)
        made = insert_rows(fresh)
        if made:
            audit.note(None, "apply_rule", f"assignment_rule/{rule.id}", at, given=made)
            whom |= {one["person_id"] for one in fresh}
        given += made
    if rule_ids is None:
        given += renew(at, person_ids)
    for some in _some(sorted(whom)):
        tell("assignment_given", some, at)
    return Applied(given, ended)


def preview(rule: AssignmentRule, existing: str, at: datetime) -> Found:
    """What a rule would give if it were switched on now; nothing is written."""
    asked = _Asked(rule, existing if existing in EXISTING else "leave", at)
    found = _find([rule], at, None, asked)[rule.id]
    before = len(found.rows)
    found.rows = _without_those_who_have(found, rule, at)
    found.having += before - len(found.rows)
    return found


def _in_force(rule_ids: Collection[int] | None) -> list[AssignmentRule]:
    statement = select(AssignmentRule).where(AssignmentRule.active_from.is_not(None), AssignmentRule.ended_at.is_(None)).order_by(AssignmentRule.id)
    if rule_ids is not None:
        statement = statement.where(AssignmentRule.id.in_(rule_ids))
    return list(db.session.scalars(statement))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule as it would be, switched on at a moment."""

    rule: AssignmentRule
    existing: str
    active_from: datetime


def _find(rules: Sequence[AssignmentRule], at: datetime, person_ids: Collection[int] | None, asked: _Asked | None = None) -> dict[int, Found]:
    reach = Reach(rules, person_ids)
    standing: dict[int, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for one in _standing([rule.id for rule in rules], person_ids):
        standing[one.rule_id][one.person_id].append(one)
    cycles = _cycles([rule.certification_id for rule in rules if rule.certification_id is not None], person_ids)
    found = {}
    for rule in rules:
        given = asked or _Asked(rule, rule.existing, rule.active_from or at)
        found[rule.id] = _of_rule(given, reach.of(rule), standing[rule.id], cycles, at)
    return found


def _of_rule(asked: _Asked, joinings: Mapping[int, Joining], standing: Mapping[int, list[Any]], cycles: "_Cycles", at: datetime) -> Found:
    found = Found()
    for person_id, rows in standing.items():
        joining = joinings.get(person_id)
        found.gone += [one for one in rows if one.ended_at is None and not _still(one, joining)]
    for person_id, joining in joinings.items():
        values = _values(asked, joining, standing.get(person_id, ()), cycles, at)
        if values is None:
            found.passed += person_id not in standing
        elif values:
            found.rows.append(values)
        else:
            found.having += 1
    return found


def _still(one: Any, joining: Joining | None) -> bool:
    if joining is None:
        return False
    return one.occasion.startswith("after/") or _base(one.occasion) == joining.occasion


def _base(occasion: str) -> str:
    """The occasion without the count of how often somebody came back: `stay/5/2` is the second time of `stay/5`."""
    return "/".join(occasion.split("/")[:2])


def _values(asked: _Asked, joining: Joining, rows: Sequence[Any], cycles: "_Cycles", at: datetime) -> dict[str, Any] | None:
    """The assignment somebody is to get; nothing ({}) when she has had it, None when the rule leaves out who was here before."""
    rule = asked.rule
    if rule.certification_id is not None:
        last = cycles.last.get((rule.certification_id, joining.person_id))
        if last is not None:
            return _renewal(rule, joining, last, rows, cycles.what[rule.certification_id], at)
    base = [one for one in rows if _base(one.occasion) == joining.occasion]
    if any(one.ended_how != "left" for one in base):
        return {}
    occasion = joining.occasion if not base else f"{joining.occasion}/{len(base) + 1}"
    given_at, count_from = joining.since, joining.joined_on
    zone = joining.time_zone
    if base:
        # She was away meanwhile, so her time begins anew.
        given_at, count_from = at, local_date(at, zone)
    elif joining.since < asked.active_from or joining.joined_on < local_date(asked.active_from, zone):
        if asked.existing == "leave":
            return None
        given_at, count_from = at, local_date(at, zone)
        if asked.existing == "backdated":
            given_at, count_from = _midnight(joining.joined_on, zone), joining.joined_on
    return _row(rule, joining, occasion, given_at, count_from)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone))


def _row(rule: AssignmentRule, joining: Joining, occasion: str, given_at: datetime, count_from: date) -> dict[str, Any]:
    due = rule.due_on if rule.due_days is None else count_from + timedelta(days=rule.due_days)
    task = Task(rule.kind, rule.what, rule.number)
    given = None if rule.wide else rule.author_id
    values = row(joining.person_id, task, at=given_at, given_by_id=given, why=rule.why, due_on=due, accepts_earlier=rule.accepts_earlier)
    return values | {"rule_id": rule.id, "occasion": occasion, "certification_id": rule.certification_id}


def _without_those_who_have(found: Found, rule: AssignmentRule, at: datetime) -> list[dict[str, Any]]:
    """Those rows whose people do not have the same to do already."""
    if rule.certification_id is not None:
        # A cycle is a thing of its own, whatever else is asked of the same module.
        return found.rows
    task, having = Task(rule.kind, rule.what), set[int]()
    for some in _some([one["person_id"] for one in found.rows]):
        having |= {person_id for person_id, _kind, _what in have_open(some, [task], at)}
    return [one for one in found.rows if one["person_id"] not in having]


def _some(ids: Sequence[One]) -> Iterator[Sequence[One]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def _standing(rule_ids: Sequence[int], person_ids: Collection[int] | None = None) -> list[Any]:
    """What these rules have given, ended or not."""
    ends = (ASSIGNMENT.c.rule_id, ASSIGNMENT.c.occasion, ASSIGNMENT.c.ended_at, ASSIGNMENT.c.ended_how)
    statement = select(*(ASSIGNMENT.c[name] for name in KEPT), *counted(), *ends).where(ASSIGNMENT.c.rule_id.in_(rule_ids))
    if person_ids is not None:
        statement = statement.where(ASSIGNMENT.c.person_id.in_(person_ids))
    return list(db.session.execute(statement.order_by(ASSIGNMENT.c.id)))


def _end(rows: Sequence[Any], how: str, at: datetime, by_id: int | None) -> int:
    """End assignments that nobody asks for any more; those that are complete are kept as done. How many were still to be done."""
    undone: list[int] = []
    for some in _some(rows):
        done = with_progress(some, parts_of_many(sorted({one.person_id for one in some})))
        complete = {one.id for one in done if one.progress.completed_at is not None}
        left = [one.id for one in some if one.id not in complete]
        for ids, end in ((sorted(complete), "done"), (left, how)):
            values = {"ended_at": at, "ended_how": end, "ended_why": "", "ended_by_id": by_id}
            if ids:
                db.session.execute(update(Assignment).where(Assignment.id.in_(ids), Assignment.ended_at.is_(None)).values(**values))
        undone += left
    return len(undone)


# Certification ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cycles:
    """The certifications some rules are about, by id, and the newest certificate of each person for each."""

    what: Mapping[int, Certification]
    last: Mapping[tuple[int, int], Certificate]


def _cycles(ids: Sequence[int], person_ids: Collection[int] | None) -> _Cycles:
    if not ids:
        return _Cycles({}, {})
    statement = select(Certificate).where(Certificate.certification_id.in_(ids)).order_by(Certificate.id)
    if person_ids is not None:
        statement = statement.where(Certificate.person_id.in_(person_ids))
    last = {(one.certification_id, one.person_id): one for one in db.session.scalars(statement)}
    return _Cycles({one.id: one for one in db.session.scalars(select(Certification).where(Certification.id.in_(ids)))}, last)


def _renewal(rule: AssignmentRule, joining: Joining, last: Certificate, rows: Sequence[Any], what: Certification, at: datetime) -> dict[str, Any]:
    """The next cycle of somebody who was certified: from when its window opens, or from when the certificate was withdrawn."""
    opens = _midnight(last.valid_until - timedelta(days=what.window_days), joining.time_zone)
    begins, due = (opens, last.valid_until) if last.withdrawn_at is None else (last.withdrawn_at, None)
    occasion = f"after/{last.id}"
    mine = [one for one in rows if _base(one.occasion) == occasion]
    if at < begins or any(one.ended_how != "left" for one in mine):
        return {}
    if mine:
        occasion = f"{occasion}/{len(mine) + 1}"
    if due is None:
        due = local_date(begins, joining.time_zone) + timedelta(days=what.window_days)
    values = _row(rule, joining, occasion, begins, due)
    return values | {"due_on": due, "accepts_earlier": False, "short": what.short and last.withdrawn_at is None}

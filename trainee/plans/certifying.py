"""Certifications: what is certified for how long, the certificates that are issued, and how everybody stands."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update

from trainee import webhooks
from trainee.kit import audit, trtext
from trainee.kit.clock import local_date, months_after
from trainee.kit.db import db, insert_once
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _, language
from trainee.kit.receipts import keep_once
from trainee.kit.web import in_words
from trainee.modules.library import ModuleVersion
from trainee.modules.progress.queries import parts_of_many
from trainee.notices import tell
from trainee.people import Person, Team, organisation
from trainee.plans.actions import Task, check_task, insert_rows
from trainee.plans.actions import row as by_hand
from trainee.plans.models import ASSIGNMENT, CERTIFICATE, CERTIFICATION, Certificate, Certification
from trainee.plans.queries import KEPT, Open, counted, with_progress

LONGEST_MONTHS, LONGEST_WINDOW = 120, 365
MOST = 3000
# What the digest is over, in this order: everything a certificate says.
_SAID = ("number", "person_id", "certification_id", "assignment_id", "name", "title", "organisation", "parts", "way", "completed_on", "valid_until")


def make_certification(
    title: str, task: Task, *, months: int, window_days: int, short: bool, by_id: int, receipt: str, at: datetime, title_en: str = ""
) -> Certification:
    """What is certified: a module or a path, valid for so many months, to be renewed within so many days before its end.

    `title_en` is its name in English; without it the name stands on the paper in English as well.
    """
    if not title.strip():
        raise Refusal(_("Please give it a name."), 422, "title")
    if task.kind not in ("module", "path"):
        raise Refusal(_("A module or a path can be certified."), 422, "what")
    check_task(task)
    if not 1 <= months <= LONGEST_MONTHS:
        raise Refusal(_("Choose 1 to %(most)s months.", most=LONGEST_MONTHS), 422, "months")
    if not 0 <= window_days <= LONGEST_WINDOW:
        raise Refusal(_("Choose up to %(most)s days.", most=LONGEST_WINDOW), 422, "window_days")
    named = {"title": title.strip(), "title_en": title_en.strip() or None}
    values = named | {"kind": task.kind, "what": task.what, "months": months, "window_days": window_days, "short": short}
    made, new = keep_once(Certification, values | {"made_by_id": by_id, "made_at": at, "receipt": receipt}, "made_by_id")
    if new:
        audit.note(by_id, "make_certification", f"certification/{made}", at)
    return db.session.get_one(Certification, made)


def certification(certification_id: int) -> Certification:
    """What is certified under that number; NotFound when nothing is."""
    found = db.session.get(Certification, certification_id)
    if found is None:
        raise NotFound
    return found


def certifications() -> list[Any]:
    """Everything that is certified, by its name. One statement."""
    statement = select(CERTIFICATION.c.id, CERTIFICATION.c.title, CERTIFICATION.c.title_en, CERTIFICATION.c.months)
    return sorted(db.session.execute(statement), key=lambda row: trtext.sort_key(title_of(row)))


def title_of(one: Any) -> str:
    """The name of what is certified, of a row with `title` and `title_en`, in the reader's language where it has one in it."""
    return title_in(one.title, one.title_en)


def title_in(title: str, title_en: str | None) -> str:
    """The same of the two names themselves."""
    return title_en if language() == "en" and title_en else in_words(title)


def certify(
    person_ids: Sequence[int],
    what: Certification,
    *,
    at: datetime,
    given_by_id: int,
    why: str,
    due_on: date | None = None,
    accepts_earlier: bool = False,
    prepared: Mapping[str, Any] | None = None,
) -> tuple[int, int]:
    """Ask people to be certified; how many were asked, and how many are at it already or hold a certificate that is not to be renewed yet.

    Who was certified before renews: by the short way where there is one, and by new work. The statements do not grow with the people.
    """
    if not why.strip():
        raise Refusal(_("Please say in a sentence why; it is shown with the assignment."), 422, "why")
    holding = {person_id: last for (number, person_id), last in _last(person_ids).items() if number == what.id}
    at_it = _at_it(person_ids, what, at)
    same = by_hand(0, Task(what.kind, what.what), at=at, given_by_id=given_by_id, why=why, due_on=due_on, accepts_earlier=accepts_earlier)
    rows = []
    for person_id in person_ids:
        last = holding.get(person_id)
        valid = last is not None and last.withdrawn_at is None
        early = valid and last is not None and at < _opens(last.valid_until, what.window_days, last.time_zone)
        if person_id in at_it or early:
            continue
        mine = {"person_id": person_id, "prepared": prepared, "certification_id": what.id, "short": what.short and valid}
        rows.append(same | mine | {"accepts_earlier": accepts_earlier and last is None})
    made = insert_rows(rows)
    if made:
        asked = [one["person_id"] for one in rows]
        audit.note(given_by_id, "certify", f"certification/{what.id}", at, people=asked)
        tell("assignment_given", asked, at)
    return made, len(person_ids) - len(rows)


def _at_it(person_ids: Sequence[int], what: Certification, at: datetime) -> set[int]:
    """Who has a cycle of this certification still to do, leaving out what was given at this very moment."""
    mine = (ASSIGNMENT.c.certification_id == what.id, ASSIGNMENT.c.person_id.in_(person_ids), ASSIGNMENT.c.ended_at.is_(None))
    rows = db.session.execute(select(*(ASSIGNMENT.c[name] for name in KEPT), *counted()).where(*mine, ASSIGNMENT.c.given_at != at)).all()
    far = with_progress(rows, parts_of_many(sorted({one.person_id for one in rows}))) if rows else []
    return {one.person_id for one in far if one.progress.completed_at is None}


def renew(at: datetime, person_ids: Collection[int] | None = None) -> int:
    """Begin the next cycle of everybody who was certified by hand and whose window has opened; how many. Doing it again changes nothing.

    Who is certified by a rule renews by that rule, and no longer when it has ended or she has left. Two statements.
    """
    given, newer, later = ASSIGNMENT.alias(), CERTIFICATE.alias(), ASSIGNMENT.alias()
    reason = (given.c.given_by_id, given.c.why, given.c.prepared)
    same = (newer.c.person_id == CERTIFICATE.c.person_id, newer.c.certification_id == CERTIFICATE.c.certification_id)
    begun = (later.c.person_id == CERTIFICATE.c.person_id, later.c.certification_id == CERTIFICATE.c.certification_id)
    statement = (
        select(CERTIFICATE.c.person_id, CERTIFICATE.c.valid_until, *CERTIFICATION.c, Person.time_zone, *reason)
        .join(given, given.c.id == CERTIFICATE.c.assignment_id)
        .join(CERTIFICATION, CERTIFICATION.c.id == CERTIFICATE.c.certification_id)
        .join(Person, Person.id == CERTIFICATE.c.person_id)
        .where(given.c.rule_id.is_(None), CERTIFICATE.c.withdrawn_at.is_(None), Person.disabled_at.is_(None))
        .where(~select(newer.c.id).where(*same, newer.c.id > CERTIFICATE.c.id).exists())
        .where(~select(later.c.id).where(*begun, later.c.id > CERTIFICATE.c.assignment_id).exists())
    )
    if person_ids is not None:
        statement = statement.where(CERTIFICATE.c.person_id.in_(person_ids))
    rows = [values for one in db.session.execute(statement) if (values := _next_cycle(one, at)) is not None]
    made = insert_rows(rows)
    if made:
        audit.note(None, "renew", "certificate", at, people=[one["person_id"] for one in rows])
    return made


def _opens(valid_until: date, window_days: int, time_zone: str) -> datetime:
    """When the window begins in which somebody who lives there renews."""
    return datetime.combine(valid_until - timedelta(days=window_days), time(0), ZoneInfo(time_zone))


def _next_cycle(one: Any, at: datetime) -> dict[str, Any] | None:
    opens = _opens(one.valid_until, one.window_days, one.time_zone)
    if at < opens:
        return None
    task = Task(one.kind, one.what)
    # The moment is that of the window, so that of two who do it at once only one gives.
    values = by_hand(one.person_id, task, at=opens, given_by_id=one.given_by_id, why=one.why, due_on=one.valid_until, accepts_earlier=False)
    return values | {"prepared": one.prepared, "certification_id": one.id, "short": one.short}


# Certificates ----------------------------------------------------------------------------------------------------------------


def issue_certificates(at: datetime, person_id: int | None = None) -> int:
    """Issue a certificate for every cycle that is complete and has none yet; how many. Doing it again changes nothing.

    What a certificate says follows from the work and not from when it is issued, so it says the same whenever that is.
    """
    rows = _complete_candidates(person_id)
    done = {one.id: one for one in with_progress(rows, parts_of_many(sorted({row.person_id for row in rows})))} if rows else {}
    complete = [(row, done[row.id]) for row in rows if row.id in done and done[row.id].progress.completed_at is not None]
    if not complete:
        return 0
    versions, last = _versions([one for _row, one in complete]), _last([row.person_id for row, _one in complete])
    made, hooks = 0, webhooks.subscribed("certified")
    for row, one in complete:
        values = _certificate(row, one, versions, last.get((row.certification_id, row.person_id)), at)
        number = insert_once(Certificate, values, ["assignment_id"])
        if number is not None:
            audit.note(None, "issue_certificate", f"certificate/{number}", at)
            _tell_programs(number, values, hooks, at)
            made += 1
    return made


def _tell_programs(certificate_id: int, values: Mapping[str, Any], hooks: Sequence[Any], at: datetime) -> None:
    data = {"certificate_id": certificate_id, "number": values["number"], "certification_id": values["certification_id"]}
    data |= {name: values[name].isoformat() for name in ("completed_on", "valid_until")}
    subject = f"certificate/{certificate_id}"
    webhooks.happened("certified", subject, data, person_id=values["person_id"], occurred_at=at, at=at, hooks=hooks)


def _complete_candidates(person_id: int | None) -> list[Any]:
    issued = select(CERTIFICATE.c.id).where(CERTIFICATE.c.assignment_id == ASSIGNMENT.c.id).correlate(ASSIGNMENT).exists()
    about = (Person.name, Person.time_zone, CERTIFICATION.c.title, CERTIFICATION.c.title_en, CERTIFICATION.c.months)
    statement = (
        select(*(ASSIGNMENT.c[name] for name in KEPT), *counted(), *about)
        .join(Person, Person.id == ASSIGNMENT.c.person_id)
        .join(CERTIFICATION, CERTIFICATION.c.id == ASSIGNMENT.c.certification_id)
        .where(or_(ASSIGNMENT.c.ended_at.is_(None), ASSIGNMENT.c.ended_how == "done"), ~issued)
        .order_by(ASSIGNMENT.c.id)
    )
    if person_id is not None:
        statement = statement.where(ASSIGNMENT.c.person_id == person_id)
    return list(db.session.execute(statement))


def _certificate(row: Any, one: Open, versions: Mapping[str, Sequence[Any]], last: Any, at: datetime) -> dict[str, Any]:
    completed = one.progress.completed_at
    assert completed is not None
    day = local_date(completed, row.time_zone)
    # Who renews in time loses nothing: the new months follow the old ones.
    begins = last.valid_until if last is not None and last.withdrawn_at is None and day <= last.valid_until else day
    values = {
        "number": f"{day.year}-{row.id:06d}",
        "person_id": row.person_id,
        "certification_id": row.certification_id,
        "assignment_id": row.id,
        "name": row.name,
        "title": row.title,
        "title_en": row.title_en,
        "organisation": organisation.name()[:120],
        "parts": [_in_use(versions[key], completed) for key in _modules(one)],
        "way": "short" if row.short and not row.failed else "full",
        "completed_on": day,
        "valid_until": months_after(begins, row.months),
    }
    return values | {"issued_at": at, "digest": digest_of(values), "withdrawn_at": None, "withdrawn_why": None, "withdrawn_by_id": None}


def _modules(one: Open) -> list[str]:
    return [step.module.key for step in one.steps] if one.steps else [one.what]


def _versions(complete: Sequence[Open]) -> dict[str, list[Any]]:
    keys = sorted({key for one in complete for key in _modules(one)})
    columns = (ModuleVersion.key, ModuleVersion.number, ModuleVersion.digest, ModuleVersion.published_at)
    found: dict[str, list[Any]] = {}
    for row in db.session.execute(select(*columns).where(ModuleVersion.key.in_(keys)).order_by(ModuleVersion.number)):
        found.setdefault(row.key, []).append(row)
    return found


def _in_use(versions: Sequence[Any], moment: datetime) -> list[Any]:
    """The version that was in use at a moment, as it stands on a certificate."""
    before = [row for row in versions if row.published_at <= moment] or versions[:1]
    return [before[-1].key, before[-1].number, before[-1].digest]


def _last(person_ids: Sequence[int]) -> dict[tuple[int, int], Any]:
    columns = (CERTIFICATE.c.certification_id, CERTIFICATE.c.person_id, CERTIFICATE.c.valid_until, CERTIFICATE.c.withdrawn_at, Person.time_zone)
    mine = CERTIFICATE.c.person_id.in_(sorted(set(person_ids)))
    rows = db.session.execute(select(*columns).join(Person, Person.id == CERTIFICATE.c.person_id).where(mine).order_by(CERTIFICATE.c.id))
    return {(row.certification_id, row.person_id): row for row in rows}


def digest_of(values: Mapping[str, Any]) -> str:
    """SHA-256 over everything a certificate says, written as JSON; the same fields give the same digest on every machine."""
    # A name in English is sealed where there is one; what was issued before there were any keeps its seal.
    names = [*_SAID, "title_en"] if values.get("title_en") else _SAID
    said = [value.isoformat() if isinstance(value := values[name], date) else value for name in names]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def is_sound(certificate: Certificate) -> bool:
    """Whether a certificate still says what it said when it was issued."""
    return digest_of({name: getattr(certificate, name) for name in (*_SAID, "title_en")}) == certificate.digest


def certificate_or_404(number: str) -> Certificate:
    """The certificate of that number."""
    found = db.session.scalars(select(Certificate).where(Certificate.number == number)).first()
    if found is None:
        raise NotFound
    return found


def withdraw_certificate(certificate: Certificate, why: str, at: datetime, by_id: int) -> None:
    """Take a certificate back, with a reason; it stays on record, and the first reason holds."""
    if not why.strip():
        raise Refusal(_("Please write the reason."), 422)
    if certificate.person_id == by_id:
        raise Refusal(_("This is your own certificate. Somebody else has to decide on it."), 403)
    valid = (CERTIFICATE.c.id == certificate.id) & CERTIFICATE.c.withdrawn_at.is_(None)
    values = {"withdrawn_at": at, "withdrawn_why": why.strip(), "withdrawn_by_id": by_id}
    if db.session.execute(update(CERTIFICATE).where(valid).values(**values).returning(CERTIFICATE.c.id)).scalar() is not None:
        audit.note(by_id, "withdraw_certificate", f"certificate/{certificate.id}", at)
    db.session.refresh(certificate)


def rename_certificates(person_id: int, name: str) -> int:
    """Put another name on somebody's certificates and seal them anew; how many. For the privacy action only: what they certify stays."""
    held = db.session.scalars(select(Certificate).where(Certificate.person_id == person_id)).all()
    for one in held:
        one.name = name
        if one.withdrawn_why:
            one.withdrawn_why = ""
        one.digest = digest_of({key: getattr(one, key) for key in (*_SAID, "title_en")})
    db.session.flush()
    return len(held)


# How everybody stands --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands with one certification: valid, window (to be renewed now), expired, withdrawn, or begun (never certified yet).

    `cycle` is what she has to do for it now, if anything.
    """

    person_id: int
    name: str
    team: str
    title: str
    state: str
    number: str
    valid_until: date | None
    cycle: Open | None


def state_of(valid_until: date, withdrawn: bool, window_days: int, day: date) -> str:
    """How a certificate stands on a day; it is valid up to and with its last day."""
    if withdrawn:
        return "withdrawn"
    if day > valid_until:
        return "expired"
    return "window" if day >= valid_until - timedelta(days=window_days) else "valid"


ORDER = ("expired", "withdrawn", "window", "begun", "valid")


def standings(whose: Any, day: date, most: int | None = MOST) -> list[Standing]:
    """How people stand with what they are certified for, the most pressing first; `whose` is a condition on `Person.id`. Four statements.

    With `most` None all are looked at, else so many of the newest.
    """
    about = (Person.id.label("who"), Person.name, Person.name_sort, Team.name.label("team"), CERTIFICATION.c.title, CERTIFICATION.c.title_en)
    open_ones = (
        select(*(ASSIGNMENT.c[name] for name in KEPT), *counted(), *about)
        .join(Person, Person.id == ASSIGNMENT.c.person_id)
        .join(CERTIFICATION, CERTIFICATION.c.id == ASSIGNMENT.c.certification_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(whose, ASSIGNMENT.c.ended_at.is_(None), Person.disabled_at.is_(None))
        .order_by(ASSIGNMENT.c.id.desc())
        .limit(most)
    )
    held = (
        select(CERTIFICATE.c.certification_id, CERTIFICATE.c.number, CERTIFICATE.c.valid_until, CERTIFICATE.c.withdrawn_at, *about)
        .add_columns(CERTIFICATION.c.window_days)
        .join(Person, Person.id == CERTIFICATE.c.person_id)
        .join(CERTIFICATION, CERTIFICATION.c.id == CERTIFICATE.c.certification_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(whose, Person.disabled_at.is_(None))
        .order_by(CERTIFICATE.c.id.desc())
        .limit(most)
    )
    rows = list(db.session.execute(open_ones))
    far = {one.id: one for one in with_progress(rows, parts_of_many(sorted({row.person_id for row in rows})))}
    found: dict[tuple[int, int], Standing] = {}
    cycles = {(row.who, row.certification_id): (row, far.get(row.id)) for row in reversed(rows)}
    for row in db.session.execute(held):
        place = row.who, row.certification_id
        if place not in found:
            _row, cycle = cycles.get(place, (None, None))
            todo = cycle if cycle is not None and cycle.progress.completed_at is None else None
            state = state_of(row.valid_until, row.withdrawn_at is not None, row.window_days, day)
            found[place] = Standing(row.who, row.name, row.team or "", title_of(row), state, row.number, row.valid_until, todo)
    for place, (row, cycle) in cycles.items():
        if place not in found:
            found[place] = Standing(row.who, row.name, row.team or "", title_of(row), "begun", "", None, cycle)
    return sorted(found.values(), key=lambda one: (ORDER.index(one.state), one.valid_until or date.max, one.person_id))


def certificates_of(person_id: int) -> list[Any]:
    """Every certificate of one person, the newest first, with the window of its certification."""
    statement = select(*CERTIFICATE.c, CERTIFICATION.c.window_days).join(CERTIFICATION, CERTIFICATION.c.id == CERTIFICATE.c.certification_id)
    return list(db.session.execute(statement.where(CERTIFICATE.c.person_id == person_id).order_by(CERTIFICATE.c.id.desc())))

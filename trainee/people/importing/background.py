"""What a worker does with files of people: look at their rows, apply them, take them back; each in one transaction, and again when it broke off."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from trainee.kit.clock import local_date
from trainee.kit.collecting import without_collecting
from trainee.kit.db import db, reading
from trainee.kit.i18n import _, force_locale
from trainee.kit.jobs import Tally, one_by_one
from trainee.kit.workers import Stopped, keep
from trainee.people import organisation
from trainee.people.importing.applying import keep_rows, lock, write
from trainee.people.importing.models import WAITING, PeopleImport
from trainee.people.importing.planning import plan
from trainee.people.importing.present import Present, present
from trainee.people.importing.rows import Plan, Rules
from trainee.people.importing.source import rows_below
from trainee.people.importing.undoing import undo
from trainee.people.queries import roles_of

Step = Callable[[str, int], object]


def work(at: datetime) -> Tally:
    """Do what is asked of every file that waits, the oldest first."""
    with reading():
        waiting = db.session.execute(select(PeopleImport.id).where(PeopleImport.state.in_(WAITING)).order_by(PeopleImport.id)).scalars().all()
        db.session.rollback()
    return one_by_one("people_imports", [partial(_one, number, at) for number in waiting])


def _one(import_id: int, at: datetime) -> None:
    """One file, in the language of the installation: what is kept of it is told in the reader's."""
    state = _state(import_id)
    try:
        with force_locale(organisation.default_language()):
            {"checking": check, "applying": apply, "undoing": take_back}[state](import_id, at, _noting(import_id))
    except (Stopped, OperationalError, InterfaceError):
        # Another worker is at it, or the database is away: nothing was kept, and it is done at the next look.
        raise
    except Exception as problem:
        db.session.rollback()
        values = {
            "state": "failed" if state == "checking" else {"applying": "checked", "undoing": "applied"}[state],
            "problem": type(problem).__name__,
        }
        db.session.execute(update(PeopleImport).where(PeopleImport.id == import_id, PeopleImport.state == state).values(**values))
        keep()
        raise


def _state(import_id: int) -> str:
    with reading():
        state = db.session.scalar(select(PeopleImport.state).where(PeopleImport.id == import_id))
        db.session.rollback()
    return str(state)


def _noting(import_id: int) -> Step:
    """Writes down how far it is, each time in a short transaction of its own."""

    def note(step: str, done: int) -> None:
        db.session.execute(update(PeopleImport).where(PeopleImport.id == import_id).values(step=step, done=done))
        keep()

    return note


def silent(_step: str, _done: int) -> None:
    """Tells nobody how far it is: for what is over in a moment."""


def rules_of(one: Any) -> Rules:
    """How an import is to be taken."""
    options: Mapping[str, Any] = one.options
    return Rules(
        one.reading["fields"],
        bool(options.get("close_missing")),
        bool(options.get("make_places")),
        options.get("unit") or organisation.name(),
        organisation.default_language(),
        _("Employee"),
        one.by_id,
        one.by_id is None or "admin" in roles_of(one.by_id),
        one.reading["kind"] == "csv",
        bool(one.reading.get("since_1904")),
    )


@without_collecting()
def check(import_id: int, at: datetime, step: Step) -> None:
    """Look at every row and write down what would become of it."""
    made, _present = _planned(import_id, at, step, "checking")
    if made is None:
        return
    step("keeping", len(made.rows))
    mine = update(PeopleImport).where(PeopleImport.id == import_id, PeopleImport.state == "checking")
    values = {"state": "checked", "step": "", "total": len(made.rows), "counts": made.counts(), "plan": made.digest(), "checked_at": at}
    found = db.session.execute(mine.values(**values, findings=_findings(import_id, made)).returning(PeopleImport.id)).scalar()
    if found is not None:
        keep_rows(made, import_id)


def _findings(import_id: int, made: Plan) -> list[dict[str, Any]]:
    """What was said of the file when it was opened, and what its rows as a whole are."""
    before = db.session.scalar(select(PeopleImport.findings).where(PeopleImport.id == import_id)) or []
    own = ("empty_rows", "new_teams", "new_units")
    leaders = {place: made.rows[place].name for _name, _unit, place in made.teams.values() if place is not None}
    teams = [[name, unit, leaders.get(place) if place is not None else None] for name, unit, place in made.teams.values()]
    found = [one for one in before if one["code"] not in own] + made.findings
    found += [{"code": "new_units", "units": list(made.units.values())}] if made.units else []
    return found + ([{"code": "new_teams", "teams": teams}] if teams else [])


def _planned(import_id: int, at: datetime, step: Step, state: str) -> tuple[Plan | None, Present | None]:
    """The plan as things stand now, made without holding anybody up."""
    with reading():
        one = db.session.execute(select(PeopleImport.__table__).where(PeopleImport.id == import_id)).one()
        here, rules = present(), rules_of(one)
        db.session.rollback()
    if one.state != state or one.body is None:
        return None, None
    today = local_date(at, current_app.extensions["trainee"].default_time_zone)
    return plan(rows_below(one.body, one.reading), rules, here, today, step), here


@without_collecting()
def apply(import_id: int, at: datetime, step: Step) -> None:
    """Do exactly what was shown, all of it or nothing. Where somebody changed people meanwhile so that it would do other things, it is shown anew."""
    made, before = _planned(import_id, at, step, "applying")
    if made is None:
        return
    shown = db.session.scalar(select(PeopleImport.plan).where(PeopleImport.id == import_id))
    step("writing", len(made.rows))
    lock()
    one = db.session.execute(select(PeopleImport).where(PeopleImport.id == import_id).execution_options(populate_existing=True)).scalar_one()
    here = present()
    if here != before:
        today = local_date(at, current_app.extensions["trainee"].default_time_zone)
        made = plan(rows_below(one.body or b"", one.reading), rules_of(one), here, today)
    if one.state != "applying":
        return
    if made.digest() != shown:
        one.state, one.step, one.problem = "checking", "reading", "changed_since"
        return
    zone = current_app.extensions["trainee"].default_time_zone
    one.made = write(made, here, import_id, one.by_id, zone, at)
    one.state, one.step, one.applied_at, one.problem = "applied", "", at, None
    db.session.flush()


@without_collecting()
def take_back(import_id: int, at: datetime, step: Step) -> None:
    """Put back what it did, all in one transaction."""
    step("undoing", 0)
    lock()
    one = db.session.execute(select(PeopleImport).where(PeopleImport.id == import_id).execution_options(populate_existing=True)).scalar_one()
    if one.state != "undoing":
        return
    counts = undo(one, at)
    one.counts = one.counts | {f"undo_{outcome}": many for outcome, many in counts.items()}
    one.state, one.step, one.undone_at = "undone", "", at
    db.session.flush()

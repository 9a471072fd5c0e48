"""Files of people and their rows, for pages and the command line."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.people.importing.models import OUTCOMES, PeopleImport, PeopleImportRow
from trainee.people.models import Person

PAGE = 50


def imports() -> list[Any]:
    """Every import without its file, the newest first: (import, name of who brought it)."""
    statement = select(PeopleImport, Person.name).outerjoin(Person, Person.id == PeopleImport.by_id).options(defer(PeopleImport.body))
    return list(db.session.execute(statement.order_by(PeopleImport.id.desc()).limit(50)))


def applied_since(since: datetime) -> set[datetime]:
    """When files were applied: whoever came, moved or got another leader in that very moment did so by a file."""
    return set(db.session.scalars(select(PeopleImport.applied_at).where(PeopleImport.applied_at >= since)))


def import_or_404(import_id: int, with_body: bool = False) -> PeopleImport:
    """One import."""
    statement = select(PeopleImport).where(PeopleImport.id == import_id)
    if not with_body:
        statement = statement.options(defer(PeopleImport.body))
    found = db.session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def has_body(import_id: int) -> bool:
    """Whether the file is still kept."""
    return bool(db.session.scalar(select(PeopleImport.body.is_not(None)).where(PeopleImport.id == import_id)))


def rows(import_id: int, outcome: str, page: int, size: int = PAGE) -> list[Any]:
    """One page of the rows of an outcome ("told": of any, with something to say of it), in the file's order."""
    row = PeopleImportRow
    statement = select(row.number, row.outcome, row.person_id, row.name, row.changes, row.told).where(row.import_id == import_id)
    if outcome in OUTCOMES:
        statement = statement.where(row.outcome == outcome)
    statement = statement.order_by(row.number.is_(None), row.number, row.id)
    return list(db.session.execute(statement.limit(size + 1).offset((page - 1) * size)))


def open_accounts() -> int:
    """How many accounts are open."""
    return db.session.scalar(select(func.count()).select_from(Person).where(Person.disabled_at.is_(None))) or 0

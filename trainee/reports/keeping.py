"""Tables of one's own that are kept, and shared with those whom their owner may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, or_, select, update

from trainee import people
from trainee.kit.db import db
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.people import Person, Viewer
from trainee.people.models import RoleHeld
from trainee.people.queries import leaders_of
from trainee.reports.models import TABLE, ReportTable
from trainee.reports.table import LONGEST, Table, listed, read_picked

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept table as somebody finds it: hers, or shared with her by `owner`."""

    id: int
    name: str
    owner: str
    mine: bool
    shared: bool
    picked: Mapping[str, Any]
    table: Table


def keep(who: Viewer, name: str, picked: Mapping[str, Any], *, receipt: str, at: datetime) -> int:
    """Keep a table under a name; its number. The same receipt again changes nothing."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise Refusal(_("Please give the table a name of up to %(most)s characters.", most=LONGEST), 422, "name")
    if not receipt or len(receipt) > 100:
        raise Refusal(_("This form is out of date. Please open the table again."), 422)
    values = {
        "person_id": who.id,
        "name": name,
        "picked": {key: value for key, value in picked.items() if key != "called"},
        "shared": False,
        "kept_at": at,
        "receipt": receipt,
    }
    many = db.session.scalar(select(func.count()).select_from(ReportTable).where(ReportTable.person_id == who.id)) or 0
    table_id, new = keep_once(ReportTable, values, "person_id")
    if new and many >= _MOST:
        raise Refusal(_("You keep %(most)s tables already. Please delete one first.", most=_MOST), 422)
    return table_id


def tables_for(who: Viewer) -> list[Kept]:
    """The tables somebody keeps and those shared with her, of reports that are open to her, by name."""
    rows = db.session.execute(_found(who).order_by(func.lower(TABLE.c.name), TABLE.c.id)).all()
    return [kept for row in rows if (kept := _kept(row, who)) is not None]


def table_or_404(table_id: int, who: Viewer) -> Kept:
    """One of these; NotFound for every other, whether there is one or not."""
    row = db.session.execute(_found(who).where(TABLE.c.id == table_id)).first()
    found = _kept(row, who) if row is not None else None
    if found is None:
        raise NotFound
    return found


def mine_or_404(table_id: int, who: Viewer) -> Kept:
    """One that she keeps herself."""
    found = table_or_404(table_id, who)
    if not found.mine:
        raise NotFound
    return found


def share(kept: Kept, shared: bool) -> None:
    """Share it, or take it back."""
    db.session.execute(update(TABLE).where(TABLE.c.id == kept.id).values(shared=shared))


def forget(kept: Kept) -> None:
    """Keep it no longer."""
    db.session.execute(delete(TABLE).where(TABLE.c.id == kept.id))


def _found(who: Viewer) -> Any:
    """Hers, and those shared by whoever may see her today: her supervisors at any height, HR and administrators."""
    above = [one.id for one in leaders_of([who.id])[who.id]]
    sees_all = select(RoleHeld.person_id).where(RoleHeld.role.in_(("hr", "admin")))
    seeing = TABLE.c.shared & or_(TABLE.c.person_id.in_(above), TABLE.c.person_id.in_(sees_all))
    here = Person.disabled_at.is_(None)
    return (
        select(TABLE, Person.name.label("owner")).join(Person, Person.id == TABLE.c.person_id).where((TABLE.c.person_id == who.id) | (seeing & here))
    )


def _kept(row: Any, who: Viewer) -> Kept | None:
    picked = read_picked(listed(row.picked))
    if picked is None:
        return None
    table = Table(picked, row.name)
    mine = row.person_id == who.id
    return Kept(row.id, row.name, row.owner, mine, row.shared, row.picked, table) if table.base.open_to(who) else None


def may_share(who: Viewer) -> bool:
    """Whether there is anybody to share with."""
    return who.holds("hr", "admin") or bool(db.session.scalar(select(Person.id).where(Person.id.in_(people.visible_to(who)), Person.id != who.id)))

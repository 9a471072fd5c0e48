"""Who was made anonymous stays so when a backup from before is put back: a list of numbers that outlives the database, and asking for it again.

The list tells nobody's name. Each line says which account (its number, and the moment it was made, so that the account of another installation
with that number is never touched), on what ground, who asked and when.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, inspect, select, update

from trainee.kit.db import Base
from trainee.kit.errors import Refusal
from trainee.privacy.models import Anonymity

PERSON: Table = Base.metadata.tables["person"]
ASKED: Table = Base.metadata.tables[Anonymity.__tablename__]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One account whose person is to be nobody: its number, when it was made, the ground, who asked and when."""

    person_id: int
    made_at: datetime
    ground: str
    asked_by_id: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a list: how many are to be made anonymous now, and the numbers of accounts that are others' in this database."""

    asked: int
    others: tuple[int, ...]


def known(connection: Connection) -> list[Forgotten]:
    """Everybody of whom this database knows that she was made anonymous or is to be, in the order of their numbers."""
    if not inspect(connection).has_table(ASKED.name):
        return []
    columns = (ASKED.c.person_id, PERSON.c.created_at, ASKED.c.ground, ASKED.c.asked_by_id, ASKED.c.asked_at)
    rows = connection.execute(select(*columns).join_from(ASKED, PERSON, PERSON.c.id == ASKED.c.person_id).order_by(ASKED.c.person_id))
    return [Forgotten(*row) for row in rows]


def ask(connection: Connection, forgotten: Iterable[Forgotten]) -> Told:
    """Have everybody on the list made anonymous who is not yet, and close her account; goes into the caller's transaction."""
    asked, others = 0, []
    for one in {each.person_id: each for each in forgotten}.values():
        made_at = connection.scalar(select(PERSON.c.created_at).where(PERSON.c.id == one.person_id))
        if made_at is None:
            # The backup is from before she came.
            continue
        asker = _asker(connection, one)
        if made_at != one.made_at or asker is None:
            others.append(one.person_id)
            continue
        if connection.execute(select(ASKED.c.person_id).where(ASKED.c.person_id == one.person_id)).first() is not None:
            continue
        connection.execute(update(PERSON).where(PERSON.c.id == one.person_id, PERSON.c.disabled_at.is_(None)).values(disabled_at=one.asked_at))
        values = {"ground": one.ground, "asked_by_id": asker, "asked_at": one.asked_at, "done_at": None}
        connection.execute(insert(ASKED).values(person_id=one.person_id, **values))
        asked += 1
    return Told(asked, tuple(sorted(others)))


def _asker(connection: Connection, one: Forgotten) -> int | None:
    """Who asked, or, where the backup is from before she came, whoever has the first account; None where nobody else is here."""
    there = select(PERSON.c.id).where(PERSON.c.id != one.person_id)
    who = connection.scalar(there.where(PERSON.c.id == one.asked_by_id))
    return who if who is not None else connection.scalar(there.order_by(PERSON.c.id).limit(1))


def write(forgotten: Iterable[Forgotten]) -> Iterator[str]:
    """The list as text, a line each."""
    for one in forgotten:
        yield json.dumps(asdict(one) | {"made_at": one.made_at.isoformat(), "asked_at": one.asked_at.isoformat()})


def read(path: Path) -> list[Forgotten]:
    """The list in a file. Refusal with the line that cannot be read."""
    found = []
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        if line.strip():
            try:
                found.append(_read(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise Refusal(f"{path}:{number}: this is no line of `trainee people anonymous`. Nothing was changed.") from error
    return found


def _read(value: Any) -> Forgotten:
    made_at, asked_at = (datetime.fromisoformat(value[name]) for name in ("made_at", "asked_at"))
    if made_at.tzinfo is None or asked_at.tzinfo is None:
        raise ValueError("a moment without its zone")
    return Forgotten(int(value["person_id"]), made_at, str(value["ground"])[:20], int(value["asked_by_id"]), asked_at)

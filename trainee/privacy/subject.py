"""Everything that is held about one person, as values: for a page that can be read, and for a file that programs read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import LargeBinary, Table, func, select

from trainee.coaching import Observation
from trainee.kit.db import Base, db
from trainee.privacy.belonging import NOBODYS, about
from trainee.privacy.inventory import HELD, Held

# What opens doors is shown to nobody, herself included.
SECRET: Final = frozenset(
    {("person", "password_hash"), ("sign_in", "digest"), ("access_link", "digest"), ("api_token", "digest"), ("calendar_link", "digest")}
)
# What somebody is still writing about her, and what chance has drawn and nobody has watched yet: it would not be what it is for if it were known.
UNFINISHED: Final = frozenset(
    {("observation_draft", "fields"), ("contact_draw", "pool"), ("contact_draw", "seed")}
    | {("expectation_draft", name) for name in ("why", "monitored", "words_tr", "words_en", "level", "skill")}
)
# What is hers alone, or hers and her coach's: HR is told how much there is and reads none of it.
HERS: Final = frozenset(
    {"lesson_note", "task_report", "role_play_pulse", "private_note", "session_part", "session_move", "check_answer", "quiz_answer"}
    | {"role_play_move", "review_log", "review_card", "review_set", "pulse_taken", "report_file", "report_piece", "notice_wish", "notice_habit"}
)
HERS_WORDS: Final = frozenset({("coaching_session", "action"), ("coaching_session", "cancel_reason")})


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table: how many there are, and those that are shown; `closed` where they are hers alone and somebody else asks."""

    table: str
    many: int
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    closed: bool = False


def everything(person_id: int, by_hr: bool, most: int | None = None) -> Iterator[tuple[Held, list[Part]]]:
    """Each kind of thing held about somebody with its tables that hold any; of each at most the newest `most` rows. Two statements a table."""
    for held in HELD:
        parts = [part for name in held.columns if (part := _part(held, name, person_id, by_hr, most)) is not None]
        if parts:
            yield held, parts


def _part(held: Held, name: str, person_id: int, by_hr: bool, most: int | None) -> Part | None:
    if name in NOBODYS:
        return None
    table = Base.metadata.tables[name]
    wanted = about(table, person_id) & _released(table)
    many = db.session.scalar(select(func.count()).select_from(table).where(wanted)) or 0
    if not many:
        return None
    if by_hr and name in HERS:
        return Part(name, many, (), [], closed=True)
    columns = tuple(column for column in held.columns[name].split() if _open(name, column, by_hr))
    statement = select(*(_plain(table, column) for column in columns)).where(wanted)
    keys = [key.desc() for key in table.primary_key]
    statement = statement.order_by(*keys)
    rows = db.session.execute(statement if most is None else statement.limit(most)).mappings()
    return Part(name, many, columns, [dict(row) for row in rows])


def _open(table: str, column: str, by_hr: bool) -> bool:
    place = (table, column)
    return place not in SECRET and place not in UNFINISHED and not (by_hr and place in HERS_WORDS)


def _plain(table: Table, column: str) -> Any:
    # A picture or a file is told by its size; the picture itself has its own address.
    return func.length(table.c[column]).label(column) if isinstance(table.c[column].type, LargeBinary) else table.c[column]


def _released(table: Table) -> Any:
    """An observation that waits for her own view is hers to read when she has given it."""
    seen = Base.metadata.tables["observation"]
    if table is seen:
        return Observation.released_at.is_not(None)
    if "observation_id" in table.c and table.name not in ("planned_observation", "observation_reading", "contact_check"):
        return table.c.observation_id.in_(select(seen.c.id).where(seen.c.released_at.is_not(None)))
    if table.name == "contact_pick":
        return table.c.observed_at.is_not(None)
    return table.c[next(iter(table.primary_key)).name].is_not(None)


def as_json(person_id: int, by_hr: bool, at: datetime) -> dict[str, Any]:
    """All of it, for a file."""
    return {
        "person": person_id,
        "as_of": at.isoformat(timespec="seconds"),
        "for": "HR" if by_hr else "the person",
        "you": "the person whom the file is about",
        "held": list(_told(person_id, by_hr)),
    }


def _told(person_id: int, by_hr: bool) -> Iterator[dict[str, Any]]:
    for held, parts in everything(person_id, by_hr):
        yield {
            "key": held.key,
            "title": str(held.title),
            "purpose": str(held.purpose),
            "legal_ground": str(held.ground),
            "seen_by": str(held.seen_by),
            "kept": str(held.kept),
            "tables": {
                part.table: {"entries": part.many, "for_the_person_alone": True}
                if part.closed
                else [{key: _jsonable(value) for key, value in row.items()} for row in part.rows]
                for part in parts
            },
        }


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value

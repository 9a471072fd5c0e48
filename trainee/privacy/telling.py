"""What is held about a person, as pages say it: in words, with names in place of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from trainee import skills
from trainee.kit.db import Base, db
from trainee.kit.i18n import _, date_words, language, moment_words, number
from trainee.people import Team, names
from trainee.privacy.inventory import Held
from trainee.privacy.labels import COLUMNS, TABLES
from trainee.privacy.subject import Part, everything

_LONGEST: Final = 300
_FIRST: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Told:
    """One table as it is read: its title, how many entries there are, and for those shown the pairs of what and how it is."""

    title: str
    many: int
    entries: list[list[tuple[str, str]]]
    closed: bool


def told_parts(person_id: int, by_hr: bool, most: int) -> list[tuple[Held, list[Told]]]:
    """Each kind of thing held about somebody, with its tables in words."""
    found = list(everything(person_id, by_hr, most))
    parts = [part for _held, of in found for part in of]
    called = names(_people(parts))
    teams = {row.id: row.name for row in db.session.execute(select(Team.id, Team.name))}
    known = {skill.key: skill.name.of(language()) for skill in skills.framework().skills}
    words = _Words(called, teams, known)
    return [(held, [Told(str(TABLES[part.table]), part.many, words.entries(part), part.closed) for part in of]) for held, of in found]


def _points_at(table: str, column: str) -> str:
    keys = Base.metadata.tables[table].c[column].foreign_keys
    return next(iter(keys)).target_fullname if keys else ""


def _people(parts: Sequence[Part]) -> set[int]:
    return {
        row[column]
        for part in parts
        for column in part.columns
        if _points_at(part.table, column) == "person.id"
        for row in part.rows
        if row[column] is not None
    }


@dataclass(frozen=True, slots=True)
class _Words:
    people: dict[int, str]
    teams: dict[int, str]
    skills: dict[str, str]

    def entries(self, part: Part) -> list[list[tuple[str, str]]]:
        """The rows of a table: what says something, in words."""
        shown = [column for column in part.columns if column in COLUMNS and column not in ("person_id", "id")]
        return [[(str(COLUMNS[column]), words) for column in shown if (words := self._value(part.table, column, row[column]))] for row in part.rows]

    def _value(self, table: str, column: str, value: Any) -> str:
        if value is None or value in ("", [], {}):
            return ""
        target = _points_at(table, column)
        if target == "person.id":
            return self.people.get(value, f"#{value}")
        if target == "team.id":
            return self.teams.get(value, f"#{value}")
        if column in ("skill", "skill_key"):
            return self.skills.get(value, str(value))
        return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return date_words(value)
    if isinstance(value, int | float):
        return number(value, 0 if isinstance(value, int) else 2)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(one)}" for key, one in value.items() if one not in (None, "", [], {}))[:_LONGEST]
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)[:_LONGEST]
    return str(value)


def destroyed_words(kind: str, subject: str) -> str:
    """What was destroyed, in words."""
    if kind == "anonymised":
        return str(_("Person no. %(number)s was made anonymous", number=subject.partition("/")[2]))
    if kind == "looks":
        return str(_("Looks of more than two years"))
    return str(_("Words kept long enough (%(kind)s)", kind=subject))


def first_notice() -> tuple[str, str]:
    """What HR begins with: the notice we propose, in Turkish and English."""
    tr, en = ((_FIRST / f"notice.{lang}.md").read_text(encoding="utf-8") for lang in ("tr", "en"))
    return tr, en

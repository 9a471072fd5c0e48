"""What is held about a person, as pages say it: in words, with names in place of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from trainee import skills
from trainee.kit.db import Base, db
from trainee.kit.i18n import _, language
from trainee.modules.quizzes.models import QuizAttempt
from trainee.people import Team, names
from trainee.privacy.inventory import Held
from trainee.privacy.labels import COLUMNS, TABLES, label_of
from trainee.privacy.subject import Part, everything
from trainee.privacy.values import WRITTEN, Titles, titles, words_of

_FIRST: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Told:
    """One table as it is read: its title, and how many entries there are.

    Of those shown, what each thing is called, its words, and whether these stand as somebody wrote them.
    """

    title: str
    many: int
    entries: list[list[tuple[str, str, bool]]]
    closed: bool


def told_parts(person_id: int, by_hr: bool, most: int) -> list[tuple[Held, list[Told]]]:
    """Each kind of thing held about somebody, with its tables in words."""
    found = list(everything(person_id, by_hr, most))
    parts = [part for _held, of in found for part in of]
    called = names(_people(parts))
    attempts = {row["attempt_id"] for part in parts if part.table == "quiz_answer" for row in part.rows}
    teams = {row.id: row.name for row in db.session.execute(select(Team.id, Team.name))}
    known = {skill.key: skill.name.of(language()) for skill in skills.framework().skills}
    words = _Words(called, teams, known, titles(_modules_of(attempts)))
    return [(held, [Told(str(TABLES[part.table]), part.many, words.entries(part), part.closed) for part in of]) for held, of in found]


def _modules_of(attempts: set[int]) -> dict[int, str]:
    if not attempts:
        return {}
    return {row.id: row.module_key for row in db.session.execute(select(QuizAttempt.id, QuizAttempt.module_key).where(QuizAttempt.id.in_(attempts)))}


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
    titles: Titles

    def entries(self, part: Part) -> list[list[tuple[str, str, bool]]]:
        """The rows of a table: what says something, in words."""
        shown = [column for column in part.columns if column in COLUMNS and column not in ("person_id", "id")]
        return [[said for column in shown if (said := self._said(part.table, column, row))[1]] for row in part.rows]

    def _said(self, table: str, column: str, row: Mapping[str, Any]) -> tuple[str, str, bool]:
        words = self._value(table, column, row)
        return label_of(table, column), words, f"{table}.{column}" in WRITTEN or _points_at(table, column) in ("person.id", "team.id")

    def _value(self, table: str, column: str, row: Mapping[str, Any]) -> str:
        value = row[column]
        if value is None:
            return ""
        target = _points_at(table, column)
        if target == "person.id":
            return self.people.get(value, f"#{value}")
        if target == "team.id":
            return self.teams.get(value, f"#{value}")
        if column in ("skill", "skill_key"):
            return self.skills.get(value, str(value))
        return words_of(f"{table}.{column}", value, row, self.titles)


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

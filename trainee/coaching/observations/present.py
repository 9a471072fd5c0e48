"""What pages show of an observation's lines: the level that stands, its name and anchors, and what came of it."""

from typing import Any, Final

from sqlalchemy import ColumnElement, case

from trainee.coaching.observations.models import CONTEMPT, Observation
from trainee.kit.i18n import _, language
from trainee.skills import framework
from trainee.skills.scorecards import Card

_OVERRULED: Final = ("changed", "struck")


def skill_name(skill: str) -> str:
    """A skill's name in the reader's language."""
    return framework().skill(skill).name.of(language())


def whole(found: Observation, lines: list[Any], card: Card | None, disputed: dict[str, Any]) -> float | None:
    """The contact as a whole by the weights of its card, as it stands after what was decided."""
    if card is None:
        return None
    levels = {row.skill_key: stands(row, disputed.get(row.skill_key)) for row in lines}
    critical = any(critical_stands(row, disputed.get(row.skill_key)) for row in lines)
    return card.weighted(levels, critical or (found.respectful is False and not _cleared(lines, disputed)))


def contempt_counts(lines: list[Any]) -> bool:
    """Whether a contact without respect counts in its lines as well; not in one that was written down before that rule."""
    return any(row.critical == CONTEMPT for row in lines)


def _cleared(lines: list[Any], disputed: dict[str, Any]) -> bool:
    """Whether of a contact without respect every line was decided otherwise, so that nothing of it is left."""
    marked = [row for row in lines if row.level is not None or row.critical]
    return contempt_counts(lines) and all(_overruled(disputed.get(row.skill_key)) for row in marked)


def stands(row: Any, dispute: Any) -> int | None:
    """The level that counts: what was decided, else what was marked."""
    if _overruled(dispute):
        level: int | None = dispute.level
        return level
    return 1 if row.critical else row.level


def level_that_stands(line: Any, dispute: Any) -> ColumnElement[int | None]:
    """The same in SQL, over the columns of lines and those of their disputes joined to them, which may be missing."""
    return case((dispute.outcome.in_(_OVERRULED), dispute.level), (line.critical != "", 1), else_=line.level)


def critical_stands(row: Any, dispute: Any) -> bool:
    """Whether a critical error was marked and nobody decided otherwise."""
    return bool(row.critical) and not _overruled(dispute)


def _overruled(dispute: Any) -> bool:
    return dispute is not None and dispute.outcome in _OVERRULED


def badges(lines: list[Any], disputed: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of one observation as a list tells them: the skill, the level that stands, whether its critical error does, and an open dispute."""
    said = [(row, disputed.get(row.skill_key)) for row in lines]
    return [
        {
            "skill": skill_name(row.skill_key),
            "level": stands(row, one),
            "critical": critical_stands(row, one),
            "disputed": one is not None and one.outcome is None,
        }
        for row, one in said
    ]


def anchored(rows: list[Any], card: Card | None, own: dict[str, int | None], disputed: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines in their card's order, else the framework's, each with its level's name, the anchors of that level, and what came of it."""
    book, lang = framework(), language()
    order = card.skills if card is not None else tuple(one.key for one in book.every_skill)
    place = {key: number for number, key in enumerate(order)}
    return [
        line_shown(row, card, own, disputed.get(row.skill_key), lang) for row in sorted(rows, key=lambda row: place.get(row.skill_key, len(place)))
    ]


def line_shown(row: Any, card: Card | None, own: dict[str, int | None], dispute: Any, lang: str) -> dict[str, Any]:
    """One line as a page shows it."""
    book = framework()
    skill, marked = book.skill(row.skill_key), 1 if row.critical else row.level
    level = stands(row, dispute)
    known = card.line(row.skill_key) if card is not None else None
    overridden = critical_stands(row, dispute)
    anchors = () if overridden else (known.anchors if known else skill.anchors).get(level or 0, ())
    return {
        "key": row.skill_key,
        "skill": skill.name.of(lang),
        "step": book.steps[skill.step].name.of(lang) if skill.step in book.steps else "",
        "level": level,
        "level_name": book.levels[level].name.of(lang) if level else _("Not seen"),
        "marked": marked,
        # The mark that a critical error stands above; None where there is none.
        "instead_of": row.level if overridden and row.level != 1 else None,
        "own": own.get(row.skill_key),
        "anchors": [anchor.of(lang) for anchor in anchors],
        "note": row.note,
        "critical": book.critical_errors[row.critical].name.of(lang) if row.critical in book.critical_errors else row.critical,
        "dispute": dispute,
    }

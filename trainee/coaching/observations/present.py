"""What pages show of an observation's lines: the level that stands, its name and anchors, and what came of it."""

from typing import Any

from trainee.coaching.observations.models import Observation, ObservationLine
from trainee.kit.i18n import _, language
from trainee.skills import framework
from trainee.skills.scorecards import Card


def skill_name(skill: str) -> str:
    """A skill's name in the reader's language."""
    return framework().skill(skill).name.of(language())


def whole(found: Observation, lines: list[Any], card: Card | None, disputed: dict[str, Any]) -> float | None:
    """The contact as a whole by the weights of its card, as it stands after what was decided."""
    if card is None:
        return None
    levels = {row.skill_key: stands(row, disputed.get(row.skill_key)) for row in lines}
    decided = {skill for skill, one in disputed.items() if one.outcome in ("changed", "struck")}
    critical = any(row.critical and row.skill_key not in decided for row in lines)
    return card.weighted(levels, critical or found.respectful is False)


def stands(row: ObservationLine, dispute: Any) -> int | None:
    """The level that counts: what was decided, else what was marked."""
    if dispute is not None and dispute.outcome in ("changed", "struck"):
        level: int | None = dispute.level
        return level
    return 1 if row.critical else row.level


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
    anchors = (known.anchors if known else skill.anchors).get(level or 0, ())
    return {
        "key": row.skill_key,
        "skill": skill.name.of(lang),
        "step": book.steps[skill.step].name.of(lang) if skill.step in book.steps else "",
        "level": level,
        "level_name": book.levels[level].name.of(lang) if level else _("Not seen"),
        "marked": marked,
        "own": own.get(row.skill_key),
        "anchors": [anchor.of(lang) for anchor in anchors],
        "note": row.note,
        "critical": book.critical_errors[row.critical].name.of(lang) if row.critical in book.critical_errors else row.critical,
        "dispute": dispute,
    }

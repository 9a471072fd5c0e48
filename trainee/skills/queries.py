"""Reading the framework from the database: once per process, and anew when another one was loaded."""

from typing import Any

from flask import current_app, g
from sqlalchemy import select

from trainee.kit import kept
from trainee.kit.db import db
from trainee.kit.words import Text
from trainee.people.queries import watched_with_viewer
from trainee.skills import frame as values
from trainee.skills.models import STAMP, Anchor, Family, Skill, Term

_PLACE = "trainee.skills.framework"
_SEEN = "framework_stamp"
# What is in use, in one word: it is written with the framework, and another process knows by it that there is a new one.
_STAMP: Any = select(Term.name_en).where(Term.kind == STAMP, Term.key == "framework").scalar_subquery()


def framework() -> values.Framework:
    """The framework in use. It is read once per process, and again after somebody loaded another one anywhere.

    Whether that is so is told by the statement that lets the viewer in; where nobody is let in it is asked once, by whoever runs a job or a command.
    """
    if _SEEN not in g:
        _look(db.session.scalar(select(_STAMP)))
    found: tuple[str | None, values.Framework] | None = current_app.extensions.get(_PLACE)
    if found is None:
        found = g.get(_SEEN), _read()
        # An empty framework is not kept, so that a process started before the first load finds it later.
        if found[1].every_skill:
            current_app.extensions[_PLACE] = found
    return found[1]


def forget() -> None:
    """Let the next call of `framework` read the database again."""
    current_app.extensions.pop(_PLACE, None)
    g.pop(_SEEN, None)


def _look(stamp: str | None) -> None:
    setattr(g, _SEEN, stamp)
    found = current_app.extensions.get(_PLACE)
    if found is not None and found[0] != stamp:
        current_app.extensions.pop(_PLACE, None)
        # What was drawn with the names of before.
        kept.forget_everything()


watched_with_viewer(_STAMP, _look)


def _read() -> values.Framework:
    terms = _terms()
    return values.Framework(
        levels={int(key): term for key, term in terms.get("level", {}).items()},
        families=_families(),
        qualities=terms.get("quality", {}),
        steps=terms.get("step", {}),
        critical_errors=terms.get("critical_error", {}),
        every_skill=_skills(),
        targets=_targets(),
    )


def _families() -> tuple[values.Family, ...]:
    # A family that has left the file keeps its row for its retired skills, at no position.
    rows = db.session.execute(select(Family.key, Family.name_tr, Family.name_en).where(Family.position >= 0).order_by(Family.position))
    return tuple(values.Family(row.key, Text(tr=row.name_tr, en=row.name_en)) for row in rows)


def _targets() -> dict[str, dict[str, int]]:
    rows = db.session.execute(select(Term.key, Term.detail).where(Term.kind == "target").order_by(Term.position))
    return {row.key: row.detail for row in rows}


def _skills() -> tuple[values.Skill, ...]:
    anchors: dict[str, dict[int, tuple[Text, ...]]] = {}
    order = (Anchor.skill_key, Anchor.level, Anchor.position)
    for row in db.session.execute(select(Anchor.skill_key, Anchor.level, Anchor.words_tr, Anchor.words_en).order_by(*order)):
        levels = anchors.setdefault(row.skill_key, {})
        levels[row.level] = (*levels.get(row.level, ()), Text(tr=row.words_tr, en=row.words_en))
    return tuple(
        values.Skill(
            key=row.key,
            family=row.family_key,
            quality=row.quality,
            step=row.step,
            name=Text(tr=row.name_tr, en=row.name_en),
            definition=Text(tr=row.definition_tr, en=row.definition_en),
            anchors=anchors.get(row.key, {}),
            retired=row.retired,
        )
        for row in db.session.execute(select(*Skill.__table__.columns).order_by(Skill.position, Skill.key))
    )


def _terms() -> dict[str, dict[str, values.Term]]:
    kinds: dict[str, dict[str, values.Term]] = {}
    for row in db.session.execute(select(*Term.__table__.columns).where(Term.kind.not_in(("target", STAMP))).order_by(Term.kind, Term.position)):
        definition = Text(tr=row.definition_tr, en=row.definition_en) if row.definition_tr else None
        kinds.setdefault(row.kind, {})[row.key] = values.Term(row.key, Text(tr=row.name_tr, en=row.name_en), definition)
    return kinds

"""Bringing the framework from its file into the database."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import delete, update

from trainee.kit.db import db, insert_many_once
from trainee.kit.findings import Findings
from trainee.kit.words import Text
from trainee.skills import frame as values
from trainee.skills.models import STAMP, Anchor, Family, Skill, Term
from trainee.skills.queries import forget, framework
from trainee.skills.reading import read


def load_file(path: Path, findings: Findings) -> bool:
    """Read the file and load what it says; whether the database changed. Errors go to `findings` and change nothing."""
    wanted = read(path, findings)
    return wanted is not None and load(wanted)


def load(wanted: values.Framework) -> bool:
    """Make the database say what `wanted` says, and return whether that changed anything. Loading twice is loading once.

    Skills that are no longer in the file are retired, because evidence points at them.
    """
    forget()
    if _as_stored(framework()) == _as_stored(wanted):
        return False
    _load_families(wanted)
    _load_skills(wanted)
    _load_anchors(wanted)
    _load_terms(wanted)
    forget()
    return True


def _as_stored(frame: values.Framework) -> object:
    # What has been retired and forgotten by the file does not make a file different.
    terms = [(key, term.name) for key, term in frame.levels.items()]
    parts = [list(part.values()) for part in (frame.qualities, frame.steps, frame.critical_errors)]
    return frame.families, frame.skills, terms, parts, {group: dict(wanted) for group, wanted in frame.targets.items()}


def _names(name: Text) -> dict[str, str]:
    return {"name_tr": name.tr, "name_en": name.en}


def _load_families(wanted: values.Framework) -> None:
    rows = [{"key": family.key, "position": place, **_names(family.name)} for place, family in enumerate(wanted.families)]
    insert_many_once(Family, rows, ["key"])
    db.session.execute(update(Family), rows)
    gone = Family.key.not_in([row["key"] for row in rows])
    db.session.execute(update(Family).where(gone).values(position=-1), execution_options={"synchronize_session": False})


def _load_skills(wanted: values.Framework) -> None:
    rows = [
        {
            "key": skill.key,
            "family_key": skill.family,
            "position": place,
            "quality": skill.quality,
            "step": skill.step,
            **_names(skill.name),
            "definition_tr": skill.definition.tr,
            "definition_en": skill.definition.en,
            "retired": False,
        }
        for place, skill in enumerate(wanted.every_skill)
    ]
    insert_many_once(Skill, rows, ["key"])
    db.session.execute(update(Skill), rows)
    gone = Skill.key.not_in([row["key"] for row in rows])
    db.session.execute(update(Skill).where(gone).values(retired=True), execution_options={"synchronize_session": False})


def _load_anchors(wanted: values.Framework) -> None:
    rows = [
        {"skill_key": skill.key, "level": level, "position": place, "words_tr": words.tr, "words_en": words.en}
        for skill in wanted.every_skill
        for level, anchors in skill.anchors.items()
        for place, words in enumerate(anchors)
    ]
    keys = [skill.key for skill in wanted.every_skill]
    db.session.execute(delete(Anchor).where(Anchor.skill_key.in_(keys)), execution_options={"synchronize_session": False})
    insert_many_once(Anchor, rows, ["skill_key", "level", "position"])


def _load_terms(wanted: values.Framework) -> None:
    kinds = {"quality": wanted.qualities, "step": wanted.steps, "critical_error": wanted.critical_errors}
    kinds["level"] = {term.key: term for term in wanted.levels.values()}
    rows: list[dict[str, Any]] = [
        {
            "kind": kind,
            "key": term.key,
            "position": place,
            **_names(term.name),
            "definition_tr": term.definition.tr if term.definition else None,
            "definition_en": term.definition.en if term.definition else None,
            "detail": None,
        }
        for kind, terms in kinds.items()
        for place, term in enumerate(terms.values())
    ]
    rows += [
        {
            "kind": "target",
            "key": group,
            "position": place,
            "name_tr": group,
            "name_en": group,
            "definition_tr": None,
            "definition_en": None,
            "detail": dict(levels),
        }
        for place, (group, levels) in enumerate(wanted.targets.items())
    ]
    stamp = sha256(repr(_as_stored(wanted)).encode()).hexdigest()[:32]
    rows.append({"kind": STAMP, "key": "framework", "position": 0, "name_tr": stamp, "name_en": stamp})
    rows[-1] |= {"definition_tr": None, "definition_en": None, "detail": None}
    db.session.execute(delete(Term), execution_options={"synchronize_session": False})
    insert_many_once(Term, rows, ["kind", "key"])

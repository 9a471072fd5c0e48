"""Publishing scorecards, and loading those we ship."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update

from trainee.kit import yamltree
from trainee.kit.db import db, insert_once
from trainee.kit.findings import Findings
from trainee.skills.queries import framework
from trainee.skills.scorecards.models import ScorecardVersion
from trainee.skills.scorecards.reading import Scorecard, check, whole


def publish(card: Scorecard, at: datetime, by: int | None = None, origin: str = "content") -> int:
    """Make this the version in use of its card, and return its id; the same card as now changes nothing.

    Whether anything is wrong with it is the caller's question (`complaints`).
    """
    content = whole(card, framework())
    digest = hashlib.sha256(json.dumps([card.on, content], sort_keys=True).encode()).hexdigest()
    while True:
        columns = (ScorecardVersion.id, ScorecardVersion.number, ScorecardVersion.digest, ScorecardVersion.retired_at)
        newest = db.session.execute(
            select(*columns).where(ScorecardVersion.key == card.key).order_by(ScorecardVersion.number.desc()).limit(1)
        ).first()
        if newest is not None and newest.digest == digest and newest.retired_at is None:
            same: int = newest.id
            return same
        values = {
            "key": card.key,
            "number": newest.number + 1 if newest else 1,
            "channel": card.on,
            "digest": digest,
            "content": content,
            "origin": origin,
            "published_at": at,
            "published_by_id": by,
            "retired_at": None,
        }
        # Somebody else may publish at the same moment: then the number is taken, and we look again.
        made = insert_once(ScorecardVersion, values, ["key", "number"])
        if made is not None:
            return made


def retire(key: str, at: datetime) -> None:
    """Take a card out of use; what was observed on it stays."""
    db.session.execute(update(ScorecardVersion).where(ScorecardVersion.key == key, ScorecardVersion.retired_at.is_(None)).values(retired_at=at))


def load(folder: Path, at: datetime, findings: Findings, shown: str = "scorecards") -> None:
    """Publish the cards that lie in a folder. Loading the same files again changes nothing; what has errors is passed over and told.

    A card that was edited in the browser is the organisation's own: its file changes it no more. One that was taken out of use stays out.
    """
    frame = framework()
    known = {skill.key for skill in frame.skills}
    ours = _decided_here()
    for path in sorted(folder.glob("*.yaml")):
        card = _read(path, f"{shown}/{path.name}", findings, known, frame.critical_errors)
        if card is not None and card.key not in ours:
            publish(card, at)


def _read(path: Path, shown: str, findings: Findings, skills: set[str], criticals: Collection[str]) -> Scorecard | None:
    told = Findings()
    card = None
    try:
        tree = yamltree.read(path.read_bytes(), shown)
        card = yamltree.fill(Scorecard, tree, told)
        if card is not None:
            check(tree, card, told, skills, criticals)
    except yamltree.Unreadable as unreadable:
        told.extend(unreadable.findings)
    findings.extend(told)
    return card if told.ok else None


def _decided_here() -> set[str]:
    """The cards that were edited in the browser or taken out of use: what the organisation decided, no file undoes."""
    columns = (ScorecardVersion.key, ScorecardVersion.origin, ScorecardVersion.retired_at)
    rows = db.session.execute(select(*columns).order_by(ScorecardVersion.key, ScorecardVersion.number))
    # The last of each key stays: its newest version.
    newest = {row.key: row for row in rows}
    return {key for key, row in newest.items() if row.origin != "content" or row.retired_at is not None}

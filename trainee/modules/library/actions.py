"""Publishing modules, and loading what we ship."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from trainee import service, skills
from trainee.kit import trtext
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.findings import Findings
from trainee.kit.yamltree import Unreadable
from trainee.modules.library import queries
from trainee.modules.library.bundle import Bundle, from_folder
from trainee.modules.library.content import Module
from trainee.modules.library.models import ModuleVersion
from trainee.modules.library.reading import Known, read_bundle
from trainee.skills import scorecards

Progress = Callable[[str], None]


class NotPublished(Refusal):
    """A module with errors is not published; `findings` holds all of them."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("\n".join(str(finding) for finding in findings.errors), status=422, code="not_published")
        self.findings = findings


def publish(bundle: Bundle, at: datetime, by: int | None = None, origin: str = "content", known: Known | None = None) -> int:
    """Make these files the version in use of their module, and return its id; the same files as now change nothing.

    Raises NotPublished when there are errors. `known` is what the module may point at; without it, what the database holds.
    """
    module, findings = read_bundle(bundle, known or queries.known())
    if module is None:
        raise NotPublished(findings)
    while True:
        newest = db.session.execute(
            select(ModuleVersion.id, ModuleVersion.number, ModuleVersion.digest, ModuleVersion.retired_at)
            .where(ModuleVersion.key == module.key)
            .order_by(ModuleVersion.number.desc())
            .limit(1)
        ).first()
        if newest is not None and newest.digest == bundle.digest and newest.retired_at is None:
            version_id: int = newest.id
            return version_id
        row = _row(bundle, module, at, by, origin) | {"number": newest.number + 1 if newest else 1}
        # Another process may publish at the same moment: then its number is taken, and we look again.
        made = insert_once(ModuleVersion, row, ["key", "number"])
        if made is not None:
            queries.remember(module.key, bundle.digest, module)
            return made


def retire(key: str, at: datetime) -> None:
    """Take a module out of the catalogue; what was done with it stays."""
    db.session.execute(update(ModuleVersion).where(ModuleVersion.key == key, ModuleVersion.retired_at.is_(None)).values(retired_at=at))


def _row(bundle: Bundle, module: Module, at: datetime, by: int | None, origin: str) -> dict[str, Any]:
    return {
        "key": module.key,
        "code": module.code,
        "digest": bundle.digest,
        "files": bundle.packed(),
        "search": _search(module),
        "origin": origin,
        "published_at": at,
        "published_by_id": by,
        "retired_at": None,
    }


def _search(module: Module) -> str:
    frame = skills.framework()
    names = [frame.skill(key).name for key in module.skills if key in frame]
    texts = [module.title, module.summary, *module.objectives, *names]
    texts += [lesson.title for lesson in module.lessons] + [story.title for story in module.stories]
    words = [module.code, module.key, *(part for text in texts for part in (text.tr, text.en))]
    return trtext.squeeze(trtext.fold(" ".join(words)))


def load_content(content: Path, at: datetime, progress: Progress | None = None) -> Findings:
    """Load what lies in `content`: skills, scorecards, policy cards, modules. Loading the same files again changes nothing.

    What has errors is passed over and the rest is loaded; the errors come back. `progress` is told what is done, in words.
    """
    say = progress or (lambda words: None)
    findings = Findings()
    say("skills")
    skills.load_file(content / "skills.yaml", findings)
    say("scorecards")
    scorecards.load(content / "scorecards", at, findings)
    say("policy cards")
    service.load_cards(service.read_cards(content / "service" / "cards", findings, "service/cards"), at)
    folders = sorted(path for path in (content / "modules").iterdir() if path.is_dir() and not path.name.startswith("."))
    known = queries.known()
    known = Known(known.skills, known.cards, known.modules | {folder.name for folder in folders})
    for folder in folders:
        say(folder.name)
        _load_module(folder, at, known, findings)
    return findings


def _load_module(folder: Path, at: datetime, known: Known, findings: Findings) -> None:
    try:
        bundle = from_folder(folder, f"modules/{folder.name}")
        # Most starts find nothing changed, and then nothing needs reading.
        if _is_current(folder.name, bundle.digest):
            return
        publish(bundle, at, known=known)
    except (Unreadable, NotPublished) as refused:
        findings.extend(refused.findings)


def _is_current(key: str, digest: str) -> bool:
    newest = select(func.max(ModuleVersion.number)).where(ModuleVersion.key == key).scalar_subquery()
    wanted = select(ModuleVersion.digest).where(
        ModuleVersion.key == key, ModuleVersion.number == newest, ModuleVersion.retired_at.is_(None), ModuleVersion.digest == digest
    )
    return db.session.execute(wanted).first() is not None

"""Publishing a module from the browser: an archive is looked at, kept for its author to see, and published when she says so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePath

from sqlalchemy import delete, select

from trainee.kit import audit
from trainee.kit.db import db, upsert
from trainee.kit.errors import NotFound
from trainee.kit.findings import Findings
from trainee.modules.library import actions, queries
from trainee.modules.library.bundle import Bundle, from_archive, unpacked
from trainee.modules.library.content import Module
from trainee.modules.library.models import ModuleUpload
from trainee.modules.library.pictures import NAME
from trainee.modules.library.reading import Known, read_bundle

_NAME = 120


def take(data: bytes, file: str, by_id: int, content: Path, at: datetime) -> Findings:
    """Look at an archive as the checker does and keep it, in place of what she uploaded before; what there is to say of it.

    Nothing is kept where there is an error. `content` is where the program's own modules lie, which are changed there and not here.
    Raises Unreadable for what is no archive of one module.
    """
    bundle = from_archive(data, file)
    # An archive of files side by side has no folder to be called by; then it is called like the file.
    bundle = replace(bundle, name=bundle.name or PurePath(file).stem)
    module, findings = _read(bundle, content)
    if module is not None:
        told = [[one.path, one.line, one.message, one.mend] for one in findings.warnings]
        row = {"by_id": by_id, "key": module.key, "file": file[:_NAME], "digest": bundle.digest, "files": bundle.packed(), "told": told}
        upsert(ModuleUpload, row | {"uploaded_at": at}, ["by_id"], ["key", "file", "digest", "files", "told", "uploaded_at"])
    return findings


def _read(bundle: Bundle, content: Path) -> tuple[Module | None, Findings]:
    known = queries.known()
    module, findings = read_bundle(bundle, Known(known.skills, known.cards, known.modules | {bundle.name}))
    if module is not None:
        _look_beside(module, bundle.shown, content, findings)
    return (module if findings.ok else None), findings


def _look_beside(module: Module, shown: str, content: Path, findings: Findings) -> None:
    """What only shows beside the modules there are: a code or a role-play's name twice, a circle of prerequisites, the program's own module."""
    place = f"{shown}/module.yaml"
    if (content / "modules" / module.key).is_dir():
        message = f"`{module.key}` comes with the program, which would load its own files again at its next start."
        findings.error(place, 1, message, "Give your module a key and a code of its own, or change the files of the program.")
    others = [one for one in queries.catalogue_modules() if one.key != module.key]
    for one in others:
        if one.code == module.code:
            findings.error(place, 1, f"The code {module.code} is used by `{one.key}` too.", "Give each its own.")
        for story in module.stories:
            if story.id in {other.id for other in one.stories}:
                message = f"There is a role-play `{story.id}` in `{one.key}` too."
                findings.error(f"{shown}/{story.id}.roleplay.yaml", 1, message, "Give it another name.")
    before = {one.key: one.prerequisites for one in (*others, module)}
    if module.key in _all_before(module.prerequisites, before):
        findings.error(place, 1, f"The prerequisites of `{module.key}` lead back to it.", "Take one of them out.")


def _all_before(keys: tuple[str, ...], before: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += before.get(key, ())
    return found


def upload_of(by_id: int) -> ModuleUpload | None:
    """What she uploaded and has not published yet."""
    return db.session.get(ModuleUpload, by_id)


def waiting_of(by_id: int) -> str | None:
    """What the file of that upload is called; None where there is none. One statement, which reads no file."""
    return db.session.execute(select(ModuleUpload.file).where(ModuleUpload.by_id == by_id)).scalar()


def upload_or_404(by_id: int) -> ModuleUpload:
    """The same; NotFound where there is none."""
    found = upload_of(by_id)
    if found is None:
        raise NotFound
    return found


def module_in(upload: ModuleUpload) -> Module:
    """What is in it, as its readers would find it."""
    module, findings = read_bundle(unpacked(upload.key, upload.files), published=True)
    if module is None:
        raise actions.NotPublished(findings)
    return module


def picture_in(upload: ModuleUpload, name: str) -> bytes:
    """A picture of one of its lessons; NotFound where there is none of that name."""
    data = unpacked(upload.key, upload.files).files.get(name)
    if data is None or not NAME.fullmatch(name):
        raise NotFound
    return data


def publish_upload(by_id: int, digest: str, content: Path, at: datetime) -> str:
    """Make what she uploaded the version in use, and return the module's key.

    `digest` is that of what she saw: where she uploaded another file meanwhile in a second tab, nothing is published and NotFound is raised.
    Looked at once more before: since then a skill, a card or another module may have gone. Raises NotPublished where that stops it.
    """
    upload = upload_or_404(by_id)
    if upload.digest != digest:
        raise NotFound
    bundle = replace(unpacked(upload.key, upload.files), shown=upload.file)
    module, findings = _read(bundle, content)
    if module is None:
        raise actions.NotPublished(findings)
    actions.publish(bundle, at, by=by_id, origin="archive")
    put_aside(by_id)
    audit.note(by_id, "publish_module", f"module/{module.key}", at)
    return module.key


def put_aside(by_id: int) -> None:
    """Forget what she uploaded; her file is hers. Doing it again changes nothing."""
    db.session.execute(delete(ModuleUpload).where(ModuleUpload.by_id == by_id))

"""Which modules there are, and what is in them."""

import threading
from typing import Any, cast

from flask import current_app
from markupsafe import Markup, escape
from sqlalchemy import Select, Table, bindparam, func, select

from trainee import service, skills
from trainee.config import content_dir
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.findings import Findings
from trainee.kit.straight import Straight
from trainee.modules.library.beside import Pieces, read_pieces
from trainee.modules.library.bundle import unpacked
from trainee.modules.library.content import Module
from trainee.modules.library.models import ModuleVersion
from trainee.modules.library.pictures import NAME
from trainee.modules.library.reading import Known, read_bundle
from trainee.modules.questions import Answer, Question, kind_of
from trainee.modules.roleplays.story import Story

_PLACE = "trainee.modules.library"
_BY_FILES = "trainee.modules.library.by_files"
_BESIDE = "trainee.modules.library.pieces"
_LOCK = threading.Lock()


def module(version_id: int) -> Module:
    """The module of a version: read once per process, then the same object for everybody. NotFound when there is none."""
    kept: dict[int, Module] = current_app.extensions.setdefault(_PLACE, {})
    found = kept.get(version_id)
    if found is None:
        # Reading takes some hundredths of a second; two threads that want the same module read it once.
        with _LOCK:
            found = kept.get(version_id)
            if found is None:
                found = kept[version_id] = _read(version_id)
    return found


def remember(key: str, digest: str, found: Module) -> None:
    """Keep a module that was just read for its publishing: the same files are not read once more when its version is asked for."""
    current_app.extensions.setdefault(_BY_FILES, {})[key, digest] = found


def forget(newer_than: int = 0) -> None:
    """Let go of what was read of newer versions: for tests, which put another database under the same process."""
    kept: dict[int, Module] = current_app.extensions.get(_PLACE, {})
    current_app.extensions[_PLACE] = {number: found for number, found in kept.items() if number <= newer_than}


def _read(version_id: int) -> Module:
    row = db.session.execute(select(ModuleVersion.key, ModuleVersion.digest).where(ModuleVersion.id == version_id)).first()
    if row is None:
        raise NotFound
    kept: dict[tuple[str, str], Module] = current_app.extensions.get(_BY_FILES, {})
    found = kept.pop((row.key, row.digest), None)
    if found is not None:
        return found
    files = db.session.execute(select(ModuleVersion.files).where(ModuleVersion.id == version_id)).scalar_one()
    found, findings = read_bundle(unpacked(row.key, files), published=True)
    if found is None:
        raise RuntimeError(f"version {version_id} of {row.key} can no longer be read: {findings.errors[0]}")
    return found


_VERSION = cast(Table, ModuleVersion.__table__)


def _newest() -> Any:
    version = _VERSION.c
    return select(version.key, func.max(version.number).label("number")).where(version.retired_at.is_(None)).group_by(version.key).subquery()


def _in_use(*columns: Any) -> Select[Any]:
    newest = _newest()
    return select(*columns).join(newest, (_VERSION.c.key == newest.c.key) & (_VERSION.c.number == newest.c.number))


# Built once, of plain columns: Today sends it with every request.
_CURRENT = _in_use(_VERSION.c.key, _VERSION.c.id).order_by(_VERSION.c.code, _VERSION.c.key)


def current_versions() -> dict[str, int]:
    """The id of the version in use, by module key, in the order of the curriculum."""
    return {row.key: row.id for row in db.session.execute(_CURRENT)}


_CURRENT_OF = select(func.max(_VERSION.c.number)).where(_VERSION.c.key == bindparam("key"), _VERSION.c.retired_at.is_(None)).scalar_subquery()
_CURRENT_ID = Straight(select(_VERSION.c.id).where(_VERSION.c.key == bindparam("key"), _VERSION.c.number == _CURRENT_OF))


def current_version(key: str) -> int | None:
    """The id of the version in use of one module; None when there is no such module, or it is retired."""
    rows = _CURRENT_ID({"key": key})
    return int(rows[0][0]) if rows else None


def module_or_404(key: str) -> tuple[int, Module]:
    """The version in use of a module, by its key: its id and what is in it."""
    version_id = current_version(key)
    if version_id is None:
        raise NotFound
    return version_id, module(version_id)


def catalogue_modules(words: str = "") -> list[Module]:
    """The modules in use, in the order of the curriculum; with `words`, those that hold all of them, whatever their case, accents and dots."""
    wanted = _in_use(ModuleVersion.id).order_by(ModuleVersion.code, ModuleVersion.key)
    for word in trtext.fold(words).split()[:10]:
        wanted = wanted.where(ModuleVersion.search.contains(word[:60], autoescape=True))
    return [module(version_id) for version_id in db.session.execute(wanted).scalars().all()]


def pieces() -> Pieces:
    """Glossary, paths and what else lies beside the modules: read once per process from the content folder. What has errors is left out."""
    found: Pieces | None = current_app.extensions.get(_BESIDE)
    if found is None:
        found = current_app.extensions[_BESIDE] = read_pieces(content_dir(current_app.extensions["trainee"]), Findings())
    return found


def picture(key: str, name: str) -> bytes:
    """A picture of the version in use of a module, as it was published; NotFound when it has none of that name."""
    version_id = current_version(key)
    files = db.session.execute(select(ModuleVersion.files).where(ModuleVersion.id == version_id)).scalar() if NAME.fullmatch(name) else None
    found = unpacked(key, files).files.get(name) if files is not None else None
    if found is None:
        raise NotFound
    return found


def roleplay(story_id: str) -> tuple[int, Story] | None:
    """The version in use that has this role-play, and the role-play; None when no module in use has it."""
    for version_id in current_versions().values():
        story = module(version_id).story(story_id)
        if story is not None:
            return version_id, story
    return None


def roleplay_of(version_id: int, story_id: str) -> Story:
    """The role-play as it was in that version; NotFound when it was not in it."""
    story = module(version_id).story(story_id)
    if story is None:
        raise NotFound
    return story


def known() -> Known:
    """What a module to be published may point at: the skills and cards in use, and the modules there are."""
    cards = {key: frozenset(card.figures) for key, card in service.cards().items() if not card.retired}
    return Known(frozenset(skill.key for skill in skills.framework().skills), cards, frozenset(current_versions()))


def filled(html: str, lang: str) -> Markup:
    """HTML of a lesson with its card placeholders filled; only the cards that it names are read, and none when it names none."""
    # Lessons pass through nh3 when they are read, so this is HTML already.
    if "{{" not in html:
        return Markup(html)  # noqa: S704
    return service.fill_cards(html, service.cards_in(html), lang, service.day_of_reading())


def asked(question: Question, seed: str, lang: str, given: Answer | None = None) -> dict[str, Any]:
    """What a question's `ask.html` shows, with cards filled: nothing in it depends on which answer is right."""
    shown: dict[str, Any] = _with_cards(kind_of(question).ask(question, seed, lang, given), lang)
    return shown


def reviewed(question: Question, answer: Answer | None, seed: str, lang: str) -> dict[str, Any]:
    """What a question's `review.html` shows, with cards filled. For after the answer may be seen; `answer` None: not answered."""
    shown: dict[str, Any] = _with_cards(kind_of(question).review(question, answer, seed, lang), lang)
    return shown


def _with_cards(value: Any, lang: str) -> Any:
    if isinstance(value, str):
        return filled(str(escape(value)), lang) if "{{" in value else value
    if isinstance(value, dict):
        return {name: _with_cards(one, lang) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_with_cards(one, lang) for one in value)
    return value

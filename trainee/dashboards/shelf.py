"""The catalogue as one person sees it: which modules are for her, and how far she is with each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trainee import plans, skills
from trainee.kit.db import db
from trainee.kit.i18n import language
from trainee.modules import library
from trainee.modules.lessons import LessonProgress
from trainee.modules.library.content import Module
from trainee.modules.progress import Progress, parts_of, progress, required_parts
from trainee.modules.progress.queries import Parts
from trainee.modules.quizzes import queries as quizzes
from trainee.modules.roleplays import queries as roleplays
from trainee.modules.roleplays.queries import Plays
from trainee.people import Viewer

# They look after the content and its use, so the whole catalogue is theirs to see.
_SEE_ALL = ("trainer", "hr", "admin")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A module beside how far one person is with it, and what she was asked to do of it."""

    module: Module
    progress: Progress
    open: plans.Open | None

    @property
    def done(self) -> bool:
        """Whether everything it takes has been done, and nothing of it is asked anew."""
        return self.progress.completed_at is not None and self.open is None

    @property
    def mine(self) -> bool:
        """Whether it waits for her: assigned, or begun and not finished."""
        return self.open is not None or (self.progress.started and self.progress.completed_at is None)

    def skill_names(self) -> list[str]:
        """What it teaches, in the reader's language."""
        frame = skills.framework()
        return [frame.skill(key).name.of(language()) for key in self.module.skills if key in frame]

    def is_of_family(self, family: str) -> bool:
        """Whether one of its skills belongs to that family."""
        frame = skills.framework()
        return any(frame.skill(key).family == family for key in self.module.skills if key in frame)


def shelf(viewer: Viewer, words: str = "") -> list[Shelved]:
    """The modules meant for this person that hold `words`, in the order of the curriculum. The number of statements is always the same."""
    parts: dict[str, Parts] = {**parts_of(viewer.id)}
    asked = _asked(plans.open_assignments(viewer.id, parts))
    found = []
    for module in library.catalogue_modules(words):
        if viewer.holds(*module.audience, *_SEE_ALL) or module.key in asked:
            far = progress(required_parts(module), parts.get(module.key, {}))
            found.append(Shelved(module, far, asked.get(module.key)))
    return found


def _asked(todo: list[plans.Open]) -> dict[str, plans.Open]:
    """What is asked of each module; of several things the most urgent."""
    found: dict[str, plans.Open] = {}
    for one in todo:
        if one.module is not None:
            found.setdefault(one.module.key, one)
    return found


@dataclass(frozen=True, slots=True)
class Inside:
    """Everything the page of one module shows of one person. `begun` holds the keys of lessons that were opened."""

    shelved: Shelved
    finished: frozenset[str]
    begun: frozenset[str]
    best: float | None
    passed: bool
    # The attempt at its quiz that is still open.
    attempt: int | None
    plays: dict[str, Plays]
    # Titles of the modules that are better done first and are not finished, by key.
    before: dict[str, Module]
    # What opens it, in a sentence, while a path keeps it locked; empty while it is open.
    locked: str

    @property
    def next_part(self) -> str | None:
        """The part to go on with: what the assignment still wants, else what was never done."""
        return self.shelved.open.progress.next_part if self.shelved.open else self.shelved.progress.next_part


def inside(viewer: Viewer, module: Module, at: datetime) -> Inside:
    """One module as one person sees it."""
    parts: dict[str, Parts] = {**parts_of(viewer.id)}
    todo = plans.open_assignments(viewer.id, parts)
    asked, lock = _asked(todo), plans.locks(todo, parts).get(module.key)
    opened = select(LessonProgress.lesson_key).where(LessonProgress.person_id == viewer.id, LessonProgress.module_key == module.key)
    tries = quizzes.attempts(viewer.id, module.key)
    results = [one for one in tries if one.handed_in_at is not None]
    return Inside(
        shelved=Shelved(module, progress(required_parts(module), parts.get(module.key, {})), asked.get(module.key)),
        finished=frozenset(parts.get(module.key, {})),
        begun=frozenset(db.session.execute(opened).scalars()),
        best=max((row.score or 0.0 for row in results), default=None),
        passed=any(row.passed for row in results),
        attempt=next((one.id for one in tries if not quizzes.is_over(one, at)), None),
        plays=roleplays.plays(viewer.id, [story.id for story in module.stories]),
        before=_before(module, parts) if lock is None else {one.key: one for one in lock.before},
        locked=lock.words if lock is not None else "",
    )


def _before(module: Module, parts: dict[str, Parts]) -> dict[str, Module]:
    if not module.prerequisites:
        return {}
    known = {one.key: one for one in library.catalogue_modules()}
    wanted = {key: known[key] for key in module.prerequisites if key in known}
    return {key: one for key, one in wanted.items() if not set(required_parts(one)) <= set(parts.get(key, {}))}

"""What is assigned, and how far it is done."""

from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Integer, String, and_, bindparam, case, func, literal_column, null, or_, select
from sqlalchemy.orm import aliased

from trainee.kit.db import UtcDateTime, db
from trainee.kit.i18n import _, _n, language
from trainee.kit.straight import Straight
from trainee.modules import library
from trainee.modules.library import current_versions
from trainee.modules.library import module as read
from trainee.modules.library.beside import LearningPath
from trainee.modules.library.content import Module
from trainee.modules.progress.queries import Parts, Progress, parts_of, progress, required_parts
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.reviews.models import SET
from trainee.modules.roleplays.models import RUN
from trainee.plans.models import ASSIGNMENT as MADE
from trainee.plans.models import OPENING
from trainee.plans.prepared import words as reason_words

Offered = Mapping[str, Module]


@dataclass(frozen=True, slots=True)
class Step:
    """One module of a path that is assigned: `state` is done, open (the next one), later (may be done, and others come first), or locked.

    A locked one opens when those `before` it are done, or when somebody opens it early.
    """

    module: Module
    progress: Progress
    state: str
    before: tuple[Module, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """An assignment beside how far it is done. `module` is where it is done next: of a path the step that is open, of review sets none."""

    id: int
    person_id: int
    module: Module | None
    given_at: datetime
    given_by_id: int | None
    due_on: date | None
    why: str
    progress: Progress
    kind: str = "module"
    what: str = ""
    number: int | None = None
    certification_id: int | None = None
    # Whether a quiz that is passed first spares the lessons of `module`, and whether it has done so or still may.
    short: bool = False
    path: LearningPath | None = None
    steps: tuple[Step, ...] = ()

    @property
    def name(self) -> str:
        """What is to be done, in the reader's language."""
        if self.kind == "reviews":
            return str(_n("%(num)d review set", "%(num)d review sets", self.number or 1))
        if self.path is not None:
            return self.path.title.of(language())
        assert self.module is not None
        if self.kind == "roleplay":
            story = self.module.story(self.what)
            return str(_("Role-play: %(title)s", title=story.title.of(language()) if story is not None else self.what))
        return self.module.title.of(language())

    def days_left(self, today: date) -> int | None:
        """Days until it is due; negative when overdue, None without a date."""
        return None if self.due_on is None else (self.due_on - today).days


KEPT = (
    *("id", "person_id", "kind", "what", "number", "given_at", "given_by_id", "due_on", "why", "prepared"),
    *("accepts_earlier", "certification_id", "short"),
)
_Kept = namedtuple("_Kept", (*KEPT, "many", "done_at", "failed", "opened"))  # type: ignore[misc]  # Its fields are the columns'.


def counted() -> tuple[Any, Any, Any, Any]:
    """Columns for a statement about assignments: how many review sets were done for one, when it was done, the quizzes not passed at first, and
    the modules of a path that were opened early.

    None of them is looked for but where the kind of assignment needs it, so that modules cost nothing.
    """
    sets, runs = SET.alias(), RUN.alias()
    since = _since(sets.c.finished_at)
    mine = and_(sets.c.person_id == MADE.c.person_id, sets.c.finished_at.is_not(None), since)
    before = SET.alias()
    earlier = (
        select(func.count())
        .where(
            before.c.person_id == MADE.c.person_id,
            _since(before.c.finished_at),
            before.c.finished_at <= sets.c.finished_at,
        )
        .correlate(MADE, sets)
        .scalar_subquery()
    )
    many = select(func.count()).select_from(sets).where(mine).correlate(MADE).scalar_subquery()
    enough = select(func.min(sets.c.finished_at)).where(mine, earlier >= MADE.c.number).correlate(MADE).scalar_subquery()
    played = (
        select(func.min(runs.c.finished_at))
        .where(
            runs.c.person_id == MADE.c.person_id,
            runs.c.story == MADE.c.what,
            runs.c.finished_at.is_not(None),
            # The whole talk: who begins in the middle has not met the customer.
            runs.c.replay_of.is_(None),
            runs.c.criticals == literal_column("0", Integer),
            runs.c.rank >= func.coalesce(MADE.c.number, literal_column("0", Integer)),
            _since(runs.c.finished_at),
        )
        .correlate(MADE)
        .scalar_subquery()
    )
    is_reviews, is_play, is_path = (MADE.c.kind == literal_column(f"'{kind}'", String) for kind in ("reviews", "roleplay", "path"))
    opened = select(func.aggregate_strings(OPENING.c.module_key, ",")).where(OPENING.c.assignment_id == MADE.c.id).correlate(MADE).scalar_subquery()
    return (
        case((is_reviews, many), else_=literal_column("0", Integer)).label("many"),
        case((is_reviews, enough), (is_play, played), else_=null().cast(UtcDateTime)).label("done_at"),
        case((MADE.c.short, _not_passed_first()), else_=null()).label("failed"),
        case((is_path, opened), else_=null()).label("opened"),
    )


def _since(moment: Any) -> Any:
    return or_(MADE.c.accepts_earlier, moment >= MADE.c.given_at)


def _not_passed_first() -> Any:
    """The modules whose quiz was failed since, before it was passed, their keys in one text."""
    attempt, passed = (cast(Any, aliased(QuizAttempt, flat=True)) for _time in range(2))
    mine = (attempt.person_id == MADE.c.person_id, attempt.handed_in_at >= MADE.c.given_at, attempt.passed.is_(False))
    sooner = (
        select(passed.id)
        .where(
            passed.person_id == attempt.person_id,
            passed.module_key == attempt.module_key,
            passed.handed_in_at >= MADE.c.given_at,
            passed.handed_in_at < attempt.handed_in_at,
            passed.passed,
        )
        .correlate(MADE, attempt)
        .exists()
    )
    return select(func.aggregate_strings(attempt.module_key, ",")).where(*mine, ~sooner).correlate(MADE).scalar_subquery()


def _of(whose: Any) -> Any:
    columns = [MADE.c[name] for name in KEPT]
    return select(*columns, *counted()).where(whose, MADE.c.ended_at.is_(None)).order_by(MADE.c.given_at, MADE.c.id)


# Built once, of plain columns; the one for a single person is sent with every Today.
_OF = _of(MADE.c.person_id.in_(bindparam("people", expanding=True)))
_OF_ONE = Straight(_of(MADE.c.person_id == bindparam("person")))
_ON_A_PATH = Straight(
    select(MADE.c.id)
    .where(MADE.c.person_id == bindparam("person"), MADE.c.ended_at.is_(None), MADE.c.kind == literal_column("'path'", String))
    .limit(1)
)


def assignments_of(person_ids: Sequence[int]) -> Sequence[Any]:
    """Every assignment of these people that has not ended, in the order in which they were given. One statement."""
    if len(person_ids) == 1:
        return [_Kept(*row) for row in _OF_ONE({"person": person_ids[0]})]
    return db.session.execute(_OF, {"people": person_ids}).all()


def with_progress(assignments: Sequence[Any], parts: Mapping[tuple[int, str], Parts], versions: Mapping[str, int] | None = None) -> list[Open]:
    """Assignments with how far they are done; those of what is no longer offered are left out. `versions` spares asking for them again."""
    offered = {key: read(version_id) for key, version_id in (current_versions() if versions is None else versions).items()}
    return [found for one in assignments if (found := _open(one, parts, offered)) is not None]


def _open(one: Any, parts: Mapping[tuple[int, str], Parts], offered: Offered) -> Open | None:
    if one.kind == "reviews":
        return _opened(one, offered, None, Progress(min(one.many, one.number or 1), one.number or 1, one.done_at, None))
    if one.kind == "roleplay":
        module = _holding(one.what, offered)
        finished = one.done_at is not None
        far = Progress(int(finished), 1, one.done_at, None if finished else f"roleplay/{one.what}")
        return _opened(one, offered, module, far) if module is not None else None
    if one.kind == "path":
        return _path(one, parts, offered)
    module = offered.get(one.what)
    return _opened(one, offered, module, _far(one, module, parts)) if module is not None else None


def _opened(one: Any, offered: Offered, module: Module | None, far: Progress, path: LearningPath | None = None, steps: tuple[Step, ...] = ()) -> Open:
    short = bool(one.short) and module is not None and _may_be_short(one, module)
    return Open(
        one.id,
        one.person_id,
        module,
        one.given_at,
        one.given_by_id,
        one.due_on,
        reason_words(one.why, one.prepared, offered),
        far,
        one.kind,
        one.what,
        one.number,
        one.certification_id,
        short,
        path,
        steps,
    )


def _holding(story: str, offered: Offered) -> Module | None:
    return next((module for module in offered.values() if module.story(story) is not None), None)


def _may_be_short(one: Any, module: Module) -> bool:
    return module.quiz is not None and module.key not in (one.failed or "").split(",")


def needed(one: Any, module: Module) -> list[str]:
    """The parts it takes: all, or in a short cycle the quiz first and its role-plays, as long as that quiz was not failed."""
    parts = required_parts(module)
    if one.short and _may_be_short(one, module):
        return ["quiz", *(part for part in parts if part.startswith("roleplay/"))]
    return parts


def _far(one: Any, module: Module, parts: Mapping[tuple[int, str], Parts]) -> Progress:
    since = None if one.accepts_earlier else one.given_at
    return progress(needed(one, module), parts.get((one.person_id, module.key), {}), since)


def path_of(key: str) -> LearningPath | None:
    """The path of that key, or None when it is no longer there."""
    return next((path for path in library.pieces().paths if path.key == key), None)


def _path(one: Any, parts: Mapping[tuple[int, str], Parts], offered: Offered) -> Open | None:
    path = path_of(one.what)
    steps = tuple(_steps(one, path, parts, offered)) if path is not None else ()
    if not steps:
        return None
    done = [step.progress.completed_at for step in steps if step.progress.completed_at is not None]
    here = next((step for step in steps if step.state == "open"), steps[-1])
    far = Progress(len(done), len(steps), max(done) if len(done) == len(steps) else None, here.progress.next_part)
    return _opened(one, offered, here.module, far, path, steps)


def _steps(one: Any, path: LearningPath, parts: Mapping[tuple[int, str], Parts], offered: Offered) -> Iterator[Step]:
    """The modules of a path in their order. The first that is not done and whose prerequisites are done is the one that is open."""
    modules = [offered[key] for key in path.modules if key in offered]
    far = {module.key: _far(one, module, parts) for module in modules}
    early = set((one.opened or "").split(","))
    for_now = True
    for module in modules:
        before = tuple(other for other in modules if other.key in module.prerequisites and far[other.key].completed_at is None)
        if far[module.key].completed_at is not None:
            yield Step(module, far[module.key], "done", ())
        elif before and module.key not in early:
            yield Step(module, far[module.key], "locked", before)
        else:
            yield Step(module, far[module.key], "open" if for_now else "later", ())
            for_now = False


@dataclass(frozen=True, slots=True)
class Lock:
    """A module that somebody's path keeps locked until those `before` it are done."""

    module: Module
    path: str
    before: tuple[Module, ...]

    @property
    def words(self) -> str:
        """What opens it, in the reader's language."""
        names = ", ".join(f"“{module.title.of(language())}”" for module in self.before)
        return str(_("On your path “%(path)s” this opens after %(names)s.", path=self.path, names=names))


def locks(assignments: Iterable[Open], parts: Mapping[str, Parts]) -> dict[str, Lock]:
    """The modules that somebody's open assignments keep locked, by key.

    What she has begun stays open, and so does what is asked of her by itself or is open on another path.
    """
    todo = [one for one in assignments if one.progress.completed_at is None]
    asked = {one.module.key for one in todo if one.module is not None and not one.steps}
    asked |= {step.module.key for one in todo for step in one.steps if step.state != "locked"}
    found: dict[str, Lock] = {}
    for one in todo:
        for step in one.steps:
            if step.state == "locked" and step.module.key not in asked and not parts.get(step.module.key):
                found.setdefault(step.module.key, Lock(step.module, one.name, step.before))
    return found


def locks_of(person_id: int, parts: Mapping[str, Parts], versions: Mapping[str, int] | None = None) -> dict[str, Lock]:
    """The modules that somebody's path keeps locked, by key. One small statement for who follows none, and one more for who does."""
    return locks(open_assignments(person_id, parts, versions), parts) if _ON_A_PATH({"person": person_id}) else {}


def lock_on(person_id: int, module_key: str = "", story: str = "", **_more: str) -> Lock | None:
    """What keeps a module, or the one a role-play is in, from somebody; None when it is open. One small statement for who follows no path."""
    if not _ON_A_PATH({"person": person_id}):
        return None
    mine = parts_of(person_id)
    found = locks(open_assignments(person_id, mine), mine).values()
    return next((lock for lock in found if lock.module.key == module_key or (story and lock.module.story(story) is not None)), None)


def in_order(assignments: Iterable[Open]) -> list[Open]:
    """Those that are still to be done, the most urgent first."""
    todo = [one for one in assignments if one.progress.completed_at is None]
    return sorted(todo, key=lambda one: (one.due_on is None, one.due_on or date.max, one.given_at))


def open_assignments(person_id: int, parts: Mapping[str, Parts], versions: Mapping[str, int] | None = None) -> list[Open]:
    """What one person still has to do, the most urgent first."""
    return in_order(with_progress(assignments_of([person_id]), {(person_id, key): done for key, done in parts.items()}, versions))

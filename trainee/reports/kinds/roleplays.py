"""What is chosen in role-plays, how they end, and where they are left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from sqlalchemy import select

from trainee.kit.db import db
from trainee.kit.i18n import _l, language
from trainee.kit.words import Text
from trainee.modules import library
from trainee.modules.library.models import ModuleVersion
from trainee.modules.roleplays.models import MOVE, RUN
from trainee.modules.roleplays.play import Move, state
from trainee.modules.roleplays.plot import Story
from trainee.reports.column import Adds, Column, Row
from trainee.reports.figures import CRITICAL_RUNS, GOOD_ENDINGS, RUNS, RUNS_LEFT
from trainee.reports.filters import Asked
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars
from trainee.reports.population import Member, TeamsThen, chunks, within
from trainee.reports.report import FEWEST, Report

_LEFT_AFTER: Final = timedelta(days=7)
_GRADES = {"best": _l("The best"), "critical": _l("A critical error"), "other": _l("Other")}
_ENDED = {"best": _l("With the best ending"), "other": _l("With another ending"), "left": _l("Left in the middle"), "open": _l("Being played")}


@dataclass(slots=True)
class Scened:
    """What happened in one scene: how often it was answered and by whom, what was picked, and how often it was the last one seen."""

    answered: int = 0
    people: set[int] = field(default_factory=set)
    picked: dict[str, int] = field(default_factory=dict)
    left: int = 0


@dataclass(slots=True)
class Played:
    """What happened with one role-play of one version."""

    runs: int = 0
    finished: int = 0
    best: int = 0
    critical_runs: int = 0
    left: int = 0
    scenes: dict[str, Scened] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing that can be picked in one scene. What belongs to the whole role-play counts on its `first` row."""

    module: str
    version: int
    story: Story
    scene: str
    said: Text
    scene_place: int
    words: Text | None
    grade: str | None
    counted: Scened
    picks: int
    played: Played
    first: bool

    @property
    def runs(self) -> int:
        """How often the role-play was begun."""
        return self.played.runs

    @property
    def finished(self) -> int:
        """How often it was played to an end."""
        return self.played.finished

    @property
    def best(self) -> int:
        """How often with an ending of the best rank."""
        return self.played.best

    @property
    def critical_runs(self) -> int:
        """How often with a critical error."""
        return self.played.critical_runs

    @property
    def left(self) -> int:
        """How often it was left in the middle."""
        return self.played.left


def _ended(fact: Reply) -> list[tuple[str, float]]:
    if not fact.first:
        return []
    one = fact.played
    return [("best", one.best), ("other", one.finished - one.best), ("left", one.left), ("open", one.runs - one.finished - one.left)]


def _scene(fact: Reply) -> tuple[tuple[str, int, str], str]:
    return (fact.module, fact.version, fact.story.id), fact.scene


def _picked(fact: Reply) -> tuple[float, float] | None:
    told = len(fact.counted.people) >= FEWEST and fact.counted.answered and fact.words is not None
    return (fact.picks, fact.counted.answered) if told else None


# What belongs to the scene stands on each of its replies.
_ANSWERED, _LEFT = Adds(once=_scene), Adds(once=_scene)
_PICKED = Adds(sums=False, weigh=_picked, each=_scene)


@kinds.register
class RolePlays(Report):
    """One row for each reply of each scene that somebody came to."""

    key = "roleplays"
    place = 27
    title = _l("Role-play choices")
    says = _l(
        "One row for each reply that can be chosen in a scene, with how often it was, and how many role-plays were left in that scene and not taken "
        "up for seven days. Shares are told from five people on, and nobody is named. Replays are left out; what was typed is read by nobody."
    )
    takes = ("unit", "team", "module", "since", "until", "left")
    whole = ("trainer",)
    period = _l("begun")
    figures = (RUNS, RUNS_LEFT, GOOD_ENDINGS, CRITICAL_RUNS)
    pictures = (Bars(_l("How role-plays ended"), _ended, lambda: _ENDED, _l("How it ended")),)
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("module_code", _l("Module code")),
        Column("module_version", _l("Version"), "whole", on_page=False),
        Column("roleplay", _l("Role-play")),
        Column("scene_no", _l("Scene"), "whole"),
        Column("scene", _l("Scene's name"), on_page=False),
        Column("said", _l("The customer says")),
        Column("reply", _l("Reply")),
        Column("grade", _l("What it is"), "choice", _GRADES),
        Column("answered", _l("Scene answered"), "whole", adds=_ANSWERED),
        Column("picked", _l("Chosen"), "share", adds=_PICKED),
        Column("left_here", _l("Left here"), "whole", adds=_LEFT),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Which role-play, which scene, which reply, and how often."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Reply]:
        """Reply by reply, in the order of the modules' codes and the stories' own. Days select by when a role-play was begun."""
        asked = self.scoped(asked)
        played: dict[tuple[int, str], Played] = {}
        for members in chunks(asked, once=True):
            _count(members, asked, played)
        versions = db.session.execute(select(ModuleVersion.id, ModuleVersion.code, ModuleVersion.number))
        numbers = {row.id: (row.code, row.number) for row in versions}
        for version_id, name in sorted(played, key=lambda one: (*numbers[one[0]], one[1])):
            story = library.module(version_id).story(name)
            if story is not None:
                yield from _replies(*numbers[version_id], story, played[version_id, name])

    def thing(self, fact: Reply) -> tuple[str, Any]:
        """The replies of one role-play of one version."""
        return "first", (fact.module, fact.version, fact.story.id)

    def row(self, fact: Reply, asked: Asked) -> Row:
        """Its cells."""
        lang, one = language(), fact.counted
        told = len(one.people) >= FEWEST
        words = fact.words.of(lang) if fact.words is not None else None
        about = (fact.module, fact.version, fact.story.title.of(lang), fact.scene_place, fact.scene, fact.said.of(lang), words, fact.grade)
        share = fact.picks / one.answered if told and one.answered and fact.words is not None else None
        return (*about, one.answered if told else None, share, one.left if told or not one.left else None)


def _count(members: Sequence[Member], asked: Asked, played: dict[tuple[int, str], Played]) -> None:
    then = TeamsThen(members, asked)
    moves = _moves([one.id for one in members])
    for run in _runs([one.id for one in members]):
        module = library.module(run.version_id)
        if asked.filters.module not in (None, module.key) or not within(asked, run.started_at) or then.at(run.person_id, run.started_at) is None:
            continue
        story = module.story(run.story)
        if story is not None:
            _add(played.setdefault((run.version_id, run.story), Played()), run, story, moves.get(run.id, []), asked.at)


def _add(one: Played, run: Any, story: Story, moves: Sequence[Any], at: datetime) -> None:
    one.runs += 1
    before = None
    for move in moves:
        scene = one.scenes.setdefault(move.scene, Scened())
        # A reply that is written is sent and then checked: two moves for one answer.
        scene.answered += not (story.scenes[move.scene].typed and before == move.scene)
        scene.people.add(run.person_id)
        for picked in story.scenes[move.scene].picked(move.answer):
            scene.picked[picked] = scene.picked.get(picked, 0) + 1
        before = move.scene
    if run.finished_at is not None:
        one.finished += 1
        one.best += run.rank == max(ending.rank for ending in story.endings.values())
        one.critical_runs += run.criticals > 0
    elif at - (moves[-1].made_at if moves else run.started_at) > _LEFT_AFTER:
        one.left += 1
        # Where a talk stands does not depend on the words that were typed, so they stay unread.
        open_scene = state(story, [Move(move.scene, {"text": "", **move.answer}) for move in moves]).scene
        if open_scene is not None:
            scene = one.scenes.setdefault(open_scene.id, Scened())
            scene.left += 1
            scene.people.add(run.person_id)


def _replies(code: str, number: int, story: Story, played: Played) -> Iterator[Reply]:
    first = True
    for place, scene in enumerate(story.scenes.values(), start=1):
        counted = played.scenes.get(scene.id)
        if counted is None:
            continue
        for offer in scene.offers():
            grade = "critical" if offer.critical else "best" if offer.best else "other"
            picks = counted.picked.get(offer.id, 0)
            yield Reply(code, number, story, scene.id, scene.customer, place, offer.words, grade, counted, picks, played, first)
            first = False
        if not any(scene.offers()):
            yield Reply(code, number, story, scene.id, scene.customer, place, None, None, counted, 0, played, first)
            first = False


def _runs(person_ids: Sequence[int]) -> Sequence[Any]:
    columns = (RUN.c.id, RUN.c.person_id, RUN.c.version_id, RUN.c.story, RUN.c.started_at, RUN.c.finished_at, RUN.c.rank, RUN.c.criticals)
    return db.session.execute(select(*columns).where(RUN.c.person_id.in_(person_ids), RUN.c.replay_of.is_(None)).order_by(RUN.c.id)).all()


def _moves(person_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The moves of these people's role-plays, in the order in which they were made. Nothing that was typed is read."""
    statement = (
        select(MOVE.c.run_id, MOVE.c.scene, MOVE.c.answer, MOVE.c.made_at)
        .join(RUN, RUN.c.id == MOVE.c.run_id)
        .where(RUN.c.person_id.in_(person_ids), RUN.c.replay_of.is_(None))
        .order_by(MOVE.c.run_id, MOVE.c.seq)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.run_id, []).append(row)
    return found

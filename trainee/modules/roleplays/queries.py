"""Reading role-plays: one run with its moves, and how somebody stands with each story."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, func, select

from trainee import profile
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.straight import Straight
from trainee.modules import library
from trainee.modules.roleplays.gentle import IN_A_ROW, KEPT, End, Pulse, gentler, low, was_hard, weary
from trainee.modules.roleplays.models import MOVE, PULSE, RUN
from trainee.modules.roleplays.play import Move, State, Step, state
from trainee.modules.roleplays.plot import Story

# A smaller change of the expected score than this is none.
STEADY = 0.005


@dataclass(frozen=True, slots=True)
class Made:
    """One stored move."""

    seq: int
    key: str
    move: Move
    copied: bool
    made_at: datetime
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run as it was stored, and where it stands."""

    id: int
    person_id: int
    version_id: int
    seed: int
    started_at: datetime
    finished_at: datetime | None
    replay_of: int | None
    replay_from: int | None
    moves: tuple[Made, ...]
    state: State

    @property
    def new_steps(self) -> tuple[Step, ...]:
        """The scenes played in this run itself, without those copied from the run it replays."""
        copied = sum(made.copied for made in self.moves)
        return tuple(step for step in self.state.steps if step.first >= copied)

    @property
    def story(self) -> Story:
        """The story as it was in the version this run is pinned to."""
        return self.state.story


@dataclass(frozen=True, slots=True)
class Past:
    """One run in a list."""

    id: int
    story: str
    version_id: int
    started_at: datetime
    finished_at: datetime | None
    ending: str | None
    rank: int | None
    criticals: int


@dataclass(frozen=True, slots=True)
class Plays:
    """How one person stands with one story. `clean` when it was once finished without a critical error."""

    runs: tuple[Past, ...] = ()

    @property
    def open(self) -> Past | None:
        """The newest run, when it is not finished."""
        return self.runs[0] if self.runs and self.runs[0].finished_at is None else None

    @property
    def finished(self) -> tuple[Past, ...]:
        """The finished runs, newest first."""
        return tuple(run for run in self.runs if run.finished_at is not None)

    @property
    def endings(self) -> frozenset[str]:
        """The endings reached."""
        return frozenset(run.ending for run in self.finished if run.ending)

    @property
    def best_rank(self) -> int:
        """The rank of the best ending reached; 0 when none was."""
        return max((run.rank or 0 for run in self.finished), default=0)

    @property
    def clean(self) -> bool:
        """Whether it was once finished without a critical error."""
        return any(run.criticals == 0 for run in self.finished)


def current(story: str) -> tuple[int, Story]:
    """The newest published version that has this story, and the story; NotFound when there is none."""
    found = library.roleplay(story)
    if found is None:
        raise NotFound
    return found


# Sent with every move of every talk.
_OF_RUN = tuple(RUN.c[name] for name in ("story", "id", "person_id", "version_id", "seed", "started_at", "finished_at", "replay_of", "replay_from"))
_OF_MOVE = (MOVE.c.seq, MOVE.c.key, MOVE.c.copied, MOVE.c.made_at, MOVE.c.seconds, MOVE.c.scene, MOVE.c.answer, MOVE.c.text)
_RUN_ENDS = len(_OF_RUN)
_WITH_MOVES = Straight(
    select(*_OF_RUN, *(column.label(f"move_{column.name}") for column in _OF_MOVE))
    .outerjoin(MOVE, MOVE.c.run_id == RUN.c.id)
    .where(RUN.c.id == bindparam("run"), RUN.c.person_id == bindparam("person"))
    .order_by(MOVE.c.seq)
)


def run_or_404(run_id: int, person_id: int) -> Run:
    """That run with all its moves, when it is this person's; else NotFound, which does not tell whether there is one. One statement."""
    rows = _WITH_MOVES({"run": run_id, "person": person_id})
    if not rows:
        raise NotFound
    story, number, whose, version_id, seed, started_at, finished_at, replay_of, replay_from = rows[0][:_RUN_ENDS]
    moves = tuple(_made(*row[_RUN_ENDS:]) for row in rows if row[_RUN_ENDS] is not None)
    here = state(library.roleplay_of(version_id, story), (made.move for made in moves))
    return Run(number, whose, version_id, seed, started_at, finished_at, replay_of, replay_from, moves, here)


def _made(seq: int, key: str, copied: bool, made_at: datetime, seconds: int | None, scene: str, answer: dict[str, Any], text: str | None) -> Made:
    return Made(seq, key, Move(scene, answer if text is None else {**answer, "text": text}), copied, made_at, seconds)


_LISTED = (RUN.c.id, RUN.c.story, RUN.c.version_id, RUN.c.started_at, RUN.c.finished_at, RUN.c.ending, RUN.c.rank, RUN.c.criticals)


def plays_of(person_id: int, story: str, most: int = 50) -> Plays:
    """How a person stands with one story: her newest runs, newest first. One statement."""
    wanted = (RUN.c.person_id == person_id, RUN.c.story == story)
    return Plays(_past(db.session.execute(select(*_LISTED).where(*wanted).order_by(RUN.c.id.desc()).limit(most)).all()))


def plays(person_id: int, stories: Sequence[str]) -> dict[str, Plays]:
    """How a person stands with each of these stories. One statement."""
    wanted = (RUN.c.person_id == person_id, RUN.c.story.in_(stories))
    rows = _past(db.session.execute(select(*_LISTED).where(*wanted).order_by(RUN.c.id.desc())).all()) if stories else ()
    return {story: Plays(tuple(run for run in rows if run.story == story)) for story in stories}


def open_runs(person_id: int, most: int = 3) -> tuple[Past, ...]:
    """The newest runs a person left in the middle, newest first: what *Today* may offer to go on with. One statement."""
    wanted = (RUN.c.person_id == person_id, RUN.c.finished_at.is_(None))
    return _past(db.session.execute(select(*_LISTED).where(*wanted).order_by(RUN.c.id.desc()).limit(most)).all())


def standing_of(person_id: int) -> tuple[dict[str, int], list[End]]:
    """The best rank a person reached in each story, and how her last talks ended, newest first. Two statements."""
    mine = (RUN.c.person_id == person_id, RUN.c.finished_at.is_not(None))
    ranks = db.session.execute(select(RUN.c.story, func.max(RUN.c.rank)).where(*mine).group_by(RUN.c.story))
    ends = select(RUN.c.story, RUN.c.finished_at, RUN.c.hard).where(*mine).order_by(RUN.c.finished_at.desc(), RUN.c.id.desc()).limit(IN_A_ROW)
    return {story: rank or 0 for story, rank in ranks}, [End(*row) for row in db.session.execute(ends)]


def pulses_of(person_id: int, at: datetime) -> list[Pulse]:
    """What a person said of how she is after her talks, newest first, as far as it is not forgotten. Only ever for herself. One statement."""
    wanted = (PULSE.c.person_id == person_id, PULSE.c.given_at > at - KEPT)
    rows = db.session.execute(select(PULSE.c.run_id, PULSE.c.value, PULSE.c.given_at).where(*wanted).order_by(PULSE.c.given_at.desc()))
    return [Pulse(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Easier:
    """Something easier to offer; `story` is None when no role-play is easier than what was just played.

    `said` when she said that a talk weighs on her, `here` when it was the one she looks back at.
    """

    story: Story | None
    said: bool
    here: bool


def easier(run: Run, pulses: Sequence[Pulse], roles: Collection[str], at: datetime) -> Easier | None:
    """What to offer after this run, when it was the second hard one in a row or a talk weighs on her; else None.

    `pulses` are her own, newest first. A run that ended well asks nothing of the database.
    """
    last = pulses[0] if pulses and low(pulses[0], at) else None
    here = last is not None and last.run_id == run.id
    # Looking back at an old talk is no hard one anew.
    said = here or (last is not None and run.finished_at is not None and run.finished_at >= last.given_at)
    hard = run.state.ending is not None and was_hard(run.story, run.state.ending, run.state.situation.mood)
    if not (said or hard):
        return None
    ranks, ends = standing_of(run.person_id)
    if not (said or (weary(ends, at) and run.finished_at in {end.finished_at for end in ends})):
        return None
    modules = (library.module(version_id) for version_id in library.current_versions().values())
    stories = [story for module in modules if set(module.audience).intersection(roles) for story in module.stories]
    return Easier(gentler(stories, ranks, [end.story for end in ends]), said, here)


def _past(rows: Sequence[Any]) -> tuple[Past, ...]:
    return tuple(Past(*row) for row in rows)


def moved(run: Run) -> list[tuple[profile.Level, profile.Level]]:
    """How she stood before and after a finished run in each skill it gave evidence for; the largest movement first.

    What was recorded between its beginning and its end is taken together, whatever else she did meanwhile.
    """
    if run.finished_at is None:
        return []
    before, after = (profile.believed_on(run.person_id, moment) for moment in (run.started_at, run.finished_at))
    skills = {skill for step in run.new_steps for skill in step.outcome.points} & set(after)
    found = [(before[skill], after[skill]) for skill in sorted(skills)]
    return sorted(found, key=lambda pair: -abs(pair[1].figure.expected - pair[0].figure.expected))


def raised_by(run: Run, moved: Sequence[tuple[profile.Level, profile.Level]]) -> dict[str, bool]:
    """Which skills rose though half of their points or fewer were earned, and whether their own replies raised them.

    True: they were more than was to be expected of her there. False: other skills did, by the general level that all share. What neither of the two
    raised is not among them. About four statements for each such skill, of which there is seldom any.
    """
    found = {}
    for before, after in moved:
        points = run.state.points[after.skill]
        if after.figure.expected - before.figure.expected < STEADY or 2 * points.earned > points.best:
            continue
        steps = profile.explain(run.person_id, after.skill, after.at, known_by=after.at).steps
        own, others = (sum(step.moved for step in steps if step.own is which and step.occurred_at >= run.started_at) for which in (True, False))
        if own > 0 or others > 0:
            found[after.skill] = own > 0
    return found


ENOUGH_RUNS = 5
"""With fewer finished runs than this nothing is told of them: a share would be somebody."""


def shares(story: Story, most: int = 2000) -> tuple[int, dict[tuple[str, str], float]]:
    """How many of the newest finished runs were looked at, and of those who were in a scene the share, 0..1, that went on to each place.

    Places that this version of the story no longer has count for nothing. Replays count too, with the part they copied. Two statements.
    """
    newest = select(RUN.c.id, RUN.c.ending).where(RUN.c.story == story.id, RUN.c.finished_at.is_not(None)).order_by(RUN.c.id.desc()).limit(most)
    endings = {row.id: row.ending for row in db.session.execute(newest)}
    if len(endings) < ENOUGH_RUNS:
        return len(endings), {}
    low, moves = min(endings), select(MOVE.c.run_id, MOVE.c.scene).join(RUN, RUN.c.id == MOVE.c.run_id)
    rows = db.session.execute(moves.where(RUN.c.story == story.id, RUN.c.id >= low).order_by(MOVE.c.run_id, MOVE.c.seq))
    ways: dict[int, list[str]] = {}
    for run, scene in rows:
        way = ways.setdefault(run, [])
        # A typed reply is two moves in one scene.
        if run in endings and way[-1:] != [scene]:
            way.append(scene)
    went = Counter(pair for run, way in ways.items() if run in endings for pair in pairwise([*way, endings[run] or ""]))
    were: Counter[str] = Counter()
    for (scene, _to), count in went.items():
        were[scene] += count
    return len(endings), {pair: count / were[pair[0]] for pair, count in went.items()}


def run_begun(person_id: int, key: str) -> int | None:
    """The run a person began with that key."""
    found: int | None = db.session.execute(select(RUN.c.id).where(RUN.c.person_id == person_id, RUN.c.key == key)).scalar()
    return found

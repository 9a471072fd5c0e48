"""Where a role-play stands, computed from the story and the moves made: resuming, reviewing and replaying are this one function."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.words import Text
from trainee.modules.roleplays.plot import Ending, Story
from trainee.modules.roleplays.scene import Answer, Draft, Outcome, Points, Scene, Situation, follow


@dataclass(frozen=True, slots=True)
class Move:
    """One answer given in one scene."""

    scene: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Step:
    """A scene that was played: what the customer said, what was answered, and what it did."""

    scene: Scene
    first: int
    """The number of moves made before it: to replay from here, keep that many."""
    last: int
    """The number of the move that finished it."""
    customer: Text
    before: Situation
    after: Situation
    outcome: Outcome
    answer: Answer
    draft: Draft | None


@dataclass(frozen=True)
class State:
    """A story after some moves. `scene` is the one now open, or None when an ending is reached."""

    story: Story
    seq: int
    situation: Situation
    scene: Scene | None
    draft: Draft | None = None
    ending: Ending | None = None
    steps: tuple[Step, ...] = ()
    variant: str | None = field(default=None)

    @property
    def ended(self) -> bool:
        """Whether an ending is reached."""
        return self.ending is not None

    @property
    def moods(self) -> tuple[int, ...]:
        """The mood at the start and after every scene."""
        return (self.story.mood_start, *(step.after.mood for step in self.steps))

    @property
    def words(self) -> Text:
        """What the customer says now; only while a scene is open."""
        assert self.scene is not None
        return self.scene.words(self.situation)

    @property
    def points(self) -> dict[str, Points]:
        """Points earned and to be had per skill, over the scenes played."""
        return total(step.outcome.points for step in self.steps)


def total(scenes: Iterable[Mapping[str, Points]]) -> dict[str, Points]:
    """The points of several scenes together, per skill."""
    sums: dict[str, Points] = {}
    for points in scenes:
        for skill, here in points.items():
            before = sums.get(skill, Points(0, 0))
            sums[skill] = Points(before.earned + here.earned, before.best + here.best)
    return sums


def begin(story: Story) -> State:
    """The story before any move."""
    return State(story, 0, Situation(story.mood_start), story.scenes[story.start])


def apply(state: State, move: Move) -> State:
    """The state after one more move; a Refusal with a sentence when it is not open there."""
    if state.scene is None:
        raise Refusal(_("This role-play is over. You can look back at it, or replay it from any scene."))
    if move.scene != state.scene.id:
        raise Refusal(_("The talk has moved on since this page was opened. Here is where it stands now."))
    story, scene = state.story, state.scene
    outcome = scene.outcome(move.answer, state.situation, state.draft)
    if outcome.draft is not None:
        return replace(state, seq=state.seq + 1, draft=outcome.draft)
    after = state.situation.after(outcome, story.mood_min, story.mood_max)
    first = state.steps[-1].last + 1 if state.steps else 0
    step = Step(scene, first, state.seq, state.words, state.situation, after, outcome, move.answer, state.draft)
    target = follow(outcome.route, after)
    ending = story.endings.get(target)
    return State(
        story=story,
        seq=state.seq + 1,
        situation=after,
        scene=None if ending else story.scenes[target],
        ending=ending,
        variant=ending.variant(after.criticals) if ending else None,
        steps=(*state.steps, step),
    )


def state(story: Story, moves: Iterable[Move]) -> State:
    """Where a story stands after these moves."""
    now = begin(story)
    for move in moves:
        now = apply(now, move)
    return now


def moves_of(story: Story, answers: Sequence[Answer]) -> list[Move]:
    """The same answers as moves, each in the scene it falls into."""
    now = begin(story)
    moves = []
    for answer in answers:
        assert now.scene is not None
        moves.append(Move(now.scene.id, answer))
        now = apply(now, moves[-1])
    return moves

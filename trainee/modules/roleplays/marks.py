"""The two marks of a finished talk: whether the matter was solved, and whether that went easily for the customer."""

from collections.abc import Iterable

from trainee.modules.roleplays.play import State
from trainee.modules.roleplays.scene import Points, Situation
from trainee.modules.roleplays.search import graph

# The steps in which a need is found and met, whoever has it: in a talk with a colleague it is hers.
SOLVING = frozenset({"discover", "meet", "lead"})


def solved(now: State) -> Points:
    """Points of the scenes in which the need is found and met; of a talk that broke off, among those that the best line has."""
    earned, had = _sums((step.scene.step, step.outcome.points.values()) for step in now.steps)
    line = graph(now.story).best_line_from(now.story.start, Situation(now.story.mood_start))
    there = _sums((scene.step, way.outcome.points.values()) for scene, way in line.ways)[1] if line else 0.0
    return Points(earned, max(had, there))


def easy(now: State) -> Points:
    """How many scenes cost the customer nothing, of all that were played: the mood had not fallen after them, and the best line needs as many.

    The mood may lie at the bottom already, so what counts is what the answer does to it.
    """
    line = graph(now.story).best_line_from(now.story.start, Situation(now.story.mood_start))
    detour = max(0, len(now.steps) - len(line.ways)) if line else 0
    light = sum(step.outcome.mood >= 0 and not step.outcome.critical for step in now.steps)
    return Points(max(0, light - detour), len(now.steps))


def _sums(scenes: Iterable[tuple[str, Iterable[Points]]]) -> tuple[float, float]:
    found = [points for step, those in scenes if step in SOLVING for points in those]
    return sum(points.earned for points in found), sum(points.best for points in found)

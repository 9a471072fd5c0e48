"""From a gap to what can be done about it."""

from collections.abc import Collection, Mapping

from trainee.modules.progress.queries import Parts
from trainee.plans.recommendation import Advice, Chances
from trainee.plans.recommendations import recommendations
from trainee.plans.training import Training
from trainee.profile import Gap

# They see the whole catalogue; everybody else is offered what is written for her roles.
_SEE_ALL = frozenset({"trainer", "hr", "admin"})


def advice(
    gap: Gap, training: Training, done: Mapping[str, Parts], ranks: Mapping[str, int], roles: Collection[str], due: Mapping[str, int] | None = None
) -> list[Advice]:
    """The fitting next steps for a gap, the one that is expected to close most of it per minute first. No statement is sent.

    `due` says how many questions are due for review, by skill.
    """
    offered = [part for part in training.by_skill.get(gap.skill, ()) if _SEE_ALL.intersection(roles) or set(part.module.audience).intersection(roles)]
    chances = Chances(offered, done, ranks, (due or {}).get(gap.skill, 0))
    found = [one for kind in recommendations if kind.fits(gap) and (one := kind.advise(gap, chances)) is not None]
    return sorted(found, key=lambda one: -one.worth)

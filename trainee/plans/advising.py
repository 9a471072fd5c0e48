"""From a gap to what can be done about it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from trainee.modules.progress.queries import Parts
from trainee.plans.recommendation import Advice, Chances, Effects
from trainee.plans.recommendations import recommendations
from trainee.plans.training import Part, Training, placed
from trainee.profile import Gap, Try

# They see the whole catalogue; everybody else is offered what is written for her roles.
_SEE_ALL = frozenset({"trainer", "hr", "admin"})

# What is expected to close less than a fiftieth of a gap, since the log has said so, is not offered for it.
_SOMETHING = 0.02


def advice(
    gap: Gap,
    training: Training,
    done: Mapping[str, Parts],
    ranks: Mapping[str, int],
    roles: Collection[str],
    due: Mapping[str, int] | None = None,
    missed: Sequence[Try] = (),
    measured: Effects | None = None,
    locked: Collection[str] = (),
) -> list[Advice]:
    """The fitting next steps for a gap, the one that is expected to close most of it per minute first. No statement is sent.

    What was measured to do nothing for such gaps is left out.

    `due` says how many questions are due for review, by skill; `missed` which ones were missed lately, newest first; `measured` what
    recommendations were measured to do (`effects`). Nothing is offered of modules in `locked` while there is anything else on the skill.
    """
    offered = [part for part in training.by_skill.get(gap.skill, ()) if _is_for(part, roles)]
    offered = [part for part in offered if part.module.key not in locked] or offered
    again = _to_reread([one for one in missed if one.skill == gap.skill], training, done, roles)
    chances = Chances(offered, done, ranks, (due or {}).get(gap.skill, 0), again, measured or {})
    found = [one for kind in recommendations if kind.fits(gap) and (one := kind.advise(gap, chances)) is not None]
    return sorted((one for one in found if one.share >= _SOMETHING), key=lambda one: -one.worth)


def lead_step(gap: Gap) -> tuple[str, str]:
    """What whoever leads somebody does about her gap herself, and the endpoint where, the same that is offered beside the steps; empty: nothing."""
    fitting = [kind for kind in recommendations if kind.fits(gap) and kind.lead_endpoint]
    return max(fitting, key=lambda kind: kind.gains[gap.diagnosis]).lead(gap) if fitting else ("", "")


def _is_for(part: Part, roles: Collection[str]) -> bool:
    return bool(_SEE_ALL.intersection(roles) or set(part.module.audience).intersection(roles))


def _to_reread(missed: Sequence[Try], training: Training, done: Mapping[str, Parts], roles: Collection[str]) -> dict[Part, datetime]:
    """The lessons that tell what was missed and were not read since, with the newest miss of each, in that order."""
    found: dict[Part, datetime] = {}
    for one in missed:
        place = placed(one.item, training)
        part = training.part(place[0].key, f"lesson/{place[1].key}") if place is not None else None
        if part is None or not _is_for(part, roles):
            continue
        read = done.get(part.module.key, {}).get(part.part)
        if read is None or read[1] < one.at:
            found.setdefault(part, one.at)
    return found

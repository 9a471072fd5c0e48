"""Something is surely below what is expected."""

from collections.abc import Mapping

from flask import url_for

from trainee import profile
from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.expectations import Target
from trainee.kit.i18n import _
from trainee.profile import Gap, Level
from trainee.profile.policy import threshold


@needs.register
class LargestGap(Need):
    """The clearest gap, with its diagnosis, and what fits it."""

    key = "gap"
    order = 30

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Gap"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Whose gap is worth a look."""
        found = {}
        for who in seen.people:
            gap = largest_gap(seen.levels[who], seen.targets[who])
            if gap is not None:
                deed, url = _next(gap, who)
                found[who] = Said(f"{skill_name(gap.skill)}: {gap.sentence}", deed, url, gap.size * gap.certainty)
        return found


def _next(gap: Gap, who: int) -> tuple[str, str]:
    if gap.diagnosis in ("knowledge", "practice"):
        return str(_("Assign something")), url_for("dashboards.assign", person_id=who, skill=gap.skill)
    if gap.diagnosis == "transfer":
        return str(_("Observe")), url_for("observing.observe", person_id=who, skill=gap.skill)
    # Where the process is to be looked at, the figures are the place to begin.
    return str(_("See why")), url_for("dashboards.why_of", person_id=who, skill=gap.skill)


def largest_gap(levels: Mapping[str, Level], targets: Mapping[str, Target]) -> Gap | None:
    """The clearest gap of one person, or None; only what is likely below its target is looked at closely."""
    found = None
    for skill, target in targets.items():
        level = levels.get(skill)
        # An ample look first: three hundred people have five thousand skills.
        if level is None or level.figure.n == 0 or not _may_be_low(level, target):
            continue
        gap = profile.find(level, target.level)
        if gap is None or gap.diagnosis == "unknown" or gap.certainty < profile.CLEAR:
            continue
        if found is None or profile.clearness(gap) < profile.clearness(found):
            found = gap
    return found


def _may_be_low(level: Level, target: Target) -> bool:
    wanted = threshold(target.level)
    return any(line.n and line.mean < wanted for line in level.lines.values())

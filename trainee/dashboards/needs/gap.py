"""Something is surely below what is expected."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import url_for

from trainee import plans, profile
from trainee.coaching import sessions
from trainee.coaching.sessions import Tried
from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.expectations import Target
from trainee.kit.i18n import _
from trainee.profile import Gap, Level
from trainee.profile.policy import threshold

# What is less likely than this is told to herself, and is no reason yet to go and see her.
_LIKELY: Final = 0.6


@needs.register
class LargestGap(Need):
    """The clearest gap, with its diagnosis, and what fits it."""

    key = "gap"
    order = 30
    stamp = sessions.tried_stamp()

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Gap"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Whose gap is worth a look. One statement where somebody is to be coached."""
        gaps = {
            who: gap for who in seen.people if (gap := largest_gap(seen.levels[who], seen.targets[who])) is not None and not _given(who, gap, seen)
        }
        coached = [who for who, gap in gaps.items() if gap.diagnosis == "transfer"]
        tried = sessions.tried(coached) if coached else {}
        return {who: _said(gap, who, gap.skill in seen.shared.get(who, ()), tried.get((who, gap.skill)), seen.day) for who, gap in gaps.items()}


def _given(who: int, gap: Gap, seen: Seen) -> bool:
    """Whether what would be assigned is: she has something to do that trains this skill, and until its day it is hers to do it."""
    if gap.diagnosis not in ("knowledge", "practice"):
        return False
    return any(
        gap.skill in module.skills for one in seen.todo.get(who, ()) for module in (one.module, *(step.module for step in one.steps)) if module
    )


def _said(gap: Gap, who: int, shared: bool, tried: Tried | None, day: date) -> Said:
    name, weight = skill_name(gap.skill), gap.size * gap.certainty
    if tried is not None and gap.diagnosis == "transfer":
        # It was talked about, and one thing is being tried: the loop goes on, and nobody begins it anew.
        return Said(f"{name}: {tried.words(day)}", *_loop(tried, gap.skill, who, day), weight)
    words = f"{name}: {gap.sentence}"
    if shared:
        return Said(str(_("%(gap)s Many others came down in it at once.", gap=words)), *_see_why(gap, who), weight)
    return Said(words, *_next(gap, who), weight)


def _loop(tried: Tried, skill: str, who: int, day: date) -> tuple[str, str]:
    if day >= tried.again:
        return str(_("Observe")), url_for("observing.observe", person_id=who, skill=skill)
    return str(_("Open the session")), url_for("sessions.session", session_id=tried.session_id)


def _next(gap: Gap, who: int) -> tuple[str, str]:
    if gap.diagnosis in ("knowledge", "practice"):
        return str(_("Assign something")), url_for("dashboards.assign", person_id=who, skill=gap.skill)
    if gap.diagnosis in ("transfer", "unknown"):
        # Right after it was seen at work a talk fits, and not to look once more.
        deed, endpoint = plans.lead_step(gap)
        return deed, url_for(endpoint, person_id=who, skill=gap.skill)
    # Where the process is to be looked at, the figures are the place to begin.
    return _see_why(gap, who)


def _see_why(gap: Gap, who: int) -> tuple[str, str]:
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
        if gap is None or gap.certainty < _LIKELY:
            continue
        if found is None or profile.clearness(gap) < profile.clearness(found):
            found = gap
    return found


def _may_be_low(level: Level, target: Target) -> bool:
    wanted = threshold(target.level)
    # As the last evidence left it: a gap does not come and go by waiting.
    return any(one.n and (one.seen[0] if one.seen is not None else one.mean) < wanted for one in (level.figure, *level.lines.values()))

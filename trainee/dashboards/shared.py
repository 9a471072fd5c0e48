"""A fall that many share, as a page says it: before anybody is named, and as what it is, a sign of the process."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from trainee import profile
from trainee.dashboards.standing import LINE_NAMES, day_words, skill_name
from trainee.kit.i18n import _, _l
from trainee.profile import Fall

# So many are shown at most.
_FALLS: Final = 3
# What to look at first, by the line that came down.
_LOOK_AT: Final = {
    "knowledge": _l("Has a rule changed without everybody hearing of it, or is a lesson no longer right?"),
    "practice": _l("Has something changed in what is practised, or in when there is time for it?"),
    "observed": _l("Has something changed in the rota, the tools or the rules, or in how strictly one marks?"),
    "customers": _l("Waiting times, stock, prices or deliveries may be what customers feel."),
}


@dataclass(frozen=True, slots=True)
class FallShown:
    """A fall in words: which skill, on which line, what happened to how many, and what to look at."""

    skill: str
    name: str
    line: str
    words: str


def falls_shown(teams: Mapping[int, str]) -> list[FallShown]:
    """What is said of any of these teams, by id and name, or of the whole company; the clearest first. One statement."""
    found = [fall for fall in profile.falls() if fall.teams is None or teams.keys() & set(fall.teams)]
    return [FallShown(fall.skill, skill_name(fall.skill), str(LINE_NAMES[fall.line]), fall_words(fall, _where(fall.teams, teams))) for fall in found][
        :_FALLS
    ]


def _where(of: Collection[int] | None, teams: Mapping[int, str]) -> str:
    """The one team they are, by its name where the reader leads it; empty where they are several or all."""
    return next((teams[team] for team in of if team in teams), "") if of is not None and len(of) == 1 else ""


def fall_words(fall: Fall, team: str = "") -> str:
    """How many came down, since when and by how much, that this speaks of the process, and what to look at first."""
    figures: dict[str, Any] = {"date": day_words(fall.since), "fell": fall.fell, "people": fall.people, "points": round(100 * fall.drop)}
    if fall.teams is None:
        said = _(
            "In the whole company %(fell)s of %(people)s people have come down since about %(date)s, by %(points)s points of a hundred on average.",
            **figures,
        )
    elif len(fall.teams) > 1:
        said = _(
            "In several teams %(fell)s of %(people)s people have come down since about %(date)s, by %(points)s points of a hundred on average.",
            **figures,
        )
    elif team:
        said = _(
            "%(team)s: %(fell)s of %(people)s people have come down since about %(date)s, by %(points)s points of a hundred on average.",
            team=team,
            **figures,
        )
    else:
        said = _(
            "In this team %(fell)s of %(people)s people have come down since about %(date)s, by %(points)s points of a hundred on average.", **figures
        )
    speaks = _("So many at once speak of how the work goes, not of the people.")
    return f"{said} {speaks} {_LOOK_AT[fall.line]}"

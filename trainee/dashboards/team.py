"""How the teams of a line came along, month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trainee import profile, skills
from trainee.dashboards.standing import level_name, place, skill_name
from trainee.kit import trtext
from trainee.kit.i18n import _n, date_words
from trainee.profile import TeamMonth

# So many stand on one page, and so many of each part before the rest is folded.
PAGE = 300
UNFOLDED = 50
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Course:
    """How a team came along in one skill: for each month its name, the place on the meter (0 to 4) and words."""

    skill: str
    months: list[tuple[str, float, str]]


def courses(names: Mapping[int, str], at: datetime) -> list[tuple[str, list[Course]]]:
    """For each of these teams, by id and name, its course in every skill that can be told for two months or more; by who was in it then."""
    book = skills.framework()
    told = []
    for team_id, mine in profile.team_histories(sorted(names), at).items() if names else ():
        shown = [Course(skill_name(one.key), _months(mine[one.key])) for one in book.skills if len(mine.get(one.key, ())) > 1]
        if shown:
            told.append((names[team_id], shown))
    return sorted(told, key=lambda pair: trtext.sort_key(pair[0]))


def _months(found: Sequence[TeamMonth]) -> list[tuple[str, float, str]]:
    months = []
    for one in found[-_MONTHS:]:
        here = place(one.expected)
        people_words = _n("%(num)d person", "%(num)d people", one.people)
        words = f"{level_name(min(int(here), 3) + 1)}, {people_words}"
        months.append((date_words(date(one.year, one.month, 1), "MMM y"), here, words))
    return months

"""What evidence adds up to: mastery and how sure we are of it, where it is going, the gaps, and why."""

from trainee.evidence import Showing
from trainee.profile.actions import Recorded, record, retract
from trainee.profile.calibrations import Progress, learn_calibration, rebuild, up_to_date
from trainee.profile.comparing import Behind, behind_team
from trainee.profile.explaining import Explanation, Moved, Withdrawn, explain
from trainee.profile.falls import Fall
from trainee.profile.figures import NOTHING, Figure, Level, MonthFigure, TeamMonth
from trainee.profile.forecasting import Forecast, Status, forecast, level_then, status
from trainee.profile.gaps import (
    CLEAR,
    GAP_OF_LINE,
    LACKING,
    Gap,
    Lacking,
    below_words,
    clearness,
    find,
    gaps,
    gaps_in_company,
    gaps_of,
    how_sure,
    surely_reached,
    with_falls,
)
from trainee.profile.leniency import Leniency, leniencies
from trainee.profile.missed import ManyMissed, Try, missed_by_many, missed_lately
from trainee.profile.queries import Course, believed_course, believed_of, believed_on, courses, falls, histories, levels, levels_of, team_histories

__all__ = [
    "CLEAR",
    "GAP_OF_LINE",
    "LACKING",
    "NOTHING",
    "Behind",
    "Course",
    "Explanation",
    "Fall",
    "Figure",
    "Forecast",
    "Gap",
    "Lacking",
    "Leniency",
    "Level",
    "ManyMissed",
    "MonthFigure",
    "Moved",
    "Progress",
    "Recorded",
    "Showing",
    "Status",
    "TeamMonth",
    "Try",
    "Withdrawn",
    "behind_team",
    "believed_course",
    "believed_of",
    "believed_on",
    "below_words",
    "clearness",
    "courses",
    "explain",
    "falls",
    "find",
    "forecast",
    "gaps",
    "gaps_in_company",
    "gaps_of",
    "histories",
    "how_sure",
    "learn_calibration",
    "leniencies",
    "level_then",
    "levels",
    "levels_of",
    "missed_by_many",
    "missed_lately",
    "rebuild",
    "record",
    "retract",
    "status",
    "surely_reached",
    "team_histories",
    "up_to_date",
    "with_falls",
]

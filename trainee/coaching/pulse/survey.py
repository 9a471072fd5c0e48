"""The four questions, the quarters they are asked in, and what may be shown of the answers: arithmetic on counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from trainee.kit.i18n import _l

# Below this many answers nothing is shown.
LEAST: Final = 5
# Where a day ends last.
LAST_ZONE: Final = "Etc/GMT+12"
# From this value on somebody agrees.
AGREES: Final = 4
VALUES: Final = (1, 2, 3, 4, 5)

# The scale questions of content/surveys/team-pulse.yaml. Its last asks for words, which give their writer away in a team of eight.
QUESTIONS: Final = {
    "tools": _l("I have the information and tools I need to help customers."),
    "authority": _l("I have enough authority to find solutions."),
    "recovery": _l("After a hard contact I have time to recover."),
    # Said upward: of whoever leads the team, and read by her from five answers on.
    "lead": _l("Whoever leads us listens, and helps me serve customers well."),
}


def quarter_of(day: date) -> str:
    """The quarter a day lies in: 2026-3."""
    return f"{day.year}-{(day.month - 1) // 3 + 1}"


# question -> value -> how many
Counts = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Result:
    """What one team, or several together, answered: how many, and per question the mean (1 to 5) and the share of 4 and 5.

    A question that fewer answered than are needed, because it is asked since the middle of the quarter, is left out.
    """

    name: str
    n: int
    means: Mapping[str, float]
    agree: Mapping[str, float]


def answers_in(counts: Counts) -> int:
    """How many people answered; each answers every question that was asked on that day."""
    return max((sum(found.values()) for found in counts.values()), default=0)


def enough(counts: Counts) -> Counts:
    """The questions that enough have answered to be shown."""
    return {key: found for key, found in counts.items() if sum(found.values()) >= LEAST}


def result(name: str, counts: Counts) -> Result:
    """The figures of one group."""
    told = {key: (found, sum(found.values())) for key, found in enough(counts).items()}
    means = {key: sum(value * many for value, many in found.items()) / n for key, (found, n) in told.items()}
    agree = {key: sum(many for value, many in found.items() if value >= AGREES) / n for key, (found, n) in told.items()}
    return Result(name, answers_in(counts), means, agree)


def together(groups: list[Counts]) -> Counts:
    """Several groups as one."""
    found: dict[str, dict[int, int]] = {}
    for counts in groups:
        for question, values in counts.items():
            for value, many in values.items():
                found.setdefault(question, {}).setdefault(value, 0)
                found[question][value] += many
    return found


def shown(teams: Sequence[tuple[str, Counts]], all_name: str, rest_name: str, whole: bool) -> tuple[list[Result], list[Result]]:
    """What may be shown of these teams: each with five answers or more; and what stands for several of them.

    The sum is over the teams that are shown, so that taking them off leaves nothing. What is hidden is told only to who sees the `whole` company, as
    one group, and only when it is of two teams at least with five answers or more between them.
    """
    # A question that one of them does not show is not in their sum either.
    open_ones = [(name, enough(counts)) for name, counts in teams if answers_in(counts) >= LEAST]
    hidden = [counts for _name, counts in teams if 0 < answers_in(counts) < LEAST]
    rolled = [result(all_name, together([counts for _name, counts in open_ones]))] if len(open_ones) > 1 else []
    if whole and len(hidden) > 1 and sum(answers_in(counts) for counts in hidden) >= LEAST:
        rolled.append(result(rest_name, together(hidden)))
    return [result(name, counts) for name, counts in open_ones], rolled

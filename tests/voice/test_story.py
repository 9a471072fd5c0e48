"""What is said of a team's work where its customers were let down: plainly only where enough was seen to say it."""

import pytest

from trainee.voice.arithmetic import Figure, difference
from trainee.voice.measures.story import FEW, unsure


def seen(n: int, half: float) -> Figure:
    """A level of 2.6 from `n` marks that is known to within `half` a level."""
    return Figure(2.6, n, 2.6 - half, 2.6 + half)


@pytest.mark.parametrize(
    ("before", "now", "open_"),
    [
        (seen(FEW, 0.2), seen(FEW, 0.2), False),
        (seen(16, 0.2), seen(66, 0.2), True),
        (seen(66, 0.2), seen(FEW - 1, 0.2), True),
        # Marks enough, and still so different from each other that half a level less would not be noticed.
        (seen(40, 0.4), seen(40, 0.4), True),
    ],
)
def test_people_work_as_before_is_said_plainly_only_of_marks_enough(before, now, open_):
    moved = difference(before, now)
    assert moved is not None and unsure(moved, before, now) is open_

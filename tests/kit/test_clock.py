"""The one place that reads the clock, as tests see it."""

from datetime import datetime, timedelta

from tests.noon import NOON
from trainee.kit.clock import now, start_of_day, written_moment


def test_every_test_begins_at_the_same_moment_and_time_goes_on():
    first = now()
    assert timedelta() <= first - NOON < timedelta(hours=1) and now() >= first
    # What it makes of text and of days is still plain.
    made = (first, written_moment("11.03.2026 14:30", "Europe/Istanbul"), start_of_day(NOON.date(), "Europe/Istanbul"))
    assert {type(one) for one in made} == {datetime}

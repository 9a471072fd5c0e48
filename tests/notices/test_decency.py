"""Hours, working days, days on duty, holidays, and clocks that are put forward and back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trainee.notices.decency import Hours, holidays

ISTANBUL = Hours("Europe/Istanbul", "TR")
NIGHT = Hours("Europe/Istanbul", "TR", opens=22, closes=6)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-11 09:00", "2026-03-11 09:00"),
        ("2026-03-11 04:59", "2026-03-11 05:00"),
        ("2026-03-11 16:00", "2026-03-12 05:00"),
        ("2026-03-13 16:30", "2026-03-16 05:00"),
        # Ramazan Bayramı, 20 to 22 March 2026, and the weekend.
        ("2026-03-19 20:00", "2026-03-23 05:00"),
        # Kurban Bayramı, 27 to 30 May 2026, and the weekend.
        ("2026-05-26 20:00", "2026-06-01 05:00"),
    ],
)
def test_the_next_moment_at_which_somebody_may_be_written_to(at, opens):
    assert ISTANBUL.opening(moment(at)) == moment(opens)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        # Wednesday, three hours before, within, after midnight and at the end of the shift.
        ("2026-03-11 16:00", "2026-03-11 19:00"),
        ("2026-03-11 20:00", "2026-03-11 20:00"),
        ("2026-03-12 02:59", "2026-03-12 02:59"),
        ("2026-03-12 03:00", "2026-03-12 19:00"),
        # Friday's shift ends on Saturday; that of Sunday is none, so Monday begins in the evening.
        ("2026-03-14 01:00", "2026-03-14 01:00"),
        ("2026-03-14 04:00", "2026-03-16 19:00"),
        ("2026-03-15 22:30", "2026-03-16 19:00"),
        # Ramazan Bayramı begins on 20 March: the night into it is worked, its own are not.
        ("2026-03-20 01:00", "2026-03-20 01:00"),
        ("2026-03-20 20:00", "2026-03-23 19:00"),
    ],
)
def test_hours_over_midnight_belong_to_the_day_on_which_they_begin(at, opens):
    assert NIGHT.opening(moment(at)) == moment(opens)
    assert NIGHT.open_at(moment(at)) == (at == opens)


def test_the_digest_of_a_night_comes_when_it_begins_and_its_day_lasts_until_it_ends():
    assert NIGHT.digest(moment("2026-03-11 10:00")) == moment("2026-03-11 19:00")
    assert NIGHT.digest(moment("2026-03-11 22:00")) == moment("2026-03-12 19:00")
    assert NIGHT.weekly(moment("2026-03-15 22:00")) == moment("2026-03-16 19:00")
    assert [NIGHT.day(moment(at)) for at in ("2026-03-12 02:00", "2026-03-12 03:00", "2026-03-15 22:00")] == [
        date(2026, 3, 11),
        date(2026, 3, 12),
        date(2026, 3, 16),
    ]


def test_a_day_on_duty_is_a_working_day_whatever_the_calendar_says():
    duty = Hours("Europe/Istanbul", "TR", shifts=frozenset({date(2026, 3, 21)}))
    assert duty.opening(moment("2026-03-19 20:00")) == moment("2026-03-21 05:00")


def test_without_a_country_there_are_no_holidays():
    assert Hours("Europe/Istanbul").opening(moment("2026-03-19 20:00")) == moment("2026-03-20 05:00")
    assert holidays("", 2026) == frozenset()


def test_the_digest_comes_at_nine_or_when_her_hours_begin():
    assert ISTANBUL.digest(moment("2026-03-11 05:00")) == moment("2026-03-11 06:00")
    assert ISTANBUL.digest(moment("2026-03-11 06:01")) == moment("2026-03-12 06:00")
    assert Hours("Europe/Istanbul", "TR", opens=14, closes=20).digest(moment("2026-03-11 05:00")) == moment("2026-03-11 11:00")
    assert Hours("Europe/Istanbul", "TR", opens=6, closes=8).digest(moment("2026-03-11 01:00")) == moment("2026-03-11 04:00")


def test_the_week_s_digest_comes_on_its_first_working_day():
    assert ISTANBUL.weekly(moment("2026-03-11 09:00")) == moment("2026-03-16 06:00")
    assert ISTANBUL.weekly(moment("2026-03-16 05:00")) == moment("2026-03-16 06:00")
    assert Hours("Europe/Istanbul", "TR", days="67").weekly(moment("2026-03-11 09:00")) == moment("2026-03-14 06:00")


def test_working_days_are_counted_over_weekends_and_holidays():
    assert ISTANBUL.working_days_after(moment("2026-03-13 06:00"), 3) == moment("2026-03-18 06:00")
    # Ramazan Bayramı begins on Friday, 20 March.
    assert ISTANBUL.working_days_after(moment("2026-03-18 06:00"), 2) == moment("2026-03-23 06:00")


def test_what_is_meant_for_a_day_off_comes_before_it_or_after_it():
    saturday = date(2026, 3, 14)
    at = moment("2026-03-11 09:00")
    assert ISTANBUL.on(saturday, at, early=True) == moment("2026-03-13 06:00")
    assert ISTANBUL.on(saturday, at, early=False) == moment("2026-03-16 06:00")
    assert ISTANBUL.on(date(2026, 3, 10), at, early=True) == at


@pytest.mark.parametrize(("day", "hour"), [("2027-03-26", 8), ("2027-03-29", 7), ("2027-10-29", 7), ("2027-11-01", 8)])
def test_clocks_that_are_put_forward_and_back_move_nobodys_morning(day, hour):
    berlin = Hours("Europe/Berlin", "")
    assert berlin.digest(moment(f"{day} 00:00")) == moment(f"{day} 0{hour}:00")


def test_at_every_hour_of_two_years_the_next_opening_is_open_and_no_earlier_one_was_missed():
    for hours in (ISTANBUL, Hours("Europe/Berlin", "DE", opens=22, closes=24, days="567"), NIGHT, Hours("Europe/Berlin", "DE", opens=21, closes=5)):
        at = moment("2026-01-01 00:00")
        opening = hours.opening(at)
        while at < moment("2028-01-01 00:00"):
            if at > opening:
                opening = hours.opening(at)
            assert opening >= at
            assert hours.open_at(opening)
            assert hours.open_at(at) == (opening == at)
            at += timedelta(hours=1)

"""Dates as each language writes them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from trainee.kit.i18n import date_words, force_locale, moment_words

DAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("lang", "form", "said"),
    [
        ("tr", "d MMM y", "12 Mar 2026"),
        ("tr", "EEEE d MMMM", "12 Mart Perşembe"),
        ("tr", "EEEE, d MMMM", "12 Mart Perşembe"),
        ("tr", "EEE d MMM", "12 Mar Per"),
        ("en", "EEEE, d MMMM", "Thursday, 12 March"),
        ("en", "EEE d MMM", "Thu 12 Mar"),
    ],
)
def test_turkish_says_the_weekday_after_the_date(app: Flask, lang: str, form: str, said: str) -> None:
    with app.test_request_context(), force_locale(lang):
        assert date_words(DAY, form) == said
        assert moment_words(datetime(2026, 3, 12, 9, tzinfo=UTC), form) == said


def test_a_moment_has_the_day_it_is_where_the_reader_lives(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert date_words(datetime(2026, 3, 10, 22, 30, tzinfo=UTC)) == "11 Mar 2026"
        assert date_words(datetime(2026, 3, 10, 20, 30, tzinfo=UTC)) == "10 Mar 2026"

"""Dates as each language writes them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from trainee.kit.i18n import _, _l, _n, date_words, force_locale, moment_words

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


def test_a_message_that_waits_for_its_reader_is_a_string_to_everybody_else(app: Flask) -> None:
    waiting = _l("Write a whole number from %(min)s to %(max)s.")
    assert waiting % {"min": 1, "max": 10} == "Write a whole number from 1 to 10."
    assert waiting.upper().startswith("WRITE A WHOLE")
    assert waiting[:5] + "!" == "Write!"
    assert waiting[:0] == ""


@pytest.mark.parametrize(("lang", "answers", "of"), [("tr", "1.475 yanıt", "n=12.345"), ("en", "1,475 answers", "n=12,345")])
def test_a_count_in_a_message_is_written_as_the_reader_writes_numbers(app: Flask, lang: str, answers: str, of: str) -> None:
    with app.test_request_context(), force_locale(lang):
        assert _n("%(num)d answer", "%(num)d answers", 1475) == answers
        assert render_template_string('{{ ngettext("%(num)d answer", "%(num)d answers", 1475) }}') == answers
        assert _("n=%(n)d", n=12345) == render_template_string('{{ _("n=%(n)d", n=12345) }}') == of
        assert _("no. %(number)s", number=1475) == "no. 1475", "what is named by its number is no count"
        assert _("in %(when)s", when="2026") == "in 2026"

"""How long and how hard a text is, by the formulas their authors published."""

import pytest

from trainee.kit import reading_speed


def test_a_turkish_text_by_atesman():
    # Ten words a sentence, two syllables a word: 198.825 - 40.175 * 2 - 2.610 * 10.
    text = ("Kapı açık masa bomboş oda sıcak çayı demli günü güzel. " * 10).strip()
    assert reading_speed.ease(text, "tr") == pytest.approx(198.825 - 80.35 - 26.1)


def test_an_english_text_by_flesch():
    # Ten words a sentence, one syllable a word: 206.835 - 84.6 - 1.015 * 10.
    text = ("The man came in and sat down on the chair. " * 12).strip()
    assert reading_speed.ease(text, "en") == pytest.approx(206.835 - 84.6 - 1.015 * 10)


def test_a_short_text_says_nothing_and_time_counts_words():
    assert reading_speed.ease("Kısa bir cümle.", "tr") is None
    assert reading_speed.seconds("word " * 228, "en") == pytest.approx(60)
    assert reading_speed.seconds("sözcük " * 166, "tr") == pytest.approx(60)

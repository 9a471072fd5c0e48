"""Turkish letters keep their dots, in every case, order and search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainee.kit import trtext


@pytest.mark.parametrize(
    ("text", "lang", "low", "high"),
    [
        ("IŞIK", "tr", "ışık", "IŞIK"),
        ("İstanbul", "tr", "istanbul", "İSTANBUL"),
        ("iki ılık içki", "tr", "iki ılık içki", "İKİ ILIK İÇKİ"),
        ("I\u0307zmir", "tr", "izmir", "İZMİR"),
        ("INFO", "en", "info", "INFO"),
        ("iPhone", "en", "iphone", "IPHONE"),
    ],
)
def test_case_follows_the_language_of_the_text(text, lang, low, high):
    assert trtext.lower(text, lang) == low
    assert trtext.upper(text, lang) == high


@pytest.mark.parametrize("written", ["IŞIK", "ışık", "isik", "Işık", "ISIK", "i\u015fik", "is\u0327ik"])
def test_all_ways_of_writing_a_word_fold_to_one(written):
    assert trtext.fold(written) == "isik"


def test_folding_forgives_accents_and_typographic_quotes():
    assert trtext.fold("Şikâyet hâlâ café’de") == "sikayet hala cafe'de"


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    once = trtext.fold(text)
    assert trtext.fold(once) == once


def test_names_sort_as_in_a_turkish_dictionary():
    names = ["Zeynep", "Şule", "Ilgaz", "İpek", "Çağla", "Cem", "Ömer", "Onur", "Gül", "Ğ", "Hâlâ", "Hala", "10. Kat", "ab c", "abc"]
    expected = ["10. Kat", "ab c", "abc", "Cem", "Çağla", "Gül", "Ğ", "Hala", "Hâlâ", "Ilgaz", "İpek", "Onur", "Ömer", "Şule", "Zeynep"]
    assert sorted(names, key=trtext.sort_key) == expected


def test_a_sort_key_is_digits_so_that_no_collation_can_reorder_it():
    assert trtext.sort_key("Şule-Ω 7").isdecimal()
    assert trtext.sort_key("Şule-Ω 7").isascii()


def test_squeezing_leaves_one_blank_between_words():
    assert trtext.squeeze("  iki \n\t kelime ") == "iki kelime"

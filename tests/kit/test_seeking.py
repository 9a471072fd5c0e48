"""Searching by the beginnings of words: dots, accents and order make no difference, and what is shown is what was met."""

import pytest

from trainee.kit.seeking import marked, snippet, sought, words_of


@pytest.mark.parametrize("query", ["İSTANBUL", "istanbul", "ıstanbul", "Istanbul", "ISTANBUL", "i̇stanbul", "istan"])
@pytest.mark.parametrize("written", ["İstanbul", "ISTANBUL", "istanbul'da bir mağaza", "Mağaza: İSTANBUL"])
def test_every_spelling_of_a_town_meets_every_other(query, written):
    assert sought(written).score(words_of(query)) > 0


@pytest.mark.parametrize(("query", "written"), [("cagri", "Çağrı"), ("Çağrı", "cagri"), ("CAGRI", "çağrı merkezi"), ("ÇAĞRI", "Cagri")])
def test_accents_make_no_difference(query, written):
    assert sought(written).score(words_of(query)) > 0


def test_words_stand_in_any_order_and_each_must_begin_a_word():
    thing = sought("Late delivery", "What we owe a customer")
    assert thing.score(words_of("delivery late")) == thing.score(words_of("late delivery")) > 0
    assert thing.score(words_of("deliv owe")) > 0
    assert thing.score(words_of("livery")) == 0
    assert thing.score(words_of("late nothing")) == 0


def test_a_title_is_better_than_a_text_and_a_whole_word_better_than_a_beginning():
    words = words_of("calm")
    order = [sought("Calm"), sought("Calming down"), sought("Voice", beside="calm"), sought("Voice", "stay calm")]
    scores = [one.score(words) for one in order]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_what_was_met_is_marked_as_it_is_written():
    assert marked("Çağrı <b> karşılama", words_of("cagri KARSI")) == "<mark>Çağrı</mark> &lt;b&gt; <mark>karşı</mark>lama"
    assert marked("Straße", words_of("stras")) == "<mark>Straß</mark>e"


def test_a_snippet_is_cut_between_words_around_the_first_place():
    text = "bir " * 60 + "iade süresi " + "iki " * 60
    shown = str(snippet(text, words_of("IADE")))
    assert shown.startswith("… bir ") and shown.endswith(" …")
    assert "<mark>iade</mark> süresi" in shown
    assert len(shown) < 190
    assert snippet("Kısa bir metin", words_of("yok")) == "Kısa bir metin"


def test_a_text_without_blanks_is_cut_all_the_same():
    assert len(snippet("a" * 1000, words_of("b"))) < 160
    assert len(snippet("b " + "a" * 1000, words_of("a"))) < 190


def test_a_query_is_short_however_long_it_was_typed():
    assert words_of(" -- ") == ()
    assert len(words_of(" ".join(f"w{number}" for number in range(50)))) == 10
    assert words_of("ev Ev EV") == ("ev",)

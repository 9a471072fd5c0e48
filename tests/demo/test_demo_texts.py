"""What people of the demonstration company write is Turkish, and a reader of English is told what it says."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, render_template_string

from tests.demo.conftest import CONTENT
from trainee.app import create_app
from trainee.config import Config
from trainee.demo import in_english
from trainee.demo.book import pairs, read_book
from trainee.kit.i18n import force_locale

# Keys and figures among the texts, and what stands there in both languages already.
NO_TEXTS = {"skill", "theme", "mood", "decision", "excuse", "ways", "rhythm", "audience", "words_tr", "words_en"}
WORDS = "Depoya sormadan perşembe dedi."


def texts(value: Any) -> Iterator[str]:
    """Every text somebody of the company writes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner) if name not in NO_TEXTS else ()
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str) and value:
        yield value


@pytest.fixture
def shown(tmp_path):
    """Shows words as written, in a language, in an installation that is a demonstration or is none."""

    def show(lang: str, told: str = "true", demo: bool = True) -> str:
        app: Flask = create_app(Config(environment="test", data_dir=str(tmp_path), secret_key="t" * 40, demo=demo))
        with app.test_request_context(), force_locale(lang):
            return render_template_string("{{ words|as_written(told=" + told + ") }}", words=WORDS)

    return show


def test_every_text_and_trade_of_the_company_has_its_english(app):
    book = read_book()
    jobs = {one["job"] for one in book.company["office"]}
    jobs |= {one["job"] for team in book.company["teams"] for group in ("leaders", "members", "jobs") for one in team.get(group, ())}
    known = in_english(Config(content_dir=str(CONTENT)))
    both = {turkish for told in (book.service, book.listening) for turkish, _english in pairs(told)}
    assert set(texts(book.texts)) | jobs | both == set(known)
    assert all(english.strip() for english in known.values())
    # Nothing has two names in English: what the handbook calls a job, people who have it are called.
    told_twice = [pair for told in (book.service, book.listening) for pair in pairs(told)]
    assert [pair for pair in told_twice if known[pair[0]] != pair[1]] == []


def test_a_page_in_english_says_what_the_words_mean_and_that_they_are_translated(shown):
    assert shown("en") == 'Said Thursday without asking the depot. <span class="translated">(translated from Turkish)</span>'
    assert shown("en", told="false") == "Said Thursday without asking the depot."


def test_a_page_in_turkish_shows_them_as_they_were_written(shown):
    assert shown("tr") == WORDS


def test_outside_a_demonstration_nothing_is_translated(shown):
    assert shown("en", demo=False) == f'<span lang="tr">{WORDS}</span>'

"""What is held about somebody is told in words: every value a table can hold has its own in both languages, and no key is read on the page."""

import re
from typing import Any

import pytest
from sqlalchemy import JSON, String

from trainee.coaching.growth.models import ANSWERS as GROWTH_ANSWERS
from trainee.coaching.growth.models import KINDS as GROWTH_KINDS
from trainee.coaching.sessions.models import PARTS
from trainee.coaching.suggestions.models import DECISIONS
from trainee.evidence import LINES
from trainee.evidence.sources import sources
from trainee.kit.db import Base
from trainee.kit.i18n import force_locale
from trainee.modules.quizzes.queries import CONFIDENCE
from trainee.modules.roleplays.gentle import PULSES
from trainee.people import ROLES
from trainee.people.actions import LINK_LASTS
from trainee.plans.models import KINDS
from trainee.privacy.belonging import NOBODYS
from trainee.privacy.inventory import HELD
from trainee.privacy.labels import COLUMNS, HERE, label_of
from trainee.privacy.subject import SECRET, UNFINISHED
from trainee.privacy.values import IN_FILE, TOLD, WORDS, WRITTEN, Titles, words_of
from trainee.reports.formats import formats
from trainee.skills.scorecards import CHANNELS

HELD_COLUMNS = {(name, column) for held in HELD for name, columns in held.columns.items() if name not in NOBODYS for column in columns.split()}
# What the program itself writes there, where the database does not say so.
WRITES = {
    "role_held.role": ROLES,
    "access_link.purpose": LINK_LASTS,
    "quiz_answer.confidence": CONFIDENCE,
    "role_play_pulse.value": PULSES,
    "evidence.source": sources.keys(),
    "mastery.line": LINES,
    "assignment.kind": KINDS,
    "observation.channel": CHANNELS,
    "session_part.part": PARTS,
    "growth_offer.kind": GROWTH_KINDS,
    "growth_offer.answer": GROWTH_ANSWERS,
    "suggestion.decision": DECISIONS,
    **dict.fromkeys(("report_export.format", "report_file.format", "report_schedule.format"), formats.keys()),
}


def shown() -> set[str]:
    """Every column of letters or of JSON that stands on the page."""
    found = set[str]()
    for name, column in HELD_COLUMNS - SECRET - UNFINISHED:
        place = Base.metadata.tables[name].c[column]
        if column in COLUMNS and column not in ("id", "person_id") and isinstance(place.type, (String, JSON)) and not place.foreign_keys:
            found.add(f"{name}.{column}")
    return found


def test_of_every_column_it_is_said_how_its_values_are_told_once() -> None:
    ways = [set(WORDS), set(TOLD), set(WRITTEN), set(IN_FILE)]
    assert shown() - set().union(*ways) == set(), "Say in privacy/values.py how what stands there is told."
    assert set().union(*ways) - shown() == set()
    assert sum(map(len, ways)) == len(set().union(*ways))


def test_what_the_database_lets_in_has_its_words() -> None:
    wanted: dict[str, set[str]] = {place: set(values) for place, values in WRITES.items()}
    for name in {name for name, _column in HELD_COLUMNS}:
        for rule in Base.metadata.tables[name].constraints:
            # A rule that lists what a column can hold, and says nothing else.
            if found := re.fullmatch(r"(\w+) IN \(('.*')\)", str(getattr(rule, "sqltext", ""))):
                wanted.setdefault(f"{name}.{found[1]}", set()).update(re.findall(r"'([^']+)'", found[2]))
    assert len(wanted) > len(WRITES) + 5
    assert {place: missing for place, values in wanted.items() if place in shown() and (missing := values - set(WORDS.get(place, ())))} == {}


@pytest.mark.parametrize("language", ["tr", "en"])
def test_each_word_is_none_of_the_keys(app: Any, language: str) -> None:
    with force_locale(language):
        said = [(place, key, words_of(place, key, {}, Titles({}, {}))) for place, values in WORDS.items() for key in values if key]
    assert [one for one in said if not one[2] or (one[1] == one[2] and language == "tr") or re.fullmatch(r"[a-z]+[_-][a-z_-]+", one[2])] == []


def test_words_of_both_languages_are_not_the_same(app: Any) -> None:
    told: dict[str, list[str]] = {}
    for language in ("tr", "en"):
        with force_locale(language):
            told[language] = [words_of(place, key, {}, Titles({}, {})) for place, values in WORDS.items() for key in values if key]
    same = {turkish for turkish, english in zip(told["tr"], told["en"], strict=True) if turkish == english}
    assert same <= {"Türkçe", "English", "Excel", "PDF", "JSON", "Forum"}


def test_a_text_in_both_languages_is_told_in_the_readers_and_a_retired_key_in_words(app: Any) -> None:
    with force_locale("tr"):
        assert words_of("goal.words", {"title": {"tr": "Her ay", "en": "Each month"}}, {}, Titles({}, {})) == "Her ay"
        assert words_of("lesson_progress.module_key", "gone-long-ago", {}, Titles({}, {})) == "artık kullanılmıyor"
        assert words_of("evidence.item", "survey/csat/listened", {}, Titles({}, {})).endswith("?")
        assert words_of("check_answer.answer", {"chosen": "c"}, {}, Titles({}, {})) == ""


def test_a_month_is_told_as_one_and_what_only_programs_count_is_not_told(app) -> None:
    with force_locale("en"):
        assert words_of("mastery_month.month", 2026 * 12 + 10, {}, Titles({}, {})) == "November 2026"
        assert words_of("item_memory.day", 20732.55, {}, Titles({}, {})) == ""


def test_a_column_may_be_called_otherwise_in_one_table(app) -> None:
    assert {tuple(place.split(".")) for place in HERE} <= HELD_COLUMNS
    with force_locale("en"):
        assert [label_of(table, "seen_at") for table in ("sign_in", "lesson_progress", "observation")] == [
            "last seen", "when it was seen", "when the contact was"
        ]  # fmt: skip
        assert [label_of("certificate", "issued_at"), label_of("review_set", "drawn_at"), label_of("contact_draw", "drawn_at")] == [
            "given", "put together", "drawn"
        ]  # fmt: skip
    with force_locale("tr"):
        # What the page of an observation calls it.
        assert label_of("observation", "opening") == "ilk otuz saniye"

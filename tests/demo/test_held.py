"""What is held about people of the demonstration is told in words."""

import re
from types import SimpleNamespace

import pytest

from trainee.kit.i18n import force_locale
from trainee.privacy import subject
from trainee.privacy.labels import label_of
from trainee.privacy.telling import told_parts
from trainee.privacy.values import TOLD, WORDS

# Keys of programs: two words or a word and a number joined by what no reader writes between them.
KEY = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|^[a-z]+(?:-[a-z]+)+$|\b[a-z-]+/[a-z0-9-]+/?[a-z0-9-]*\b|\bq\d\d\b")


@pytest.mark.parametrize("language", ["tr", "en"])
def test_no_key_is_read_in_what_is_held_about_anybody(company: SimpleNamespace, language: str) -> None:
    seen = set[str]()
    with force_locale(language):
        for username in ("kerem", "aylin", "defne", "hatice", "selim", "admin"):
            person_id = company.ids[username]
            names = {label_of(*place.split(".")) for place in (*WORDS, *TOLD)}
            raw = {
                str(row[column])
                for _held, of in subject.everything(person_id, False, 25)
                for part in of
                for row in part.rows
                for column in part.columns
                if f"{part.table}.{column}" in {*WORDS, *TOLD}
            }
            assert len(raw) > 10 or username in ("selim", "admin", "hatice")
            told = [
                (label, words)
                for _held, tables in told_parts(person_id, False, 25)
                for one in tables
                for entry in one.entries
                for label, words, _written in entry
            ]
            seen |= {label for label, _words in told}
            assert [(label, words) for label, words in told if KEY.search(words) and "@" not in words] == []
            assert [(label, words) for label, words in told if label in names and words in raw and not words.isdecimal() and language == "tr"] == []
    assert len(seen) > 60

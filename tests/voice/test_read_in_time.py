"""The surveys that are shipped for printed codes and kiosks: read and answered in the time that docs/journeys.md promises a customer."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.journeys import JOURNEYS, seconds
from trainee.kit.i18n import force_locale
from trainee.kit.reading_speed import words
from trainee.voice.surveys.sheet import of_bank

ROOT = Path(__file__).resolve().parents[2]
SEND = {"tr": "Gönder", "en": "Send"}
SHOWN = {"exit": ("return_intent", "recommend"), "served": ("listened", "concern")}


def told(path: str) -> dict[str, Any]:
    """What a shipped file says."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "content" / path).read_text(encoding="utf-8"))
    return found


def needed(texts: list[str], marks: int, lang: str) -> float:
    """Seconds for reading these texts, one tap for each mark, and sending."""
    step = {"taps": marks + 1, "typed": 0, "words": sum(len(words(text)) for text in [*texts, SEND[lang]])}
    return seconds(step, lang, phone=True)


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_the_survey_after_a_contact_is_done_in_time(lang):
    survey = told("surveys/after-contact.yaml")
    marks = [one["text"][lang] for one in survey["questions"] if one["kind"] == "scale"]
    assert len(marks) == 2
    assert needed([survey["title"][lang], survey["intro"][lang], *marks], 2, lang) <= JOURNEYS[f"customer-{lang}"].target


@pytest.mark.parametrize("lang", ["tr", "en"])
@pytest.mark.parametrize("key", SHOWN)
def test_the_surveys_of_the_demonstrations_shops_are_done_in_time(key, lang, app):
    survey = told("demo/listening.yaml")["surveys"][key]
    with app.test_request_context(), force_locale(lang):
        bank = [of_bank(name) for name in SHOWN[key]]
        asked = [said for one in bank for said in (one["text"][lang], *one["ends"][lang])]
        texts = [survey["title"][lang], survey["intro"][lang], *asked]
    assert needed(texts, 2, lang) <= JOURNEYS[f"customer-{lang}"].target

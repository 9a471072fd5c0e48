"""What a survey asks, as its row keeps it, and whether it may be asked so: plain values, read by the pages and by what takes the answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l, force_locale
from trainee.voice.survey import QUESTIONS
from trainee.voice.wording import complaint

MOST, MOST_LONG = 5, 60
LONGEST = 600
LANGUAGES: Final = ("tr", "en")
QUALITIES: Final = ("reliability", "flexibility", "trust", "empathy", "aesthetics")
# What a statement is asked twice about: an excellent team, and ours.
SIDES: Final = ("expectation", "perception")

Pair = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a customer answers: its field's name, the key its answers are counted under, and its scale (None: in her own words)."""

    field: str
    counted_as: str
    text: Pair
    scale: tuple[int, int] | None
    ends: Mapping[str, Sequence[str]] | None
    quality: str | None
    side: str | None

    @property
    def steps(self) -> range:
        """The marks of its scale."""
        return range(self.scale[0], self.scale[1] + 1) if self.scale else range(0)


def items(key: str, questions: Sequence[Mapping[str, Any]], stems: Mapping[str, Any] | None) -> Iterator[Item]:
    """What one wave asks, in order: with stems every statement twice, first of an excellent team."""
    for side in SIDES if stems else (None,):
        for one in questions:
            if side is not None and one.get("quality") is None and side == SIDES[0]:
                continue
            measure = one.get("measure")
            told = side if one.get("quality") is not None else None
            name = f"{one['id']}-{told}" if told else str(one["id"])
            scale = (one["low"], one["high"]) if one["kind"] == "scale" else None
            yield Item(name, measure or f"{key}/{name}", one["text"], scale, one.get("ends"), one.get("quality"), told)


def of_bank(key: str) -> dict[str, Any]:
    """A question of the bank as a row keeps it, in both languages: its words stay as they were asked."""
    known = QUESTIONS[key]
    text, ends = {}, {}
    for lang in LANGUAGES:
        with force_locale(lang):
            text[lang] = str(known.words)
            ends[lang] = [str(end) for end in known.ends]
    return {"id": key, "kind": "scale", "low": known.lowest, "high": known.highest, "measure": key, "text": text, "ends": ends}


def own_scale(number: int, highest: int, text: Pair) -> dict[str, Any]:
    """A statement of one's own, to be agreed with from 1 to `highest`."""
    ends = of_bank("easy")["ends"]
    return {"id": f"q{number}", "kind": "scale", "low": 1, "high": highest, "text": dict(text), "ends": ends}


def own_words(number: int, text: Pair) -> dict[str, Any]:
    """A question that is answered in words."""
    return {"id": f"q{number}", "kind": "text", "text": dict(text)}


def check(kind: str, title: Pair, intro: Pair, questions: Sequence[Mapping[str, Any]]) -> None:
    """Refusal (422; its code names the field) where it cannot be asked so: too many questions, a language missing, or words that are not fair."""
    most = MOST if kind == "survey" else MOST_LONG
    if not 1 <= len(questions) <= most:
        raise Refusal(_("Please ask 1 to %(most)s questions.", most=most), 422, "questions")
    if all(one["kind"] == "text" for one in questions):
        raise Refusal(_("At least one question has to have a scale."), 422, "questions")
    if len({one["id"] for one in questions}) < len(questions):
        raise Refusal(_("A question is there twice. Please ask each once."), 422, "questions")
    for lang in LANGUAGES:
        for name, words in (("title", title), ("intro", intro)):
            _fair(words.get(lang, ""), f"{name}_{lang}")
        for one in questions:
            # The place of a question of one's own: its language and its number.
            _fair(one["text"].get(lang, ""), f"{lang}_{str(one['id'])[1:]}" if str(one["id"])[1:].isdigit() else "questions")


_NOT_WRITTEN: Final = {
    "tr": _l("Please write it in Turkish, too; customers read one language of the two."),
    "en": _l("Please write it in English, too; customers read one language of the two."),
}


def _fair(words: str, field: str) -> None:
    if not words.strip():
        lang = next((one for one in LANGUAGES if field.startswith(f"{one}_") or field.endswith(f"_{one}")), LANGUAGES[0])
        raise Refusal(str(_NOT_WRITTEN[lang]), 422, field)
    if len(words) > LONGEST:
        raise Refusal(_("That is too long for a phone. Please shorten it."), 422, field)
    wrong = complaint(words)
    if wrong:
        raise Refusal(wrong, 422, field)

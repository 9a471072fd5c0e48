"""How long a journey takes a person: the keystroke-level model over its steps, and the tables of docs/journeys.md made of them.

The steps are recorded by the browser tests (tests/browser/test_journeys.py) in tests/browser/journeys; nothing here is typed in by hand.

    JOURNEYS=keep python -m pytest -m browser tests/browser/test_journeys.py    # walk, and keep the steps
    python -m tools.journeys                                                    # write the tables
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainee.kit.reading_speed import WORDS_A_MINUTE

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "tests" / "browser" / "journeys"
DOCUMENT = ROOT / "docs" / "journeys.md"

# Card, Moran and Newell (1980), "The keystroke-level model for user performance time with interactive systems", Communications of the ACM 23(7),
# in seconds: pointing at something, a key for who types 40 words a minute, a hand moved to the keyboard or back, getting ready in one's mind.
POINT, KEY, HOME, MIND = 1.10, 0.28, 0.40, 1.35
# Palin, Feit, Kim, Kristensson and Oulasvirta (2019), "How do people type on mobile devices?", MobileHCI '19: 36.2 words of five signs a minute.
PHONE_KEY = 60 / (36.2 * 5)


@dataclass(frozen=True, slots=True)
class Journey:
    """One journey: whose, what it leads from and to, on what, and in how many seconds it should be done,
    not counting the step `drawn` in which each time something else is asked.
    """

    who: str
    title: str
    phone: bool
    target: int
    drawn: str = ""
    language: str = "tr"


def other(language: str, journey: Journey) -> str:
    """What stands in the name of the kept file where a journey is walked in another language than its table's."""
    return "" if language == journey.language else f".{language}"


JOURNEYS = {
    "first-lesson": Journey("Employee", "first sign-in to the first finished lesson", True, 300),
    "three-minutes": Journey("Employee", "the daily three minutes", True, 45, "four questions, each with how sure one is"),
    "role-play": Journey("Employee", "a role-play and its debrief", True, 480),
    "why": Journey("Employee", "finding why a level is what it is", True, 60),
    "monday": Journey("Supervisor", "Monday page to an assigned role-play", False, 60),
    "observation": Journey("Supervisor", "an observation on a phone", True, 120),
    "coaching": Journey("Supervisor", "a coaching session with its action", True, 120),
    "import": Journey("HR", "people file to a clean import", False, 90),
    "report": Journey("HR", "a monthly report to a board-ready PDF", False, 60),
    "subject-file": Journey("HR", "a person's subject file", False, 90),
    "publishing": Journey("Trainer", "a new module from files to published", False, 90),
    "customer-tr": Journey("Customer", "QR to thanks, in Turkish", True, 20),
    "customer-en": Journey("Customer", "QR to thanks, in English", True, 20, language="en"),
}


def seconds(step: dict[str, Any], language: str, phone: bool) -> float:
    """What a person needs for one step: what she reads of the page, and for each tap getting ready, pointing and pressing; then typing."""
    taps = step["taps"] * (MIND + POINT + KEY)
    typing = step["typed"] * (PHONE_KEY if phone else KEY) + (2 * HOME if step["typed"] and not phone else 0)
    return taps + typing + 60 * step["words"] / WORDS_A_MINUTE[language]


def total(kept: dict[str, Any], phone: bool) -> float:
    """What a person needs for a whole journey, in seconds."""
    return sum(seconds(step, kept["language"], phone) for step in kept["steps"])


def promised(kept: dict[str, Any], journey: Journey) -> float:
    """The same without the step in which each time something else is asked: what is held below the target."""
    return total(kept | {"steps": [step for step in kept["steps"] if step["what"] != journey.drawn]}, journey.phone)


def table(key: str, kept: dict[str, Any]) -> str:
    """The steps of one journey, as Markdown."""
    journey = JOURNEYS[key]
    lines = ["| step | page | taps | signs typed | words read | seconds |", "|---|---|---|---|---|---|"]
    for step in kept["steps"]:
        needed = f"{seconds(step, kept['language'], journey.phone):.0f}"
        lines.append(f"| {step['what']} | {step['page']} | {step['taps']} | {step['typed']} | {step['words']} | {needed} |")
    sums = [sum(step[name] for step in kept["steps"]) for name in ("taps", "typed", "words")]
    beside = f" ({promised(kept, journey):.0f} without the questions)" if journey.drawn else ""
    lines.append(f"| **all** | | **{sums[0]}** | **{sums[1]}** | **{sums[2]}** | **{total(kept, journey.phone):.0f}**{beside} |")
    lines.append(f"| held below | | | | | {journey.target} |")
    told = f"Server and browser took {kept['waited']:.1f} s in the run that was kept, on a shared machine."
    return "\n".join([*lines, "", told + in_english(key) + for_the_first_time(key)])


def in_english(key: str) -> str:
    """A sentence on the same journey walked in English; nothing where it is not."""
    file = KEPT / f"{key}{other('en', JOURNEYS[key])}.json"
    if JOURNEYS[key].language == "en" or not file.exists():
        return ""
    kept = json.loads(file.read_text(encoding="utf-8"))
    taps, typed, words = (sum(step[name] for step in kept["steps"]) for name in ("taps", "typed", "words"))
    return f" In English: {taps} taps, {typed} signs, {words} words, {total(kept, JOURNEYS[key].phone):.0f} s."


def unpractised(kept: dict[str, Any], phone: bool) -> float | None:
    """What somebody needs who reads every word where the practised leave some out, in seconds; None where nobody leaves any out."""
    if not any("first" in step for step in kept["steps"]):
        return None
    return total(kept | {"steps": [step | {"words": step.get("first", step["words"])} for step in kept["steps"]]}, phone)


def for_the_first_time(key: str) -> str:
    """Sentences on who reads everything, in each language in which it is walked; nothing where the table counts everything."""
    told = []
    for language, name in (("tr", "Turkish"), ("en", "English")):
        file = KEPT / f"{key}{other(language, JOURNEYS[key])}.json"
        if not file.exists():
            continue
        kept = json.loads(file.read_text(encoding="utf-8"))
        needed = unpractised(kept, JOURNEYS[key].phone)
        if needed is not None and kept["language"] == language:
            many = max(step.get("first", 0) for step in kept["steps"])
            told.append(f"{many} words on that page in {name}, {needed:.0f} s in all")
    return f"\n\n**For the first time**, reading every anchor: {'; '.join(told)}. This is told and not held below the target." if told else ""


def document(text: str) -> str:
    """The document with each table between `<!-- key -->` and `<!-- /key -->` as the kept steps say."""
    for key in JOURNEYS:
        kept = json.loads((KEPT / f"{key}.json").read_text(encoding="utf-8"))
        head, begin, rest = text.partition(f"<!-- {key} -->\n")
        _old, end, tail = rest.partition(f"<!-- /{key} -->")
        if not begin or not end:
            raise SystemExit(f"docs/journeys.md has no place for {key}: write <!-- {key} --> and <!-- /{key} -->, each on a line of its own.")
        text = f"{head}{begin}{table(key, kept)}\n{end}{tail}"
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")

"""Reasons that were prepared and not typed: kept as facts, and made anew in the language of whoever reads them."""

import json
from collections.abc import Mapping
from typing import Any, Final

from trainee.kit.i18n import LANGUAGES, _, force_locale, language
from trainee.kit.trtext import squeeze
from trainee.modules.library.content import Lesson, Module
from trainee.profile import LACKING, Gap, Lacking
from trainee.profile.policy import level_of
from trainee.skills import framework

Facts = Mapping[str, Any]
# What everybody begins with when the site is set up.
FIRST: Final[Facts] = {"of": "first"}
_LONGEST: Final = 500
_HIGHEST: Final = 4
_NAMES: Final = ("of", "skill", "line", "share", "beside", "well", "most", "faded", "module", "lesson")


def of_gap(gap: Gap) -> dict[str, Any]:
    """That it answers a gap, with the figures of that day."""
    one = gap.lacking
    more = {name: True for name in ("most", "faded") if getattr(one, name)}
    return {"of": "gap", "skill": gap.skill, "line": one.line, "share": one.level, "beside": one.beside, "well": one.well, **more}


def of_lesson(module: Module, lesson: Lesson) -> dict[str, Any]:
    """That a question of the lesson was missed."""
    return {"of": "lesson", "module": module.key, "lesson": lesson.key}


def reason(facts: Facts, modules: Mapping[str, Module]) -> str | None:
    """The sentence in the reader's language; None when what it speaks of is no longer there, or never was."""
    if facts.get("of") == "gap":
        return _gap(facts)
    if facts.get("of") == "first":
        return str(_("Everybody here begins with this."))
    module = modules.get(str(facts.get("module")))
    lesson = module.lesson(str(facts.get("lesson"))) if module is not None else None
    if lesson is None:
        return None
    return str(_("A question of the lesson “%(title)s” was missed. Please read it once more.", title=lesson.title.of(language())))


def _gap(facts: Facts) -> str | None:
    frame, skill = framework(), str(facts.get("skill"))
    share, beside, well = (facts.get(name) for name in ("share", "beside", "well"))
    if skill not in frame or facts.get("line") not in LACKING or well not in (None, True, False):
        return None
    stands, next_to = _level(share), _level(beside)
    if stands is None or next_to is None:
        return None
    lacking = Lacking(facts["line"], stands, next_to, well, facts.get("most") is True, facts.get("faded") is True)
    return f"{frame.skill(skill).name.of(language())}: {lacking.sentence}"


def _level(told: Any) -> int | None:
    """A level as it is kept; one that was kept as a share of the points is the level of that share."""
    if isinstance(told, bool) or not isinstance(told, int | float) or not -_HIGHEST <= told <= _HIGHEST:
        return None
    return int(told) if told == int(told) else level_of(told) if told > 0 else None


def words(why: str, facts: Facts | None, modules: Mapping[str, Module]) -> str:
    """Why something was asked, as it is read: prepared words in the reader's language, typed ones as they were typed."""
    return why if facts is None else reason(facts, modules) or why


def taken_over(sent: str, typed: str, modules: Mapping[str, Module]) -> dict[str, Any] | None:
    """The facts that a form carried, if what it says is still exactly their sentence, in whichever language it was prepared; otherwise None."""
    try:
        facts = json.loads(sent[:_LONGEST])
    except ValueError:
        return None
    if not isinstance(facts, dict) or not any(_says(facts, squeeze(typed), lang, modules) for lang in LANGUAGES):
        return None
    return {name: facts[name] for name in _NAMES if name in facts}


def _says(facts: Facts, typed: str, lang: str, modules: Mapping[str, Module]) -> bool:
    with force_locale(lang):
        return squeeze(reason(facts, modules) or "") == typed != ""

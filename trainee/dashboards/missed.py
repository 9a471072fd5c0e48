"""Questions that were missed lately, as a page shows them: to the person with the lesson that tells each, and to who leads a team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Final

from markupsafe import escape

from trainee import profile
from trainee.kit import trtext
from trainee.kit.i18n import _, _n, date_words, language, percent
from trainee.kit.web import address
from trainee.modules import library
from trainee.modules.library.content import Lesson, Module
from trainee.modules.progress.queries import Parts
from trainee.modules.questions import Question
from trainee.modules.reviews.queries import question_of
from trainee.plans import Training, placed
from trainee.profile import ManyMissed, Try

_STEM: Final = 170
# So many lessons, questions of a team, and people who have not put one right yet, are shown at most.
_LESSONS: Final = 12
_QUESTIONS: Final = 3
_PEOPLE: Final = 8
_ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class ToReread:
    """A lesson and the questions of it that were missed lately; `words` says when, and whether the lesson was read since."""

    title: str
    stems: list[str]
    words: str
    minutes: int
    url: str
    module_key: str
    lesson_key: str


def to_reread(missed: Sequence[Try], offered: Training, parts: Mapping[str, Parts], skill: str = "") -> list[ToReread]:
    """The lessons that tell what was missed lately, the newest miss first, with `skill` of that one only; a question with no lesson is left out."""
    found: dict[tuple[str, str], list[Try]] = {}
    for one in missed:
        place = placed(one.item, offered)
        if place is not None and skill in ("", one.skill):
            found.setdefault((place[0].key, place[1].key), []).append(one)
    return [_to_reread(offered.modules[module], lesson, tries, parts) for (module, lesson), tries in list(found.items())[:_LESSONS]]


def _to_reread(module: Module, lesson_key: str, tries: Sequence[Try], parts: Mapping[str, Parts]) -> ToReread:
    lesson = module.lesson(lesson_key)
    assert lesson is not None
    done = parts.get(module.key, {}).get(f"lesson/{lesson_key}")
    when = str(_("Missed on %(date)s.", date=date_words(tries[0].at)))
    read_since = done is not None and done[1] > tries[0].at
    more = str(_("The lesson was read since; the reviews will ask again.")) if read_since else str(_("The lesson tells it."))
    stems = [stem(question) for one in tries if (question := question_of(module, one.item)) is not None]
    url = address("lessons.lesson", module_key=module.key, lesson_key=lesson_key)
    return ToReread(lesson.title.of(language()), stems, f"{when} {more}", lesson.minutes, url, module.key, lesson_key)


def stem(question: Question) -> str:
    """What a question asks, cut to a line or two."""
    words = question.stem.of(language())
    if "{{" in words:
        words = library.filled(str(escape(words)), language()).striptags()
    return shorten(words, _STEM, placeholder=" …")


@dataclass(frozen=True, slots=True)
class TeamMissed:
    """A question that many of a team missed: the whole in sentences, and those who have not put it right yet by id and name."""

    stem: str
    lesson: str
    url: str
    words: str
    compared: str
    mended: str
    all_mended: bool
    open: list[tuple[int, str]]
    more: int
    module_key: str
    lesson_key: str
    skill: str
    # Where it speaks of the process and not of people, in a sentence; else empty.
    process: str
    # The answers that missed it: whose, by id and name, when, and whether it was put right since; and how many more there are.
    rows: list[tuple[int, str, str, bool]]
    more_rows: int


def team_missed(line: Mapping[int, str], offered: Training, at: datetime) -> list[TeamMissed]:
    """What many of these people, by id and name, missed within the last ninety days, the clearest first. One statement."""
    found = [(one, place) for one in profile.missed_by_many(line, at) if (place := placed(one.item, offered)) is not None]
    return [_team_missed(one, *place, line) for one, place in found[:_QUESTIONS]]


def _team_missed(one: ManyMissed, module: Module, lesson: Lesson, question: Question, names: Mapping[int, str]) -> TeamMissed:
    missed, mended = len(one.missed), len(one.mended)
    shown = sorted(((person_id, names[person_id]) for person_id in one.open), key=lambda pair: trtext.sort_key(pair[1]))
    return TeamMissed(
        stem=stem(question),
        lesson=lesson.title.of(language()),
        url=address("lessons.lesson", module_key=module.key, lesson_key=lesson.key),
        words=str(_("%(missed)s of %(asked)s missed it since %(date)s.", missed=missed, asked=one.asked, date=date_words(one.since))),
        compared=_compared(one),
        mended=_mended(mended, missed),
        all_mended=mended == missed,
        open=shown[:_PEOPLE],
        more=max(len(shown) - _PEOPLE, 0),
        module_key=module.key,
        lesson_key=lesson.key,
        skill=one.skill,
        process=_process(one),
        rows=[(row.person_id, names[row.person_id], date_words(row.at.date()), row.person_id in one.mended) for row in one.answers[:_ROWS]],
        more_rows=max(missed - _ROWS, 0),
    )


def _process(one: ManyMissed) -> str:
    if not one.of_process:
        return ""
    said = _(
        "Talk about the process before the person: %(missed)s of %(asked)s in the whole company missed it in those weeks.",
        missed=one.everywhere.missed,
        asked=one.everywhere.asked,
    )
    # Said apart: what stands inside an f-string is not found by who collects sentences to translate.
    if one.before is None:
        why = _("Perhaps a rule is new and nobody was told, or the lesson or the question is not clear.")
    else:
        why = _("Before then it was answered well: something has changed, or nobody was told.")
    return f"{said} {why}"


def _compared(one: ManyMissed) -> str:
    usual = percent(one.others.missed / one.others.asked) if one.others.asked else percent(0.0)
    if one.before is None:
        return str(_("Of the other questions of those weeks they missed %(usual)s.", usual=usual))
    before = percent(one.before.missed / one.before.asked)
    return str(_("Of the other questions of those weeks they missed %(usual)s, and of this one before %(before)s.", usual=usual, before=before))


def _mended(mended: int, missed: int) -> str:
    if not mended:
        return str(_("Nobody has put it right yet: who answers it right in a quiz or a review has."))
    return str(_n("Put right since by %(num)d of %(missed)s.", "Put right since by %(num)d of %(missed)s.", mended, missed=missed))

"""Question analysis: which questions are too easy or too hard, and which do not separate."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from trainee import skills
from trainee.kit.i18n import _l, language, percent
from trainee.kit.intervals import wilson
from trainee.modules.library import Module
from trainee.modules.questions import Question, kind_of
from trainee.reports.column import MEAN, Adds, Column, Row
from trainee.reports.figures import FACILITY, UNSEPARATING
from trainee.reports.filters import Asked
from trainee.reports.items import FACILITY_FROM, Item, in_order, items
from trainee.reports.kinds import kinds
from trainee.reports.picture import Bars
from trainee.reports.report import Report

VERDICTS = {
    "few": _l("Too few people to tell"),
    "easy": _l("Very easy: over 90 in 100 right"),
    "hard": _l("Very hard: under 30 in 100 right"),
    "weak": _l("Does not separate"),
    "fair": _l("Separates fairly"),
    "good": _l("Separates well"),
}


@dataclass(frozen=True, slots=True)
class Analysed:
    """One question with its figures."""

    module: Module
    question: Question
    item: Item

    @property
    def n(self) -> int:
        """How many people's first tries."""
        return self.item.n

    @property
    def points(self) -> float:
        """Their scores together."""
        return self.item.points

    @property
    def discrimination(self) -> float | None:
        """How its score goes with the rest of the quiz."""
        return self.item.discrimination


_FACILITY = Adds(sums=False, weigh=lambda fact: (fact.points, fact.n), least=FACILITY_FROM)


@kinds.register
class Questions(Report):
    """One row for each question of the quizzes in use."""

    key = "questions"
    place = 28
    title = _l("Question analysis")
    says = _l(
        "One row for each question of a quiz, by everybody's first try: facility says how much of its points people get on "
        "average, told from ten people on; discrimination says how far those who do well in the rest of the quiz do better here, too, from −1 to +1, "
        "told from thirty. Nobody is named."
    )
    takes = ("unit", "team", "module", "since", "until", "left")
    whole = ("trainer",)
    period = _l("begun")
    figures = (FACILITY, UNSEPARATING)
    pictures = (Bars(_l("How the questions are"), lambda fact: ((fact.item.verdict, 1.0),), lambda: VERDICTS, _l("What it shows")),)
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("module_code", _l("Module code")),
        Column("module", _l("Module"), on_page=False),
        Column("question", _l("Question's name"), on_page=False),
        Column("stem", _l("Question")),
        Column("kind", _l("Type"), below="stem"),
        Column("difficulty", _l("Meant to be"), "choice", {"easy": _l("easy"), "medium": _l("medium"), "hard": _l("hard")}, below="stem"),
        Column("skill", _l("Skill"), below="stem"),
        Column("n", _l("People"), "whole", adds=MEAN),
        Column("facility", _l("Facility"), "share", adds=_FACILITY),
        Column("facility_low", _l("At least"), "share", on_page=False),
        Column("facility_high", _l("At most"), "share", on_page=False),
        Column("discrimination", _l("Discrimination"), "number"),
        Column("verdict", _l("What it shows"), "choice", VERDICTS),
        Column("left_open", _l("Left open"), "whole", adds=Adds(), below="stem"),
        Column("picks", _l("What was picked"), below="stem"),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Which question, how hard it is, and whether it separates."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Analysed]:
        """Question by question, in the order of the modules' codes and of their quizzes."""
        for module, question, item in in_order(items(self.scoped(asked))):
            yield Analysed(module, question, item)

    def row(self, fact: Analysed, asked: Asked) -> Row:
        """Its cells."""
        lang, item, question = language(), fact.item, fact.question
        skill = skills.framework().skill(question.skill).name.of(lang)
        about = (fact.module.code, fact.module.title.of(lang), question.id, question.stem.of(lang), str(kind_of(question).title), question.difficulty)
        # Scores between 0 and 1 spread less than zeros and ones of the same mean, so this interval is rather too wide than too narrow.
        ends = wilson(item.facility, item.n) if item.facility is not None else (None, None)
        separates = round(item.discrimination, 2) if item.discrimination is not None else None
        told = item.facility is not None
        return (
            *about,
            skill,
            item.n,
            item.facility,
            *ends,
            separates,
            item.verdict,
            item.left_open if told else None,
            _picks(fact) if told else None,
        )


def _picks(fact: Analysed) -> str | None:
    """Each option with the share that picked it, right ones marked with a tick."""
    options = kind_of(fact.question).options(fact.question)
    told = [
        f"{'✓ ' if one.correct else ''}{one.text.of(language())}: {percent(fact.item.picks.get(one.id, [0.0])[0] / fact.item.n)}" for one in options
    ]
    return "; ".join(told) or None

"""What is picked of the options of questions, and by whom: by those who know the rest, or by those who do not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from trainee.kit.i18n import _l, language
from trainee.modules.library import Module
from trainee.modules.questions import Question, kind_of
from trainee.modules.questions.kind import Option
from trainee.reports.column import Column, Row
from trainee.reports.filters import Asked
from trainee.reports.items import FACILITY_FROM, Item, in_order, items
from trainee.reports.kinds import kinds
from trainee.reports.report import FEWEST, Report

_RIGHT = {"yes": _l("Right"), "no": _l("Wrong")}
_SHOWS = {
    "few": _l("Too few people to tell"),
    "works": _l("Works"),
    "unused": _l("Hardly anybody picks it"),
    "strong": _l("Picked by those who know the rest"),
}
# A wrong option that fewer pick might as well not be there (Haladyna and Downing 1993).
_UNUSED = 0.05


@dataclass(frozen=True, slots=True)
class Optioned:
    """One option of one question."""

    module: Module
    question: Question
    option: Option
    item: Item

    @property
    def picked(self) -> int:
        """How many picked it."""
        return round(self.item.picks.get(self.option.id, [0.0])[0])

    @property
    def rest(self) -> float | None:
        """The mean score in the rest of the quiz of those who picked it; None for fewer than five."""
        return self.item.picks[self.option.id][1] / self.picked if self.picked >= FEWEST else None

    @property
    def shows(self) -> str:
        """few, works, unused (a wrong one that hardly anybody picks) or strong (a wrong one of those who do better than all)."""
        if self.item.n < FACILITY_FROM:
            return "few"
        if self.option.correct:
            return "works"
        if self.picked / self.item.n < _UNUSED:
            return "unused"
        return "strong" if self.rest is not None and self.rest > self.item.rest / self.item.n else "works"


@kinds.register
class Options(Report):
    """One row for each option of each question that has options."""

    key = "question_options"
    place = 29
    title = _l("Options of questions")
    says = _l(
        "One row for each option of a question, by everybody's first try: how many picked it, and how they did in the rest of the quiz. A wrong "
        "option that hardly anybody picks, or that those pick who know the rest, is worth another look. Told from ten people on."
    )
    takes = ("unit", "team", "module", "since", "until", "left")
    whole = ("trainer",)
    period = _l("begun")
    _columns: ClassVar[tuple[Column, ...]] = (
        Column("module_code", _l("Module code")),
        Column("question", _l("Question's name"), on_page=False),
        Column("stem", _l("Question")),
        Column("option", _l("Option")),
        Column("right", _l("Right or wrong"), "choice", _RIGHT),
        Column("n", _l("People"), "whole"),
        Column("picked", _l("Picked"), "share"),
        Column("rest", _l("Their score in the rest"), "share"),
        Column("shows", _l("What it shows"), "choice", _SHOWS),
    )

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        """Which option, and who picks it."""
        return self._columns

    def facts(self, asked: Asked) -> Iterator[Optioned]:
        """Option by option, as their authors wrote them."""
        for module, question, item in in_order(items(self.scoped(asked))):
            for option in kind_of(question).options(question):
                yield Optioned(module, question, option, item)

    def row(self, fact: Optioned, asked: Asked) -> Row:
        """Its cells."""
        lang, told = language(), fact.item.n >= FACILITY_FROM
        about = (fact.module.code, fact.question.id, fact.question.stem.of(lang), fact.option.text.of(lang), "yes" if fact.option.correct else "no")
        return (*about, fact.item.n, fact.picked / fact.item.n if told else None, fact.rest if told else None, fact.shows)

"""One page of a report: its rows, its figures and its pictures, all of one pass over its facts."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from trainee.reports.figures import Figure, Measured, measure
from trainee.reports.filters import Asked
from trainee.reports.picture import Drawn, seen_by
from trainee.reports.report import Report

PAGE: Final = 50


class Shown:
    """What stands on one page of a report. With `behind` its rows are only those that count in that figure."""

    def __init__(self, report: Report, asked: Asked, page: int, *, counted: bool, behind: Figure | None = None) -> None:
        self._report, self._asked, self._first, self._behind = report, asked, (page - 1) * PAGE, behind
        self.rows: list[Any] = []
        self.many = 0
        self.more = False
        self.figures: list[Measured] = []
        self.pictures: list[Drawn] = []
        if counted:
            self._count()
        else:
            self._page_only()

    def _count(self) -> None:
        drawings = [one.begin(self._asked) for one in self._report.pictures]
        self.figures = measure(self._report.figures, seen_by(drawings, self._facts()), self._report.left_out(self._asked))
        self.pictures = [drawn for one in drawings if (drawn := one.drawn()) is not None]
        self.more = self.many > self._first + PAGE

    def _facts(self) -> Iterator[Any]:
        """Every fact, once; those of the page are kept as rows on the way."""
        for fact in self._report.facts(self._asked):
            if self._behind is None or self._behind.counts(fact):
                if self._first <= self.many < self._first + PAGE:
                    self.rows.append(self._report.row(fact, self._asked))
                self.many += 1
            yield fact

    def _page_only(self) -> None:
        """Only as far as the page goes."""
        asked = replace(self._asked, one_page=True)
        wanted = (
            self._report.rows(asked)
            if self._behind is None
            else (self._report.row(fact, asked) for fact in self._report.facts(asked) if self._behind.counts(fact))
        )
        found = list(islice(wanted, self._first, self._first + PAGE + 1))
        self.rows, self.more = found[:PAGE], len(found) > PAGE

"""What a report is: a table with a meaning, made of what its viewer may see, with its figures beside it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, ClassVar, Final

from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _, _l
from trainee.people import Viewer
from trainee.reports.column import Column, Row
from trainee.reports.figures import Figure, Measured, measure
from trainee.reports.filters import Asked, in_words
from trainee.reports.picture import Drawn, Picture, seen_by
from trainee.reports.population import how_many

# What fewer people did is told of none of them to somebody who does not lead them.
FEWEST: Final = 5
_BATCH = 500
# Where each group of the list begins: a report belongs to the last one that begins at or before its place.
GROUPS: Final = (
    (10, _l("Who learned what")),
    (25, _l("Quizzes and role-plays")),
    (30, _l("Assignments, hours, certificates")),
    (50, _l("Skills and expectations")),
    (80, _l("Coaching and observation")),
    (95, _l("Customers and effect")),
    (110, _l("Who did what in the system")),
)
# What comes after the first statement of a description is told on the report's own page.
_STATEMENT = re.compile(r"[.:;] | \(")


class Report(ABC):
    """One kind of report. A fact is what one row tells; figures are counted from the same facts, so that both always agree.

    Facts come in chunks of people, each with a constant number of statements, and nothing holds them all: a table may be as long as it is.
    """

    key: ClassVar[str]
    # Where it stands among the others, the lowest first.
    place: ClassVar[int]
    title: Any
    # What a row is, in a sentence.
    says: Any
    roles: tuple[str, ...] = ("hr", "admin", "supervisor")
    takes: tuple[str, ...] = ("unit", "team", "left")
    # What its days select: “completed”, “seen”.
    period: Any = ""
    figures: tuple[Figure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    # Who may have it of the whole organisation without answering for anybody, because it names nobody.
    whole: tuple[str, ...] = ()

    @property
    def brief(self) -> str:
        """What a row is, for a list: the first statement of `says`, in the reader's language."""
        return _STATEMENT.split(str(self.says), maxsplit=1)[0].rstrip(".") + "."

    @abstractmethod
    def columns(self, asked: Asked) -> Sequence[Column]:
        """Its columns, in order."""

    @abstractmethod
    def facts(self, asked: Asked) -> Iterator[Any]:
        """Its facts, in the order of its rows: of people whom the viewer may see, as the filters select them."""

    @abstractmethod
    def row(self, fact: Any, asked: Asked) -> Row:
        """The cells of one fact, as many as there are columns."""

    def rows(self, asked: Asked) -> Iterator[Row]:
        """Its rows."""
        return (self.row(fact, asked) for fact in self.facts(asked))

    def batches(self, asked: Asked) -> Iterator[list[Row]]:
        """Its rows, some hundred at a time, for a format that writes as many as there are. Moments may be as the database keeps them."""
        rows = self.rows(asked)
        while batch := list(islice(rows, _BATCH)):
            yield batch

    def measured(self, asked: Asked) -> list[Measured]:
        """Its figures over everything the filters select."""
        return measure(self.figures, self.facts(asked), self.left_out(asked)) if self.figures else []

    def drawn(self, asked: Asked) -> tuple[list[Measured], list[Drawn]]:
        """Its figures and its pictures over everything the filters select, in one pass."""
        drawings = [one.begin(asked) for one in self.pictures]
        if not drawings:
            return self.measured(asked), []
        figures = measure(self.figures, seen_by(drawings, self.facts(asked)), self.left_out(asked))
        return figures, [one for drawing in drawings if (one := drawing.drawn()) is not None]

    def left_out(self, asked: Asked) -> Collection[Figure]:
        """Those of its figures that count what the filters leave out."""
        return ()

    def thing(self, fact: Any) -> tuple[str, Any] | None:
        """Where several rows in a row tell of one thing that counts once: the field that marks the first of them, and which thing."""
        return None

    def address(self, asked: Asked) -> dict[str, Any]:
        """What is asked for, as an address or the log keeps it."""
        return dict(asked.filters.address())

    def in_words(self, asked: Asked) -> list[str]:
        """What is asked for, a sentence each."""
        return in_words(asked.filters, str(self.period))

    def wrong(self, asked: Asked) -> list[str]:
        """What is asked for that it cannot tell, a sentence each."""
        return []

    def scoped(self, asked: Asked) -> Asked:
        """What is asked, for everybody where the viewer may have that; a Refusal where she narrows it so far that it would tell of single people."""
        if not asked.who.holds(*self.whole) or asked.who.holds("hr", "admin"):
            return asked
        found = replace(asked, whole=True)
        narrowed = asked.filters.team is not None or asked.filters.unit is not None
        if narrowed and how_many(found, once=True) < FEWEST:
            raise Refusal(_("Of fewer than five people this is told only to those who lead them. Please choose more."), 422)
        return found

    def open_to(self, who: Viewer) -> bool:
        """Whether somebody with these roles may have it at all; of whom it tells is another question."""
        return who.holds(*self.roles, *self.whole)

    def require(self, who: Viewer) -> None:
        """Forbidden, in a sentence, unless it is open to her."""
        if not self.open_to(who):
            raise Forbidden(_("This report is for other roles than yours. If you need it, please ask HR."))

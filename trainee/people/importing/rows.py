"""A row of a file of people on its way through the plan, and the plan: values that are worked out and never asked of anybody."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from trainee.kit import trtext
from trainee.people.importing.present import Somebody


class _Folds(dict[str, str]):
    """Texts with their folded forms: each is asked for some ten times while a plan is made, and forgotten when it is."""

    def __missing__(self, written: str) -> str:
        found = self[written] = trtext.fold(written)
        return found


folds = _Folds()
fold = folds.__getitem__
Problem = dict[str, Any]
Where = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Rules:
    """How a file is to be taken: `fields` is what each column is, `close_missing` whether whoever is not in it is closed."""

    fields: Sequence[str]
    close_missing: bool = False
    make_places: bool = True
    # The unit of new teams for which the file names none.
    unit: str = ""
    language: str = "tr"
    # The job title of whoever comes without one.
    job: str = "—"
    by_id: int | None = None
    # Whether whoever takes it may close an administrator's account.
    over_admins: bool = False
    # A row that ends early is half a row in a CSV, and only empty cells in a workbook.
    ragged: bool = True
    # Whether the workbook counts its days from 1904.
    since_1904: bool = False


@dataclass(slots=True)
class Row:
    """One row on its way through the plan, or (without a number) somebody the file does not name."""

    number: int | None
    given: dict[str, Any] = field(default_factory=dict)
    told: list[Problem] = field(default_factory=list)
    who: Somebody | None = None
    refused: bool = False
    passed: bool = False
    # Whether nothing more is looked at in it: its cells may stand in other columns than they say, or it is about somebody who has left.
    settled: bool = False
    closes: bool = False
    opens: bool = False
    # Who supervises her, by the direct line and by the one beside it: ("person", id) or ("row", its place among the rows).
    above: Where | None = None
    beside: Where | None = None
    above_name: str = ""
    beside_name: str = ""
    leads: bool = False
    # Whether anybody who is here reports to her today.
    still_leads: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)

    def refuse(self, code: str, column: int | None = None, **more: Any) -> None:
        """This row is not taken, and why."""
        self.refused = True
        self.told.append({"code": code, "column": column, **more})

    @property
    def taken(self) -> bool:
        """Whether it does something, as far as is known yet."""
        return not self.refused and not self.passed

    @property
    def looked_at(self) -> bool:
        """Whether what stands in it is looked at: a row that is refused already is told of everything else that is wrong with it as well."""
        return not self.passed and not self.settled

    def complains_of(self, columns: Collection[int]) -> bool:
        """Whether anything was said of these columns already."""
        return any(told["column"] in columns for told in self.told)

    @property
    def name(self) -> str:
        """What whoever it is about is called."""
        return str(self.given.get("name") or (self.who.name if self.who else "") or "")

    @property
    def outcome(self) -> str:
        """The one word for what becomes of it."""
        if self.refused:
            return "refused"
        if self.passed:
            return "passed"
        if self.who is None:
            return "created"
        if self.closes and "account" in self.changes:
            return "closed"
        if "team" in self.changes:
            return "moved"
        return "changed" if self.changes else "same"


@dataclass(slots=True)
class Plan:
    """What a file would do: its rows, those it does not name, and what is to be said of it as a whole."""

    rows: list[Row] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    # New teams as (name, unit, place of the row that leads it), new units by name.
    teams: dict[str, tuple[str, str, int | None]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    findings: list[Problem] = field(default_factory=list)

    @property
    def all(self) -> list[Row]:
        """Every row, those of people it does not name at the end."""
        return [*self.rows, *self.missing]

    def counts(self) -> dict[str, int]:
        """How many rows of each outcome."""
        return dict(Counter(row.outcome for row in self.all))

    def digest(self) -> str:
        """The sum of everything it would do."""
        sums = hashlib.sha256()
        for row in self.all:
            sums.update(json.dumps([row.number, row.outcome, row.who.id if row.who else 0, row.changes], sort_keys=True).encode())
        return sums.hexdigest()

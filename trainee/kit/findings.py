"""What a reader of content files has to say to their author: all of it, with the place and the mend."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "advice"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong (error), doubtful (warning) or good to know (advice) at one line of one file, and how to mend it."""

    path: str
    line: int
    message: str
    mend: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        words = f"{self.message} {self.mend}".strip()
        return f"{self.path}:{self.line}: {'' if self.severity == 'error' else f'{self.severity}: '}{words}"


class Findings:
    """Collects findings while files are read, so that an author hears everything at once.

    Whoever goes through them meets errors and warnings. Advice stands aside: it asks for no mend, so a file with advice only is clean.
    """

    def __init__(self) -> None:
        self._all: list[Finding] = []
        self._advice: list[Finding] = []

    def error(self, path: str, line: int, message: str, mend: str = "") -> None:
        """Note what must be mended before this can be published."""
        self._all.append(Finding(path, line, message, mend, "error"))

    def warn(self, path: str, line: int, message: str, mend: str = "") -> None:
        """Note what the author should look at; it stops nothing."""
        self._all.append(Finding(path, line, message, mend, "warning"))

    def advise(self, path: str, line: int, message: str, mend: str = "") -> None:
        """Note what is good to know and may stay as it is."""
        self._advice.append(Finding(path, line, message, mend, "advice"))

    def extend(self, others: "Findings") -> None:
        """Take over what another reader found."""
        self._all.extend(others._all)
        self._advice.extend(others._advice)

    def extend_within(self, others: "Findings", path: str) -> None:
        """Take over what another reader found in one file, or below one folder."""
        self._all.extend(one for one in others._all if one.path == path or one.path.startswith(f"{path}/"))

    @property
    def advice(self) -> list[Finding]:
        """The advice, by file and line."""
        return sorted(set(self._advice))

    @property
    def errors(self) -> list[Finding]:
        """The errors, by file and line."""
        return [finding for finding in self if finding.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """The warnings, by file and line."""
        return [finding for finding in self if finding.severity == "warning"]

    @property
    def ok(self) -> bool:
        """Whether nothing stops publishing."""
        return not self.errors

    def __iter__(self) -> Iterator[Finding]:
        # The same thing noticed twice is told once.
        return iter(sorted(set(self._all)))

    def __len__(self) -> int:
        return len(set(self._all))

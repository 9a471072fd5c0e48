"""What a format is: a way to write a sheet into a file, piece by piece."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from trainee.reports.sheet import Sheet


class Format(ABC):
    """One format. Its pieces are bytes; together they are the file. None of them needs more memory than some hundred rows."""

    key: ClassVar[str]
    place: ClassVar[int]
    title: ClassVar[Any]
    # What it is good for, in a sentence.
    says: ClassVar[Any]
    extension: ClassVar[str]
    mime: ClassVar[str]
    # Whether a file of it may be as long as it likes. One that may not says so itself and is never made beside the site.
    endless: ClassVar[bool] = True
    # How often it goes through everything: once for the rows, and once more for the figures that stand in it.
    passes: ClassVar[int] = 1

    @abstractmethod
    def pieces(self, sheet: Sheet) -> Iterator[bytes]:
        """The file of this sheet, in pieces."""

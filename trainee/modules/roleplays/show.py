"""Something on the learner's screen or before her eyes when a scene begins, a mail, a post, a record; and the words that come with it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from trainee.kit.words import Text

if TYPE_CHECKING:
    from trainee.modules.roleplays.reading import Cursor


@dataclass(frozen=True, kw_only=True)
class Show(ABC):
    """One thing that is shown as what it is; drawn by the template of its kind."""

    kind: ClassVar[str]

    @abstractmethod
    def texts(self) -> Iterator[Text]:
        """Everything there is to read in it, from top to bottom."""

    @abstractmethod
    def page(self, lang: str, customer: str, agent: str) -> dict[str, Any]:
        """What its template needs, as plain values in one language; `customer` and `agent` stand where no name is written."""

    def about(self) -> Text | None:
        """What it is about, for what is answered to it; None where it bears no subject."""
        return None


@dataclass(frozen=True, slots=True)
class Scripted(Text):
    """What a scene begins with where things are shown: as a text it is all there is to read, in order."""

    shows: tuple[Show, ...]
    said: Text | None
    """What is said beside them, if anything is."""


def scripted(shows: Sequence[Show], said: Text | None) -> Scripted:
    """The shows and the words that follow them."""
    texts = [text for show in shows for text in show.texts()] + ([said] if said else [])
    return Scripted(" ".join(text.tr for text in texts), " ".join(text.en for text in texts), tuple(shows), said)


class ShowKind(ABC):
    """Reads one kind of show from a story file."""

    key: ClassVar[str]

    @abstractmethod
    def read(self, at: "Cursor") -> Show:
        """What is written there; what is wrong is noted on the cursor and something usable is returned all the same."""

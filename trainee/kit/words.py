"""A text of the content, in both languages."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, StringConstraints

# What an author writes for a reader: never empty, without blanks around it.
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@dataclass(frozen=True, slots=True)
class Text:
    """One text that a reader sees, written in Turkish and in English; neither is empty when it was read from a file."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    tr: Written
    en: Written

    def of(self, lang: str) -> str:
        """The words in `lang`, 'tr' or 'en'."""
        return self.en if lang == "en" else self.tr

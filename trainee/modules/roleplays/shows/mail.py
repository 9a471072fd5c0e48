"""A mail: from whom, to whom, about what, when, and its paragraphs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trainee.kit.words import Text
from trainee.modules.roleplays.reading import Cursor
from trainee.modules.roleplays.show import Show, ShowKind
from trainee.modules.roleplays.shows import kinds


@dataclass(frozen=True, kw_only=True)
class Mail(Show):
    """One mail. Without a name it comes from the customer and goes to whom the learner plays."""

    kind = "mail"
    sender: str
    to: str
    at: Text | None
    subject: Text
    paragraphs: tuple[Text, ...]

    def texts(self) -> Iterator[Text]:
        yield self.subject
        yield from self.paragraphs

    def about(self) -> Text | None:
        return self.subject

    def page(self, lang: str, customer: str, agent: str) -> dict[str, Any]:
        return {
            "sender": self.sender or customer,
            "to": self.to or agent,
            "at": self.at.of(lang) if self.at else "",
            "subject": self.subject.of(lang),
            "paragraphs": [text.of(lang) for text in self.paragraphs],
            "mine": False,
        }


@kinds.register
class MailKind(ShowKind):
    """`kind: mail`, with `subject` and `paragraphs`, and `from`, `to` and `date` where they are known."""

    key = "mail"

    def read(self, at: Cursor) -> Show:
        at.knows("from", "to", "date", "subject", "paragraphs")
        return Mail(
            sender=at.name("from", required=False),
            to=at.name("to", required=False),
            at=at.text("date") if "date" in at else None,
            subject=at.text("subject"),
            paragraphs=at.lines("paragraphs"),
        )

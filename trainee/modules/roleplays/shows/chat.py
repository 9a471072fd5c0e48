"""A window with an earlier chat: what was written by whom, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trainee.kit.words import Text
from trainee.modules.roleplays.reading import Cursor
from trainee.modules.roleplays.show import Show, ShowKind
from trainee.modules.roleplays.shows import kinds


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message; without a name it is the customer's. `ours` when one of us wrote it."""

    who: str
    ours: bool
    at: str
    say: Text


@dataclass(frozen=True, kw_only=True)
class Chat(Show):
    """What was written before the scene begins."""

    kind = "chat"
    title: Text
    messages: tuple[Message, ...]

    def texts(self) -> Iterator[Text]:
        yield self.title
        yield from (message.say for message in self.messages)

    def page(self, lang: str, customer: str, agent: str) -> dict[str, Any]:
        return {
            "title": self.title.of(lang),
            "messages": [
                {"who": message.who or (agent if message.ours else customer), "ours": message.ours, "at": message.at, "say": message.say.of(lang)}
                for message in self.messages
            ],
        }


@kinds.register
class ChatKind(ShowKind):
    """`kind: chat`, with `title` and `messages`."""

    key = "chat"

    def read(self, at: Cursor) -> Show:
        at.knows("title", "messages")
        return Chat(title=at.text("title"), messages=tuple(_read_message(item) for item in at.items("messages")))


def _read_message(at: Cursor) -> Message:
    at.knows("who", "ours", "at", "say")
    at.only()
    return Message(who=at.name("who", required=False), ours=at.flag("ours"), at=at.name("at", required=False), say=at.text("say"))

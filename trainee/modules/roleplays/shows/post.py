"""A post that everybody can read: its author, words and picture, how it was taken, and what others wrote below it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trainee.kit.words import Text
from trainee.modules.roleplays.reading import Cursor
from trainee.modules.roleplays.show import Show, ShowKind
from trainee.modules.roleplays.shows import kinds

MOST = 10_000_000
DRAWINGS = ("photo", "cracked-screen")
"""What can stand in the place of the picture; `photo` is a frame for any."""


@dataclass(frozen=True, kw_only=True)
class Post(Show):
    """One post. Without an author it is the customer's; of a picture there is a description."""

    kind = "post"
    author: str
    handle: str
    at: Text | None
    text: Text
    picture: Text | None
    drawing: str
    likes: int
    comments: int
    replies: tuple[tuple[str, Text], ...]

    def texts(self) -> Iterator[Text]:
        yield self.text
        if self.picture:
            yield self.picture
        yield from (say for _author, say in self.replies)

    def page(self, lang: str, customer: str, agent: str) -> dict[str, Any]:
        return {
            "author": self.author or customer,
            "handle": self.handle,
            "at": self.at.of(lang) if self.at else "",
            "text": self.text.of(lang),
            "picture": self.picture.of(lang) if self.picture else "",
            "drawing": self.drawing,
            "likes": self.likes,
            "comments": self.comments,
            "replies": [(author, say.of(lang)) for author, say in self.replies],
        }


@kinds.register
class PostKind(ShowKind):
    """`kind: post`, with `handle` and `text`, and `author`, `date`, `picture`, `likes`, `comments` and `replies` where there are any."""

    key = "post"

    def read(self, at: Cursor) -> Show:
        at.knows("author", "handle", "date", "text", "picture", "drawing", "likes", "comments", "replies")
        handle = at.name("handle")
        if handle and (not handle.startswith("@") or " " in handle):
            at.error("handle", "`handle` must be a name with @ in front", 'Write it in quotes, as in `"@burak"`.')
        return Post(
            author=at.name("author", required=False),
            handle=handle,
            at=at.text("date") if "date" in at else None,
            text=at.text("text"),
            picture=at.text("picture") if "picture" in at else None,
            drawing=at.one_of("drawing", DRAWINGS) if "drawing" in at else DRAWINGS[0],
            likes=at.integer("likes", 0, MOST, default=0),
            comments=at.integer("comments", 0, MOST, default=0),
            replies=tuple(_read_reply(item) for item in at.items("replies", required=False)),
        )


def _read_reply(at: Cursor) -> tuple[str, Text]:
    at.knows("author", "say")
    at.only()
    return at.name("author"), at.text("say")

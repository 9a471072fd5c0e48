"""What one kind of thing looks like to other programs: its fields, and a page of it."""

import base64
import binascii
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from trainee.people import Viewer

Type = Literal["integer", "number", "string", "date", "date-time", "boolean", "strings", "objects"]
MOST = 200
USUAL = 50


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a thing: its name, what stands in it, whether it may be empty, and what it means. `inner` are those of an object in it."""

    name: str
    type: Type
    says: str
    optional: bool = False
    inner: "tuple[Field, ...]" = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page is asked for: after which number, how many at most, and of which person alone."""

    who: Viewer
    at: datetime
    after: int
    limit: int
    person_id: int | None


class Resource(ABC):
    """One kind of thing. Its key is its scope and its place under /api/v1; things come in the order of a number that never changes."""

    key: ClassVar[str]
    says: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]

    @abstractmethod
    def page(self, wanted: Wanted) -> Sequence[tuple[int, Mapping[str, Any] | None]]:
        """The next things, each with its number; at most one more than `wanted.limit`, which says that there are more.

        None is what cannot be told any more: it counts for the page and does not stand on it.
        """


def cursor_after(key: str, number: int) -> str:
    """What the next page is asked with. It says nothing to a reader and may be kept."""
    return base64.urlsafe_b64encode(json.dumps([key, number]).encode()).decode().rstrip("=")


def read_cursor(key: str, cursor: str) -> int | None:
    """The number after which to go on; None for what is no cursor of this kind of thing."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return None
    good = isinstance(found, list) and len(found) == 2 and found[0] == key and type(found[1]) is int and 0 <= found[1] < 2**31
    return found[1] if good else None


def plain(value: Any) -> Any:
    """A value as JSON holds it: moments and days as ISO 8601, in UTC."""
    return value.isoformat() if hasattr(value, "isoformat") else value

"""What is looked at on a walk, by area."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from trainee.kit.i18n import _l
from trainee.kit.words import Text

AREAS = {"shop": _l("Shop"), "web": _l("Website"), "phone": _l("Phone")}
GROUPS = {
    "first": _l("First impression"),
    "welcome": _l("A human welcome"),
    "order": _l("Order and finding things"),
    "brand": _l("Our face to the outside"),
}
MARKS = (("2", _l("as it should be")), ("1", _l("partly")), ("0", _l("not")), ("", _l("does not apply")))
_FILE = Path(__file__).with_name("checklist.yaml")


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist."""

    key: str
    group: str
    words: Text
    # Whether its missing opens a card on the improvement board.
    welcome: bool


@cache
def checklist() -> Mapping[str, tuple[Item, ...]]:
    """The lines of each area, in their order."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        area: tuple(Item(one["key"], one["group"], Text(one["tr"], one["en"]), bool(one.get("welcome"))) for one in lines)
        for area, lines in read.items()
    }


def score_of(marks: Mapping[str, int]) -> float:
    """The share of what could be reached, 0..1, of the lines that apply; 0 where none does."""
    return sum(marks.values()) / (2 * len(marks)) if marks else 0.0

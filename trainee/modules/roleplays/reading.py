"""Walks through a story file: each value is read with its place, and what is wrong is noted while reading goes on."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.words import Text
from trainee.kit.yamltree import Path, Tree
from trainee.modules.roleplays.scene import Branch, Condition, Route

CRITICALS = ("disrespect", "data-breach", "false-promise", "rights-misstated", "authority-breach", "safety-ignored")
MOOD_CHANGE = (-3, 3)
SCORE = (0, 3)
_WORD = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\Z")
_CONDITION = ("mood_gte", "mood_lte", "flags_all", "flags_any", "flags_none", "any_critical", "critical")
_NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Reference:
    """One place where a story names a scene, an ending or a route."""

    line: int
    to: str


@dataclass
class Book:
    """What all cursors of one file share: the file, where to complain, and the names met on the way."""

    tree: Tree
    findings: Findings
    skills: Collection[str] | None
    routes: dict[str, Route] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    skills_named: list[Reference] = field(default_factory=list)
    branches: list[tuple[Branch, int]] = field(default_factory=list)
    """Every branch with its line: a route with a name is read once and used in many places."""


class Cursor:
    """One mapping of the file. Every reading method returns a usable value and notes what is wrong with the written one."""

    def __init__(self, book: Book, path: Path = ()) -> None:
        self.book = book
        self.path = path
        value = book.tree.get(*path) if path else book.tree.value
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self._known: set[str] = set()
        if not isinstance(value, dict):
            self.error(None, "keys and values are expected here", "Write `key: value` lines below it.")

    def __contains__(self, key: str) -> bool:
        return key in self.value

    def error(self, key: str | int | None, message: str, mend: str = "") -> None:
        """Note an error at this mapping's `key`, or at the mapping itself."""
        path = self.path if key is None else (*self.path, key)
        self.book.findings.error(self.book.tree.path, self.book.tree.line(*path), _sentence(message), mend)

    def warn(self, key: str | None, message: str, mend: str = "") -> None:
        """Note something doubtful at this mapping's `key`, or at the mapping itself."""
        path = self.path if key is None else (*self.path, key)
        self.book.findings.warn(self.book.tree.path, self.book.tree.line(*path), _sentence(message), mend)

    def line(self, *keys: str | int) -> int:
        """The line of what lies below this mapping."""
        return self.book.tree.line(*self.path, *keys)

    def knows(self, *keys: str) -> None:
        """These keys may be written here."""
        self._known.update(keys)

    def only(self) -> None:
        """Every other key is a slip of the pen."""
        for key in self.value:
            if key not in self._known:
                self.error(key, f"`{key}` is not known here", meant(str(key), self._known))

    def under(self, key: str) -> "Cursor":
        """The mapping written under `key`."""
        return Cursor(self.book, (*self.path, key))

    def items(self, key: str, required: bool = True) -> list["Cursor"]:
        """The mappings of the list written under `key`; an empty or missing list is noted when it is required."""
        value = self.value.get(key)
        if value is None and not required:
            return []
        if not isinstance(value, list) or not value:
            self.error(key if key in self else None, f"`{key}` must be a list of at least one", "Write one line with `- ` for each.")
            return []
        return [Cursor(self.book, (*self.path, key, number)) for number in range(len(value))]

    def flags(self, *keys: str) -> dict[str, list[int]]:
        """Every flag that is listed under one of these keys somewhere below this mapping, with its lines."""
        tree, depth = self.book.tree, len(self.path)
        found: dict[str, list[int]] = {}
        for path, place in tree.places.items():
            if len(path) > depth + 1 and path[-2] in keys and path[:depth] == self.path and isinstance(path[-1], int):
                found.setdefault(str(tree.get(*path)), []).append(place[0])
        return found

    def unique(self, key: str, items: Iterable["Cursor"]) -> None:
        """Note every id written twice among the items."""
        first: dict[str, int] = {}
        for item in items:
            name = item.value.get("id")
            if isinstance(name, str) and name in first:
                item.error("id", f"the id `{name}` is used twice in `{key}`; the first is in line {first[name]}", "Give each its own id.")
            elif isinstance(name, str):
                first[name] = item.line("id")

    def word(self, key: str) -> str:
        """An id: lower-case ASCII words joined by hyphens or underscores."""
        value = self.value.get(key)
        if not isinstance(value, str) or not _WORD.match(value):
            self._wrong(key, "must be an id", "Use lower-case ASCII letters, digits and hyphens, as in `first-ten-seconds`.")
            return ""
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of ids, empty when nothing is written."""
        value = self.value.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) and _WORD.match(word) for word in value):
            self._wrong(key, "must be a list of ids", "Write `[one, another]` in lower-case ASCII letters.")
            return ()
        return tuple(value)

    def text(self, key: str, required: bool = True) -> Text:
        """A text in both languages."""
        value = self.value.get(key)
        if value is None and not required:
            return _NOTHING
        if not isinstance(value, dict):
            self._wrong(key, "must be written in both languages", 'Write `{tr: "...", en: "..."}`.')
            return _NOTHING
        for language, name in (("tr", "Turkish"), ("en", "English")):
            words = value.get(language)
            if not isinstance(words, str) or not words.strip():
                self.error(key, f"the {name} (`{language}`) of `{key}` is missing", f"Add `{language}:`, in quotes.")
        for extra in set(value) - {"tr", "en"}:
            self.error(key, f"`{extra}` is not a language", "A text has `tr` and `en` and nothing else.")
        tr, en = (value.get(language) for language in ("tr", "en"))
        return Text(tr.strip() if isinstance(tr, str) else "", en.strip() if isinstance(en, str) else "")

    def texts(self, key: str) -> tuple[Text, ...]:
        """A list in both languages, line by line the same."""
        tr, en = self.phrases(key)
        if len(tr) != len(en):
            self.error(key, f"`{key}` has {len(tr)} lines in Turkish and {len(en)} in English", "Write the same lines in both languages.")
        return tuple(Text(*pair) for pair in zip(tr, en, strict=False))

    def lines(self, key: str) -> tuple[Text, ...]:
        """A list of at least one text in both languages, line by line the same."""
        texts = self.texts(key)
        if not texts and key not in self:
            self._wrong(key, "must hold a list of texts for each language", 'Write `{tr: ["..."], en: ["..."]}`.')
        elif not texts and not self.value[key]:
            self.error(key, f"`{key}` is empty", "Write at least one line in each language.")
        return texts

    def name(self, key: str, required: bool = True) -> str:
        """A text that is the same in both languages, a name; empty when nothing is written."""
        value = self.value.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.error(key if key in self else None, f"`{key}` must be a text", "Write it in quotes; a name is the same in both languages.")
            return ""
        return value.strip()

    def phrases(self, key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Two lists of words, Turkish and English; both or none are written."""
        value = self.value.get(key, {})
        lists = [value.get(language, []) if isinstance(value, dict) else None for language in ("tr", "en")]
        fine = all(isinstance(each, list) and all(isinstance(word, str) and word.strip("= ") for word in each) for each in lists)
        if not fine or not isinstance(value, dict) or set(value) - {"tr", "en"}:
            self.error(key, f"`{key}` must hold a list of texts for each language", 'Write `{tr: ["..."], en: ["..."]}`.')
            return (), ()
        tr, en = lists
        if bool(tr) != bool(en):
            self.error(key, f"`{key}` has words in one language only", "Write `tr:` and `en:`, each with its list.")
        return tuple(tr or ()), tuple(en or ())

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from `low` to `high`."""
        value = self.value.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self._wrong(key, f"must be a whole number from {low} to {high}", "Change the number.")
            return low
        return value

    def number(self, key: str, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        value = self.value.get(key)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not low <= value <= high:
            self._wrong(key, f"must be a number from {low:g} to {high:g}", "Change the number.")
            return low
        return float(value)

    def flag(self, key: str) -> bool:
        """`true` or `false`; false when nothing is written."""
        value = self.value.get(key, False)
        if not isinstance(value, bool):
            self._wrong(key, "must be true or false", "Write `true` or `false` without quotes.")
            return False
        return value

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """One of a few words."""
        value = self.value.get(key)
        if not isinstance(value, str) or value not in allowed:
            self._wrong(key, f"must be one of {', '.join(allowed)}", meant(str(value), allowed) if value is not None else "Choose one of these.")
            return allowed[0]
        return value

    def scores(self, key: str, low: int, high: int) -> dict[str, int]:
        """Points per skill."""
        value = self.value.get(key, {})
        if not isinstance(value, dict):
            self._wrong(key, "must hold points per skill", "Write `{empathy: 2}`.")
            return {}
        at = self.under(key) if value else None
        for skill in value:
            self._skill(skill, self.line(key, skill))
        return {skill: at.integer(skill, low, high) for skill in value} if at else {}

    def skill(self, key: str) -> str:
        """The id of one skill."""
        value = self.word(key)
        self._skill(value, self.line(key))
        return value

    def skills(self, key: str) -> tuple[str, ...]:
        """A list of at least one skill."""
        value = self.words(key)
        if not value:
            self._wrong(key, "must name at least one skill", "Write `[empathy]`; the skills are in content/skills.yaml.")
        for skill in value:
            self._skill(skill, self.line(key))
        return value

    def _skill(self, skill: str, line: int) -> None:
        if skill:
            self.book.skills_named.append(Reference(line, skill))
        if skill and self.book.skills is not None and skill not in self.book.skills:
            self.book.findings.error(self.book.tree.path, line, f"There is no skill `{skill}`.", meant(skill, self.book.skills, "skill"))

    def condition(self, key: str) -> Condition:
        """The condition written under `key`."""
        at = self.under(key)
        at.knows(*_CONDITION)
        at.only()
        return at.condition_here()

    def condition_here(self) -> Condition:
        """The condition this mapping holds, beside whatever else it holds."""
        any_critical = self.flag("any_critical")
        if "any_critical" in self and not any_critical:
            self.error("any_critical", "`any_critical` can only be true", "Delete it, or put the branch for `any_critical: true` before this one.")
        return Condition(
            mood_gte=self.integer("mood_gte", -20, 20) if "mood_gte" in self else None,
            mood_lte=self.integer("mood_lte", -20, 20) if "mood_lte" in self else None,
            flags_all=frozenset(self.words("flags_all")),
            flags_any=frozenset(self.words("flags_any")),
            flags_none=frozenset(self.words("flags_none")),
            any_critical=any_critical,
            critical=self.one_of("critical", CRITICALS) if "critical" in self else None,
        )

    def conditions_to_say(self, key: str, words: "Callable[[Cursor, str], Text]") -> tuple[tuple[Condition, Text], ...]:
        """`customer_when`: what is said instead, by condition; `words` reads what is said."""
        found = []
        for item in self.items(key, required=False):
            item.knows(*_CONDITION)
            said = words(item, "say")
            item.only()
            when = item.condition_here()
            if when.always:
                item.error(None, f"an entry of `{key}` has no condition", "Add one, or write it as `customer`.")
            found.append((when, said))
        return tuple(found)

    def route(self, key: str) -> Route:
        """Where it goes on: a scene, an ending, a named route, or a list of conditions."""
        value = self.value.get(key)
        if isinstance(value, str) and value in self.book.routes:
            return self.book.routes[value]
        if isinstance(value, str):
            return (self._branch(Condition(), value, self.line(key)),)
        if isinstance(value, list) and value:
            return self.branches(key)
        self._wrong(key, "must say where it goes on", "Name a scene, an ending or a route, or write a list of conditions.")
        return ()

    def branches(self, key: str) -> Route:
        """A list of conditions, each with `to`; the last one alone holds always."""
        items = self.items(key)
        branches = []
        for number, item in enumerate(items, 1):
            item.knows(*_CONDITION, "to")
            item.only()
            branch = self._branch(item.condition_here(), item.word("to"), item.line("to"))
            branches.append(branch)
            if branch.when.always and number < len(items):
                item.error(None, "this condition always fits, so what follows is never reached", "Put `{to: ...}` last.")
        if branches and not branches[-1].when.always:
            items[-1].error(None, "the last condition of a list may not fit, and then there is no way on", "End the list with `{to: ...}` alone.")
        return tuple(branches)

    def _branch(self, when: Condition, to: str, line: int) -> Branch:
        if to:
            self.book.references.append(Reference(line, to))
        branch = Branch(when, to)
        self.book.branches.append((branch, line))
        return branch

    def descending(self, key: str, least: Sequence[float], most: float) -> None:
        """`min` of bands: best first, none out of reach, the last one 0."""
        if not least:
            return
        if least[-1] != 0:
            self.error(key, "the last band must have `min: 0`", "Add a band for the weakest reply.")
        if any(earlier <= later for earlier, later in pairwise(least)):
            self.error(key, "the bands are not in order", "Write the highest `min` first.")
        if max(least) > most:
            self.error(key, f"a band asks for {max(least):g} and at most {most:g} can be reached", "Lower its `min`.")

    def _wrong(self, key: str, what: str, mend: str) -> None:
        if key in self:
            self.error(key, f"`{key}` {what}", mend)
        else:
            self.error(None, f"`{key}` is missing", f"Add `{key}:` here. It {what}.")


def _sentence(message: str) -> str:
    return message[0].upper() + message[1:] + "."

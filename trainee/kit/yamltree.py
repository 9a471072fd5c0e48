"""Reads YAML 1.2 with the place of everything, and refuses what authors stumble over.

PyYAML alone reads `on` as True, `12:30` as 750 and lets the last of two equal keys win without a word. Here the file is
only composed by PyYAML; values follow the YAML 1.2 core schema, and every value remembers its line and column.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trainee.kit.findings import Finding, Findings

Path = tuple[str | int, ...]
Place = tuple[int, int]
Model = TypeVar("Model", bound=BaseModel)

_DEPTH = 40
_LONGEST = 2_000_000
_NULL = re.compile(r"(?:|~|null|Null|NULL)\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INDENT_TAB = re.compile(r"^ *\t+ *\S", re.MULTILINE)


class _Loader(yaml.CSafeLoader):
    """Composes and leaves what words mean to us: PyYAML's own guesses, which take a third of the time, are switched off."""

    yaml_implicit_resolvers = {}


class Unreadable(Exception):
    """A file is not the YAML we read; `findings` says why, in full."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Tree:
    """A YAML file as plain values (dict, list, str, int, float, bool, None), with the place of each by its path."""

    path: str
    value: Any
    places: Mapping[Path, Place]

    def place(self, *at: str | int) -> Place:
        """Line and column (from 1) of what lies at the path `at`, or of the nearest thing around it."""
        for end in range(len(at), -1, -1):
            if at[:end] in self.places:
                return self.places[at[:end]]
        return (1, 1)

    def line(self, *at: str | int) -> int:
        """The line of what lies at the path `at`."""
        return self.place(*at)[0]

    def get(self, *at: str | int) -> Any:
        """The value at the path `at`, or None when there is nothing."""
        value = self.value
        for step in at:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def decode(data: bytes, path: str) -> str:
    """The text of a content file; Unreadable when it is not UTF-8 or holds NUL bytes or other control characters."""
    findings = Findings()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        findings.error(path, line, "This is not UTF-8 text.", "Save the file with the encoding UTF-8.")
        raise Unreadable(findings) from None
    for found in _CONTROL.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        name = "NUL byte" if found.group() == "\0" else "control character"
        findings.error(path, line, f"There is a {name} in this line.", "Delete it and type the words again.")
    if len(findings):
        raise Unreadable(findings)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(text: str | bytes, path: str) -> Tree:
    """Read one YAML document; `path` is what findings call the file. Raises Unreadable with everything that is wrong."""
    if isinstance(text, str):
        text = text.encode("utf-8", "surrogatepass")
    if len(text) > _LONGEST:
        findings = Findings()
        findings.error(path, 1, "The file is larger than two megabytes.", "Split it.")
        raise Unreadable(findings)
    clean = decode(text, path)
    findings = Findings()
    _look_for_tabs(clean, path, findings)
    if not len(findings):
        tree = _compose(clean, path, findings)
        if tree is not None and not len(findings):
            return tree
    raise Unreadable(findings)


def _look_for_tabs(text: str, path: str, findings: Findings) -> None:
    for found in _INDENT_TAB.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        findings.error(path, line, "This line is indented with a tab.", "Use blanks: two for each step.")


def _compose(text: str, path: str, findings: Findings) -> Tree | None:
    try:
        return _Builder(text, path, findings).tree()
    except yaml.MarkedYAMLError as error:
        _tell_syntax(error, path, findings)
    except yaml.YAMLError as error:
        findings.error(path, 1, f"This is not YAML: {error}.", "Look for a character that cannot be seen.")
    return None


class _TooDeep(Exception):
    """The file is nested more deeply than anybody writes; it was told, and reading ends there."""


class _Builder:
    """Makes values of a file's events in one pass, so that neither anchors nor deep nesting are ever composed.

    A chain of aliases would grow without end when walked, and composing walks into itself.
    """

    def __init__(self, text: str, path: str, findings: Findings) -> None:
        self.loader = _Loader(text)
        self.next: Callable[[], Any] = self.loader.get_event
        self.path, self.findings = path, findings
        self.places: dict[Path, Place] = {}

    def tree(self) -> Tree | None:
        """The whole file; None after telling why there is none."""
        try:
            self.next()
            if isinstance(self.next(), yaml.StreamEndEvent):
                self.findings.error(self.path, 1, "The file is empty.", "Copy an example from docs/authoring.md.")
                return None
            first = self.next()
            self.places[()] = _place(first)
            value = self.build(first, ())
            self.next()
            after = self.next()
        except _TooDeep:
            return None
        finally:
            self.loader.dispose()
        if not isinstance(after, yaml.StreamEndEvent):
            self._tell(after, "Here begins another document.", "Write one document a file; `---` stands in the first line only.")
        return Tree(self.path, value, self.places)

    def _tell(self, event: Any, message: str, mend: str) -> None:
        self.findings.error(self.path, _place(event)[0], message, mend)

    def build(self, event: Any, at: Path) -> Any:
        """The value that begins with an event, with the places of all that lies in it."""
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._tell(event, "Anchors and aliases (&name, *name) are not used here.", "Write the words out in each place.")
            if isinstance(event, yaml.AliasEvent):
                return None
        elif event.tag:
            self._tell(event, f"The tag {event.tag} is not used here.", "Delete it; put a number in quotes to make it a text.")
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else scalar(event.value)
        if len(at) >= _DEPTH:
            self._tell(event, "The file is nested too deeply.", "Write it flatter.")
            raise _TooDeep
        return self._list(at) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(at)

    def _list(self, at: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            here = (*at, len(items))
            self.places[here] = _place(event)
            items.append(self.build(event, here))
        return items

    def _mapping(self, at: Path) -> dict[Any, Any]:
        values: dict[Any, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            place = _place(event)
            # A key is what is written: `1:` and `on:` are the texts "1" and "on", as authors mean them.
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                self.build(event, (*at, ""))
                key = None
            else:
                key = event.value
            here = (*at, key or "")
            if key is None:
                self.findings.error(
                    self.path, place[0], "A key must be a single word.", "Write `key: value`; put a text that begins with [ or { in quotes."
                )
            elif key in values:
                message = f"The key {key!r} is written twice here; the first is in line {self.places[here][0]}."
                self.findings.error(self.path, place[0], message, "Delete or rename one of them.")
            else:
                self.places[here] = place
            value = self.build(self.next(), here)
            if key is not None:
                values.setdefault(key, value)
        return values


def _tell_syntax(error: yaml.MarkedYAMLError, path: str, findings: Findings) -> None:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    problem = error.problem or error.context or "it cannot be read"
    mend = "Look at the indentation here and in the line above."
    if "mapping values are not allowed" in problem:
        mend = 'Put the text in quotes when it holds ": ".'
    elif "cannot start any token" in problem or "found unexpected end" in problem or "expected <block end>" in problem:
        mend = "Put the text in quotes, close every quote and bracket, and line up the words of one list."
    findings.error(path, line, f"This is not YAML: {problem}.", mend)


def _place(event: Any) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1)


def scalar(text: str) -> str | int | float | bool | None:
    """What an unquoted word means in the YAML 1.2 core schema (without infinities and not-a-number)."""
    if _NULL.match(text):
        return None
    if _BOOL.match(text):
        return text[0] in "tT"
    # A number longer than any we use is a text: Python would spend long on turning it into an integer.
    if len(text) > 30:
        return text
    if _INT.match(text):
        return int(text)
    if _OCTAL.match(text):
        return int(text[2:], 8)
    if _HEX.match(text):
        return int(text[2:], 16)
    if _FLOAT.match(text):
        return float(text)
    return text


def fill(model: type[Model], tree: Tree, findings: Findings, at: Path = (), value: Any = None) -> Model | None:
    """The part of `tree` at the path `at` (or `value`, when given) as a `model`; None after telling `findings` everything that does not fit."""
    try:
        return model.model_validate(tree.get(*at) if value is None else value)
    except ValidationError as refused:
        for finding in _told(refused, tree, at):
            findings.error(finding.path, finding.line, finding.message, finding.mend)
        return None


def _told(refused: ValidationError, tree: Tree, at: Path) -> Iterator[Finding]:
    for error in refused.errors(include_url=False):
        # What is wrong with a key itself is marked by a last step of pydantic's own.
        where = tuple(step for step in error["loc"] if step != "[key]")
        message, mend = sentence(error, where)
        yield Finding(tree.path, tree.line(*at, *where), message, mend)


def sentence(error: ErrorDetails, where: Path) -> tuple[str, str]:
    """Our own words for one of pydantic's complaints: what is wrong and how to mend it."""
    name = _name(where)
    kind = error["type"]
    limits: dict[str, Any] = error.get("ctx") or {}
    if kind in _SENTENCES:
        message, mend = _SENTENCES[kind]
        return message.format(name=name, **limits), mend.format(name=name, last=where[-1] if where else "", **limits)
    words = str(limits.get("error") or error["msg"])
    return f"{name}: {words.rstrip('.')}.", ""


def _name(where: Path) -> str:
    words = ""
    for step in where:
        words += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if words else step
    return f"`{words}`" if words else "This file"


_SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("{name} is missing.", "Add `{last}:` here."),
    "extra_forbidden": ("{name} is not known here.", "Look for a slip of the pen, or delete it."),
    "string_type": ("{name} must be a text.", "Put it in quotes."),
    "string_too_short": ("{name} is empty.", "Write something, or delete the line."),
    "string_too_long": ("{name} is longer than {max_length} characters.", "Say it shorter."),
    "string_pattern_mismatch": ("{name} is not a key.", "Use lower-case ASCII letters, digits and hyphens, as in `first-ten-seconds`."),
    "int_type": ("{name} must be a whole number.", "Write digits only."),
    "int_parsing": ("{name} must be a whole number.", "Write digits only."),
    "int_from_float": ("{name} must be a whole number.", "Write it without a fraction."),
    "float_type": ("{name} must be a number.", "Write digits, with a point for the fraction."),
    "float_parsing": ("{name} must be a number.", "Write digits, with a point for the fraction."),
    "finite_number": ("{name} must be a number.", "Write digits, with a point for the fraction."),
    "bool_type": ("{name} must be true or false.", "Write `true` or `false` without quotes."),
    "bool_parsing": ("{name} must be true or false.", "Write `true` or `false` without quotes."),
    "literal_error": ("{name} must be {expected}.", "Choose one of these."),
    "list_type": ("{name} must be a list.", "Write `[...]`, or one line with `- ` for each."),
    "tuple_type": ("{name} must be a list.", "Write `[...]`, or one line with `- ` for each."),
    "dict_type": ("{name} must hold keys and values.", "Write `key: value` lines below it."),
    "model_type": ("{name} must hold keys and values.", "Write `key: value` lines below it."),
    "dataclass_type": ("{name} must be written in both languages.", 'Write `{{tr: "...", en: "..."}}`.'),
    "unexpected_keyword_argument": ("{name} is not known here.", "A text has `tr` and `en` and nothing else."),
    "too_short": ("{name} needs {min_length} or more, and has {actual_length}.", "Add what is missing."),
    "too_long": ("{name} may hold {max_length} at most, and has {actual_length}.", "Take some out."),
    "greater_than": ("{name} must be more than {gt}.", "Change the number."),
    "greater_than_equal": ("{name} must be {ge} or more.", "Change the number."),
    "less_than": ("{name} must be less than {lt}.", "Change the number."),
    "less_than_equal": ("{name} must be {le} or less.", "Change the number."),
    "date_type": ("{name} must be a date.", "Write it as 2026-03-31."),
    "date_parsing": ("{name} must be a date.", "Write it as 2026-03-31."),
    "date_from_datetime_parsing": ("{name} must be a date.", "Write it as 2026-03-31."),
}

"""Reads YAML 1.2 with the place of everything, and refuses what authors stumble over.

PyYAML alone reads `on` as True, `12:30` as 750 and lets the last of two equal keys win without a word. Here the file is
only composed by PyYAML; values follow the YAML 1.2 core schema, and every value remembers its line and column.
"""

import re
from collections.abc import Iterator, Mapping
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
    # Anchors are found among the events and never composed: a chain of aliases would grow without end when walked.
    try:
        _look_at_events(text, path, findings)
        if len(findings):
            return None
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        _tell_syntax(error, path, findings)
        return None
    except yaml.YAMLError as error:
        findings.error(path, 1, f"This is not YAML: {error}.", "Look for a character that cannot be seen.")
        return None
    if root is None:
        findings.error(path, 1, "The file is empty.", "Copy an example from docs/authoring.md.")
        return None
    places: dict[Path, Place] = {(): _place(root)}
    value = _build(root, (), places, path, findings)
    return Tree(path, value, places)


def _look_at_events(text: str, path: str, findings: Findings) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            findings.error(path, _line(event), "Anchors and aliases (&name, *name) are not used here.", "Write the words out in each place.")
        elif event_tag := getattr(event, "tag", None):
            findings.error(path, _line(event), f"The tag {event_tag} is not used here.", "Delete it; put a number in quotes to make it a text.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEPTH:
            # Composing walks into itself, so a file that is nothing but brackets must not get that far.
            findings.error(path, _line(event), "The file is nested too deeply.", "Write it flatter.")
            return


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


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _place(node: yaml.Node) -> Place:
    return (node.start_mark.line + 1, node.start_mark.column + 1)


def _build(node: yaml.Node, at: Path, places: dict[Path, Place], path: str, findings: Findings) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return scalar(node.value) if node.style in (None, "") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_child(child, (*at, index), _place(child), places, path, findings) for index, child in enumerate(node.value)]
    assert isinstance(node, yaml.MappingNode)
    return _mapping(node, at, places, path, findings)


def _child(node: yaml.Node, at: Path, place: Place, places: dict[Path, Place], path: str, findings: Findings) -> Any:
    places[at] = place
    return _build(node, at, places, path, findings)


def _mapping(node: yaml.MappingNode, at: Path, places: dict[Path, Place], path: str, findings: Findings) -> dict[Any, Any]:
    values: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        line, column = _place(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            findings.error(path, line, "A key must be a single word.", "Write `key: value`; put a text that begins with [ or { in quotes.")
            continue
        # A key is what is written: `1:` and `on:` are the texts "1" and "on", as authors mean them.
        key = key_node.value
        if key in values:
            first = places[(*at, key)][0]
            findings.error(path, line, f"The key {key!r} is written twice here; the first is in line {first}.", "Delete or rename one of them.")
            continue
        values[key] = _child(value_node, (*at, key), (line, column), places, path, findings)
    return values


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

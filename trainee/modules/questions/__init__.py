"""The types of questions, one folder each, and everything a question can do: be read, asked, answered, marked, reviewed."""

from typing import Any

from pydantic import ConfigDict

from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.kit.registry import Registry
from trainee.kit.spelling import meant
from trainee.modules.questions.kind import Answer, Kind, Mark, Question, as_multi

__all__ = ["Answer", "Kind", "Mark", "Question", "as_multi", "kind_of", "kinds", "read_question"]


class _OfNoType(Question):
    """What every question says, whatever else stands there."""

    model_config = ConfigDict(extra="ignore", frozen=True)


kinds: Registry[Kind[Any]] = Registry("trainee.modules.questions")


def kind_of(question: Question) -> Kind[Any]:
    """The type of a question."""
    return kinds[question.type]


def read_question(tree: yamltree.Tree, at: yamltree.Path, findings: Findings) -> Question | None:
    """The question at the path `at`, of whichever type it says it is; None after telling what is wrong with it."""
    value = tree.get(*at)
    name = value.get("type") if isinstance(value, dict) else None
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        # What does not depend on the type is looked at all the same, so that an author need not come back for it.
        if isinstance(value, dict):
            yamltree.fill(_OfNoType, tree, findings, at, value)
        line = tree.line(*at, "type")
        findings.error(tree.path, line, f"`type: {name}` is no type of question.", meant(str(name), kinds.keys()))
        return None
    question: Question | None = kind.parse(tree, at, findings)
    return question


kinds.discover()

"""What else lies in the content folder: glossary, learning paths, scorecards, surveys, interview guides. Read whole, or told what is wrong."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.words import Text, Written
from trainee.modules.library import scales
from trainee.modules.library.said import look_for_unsafe, look_in_tree
from trainee.modules.questions.kind import Slug
from trainee.modules.roleplays.reading import CRITICALS
from trainee.skills import scorecards
from trainee.skills.scorecards import Scorecard

STATEMENTS = 22
"""How many statements the long questionnaire on service quality has (Parasuraman, Zeithaml and Berry 1988); asked twice each."""

PLACES = ("glossary.yaml", "paths.yaml", "scorecards", "surveys", "interviews")
"""What may lie beside the modules: two files and three folders."""

Model = TypeVar("Model", bound=BaseModel)
Audience = Literal["employee", "supervisor", "trainer", "hr", "admin", "executive"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Forms(_Form):
    """The forms in which a word stands in lessons, in each language; endings may follow."""

    tr: Annotated[tuple[Written, ...], Field(min_length=1)]
    en: Annotated[tuple[Written, ...], Field(min_length=1)]

    def of(self, lang: str) -> tuple[str, ...]:
        """The forms in `lang`."""
        return self.en if lang == "en" else self.tr


class Term(_Form):
    """A word that lessons use, with what it means."""

    key: Slug
    name: Text
    forms: Forms
    meaning: Text


class _Glossary(_Form):
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]


class Stage(_Form):
    """Some modules of a path, and by which day from the first one they are best finished."""

    days: Annotated[int, Field(ge=1, le=365)]
    modules: Annotated[tuple[Slug, ...], Field(min_length=1)]


class LearningPath(_Form):
    """A way through the catalogue for one kind of work; advice, until it is assigned to somebody."""

    key: Slug
    title: Text
    summary: Text
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    # The licence that asks for the quizzes of its modules to be passed.
    licence: Literal["observer"] | None = None
    steps: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @property
    def modules(self) -> tuple[str, ...]:
        """Its modules, in order."""
        return tuple(module for stage in self.steps for module in stage.modules)


class _Paths(_Form):
    paths: Annotated[tuple[LearningPath, ...], Field(min_length=1)]


class Asked(_Form):
    """One question of a survey. A scale has its ends; `quality` is the service quality it looks at."""

    id: Slug
    kind: Literal["scale", "text"]
    low: int | None = None
    high: int | None = None
    quality: Literal["reliability", "flexibility", "trust", "empathy", "aesthetics"] | None = None
    text: Text


class _Stems(_Form):
    expectation: Text
    perception: Text


class Survey(_Form):
    """A short survey (pulse) or a long questionnaire; with stems each question is asked twice."""

    key: Slug
    kind: Literal["pulse", "questionnaire"]
    title: Text
    intro: Text
    stems: _Stems | None = None
    questions: Annotated[tuple[Asked, ...], Field(min_length=1, max_length=40)]


class Talk(_Form):
    """One question of an interview, and what to ask when the answer is short."""

    id: Slug
    ask: Text
    probe: Text


class Interview(_Form):
    """A guide for talking with one person."""

    key: Slug
    title: Text
    minutes: Annotated[int, Field(ge=5, le=120)]
    intro: Text
    questions: Annotated[tuple[Talk, ...], Field(min_length=3, max_length=15)]


@dataclass(frozen=True)
class Pieces:
    """Everything that was found beside the modules, as far as it could be read."""

    terms: tuple[Term, ...] = ()
    paths: tuple[LearningPath, ...] = ()
    scorecards: tuple[Scorecard, ...] = ()
    surveys: tuple[Survey, ...] = ()
    interviews: tuple[Interview, ...] = ()


@dataclass
class _Reader:
    root: Path
    shown: str
    findings: Findings
    trees: dict[str, yamltree.Tree] = field(default_factory=dict)

    def one(self, name: str, model: type[Model]) -> Model | None:
        """One file, or None: nobody has to have it."""
        path = self.root / name
        if not path.is_file():
            return None
        try:
            self.trees[name] = yamltree.read(path.read_bytes(), f"{self.shown}/{name}")
        except yamltree.Unreadable as unreadable:
            self.findings.extend(unreadable.findings)
            return None
        look_for_unsafe(f"{self.shown}/{name}", path.read_bytes().decode("utf-8", "replace"), self.findings)
        return yamltree.fill(model, self.trees[name], self.findings)

    def folder(self, name: str, model: type[Model]) -> Iterator[tuple[str, Model]]:
        """Every file of a folder, each with its name; its key is the file's name."""
        for path in sorted((self.root / name).glob("*.yaml")):
            found = self.one(f"{name}/{path.name}", model)
            if found is None:
                continue
            if getattr(found, "key", None) != path.stem:
                self.tell(f"{name}/{path.name}", ("key",), "The key is not the name of the file.", f"Write `key: {path.stem}`.")
            yield f"{name}/{path.name}", found

    def tell(self, name: str, at: yamltree.Path, message: str, mend: str) -> None:
        tree = self.trees[name]
        self.findings.error(tree.path, tree.line(*at), message, mend)


def read_pieces(
    root: Path, findings: Findings, shown: str = "", skills: Collection[str] | None = None, modules: Mapping[str, str] | None = None
) -> Pieces:
    """What lies beside the modules in a content folder. With `skills` and `modules` (key and code) names that do not exist are told."""
    reader = _Reader(root, shown or str(root), findings)
    glossary, paths = reader.one("glossary.yaml", _Glossary), reader.one("paths.yaml", _Paths)
    cards = dict(reader.folder("scorecards", Scorecard))
    surveys = dict(reader.folder("surveys", Survey))
    interviews = dict(reader.folder("interviews", Interview))
    if glossary is not None:
        _check_keys(reader, "glossary.yaml", "terms", [term.key for term in glossary.terms])
        _check_forms(reader, glossary.terms)
    if paths is not None:
        _check_keys(reader, "paths.yaml", "paths", [path.key for path in paths.paths])
        _check_paths(reader, paths.paths, modules)
    if skills is not None:
        for tree in reader.trees.values():
            look_in_tree(tree, findings)
    for name, card in cards.items():
        scorecards.check(reader.trees[name], card, reader.findings, skills, CRITICALS)
    for name, survey in surveys.items():
        _check_survey(reader, name, survey)
    for name, interview in interviews.items():
        _check_keys(reader, name, "questions", [one.id for one in interview.questions])
    return Pieces(
        glossary.terms if glossary else (),
        paths.paths if paths else (),
        tuple(cards.values()),
        tuple(surveys.values()),
        tuple(interviews.values()),
    )


def _check_keys(reader: _Reader, name: str, where: str, keys: list[str]) -> None:
    for number, key in enumerate(keys):
        if key in keys[:number]:
            reader.tell(name, (where, number), f"`{key}` is there twice.", "Give each its own name.")


def _check_forms(reader: _Reader, terms: tuple[Term, ...]) -> None:
    for lang in ("tr", "en"):
        first: dict[str, str] = {}
        for number, term in enumerate(terms):
            for form in term.forms.of(lang):
                if form in first:
                    reader.tell(
                        "glossary.yaml", ("terms", number, "forms"), f"“{form}” is explained by `{first[form]}` too.", "Leave it to one of them."
                    )
                first.setdefault(form, term.key)


def _check_paths(reader: _Reader, paths: tuple[LearningPath, ...], modules: Mapping[str, str] | None) -> None:
    for number, path in enumerate(paths):
        days = [stage.days for stage in path.steps]
        if days != sorted(set(days)):
            reader.tell("paths.yaml", ("paths", number, "steps"), f"The days of `{path.key}` do not rise.", "Put what is to be done first first.")
        seen: set[str] = set()
        for step, stage in enumerate(path.steps):
            for place, key in enumerate(stage.modules):
                at = ("paths", number, "steps", step, "modules", place)
                if key in seen:
                    reader.tell("paths.yaml", at, f"`{key}` is twice in `{path.key}`.", "Take one of them out.")
                elif modules is not None and key not in modules:
                    reader.tell("paths.yaml", at, f"There is no module `{key}`.", meant(key, modules, "module"))
                seen.add(key)


def _check_survey(reader: _Reader, name: str, survey: Survey) -> None:
    _check_keys(reader, name, "questions", [one.id for one in survey.questions])
    if survey.kind == "pulse" and len(survey.questions) > 6:
        reader.tell(name, ("questions",), "A short survey has six questions at the most.", "Make a questionnaire of it, or take some out.")
    statements = sum(one.quality is not None for one in survey.questions)
    if survey.stems is not None and statements != STATEMENTS:
        message = f"The questionnaire has {statements} statements on a service quality, and it is one of {STATEMENTS}."
        reader.tell(name, ("questions",), message, "Its results are compared with those of earlier years: keep every statement.")
    for number, one in enumerate(survey.questions):
        if one.kind == "scale" and (one.low is None or one.high is None or one.low >= one.high):
            reader.tell(name, ("questions", number), f"The scale of `{one.id}` has no ends.", "Write `low:` and `high:`, the lower one first.")
        elif one.kind == "scale" and one.low is not None and one.high is not None:
            scales.look_at_asked(reader.trees[name], number, one.low, one.high, reader.findings)
        if one.kind == "text" and (one.low is not None or one.high is not None):
            reader.tell(name, ("questions", number), f"`{one.id}` asks for words and has a scale.", "Take `low` and `high` out.")

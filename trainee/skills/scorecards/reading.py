"""A scorecard as its author writes it, and everything that may be wrong with it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from trainee.kit import yamltree
from trainee.kit.findings import Findings
from trainee.kit.spelling import meant
from trainee.kit.words import Text, Written
from trainee.skills.frame import Framework

# Where a contact can take place; `meeting` is one with one's own team.
CHANNELS = ("phone", "chat", "email", "social", "shop", "visit", "meeting")
FEWEST_LINES, MOST_LINES = 3, 10
WHOLE = 100

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=40)]


def _from_a_file(key: Any) -> Any:
    """The keys of a file are words: those that are a level become its number."""
    return int(key) if isinstance(key, str) and key in {"1", "2", "3", "4"} else key


Level = Annotated[Literal[1, 2, 3, 4], BeforeValidator(_from_a_file)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Anchors(_Form):
    """What one level looks like on this card, in both languages, sentence by sentence."""

    tr: Annotated[tuple[Written, ...], Field(min_length=1, max_length=6)]
    en: Annotated[tuple[Written, ...], Field(min_length=1, max_length=6)]


class ScoreLine(_Form):
    """One skill that is watched: what it weighs, the anchor to look for first, and perhaps anchors of its own instead of the framework's."""

    skill: Slug
    weight: Annotated[int, Field(ge=1, le=WHOLE)]
    shows: Text
    anchors: dict[Level, Anchors] = Field(default_factory=dict)


class Scorecard(_Form):
    """What an observer watches for; its weights make a hundred. Without a channel of its own it is the card of the channel it is called after."""

    key: Slug
    title: Text
    channel: Slug | None = None
    lines: Annotated[tuple[ScoreLine, ...], Field(min_length=FEWEST_LINES, max_length=MOST_LINES)]
    critical: tuple[Slug, ...] = ()

    @property
    def on(self) -> str:
        """The channel it is for."""
        return self.channel or self.key


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with a card: what, where in it, and the names and numbers to say it with."""

    code: str
    at: yamltree.Path
    values: dict[str, Any] = field(default_factory=dict)


# What is said of a file, and how to mend it; who edits in the browser reads the same in her own language.
ENGLISH = {
    "channel": ("`{channel}` is no channel.", "{meant}"),
    "weights": ("The weights make {sum}.", "Make them 100 together."),
    "twice": ("`{name}` is there twice.", "Give each its own name."),
    "no_skill": ("There is no skill `{name}`.", "{meant}"),
    "no_critical": ("`{name}` is no critical error.", "{meant}"),
    "levels": ("The anchors of `{name}` do not have all four levels.", "Write 1 to 4, or leave the anchors to skills.yaml."),
    "uneven": ("Level {level} of `{name}` has more anchors in one language than in the other.", "Write each in both."),
}


def complaints(card: Scorecard, skills: Collection[str] | None, criticals: Collection[str]) -> Iterator[Complaint]:
    """Everything that is wrong with a card that reads well; None for `skills` when nobody knows which there are."""
    if card.on not in CHANNELS:
        where: yamltree.Path = ("channel",) if card.channel else ("key",)
        yield Complaint("channel", where, {"channel": card.on, "meant": meant(card.on, CHANNELS)})
    weights = sum(line.weight for line in card.lines)
    if weights != WHOLE:
        yield Complaint("weights", ("lines",), {"sum": weights})
    seen: set[str] = set()
    for place, line in enumerate(card.lines):
        if line.skill in seen:
            yield Complaint("twice", ("lines", place), {"name": line.skill})
        seen.add(line.skill)
        if skills is not None and line.skill not in skills:
            yield Complaint("no_skill", ("lines", place, "skill"), {"name": line.skill, "meant": meant(line.skill, skills, "skill")})
        yield from _anchors(line, place)
    for place, critical in enumerate(card.critical):
        if critical not in criticals:
            yield Complaint("no_critical", ("critical", place), {"name": critical, "meant": meant(critical, criticals)})


def _anchors(line: ScoreLine, place: int) -> Iterator[Complaint]:
    if line.anchors and len(line.anchors) < 4:
        yield Complaint("levels", ("lines", place, "anchors"), {"name": line.skill})
    for level, anchors in line.anchors.items():
        if len(anchors.tr) != len(anchors.en):
            yield Complaint("uneven", ("lines", place, "anchors", level), {"name": line.skill, "level": level})


def check(tree: yamltree.Tree, card: Scorecard, findings: Findings, skills: Collection[str] | None, criticals: Collection[str]) -> None:
    """Tell `findings` what is wrong with a card, with its place in the file."""
    for one in complaints(card, skills, criticals):
        message, mend = ENGLISH[one.code]
        findings.error(tree.path, tree.line(*one.at), message.format(**one.values), mend.format(**one.values))


def whole(card: Scorecard, frame: Framework) -> dict[str, Any]:
    """The card with everything an observer needs, as plain values to be kept: anchors, quality and step of each line."""
    return {
        "title": _both(card.title),
        "lines": [_line(line, frame) for line in card.lines],
        "critical": list(card.critical),
    }


def _line(line: ScoreLine, frame: Framework) -> dict[str, Any]:
    skill = frame.skill(line.skill)
    if line.anchors:
        pairs = {level: zip(own.tr, own.en, strict=True) for level, own in sorted(line.anchors.items())}
        anchors = {str(level): [{"tr": tr, "en": en} for tr, en in both] for level, both in pairs.items()}
    else:
        anchors = {str(level): [_both(one) for one in sentences] for level, sentences in sorted(skill.anchors.items())}
    return {
        "skill": line.skill,
        "weight": line.weight,
        "shows": _both(line.shows),
        "anchors": anchors,
        # Whether they are the card's own; else they follow the framework when a new version is published.
        "own": bool(line.anchors),
        "quality": skill.quality,
        "step": skill.step,
    }


def _both(words: Text) -> dict[str, str]:
    return {"tr": words.tr, "en": words.en}

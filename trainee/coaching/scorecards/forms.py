"""A scorecard as it is typed in the browser, and what is wrong with it in the reader's language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from trainee.kit.i18n import _, _l
from trainee.kit.words import Text
from trainee.skills import Framework
from trainee.skills.scorecards import Anchors, Card, Complaint, Scorecard, ScoreLine, complaints

SLOTS = 10
FEWEST = 3
LONGEST = 400
LEVELS = (1, 2, 3, 4)
_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")

CHANNEL_NAMES = {
    "phone": _l("Phone"),
    "chat": _l("Chat"),
    "email": _l("E-mail"),
    "social": _l("Social media"),
    "shop": _l("Shop"),
    "visit": _l("At the customer's"),
    "meeting": _l("With the team"),
}

# A talk with one's own team sells nothing that one could go beyond.
TEAM: Final = "meeting"
# What somebody does for the relation with a customer, beside what is sold to her: from nothing, 0, to care that nobody pays for, 3.
BEYOND: Final = (
    _l("The matter alone"),
    _l("A friendly word beside it"),
    _l("Remembered the customer, or asked how she is"),
    _l("Offered care that is not the product"),
)

# The same complaints as of a file (`skills.scorecards`), for who edits here.
WORDS = {
    "channel": _l("There is no channel “%(channel)s”."),
    "weights": _l("The weights make %(sum)s; please make them 100 together."),
    "twice": _l("“%(name)s” is there twice."),
    "no_skill": _l("There is no skill “%(name)s”."),
    "no_critical": _l("“%(name)s” is no critical error."),
    "levels": _l("The anchors of “%(name)s” do not have all four levels: write them all, or none."),
    "uneven": _l("Level %(level)s of “%(name)s” has more anchors in one language than in the other."),
}


@dataclass
class Typed:
    """What was typed, field by field, and what is wrong with it."""

    fields: dict[str, str]
    critical: list[str] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.fields.get(name, "")


def typed_of(card: Card) -> Typed:
    """A published card as it would be typed."""
    fields = {"key": card.key, "channel": card.channel, "title_tr": card.title.tr, "title_en": card.title.en}
    for place, line in enumerate(card.lines):
        fields |= {f"skill_{place}": line.skill, f"weight_{place}": str(line.weight), f"shows_tr_{place}": line.shows.tr}
        fields[f"shows_en_{place}"] = line.shows.en
        for level in LEVELS if line.own else ():
            for lang in ("tr", "en"):
                fields[f"anchors_{lang}_{place}_{level}"] = "\n".join(words.of(lang) for words in line.anchors.get(level, ()))
    return Typed(fields, list(card.critical))


def typed(form: MultiDict[str, str]) -> Typed:
    """What was sent."""
    return Typed({name: value.strip()[: LONGEST * 6] for name, value in form.items()}, form.getlist("critical"))


def read(sent: Typed, book: Framework, key: str) -> Scorecard | None:
    """The card that was typed; None when something is wrong with it, which then stands in `sent.wrong`."""
    if not _is_key(key):
        sent.wrong.append(("key", str(_("The short name has small letters, digits and hyphens only."))))
    title = _both(sent, "title", str(_("Please write the title in both languages.")))
    lines = [line for place in range(SLOTS) if (line := _line(sent, place)) is not None]
    if len(lines) < FEWEST:
        sent.wrong.append(("skill_0", str(_("A card has three lines at least."))))
    if sent.wrong or title is None:
        return None
    card = Scorecard(key=key, title=title, channel=sent.value("channel") or None, lines=tuple(lines), critical=tuple(sent.critical))
    sent.wrong += [(_place(one), told(one)) for one in complaints(card, {skill.key for skill in book.skills}, book.critical_errors)]
    return None if sent.wrong else card


def told(one: Complaint) -> str:
    """A complaint in the reader's language."""
    return str(WORDS[one.code]) % one.values


def _place(one: Complaint) -> str:
    return f"skill_{one.at[1]}" if len(one.at) > 1 and one.at[0] == "lines" else "channel" if one.code == "channel" else "weight_0"


def _both(sent: Typed, name: str, complaint: str, place: str = "") -> Text | None:
    tr, en = (sent.value(f"{name}_{lang}{place}")[:LONGEST] for lang in ("tr", "en"))
    if tr and en:
        return Text(tr=tr, en=en)
    sent.wrong.append((f"{name}_{'en' if tr else 'tr'}{place}", complaint))
    return None


def _is_key(word: str) -> bool:
    return len(word) <= 40 and _KEY.fullmatch(word) is not None


def _line(sent: Typed, place: int) -> ScoreLine | None:
    """One line, None for a slot without a skill."""
    skill = sent.value(f"skill_{place}")
    if not skill:
        return None
    if not _is_key(skill):
        sent.wrong.append((f"skill_{place}", str(WORDS["no_skill"]) % {"name": skill[:40]}))
        return None
    number = sent.value(f"weight_{place}")
    weight = int(number) if re.fullmatch(r"[0-9]{1,3}", number) else 0
    if not 1 <= weight <= 100:
        sent.wrong.append((f"weight_{place}", str(_("A weight is a whole number from 1 to 100."))))
    shows = _both(sent, "shows", str(_("Please write what to look for first in both languages.")), f"_{place}")
    anchors = {level: found for level in LEVELS if (found := _anchors(sent, place, level)) is not None}
    if sent.wrong or shows is None:
        # What else is wrong with it is told; a line that cannot be made still counts as one.
        return ScoreLine(skill=skill, weight=1, shows=Text("-", "-"))
    return ScoreLine(skill=skill, weight=weight, shows=shows, anchors=anchors)  # type: ignore[arg-type]


def _anchors(sent: Typed, place: int, level: int) -> Anchors | None:
    """The anchors of one level, a sentence a line; None when none was written."""
    tr, en = (_sentences(sent.value(f"anchors_{lang}_{place}_{level}")) for lang in ("tr", "en"))
    if not tr and not en:
        return None
    if not tr or not en or max(len(tr), len(en)) > 6:
        words = _("Write one to six anchors a level, in both languages.")
        sent.wrong.append((f"anchors_{'en' if tr else 'tr'}_{place}_{level}", str(words)))
        return None
    return Anchors(tr=tr, en=en)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(line.strip()[:LONGEST] for line in text.splitlines() if line.strip())


def choices(names: Mapping[str, Any], lang: str) -> Sequence[tuple[str, str]]:
    """Pairs for a select: key and name."""
    return [(key, one.name.of(lang)) for key, one in names.items()]

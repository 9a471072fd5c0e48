"""What is noted beside a deed, in the words that pages have for it: the log's page and its file tell it alike.

It stands here because it needs the words of everything below, and both who shows the log and who makes a file of it may ask it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import select

from trainee import service, skills
from trainee.coaching.observations.forms import OUTCOME_NAMES
from trainee.coaching.suggestions.forms import DECISION_NAMES
from trainee.kit.db import db
from trainee.kit.deeds import SUBJECTS, Say
from trainee.kit.i18n import _, _l, date_words, language, moment_words, number, percent
from trainee.modules import library
from trainee.people import Team
from trainee.people.forms import ROLE_NAMES
from trainee.people.importing.wording import CHANGED
from trainee.service.complaints.method import STEP_OF
from trainee.service.complaints.models import BOOK
from trainee.service.handbook.queries import entries
from trainee.voice.interviews.queries import guides
from trainee.voice.measures.measure import MEASURES
from trainee.voice.public.actions import SOURCES
from trainee.voice.surveys.forms import WAYS_TOLD
from trainee.voice.themes import THEMES
from trainee.webhooks.actions import EVENTS

KINDS: Final = {"module": _l("Module"), "roleplay": _l("Role-play"), "reviews": _l("Review sets"), "path": _l("Path")}
LINES: Final = {"direct": _l("direct line"), "dotted": _l("dotted line")}
PURPOSES: Final = {"invitation": _l("to set a first password"), "reset": _l("to set a new password")}
EXISTING: Final = {
    "leave": _l("get nothing: only who joins from now on"),
    "today": _l("get it today, with all the days they need"),
    "backdated": _l("get it as if the rule had been there when they joined; what they did since counts"),
}
# The words of packages above this one; a test holds them against theirs.
CORRECTED: Final = {"corrected": _l("Corrected"), "partly": _l("Corrected in part"), "declined": _l("Not corrected")}
GROUNDS: Final = {
    "asked": _l("The person asked for it (KVKK art. 7, GDPR art. 17)"),
    "kept_long_enough": _l("It was kept as long as it may be"),
    "law": _l("A court or the authority ordered it"),
}
SCOPES: Final = {
    "people": _l("people, their teams and supervisors"),
    "assignments": _l("assignments and how they stand"),
    "attempts": _l("tries at quizzes and their results"),
    "runs": _l("talks in role-plays and how they ended"),
    "evidence": _l("the log of evidence, without free words"),
    "mastery": _l("levels in skills"),
    "figures": _l("figures of the reports"),
}
# By deed and key: what each value is called. A list has the words of each of its values.
WORDS: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("assign", "kind"): KINDS,
    ("supervise", "kind"): LINES,
    ("make_link", "purpose"): PURPOSES,
    ("begin_rule", "existing"): EXISTING,
    ("answer", "decision"): DECISION_NAMES,
    ("decide correction", "decision"): CORRECTED,
    ("decide dispute", "outcome"): OUTCOME_NAMES,
    ("ask_anonymity", "ground"): GROUNDS,
    ("set_roles", "roles"): ROLE_NAMES,
    **{(f"import_{how}", "fields"): CHANGED for how in ("changed", "closed", "created", "moved", "removed", "undone")},
    ("make_api_token", "scopes"): SCOPES,
    ("make_webhook", "events"): EVENTS,
    ("code comment", "themes"): THEMES,
    ("count public voices", "source"): SOURCES,
    ("make links", "way"): WAYS_TOLD,
    ("do step", "step"): {key: step.title for key, step in STEP_OF.items()},
    ("leave out step", "step"): {key: step.title for key, step in STEP_OF.items()},
}
# What somebody wrote.
_WRITTEN: Final = (("remove shift", "area"), ("withdraw licence", "why"))


class Noted:
    """The words of one reader's language, for as many deeds as she reads. Four statements, always the same, when it is made."""

    def __init__(self) -> None:
        lang = language()
        self._modules = {one.key: one for one in library.catalogue_modules()}
        shipped = {one.key: one.title.of(lang) for one in library.pieces().interviews}
        self._guides = shipped | {one.key: one.title[lang] for one in guides()}
        self._remedies = {one.key: one.title(lang) for one in entries("remedy")}
        self._teams = {row.id: row.name for row in db.session.execute(select(Team.id, Team.name))}
        self._skills = {one.key: one.name.of(lang) for one in skills.framework().skills}

    def say(self, deed: str, detail: Mapping[str, Any] | None) -> Say:
        """How the values noted beside that deed are told."""
        return lambda key, value: self._said(deed, key, value, detail or {})

    def _said(self, deed: str, key: str, value: Any, detail: Mapping[str, Any]) -> str | None:
        if (deed, key) in _WRITTEN:
            return str(value)
        if (deed, key) in WORDS:
            said = [WORDS[deed, key].get(one) for one in (value if isinstance(value, list) else [value])]
            return ", ".join(map(str, said)) if all(said) else None
        if deed == "set target" and key == "value":
            return number(value, 2 if value % 1 else 0)
        try:
            return self._told[key](value, detail) if key in self._told else None
        except (AttributeError, TypeError, ValueError):
            # As another version of the program noted it.
            return None

    @cached_property
    def _told(self) -> Mapping[str, Callable[[Any, Mapping[str, Any]], str | None]]:
        return {
            "skill": lambda value, _detail: self._skills.get(value),
            "level": lambda value, _detail: self._level(value),
            "score": lambda value, _detail: percent(value),
            "amount": lambda value, _detail: f"{number(value)} TL",
            "month": lambda value, _detail: date_words(date.fromisoformat(value), "LLLL y"),
            "starts_at": lambda value, _detail: moment_words(datetime.fromisoformat(value)),
            "module": lambda value, _detail: self._module(value),
            "what": lambda value, detail: self._task(str(detail.get("kind", "")), value),
            "guide": lambda value, _detail: self._guides.get(value),
            "remedy": lambda value, _detail: self._remedies.get(value),
            "right_by": lambda value, _detail: self._right(value),
            "team": lambda value, _detail: self._teams.get(value),
            "source": lambda value, _detail: _source(value),
            "before": lambda value, _detail: _agreed(value),
        }

    def _level(self, value: int) -> str | None:
        found = skills.framework().levels.get(value)
        return found.name.of(language()) if found else None

    def _module(self, key: str) -> str | None:
        found = self._modules.get(key)
        return found.title.of(language()) if found else None

    def _task(self, kind: str, what: str) -> str | None:
        if kind == "module":
            return self._module(what)
        if kind == "path":
            return next((one.title.of(language()) for one in library.pieces().paths if one.key == what), None)
        story = next((story for one in self._modules.values() if (story := one.story(what))), None) if kind == "roleplay" else None
        return story.title.of(language()) if story else None

    def _right(self, value: str) -> str | None:
        if value == BOOK:
            return _("Remedies and limits")
        card = service.cards().get(value)
        return card.title.of(language()) if card else None


def _source(value: str) -> str | None:
    """What an improvement came from: a measure by its name, anything else by its kind and number."""
    kind, _slash, which = value.partition("/")
    if kind == "measure":
        found = MEASURES.get(which.partition("/")[0])
        return str(found.name) if found else None
    return f"{SUBJECTS[kind]} {which}" if kind in SUBJECTS and which.isdecimal() else None


def _agreed(value: Mapping[str, str]) -> str:
    """What had been agreed in a coaching session: its days, where there were any, as people write them."""
    return ", ".join(_day(one) for one in value.values() if one not in ("", "None"))


def _day(value: str) -> str:
    try:
        return date_words(date.fromisoformat(value))
    except ValueError:
        return value

"""What a report is asked for: filters that live in its address, read with care and told in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, select

from trainee import skills
from trainee.kit import trtext
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l, date_words, language, number
from trainee.modules import library
from trainee.people import Team, Unit, Viewer

NAMES = {
    "person": _l("Person (user name or number)"),
    "unit": _l("Unit"),
    "team": _l("Team"),
    "module": _l("Module"),
    "skill": _l("Skill"),
    "since": _l("First day"),
    "until": _l("Last day"),
    "left": _l("Closed accounts"),
    "rate": _l("Cost of an hour"),
}


# So many teams are named where what was typed fits several.
_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a report; None is no limit. Days include both ends, where the viewer lives. `left`: those whose account is closed too.

    `rate` narrows nothing: it is what an hour of learning costs, as the viewer says.
    """

    # As it was typed: a user name, an address or a number. Of whom it tells is still the viewer's to see.
    person: str | None = None
    unit: int | None = None
    team: int | None = None
    module: str | None = None
    skill: str | None = None
    since: date | None = None
    until: date | None = None
    left: bool = False
    rate: int | None = None

    def address(self) -> dict[str, str]:
        """As it stands in an address: what is set, in plain text."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: "1" if value is True else str(value) for name, value in told.items() if value not in (None, False)}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a report, with what filters, and when. `passed` is told how many people more were gone through, where somebody waits for it.

    `whole` is set by a report that names nobody, for who may have it of the whole organisation; `one_page` where only the first rows are read.
    """

    who: Viewer
    filters: Filters
    at: datetime
    passed: Callable[[int], None] | None = field(default=None, compare=False)
    whole: bool = False
    one_page: bool = False


def counted_to(asked: Asked) -> date | None:
    """The last day that is told of the month that still runs: today where the viewer lives, or the last day asked for; None where it lies before."""
    today, until = local_date(asked.at, asked.who.time_zone), asked.filters.until
    if until is None or until >= today:
        return today
    return until if until >= today.replace(day=1) else None


# Id and name of every team that somebody may choose.
Teams = Callable[[], Iterable[tuple[int, str]]]


def read_filters(given: Mapping[str, str], takes: tuple[str, ...], teams: Teams | None = None) -> tuple[Filters, dict[str, str]]:
    """The filters of an address, of those that the report takes, and by name what is wrong with one that cannot be read.

    A filter that says nothing is no filter; one that cannot be read is left out and told. With `teams` a team may be typed by its name too.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in takes:
        typed = given.get("team_name", "").strip() if name == "team" else ""
        if typed and teams is not None:
            team, complaint = _team_called(typed, teams())
            found |= {"team": team} if team is not None else {}
            wrong |= {"team": complaint} if complaint else {}
            continue
        words = given.get(name, "").strip()
        if not words:
            continue
        value = _READ[name](words)
        if value is None:
            wrong[name] = str(_("%(filter)s: “%(words)s” is nothing we know.", filter=NAMES[name], words=words[:40]))
        else:
            found[name] = value
    if "since" in found and "until" in found and found["until"] < found["since"]:
        wrong["until"] = str(_("Last day: %(last)s lies before the first day.", last=date_words(found["until"])))
        del found["until"]
    return Filters(**found), wrong


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None


def read_day(words: str) -> date | None:
    """A day as an address or a person writes it; None where it is none."""
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007  # A date on somebody's calendar has no zone.
        except ValueError:
            continue
    return None


def _typed(words: str) -> str | None:
    return words[:120]


def _unit(words: str) -> int | None:
    return db.session.scalar(select(Unit.id).where(Unit.id == _number(words)))


def _team(words: str) -> int | None:
    return db.session.scalar(select(Team.id).where(Team.id == _number(words)))


def _team_called(words: str, teams: Iterable[tuple[int, str]]) -> tuple[int | None, str]:
    """The team of that name, however it is capitalised, or the only one that holds these words; else a sentence that names those meant."""
    sought = trtext.fold(words)
    known = [(team_id, name, trtext.fold(name)) for team_id, name in teams]
    fits = [one for one in known if one[2] == sought] or [one for one in known if sought in one[2]]
    if len(fits) == 1:
        return fits[0][0], ""
    if not fits:
        return None, str(_("%(filter)s: “%(words)s” is nothing we know.", filter=NAMES["team"], words=words[:40]))
    names = sorted((one[1] for one in fits), key=trtext.sort_key)[:_NAMED]
    said = {"words": words[:40], "many": number(len(fits)), "names": ", ".join(names)}
    return None, str(_("Team: “%(words)s” stands in %(many)s names, such as %(names)s. Please write one of them in full.", **said))


def _module(words: str) -> str | None:
    return words if words in library.current_versions() else None


def _skill(words: str) -> str | None:
    return words if any(skill.key == words for skill in skills.framework().skills) else None


def _yes(words: str) -> bool | None:
    return True if words == "1" else None


_READ = {
    "person": _typed,
    "rate": _number,
    "unit": _unit,
    "team": _team,
    "module": _module,
    "skill": _skill,
    "since": read_day,
    "until": read_day,
    "left": _yes,
}


def in_words(asked: Filters, period: str) -> list[str]:
    """What the filters select, a sentence each; `period` says what the days select (“completed”)."""
    told = []
    if asked.person is not None:
        told.append(_("of “%(person)s”", person=asked.person))
    if asked.unit is not None:
        told.append(_("in %(unit)s and the units inside it", unit=db.session.scalar(select(Unit.name).where(Unit.id == asked.unit))))
    if asked.team is not None:
        told.append(_("in the team %(team)s", team=db.session.scalar(select(Team.name).where(Team.id == asked.team))))
    if asked.module is not None:
        told.append(_("of the module “%(module)s”", module=library.module(library.current_versions()[asked.module]).title.of(language())))
    if asked.skill is not None:
        told.append(_("of the skill “%(skill)s”", skill=skills.framework().skill(asked.skill).name.of(language())))
    if asked.since is not None and asked.until is not None:
        told.append(_("%(what)s from %(first)s to %(last)s", what=period, first=date_words(asked.since), last=date_words(asked.until)))
    elif asked.since is not None:
        told.append(_("%(what)s from %(first)s on", what=period, first=date_words(asked.since)))
    elif asked.until is not None:
        told.append(_("%(what)s up to %(last)s", what=period, last=date_words(asked.until)))
    if asked.left:
        told.append(_("with those whose account is closed"))
    if asked.rate is not None:
        told.append(_("an hour reckoned at %(rate)s", rate=number(asked.rate)))
    return [str(one) for one in told]


def teams_of(asked: Filters) -> Select[tuple[int]] | None:
    """Ids of the teams that the filters leave; None where they leave all."""
    if asked.team is None and asked.unit is None:
        return None
    statement = select(Team.id)
    if asked.team is not None:
        statement = statement.where(Team.id == asked.team)
    if asked.unit is not None:
        inside = select(Unit.id).where(Unit.id == asked.unit).cte(recursive=True)
        # UNION and not UNION ALL: a loop in old data ends instead of running for ever.
        inside = inside.union(select(Unit.id).join(inside, Unit.parent_id == inside.c.id))
        statement = statement.where(Team.unit_id.in_(select(inside.c.id)))
    return statement

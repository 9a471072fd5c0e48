"""One person's skills and gaps as a page shows them, to herself or to those who look after her."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from trainee import expectations, people, plans, profile, skills
from trainee.dashboards.queries import Work, latest_evidence, work_of
from trainee.dashboards.standing import Line, Standing, lines, skill_name, standing
from trainee.dashboards.today import part_url
from trainee.evidence.sources import sources
from trainee.expectations import Target
from trainee.kit.clock import end_of_day, local_date
from trainee.kit.i18n import _, _l, _n, date_words, language, moment_words, percent
from trainee.kit.web import address
from trainee.plans import Advice, Effect, Training, training
from trainee.profile import Course, Gap, Level, Try

DIAGNOSES: Final = {
    "knowledge": _l("To learn"),
    "practice": _l("To practise"),
    "transfer": _l("To bring to work"),
    "impact": _l("To look at together"),
    "unknown": _l("Not enough evidence yet"),
}
_SHOWN_STEPS = 2
# An effect is called measured where cases say at least as much as our judgement.
_MEASURED: Final = 0.5
# Nothing was known before.
_FIRST: Final = date(2000, 1, 1)
_SHOWN_SKILLS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A next step as it is offered: `url` where it is done, `what` may be assigned for it (a form's value), and the `lead` deed (its words and
    the endpoint) of whoever leads the person; each may be empty.
    """

    title: str
    sentence: str
    minutes: int
    url: str
    what: str
    # What it is expected to do, in a sentence.
    expected: str
    lead: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class GapShown:
    """One gap in words: what kind it is, why we think so, on how much, since when, whether it is closing, and what to do."""

    skill: str
    name: str
    kind: str
    diagnosis: str
    sentence: str
    # How sure that is, and how many pieces of evidence say so, in words; `rows` leads from the page of the skill to these.
    sure: str
    rests_on: str
    rows: str
    course: str
    steps: list[Step]
    # The line where the chain breaks; empty where none is named.
    line: str = ""


@dataclass(frozen=True)
class Picture:
    """What a page about one person's skills is made of."""

    levels: Mapping[str, Level]
    targets: Mapping[str, Target]
    months: Mapping[str, Course]
    gaps: list[Gap]
    work: Work
    offered: Training
    roles: Collection[str]
    # The questions missed lately, newest first.
    missed: list[Try]
    # Whether it is that of a day that is over: nothing is advised any more.
    past: bool = False


def picture(person_id: int, roles: Collection[str], at: datetime, time_zone: str) -> Picture:
    """Levels, targets, gaps, what has been done and what was missed lately, of one person. Six statements."""
    levels = profile.levels(person_id, at)
    months = profile.courses([person_id], at)[person_id]
    targets = expectations.targets_of([person_id], at)[person_id]
    work = work_of(person_id, at, time_zone)
    return Picture(
        levels, targets, months, _gaps(levels, targets, months), work, training(work.published), roles, profile.missed_lately(person_id, at)
    )


def _gaps(levels: Mapping[str, Level], targets: Mapping[str, Target], months: Mapping[str, Course]) -> list[Gap]:
    found = [
        gap
        for skill, target in targets.items()
        if skill in levels and (gap := profile.find(levels[skill], target.level, months.get(skill), target.since))
    ]
    return sorted(found, key=profile.clearness)


@dataclass(frozen=True, slots=True)
class AskedOn:
    """A past day somebody asks for: as it was typed, in words, until when that is, and what is wrong with it."""

    typed: str
    words: str = ""
    until: datetime | None = None
    error: str = ""


def asked_on(typed: str, time_zone: str, at: datetime) -> AskedOn:
    """What was typed as a day of the reader's; today's ends now."""
    typed = typed.strip()[:30]
    if not typed:
        return AskedOn(typed)
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = date.min
    if day < _FIRST:
        return AskedOn(typed, error=str(_("That is not a day one can ask for. Please choose one, such as 2026-03-01.")))
    if day > local_date(at, time_zone):
        return AskedOn(typed, error=str(_("That day has not come yet. Please choose one that is over.")))
    return AskedOn(typed, date_words(day), min(end_of_day(day, time_zone), at))


def as_known(seen: Picture, person_id: int, then: datetime) -> Picture:
    """The same as it was known then: levels, months and gaps from what had been recorded, and the targets of that day. Nothing is advised."""
    levels, months = profile.believed_course(person_id, then)
    targets = expectations.targets_of([person_id], then)[person_id]
    return replace(seen, levels=levels, targets=targets, months=months, gaps=_gaps(levels, targets, months), missed=[], past=True)


def families(seen: Picture) -> list[tuple[str, list[Standing]]]:
    """The skills that are expected of her or that she has shown, family by family."""
    book = skills.framework()
    found = []
    for family in book.families:
        mine = [
            standing(seen.levels[skill.key], seen.targets.get(skill.key))
            for skill in book.of_family(family.key)
            if skill.key in seen.targets or seen.levels[skill.key].figure.n
        ]
        if mine:
            found.append((family.name.of(language()), mine))
    return found


def four_lines(seen: Picture) -> dict[str, list[Line]]:
    """The four lines of every skill there is any evidence on."""
    return {key: lines(level) for key, level in seen.levels.items() if level.figure.n}


def gaps_shown(seen: Picture) -> list[GapShown]:
    """The gaps somebody can say something about, the clearest and largest first."""
    return [gap_shown(gap, seen) for gap in seen.gaps if gap.diagnosis != "unknown"]


def gap_shown(gap: Gap, seen: Picture) -> GapShown:
    """One gap in words."""
    rows = f"line={gap.line}#evidence" if gap.line is not None else "#evidence"
    return GapShown(
        gap.skill,
        skill_name(gap.skill),
        gap.diagnosis,
        str(DIAGNOSES[gap.diagnosis]),
        gap.sentence,
        profile.how_sure(gap),
        str(_n("Rests on %(num)d piece of evidence.", "Rests on %(num)d pieces of evidence.", gap.pieces)),
        # The page of a past day has its day in the address already.
        ("" if gap.line is None else "&" if seen.past else "?") + rows,
        course(gap),
        [] if seen.past else [step_shown(one) for one in _advised(gap, seen)],
        gap.line or "",
    )


def _advised(gap: Gap, seen: Picture) -> list[Advice]:
    work, measured = seen.work, plans.effects(seen.work.measured)
    return plans.advice(gap, seen.offered, work.parts, work.ranks, seen.roles, work.due, seen.missed, measured)[:_SHOWN_STEPS]


def step_shown(one: Advice) -> Step:
    """A next step with its address."""
    if one.part is None:
        url = address(one.endpoint) if one.endpoint else ""
        return Step(one.title, one.sentence, one.minutes, url, "", expected(one), (one.lead_deed, one.lead_endpoint))
    what = f"roleplay/{one.part.values['story']}" if one.part.kind == "roleplay" else f"module/{one.part.module.key}"
    return Step(one.title, one.sentence, one.minutes, part_url(one.part), what, expected(one))


def expected(one: Advice) -> str:
    """What a step is expected to do, and how that is known, in two sentences."""
    if one.tells:
        said = _("Likely to bring about %(share)s of the evidence that is missing.", share=percent(one.share))
    else:
        said = _("Likely to close about %(share)s of the gap.", share=percent(one.share))
    return f"{said} {_known_from(one.effect)}"


def _known_from(effect: Effect | None) -> str:
    if effect is None:
        return str(_("That is our judgement so far."))
    if effect.weight < _MEASURED:
        return str(_n("That is our judgement, moved by %(num)d case so far.", "That is our judgement, moved by %(num)d cases so far.", effect.cases))
    return str(_n("Measured on %(num)d case.", "Measured on %(num)d cases.", effect.cases))


def course(gap: Gap) -> str:
    """Since when a gap is open and whether it is closing, in a sentence; empty when neither can be told."""
    said = []
    if gap.open_months > 1:
        said.append(str(_n("Open for %(num)d month.", "Open for %(num)d months.", gap.open_months)))
    if gap.closes_in:
        said.append(
            str(_n("At the present pace it closes in about %(num)d month.", "At the present pace it closes in about %(num)d months.", gap.closes_in))
        )
    return " ".join(said)


def chance(gap: Gap) -> str:
    """How probable it is that the line where the chain breaks is below what is expected; never said to be certain."""
    return str(_("That it is below what is expected has a probability of %(share)s.", share=percent(min(gap.certainty, 0.99))))


def helps(seen: Picture) -> dict[str, Step]:
    """For each skill that cannot be judged yet, the one thing on this site that would help most."""
    found = {}
    for gap in seen.gaps:
        if gap.diagnosis == "unknown":
            steps = plans.advice(gap, seen.offered, seen.work.parts, seen.work.ranks, seen.roles)
            step = next((one for one in steps if one.part is not None), None)
            if step is not None:
                found[gap.skill] = step_shown(step)
    return found


def where(item: str, offered: Training) -> str:
    """What an item belongs to, by the title a person knows: a quiz, a lesson, a role-play; empty when it is none of ours."""
    parts = item.split("/")
    story = offered.stories.get(parts[0])
    if story is not None:
        return story.title.of(language())
    part = offered.part(parts[0], "quiz" if len(parts) == 3 and parts[1] == "quiz" else f"lesson/{parts[1]}") if len(parts) == 3 else None
    return part.title.of(language()) if part is not None else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of a timeline."""

    skill: str
    happened: str
    where: str
    when: str
    who: str


def timeline(person_id: int, offered: Training, most: int = 10) -> list[Seen]:
    """What was shown last, over all skills. Two statements."""
    rows = latest_evidence(person_id, most)
    names = people.names(row.actor_id for row in rows if row.actor_id is not None)
    return [_seen(row, names, offered) for row in rows if row.source in sources]


def _seen(row: Any, names: Mapping[int, str], offered: Training) -> Seen:
    happened = sources[row.source].sentence(row.score)
    return Seen(skill_name(row.skill_key), happened, where(row.item, offered), moment_words(row.occurred_at), names.get(row.actor_id, ""))


def behind_team(person_id: int, at: datetime) -> str:
    """In a sentence, in which skills somebody is clearly behind her team, or nothing; only those who lead her are to read it. Two statements."""
    levels = profile.levels_of([person_id, *people.colleagues_of(person_id)], at)
    found = profile.behind_team(levels.pop(person_id), list(levels.values()))
    if not found:
        return ""
    names = ", ".join(skill_name(one.skill) for one in found[:_SHOWN_SKILLS])
    more = len(found) - _SHOWN_SKILLS
    if more > 0:
        names = str(_n("%(names)s and %(num)d more skill", "%(names)s and %(num)d more skills", more, names=names))
    return str(_("%(skills)s: colleagues in the team are further on just now. Ask what would help.", skills=names))


def first_words(seen: Picture) -> str:
    """The whole in one sentence, for the head of a page, by the same rule as the gaps: reached, below, and what is not clear yet."""
    if not any(seen.levels[skill].level is not None for skill in seen.targets if skill in seen.levels):
        return str(_("There is not enough evidence yet to say anything. That changes with the first quiz or role-play."))
    gaps = {gap.skill: gap for gap in seen.gaps}
    reached = below = 0
    for skill, target in seen.targets.items():
        if skill in gaps:
            below += gaps[skill].diagnosis != "unknown"
        elif skill in seen.levels:
            reached += profile.surely_reached(seen.levels[skill], target.level)
    open_ones = len(seen.targets) - reached - below
    said = [
        _n("%(num)d skill clearly where it is expected to be", "%(num)d skills clearly where they are expected to be", reached),
        _n("%(num)d below", "%(num)d below", below) if below else "",
        _n("%(num)d not clear yet", "%(num)d not clear yet", open_ones) if open_ones else "",
    ]
    return f"{', '.join(str(one) for one in said if one)}."

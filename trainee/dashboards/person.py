"""One person's skills and gaps as a page shows them, to herself or to those who look after her."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from trainee import expectations, people, plans, profile, skills
from trainee.coaching import sessions
from trainee.dashboards.queries import Work, latest_evidence, work_of
from trainee.dashboards.shared import fall_words
from trainee.dashboards.standing import LINE_NAMES, Line, Standing, level_name, lines, skill_name, standing
from trainee.dashboards.today import part_url
from trainee.evidence.source import by_rule
from trainee.evidence.sources import sources
from trainee.expectations import Expected, Target
from trainee.kit.clock import end_of_day, local_date
from trainee.kit.i18n import _, _l, _n, date_words, language, moment_words, percent
from trainee.kit.web import address
from trainee.plans import Advice, Effect, Lock, Training, training
from trainee.profile import Course, Gap, Level, Try
from trainee.profile.words import DIAGNOSES
from trainee.voice.holding import from_customer, held_in, without_customers
from trainee.voice.queries import LEAST

_SHOWN_STEPS = 2
# An effect is called measured where cases say at least as much as our judgement.
_MEASURED: Final = 0.5
# Nothing was known before.
_FIRST: Final = date(2000, 1, 1)
_SHOWN_SKILLS = 3
# What is said of a gap of which no month can be named in which it closes.
_PACES: Final = {
    "slow": _l("If it goes on as in the last two months, it takes more than two years to close."),
    "standing": _l("It is not closing so far."),
    "early": _l("It is too early to say whether it is closing."),
    "quiet": _l("Nothing has come lately that would say whether it is closing."),
}


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
    # The module that comes first where a path keeps this one locked; `url` leads there.
    opens_with: str = ""
    # Where she asks somebody for it in one press (POST); empty when nobody is asked.
    ask_url: str = ""


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
    # Where many came down in it at once, that in words: it is said before anything is said of the person.
    shared: str = ""
    # What is being tried since a talk, and the talk's number; nothing where nothing is, or where it is not told.
    tried: str = ""
    talk: int = 0
    # Whether something is said to be below, and not merely not known.
    below: bool = True
    # The level that is expected, in words.
    target: str = ""
    # By when it is to be seen at work, in words; empty where nobody has planned to.
    planned: str = ""
    # That she asked for it herself, and by when, in words for whoever may observe her; empty where she did not.
    asks: str = ""


@dataclass(frozen=True)
class Picture:
    """What a page about one person's skills is made of."""

    levels: Mapping[str, Level]
    # All that is expected of her with what it overrides and what is to come, and of it what applies.
    expected: Expected
    targets: Mapping[str, Target]
    months: Mapping[str, Course]
    gaps: list[Gap]
    work: Work
    offered: Training
    roles: Collection[str]
    # The questions missed lately, newest first.
    missed: list[Try]
    # The modules that her path keeps locked.
    locked: Mapping[str, Lock] = field(default_factory=dict)
    # Whether it is that of a day that is over: nothing is advised any more.
    past: bool = False
    # What is being tried, by skill, where the reader is one of those who may know it, in her words of that day.
    tried: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    team_id: int | None = None
    # The skills whose customers' line is not for this reader yet: so few answered that it would tell what each of them said.
    held: Collection[str] = frozenset()


def with_tried(seen: Picture, person_id: int, day: date) -> Picture:
    """The same with what is being tried since a talk; for the two sides and those who lead them. One statement."""
    found = sessions.tried([person_id]).items()
    return replace(seen, tried={skill: (one.words(day), one.session_id) for (_who, skill), one in found})


def for_others(seen: Picture) -> Picture:
    """The same for whoever is neither she nor leads her: where fewer customers answered than a figure takes, no more is told than how many.

    A gap found in such a line is what is found without it.
    """
    held = held_in(seen.levels)
    told = {gap.skill for gap in seen.gaps if gap.line == "customers" and gap.skill in held}
    gaps = [gap for gap in seen.gaps if gap.skill not in told] + _gaps(without_customers(seen.levels, told), seen.targets, seen.months, seen.team_id)
    return replace(seen, held=held, gaps=sorted(gaps, key=profile.clearness))


def picture(person_id: int, roles: Collection[str], at: datetime, time_zone: str, team_id: int | None = None) -> Picture:
    """Levels, targets, gaps, what has been done and what was missed lately, of one person of that team.

    Seven statements, and one more for who follows a path.
    """
    levels = profile.levels(person_id, at)
    months = profile.courses([person_id], at)[person_id]
    expected = expectations.expected_of([person_id], at)[person_id]
    targets = expected.targets
    work = work_of(person_id, at, time_zone)
    offered, missed = training(work.published), profile.missed_lately(person_id, at)
    locked = plans.locks_of(person_id, work.parts, offered.versions)
    found = _gaps(levels, targets, months, team_id)
    return Picture(levels, expected, targets, months, found, work, offered, roles, missed, locked, team_id=team_id)


def _with_falls(gap: Gap, team_id: int | None) -> Gap:
    return profile.with_falls(gap, [fall for fall in gap.level.falls if fall.concerns(team_id)])


def _gaps(levels: Mapping[str, Level], targets: Mapping[str, Target], months: Mapping[str, Course], team_id: int | None) -> list[Gap]:
    found = [
        gap
        for skill, target in targets.items()
        if skill in levels and (gap := profile.find(levels[skill], target.level, months.get(skill), target.since))
    ]
    return sorted((_with_falls(gap, team_id) for gap in found), key=profile.clearness)


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
    return replace(seen, levels=levels, targets=targets, months=months, gaps=_gaps(levels, targets, months, seen.team_id), missed=[], past=True)


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
    return {key: lines(level, key in seen.held) for key, level in seen.levels.items() if level.figure.n}


def gaps_shown(seen: Picture) -> list[GapShown]:
    """The gaps somebody can say something about, the clearest and largest first."""
    return [gap_shown(gap, seen) for gap in seen.gaps if gap.below]


def gap_shown(gap: Gap, seen: Picture) -> GapShown:
    """One gap in words."""
    rows = f"line={gap.line}#evidence" if gap.line is not None else "#evidence"
    return GapShown(
        gap.skill,
        skill_name(gap.skill),
        gap.diagnosis,
        str(_("To find out") if gap.below and gap.diagnosis == "unknown" else DIAGNOSES[gap.diagnosis]),
        gap.sentence,
        profile.how_sure(gap),
        str(_n("Rests on %(num)d piece of evidence.", "Rests on %(num)d pieces of evidence.", gap.pieces)),
        # The page of a past day has its day in the address already.
        ("" if gap.line is None else "&" if seen.past else "?") + rows,
        course(gap),
        [] if seen.past else [step_shown(one, seen.locked) for one in _advised(gap, seen)],
        gap.line or "",
        fall_words(gap.shared) if gap.shared is not None else "",
        *seen.tried.get(gap.skill, ("", 0)),
        below=gap.below,
        target=str(_("Expected: %(level)s.", level=level_name(gap.target))),
        planned=_planned(seen.work.planned.get(gap.skill)),
        asks=_asks(gap.skill, seen.work),
    )


def asks_besides(seen: Picture, told: Iterable[GapShown]) -> list[tuple[str, str]]:
    """The skills in which she asks to be seen at work, each with that in words, where no step of these gaps says so; the first due first."""
    said = {gap.skill for gap in told if any(step.ask_url for step in gap.steps)}
    return [(skill, _asks(skill, seen.work)) for skill in sorted(seen.work.asks - said, key=lambda one: (seen.work.planned[one], one))]


def _asks(skill: str, work: Work) -> str:
    if skill not in work.asks:
        return ""
    return str(_("%(skill)s: to be seen at work by %(day)s.", skill=skill_name(skill), day=date_words(work.planned[skill])))


def _planned(due_on: date | None) -> str:
    return str(_("To be seen at work by %(day)s.", day=date_words(due_on))) if due_on is not None else ""


def _advised(gap: Gap, seen: Picture) -> list[Advice]:
    work, measured = seen.work, plans.effects(seen.work.measured)
    found = plans.advice(gap, seen.offered, work.parts, work.ranks, seen.roles, work.due, seen.missed, measured, seen.locked)
    # While something is being tried, nobody is sent to the same talk anew.
    return [one for one in found if gap.skill not in seen.tried or one.lead_endpoint != "preparing.prepare"][:_SHOWN_STEPS]


def step_shown(one: Advice, locked: Mapping[str, Lock]) -> Step:
    """A next step with its address; where her path keeps it locked, with what opens it, and the address of that."""
    lock = locked.get(one.part.module.key) if one.part is not None else None
    if lock is not None:
        url, first = address("library.module_page", module_key=lock.before[0].key), lock.before[0].title.of(language())
        return Step(one.title, f"{one.sentence} {lock.words}", one.minutes, url, "", expected(one), opens_with=first)
    if one.part is None:
        url = address(one.endpoint) if one.endpoint else ""
        ask_url = address(one.ask_endpoint, skill=one.skill) if one.ask_endpoint else ""
        return Step(one.title, one.sentence, one.minutes, url, "", expected(one), (one.lead_deed, one.lead_endpoint), ask_url=ask_url)
    what = f"roleplay/{one.part.values['story']}" if one.part.kind == "roleplay" else f"module/{one.part.module.key}"
    return Step(one.title, one.sentence, one.minutes, part_url(one.part), what, expected(one))


def expected(one: Advice) -> str:
    """What a step is expected to do, and how that is known, in two sentences."""
    if one.tells:
        said = _("Likely to bring about %(share)s of the evidence that is still missing.", share=percent(one.share))
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
    """Since when a gap is open and whether it is closing, in two sentences; empty where nothing is said to be below."""
    if not gap.below:
        return ""
    age = _("Open since %(month)s.", month=date_words(gap.open_since, "MMMM y")) if gap.open_months > 1 else _("Open for less than two months.")
    return f"{age} {_pace(gap)}"


def _pace(gap: Gap) -> str:
    if gap.closes_in:
        return str(
            _n(
                "If it goes on as in the last two months, it closes in about %(num)d month.",
                "If it goes on as in the last two months, it closes in about %(num)d months.",
                gap.closes_in,
            )
        )
    return str(_PACES[gap.pace])


def chance(gap: Gap) -> str:
    """How probable it is that the line where the chain breaks is below what is expected; never said to be certain."""
    share = percent(min(gap.certainty, 0.99))
    if gap.line in LINE_NAMES:
        line = str(LINE_NAMES[gap.line])
        return str(_("That the line “%(line)s” is under what is expected has a probability of %(share)s.", line=line, share=share))
    return str(_("That it is below what is expected has a probability of %(share)s.", share=share))


def helps(seen: Picture) -> dict[str, Step]:
    """For each skill that cannot be judged yet, the one thing on this site that would help most."""
    found = {}
    for gap in seen.gaps:
        if gap.diagnosis == "unknown":
            steps = plans.advice(gap, seen.offered, seen.work.parts, seen.work.ranks, seen.roles, locked=seen.locked)
            step = next((one for one in steps if one.part is not None), None)
            if step is not None:
                found[gap.skill] = step_shown(step, seen.locked)
    return found


def where(item: str, offered: Training) -> str:
    """What an item belongs to, by the title a person knows: a quiz, lesson or role-play, or a contact without respect; empty for others."""
    if by_rule(item):
        return str(_("a contact without respect: every line counts as level 1"))
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
    # The observation to open for the mark; 0 where it stands here.
    opens: int = 0
    # Why the mark does not stand here, where nothing is to be opened for it.
    held: str = ""


def timeline(
    person_id: int, offered: Training, closed: Mapping[int, int], most: int = 10, after: int = 0, held: Collection[str] = frozenset()
) -> list[Seen]:
    """What was shown last, over all skills, `after` so many newer rows. Two statements.

    Of the `closed` rows (each with its observation) and of those of customers on a skill that is `held` no more is said than that there is one.
    """
    rows = latest_evidence(person_id, most, after)
    names = people.names(row.actor_id for row in rows if row.actor_id is not None)
    return [_told(row, names, offered, closed, held) for row in rows if row.source in sources]


def _told(row: Any, names: Mapping[int, str], offered: Training, closed: Mapping[int, int], held: Collection[str]) -> Seen:
    if row.id in closed:
        return Seen(skill_name(row.skill_key), seen_by_another(), "", moment_words(row.occurred_at), "", closed[row.id])
    if row.skill_key in held and from_customer(row.source):
        return Seen(skill_name(row.skill_key), a_customer(), "", moment_words(row.occurred_at), "", held=from_enough())
    return _seen(row, names, offered)


def a_customer() -> str:
    """What is said in the place of a customer's mark while too few answered."""
    return str(_("A customer rated a visit."))


def from_enough() -> str:
    """From how many answers on customers' marks are told to whoever does not lead her."""
    return str(_("Told from %(least)s answers on.", least=LEAST))


def seen_by_another() -> str:
    """What is said in the place of a mark that is not to be read in passing."""
    return str(_("Seen at work by somebody else."))


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
    """The whole in one sentence, for the head of a page, by the same rule as the gaps: reached, below, and what is not clear yet.

    Of what is not clear, what the level shows to be reached is told apart: an expectation of it says so too.
    """
    if not any(seen.levels[skill].level is not None for skill in seen.targets if skill in seen.levels):
        return str(_("There is not enough evidence yet to say anything. That changes with the first quiz or role-play."))
    gaps = {gap.skill: gap for gap in seen.gaps}
    reached = below = likely = 0
    for skill, target in seen.targets.items():
        if skill in gaps:
            below += gaps[skill].below
        elif skill in seen.levels:
            sure = profile.surely_reached(seen.levels[skill], target.level)
            reached += sure
            likely += not sure and (seen.levels[skill].level or 0) >= target.level
    open_ones = len(seen.targets) - reached - below - likely
    said = [
        _n("%(num)d skill clearly where it is expected to be", "%(num)d skills clearly where they are expected to be", reached),
        _n("%(num)d likely there", "%(num)d likely there", likely) if likely else "",
        _n("%(num)d below", "%(num)d below", below) if below else "",
        _n("%(num)d not clear yet", "%(num)d not clear yet", open_ones) if open_ones else "",
    ]
    return f"{', '.join(str(one) for one in said if one)}."

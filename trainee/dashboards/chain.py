"""The chain from training to loyalty and the tree of what customers look at, in figures: what goes together, and never what causes what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import atanh, sqrt, tanh
from typing import Any

from sqlalchemy import case, func, or_, select

from trainee import voice
from trainee.evidence.models import EVIDENCE
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.i18n import _l
from trainee.kit.intervals import Z, adjusted_wald, wilson
from trainee.modules.progress.models import PartDone
from trainee.people import Person, Team
from trainee.service import complaints
from trainee.voice.arithmetic import PERSON_NPS, student

WINDOW = timedelta(days=90)
# Fewer answers, marks or people say nothing; fewer teams show no pattern.
LEAST, LEAST_TEAMS, LEAST_PEOPLE = 12, 6, 5
# From here on a part of the tree is green: what is seen is what the framework calls proficient, more often than not.
GOOD_LEVEL = 2.5
# Of the long questionnaire, whose statements go from 1 to 7: who marks so much agrees.
QUESTIONNAIRE, AGREED = "service-quality", 5
# Fewer contacts on either side are no yardstick.
LEAST_CONTACTS = 100
OBSERVED = ("observation_line", "double_observation", "unlicensed_observation")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a link: `kind` says how it is written (share, level, score, rate); None where too few stand behind it."""

    kind: str
    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: what it says now and in the three months before."""

    key: str
    now: Figure
    before: Figure


def chain(at: datetime) -> list[Link]:
    """The four links, in order: who learned, how people work, whether customers are satisfied, whether they would recommend us. Eight statements."""
    spans = ((at - WINDOW, at), (at - 2 * WINDOW, at - WINDOW))
    makers = (("training", _trained), ("behaviour", _observed), ("satisfaction", _satisfied), ("loyalty", _recommend))
    return [Link(key, *(make(*span) for span in spans)) for key, make in makers]


def _trained(since: datetime, until: datetime) -> Figure:
    """The share of those who are here that finished a part of a module they had not finished before."""
    many = db.session.scalar(select(func.count()).select_from(Person).where(Person.disabled_at.is_(None))) or 0
    learned = select(func.count(PartDone.person_id.distinct())).where(PartDone.first_at >= since, PartDone.first_at < until)
    return share(db.session.scalar(learned) or 0, many)


def _observed(since: datetime, until: datetime) -> Figure:
    """The mean level of what was seen at work, with its interval. One statement."""
    each = select(func.sum(EVIDENCE.c.score).label("score"), func.count().label("marks")).where(*seen_at_work(since, until))
    one = each.group_by(EVIDENCE.c.person_id).subquery()
    sums = (func.sum(one.c.score), func.sum(one.c.marks), func.sum(one.c.score * one.c.score), func.sum(one.c.score * one.c.marks))
    row = db.session.execute(select(func.count(), *sums, func.sum(one.c.marks * one.c.marks))).one()
    return clustered(*(float(value or 0) for value in row))


def clustered(people: float, score: float, marks: float, squared: float, crossed: float, counted: float) -> Figure:
    """A mean level (1 to 4) of marks with 95 % confidence, where the marks of one person hang together: it is people that were drawn, not marks.

    A ratio of two sums and its linearised variance (Cochran 1977, Sampling Techniques, 6.3) with Student's quantile. Given are, over people with s
    the sum and m the number of their marks (0..1): how many, and the sums of s, m, s*s, s*m and m*m. No interval below two people.
    """
    if marks < LEAST:
        return Figure("level", None, int(marks))
    mean = score / marks
    if people < 2:
        return Figure("level", 1 + 3 * mean, int(marks))
    spread = max(squared - 2 * mean * crossed + mean * mean * counted, 0.0) * people / (people - 1)
    half = student(int(people) - 1) * sqrt(spread) / marks
    return Figure("level", 1 + 3 * mean, int(marks), 1 + 3 * max(mean - half, 0.0), 1 + 3 * min(mean + half, 1.0))


def seen_at_work(since: datetime, until: datetime) -> tuple[Any, ...]:
    """What makes a row one that was seen at work in that time and stands."""
    taken_back = select(EVIDENCE.c.retracts_id).where(EVIDENCE.c.retracts_id.is_not(None))
    inside = (EVIDENCE.c.occurred_at >= since, EVIDENCE.c.occurred_at < until)
    return (EVIDENCE.c.source.in_(OBSERVED), *inside, EVIDENCE.c.retracts_id.is_(None), EVIDENCE.c.id.not_in(taken_back))


def _satisfied(since: datetime, until: datetime) -> Figure:
    """The share of answers to the first question of satisfaction that were good."""
    question = next(one for one in voice.QUESTIONS.values() if one.instrument == "csat")
    rows = (voice.Rating.question == question.key, voice.Rating.given_at >= since, voice.Rating.given_at < until)
    good = func.sum(case((voice.Rating.value >= question.good, 1), else_=0))
    row = db.session.execute(select(func.count(), good).where(*rows)).one()
    return share(row[1] or 0, row[0])


def easy(at: datetime) -> Figure:
    """The share of customers who found it easy in the last three months. One statement."""
    question = next(one for one in voice.QUESTIONS.values() if one.measure == "ces")
    rows = (voice.Rating.question == question.key, voice.Rating.given_at >= at - WINDOW, voice.Rating.given_at < at)
    good = func.sum(case((voice.Rating.value >= question.good, 1), else_=0))
    row = db.session.execute(select(func.count(), good).where(*rows)).one()
    return share(row[1] or 0, row[0])


def _recommend(since: datetime, until: datetime) -> Figure:
    """Promoters minus detractors, as a share of all who were asked whether they would recommend us; nobody is, where no such question is asked."""
    question = next((one.key for one in voice.QUESTIONS.values() if one.instrument == "nps"), None)
    if question is None:
        return Figure("score", None, 0)
    value = voice.Rating.value
    parts = (func.count(), func.sum(case((value >= 9, 1), else_=0)), func.sum(case((value <= 6, 1), else_=0)))
    rows = (voice.Rating.question == question, voice.Rating.given_at >= since, voice.Rating.given_at < until)
    person = voice.Rating.person_id
    about = (func.count(person.distinct()), func.count(person))
    n, up, down, people, named = (found or 0 for found in db.session.execute(select(*parts, *about).where(*rows)).one())
    # What all answers tell of one person is hers, whatever it is called after.
    if n < (PERSON_NPS if people == 1 and named == n else LEAST):
        return Figure("score", None, n)
    return Figure("score", (up - down) / n, n, *adjusted_wald(up, down, n))


def share(good: int, n: int) -> Figure:
    """A share with its interval; None where fewer than `LEAST` stand behind it."""
    return Figure("share", good / n, n, *wilson(good / n, n)) if n >= LEAST else Figure("share", None, n)


def conflict(at: datetime, time_zone: str) -> list[complaints.Month]:
    """Complaints for a thousand contacts, month by month."""
    return complaints.months(at, time_zone)


@dataclass(frozen=True, slots=True)
class Together:
    """How teams' work goes together with their customers' satisfaction: a row for each team, and how closely the two run, with its interval."""

    teams: Sequence[tuple[str, float, int, float, int]]
    r: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Bond:
    """How closely two neighbours in the chain run over `teams` teams: Pearson's r with its interval.

    None where there are too few teams to say, or where one of the two is `alike` in all of them: then nothing can go together with it.
    """

    first: str
    second: str
    teams: int
    r: float | None
    low: float | None
    high: float | None
    alike: tuple[str, float] | None = None


# By team: its figure and how many stand behind it.
ByTeam = Mapping[int, tuple[float, int]]


def by_team(at: datetime) -> dict[str, ByTeam]:
    """Each link of the chain, team by team, where enough stand behind it: a share, a level (1 to 4), a share, a score (-1..1). Four statements."""
    since = at - WINDOW
    csat = next(one for one in voice.QUESTIONS.values() if one.instrument == "csat")
    nps = next((one for one in voice.QUESTIONS.values() if one.instrument == "nps"), None)
    value = voice.Rating.value
    good, promoting = func.sum(case((value >= csat.good, 1), else_=0)), func.sum(case((value >= 9, 1), (value <= 6, -1), else_=0))
    return {
        "training": _learned_by_team(since, at),
        "behaviour": _observed_by_team(since, at),
        "satisfaction": _answered_by_team(csat.key, good, since, at),
        "loyalty": _answered_by_team(nps.key, promoting, since, at) if nps is not None else {},
    }


def _learned_by_team(since: datetime, until: datetime) -> ByTeam:
    learned = select(PartDone.person_id).where(PartDone.first_at >= since, PartDone.first_at < until)
    many = func.sum(case((Person.id.in_(learned), 1), else_=0))
    rows = select(Person.team_id, func.count(), many).where(Person.team_id.is_not(None), Person.disabled_at.is_(None)).group_by(Person.team_id)
    return {team_id: (some / n, n) for team_id, n, some in db.session.execute(rows) if n >= LEAST_PEOPLE}


def _observed_by_team(since: datetime, until: datetime) -> ByTeam:
    rows = select(Person.team_id, func.avg(EVIDENCE.c.score), func.count()).join(EVIDENCE, EVIDENCE.c.person_id == Person.id)
    rows = rows.where(Person.team_id.is_not(None), *seen_at_work(since, until)).group_by(Person.team_id)
    return {team_id: (1 + 3 * float(mean), n) for team_id, mean, n in db.session.execute(rows) if n >= LEAST}


def _answered_by_team(question: str, counted: Any, since: datetime, until: datetime) -> ByTeam:
    # An answer is of the team that served, whoever of it that was.
    rows = select(voice.Rating.team_id, func.count(), counted).where(voice.Rating.team_id.is_not(None), voice.Rating.question == question)
    rows = rows.where(voice.Rating.given_at >= since, voice.Rating.given_at < until).group_by(voice.Rating.team_id)
    return {team_id: (some / n, n) for team_id, n, some in db.session.execute(rows) if n >= LEAST}


def bonds(figures: Mapping[str, ByTeam]) -> list[Bond]:
    """How closely each link runs with the next, over the teams of which both are known."""
    found = []
    for first, second in pairwise(figures):
        both = [(figures[first][team_id][0], figures[second][team_id][0]) for team_id in figures[first] if team_id in figures[second]]
        sides = zip((first, second), zip(*both, strict=True), strict=False)
        alike = next(((link, values[0]) for link, values in sides if len(set(values)) == 1), None)
        found.append(Bond(first, second, len(both), *closeness(both), alike))
    return found


def together(figures: Mapping[str, ByTeam]) -> Together:
    """Each team with enough behind both figures: its name, mean level and n, share of satisfied customers and n. One statement."""
    seen, asked = figures["behaviour"], figures["satisfaction"]
    names = {team.id: team.name for team in db.session.execute(select(Team.id, Team.name))}
    rows = [(names[team_id], *seen[team_id], *asked[team_id]) for team_id in seen if team_id in asked and team_id in names]
    rows.sort(key=lambda row: trtext.sort_key(row[0]))
    return Together(rows, *closeness([(row[1], row[3]) for row in rows]))


def closeness(pairs: Sequence[tuple[float, float]]) -> tuple[float | None, float | None, float | None]:
    """Pearson's r of these pairs and its 95 % interval by Fisher's transformation; None below six pairs or where one of them does not vary."""
    n = len(pairs)
    if n < LEAST_TEAMS or 1 in (len({x for x, _y in pairs}), len({y for _x, y in pairs})):
        return None, None, None
    mean_x, mean_y = sum(x for x, _y in pairs) / n, sum(y for _x, y in pairs) / n
    both = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    spread = sqrt(sum((x - mean_x) ** 2 for x, _y in pairs) * sum((y - mean_y) ** 2 for _x, y in pairs))
    r = max(min(both / spread, 0.999999), -0.999999)
    half = Z / sqrt(n - 3)
    return r, tanh(atanh(r) - half), tanh(atanh(r) + half)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the tree: what customers look at, with the skills, survey questions and causes of complaints that tell of it.

    `items` are those statements of the long questionnaire that really ask for it. Without skills nothing that is seen at work tells of it, and no
    question of a short survey. `modules` are lessons about it beside those whose first skill is one of its skills.
    """

    key: str
    trunk: bool
    name: Any
    what: Any
    skills: tuple[str, ...]
    causes: tuple[str, ...]
    items: tuple[str, ...]
    modules: tuple[str, ...] = ()


# From the most general to the most specific: what everybody sees first, then what one looks at when that is right.
TREE = (
    Node(
        "first-impression",
        True,
        _l("First impression"),
        _l("What a customer sees and hears on arriving."),
        ("greeting", "service-environment"),
        ("place",),
        ("t2", "t3"),
    ),
    Node(
        "need-fit",
        True,
        _l("Can my need be met here?"),
        _l("Whether somebody finds out what is needed."),
        ("needs-discovery", "flexibility"),
        ("repeated",),
        ("f2", "g4", "e3"),
    ),
    # That labels and receipts are clear and payments without error. No skill is about it: that of Trust would be taken for more than it is.
    Node(
        "price",
        False,
        _l("Price and value"),
        _l("Whether the price is clear and right."),
        (),
        ("price", "refund"),
        ("t4", "r5"),
        ("service-recovery",),
    ),
    Node(
        "dependable",
        False,
        _l("People one can depend on"),
        _l("Whether what was promised is done."),
        ("reliability",),
        ("late-delivery", "broken-promise", "no-call-back"),
        ("r1", "r4"),
    ),
    Node(
        "friendly",
        False,
        _l("Friendly people"),
        _l("Whether one is listened to and treated with respect."),
        ("empathy", "de-escalation"),
        ("conduct",),
        ("f3", "g3", "e1", "e5"),
    ),
    Node(
        "after-sale",
        False,
        _l("After the sale"),
        _l("Installation, support, repair, and a call."),
        ("follow-up-loyalty", "complaint-handling"),
        ("defective", "repair", "installation"),
        ("r2",),
    ),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A node with its figures of the last three months, and what they are set beside: answers on the whole tree, statements of the whole
    questionnaire, and how many complained of it in the three months before. `grown` is how many contacts there were for one of then."""

    node: Node
    level: Figure
    customers: Figure
    complaints: int
    everywhere: Figure
    complaints_before: int
    stated: Figure = Figure("share", None, 0)
    stated_everywhere: Figure = Figure("share", None, 0)
    grown: float = 1.0

    @property
    def well(self) -> bool | None:
        """Whether what is seen at work is what the framework calls proficient, more often than not; None where too little was seen."""
        # As it is shown: 2.46 reads 2.5, and says so.
        return None if self.level.value is None else round(self.level.value, 1) >= GOOD_LEVEL

    @property
    def content(self) -> bool | None:
        """What customers say of it: False where surely fewer are content than everywhere, by single questions or by the questionnaire, or surely
        more complained of it than in the three months before; True where none is so and enough were asked; None where hardly anybody was."""
        if self.more_complain:
            return False
        pairs = ((self.customers, self.everywhere), (self.stated, self.stated_everywhere))
        asked = [mine.high >= whole.value for mine, whole in pairs if mine.high is not None and mine.value is not None and whole.value is not None]
        return all(asked) if asked else None

    @property
    def more_complain(self) -> bool:
        """Whether surely more complained of it than before, for as many contacts; of any other cause there may be as many as there like.

        Of two counts the later one is, given their sum, a share (Przyborowski and Wilenski 1940, Biometrika 31:313).
        """
        both = self.complaints + self.complaints_before
        return both >= LEAST and wilson(self.complaints / both, both)[0] > self.grown / (1 + self.grown)


def tree(at: datetime) -> list[Branch]:
    """Every node with what was seen at work, what customers answered, and how many complained. Seven statements."""
    since, before = at - WINDOW, at - 2 * WINDOW
    marks, answers, stated, heard = _by_skill(at), _answers(since, at), _stated(since, at), by_cause(at)
    earlier = {row.cause: row.many for row in complaints.by_cause(before, since)}
    now_counted, then_counted = complaints.contacts(since.date(), at.date()), complaints.contacts(before.date(), since.date())
    # Where contacts were not counted in both, they are taken for as many.
    grown = now_counted / then_counted if min(now_counted, then_counted) >= LEAST_CONTACTS else 1.0
    everywhere = _good([skill for node in TREE for skill in node.skills], answers)
    return [
        Branch(
            node,
            _mean(node.skills, marks),
            _good(node.skills, answers),
            sum(heard.get(cause, 0) for cause in node.causes),
            everywhere,
            sum(earlier.get(cause, 0) for cause in node.causes),
            _agreed(node.items, stated),
            _agreed(tuple(stated), stated),
            grown,
        )
        for node in TREE
    ]


def _stated(since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """By statement of the long questionnaire, as found with us: how many marked it, and how many from five of seven on. One statement."""
    start, end = f"{QUESTIONNAIRE}/", "-perception"
    good = func.sum(case((voice.Rating.value >= AGREED, 1), else_=0))
    rows = select(voice.Rating.question, func.count(), good).where(voice.Rating.given_at >= since, voice.Rating.given_at < until)
    rows = rows.where(voice.Rating.question.like(f"{start}%{end}")).group_by(voice.Rating.question)
    return {question.removeprefix(start).removesuffix(end): (n, many) for question, n, many in db.session.execute(rows)}


def _agreed(items: Collection[str], stated: Mapping[str, tuple[int, int]]) -> Figure:
    # Several marks of one customer are no more customers: the interval goes by how many of them there were.
    known = [stated[item] for item in items if item in stated]
    marks, n = sum(many for many, _good in known), max((many for many, _good in known), default=0)
    if n < LEAST:
        return Figure("share", None, n)
    value = sum(good for _many, good in known) / marks
    return Figure("share", value, n, *wilson(value, n))


def _by_skill(at: datetime) -> dict[str, tuple[float, int]]:
    statement = select(EVIDENCE.c.skill_key, func.avg(EVIDENCE.c.score), func.count()).where(*seen_at_work(at - WINDOW, at))
    return {row[0]: (float(row[1]), row[2]) for row in db.session.execute(statement.group_by(EVIDENCE.c.skill_key))}


def by_skill(at: datetime) -> dict[str, Figure]:
    """What was seen at work in the last three months, by skill. One statement."""
    marks = _by_skill(at)
    return {skill: _mean((skill,), marks) for skill in marks}


def by_cause(at: datetime) -> dict[str, int]:
    """How many complained in the last three months, by cause. One statement."""
    return {row.cause: row.many for row in complaints.by_cause(at - WINDOW)}


def _answers(since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """By skill: how many answers, and how many good ones."""
    good = or_(*((voice.Rating.question == one.key) & (voice.Rating.value >= one.good) for one in voice.QUESTIONS.values()))
    statement = (
        select(voice.Rating.question, func.count(), func.sum(case((good, 1), else_=0)))
        .where(voice.Rating.given_at >= since, voice.Rating.given_at < until)
        .group_by(voice.Rating.question)
    )
    found: dict[str, tuple[int, int]] = {}
    for question, n, many in db.session.execute(statement):
        skill = voice.QUESTIONS[question].skill if question in voice.QUESTIONS else None
        if skill is not None:
            found[skill] = (found.get(skill, (0, 0))[0] + n, found.get(skill, (0, 0))[1] + many)
    return found


def _mean(skills: Collection[str], marks: Mapping[str, tuple[float, int]]) -> Figure:
    n = sum(marks[skill][1] for skill in skills if skill in marks)
    if n < LEAST:
        return Figure("level", None, n)
    return Figure("level", 1 + 3 * sum(marks[skill][0] * marks[skill][1] for skill in skills if skill in marks) / n, n)


def _good(skills: Collection[str], answers: Mapping[str, tuple[int, int]]) -> Figure:
    n = sum(answers[skill][0] for skill in skills if skill in answers)
    return share(sum(answers[skill][1] for skill in skills if skill in answers), n)


def moved(then: Figure, today: Figure) -> Figure | None:
    """By how much a figure is higher than then, with 95 % confidence; None where one of the two has no interval.

    From the two intervals by Zou and Donner's method of variance estimates recovery (2008, Statistics in Medicine 27:1693), as of two that share no
    answers: where the times overlap it is too wide rather than too narrow.
    """
    ends = (then.low, then.high, today.low, today.high)
    if then.value is None or today.value is None or any(one is None for one in ends):
        return None
    low1, high1, low2, high2 = (one or 0.0 for one in ends)
    value = today.value - then.value
    down, up = sqrt((today.value - low2) ** 2 + (high1 - then.value) ** 2), sqrt((high2 - today.value) ** 2 + (then.value - low1) ** 2)
    return Figure(today.kind, value, then.n + today.n, value - down, value + up)


def snapshot(at: datetime) -> dict[str, Any]:
    """The figures of a baseline, as plain values: each link, each node, each month of complaints. What it says is never worked out again."""

    def plain(one: Figure) -> dict[str, Any]:
        return {"kind": one.kind, "value": one.value, "n": one.n, "low": one.low, "high": one.high}

    months: list[tuple[date, float | None]] = [(one.first, one.rate) for one in conflict(at, "UTC")]
    return {
        "chain": {one.key: plain(one.now) for one in chain(at)},
        "tree": {one.node.key: {"level": plain(one.level), "customers": plain(one.customers), "complaints": one.complaints} for one in tree(at)},
        "complaints": [[first.isoformat(), rate] for first, rate in months],
    }

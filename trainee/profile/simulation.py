"""A company whose true skills are known, so that an estimate can be held against the truth.

The truth is not drawn from the skill model: skills share a general level in families, drift in steps of their own and grow
by plateaus, observers have a leniency and a habit, and ratings come in whole numbers.
"""

import csv
import io
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import sqrt
from typing import Final

from trainee.evidence import Row, sources
from trainee.evidence.source import ANCHOR
from trainee.profile.evaluation import COLUMNS, SITTING
from trainee.profile.filter import sigmoid

BEGIN: Final = datetime(2025, 9, 1, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the company is and how often, per person and month, each kind of evidence comes."""

    people: int = 60
    skills: int = 8
    days: int = 180
    quiz: float = 23.0
    roleplay: float = 3.7
    observed: float = 6.7
    customers: float = 6.0
    items: int = 40
    observers: int = 6
    # How many choices a run of a role-play has, and the standard deviation of the form a person is in during one.
    choices: int = 1
    form: float = 0.0


@dataclass(slots=True)
class Company:
    """What happened (in order), and the truth: `truth[person, skill][day]` on the logit scale."""

    plan: Plan
    rows: list[Row] = field(default_factory=list)
    truth: dict[tuple[int, str], list[float]] = field(default_factory=dict)

    def true_level(self, person_id: int, skill: str, day: int = -1) -> float:
        """The true skill on a day since the beginning; the last one unless said otherwise."""
        return self.truth[person_id, skill][day]


def simulate(seed: int, plan: Plan = Plan(), shape: Callable[[Company], None] | None = None) -> Company:
    """Draw a company and what it shows; the same for the same seed. `shape` may change the truth before anything is shown."""
    draw = random.Random(seed)
    company = Company(plan)
    skills = [f"skill-{number}" for number in range(plan.skills)]
    for person_id in range(1, plan.people + 1):
        _grow(company, person_id, skills, draw)
    if shape is not None:
        shape(company)
    happenings: list[tuple[float, Row]] = []
    world = _World(draw, plan, skills)
    for person_id in range(1, plan.people + 1):
        for source, monthly in (
            ("quiz_answer", plan.quiz),
            ("roleplay_choice", plan.roleplay),
            ("observation_line", plan.observed),
            ("customer_rating", plan.customers),
        ):
            for _ in range(round(monthly * plan.days / 30)):
                moment = draw.uniform(0, plan.days - 1)
                if source == "roleplay_choice":
                    happenings += world.play(company, person_id, f"{source}/{len(happenings)}", moment)
                else:
                    happenings.append((moment, world.happen(company, person_id, source, draw.choice(skills), moment)))
    happenings.sort(key=lambda pair: pair[0])
    company.rows = [row._replace(id=number) for number, (_, row) in enumerate(happenings, 1)]
    return company


def _grow(company: Company, person_id: int, skills: list[str], draw: random.Random) -> None:
    general = draw.gauss(0.2, 0.9)
    families = [draw.gauss(0.0, 0.5) for _ in range(3)]
    for number, skill in enumerate(skills):
        level = general + families[number % 3] + draw.gauss(0.0, 0.55)
        days = []
        for day in range(company.plan.days):
            # Most days nothing changes; now and then something is learned or slips.
            if draw.random() < 0.03:
                level += draw.gauss(0.05, 0.25)
            if day % 90 == 45 and draw.random() < 0.2:
                level += 0.5
            days.append(level)
        company.truth[person_id, skill] = days


class _World:
    """Items, observers and shops: how hard, how lenient, how busy."""

    def __init__(self, draw: random.Random, plan: Plan, skills: list[str]) -> None:
        self.draw = draw
        self.questions = {skill: [draw.gauss(0.0, 1.0) for _ in range(plan.items)] for skill in skills}
        self.scenes = {skill: [draw.gauss(0.0, 0.7) for _ in range(max(plan.items // 4, 1))] for skill in skills}
        self.leniency = [draw.gauss(0.0, 0.6) for _ in range(plan.observers)]
        self.shops = [draw.gauss(0.4, 0.4) for _ in range(4)]

    def play(self, company: Company, person_id: int, sitting: str, begun: float) -> list[tuple[float, Row]]:
        """A run of a role-play on up to three skills, a minute a choice, in one form throughout."""
        plan = company.plan
        asked = self.draw.sample(sorted(self.scenes), min(3, plan.skills)) if plan.choices > 1 else [self.draw.choice(list(self.scenes))]
        form = self.draw.gauss(0.0, plan.form) if plan.form else 0.0
        found = []
        for turn in range(plan.choices):
            skill = asked[0] if len(asked) == 1 else self.draw.choice(asked)
            moment = begun + turn / 1440
            row = self.happen(company, person_id, "roleplay_choice", skill, moment, form)
            found.append((moment, row._replace(receipt=f"{sitting}/{turn}/{skill}")))
        return found

    def happen(self, company: Company, person_id: int, source: str, skill: str, moment: float, form: float = 0.0) -> Row:
        """One happening on a day, with a score as its source would give it."""
        theta = company.truth[person_id, skill][min(int(moment), company.plan.days - 1)] + form
        occurred_at = BEGIN + timedelta(days=moment)
        score, item, actor, choices = getattr(self, f"_{source}")(theta, skill, person_id)
        return Row(0, person_id, skill, source, score, item, occurred_at.replace(microsecond=0), actor, choices)

    def _quiz_answer(self, theta: float, skill: str, _person: int) -> tuple[float, str, int | None, int]:
        number = self.draw.randrange(len(self.questions[skill]))
        knows = sigmoid(theta - self.questions[skill][number])
        right = self.draw.random() < 0.1 + 0.9 * knows
        return float(right), f"m/quiz/{skill}-{number}", None, 4

    def _roleplay_choice(self, theta: float, skill: str, _person: int) -> tuple[float, str, int | None, int]:
        number = self.draw.randrange(len(self.scenes[skill]))
        good = theta - self.scenes[skill][number] + self.draw.gauss(0.0, 0.8)
        return (1.0 if good > 0.6 else 0.5 if good > -0.6 else 0.0), f"story/{skill}-{number}", None, 3

    def _observation_line(self, theta: float, skill: str, person: int) -> tuple[float, str, int | None, int]:
        # A person is mostly seen by two of the observers.
        observer = (person + self.draw.choice((0, 0, 0, 1, 1, 2))) % len(self.leniency)
        seen = 3.0 + theta - ANCHOR[0] + self.leniency[observer] + self.draw.gauss(0.0, 0.7)
        return (min(max(round(seen), 1), 5) - 1) / 4, f"card/{skill}", 1000 + observer, 0

    def _customer_rating(self, theta: float, _skill: str, person: int) -> tuple[float, str, int | None, int]:
        shop = person % len(self.shops)
        felt = 3.6 + 0.35 * theta + self.shops[shop] + self.draw.gauss(0.0, 1.0)
        return (min(max(round(felt), 1), 5) - 1) / 4, f"shop-{shop}", None, 0


def as_csv(rows: Iterable[Row]) -> str:
    """What happened, as a response log for `trainee skills evaluate`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, SITTING))
    for row in rows:
        item = row.item if row.actor_id is None else f"{row.item}@{row.actor_id}"
        sitting = sources[row.source].sitting(row.receipt)
        writer.writerow([f"p{row.person_id}", row.skill, item, f"{row.score:g}", row.occurred_at.isoformat(), row.source, sitting])
    return out.getvalue()


def spread(company: Company) -> float:
    """The standard deviation of everybody's true levels on the last day."""
    levels = [days[-1] for days in company.truth.values()]
    mean = sum(levels) / len(levels)
    return sqrt(sum((level - mean) ** 2 for level in levels) / len(levels))

"""What was answered wrong and not put right since, question by question: of one person, and what many of a team missed.

One question is too little to lower a skill, and all the same worth a lesson. For a team it is asked whether chance alone
explains it. A question speaks when its misses are more than the same people have on other questions of that time, and, where
it was asked before, more than it had then: two exact tests (Fisher's, one-sided), and the weaker of them counts. As a team is
small, the same is asked of the whole company as well, and either may speak. What is allowed is divided by the number of
questions and periods looked at, and by these two (Bonferroni). What it came to is in docs/measurements.md.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp, lgamma
from typing import Any, Final, NamedTuple

from sqlalchemy import select, union

from trainee.evidence import sources
from trainee.evidence.models import EVIDENCE
from trainee.kit.db import db
from trainee.people import Person

# Less than this share of the points is a miss, as it is for the reviews.
MISSED: Final = 0.6
# What was missed longer ago than this is left to the reviews.
LATELY: Final = timedelta(days=90)

# Of a team a question speaks from so many people on, and from this share of those who were asked.
PEOPLE: Final = 3
SHARE: Final = 0.25
# The probability that chance alone makes any question speak on one page.
CHANCE: Final = 0.05
# The periods: each so long, and a new one begins in the middle of the last, so that what happens within two weeks is whole in one.
PERIOD: Final = timedelta(days=28)
_STEP: Final = PERIOD / 2
_EPOCH: Final = datetime(2024, 1, 1, tzinfo=UTC)
# How long before the first period a question's earlier answers are looked for, and how many are enough to compare with.
_EARLIER: Final = timedelta(days=180)
_KNOWN_BEFORE: Final = 10
# So many answers to other questions say what is usual.
_USUAL: Final = 20
# The company is these people with the lowest numbers, and the team: enough to tell a share, and as quick to read in a large company.
_COMPANY: Final = 500


class Try(NamedTuple):
    """One answer to one question."""

    person_id: int
    item: str
    skill: str
    source: str
    score: float
    at: datetime

    @property
    def missed(self) -> bool:
        """Whether it was answered wrong, or more wrong than right."""
        return self.score < MISSED


class Count(NamedTuple):
    """How many of how many missed."""

    missed: int
    asked: int

    def without(self, other: "Count") -> "Count":
        """The same with the others taken off."""
        return Count(self.missed - other.missed, self.asked - other.asked)


@dataclass(frozen=True, slots=True)
class ManyMissed:
    """A question that many of a team missed in one period: who of how many, since when, and who has put it right by now.

    `others` is what the same people missed of other questions then; `before` how the company answered this one earlier, where enough did.
    """

    item: str
    skill: str
    missed: tuple[int, ...]
    asked: int
    since: datetime
    others: Count
    before: Count | None
    mended: frozenset[int]
    chance: float
    # The answers that missed it, and how many of the whole company missed it then.
    answers: tuple[Try, ...]
    everywhere: Count

    @property
    def of_process(self) -> bool:
        """Whether it speaks of the process and not of people: many of the company miss it at once, and it was not missed as often before."""
        if self.everywhere.missed < SHARE * self.everywhere.asked:
            return False
        return self.before is None or self.before.missed < SHARE * self.before.asked

    @property
    def open(self) -> tuple[int, ...]:
        """Those who have not put it right yet."""
        return tuple(one for one in self.missed if one not in self.mended)


def missed_lately(person_id: int, at: datetime) -> list[Try]:
    """The questions whose last answer was a miss within the last ninety days, newest first. One statement."""
    last = {one.item: one for one in _tries(EVIDENCE.c.person_id == person_id, at - LATELY, at)}
    return sorted((one for one in last.values() if one.missed), key=lambda one: (one.at, one.item), reverse=True)


def missed_by_many(line: Collection[int], at: datetime) -> list[ManyMissed]:
    """What many of these people missed within the last ninety days, the clearest first. One statement."""
    company = select(Person.id).order_by(Person.id).limit(_COMPANY).subquery()
    whose = EVIDENCE.c.person_id.in_(union(select(Person.id).where(Person.id.in_(line)), select(company.c.id)))
    return judged(_tries(whose, at - LATELY - _EARLIER, at), line, at)


def _tries(whose: Any, since: datetime, at: datetime) -> list[Try]:
    of = EVIDENCE.c
    taken = select(of.retracts_id).where(of.retracts_id.is_not(None))
    known = [kind.key for kind in sources if kind.line == "knowledge"]
    statement = (
        select(of.person_id, of.item, of.skill_key, of.source, of.score, of.occurred_at)
        .where(whose, of.occurred_at > since, of.occurred_at <= at, of.source.in_(known), of.retracts_id.is_(None), of.id.not_in(taken))
        .order_by(of.occurred_at, of.id)
    )
    return [Try._make(row) for row in db.session.execute(statement)]


def judged(tries: Sequence[Try], line: Collection[int], at: datetime) -> list[ManyMissed]:
    """The same from the answers of a company, in their order: what chance alone does not explain."""
    ours = frozenset(line)
    # What is asked again because it was missed is missed more often: it mends, and it is not counted among the asked.
    asked = [one for one in tries if not sources[one.source].chosen]
    last = {(one.person_id, one.item): one for one in tries}
    first: dict[str, dict[int, Try]] = defaultdict(dict)
    for one in asked:
        first[one.item].setdefault(one.person_id, one)
    looks = [look for begins in _periods(at) for look in _looks(_within(asked, begins), first, ours, begins)]
    allowed = CHANCE / (2 * len(looks)) if looks else 0.0
    found: dict[str, ManyMissed] = {}
    for look in looks:
        if len(look.missed) < PEOPLE or len(look.missed) < SHARE * look.asked:
            continue
        chance = look.chance()
        if chance <= allowed and (look.item not in found or chance < found[look.item].chance):
            mended = frozenset(one for one in look.missed if not last[one, look.item].missed)
            found[look.item] = ManyMissed(
                look.item,
                look.skill,
                look.missed,
                look.asked,
                look.since,
                look.ours_else,
                look.before_if_known,
                mended,
                chance,
                look.answers,
                look.all,
            )
    return sorted(found.values(), key=lambda one: (one.chance, one.item))


def _periods(at: datetime) -> Iterable[datetime]:
    begins = _EPOCH + _STEP * ((at - LATELY - _EPOCH) // _STEP + 1)
    while begins <= at:
        yield begins
        begins += _STEP


def _within(asked: Sequence[Try], begins: datetime) -> dict[str, dict[int, Try]]:
    """The first answer of each person to each question in the period."""
    found: dict[str, dict[int, Try]] = defaultdict(dict)
    for one in asked:
        if begins <= one.at < begins + PERIOD:
            found[one.item].setdefault(one.person_id, one)
    return found


# By question and person.
_Answers = Mapping[str, Mapping[int, Try]]


@dataclass(frozen=True, slots=True)
class _Look:
    """One question in one period: the team's answers and the company's, beside the other questions' and the earlier ones."""

    item: str
    skill: str
    missed: tuple[int, ...]
    asked: int
    since: datetime
    ours_else: Count
    all: Count
    all_else: Count
    before: Count
    answers: tuple[Try, ...]

    @property
    def before_if_known(self) -> Count | None:
        return self.before if self.before.asked >= _KNOWN_BEFORE else None

    def chance(self) -> float:
        """How likely as many misses would be by chance, in the team or in the company: the smaller of the two."""
        here = _unusual(Count(len(self.missed), self.asked), self.ours_else, self.before_if_known)
        return min(here, _unusual(self.all, self.all_else, self.before_if_known))


def _looks(
    period: Mapping[str, Mapping[int, Try]], first: Mapping[str, Mapping[int, Try]], ours: frozenset[int], begins: datetime
) -> Iterable[_Look]:
    """Every question that enough of the team were asked in the period, beside the others of its kind."""
    mine = {item: [one for one in answers.values() if one.person_id in ours] for item, answers in period.items()}
    kinds = {item: next(iter(answers.values())).source for item, answers in period.items()}
    every_one = {item: list(answers.values()) for item, answers in period.items()}
    sums = {kind: (_summed(kinds, kind, mine), _summed(kinds, kind, every_one)) for kind in {*kinds.values()}}
    for item, answers in mine.items():
        if len(answers) < PEOPLE:
            continue
        missed = [one for one in answers if one.missed]
        every, (our_sum, all_sum) = _count(period[item].values()), sums[kinds[item]]
        since = missed[0].at if missed else begins
        earlier = _count(one for one in first[item].values() if one.at < begins)
        who = tuple(one.person_id for one in missed)
        our_else, all_else = our_sum.without(_count(answers)), all_sum.without(every)
        yield _Look(item, answers[0].skill, who, len(answers), since, our_else, every, all_else, earlier, tuple(missed))


def _count(answers: Iterable[Try]) -> Count:
    missed = [one.missed for one in answers]
    return Count(sum(missed), len(missed))


def _summed(kinds: Mapping[str, str], kind: str, answers: Mapping[str, Sequence[Try]]) -> Count:
    return _count(one for item, given in answers.items() if kinds[item] == kind for one in given)


def _unusual(here: Count, others: Count, before: Count | None) -> float:
    if others.asked < _USUAL:
        return 1.0
    chance = _tail(here, others)
    return chance if before is None else max(chance, _tail(here, before))


def _tail(here: Count, there: Count) -> float:
    """The probability of so many misses here or more, all misses being dealt out by chance: the hypergeometric distribution's upper tail."""
    missed, total = here.missed + there.missed, here.asked + there.asked
    most = min(missed, here.asked)
    if here.missed * total <= missed * here.asked:
        return 1.0
    whole = _ways(total, here.asked)
    return sum(exp(_ways(missed, k) + _ways(total - missed, here.asked - k) - whole) for k in range(here.missed, most + 1))


def _ways(n: int, k: int) -> float:
    if k < 0 or k > n:
        return float("-inf")
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)

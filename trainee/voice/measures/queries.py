"""Reading the answers that measures are made of."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import current_app
from sqlalchemy import func, or_, select

from trainee.evidence.models import EVIDENCE
from trainee.evidence.sources import sources
from trainee.kit import trtext
from trainee.kit.clock import local_date, months_after, start_of_day
from trainee.kit.db import db
from trainee.kit.intervals import Share, change
from trainee.people import Person, Team, Unit, Viewer, below
from trainee.service.board import Improvement
from trainee.voice import arithmetic
from trainee.voice.arithmetic import Change, Figure, Noticed, Risen
from trainee.voice.models import CommentTheme, MeasureTarget, Rating, RatingReply
from trainee.voice.queries import LEAST
from trainee.voice.survey import QUESTIONS
from trainee.voice.themes import THEMES

# A month is thirty days that end today, so that the last one is as whole as the others; fifteen of them are looked at.
MONTH, MONTHS = timedelta(days=30), 15
# What is shown now, and as history at every month's end, is the last three.
WINDOW = 3
# Below this many answers two groups are not set beside each other.
COMPARED: Final = 30
PAGE = 30

Months = list[Counter[int]]


@dataclass(frozen=True, slots=True)
class Course:
    """One measure for one team or for everybody: its months, oldest first, and what they add up to.

    `months` end today, for what is shown as now; `looked` are those of the calendar, which are looked at on the first of each month and not every
    day: who looks 365 times a year sees by chance what is hardly ever there.
    """

    measure: str
    months: Months
    looked: Months
    # Whom the answers of each of the `months` are about; None for those about nobody in particular.
    people: list[set[int | None]]

    def least(self, end: int = MONTHS) -> int:
        """From how many answers on the three months until the `end`th may have a figure: many, where all of them are about one person's NPS."""
        about = set().union(*self.people[end - WINDOW : end])
        return arithmetic.PERSON_NPS if self.measure == "nps" and len(about) == 1 and None not in about else LEAST

    def _until(self, end: int) -> Figure:
        """The figure of the three months until the `end`th; without a value where there are too few."""
        found = arithmetic.figure(self.measure, arithmetic.together(self.months[end - WINDOW : end]))
        return found if found.n >= self.least(end) else Figure(None, found.n, found.low, found.high)

    @property
    def _of_one(self) -> bool:
        return self.now.n < self.least() and self.least() > LEAST

    @property
    def now(self) -> Figure:
        """The figure of the last three months."""
        return self._until(MONTHS)

    @property
    def counts(self) -> Counter[int]:
        """The answers of the last three months."""
        return arithmetic.together(self.months[-WINDOW:])

    @property
    def before(self) -> Figure:
        """The figure of the three months before."""
        return self._until(MONTHS - WINDOW)

    @property
    def change(self) -> Change:
        """What the months of the calendar say that are over, with chance kept silent."""
        return Change("too_few") if self._of_one else arithmetic.look(self.measure, self.looked)

    @property
    def noticed(self) -> list[Noticed]:
        """What was to be noticed at each month's end."""
        return [] if self._of_one else arithmetic.noticed(self.measure, self.looked)

    @property
    def risen(self) -> Risen | None:
        """That it rose again after the newest fall that was noticed, with chance kept silent."""
        return None if self._of_one else arithmetic.risen(self.measure, self.looked)

    def share(self, good_answer: int) -> Figure:
        """The share of answers of `good_answer` and more in the last three months, in hundredths."""
        return arithmetic.at_least(self.counts, good_answer)

    def shares(self, good_answer: int) -> list[Figure]:
        """The same for each three months, a month apart, oldest first."""
        months = (arithmetic.together(self.months[end - WINDOW : end]) for end in range(WINDOW, MONTHS + 1))
        return [arithmetic.at_least(counts, good_answer) for counts in months]

    @property
    def history(self) -> list[Figure]:
        """The figure of each three months, a month apart, oldest first."""
        return [self._until(end) for end in range(WINDOW, MONTHS + 1)]


def looks(at: datetime) -> list[datetime]:
    """When each month of the calendar that is looked at begins, oldest first, and when the last one ended: the first of this month."""
    zone = current_app.extensions["trainee"].default_time_zone
    return [start_of_day(months_after(looked_on(at), -back), zone) for back in range(MONTHS, -1, -1)]


def looked_on(at: datetime) -> date:
    """The day of the last look before a moment: the first of its month where the company is."""
    return local_date(at, current_app.extensions["trainee"].default_time_zone).replace(day=1)


def courses(measure: str, at: datetime) -> tuple[Course, dict[int, Course]]:
    """A measure for everybody, and for each team that has answers. One statement."""
    keys, edges = [one.key for one in QUESTIONS.values() if one.measure == measure], looks(at)
    statement = select(Rating.given_at, Rating.team_id, Rating.value, Rating.person_id).where(
        Rating.question.in_(keys), Rating.given_at > min(at - MONTHS * MONTH, edges[0]), Rating.given_at <= at, Rating.value.is_not(None)
    )
    everybody = _no_answers(measure)
    teams: dict[int, Course] = {}
    for given_at, team_id, value, person_id in db.session.execute(statement).tuples():
        if value is None:
            continue
        month, looked = MONTHS - 1 - int((at - given_at) / MONTH), bisect_left(edges, given_at) - 1
        for course in (everybody,) if team_id is None else (everybody, teams.setdefault(team_id, _no_answers(measure))):
            if month >= 0:
                course.months[month][value] += 1
                course.people[month].add(person_id)
            if 0 <= looked < MONTHS:
                course.looked[looked][value] += 1
    return everybody, teams


def _no_answers(measure: str) -> Course:
    months: tuple[Months, Months] = ([Counter() for _month in range(MONTHS)], [Counter() for _month in range(MONTHS)])
    return Course(measure, *months, [set() for _month in range(MONTHS)])


def team_names() -> dict[int, str]:
    """Every team by its name, in order; one whose name stands twice with its unit."""
    rows = list(db.session.execute(select(Team.id, Team.name, Unit.name.label("unit")).join(Unit, Unit.id == Team.unit_id)))
    twice = {name for name, many in Counter(row.name for row in rows).items() if many > 1}
    names = {row.id: f"{row.unit} · {row.name}" if row.name in twice else row.name for row in rows}
    return dict(sorted(names.items(), key=lambda pair: trtext.sort_key(pair[1])))


def targets() -> dict[tuple[str, int | None], float]:
    """What each measure should reach, by team and (under None) for everybody. One statement."""
    newest = select(func.max(MeasureTarget.id)).group_by(MeasureTarget.measure, MeasureTarget.team_id)
    rows = select(MeasureTarget.measure, MeasureTarget.team_id, MeasureTarget.value).where(MeasureTarget.id.in_(newest))
    return {(row.measure, row.team_id): row.value for row in db.session.execute(rows) if row.value is not None}


def target_of(found: Mapping[tuple[str, int | None], float], measure: str, team_id: int | None) -> float | None:
    """The target that counts for a team: its own, else everybody's."""
    return found.get((measure, team_id), found.get((measure, None)))


def seen_at_work(team_id: int, since: datetime, until: datetime, others: bool = False) -> Figure:
    """The level (1 to 4) at which the people of a team, or those of all others, were seen to work in that time, with Student's interval."""
    observed = [source.key for source in sources if source.line == "observed"]
    rows = (
        select(EVIDENCE.c.score)
        .join(Person, Person.id == EVIDENCE.c.person_id)
        .where(Person.team_id != team_id if others else Person.team_id == team_id, EVIDENCE.c.source.in_(observed), EVIDENCE.c.retracts_id.is_(None))
        .where(EVIDENCE.c.occurred_at > since, EVIDENCE.c.occurred_at <= until, EVIDENCE.c.id.not_in(_TAKEN_BACK))
    )
    return arithmetic.mean([1 + 3 * score for score in db.session.scalars(rows)])


_TAKEN_BACK = select(EVIDENCE.c.retracts_id).where(EVIDENCE.c.retracts_id.is_not(None))


def cards_of(measure: str, team_id: int | None) -> list[Improvement]:
    """The cards of the improvement board that this measure of this team was brought to, oldest first. One statement."""
    statement = select(Improvement).where(Improvement.source == source_of(measure, team_id)).order_by(Improvement.opened_at, Improvement.id)
    return list(db.session.scalars(statement))


def source_of(measure: str, team_id: int | None) -> str:
    """How a card of the board says that it comes from a measure."""
    return f"measure/{measure}/{team_id or 0}"


# Themes -----------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theme:
    """How many comments of each three months, oldest first, are about a theme, and how many comments there were."""

    key: str
    counts: Sequence[int]
    of: Sequence[int]

    @property
    def share(self) -> Share:
        """Among the comments of the last three months."""
        return Share(self.counts[-1], self.of[-1])

    @property
    def grew(self) -> bool:
        """Whether its share is surely larger than in the three months before."""
        return self.growth(len(self.counts) - 1) is not None

    def growth(self, place: int) -> tuple[Share, Share] | None:
        """Its share in the three months before those at `place` and in those, where it surely grew; None where it did not or nobody can say."""
        if place < 1 or not self.of[place - 1] or not self.of[place]:
            return None
        before, after = Share(self.counts[place - 1], self.of[place - 1]), Share(self.counts[place], self.of[place])
        return (before, after) if change(before, after)[1] > 0 else None


def themes(at: datetime, team_ids: Collection[int] | None) -> list[Theme]:
    """What comments of the last year were about, the most frequent first. One statement."""
    span, many = WINDOW * MONTH, 4
    statement = select(Rating.id, Rating.given_at, CommentTheme.theme).join(CommentTheme, CommentTheme.rating_id == Rating.id)
    statement = statement.where(Rating.given_at > at - many * span, Rating.given_at <= at)
    if team_ids is not None:
        statement = statement.where(Rating.team_id.in_(team_ids))
    told: dict[str, list[int]] = {key: [0] * many for key in THEMES}
    all_of: list[set[int]] = [set() for _span in range(many)]
    for rating_id, given_at, theme in db.session.execute(statement).tuples():
        place = many - 1 - int((at - given_at) / span)
        if place >= 0:
            told.setdefault(theme, [0] * many)[place] += 1
            all_of[place].add(rating_id)
    of = [len(those) for those in all_of]
    return sorted((Theme(key, counts, of) for key, counts in told.items() if any(counts)), key=lambda one: -one.counts[-1])


def comments_for(who: Viewer, team_id: int | None, theme: str, page: int) -> tuple[list[Any], int]:
    """One page of comments this viewer may read with their themes: about people of her line, and for HR those about nobody in particular."""
    mine = Rating.person_id.in_(below(who.id)) & (Rating.person_id != who.id)
    allowed: list[Any] = [mine] if who.holds("supervisor") else []
    if who.holds("hr", "supervisor"):
        allowed.append(Rating.person_id.is_(None))
    wanted = (Rating.comment != "") & or_(*allowed) if allowed else Rating.id.is_(None)
    if team_id is not None:
        wanted &= Rating.team_id == team_id
    if theme in THEMES:
        wanted &= select(CommentTheme.rating_id).where(CommentTheme.rating_id == Rating.id, CommentTheme.theme == theme).exists()
    columns = (
        Rating.id,
        Rating.given_at,
        Rating.question,
        Rating.value,
        Rating.comment,
        Rating.person_id,
        Team.name.label("team"),
        RatingReply.words,
    )
    statement = select(*columns).outerjoin(Team, Team.id == Rating.team_id).outerjoin(RatingReply, RatingReply.rating_id == Rating.id).where(wanted)
    rows = list(db.session.execute(statement.order_by(Rating.given_at.desc(), Rating.id.desc()).limit(PAGE).offset((page - 1) * PAGE)))
    return rows, db.session.execute(select(func.count()).select_from(Rating).where(wanted)).scalar_one()


def themes_of(rating_ids: Collection[int]) -> dict[int, list[str]]:
    """The themes of these comments."""
    found: dict[int, list[str]] = {}
    for rating_id, theme in db.session.execute(
        select(CommentTheme.rating_id, CommentTheme.theme).where(CommentTheme.rating_id.in_(rating_ids))
    ).tuples():
        found.setdefault(rating_id, []).append(theme)
    return found


def may_read_comment(who: Viewer, rating_id: int) -> bool:
    """Whether a comment is one of those this viewer reads."""
    allowed: Any = Rating.person_id.is_(None) if who.holds("hr", "supervisor") else Rating.id.is_(None)
    if who.holds("supervisor"):
        allowed |= Rating.person_id.in_(below(who.id)) & (Rating.person_id != who.id)
    return db.session.execute(select(Rating.id).where(Rating.id == rating_id, Rating.comment != "", allowed)).first() is not None

"""What customers said of somebody: figures only where there are enough answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, distinct, func, or_, select
from sqlalchemy.orm import aliased

from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.i18n import language
from trainee.kit.intervals import adjusted_wald, wilson
from trainee.people import Person, ReportingLine, Team, Viewer, below, names
from trainee.voice.arithmetic import PERSON_NPS, Figure
from trainee.voice.models import Concern, Rating, RatingReply, Survey, SurveyResponse, SurveyWave
from trainee.voice.survey import CONCERN, GATHERED, QUESTIONS, WORRYING, Question
from trainee.voice.surveys.sheet import Item, items

# Below this many answers no figure is shown: it would be chance, or a customer who can be guessed.
LEAST = 5
PAGE = 30
_USUAL = ("satisfied", "kept_promise", "listened", "easy")
# How far back figures go.
RECENT = timedelta(days=365)
# How long what came in is told of as new.
NEW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of `n` answers to a question were good; of recommending also how many were bad, which are taken off."""

    question: Question
    n: int
    good: int
    bad: int = 0

    @property
    def least(self) -> int:
        """How many answers it takes to say anything of one person; recommending asks for many, because it is noise below."""
        return PERSON_NPS if self.question.measure == "nps" else LEAST

    @property
    def enough(self) -> bool:
        """Whether there are so many."""
        return self.n >= self.least

    @property
    def share(self) -> float:
        """Good answers among all, 0..1."""
        return self.good / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Between what and what the share lies with 95 % confidence."""
        return wilson(self.share, self.n)

    @property
    def figure(self) -> Figure:
        """The share in hundredths, and of recommending the NPS, -100 to +100; without a value where there are too few answers to tell it."""
        if not self.enough:
            return Figure(None, self.n, 0.0, 0.0)
        if self.question.measure == "nps":
            low, high = adjusted_wald(self.good, self.bad, self.n)
            return Figure(100 * (self.good - self.bad) / self.n, self.n, 100 * low, 100 * high)
        return Figure(100 * self.share, self.n, 100 * self.interval[0], 100 * self.interval[1])


def shares_of(person_id: int, since: datetime, until: datetime) -> list[Share]:
    """For every question how many answers somebody got in since..until, and how many good ones. One statement."""
    good = or_(*((Rating.question == one.key) & (Rating.value >= one.good) for one in QUESTIONS.values()))
    bad = Rating.question.in_([one.key for one in QUESTIONS.values() if one.measure == "nps"]) & (Rating.value <= 6)
    statement = (
        select(
            Rating.question, func.count().label("n"), func.sum(case((good, 1), else_=0)).label("good"), func.sum(case((bad, 1), else_=0)).label("bad")
        )
        .where(Rating.person_id == person_id, Rating.given_at >= since, Rating.given_at < until, Rating.value.is_not(None))
        .group_by(Rating.question)
    )
    found = {row.question: row for row in db.session.execute(statement)}
    asked = [Share(one, found[key].n, found[key].good, found[key].bad) if key in found else Share(one, 0, 0) for key, one in QUESTIONS.items()]
    # What is seldom asked stands there once somebody answered it.
    return [one for one in asked if one.n or one.question.key in _USUAL]


def comments_of(person_id: int, page: int = 1) -> tuple[list[Any], int]:
    """One page of what customers wrote about somebody, the newest first, and how many there are."""
    wanted = (Rating.person_id == person_id) & (Rating.comment != "")
    columns = (Rating.id, Rating.given_at, Rating.question, Rating.value, Rating.comment, RatingReply.words.label("reply"))
    statement = select(*columns).outerjoin(RatingReply, RatingReply.rating_id == Rating.id).where(wanted)
    rows = db.session.execute(statement.order_by(Rating.given_at.desc(), Rating.id.desc()).limit(PAGE).offset((page - 1) * PAGE))
    return list(rows), db.session.execute(select(func.count()).select_from(Rating).where(wanted)).scalar_one()


@dataclass(frozen=True, slots=True)
class News:
    """What customers answered lately about somebody's own people: how many sheets, how many with words, and of whom where it is one person."""

    answers: int
    comments: int
    person_id: int | None


def news_for(who: Viewer, at: datetime) -> News:
    """What came in within the last seven days about those who report directly to this viewer, of contacts that figures still count. One statement."""
    line = ReportingLine
    own = select(line.person_id).where(line.supervisor_id == who.id, line.kind == "direct", line.until.is_(None))
    sheet = func.coalesce(Rating.response_id, -Rating.id)
    many, wrote = func.count(distinct(sheet)), func.count(distinct(case((Rating.comment != "", sheet))))
    wanted = select(many, wrote, func.min(Rating.person_id), func.max(Rating.person_id)).where(
        Rating.person_id.in_(own), Rating.given_at > at - RECENT, Rating.taken_at > at - NEW, Rating.taken_at <= at
    )
    answers, comments, first, last = db.session.execute(wanted).one()
    return News(answers, comments, first if first == last else None)


def people_by_name() -> dict[str, int]:
    """Everybody's id by employee number and by user name, folded as they are matched. A number goes before somebody else's name."""
    rows = list(db.session.execute(select(Person.id, Person.username_key, Person.employee_no)))
    found = {row.username_key: row.id for row in rows}
    return found | {trtext.fold(row.employee_no): row.id for row in rows if row.employee_no}


def _hers(who: Viewer) -> Any:
    """The tasks of a viewer: about people of her line, about teams she leads, and for HR those that nobody leads."""
    led = select(Team.id).where(Team.supervisor_id == who.id)
    mine: Any = (Concern.person_id.in_(below(who.id)) & (Concern.person_id != who.id)) | (Concern.person_id.is_(None) & Concern.team_id.in_(led))
    if not who.holds("supervisor"):
        mine = Concern.rating_id.is_(None)
    return mine | (Concern.person_id.is_(None) & Concern.team_id.is_(None)) if who.holds("hr") else mine


def open_concerns(who: Viewer) -> tuple[int, Any]:
    """How many customers this viewer has to see to, and until when the first. One statement."""
    many, first = db.session.execute(select(func.count(), func.min(Concern.due_on)).where(_hers(who), Concern.closed_at.is_(None))).one()
    return many, first


def concerns_of(who: Viewer) -> list[Any]:
    """The tasks of this viewer, the most pressing first, and the last that were seen to."""
    person, closer = aliased(Person), aliased(Person)
    beside = aliased(Rating)
    # Her words stand at another question of the same sheet, most of the time.
    said = select(func.max(beside.comment)).where(beside.response_id == Rating.response_id, beside.comment != "").scalar_subquery()
    words = func.coalesce(func.nullif(Rating.comment, ""), said, "").label("comment")
    columns = (Concern.rating_id, Concern.opened_at, Concern.due_on, Concern.closed_at, Concern.done, words, Rating.value)
    statement = (
        select(*columns, person.name.label("person"), Team.name.label("team"), closer.name.label("closer"))
        .join(Rating, Rating.id == Concern.rating_id)
        .outerjoin(person, person.id == Concern.person_id)
        .outerjoin(Team, Team.id == Concern.team_id)
        .outerjoin(closer, closer.id == Concern.closed_by_id)
        .where(_hers(who))
        .order_by(Concern.closed_at.is_not(None), Concern.due_on, Concern.rating_id.desc())
        .limit(100)
    )
    return list(db.session.execute(statement))


def _asked(response_id: int | None) -> dict[str, Item]:
    """What a sheet asked, by the key its answers are counted under; nothing for an answer from a file."""
    if response_id is None:
        return {}
    wave = select(Survey.key, SurveyWave.questions, SurveyWave.stems).join(SurveyWave, SurveyWave.survey_id == Survey.id)
    row = db.session.execute(wave.join(SurveyResponse, SurveyResponse.wave_id == SurveyWave.id).where(SurveyResponse.id == response_id)).one()
    return {one.counted_as: one for one in items(row.key, row.questions, row.stems or None)}


def concern_waits(link_id: int, since: datetime) -> bool:
    """Whether somebody who answered by this code since then felt that nobody cared, and her task is open. One statement."""
    task = select(Concern.rating_id).join(Rating, Rating.id == Concern.rating_id).join(SurveyResponse, SurveyResponse.id == Rating.response_id)
    wanted = (SurveyResponse.link_id == link_id) & (Concern.opened_at > since) & Concern.closed_at.is_(None)
    return db.session.execute(task.where(wanted).limit(1)).first() is not None


def _gathered(concern: Concern, response_id: int | None) -> list[Any]:
    """Those who felt the same at the same code within minutes and have no task of their own: their words and when. One statement."""
    if response_id is None:
        return []
    here = select(SurveyResponse.link_id).where(SurveyResponse.id == response_id).scalar_subquery()
    beside = aliased(Rating)
    said = select(func.max(beside.comment)).where(beside.response_id == Rating.response_id, beside.comment != "").scalar_subquery()
    statement = (
        select(Rating.given_at, func.coalesce(said, "").label("comment"))
        .join(SurveyResponse, SurveyResponse.id == Rating.response_id)
        .where(SurveyResponse.link_id == here, Rating.question == CONCERN, Rating.value <= WORRYING)
        .where(Rating.given_at >= concern.opened_at, Rating.given_at < concern.opened_at + GATHERED)
        .where(~select(Concern.rating_id).where(Concern.rating_id == Rating.id).exists())
        .order_by(Rating.given_at, Rating.id)
    )
    return list(db.session.execute(statement))


def concern_or_404(rating_id: int, who: Viewer) -> tuple[Concern, Any]:
    """One task of this viewer with the whole sheet it stands on."""
    found = db.session.execute(select(Concern).where(Concern.rating_id == rating_id, _hers(who))).scalars().first()
    if found is None:
        raise NotFound
    rating = db.session.get_one(Rating, rating_id)
    beside = Rating.response_id == rating.response_id if rating.response_id is not None else Rating.id == rating_id
    rows = db.session.execute(select(Rating.question, Rating.value, Rating.comment, Rating.given_at).where(beside).order_by(Rating.id))
    called = names({one for one in (found.person_id, found.closed_by_id) if one is not None})
    asked = _asked(rating.response_id)
    return found, {
        "rows": list(rows),
        "asked": {key: one.text[language()] for key, one in asked.items()},
        # The highest mark of each; what a file brought was asked as the bank asks it.
        "of": {key: one.highest for key, one in QUESTIONS.items()} | {key: one.scale[1] for key, one in asked.items() if one.scale},
        "gathered": _gathered(found, rating.response_id),
        "given_at": rating.given_at,
        "person": called.get(found.person_id or 0),
        "closer": called.get(found.closed_by_id or 0),
    }

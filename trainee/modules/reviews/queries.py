"""What is due, what a day's set holds, and how far it is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Integer, String, Table, and_, bindparam, case, func, literal, or_, select, union_all
from sqlalchemy import cast as to

from trainee.kit.clock import local_date
from trainee.kit.db import UtcDateTime, db
from trainee.kit.errors import NotFound
from trainee.kit.kept import Kept
from trainee.modules import library, pace
from trainee.modules.lessons.models import CheckAnswer
from trainee.modules.library import Module, asked, reviewed
from trainee.modules.questions import Answer, Question, kinds
from trainee.modules.quizzes import QuizAnswer, QuizAttempt
from trainee.modules.reviews.memory import KNOWN, WRONG, first_days
from trainee.modules.reviews.models import CARD, FIT, LOG, SET, ReviewSet

_ATTEMPTS, _ANSWERS, _CHECKS = (cast(Table, model.__table__) for model in (QuizAttempt, QuizAnswer, CheckAnswer))
_ATTEMPT, _ANSWER, _CHECK = _ATTEMPTS.c, _ANSWERS.c, _CHECKS.c
_EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
# What is sent with every request of Today is built once, of plain columns. Each needs what `day_of` gives.
_MINE: Any = bindparam("person")
_DAY: Any = bindparam("day", type_=Date())
_BEGINS: Any = bindparam("begins", type_=UtcDateTime())
_FITTED: Any = bindparam("fitted", type_=UtcDateTime())
# Of each kind of answer, a score that stands for it; what was answered once like that before `<kind>_<weights>` is due.
_KINDS: Final = {"wrong": 0.0, "hard": WRONG, "known": 1.0}
_BEFORE: Final = {(kind, weights): bindparam(f"{kind}_{weights}", type_=UtcDateTime()) for kind in _KINDS for weights in ("before", "since")}

DUE: Final = select(CARD.c.skill_key, func.count().label("number")).where(CARD.c.person_id == _MINE, CARD.c.due_on <= _DAY).group_by(CARD.c.skill_key)
"""How many questions are due, by skill. None of them was answered today: what was is due tomorrow at the earliest."""


def _unseen() -> Any:
    looked = select(func.coalesce(func.max(SET.c.drawn_at), literal(_EVER, UtcDateTime()))).where(SET.c.person_id == _MINE).scalar_subquery()

    def come_back(answered: Any, weights: str) -> Any:
        asked: list[Any] = [(answered.score < WRONG, _BEFORE["wrong", weights]), (answered.score < KNOWN, _BEFORE["hard", weights])]
        return case(*asked, else_=_BEFORE["known", weights])

    def due(answered: Any) -> Any:
        before = case((answered.answered_at < _FITTED, come_back(answered, "before")), else_=come_back(answered, "since"))
        return answered.answered_at < before

    # Who was sure of something wrong may be saying it to customers: it waits for no interval.
    surely_wrong = and_(_ANSWER.score < WRONG, _ANSWER.confidence == "sure", _ANSWER.answered_at < _BEGINS)
    quizzes = (
        select(func.count().label("number"))
        .select_from(_ATTEMPTS.join(_ANSWERS, _ANSWER.attempt_id == _ATTEMPT.id))
        .where(_ATTEMPT.person_id == _MINE, _ATTEMPT.handed_in_at > looked, or_(surely_wrong, due(_ANSWER)))
    )
    checks = select(func.count().label("number")).where(_CHECK.person_id == _MINE, _CHECK.answered_at > looked, due(_CHECK))
    both = union_all(quizzes, checks).subquery()
    return select(to(func.sum(both.c.number), Integer).label("number"))


UNSEEN: Final = _unseen()
"""How many answers to quizzes and lessons have no card yet and would be due: cards are made when a set is drawn."""

TODAYS: Final = select(
    case((SET.c.finished_at.is_not(None), "finished"), (SET.c.skipped_at.is_not(None), "skipped"), else_="open").label("state"), SET.c.drawn_at
).where(SET.c.person_id == _MINE, SET.c.day == _DAY)
"""How today's set stands: finished, skipped or open; no row when there is none."""


def day_of(person_id: int, time_zone: str, at: datetime) -> dict[str, Any]:
    """What DUE, UNSEEN and TODAYS need to know: whose day it is, where it begins, and since when what was answered once has waited long enough."""
    zone = ZoneInfo(time_zone)
    day = local_date(at, time_zone)

    def ago(days: int) -> datetime:
        return datetime.combine(day - timedelta(days=days), time(0), zone).astimezone(UTC)

    (_from, before), (since, now_in_use) = _last_two(at)
    waited = {"before": before, "since": now_in_use}
    found = {f"{kind}_{when}": ago(first_days(score, weights) - 1) for kind, score in _KINDS.items() for when, weights in waited.items()}
    return {"person": person_id, "day": day, "begins": ago(0), "fitted": since, **found}


_Used = tuple[datetime, tuple[float, ...] | None]
# Weights come into force an hour after they are kept, so whoever looks every half hour never comes too late.
_LOOK: Final = timedelta(minutes=30)
_FITS: Kept[str, list[_Used]] = Kept("reviews.fits", 1)


def _last_two(at: datetime) -> tuple[_Used, _Used]:
    """The scheduler's weights in use at that moment and those before them, each since when; None for the library's. One statement in half an hour."""
    fits = [one for one in _FITS.one("fits", int(at.timestamp() // _LOOK.total_seconds()), _fits) if one[0] <= at]
    first, second = [(_EVER, None), (_EVER, None), *fits][-2:]
    return first, second


def _fits() -> list[_Used]:
    rows = select(FIT.c.used_from, FIT.c.weights).where(FIT.c.used_from.is_not(None)).order_by(FIT.c.id.desc()).limit(3)
    return [(used_from, tuple(weights)) for used_from, weights in reversed(db.session.execute(rows).all())]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person: how many questions are due, and when the next one is, of those that are not."""

    due: int
    next_on: date | None


_WAITING = select(
    select(func.coalesce(func.sum(DUE.subquery().c.number), 0)).scalar_subquery(),
    func.coalesce(UNSEEN.scalar_subquery(), 0),
    select(func.min(CARD.c.due_on)).where(CARD.c.person_id == _MINE, CARD.c.due_on > _DAY).scalar_subquery(),
)


def waiting(person_id: int, time_zone: str, at: datetime) -> Waiting:
    """What waits for one person. One statement."""
    cards, unseen, next_on = db.session.execute(_WAITING, day_of(person_id, time_zone, at)).one()
    return Waiting(int(cards) + int(unseen), next_on)


@dataclass(frozen=True, slots=True)
class Unseen:
    """An answer of a quiz or a lesson that the log does not hold yet."""

    receipt: str
    item: str
    source: str
    version_id: int
    score: float
    confidence: str | None
    answered_at: datetime
    seconds: int | None


def _joined(source: str, *parts: Any) -> Any:
    """The receipt that evidence from there has, put together by the database."""
    receipt: Any = literal(source, String)
    for part in parts:
        receipt = receipt + "/" + to(part, String)
    return receipt


def unseen(person_id: int) -> list[Unseen]:
    """Every such answer of one person, in the order in which they were given. Answers that may not be looked at yet are left out. Two statements.

    They are told by their receipts and not by a date, so that one that was handed in late is not passed over.
    """
    receipt = _joined("quiz_answer", _ANSWER.attempt_id, _ANSWER.question_id)
    quizzes = (
        select(receipt, _ATTEMPT.module_key, _ANSWER.question_id, _ATTEMPT.version_id, _ANSWER.score, _ANSWER.confidence, _ANSWER.answered_at)
        .add_columns(_ATTEMPT.handed_in_at, _ANSWER.seconds)
        .join_from(_ATTEMPTS, _ANSWERS, _ANSWER.attempt_id == _ATTEMPT.id)
        .where(_ATTEMPT.person_id == person_id, ~select(LOG.c.id).where(LOG.c.receipt == receipt).exists())
    )
    found = [
        Unseen(row[0], f"{row[1]}/quiz/{row.question_id}", "quiz_answer", row.version_id, row.score, row.confidence, row.answered_at, row.seconds)
        for row in db.session.execute(quizzes)
        if row.handed_in_at is not None or library.module(row.version_id).quiz.feedback == "immediate"
    ]
    receipt = _joined("embedded_check", _CHECK.person_id, _CHECK.version_id, _CHECK.lesson_key, _CHECK.check_id)
    checks = select(receipt, _CHECK.module_key, _CHECK.lesson_key, _CHECK.check_id, _CHECK.version_id, _CHECK.score, _CHECK.answered_at).where(
        _CHECK.person_id == person_id, ~select(LOG.c.id).where(LOG.c.receipt == receipt).exists()
    )
    found += [
        # A check stands in a lesson, and nobody knows when she came to it.
        Unseen(row[0], f"{row[1]}/{row.lesson_key}/{row.check_id}", "embedded_check", row.version_id, row.score, None, row.answered_at, None)
        for row in db.session.execute(checks)
    ]
    return sorted(found, key=lambda one: (one.answered_at, one.receipt))


# The weights that were in use when an answer was given; NULL for the library's.
_IN_USE = select(FIT.c.weights).where(FIT.c.used_from <= LOG.c.answered_at).order_by(FIT.c.id.desc()).limit(1).correlate(LOG).label("weights")


def logs_of(person_id: int, items: Sequence[str]) -> dict[str, list[Any]]:
    """The whole log of each of these items, oldest first, each answer with the weights it is scheduled by. One statement."""
    columns = (LOG.c.item, LOG.c.score, LOG.c.confidence, LOG.c.answered_on, LOG.c.slow, _IN_USE)
    rows = (
        select(*columns)
        .where(LOG.c.person_id == person_id, LOG.c.item.in_(items))
        .order_by(LOG.c.item, LOG.c.answered_on, LOG.c.answered_at, LOG.c.id)
    )
    found: dict[str, list[Any]] = {}
    for row in db.session.execute(rows):
        found.setdefault(row.item, []).append(row)
    return found


def paces_of(person_id: int) -> dict[str, list[int]]:
    """How many seconds her last answers took, by type of question, the newest first. One statement."""
    timed = select(LOG.c.kind, LOG.c.seconds).where(LOG.c.person_id == person_id, LOG.c.seconds.is_not(None))
    found: dict[str, list[int]] = {}
    for kind, seconds in db.session.execute(timed.order_by(LOG.c.answered_at.desc(), LOG.c.id.desc()).limit(pace.LAST * len(kinds))):
        known = found.setdefault(kind, [])
        if len(known) < pace.LAST:
            known.append(seconds)
    return found


def cards_of(person_id: int) -> list[Any]:
    """Every card of one person."""
    return list(db.session.execute(select(CARD).where(CARD.c.person_id == person_id)).all())


def question_of(content: Module, item: str) -> Question | None:
    """The question an item names, as it stands in that version of its module; None when it is not in it."""
    _module, place, key = item.split("/")
    if place == "quiz":
        return content.question(key)
    lesson = content.lesson(place)
    return lesson.check(key) if lesson is not None else None


def set_on(person_id: int, day: date) -> ReviewSet | None:
    """One person's set of one day."""
    return db.session.execute(select(ReviewSet).where(ReviewSet.person_id == person_id, ReviewSet.day == day)).scalars().one_or_none()


def set_or_404(set_id: int, person_id: int) -> ReviewSet:
    """That set, when it is this person's; else NotFound, which does not tell whether there is one."""
    found = db.session.execute(select(ReviewSet).where(ReviewSet.id == set_id, ReviewSet.person_id == person_id)).scalars().one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Given:
    """The answer a question of a set got."""

    answer: Answer
    score: float
    answered_at: datetime


def answers_of(found: ReviewSet) -> dict[str, Given]:
    """What was answered of a set, by item. One statement."""
    items = [item for item, _version in found.items]
    rows = (
        select(LOG.c.item, LOG.c.answer, LOG.c.score, LOG.c.answered_at)
        .where(LOG.c.person_id == found.person_id, LOG.c.item.in_(items), LOG.c.source == "spaced_review", LOG.c.answered_on >= found.day)
        .order_by(LOG.c.id.desc())
    )
    return {row.item: Given(row.answer, row.score, row.answered_at) for row in db.session.execute(rows)}


def met_elsewhere(found: ReviewSet, time_zone: str) -> set[str]:
    """The items of a set that were answered on its day in a quiz or a lesson, and not in the set. Three statements."""
    items = {item for item, _version in found.items}
    known = select(LOG.c.item, LOG.c.source).where(LOG.c.person_id == found.person_id, LOG.c.answered_on == found.day, LOG.c.item.in_(items))
    rows = db.session.execute(known).all()
    met = {row.item for row in rows} | {one.item for one in unseen(found.person_id) if local_date(one.answered_at, time_zone) == found.day}
    return met.intersection(items) - {row.item for row in rows if row.source == "spaced_review"}


def seed_of(found: ReviewSet, place: int) -> str:
    """From which the order of the options is drawn: the same whenever this set is opened, another the next time the question comes."""
    return f"review/{found.id}/{place}"


def shown_as(set_id: int) -> str:
    """What the moment is signed for at which a set's questions are shown."""
    return f"review/{set_id}"


def shown(found: ReviewSet, place: int, given: Mapping[str, Given], lang: str) -> dict[str, Any]:
    """Everything the page needs of the question at a place of the set, counted from 1; what is right is in it only when it is answered."""
    item, version_id = found.items[place - 1]
    content = library.module(version_id)
    question = question_of(content, item)
    assert question is not None
    answer, seed = given.get(item), seed_of(found, place)
    part = reviewed(question, answer.answer, seed, lang) if answer is not None else asked(question, seed, lang)
    lesson = question.lesson if "/quiz/" in item else item.split("/")[1]
    return {
        "part": part | {"number": place, "of": len(found.items)},
        "place": place,
        "module": content,
        "lesson": content.lesson(lesson) if lesson else None,
        "answered": answer is not None,
        "score": answer.score if answer is not None else None,
        "confidence": content.quiz.confidence,
        "key": f"review-{found.id}-{place}",
    }

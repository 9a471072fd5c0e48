"""Taking in what customers answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, tuple_, update

from trainee import profile
from trainee.kit import audit
from trainee.kit.clock import local_date, working_days_after
from trainee.kit.db import db, insert_many_once, upsert
from trainee.kit.errors import NotFound, Refusal
from trainee.kit.i18n import _
from trainee.people import Stay
from trainee.profile import Showing
from trainee.voice.masking import masked
from trainee.voice.models import CommentTheme, Concern, MeasureTarget, Rating, RatingReply
from trainee.voice.survey import CONCERN, QUESTIONS, WORRYING
from trainee.voice.themes import THEMES, themes_in

# So many answers are written at a time; more would not fit into one statement's parameters.
_BATCH = 400
# Within so many working days somebody sees to a customer who felt that nobody cared; what is older than this when we learn of it is no task any more.
SEE_TO, STALE = 2, timedelta(days=14)
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Answer:
    """A customer's answer as it comes from a page of ours or another system, before it is masked and kept.

    Whom it tells of may be unknown. A question of ours brings its own scale; one of a survey's own says `scale`, its ends, or None for words alone.
    """

    person_id: int | None
    given_at: datetime
    question: str
    value: int | None
    system: str
    external_id: str
    comment: str = ""
    team_id: int | None = None
    response_id: int | None = None
    instrument: str = "survey"
    scale: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        known = QUESTIONS.get(self.question)
        scale = (known.lowest, known.highest) if known else self.scale
        if known is None and self.response_id is None:
            raise ValueError(f"there is no question {self.question!r}")
        if (self.value is None) != (scale is None) or (self.value is not None and scale and not scale[0] <= self.value <= scale[1]):
            raise ValueError(f"{self.value} is not on the scale of {self.question}")
        if self.given_at.tzinfo is None:
            raise ValueError("a moment needs a time zone")

    @property
    def name(self) -> tuple[str, str]:
        """What makes it this answer and no other."""
        return self.system, self.external_id


@dataclass(frozen=True, slots=True)
class Taken:
    """How many answers were new, and how many had been taken before."""

    new: int
    known: int


def take_ratings(answers: Sequence[Answer], at: datetime, gathered: bool = False) -> Taken:
    """Keep the answers that are new and make evidence of those that tell of a skill of somebody. What was taken before changes nothing.

    A comment is coded with its themes; whoever felt that nobody cared opens a task for those who lead the person, or the team, unless it is
    `gathered` with one that others opened just before.
    """
    new = 0
    for start in range(0, len(answers), _BATCH):
        fresh = _fresh(answers[start : start + _BATCH])
        teams = _teams_then(fresh)
        insert_many_once(Rating, [_row(one, teams.get(one.name), at) for one in fresh], ["system", "external_id"])
        told = [(one, QUESTIONS[one.question].skill) for one in fresh if one.question in QUESTIONS and one.person_id is not None]
        profile.record([_showing(one, skill) for one, skill in told if skill is not None], at)
        _follow(fresh, teams, at, gathered)
        new += len(fresh)
    return Taken(new, len(answers) - new)


def _teams_then(answers: Sequence[Answer]) -> dict[tuple[str, str], int]:
    """The team each answer belongs to: the one it names, else the one the person was in when it was given. One statement."""
    stays: dict[int, list[Any]] = {}
    people = {one.person_id for one in answers if one.team_id is None and one.person_id is not None}
    if people:
        for row in db.session.execute(select(Stay.person_id, Stay.team_id, Stay.since, Stay.until).where(Stay.person_id.in_(people))):
            stays.setdefault(row.person_id, []).append(row)
    found = {}
    for one in answers:
        mine = stays.get(one.person_id or 0, ())
        then = [row.team_id for row in mine if row.since <= one.given_at and (row.until is None or row.until > one.given_at)]
        if one.team_id is not None or then:
            found[one.name] = one.team_id if one.team_id is not None else then[-1]
    return found


def _follow(answers: Sequence[Answer], teams: dict[tuple[str, str], int], at: datetime, gathered: bool) -> None:
    """What new answers bring with them: themes of comments, and tasks."""
    worrying = {one.name for one in answers if not gathered and _worries(one) and at - one.given_at < STALE}
    themes = {one.name: found for one in answers if one.comment.strip() and (found := themes_in(one.comment))}
    wanted = worrying | set(themes)
    if not wanted:
        return
    rows = select(Rating.id, Rating.system, Rating.external_id, Rating.person_id).where(tuple_(Rating.system, Rating.external_id).in_(sorted(wanted)))
    kept = {(row.system, row.external_id): row for row in db.session.execute(rows)}
    coded = [{"rating_id": kept[name].id, "theme": theme, "coded_by_id": None} for name, found in themes.items() for theme in found]
    insert_many_once(CommentTheme, coded, ["rating_id", "theme"])
    due_on = working_days_after(local_date(at, current_app.extensions["trainee"].default_time_zone), SEE_TO)
    open_ones = {"opened_at": at, "due_on": due_on, "closed_at": None, "closed_by_id": None, "done": None}
    tasks = [{"rating_id": kept[name].id, "person_id": kept[name].person_id, "team_id": teams.get(name), **open_ones} for name in sorted(worrying)]
    insert_many_once(Concern, tasks, ["rating_id"])


def _worries(one: Answer) -> bool:
    return one.question == CONCERN and one.value is not None and one.value <= WORRYING


def close_concern(concern: Concern, done: str, by_id: int, at: datetime) -> None:
    """Say what was done about it; Refusal (422) without words, or when somebody else had said so before."""
    if not done.strip():
        raise Refusal(_("Please write what was done; the team learns from it."), 422, "done")
    still = (Concern.rating_id == concern.rating_id) & Concern.closed_at.is_(None)
    values = {"closed_at": at, "closed_by_id": by_id, "done": masked(done)[:LONGEST]}
    if db.session.execute(update(Concern).where(still).values(**values).returning(Concern.rating_id)).scalar() is not None:
        audit.note(by_id, "close concern", f"rating/{concern.rating_id}", at)
    elif concern.closed_by_id != by_id:
        raise Refusal(_("Somebody has seen to this already."))


def reply(rating_id: int, person_id: int, words: str, at: datetime) -> None:
    """Say how one sees a comment oneself; written again it takes the place of what stood, and empty it is taken back. NotFound for another's."""
    mine = select(Rating.id).where(Rating.id == rating_id, Rating.person_id == person_id, Rating.comment != "")
    if db.session.execute(mine).first() is None:
        raise NotFound
    values = {"rating_id": rating_id, "person_id": person_id, "words": masked(words)[:LONGEST], "written_at": at}
    upsert(RatingReply, values, ["rating_id"], ["words", "written_at"])


def code_themes(rating_id: int, themes: Sequence[str], by_id: int, at: datetime) -> None:
    """Somebody read a comment and says what it is about; what the words alone said before is gone. NotFound where there is no comment."""
    if db.session.execute(select(Rating.id).where(Rating.id == rating_id, Rating.comment != "")).first() is None:
        raise NotFound
    chosen = [theme for theme in dict.fromkeys(themes) if theme in THEMES] or ["other"]
    db.session.execute(CommentTheme.__table__.delete().where(CommentTheme.rating_id == rating_id))  # type: ignore[attr-defined]
    insert_many_once(CommentTheme, [{"rating_id": rating_id, "theme": one, "coded_by_id": by_id} for one in chosen], ["rating_id", "theme"])
    audit.note(by_id, "code comment", f"rating/{rating_id}", at, themes=chosen)


def set_target(measure: str, team_id: int | None, value: float | None, by_id: int, at: datetime) -> None:
    """State what a measure should reach, for a team or for everybody; None takes it back."""
    db.session.add(MeasureTarget(measure=measure, team_id=team_id, value=value, set_at=at, set_by_id=by_id))
    audit.note(by_id, "set target", f"measure/{measure}", at, team=team_id, value=value)


def _fresh(answers: Sequence[Answer]) -> list[Answer]:
    """Those nobody has taken yet, each once."""
    first: dict[tuple[str, str], Answer] = {}
    for one in answers:
        first.setdefault(one.name, one)
    known = select(Rating.system, Rating.external_id).where(tuple_(Rating.system, Rating.external_id).in_(list(first)))
    taken = {(row.system, row.external_id) for row in db.session.execute(known)}
    return [one for name, one in first.items() if name not in taken]


def _row(answer: Answer, team_id: int | None, at: datetime) -> dict[str, object]:
    known = QUESTIONS.get(answer.question)
    return {
        "person_id": answer.person_id,
        "team_id": team_id,
        "response_id": answer.response_id,
        "given_at": answer.given_at,
        "taken_at": at,
        "instrument": known.instrument if known else answer.instrument,
        "question": answer.question,
        "value": answer.value,
        "comment": masked(answer.comment),
        "system": answer.system,
        "external_id": answer.external_id,
    }


def _showing(answer: Answer, skill: str) -> Showing:
    question = QUESTIONS[answer.question]
    assert answer.person_id is not None and answer.value is not None
    return Showing(
        person_id=answer.person_id,
        skill=skill,
        source="customer_rating",
        score=question.score(answer.value),
        item=question.item,
        occurred_at=answer.given_at,
        receipt=f"customer_rating/{answer.system}/{answer.external_id}",
        detail={"value": answer.value, "of": question.highest},
    )

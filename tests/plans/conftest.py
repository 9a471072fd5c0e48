"""Work done at any moment, for tests about assignments."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, insert, select

from trainee import plans
from trainee.kit.db import db
from trainee.modules.library import module_or_404
from trainee.modules.progress import part_done, required_parts
from trainee.modules.progress.queries import parts_of_many
from trainee.modules.quizzes.models import QuizAttempt
from trainee.modules.reviews.models import SET
from trainee.modules.roleplays.models import RUN


@pytest.fixture
def does(app) -> Callable[..., None]:
    """Let somebody do parts of a module at a moment; all of them when none are named."""

    def do(person: int, module: str, at: datetime, *parts: str) -> None:
        for part in parts or required_parts(module_or_404(module)[1]):
            part_done(person, module, part, at)

    return do


@pytest.fixture
def plays(app) -> Callable[..., None]:
    """Let somebody play a role-play to an ending of some rank."""

    def play(person: int, story: str, at: datetime, rank: int = 3, criticals: int = 0, replay_of: int | None = None) -> None:
        version = module_or_404("greeting")[0]
        values = {"seed": 1, "started_at": at, "finished_at": at, "ending": "some", "rank": rank, "criticals": criticals, "hard": False}
        values |= {"replay_of": replay_of, "replay_from": None if replay_of is None else 1}
        key = f"{story}-{at.isoformat()}-{rank}-{replay_of}"
        db.session.execute(insert(RUN).values(person_id=person, version_id=version, story=story, key=key, **values))

    return play


@pytest.fixture
def reviews(app) -> Callable[..., None]:
    """Let somebody finish a day's review set."""

    def review(person: int, at: datetime) -> None:
        db.session.execute(insert(SET).values(person_id=person, day=at.date(), items=[], story=None, drawn_at=at, finished_at=at, skipped_at=None))

    return review


@pytest.fixture
def takes(app) -> Callable[..., None]:
    """Let somebody hand in an attempt at a quiz."""

    def take(person: int, module: str, at: datetime, passed: bool) -> None:
        version = module_or_404(module)[0]
        tries = db.session.scalar(select(func.count()).where(QuizAttempt.person_id == person, QuizAttempt.module_key == module)) or 0
        values = {"allowed": None, "seed": "s", "drawn": [], "started_at": at, "deadline_at": None, "handed_in_at": at}
        row = {"person_id": person, "version_id": version, "module_key": module, "number": tries + 1, "score": 0.9 if passed else 0.2}
        db.session.execute(insert(QuizAttempt).values(**row, passed=passed, **values))
        if passed:
            part_done(person, module, "quiz", at)

    return take


@pytest.fixture
def stands(app) -> Callable[[int], list[plans.Open]]:
    """Everything somebody has been asked and that has not ended, done or not."""
    return lambda person: plans.with_progress(plans.assignments_of([person]), parts_of_many([person]))

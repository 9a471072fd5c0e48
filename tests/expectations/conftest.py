"""Expectations of the cast."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from trainee import expectations
from trainee.expectations import Scope, Terms
from trainee.kit.clock import local_date, now
from trainee.kit.db import db

WHOLE = {"why": "Customers say they are cut short.", "ways": ("observation",), "rhythm": "fortnightly", "audience": "nobody"}


@pytest.fixture
def terms(at) -> Callable[..., Terms]:
    """What an expectation says that lacks nothing; it begins on the day of the tests."""

    def make(skill: str = "empathy", level: int = 3, **more: Any) -> Terms:
        return Terms(**{"skill": skill, "level": level, "starts_on": local_date(at, "Europe/Istanbul"), **WHOLE, **more})

    return make


@pytest.fixture
def expect(cast, at, terms) -> Callable[..., int]:
    """Lets Chloe, or whoever is named, expect something of a person, a team or a job."""

    def make(kind: str, key: int | str, skill: str = "empathy", level: int = 3, by: int | None = None, when: Any = None, **more: Any) -> int:
        moment = when or at
        dated = {"starts_on": local_date(moment, "Europe/Istanbul"), **more}
        made = expectations.issue(Scope(kind, key), terms(skill, level, **dated), by_id=by or cast.chloe, at=moment)
        db.session.commit()
        return made

    return make


@pytest.fixture
def expects_now(expect) -> Callable[..., int]:
    """The same as of yesterday by the clock, for tests that open pages."""

    def make(*whom: Any, **more: Any) -> int:
        return expect(*whom, **{"when": now() - timedelta(days=1), **more})

    return make

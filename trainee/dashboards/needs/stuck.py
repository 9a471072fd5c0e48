"""Something was begun and does not go on."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.kit.db import db
from trainee.kit.i18n import _, _n, language
from trainee.modules import library
from trainee.modules.quizzes import QuizAttempt
from trainee.people import Person

# So many attempts at one quiz, none of them passed, and it is not for want of trying.
TRIES = 3


def _tries(*which: Any) -> Any:
    return select(func.count()).select_from(QuizAttempt).where(QuizAttempt.person_id == Person.id, *which).correlate(Person).scalar_subquery()


@needs.register
class Stuck(Need):
    """A quiz that was handed in three times and never passed."""

    key = "stuck"
    order = 20
    # All but the open ones: both numbers are read off indexes, however many tries somebody has had.
    stamp = _tries() - _tries(QuizAttempt.handed_in_at.is_(None))

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Stuck"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who is stuck, and where. One statement."""
        tries, passes = func.count(QuizAttempt.handed_in_at), func.count().filter(QuizAttempt.passed.is_(True))
        statement = (
            select(QuizAttempt.person_id, QuizAttempt.module_key, tries.label("tries"))
            .where(QuizAttempt.person_id.in_(seen.people), QuizAttempt.handed_in_at.is_not(None))
            .group_by(QuizAttempt.person_id, QuizAttempt.module_key)
            .having(tries >= TRIES, passes == 0)
            .order_by(tries, QuizAttempt.module_key)
        )
        modules = {module.key: module.title for module in library.catalogue_modules()}
        found = {}
        for row in db.session.execute(statement):
            if row.module_key in modules:
                title = modules[row.module_key].of(language())
                words = _n("%(num)d try at the quiz “%(title)s”.", "%(num)d tries at the quiz “%(title)s”, none passed yet.", row.tries, title=title)
                found[row.person_id] = Said(str(words), str(_("See what was missed")), _missed(row.person_id), row.tries)
        return found


def _missed(person_id: int) -> str:
    return url_for("dashboards.person", person_id=person_id, _anchor="missed")

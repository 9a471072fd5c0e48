"""A customer of hers felt that nobody cared."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import func, select

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.kit.db import db
from trainee.kit.i18n import _, date_words
from trainee.people import Person
from trainee.voice.models import Concern


@needs.register
class Concerned(Need):
    """A task about a contact of hers that nobody has seen to yet."""

    key = "concern"
    order = 13
    tone = "warn"
    stamp = select(func.count()).where(Concern.person_id == Person.id, Concern.closed_at.is_(None)).correlate(Person).scalar_subquery()

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Worried customer"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """About whose contacts; the most pressing is named. One statement."""
        statement = (
            select(Concern.rating_id, Concern.person_id, Concern.due_on)
            .where(Concern.person_id.in_(seen.people), Concern.closed_at.is_(None))
            .order_by(Concern.due_on, Concern.rating_id)
        )
        found: dict[int, Said] = {}
        for row in db.session.execute(statement):
            words = str(_("A customer felt that nobody cared; see to it by %(date)s.", date=date_words(row.due_on)))
            url = url_for("voice.concern", concern_id=row.rating_id)
            found.setdefault(row.person_id, Said(words, str(_("See to it")), url, (seen.day - row.due_on).days))
        return found

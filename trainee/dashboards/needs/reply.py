"""A reply waits for a look."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import func, select

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _
from trainee.modules.roleplays.replies import OFFERED
from trainee.people import Person


@needs.register
class ReplyToLookAt(Need):
    """Somebody shows what she wrote in a role-play, and nobody has looked yet."""

    key = "reply"
    order = 28
    stamp = (
        select(func.count())
        .select_from(OFFERED)
        .where(OFFERED.c.person_id == Person.id, OFFERED.c.looked_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Shows a reply"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Whose reply waits, the oldest of each. One statement."""
        waiting = (OFFERED.c.person_id.in_(seen.people), OFFERED.c.looked_at.is_(None))
        statement = select(OFFERED.c.id, OFFERED.c.person_id, OFFERED.c.offered_at).where(*waiting).order_by(OFFERED.c.offered_at, OFFERED.c.id)
        found: dict[int, Said] = {}
        for number, person_id, offered_at in db.session.execute(statement):
            words = str(_("Shows you a reply from a role-play."))
            days = (seen.day - local_date(offered_at, "UTC")).days
            found.setdefault(person_id, Said(words, str(_("Look at it")), url_for("replies.reply", reply_id=number), days))
        return found

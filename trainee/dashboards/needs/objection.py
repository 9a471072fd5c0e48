"""An objection to what is expected waits for a word."""

from collections.abc import Mapping

from flask import url_for
from sqlalchemy import func, select

from trainee.dashboards.need import Need, Said, Seen
from trainee.dashboards.needs import needs
from trainee.dashboards.standing import skill_name
from trainee.expectations import ExpectationAnswer
from trainee.kit.i18n import _
from trainee.people import Person


@needs.register
class Objection(Need):
    """Somebody objected to an expectation and nobody has replied."""

    key = "objection"
    order = 25
    tone = "warn"
    # Its rows are added to, and a reply is written beside an answer once.
    stamp = (
        select(func.count(ExpectationAnswer.id) * 1000000 + func.count(ExpectationAnswer.replied_at))
        .where(ExpectationAnswer.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )

    @property
    def badge(self) -> str:
        """The word for it."""
        return str(_("Expectation objected to"))

    def of(self, seen: Seen) -> Mapping[int, Said]:
        """Who has objected."""
        found = {}
        for who in seen.people:
            for skill, target in seen.issued(who):
                if target.answer == "objected":
                    words = _("Objects to what is expected in %(skill)s.", skill=skill_name(skill))
                    found[who] = Said(str(words), str(_("Read and reply")), url_for("expectations.expectation", expectation_id=target.id))
                    break
        return found

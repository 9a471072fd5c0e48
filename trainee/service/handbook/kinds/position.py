"""What a job does for customers."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from trainee import skills
from trainee.kit import trtext
from trainee.kit.db import db
from trainee.kit.i18n import _, _l, _n, language
from trainee.people import Person
from trainee.service.fields import Field, Options, choice
from trainee.service.handbook.kind import Kind, Lack
from trainee.service.handbook.kinds import kinds
from trainee.service.words import levels

# The three service skills that belong to every job, by the field in which its level stands.
TARGETS = {"greeting": "greeting", "needs": "needs-discovery", "channel": "channel-communication"}


def _reached() -> Options:
    """The levels of mastery, as the framework calls them."""
    return [(str(level), f"{level} · {term.name.of(language())}") for level, term in skills.framework().levels.items()]


@kinds.register
class Position(Kind):
    """One job: its duties, the part of service that belongs to it whatever else it is, and how well three skills are to be mastered in it."""

    key = "position"
    title = _l("Jobs and their part in service")
    add = _l("Add a job")
    lead = _l("Every job has its own duties, and serving customers is part of all of them.")
    icon = "briefcase"
    place = 60
    columns = ("name", "level", "service")
    further = ("jobs.job", _l("Targets of this job"))
    fields = (
        Field("name", _l("Job"), "line", hint=_l("As it stands with the people who have it.")),
        choice("level", _l("Place in the company"), levels),
        Field("duties", _l("What the job is for")),
        Field("service", _l("Its part in service"), hint=_l("What this job does for customers, or for colleagues who serve them.")),
        choice(
            "greeting",
            _l("Greeting, at least"),
            _reached,
            hint=_l("Greeting, finding out what is needed and talking on the channel belong to every job."),
        ),
        choice("needs", _l("Discovering needs, at least"), _reached),
        choice("channel", _l("Communication on the channel, at least"), _reached),
        Field("skills", _l("Further service skills it needs"), "line", required=False),
    )

    def lacks(self, found: Sequence[Mapping[str, Any]], lang: str) -> Sequence[Lack]:
        """The jobs that people have and that no entry is about. One statement."""
        named = {trtext.fold(words) for one in found for words in one["name"].values()}
        rows = select(Person.job, func.count()).where(Person.disabled_at.is_(None), Person.job != "").group_by(Person.job)
        wanted = [(job, many) for job, many in db.session.execute(rows.order_by(func.count().desc(), Person.job)) if trtext.fold(job) not in named]
        return [Lack(" · ".join((job, str(_n("%(num)d person", "%(num)d people", many)))), {"name_tr": job}) for job, many in wanted]

    def lacking(self, many: int) -> tuple[str, str]:
        """So many jobs have no part in service."""
        return (
            _n("%(num)d job has no part in service yet", "%(num)d jobs have no part in service yet", many),
            _("People have it, and nothing is written here of its duties and of what it does for customers."),
        )

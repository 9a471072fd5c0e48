"""What a job does for customers."""

from trainee import skills
from trainee.kit.i18n import _l, language
from trainee.service.fields import Field, Options, choice
from trainee.service.handbook.kind import Kind
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

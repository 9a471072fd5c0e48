"""What there is to do on Today beside one's own learning, by role."""

from datetime import datetime, timedelta

from flask import url_for

from trainee.coaching import disputes_waiting, suggestions_to_answer
from trainee.expectations.queries import objections_waiting
from trainee.kit import jobs
from trainee.kit.clock import local_date
from trainee.kit.duties import Duty, duties, duty
from trainee.kit.i18n import _, _n, ago, date_words
from trainee.modules.library import uploading
from trainee.people import Viewer, viewer
from trainee.people.queries import not_in

# A job of every minute is among them, so a longer silence means that nobody looks at the clock.
SILENCE = timedelta(minutes=15)
# None of them works longer than this.
LONGEST = timedelta(hours=2)


def waiting(viewer: Viewer, at: datetime) -> tuple[Duty | None, list[Duty]]:
    """Where this viewer's work begins and what else she finds to do, from here and from whoever else knows of something; no statement for who is an
    employee and no more."""
    return duties(viewer.roles, at)


@duty(10, "supervisor", leads="supervisor", always=True)
def team(at: datetime) -> Duty:
    """The way to those who need her."""
    words = _("Who could use you just now, the most pressing first.")
    return Duty("users", str(_("Team")), str(words), url_for("dashboards.team"), verb=str(_("See who")))


@duty(12, "supervisor")
def ideas(at: datetime) -> Duty:
    """Suggestions that wait for her answer, her own and what climbed to her. One statement."""
    who = viewer()
    day = local_date(at, who.time_zone)
    waiting = suggestions_to_answer(who, day)
    late = sum(one.answer_by < day for one in waiting)
    words = _("None waits for your answer.")
    if waiting:
        first = date_words(waiting[0].answer_by)
        words = _n(
            "%(num)d waits for your answer, promised for %(date)s.",
            "%(num)d wait for your answer, the first promised for %(date)s.",
            len(waiting),
            date=first,
        )
    badge = str(len(waiting)) if waiting else ""
    return Duty("lightbulb", str(_("Suggestions")), str(words), url_for("suggestions.suggestions"), badge, "warn" if late else "accent")


@duty(15, "supervisor", "hr")
def objections(at: datetime) -> Duty:
    """Objections to what she expects that wait for her answer. One statement."""
    many = objections_waiting(viewer())
    words = _("What you expect of whom, and who has acknowledged it.")
    if many:
        words = _n("%(num)d objection waits for your answer.", "%(num)d objections wait for your answer.", many)
    return Duty(
        "target", str(_("Expectations")), str(words), url_for("expectations.of_people"), str(many) if many else "", "warn" if many else "accent"
    )


@duty(21, "trainer", leads="trainer", waits=True)
def publishing(at: datetime) -> Duty:
    """Her own module that is not published yet, or where she brings one. One statement."""
    file, title = uploading.waiting_of(viewer().id), str(_("A module of your own"))
    if file is None:
        words = _("Nothing waits to be published. Bring the file of a module, and see it as its readers will.")
        return Duty("upload", title, str(words), url_for("publishing.upload"))
    words = _("%(file)s waits to be published. Look at it as its readers will.", file=file)
    return Duty(
        "upload", title, str(words), url_for("publishing.draft"), str(_n("%(num)d draft", "%(num)d drafts", 1)), "accent", str(_("Look at it"))
    )


@duty(20, "trainer", leads="trainer")
def observing(at: datetime) -> Duty:
    """Observing somebody."""
    words = _("Watch a colleague with a customer and write down what you see.")
    return Duty("eye", str(_("Observe somebody")), str(words), url_for("observing.people_to_observe"), verb=str(_("Observe")))


@duty(25, "supervisor", "trainer", "hr")
def disputed(at: datetime) -> Duty | None:
    """Lines in dispute that wait for her; a supervisor hears of them only when there are some. Four statements at most, however many there are."""
    who = viewer()
    many = len(disputes_waiting(who, at))
    if not many and not who.holds("trainer", "hr"):
        return None
    words = _("None waits for your decision.")
    if many:
        words = _n("%(num)d waits for your decision.", "%(num)d wait for your decision.", many)
    return Duty("flag", str(_("Lines in dispute")), str(words), url_for("disputes.waiting_disputes"), str(many) if many else "", "warn")


@duty(40, "hr", "admin", leads="admin")
def accounts(at: datetime) -> Duty:
    """People without a link to come in, invitations that were not taken up, and people who ask for a link. One statement."""
    row = not_in()
    told = [
        str(_n("%(num)d person has no link to sign in yet.", "%(num)d people have no link to sign in yet.", row.without)) if row.without else "",
        str(_n("%(num)d person has not taken up the invitation.", "%(num)d people have not taken up the invitation.", row.invited))
        if row.invited
        else "",
        str(_n("%(num)d person asks for a new link.", "%(num)d people ask for a new link.", row.asking)) if row.asking else "",
    ]
    words = " ".join(filter(None, told)) or str(_("Nobody waits for an invitation or a link."))
    many = row.without + row.invited + row.asking
    show = "waiting" if many else "active"
    return Duty("contact", str(_("People and their accounts")), words, url_for("people.directory", show=show), str(many) if many else "")


@duty(50, "admin")
def by_itself(at: datetime) -> Duty:
    """Whether what happens by itself does happen. One statement."""
    runs = jobs.last_runs()
    title, url = str(_("What happens by itself")), url_for("timetable.timetable")
    last = max((run.started_at for run in runs.values()), default=None)
    if last is None:
        return Duty(
            "clock",
            title,
            str(_("Nothing has run yet. The timetable runs beside the site, or as a worker.")),
            url,
            badge=str(_("not running")),
            tone="warn",
        )
    if at - last > SILENCE:
        return Duty("clock", title, str(_("It last ran %(when)s. Is the worker still there?", when=ago(last, at))), url, str(_("late")), "warn")
    failed = sorted(key for key, run in runs.items() if run.error is not None)
    stuck = sorted(key for key, run in runs.items() if run.ended_at is None and at - run.started_at > LONGEST)
    if failed or stuck:
        words = _("Did not go well: %(jobs)s. The log says where.", jobs=", ".join([*failed, *stuck]))
        return Duty("clock", title, str(words), url, str(_n("%(num)d trouble", "%(num)d troubles", len(failed) + len(stuck))), "bad")
    return Duty("clock", title, str(_("All is well; it last ran %(when)s.", when=ago(last, at))), url)


@duty(45, "hr", leads="hr")
def figures(at: datetime) -> Duty:
    """The tables of everybody, on a page and as files."""
    words = _("What was learned, shown and certified, as tables and as files for the board.")
    return Duty("chart-column", str(_("Reports")), str(words), url_for("reports.reports"), verb=str(_("Open the reports")))


@duty(55, "executive", leads="executive", always=True)
def from_training_to_loyalty(at: datetime) -> Duty:
    """Whether what is learned reaches customers."""
    words = _("Whether what is learned reaches customers: four figures, each with how many stand behind it.")
    return Duty("chart-line", str(_("From training to loyalty")), str(words), url_for("chain.chain"), verb=str(_("Look at the figures")))


@duty(60, "executive")
def what_is_taught(at: datetime) -> Duty:
    """What people learn here."""
    words = _("Every module with its lessons and talks; try one as your people do.")
    return Duty("book-open", str(_("What people learn here")), str(words), url_for("library.learn", show="all"))


@duty(70, "executive")
def what_is_promised(at: datetime) -> Duty:
    """What customers are promised."""
    words = _("How we answer the usual situations, in one card each.")
    return Duty("shield-check", str(_("What customers are promised")), str(words), url_for("service.cards"))

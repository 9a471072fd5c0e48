"""The page that turns what the handbook says of a job into what is expected of whoever has it."""

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.dashboards import jobs
from trainee.dashboards.standing import level_name, skill_name
from trainee.expectations import Scope
from trainee.expectations.queries import may_set, require_setter
from trainee.kit import web
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _n, language
from trainee.kit.web import back_to, show
from trainee.people import viewer
from trainee.service.handbook.queries import entry_or_404

bp = web.Blueprint("jobs", __name__)


@bp.get("/service/jobs/<job_key>")
def job(job_key: str) -> Response:
    """One job: the three skills everybody has who has it, at least at which level, and what is expected by now."""
    entry, who = entry_or_404("position", job_key), viewer()
    found = jobs.jobs_of(entry)
    now_expected = jobs.expected_now(list(found), local_date(now(), who.time_zone))
    rows = [
        [
            skill_name(skill),
            level_name(level),
            *(level_name(told[skill]) if skill in told else _("by the framework") for told in now_expected.values()),
        ]
        for skill, level in jobs.wanted(entry).items()
    ]
    return show(
        "dashboards/job.html",
        entry=entry,
        title=entry.title(language()),
        service=entry.told("service", language()),
        jobs=list(found.items()),
        rows=rows,
        lacking=any(told.get(skill, 0) < level for told in now_expected.values() for skill, level in jobs.wanted(entry).items()),
        sets=bool(found) and all(may_set(who, Scope("job", name)) for name in found),
    )


@bp.post("/service/jobs/<job_key>/targets")
def expect(job_key: str) -> BaseResponse:
    """Expect of everybody with this job what the handbook says of it."""
    entry, who = entry_or_404("position", job_key), viewer()
    found = jobs.jobs_of(entry)
    # Nobody has it: whoever may set for no job at all is told so first.
    for name in found or [entry.title("tr")]:
        require_setter(who, Scope("job", name))
    if not found:
        raise Refusal(_("Nobody has this job. Jobs are compared by their names."))
    made = jobs.expect(entry, at=now(), time_zone=who.time_zone, by_id=who.id)
    db.session.commit()
    flash(
        _n(
            "%(num)d expectation is issued; whoever has the job is asked to read it.",
            "%(num)d expectations are issued; whoever has the job is asked to read them.",
            made,
        )
        if made
        else _("All of it is expected already.")
    )
    return back_to(url_for("jobs.job", job_key=job_key))

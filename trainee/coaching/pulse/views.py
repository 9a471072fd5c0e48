"""Answering the pulse, and what teams answered."""

from flask import Response, flash, g, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.coaching.pulse import actions, queries
from trainee.coaching.pulse.survey import LAST_ZONE, LEAST, QUESTIONS, VALUES, quarter_of
from trainee.kit.clock import local_date, now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, _l
from trainee.kit.web import Blueprint, back_to, show
from trainee.people import viewer

bp = Blueprint("pulse", __name__)

SCALE = {1: _l("not at all"), 2: _l("rather not"), 3: _l("partly"), 4: _l("rather yes"), 5: _l("fully")}


@bp.route("/pulse", methods=["GET", "POST"])
def pulse() -> Response | BaseResponse:
    """Answer this quarter's four questions; read what one's teams answered in those that are over."""
    who, at = viewer(), now()
    complaint = ""
    given = {key: request.form.get(key, "") for key in QUESTIONS}
    if request.method == "POST":
        try:
            made = actions.take(who.id, {key: int(value) for key, value in given.items() if value in map(str, VALUES)}, at)
        except Refusal as refusal:
            db.session.rollback()
            if refusal.status != 422:
                raise
            complaint = refusal.message
        else:
            db.session.commit()
            flash(_("Thank you. Your answers are counted with those of your team.") if made else _("You have answered this quarter already."))
            return back_to(url_for("pulse.pulse"))
    today = local_date(at, who.time_zone)
    # Over for everybody: whoever lives furthest west may still answer, and her answer must not be told by what it changes.
    ended = local_date(at, LAST_ZONE)
    over = queries.quarters(ended)
    wanted = request.args.get("quarter", "")
    quarter = wanted if wanted in over else (over[0] if over else "")
    teams, rolled = queries.results(who, quarter, ended) if quarter else ([], [])
    asked = queries.asked(who.id) is not None
    if not asked and who.holds("supervisor", "hr", "admin", "executive"):
        # Who is not asked looks at what others answered.
        g.area = "line"
    return show(
        "pulse/pulse.html",
        asked=asked,
        taken=queries.has_taken(who.id, quarter_of(today)),
        questions=QUESTIONS,
        scale=SCALE,
        given=given,
        complaint=complaint,
        quarters=over,
        quarter=quarter,
        results=[*teams, *rolled],
        least=LEAST,
        status=422 if complaint else 200,
    )

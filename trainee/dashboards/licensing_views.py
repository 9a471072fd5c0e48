"""Pages of calibration on which an observer may get her licence: it takes three cases, and the basics of the work that she scores."""

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee import plans
from trainee.coaching.calibration import actions, queries
from trainee.coaching.calibration.forms import ClosureForm, sheet_form
from trainee.coaching.calibration.views import MAKERS, READERS, SCORERS, bp, show_case
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, language
from trainee.kit.web import back_to, show
from trainee.modules.library import Module
from trainee.people import require_role, viewer
from trainee.skills import framework, scorecards

__all__ = ["bp"]


def _lacking() -> list[Module]:
    return plans.lacking([viewer().id])[viewer().id]


@bp.get("/calibration")
def cases() -> Response:
    """Every case, those I have still to score first, and what is missing to my licence."""
    require_role(viewer(), *READERS)
    rows, licence = queries.cases(viewer().id), queries.licence_of(viewer().id)
    scores = viewer().holds(*SCORERS)
    holds = licence is not None and licence.ended_at is None
    return show(
        "calibration/cases.html",
        rows=sorted(rows, key=lambda row: row.mine or row.closed_at is not None),
        licence=licence,
        passed=len(queries.passed(viewer().id)),
        needed=queries.CASES_FOR_A_LICENCE,
        needs=not queries.counts_in_full(viewer().id),
        scores=scores,
        makes=viewer().holds(*MAKERS),
        basics=len(plans.basics()),
        lacking=[(module.title.of(language()), module.key) for module in _lacking()] if scores and not holds else [],
    )


@bp.post("/calibration/<int:case_id>/sheet")
def sheet(case_id: int) -> Response | BaseResponse:
    """Give my marks."""
    require_role(viewer(), *SCORERS)
    found = queries.case_or_404(case_id)
    form = sheet_form(scorecards.card(found.card_id), framework(), language())
    if not form.validate_on_submit():
        return show_case(found, form, 422)
    held = queries.holds_licence(viewer().id)
    actions.score(found, viewer().id, form.levels(), now(), form.notes(), knows_basics=not _lacking())
    db.session.commit()
    earned = not held and queries.holds_licence(viewer().id)
    flash(_earned() if earned else _("Given. Now you see what the others gave."))
    return back_to(url_for("calibration.case", case_id=case_id))


def _earned() -> str:
    return str(_("You have earned your observer's licence: from now on what you see counts in full."))


@bp.post("/calibration/<int:case_id>/closure")
def close(case_id: int) -> Response | BaseResponse:
    """Nobody scores it any more; what was agreed is written down."""
    require_role(viewer(), *MAKERS)
    found = queries.case_or_404(case_id)
    form = ClosureForm()
    if not form.validate_on_submit():
        raise Refusal(_("What was agreed is too long; four thousand characters at most."), 422)
    short = {who for who, modules in plans.lacking(queries.who_scored(found.id)).items() if modules}
    actions.close(found, form.agreed.data or "", viewer().id, now(), short)
    db.session.commit()
    flash(_("Closed."))
    return back_to(url_for("calibration.case", case_id=case_id))


@bp.post("/calibration/licence")
def licence() -> BaseResponse:
    """My licence, for cases that I scored before I had passed the basics."""
    require_role(viewer(), *SCORERS)
    lacking = _lacking()
    if lacking:
        names = ", ".join(f"“{module.title.of(language())}”" for module in lacking)
        raise Refusal(_("First the basics: who scores others knows the work herself. Still to pass are the quizzes of %(names)s.", names=names))
    if not actions.license_if_earned(viewer().id, now()) and not queries.holds_licence(viewer().id):
        raise Refusal(_("Three cases within one level are needed for it."))
    db.session.commit()
    flash(_earned())
    return back_to(url_for("calibration.cases"))

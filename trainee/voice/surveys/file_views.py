"""Taking in sheets that were answered elsewhere; on the doors of `surveys.views`."""

from typing import Any

from flask import Response, current_app, request

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.forms import beside
from trainee.kit.i18n import _, language
from trainee.kit.web import show, takes
from trainee.people import require_role, viewer
from trainee.voice.actions import Taken
from trainee.voice.forms import ImportForm
from trainee.voice.models import SurveyWave
from trainee.voice.surveys import actions, queries
from trainee.voice.surveys.reading import columns_of, read_sheets
from trainee.voice.surveys.sheet import items
from trainee.voice.surveys.views import bp

__all__ = ["bp"]

_REFUSED_SHOWN = 100


@bp.route("/surveys/<int:survey_id>/file", methods=["GET", "POST"])
@takes(8192)
def take_file(survey_id: int) -> Response:
    """Take in the answers of a questionnaire that was given elsewhere: into the newest wave, each sheet once."""
    who = viewer()
    require_role(who, "hr", "admin")
    survey, waves = queries.survey_or_404(survey_id), queries.waves_of(survey_id)
    asked = list(items(survey.key, waves[0].questions if waves else survey.questions, (waves[0].stems if waves else survey.stems) or None))
    form = ImportForm()
    taken: Taken | None = None
    refused: list[tuple[int, str]] = []
    if form.validate_on_submit():
        try:
            taken, refused = _taken(form, waves, asked, who.id)
        except Refusal as refusal:
            db.session.rollback()
            beside(form, refusal)
    shown: dict[str, Any] = {"taken": taken, "refused": refused[:_REFUSED_SHOWN], "many": len(refused), "columns": columns_of(asked)}
    words = [(one.field, one.text[language()], f"{one.scale[0]}-{one.scale[1]}" if one.scale else _("in their own words")) for one in asked]
    status = 422 if form.errors or (request.method == "POST" and taken is None) else 200
    return show("surveys/file.html", survey=survey, form=form, wave=waves[0] if waves else None, words=words, status=status, **shown)


def _taken(form: ImportForm, waves: list[SurveyWave], asked: list[Any], by_id: int) -> tuple[Taken, list[tuple[int, str]]]:
    if not form.file.data:
        raise Refusal(_("Please choose a file."), 422, "file")
    if not waves:
        raise Refusal(_("Open a wave first, so that it is known which words were asked."), 422, "file")
    at = now()
    found = read_sheets(form.file.data.read(), asked, current_app.extensions["trainee"].default_time_zone, at)
    taken = actions.take_sheets(waves[0], form.system.data or "", found.sheets, by_id, at)
    db.session.commit()
    return taken, found.refused

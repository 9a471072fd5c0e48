"""What customers and colleagues are asked: surveys and interview guides, as they come with the content, for those who ask and who lead."""

from datetime import datetime
from typing import Any

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.i18n import _, _n, language
from trainee.kit.web import Blueprint, back_to, show
from trainee.modules import library
from trainee.modules.library.beside import Asked, Survey
from trainee.people import require_role, viewer
from trainee.skills import framework
from trainee.voice.interviews.queries import guides as written_here
from trainee.voice.survey import QUESTIONS
from trainee.voice.surveys.actions import make_survey
from trainee.voice.surveys.sheet import SIDES
from trainee.voice.surveys.views import EDITORS

bp = Blueprint("guides", __name__)

# The one for colleagues is asked by the pulse, without names.
COLLEAGUES = "team-pulse"
READERS = ("trainer", "supervisor", "hr", "admin")
TALKERS = ("supervisor", "trainer", "hr")


@bp.get("/guides")
def guides() -> Response:
    """Every survey and every interview guide, to be read whole."""
    require_role(viewer(), *READERS)
    lang, found = language(), library.pieces()
    talks = [
        {
            "key": talk.key,
            "title": talk.title.of(lang),
            "minutes": talk.minutes,
            "intro": talk.intro.of(lang),
            "questions": [(one.ask.of(lang), one.probe.of(lang)) for one in talk.questions],
        }
        for talk in found.interviews
    ]
    return show(
        "learn/guides.html",
        surveys=[_survey(one, lang) for one in found.surveys],
        talks=talks,
        may_adopt=viewer().holds(*EDITORS),
        own=COLLEAGUES,
        taken={one.key for one in written_here()},
        may_talk=viewer().holds(*TALKERS),
    )


@bp.post("/guides/<survey_key>/adopting")
def adopt(survey_key: str) -> BaseResponse:
    """Take a survey of the content over, to be asked from here; once."""
    who = viewer()
    require_role(who, *EDITORS)
    found = {one.key: one for one in library.pieces().surveys if one.key != COLLEAGUES}.get(survey_key)
    if found is None:
        raise NotFound
    made = adopted(found, who.id, now())
    db.session.commit()
    flash(_("Taken over. Read it once more, then begin to ask."))
    return back_to(url_for("surveys.survey", survey_id=made))


def adopted(survey: Survey, by_id: int | None, at: datetime) -> int:
    """A survey of the content as one that customers can be asked; where its questions are of the bank they are counted with them."""
    written = {
        "title": {"tr": survey.title.tr, "en": survey.title.en},
        "intro": {"tr": survey.intro.tr, "en": survey.intro.en},
        "stems": {side: {"tr": getattr(survey.stems, side).tr, "en": getattr(survey.stems, side).en} for side in SIDES} if survey.stems else {},
        "questions": [_question(one) for one in survey.questions],
    }
    kind = "questionnaire" if survey.kind == "questionnaire" else "survey"
    return make_survey(kind, written, key=survey.key, by_id=by_id, at=at, fixed=survey.stems is not None)


def _question(one: Asked) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "kind": one.kind, "text": {"tr": one.text.tr, "en": one.text.en}}
    if one.kind == "scale":
        found |= {"low": one.low, "high": one.high}
        known = QUESTIONS.get(one.id)
        if known is not None and (known.lowest, known.highest) == (one.low, one.high):
            found["measure"] = known.key
    return found | ({"quality": one.quality} if one.quality else {})


def _survey(survey: Survey, lang: str) -> dict[str, Any]:
    qualities = framework().qualities
    return {
        "key": survey.key,
        "title": survey.title.of(lang),
        "intro": survey.intro.of(lang),
        "stems": (survey.stems.expectation.of(lang), survey.stems.perception.of(lang)) if survey.stems else (),
        "count": str(_n("%(num)d question", "%(num)d questions", len(survey.questions))),
        "questions": [(one.text.of(lang), _scale(one), qualities[one.quality].name.of(lang) if one.quality else "") for one in survey.questions],
    }


def _scale(one: Asked) -> str:
    if one.kind == "text":
        return str(_("in their own words"))
    return str(_("from %(low)s to %(high)s", low=one.low, high=one.high))

"""What customers and colleagues are asked: surveys and interview guides, as they come with the content, for those who ask and who lead."""

from typing import Any

from flask import Response

from trainee.kit.i18n import _, _n, language
from trainee.kit.web import Blueprint, show
from trainee.modules import library
from trainee.modules.library.pieces import Asked, Survey
from trainee.people import require_role, viewer

bp = Blueprint("guides", __name__)

READERS = ("trainer", "supervisor", "hr", "admin")


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
    return show("learn/guides.html", surveys=[_survey(one, lang) for one in found.surveys], talks=talks)


def _survey(survey: Survey, lang: str) -> dict[str, Any]:
    return {
        "key": survey.key,
        "title": survey.title.of(lang),
        "intro": survey.intro.of(lang),
        "stems": (survey.stems.expectation.of(lang), survey.stems.perception.of(lang)) if survey.stems else (),
        "count": str(_n("%(num)d question", "%(num)d questions", len(survey.questions))),
        "questions": [(one.text.of(lang), _scale(one)) for one in survey.questions],
    }


def _scale(one: Asked) -> str:
    if one.kind == "text":
        return str(_("in their own words"))
    return str(_("from %(low)s to %(high)s", low=one.low, high=one.high))

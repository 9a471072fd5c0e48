"""What customers said, for the person they said it of."""

from flask import Response, request

from trainee.kit import web
from trainee.kit.clock import now
from trainee.kit.web import show
from trainee.people import viewer
from trainee.voice import queries
from trainee.voice.survey import QUESTIONS

bp = web.Blueprint("voice", __name__)


@bp.get("/my-ratings")
def my_ratings() -> Response:
    """My own ratings of the last twelve months, and what customers wrote. Nobody else's are ever shown here."""
    who = viewer()
    at = now()
    page = max(request.args.get("page", 1, type=int), 1)
    comments, total = queries.comments_of(who.id, page)
    return show(
        "voice/my_ratings.html",
        shares=queries.shares_of(who.id, at - queries.RECENT, at),
        least=queries.LEAST,
        comments=comments,
        questions=QUESTIONS,
        total=total,
        page=page,
        pages=max((total + queries.PAGE - 1) // queries.PAGE, 1),
    )

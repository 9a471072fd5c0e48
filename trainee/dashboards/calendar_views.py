"""The page on which somebody makes and ends the link to her calendar, and the calendar itself."""

from flask import Response, flash, url_for
from werkzeug.wrappers import Response as BaseResponse

from trainee.dashboards import calendars
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.errors import NotFound
from trainee.kit.i18n import _
from trainee.kit.web import Blueprint, back_to, public, show
from trainee.notices.mailing import absolute
from trainee.people import viewer

bp = Blueprint("calendars", __name__)


@bp.get("/calendar")
def calendar() -> Response:
    """Whether there is a link, and a button for one."""
    return show("dashboards/calendar.html", link=None, made_at=calendars.made_at(viewer()))


@bp.post("/calendar")
def make_link() -> Response:
    """A new link, shown in this answer and never again."""
    secret = calendars.make_link(viewer(), now())
    db.session.commit()
    return show("dashboards/calendar.html", link=absolute("calendars.feed", secret=secret), made_at=now())


@bp.post("/calendar/end")
def end_link() -> BaseResponse:
    """Let nobody read it any more."""
    calendars.end_link(viewer())
    db.session.commit()
    flash(_("The link leads nowhere any more."))
    return back_to(url_for("calendars.calendar"))


@bp.get("/calendar/<secret>.ics")
@public
def feed(secret: str) -> Response:
    """The calendar of whoever made that link."""
    who = calendars.reader_of(secret)
    if who is None:
        raise NotFound
    response = Response(calendars.feed(who, now()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="trainee.ics"'
    return response

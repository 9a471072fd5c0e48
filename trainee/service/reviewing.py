"""What was to be looked at again by a day that is past, and who is told so."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Select, or_, select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.duties import Duty, duty
from trainee.kit.i18n import _, _n, date_words, language
from trainee.people import Person, RoleHeld, Team, viewer
from trainee.service import model
from trainee.service.models import PolicyCard, PolicyCardVersion

# Who writes what is to be looked at again; beside them whoever leads a team is told.
WRITERS = ("trainer", "hr")
# So long before its day a writer finds it on Today.
SOON = timedelta(weeks=6)


def overdue_cards(day: date) -> Sequence[Any]:
    """Policy cards whose day has come: rows of (key, title_tr, title_en, review_by). One statement."""
    stale = select(PolicyCard.key, PolicyCard.title_tr, PolicyCard.title_en, PolicyCard.review_by)
    # What was written to hold from a day that has come stands in the place of what it follows.
    later = PolicyCardVersion
    followed = select(later.key).where(later.key == PolicyCard.key, later.coming, later.valid_from <= day, later.review_by > day)
    late = (PolicyCard.retired.is_(False), PolicyCard.review_by <= day, ~followed.exists())
    return db.session.execute(stale.where(*late).order_by(PolicyCard.review_by, PolicyCard.key)).all()


def readers_of_reviews() -> Select[Any]:
    """Whoever writes the pages, and every manager who leads a team: (id, time_zone)."""
    writes = select(RoleHeld.person_id).where(RoleHeld.role.in_(WRITERS))
    leads = select(Team.supervisor_id).where(Team.supervisor_id.is_not(None))
    return select(Person.id, Person.time_zone).where(or_(Person.id.in_(writes), Person.id.in_(leads)), Person.disabled_at.is_(None))


@duty(16, "supervisor", *WRITERS)
def overdue(at: datetime) -> Duty | None:
    """Pages and cards that were to be looked at again by a day that is past, for writers else the cards whose day comes soon; nothing where there
    are none. One statement."""
    who, lang = viewer(), language()
    day = local_date(at, who.time_zone)
    coming = overdue_cards(day + SOON if who.holds("trainer") else day)
    cards = [row for row in coming if row.review_by < day]
    page = model.current()
    late = page is not None and page.words["review_by"] < day.isoformat()
    if not cards and not late:
        return _soon(coming, lang) if coming and who.holds("trainer") else None
    titles = [str(_("How we serve"))] if late else []
    titles += [row.title_tr if lang == "tr" else row.title_en for row in cards]
    words = "; ".join(titles[:3])
    if len(titles) > 3:
        words = str(_n("%(titles)s, and %(num)d more", "%(titles)s, and %(num)d more", len(titles) - 3, titles=words))
    href = url_for("service.cards") if cards else url_for("model.service")
    return Duty("file-text", str(_("To be looked at again")), words, href, str(len(titles)), "warn")


def _soon(cards: Sequence[Any], lang: str) -> Duty:
    title = cards[0].title_tr if lang == "tr" else cards[0].title_en
    words = _n(
        "By %(date)s: %(title)s.",
        "%(num)d policy cards, the first by %(date)s: %(title)s.",
        len(cards),
        date=date_words(cards[0].review_by),
        title=title,
    )
    return Duty("file-text", str(_("To be looked at again soon")), str(words), url_for("service.cards"))

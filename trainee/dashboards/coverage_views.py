"""The page that says whom and when a line is seen."""

from datetime import datetime
from typing import Any

from flask import Response, current_app, request, url_for

from trainee import people
from trainee.coaching.rights import observable_by
from trainee.coaching.scorecards.forms import CHANNEL_NAMES
from trainee.dashboards import coverage
from trainee.dashboards.choosing import in_charge
from trainee.dashboards.coverage import Beginning, Covered, Shift
from trainee.dashboards.jobs import Tier, tiers
from trainee.dashboards.standing import level_names
from trainee.dashboards.views import bp
from trainee.kit.clock import now
from trainee.kit.db import db
from trainee.kit.i18n import _, _n, moment_words, signed
from trainee.kit.web import show
from trainee.people import Person, viewer
from trainee.service.words import LEVELS

__all__ = ["bp"]

_PAGE = 50


@bp.get("/team/coverage")
def seen_when() -> Response:
    """Who of those one looks after was trained, observed and rated lately, and at which times nobody looked."""
    who = viewer()
    people.require_role(who, "supervisor", "hr")
    at, whose = now(), Person.id.in_(in_charge(who))
    everybody = coverage.people_covered(whose)
    unseen = [one for one in everybody if not coverage.lately(one.seen_at, at)]
    pages = max(1, -(-len(unseen) // _PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    mine = set(db.session.scalars(observable_by(who)))
    found = coverage.beginning(coverage.openings(whose))
    return show(
        "dashboards/coverage.html",
        many=len(everybody),
        trained=sum(coverage.lately(one.trained_at, at) for one in everybody),
        seen=len(everybody) - len(unseen),
        rated=sum(coverage.lately(one.rated_at, at) for one in everybody),
        shifts=[_shift(one) for one in coverage.shifts(whose, at, current_app.extensions["trainee"].default_time_zone)],
        channels=[(str(CHANNEL_NAMES.get(key, key)), many) for key, many in coverage.channels(whose, at)],
        people=[_unseen(one, at, one.id in mine) for one in unseen[(page - 1) * _PAGE : page * _PAGE]],
        total=_n("%(num)d person", "%(num)d people", len(unseen)),
        tiers=[(str(dict(LEVELS)[one.key]), one) for one in _tiers(everybody, at)],
        beginning=found,
        beginning_words=_words(found),
        fewest=coverage.FEWEST,
        scale=level_names(),
        page=page,
        pages=pages,
        before=url_for("dashboards.seen_when", page=page - 1, _anchor="people") if page > 1 else None,
        after=url_for("dashboards.seen_when", page=page + 1, _anchor="people") if page < pages else None,
    )


def _tiers(everybody: list[Covered], at: datetime) -> list[Tier]:
    return tiers(
        {one.id: (coverage.lately(one.trained_at, at), coverage.lately(one.seen_at, at), coverage.lately(one.rated_at, at)) for one in everybody}
    )


def _shift(one: Shift) -> dict[str, Any]:
    begin, end, hours = coverage.HOURS[one.hours]
    told = _("%(hours)s, %(days)s (%(begin)s to %(end)s)", hours=hours, days=coverage.DAYS[one.days], begin=f"{begin:02}:00", end=f"{end:02}:00")
    state = (_("not observed"), "warn") if one.missed else (_("observed"), "good") if one.observed else (_("nobody known to be there"), "quiet")
    return {"words": str(told), "observed": one.observed, "rated": one.rated, "state": (str(state[0]), state[1])}


def _unseen(one: Covered, at: datetime, mine: bool) -> dict[str, Any]:
    last = _("Never observed.") if one.seen_at is None else _("Last observed on %(date)s.", date=moment_words(one.seen_at, "d MMM y"))
    rated = str(_("Customers rated the work in these days.")) if coverage.lately(one.rated_at, at) else ""
    url = url_for("observing.observe" if mine else "dashboards.person", person_id=one.id)
    return {"name": one.name, "team": one.team, "url": url, "note": f"{last} {rated}".strip()}


def _words(found: Beginning) -> str:
    if found.r is None:
        return ""
    r, low, high = (signed(value, 2) for value in found.r)
    return str(
        _(
            "Over %(num)s contacts they go together by %(r)s, very likely between %(low)s and %(high)s (correlation); "
            "1 means that they always go together, 0 that they do not.",
            num=found.n,
            r=r,
            low=low,
            high=high,
        )
    )

"""Telling ahead that nobody stands by."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l, _n
from trainee.notices import Kind, Occasion, Reader, kinds, morning
from trainee.people import Person, RoleHeld
from trainee.service.roster.models import PRIMARY
from trainee.service.roster.queries import Gap, gaps

# So long before it somebody can still be found.
_BEFORE = timedelta(days=7)
_MAKERS = ("hr", "admin")


@kinds.register
class NobodyStandsBy(Kind):
    """Within a week there is a time at which an area of the roster has nobody to call, or no backup."""

    key = "roster_gap"
    title = _l("A gap in the duty roster")
    timing = _l("A week before the first one, once for each area and week.")
    stops = _l("It stops when somebody is entered for that time, or it is over.")
    icon = "phone"
    roles = frozenset(_MAKERS)

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """The gaps of the coming week, for whoever makes the roster. Three statements, one where nobody does."""
        held = select(Person.id, Person.time_zone).join(RoleHeld, RoleHeld.person_id == Person.id).distinct()
        held = held.where(RoleHeld.role.in_(_MAKERS), Person.disabled_at.is_(None))
        makers = db.session.execute(held if people is None else held.where(Person.id.in_(people))).all()
        return [one for who in makers for one in self._told_to(who, at)] if makers else []

    def _told_to(self, who: Any, at: datetime) -> list[Occasion]:
        weeks: dict[tuple[str, date], list[Gap]] = {}
        for gap in gaps(at, at + _BEFORE):
            day = local_date(gap.starts_at, who.time_zone)
            weeks.setdefault((gap.area, day - timedelta(days=day.weekday())), []).append(gap)
        return [self._occasion(who, area, monday, found) for (area, monday), found in weeks.items()]

    def _occasion(self, who: Any, area: str, monday: date, found: Sequence[Gap]) -> Occasion:
        first = found[0]
        when = {"since": first.starts_at.isoformat(), "until": first.ends_at.isoformat()}
        reason = {"area": area, **when, "nobody": not first.answered, "only_backup": first.answered and first.rank == PRIMARY, "more": len(found) - 1}
        since = morning(local_date(first.starts_at - _BEFORE, who.time_zone), who.time_zone)
        return Occasion(who.id, f"roster/{area}", f"week of {monday}", since, reason, until=max(one.ends_at for one in found))

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Where and when."""
        hours = {"since": reader.hour(reason["since"]), "until": reader.hour(reason["until"])}
        words = {"area": reason["area"], "day": reader.moment_day(reason["since"]), **hours}
        told = _("%(area)s: there is no backup on %(day)s from %(since)s to %(until)s.", **words)
        if reason.get("only_backup"):
            told = _("%(area)s: there is nobody to call first on %(day)s from %(since)s to %(until)s, only the backup.", **words)
        if reason["nobody"]:
            told = _("%(area)s: there is nobody to call on %(day)s from %(since)s to %(until)s.", **words)
        more = _n("There is %(num)d more gap in that week.", "There are %(num)d more gaps in that week.", reason["more"]) if reason["more"] else ""
        return f"{told} {more}".strip()

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The roster."""
        return "roster.roster", {"_anchor": "gaps"}

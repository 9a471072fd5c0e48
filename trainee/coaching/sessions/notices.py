"""What both sides of a coaching session are told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from trainee.coaching.observations import PlannedObservation
from trainee.coaching.sessions.models import SESSION
from trainee.coaching.sessions.queries import in_charge
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import AHEAD, Kind, Occasion, Reader, kinds, morning
from trainee.people import Person, leaders_of
from trainee.skills import framework

_DAY = timedelta(days=1)


class _OfSessions(Kind):
    stops = _l("It stops when the session is held, moved or cancelled.")
    icon = "handshake"
    early = True

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The session."""
        return "sessions.session", {"session_id": reason["id"]}


def _rows(*conditions: Any) -> list[tuple[Any, int | None]]:
    """Sessions of people who are here, each with who looks after it now. Two statements, one where there are none."""
    columns = ("id", "coach_id", "person_id", "skill_key", "arranged_at", "promised_at", "held_at", "action_by", "follow_up_on")
    statement = select(*(SESSION.c[name] for name in columns), Person.time_zone).join(Person, Person.id == SESSION.c.person_id)
    rows = db.session.execute(statement.where(SESSION.c.cancelled_at.is_(None), Person.disabled_at.is_(None), *conditions)).all()
    leaders = leaders_of({row.person_id for row in rows}) if rows else {}
    found = []
    for row in rows:
        charge = in_charge(row.coach_id, leaders[row.person_id])
        found.append((row, charge.id if charge is not None else None))
    return found


def _skill(key: str) -> dict[str, str]:
    name = framework().skill(key).name
    return {"tr": name.tr, "en": name.en}


@kinds.register
class Tomorrow(_OfSessions):
    """A coaching session is tomorrow, for both sides."""

    key = "session_tomorrow"
    title = _l("Your next coaching session")
    timing = _l("On the working day before, to both sides.")
    urgent = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Sessions that are to come, for the person and for whoever looks after it."""
        found = []
        for row, charge in _rows(SESSION.c.held_at.is_(None), SESSION.c.promised_at > at, SESSION.c.promised_at <= at + AHEAD):
            day = local_date(row.promised_at, row.time_zone) - _DAY
            since = max(morning(day, row.time_zone), row.arranged_at)
            about = {"id": row.id, "at": row.promised_at.isoformat(), "skill": _skill(row.skill_key)}
            for mine, other in ((row.person_id, charge), (charge, row.person_id)):
                if mine is not None and (people is None or mine in people):
                    occasion = row.promised_at.isoformat()
                    reason = about | {"who": other}
                    found.append(Occasion(mine, f"coaching_session/{row.id}", occasion, since, reason, day=day, until=row.promised_at))
        return found

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """With whom, when and about what."""
        words = {"name": reader.name(reason["who"]), "skill": reader.text(reason["skill"])}
        words |= {"day": reader.moment_day(reason["at"]), "hour": reader.hour(reason["at"])}
        return str(_("Your coaching session with %(name)s about %(skill)s is on %(day)s at %(hour)s.", **words))


@kinds.register
class FollowUp(_OfSessions):
    """What was agreed in a session is due: for her to have tried it, for the supervisor to see it at work."""

    key = "agreement_follow_up"
    title = _l("What you agreed on")
    timing = _l("On the day that was agreed, or on the working day before it.")
    stops = _l("For the supervisor it stops with the follow-up observation; a day that has passed is told nobody.")

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """The days of both sides that are to come."""
        first, last = at.date() - _DAY, at.date() + AHEAD + _DAY
        near = SESSION.c.action_by.between(first, last) | SESSION.c.follow_up_on.between(first, last)
        rows = _rows(SESSION.c.held_at.is_not(None), near)
        seen = _answered([row.id for row, _charge in rows])
        found = []
        for row, charge in rows:
            sides = [(row.person_id, charge, row.action_by, "tried")]
            if row.id not in seen:
                sides.append((charge, row.person_id, row.follow_up_on, "seen"))
            for mine, other, day, what in sides:
                if mine is not None and (people is None or mine in people) and local_date(at, row.time_zone) <= day:
                    found.append(_due(row, mine, other, day, what))
        return found

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """What the day is for."""
        words = {"name": reader.name(reason["who"]), "skill": reader.text(reason["skill"]), "day": reader.day(reason["day"])}
        if reason["what"] == "tried":
            return str(_("By %(day)s you wanted to try what you and %(name)s agreed on about %(skill)s.", **words))
        return str(_("By %(day)s you wanted to see %(name)s at work again: %(skill)s.", **words))


def _due(row: Any, mine: int, other: int | None, day: date, what: str) -> Occasion:
    reason = {"id": row.id, "who": other, "skill": _skill(row.skill_key), "day": str(day), "what": what}
    return Occasion(
        mine, f"coaching_session/{row.id}", f"{what} {day}", morning(day, row.time_zone), reason, day=day, until=morning(day + _DAY, row.time_zone)
    )


def _answered(session_ids: Sequence[int]) -> set[int]:
    """Of these sessions those whose follow-up observation was made. One statement."""
    receipts = {f"coaching_session/{number}": number for number in session_ids}
    made = select(PlannedObservation.receipt).where(PlannedObservation.receipt.in_(receipts), PlannedObservation.observation_id.is_not(None))
    return {receipts[receipt] for receipt in db.session.scalars(made)} if receipts else set()

"""What people are told about observations and disputes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, bindparam, select

from trainee.coaching.observations.disputes import TERM, everybody_in_hr, open_disputes
from trainee.coaching.observations.models import Observation, ObservationReading, PlannedObservation
from trainee.kit.clock import local_date
from trainee.kit.db import db
from trainee.kit.i18n import _, _l
from trainee.notices import AHEAD, Asked, Kind, Occasion, Reader, kinds, morning
from trainee.people import Person, nearest_above
from trainee.skills import framework

_NEWS = timedelta(days=21)
_OBSERVATION = cast(Table, Observation.__table__)


@kinds.register
class ToRead(Kind):
    """Somebody saw her at work, and she has not read it."""

    key = "observation_to_read"
    title = _l("Somebody saw you at work")
    timing = _l("When it is written, and on the working day before the last day for disagreeing.")
    stops = _l("It stops when they have opened or acknowledged it.")
    icon = "eye"
    early = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What was seen lately and is not opened. One statement."""
        rows = _to_read()(people, {"since": at - _NEWS, "at": at})
        return [one for row in rows for one in _of_observation(row, at)]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Who saw her, and what she may do."""
        words = {"name": reader.name(reason["by"])}
        if reason["until"] is None:
            return str(_("%(name)s saw you at work. Say first how you saw it yourself; then you read what was seen.", **words))
        words["day"] = reader.day(reason["until"])
        return str(_("%(name)s saw you at work. Read it; until %(day)s you can say where you see a line differently.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The observation."""
        return "observations.observation", {"observation_id": reason["id"]}


@cache
def _to_read() -> Asked:
    seen, who = Observation, Person
    read = select(ObservationReading.observation_id).where(
        ObservationReading.observation_id == seen.id, ObservationReading.person_id == seen.person_id
    )
    statement = (
        select(seen.id, seen.person_id, seen.observer_id, seen.recorded_at, seen.released_at, seen.dispute_by, who.time_zone)
        .join(who, who.id == seen.person_id)
        .where(
            seen.acknowledged_at.is_(None),
            seen.recorded_at > bindparam("since"),
            seen.recorded_at <= bindparam("at"),
            who.disabled_at.is_(None),
            ~read.exists(),
        )
    )
    return Asked(statement, _OBSERVATION.c.person_id)


def _of_observation(row: Any, at: datetime) -> list[Occasion]:
    shown, until = row.released_at is not None, row.dispute_by
    reason = {"id": row.id, "by": row.observer_id, "until": str(until) if shown and until is not None else None}
    found = [Occasion(row.person_id, f"observation/{row.id}", "shown" if shown else "asked", row.released_at or row.recorded_at, reason)]
    if shown and until is not None and local_date(at, row.time_zone) <= until:
        day = until - timedelta(days=1)
        # Where there is hardly any time between, once is enough.
        if day > local_date(row.released_at, row.time_zone) + timedelta(days=1):
            found.append(Occasion(row.person_id, f"observation/{row.id}", f"until {until}", morning(day, row.time_zone), reason, day=day))
    return found


@kinds.register
class AskedToObserve(Kind):
    """Somebody she leads asks to be seen at work."""

    key = "observation_asked"
    title = _l("Somebody asks to be seen at work")
    timing = _l("When they ask.")
    stops = _l("It stops when that skill was seen at work.")
    icon = "eye"
    roles = frozenset({"supervisor"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """What was asked for lately and not seen yet, for the nearest who leads each. Two statements, one where nobody asks."""
        plan, who = PlannedObservation, Person
        asked = select(plan.id, plan.person_id, plan.skill_key, plan.due_on, plan.planned_at).join(who, who.id == plan.person_id)
        asked = asked.where(plan.planned_by_id == plan.person_id, plan.observation_id.is_(None), who.disabled_at.is_(None))
        rows = db.session.execute(asked.where(plan.planned_at > at - _NEWS, plan.planned_at <= at).order_by(plan.id)).all()
        above = nearest_above(row.person_id for row in rows)
        found = []
        for row in rows:
            leader = above[row.person_id]
            if leader is not None and (people is None or leader.id in people):
                reason = {"who": row.person_id, "skill": row.skill_key, "until": str(row.due_on)}
                found.append(Occasion(leader.id, f"planned_observation/{row.id}", "asked", row.planned_at, reason))
        return found

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Who, in what, and by when."""
        name = framework().skill(reason["skill"]).name
        words = {"name": reader.name(reason["who"]), "skill": reader.text({"tr": name.tr, "en": name.en}), "day": reader.day(reason["until"])}
        return str(_("%(name)s asks you to see %(skill)s at work by %(day)s.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Where one observes her."""
        return "observing.observe", {"person_id": reason["who"], "skill": reason["skill"]}


@kinds.register
class ToDecide(Kind):
    """A line is disputed, and she is asked to decide."""

    key = "dispute_to_decide"
    title = _l("Somebody disagrees with an observation")
    timing = _l("When somebody is asked, and on the working day before it is put to the next above as well.")
    stops = _l("It stops when it is decided, by whomever.")
    icon = "flag"
    early = True
    roles = frozenset({"supervisor", "trainer", "hr"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Every open dispute, for each who is asked by now; HR where nobody above is left, which costs a statement. Three otherwise."""
        zone = current_app.extensions["trainee"].default_time_zone
        today, disputes = local_date(at, zone), open_disputes()
        hr = everybody_in_hr() if any(one.beyond(today) for one in disputes) else []
        found = []
        for one in disputes:
            name = framework().skill(one.skill).name
            reason = {"id": one.id, "who": one.person_id, "skill": {"tr": name.tr, "en": name.en}}
            asked = [(who, one.decide_by + TERM * (place - 1)) for place, who in enumerate(one.asked(today))]
            if one.beyond(today):
                last = one.decide_by + TERM * (len(one.above) - 1)
                asked += [(who, last) for who in one.beside(hr)]
            for place, (who, passed) in enumerate(asked):
                since = one.raised_at if place == 0 and one.above else max(one.raised_at, morning(passed + timedelta(days=1), zone))
                found.append(Occasion(who, f"dispute/{one.id}", "asked", since, reason))
            found += _before_its_end(one, asked, today, zone, reason)
        return [one for one in found if people is None or one.person_id in people]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """Whose, and about what."""
        words = {"name": reader.name(reason["who"]), "skill": reader.text(reason["skill"])}
        return str(_("%(name)s disagrees with a line about %(skill)s. You are asked to decide; you did not score it.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The dispute."""
        return "disputes.dispute", {"dispute_id": reason["id"]}


def _before_its_end(one: Any, asked: Sequence[tuple[int, date]], today: date, zone: str, reason: Mapping[str, Any]) -> list[Occasion]:
    """A second word to whoever is asked first, before the dispute climbs."""
    day = one.decide_by - timedelta(days=1)
    if not asked or not one.above or today > one.decide_by or one.decide_by > today + AHEAD or day <= local_date(one.raised_at, zone):
        return []
    return [Occasion(asked[0][0], f"dispute/{one.id}", f"until {one.decide_by}", morning(day, zone), reason, day=day)]

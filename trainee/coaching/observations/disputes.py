"""Disagreeing with a line, and deciding about it: never by whoever scored the contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.orm import aliased

from trainee import evidence, profile
from trainee.coaching.calibration import counts_in_full, who_counts_in_full
from trainee.coaching.observations import planned, queries
from trainee.coaching.observations.actions import (
    Mark,
    alone_receipt,
    decided_receipt,
    double_receipts,
    doubled,
    line_receipt,
    observer_item,
    score_of,
    single_receipts,
    source_of,
)
from trainee.coaching.observations.models import OUTCOMES, Dispute, Observation, ObservationLine
from trainee.coaching.observations.terms import due, terms
from trainee.kit import audit
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Forbidden, NotFound, Refusal
from trainee.kit.i18n import _
from trainee.notices import tell
from trainee.people import Person, RoleHeld, Viewer, below, leaders_of, leads
from trainee.profile import Showing

# How long the next above has before one more is asked.
TERM = timedelta(days=7)


def dispute(observation: Observation, skill: str, reason: str, at: datetime) -> int:
    """The observed person does not agree with a line; the dispute's id. The same line again changes nothing.

    Refusal when the time for it is over, the line was not seen, or no reason is given.
    """
    person = db.session.execute(select(Person.time_zone).where(Person.id == observation.person_id)).scalar_one()
    if observation.dispute_by is None or local_date(at, person) > observation.dispute_by:
        raise Refusal(_("The time to disagree with this observation is over. Please speak with your supervisor."))
    line = db.session.get(ObservationLine, (observation.id, skill))
    if line is None or (line.level is None and line.critical is None):
        raise Refusal(_("This line was not marked, so there is nothing to disagree with."), 422, "skill")
    if not reason.strip():
        raise Refusal(_("Please write why you see it differently; whoever decides reads it."), 422, "reason")
    values = {
        "observation_id": observation.id,
        "skill_key": skill,
        "reason": reason.strip(),
        "raised_at": at,
        "decide_by": due(terms().decision, at, person),
        "decided_at": None,
        "decided_by_id": None,
        "outcome": None,
        "level": None,
        "reply": "",
    }
    made = insert_once(Dispute, values, ["observation_id", "skill_key"])
    if made is None:
        known = select(Dispute.id).where(Dispute.observation_id == observation.id, Dispute.skill_key == skill)
        return int(db.session.execute(known).scalar_one())
    audit.note(observation.person_id, "dispute", f"observation/{observation.id}", at, skill=skill)
    found = opened(made)
    tell("dispute_to_decide", found.above[:1] or found.beside(everybody_in_hr()), at)
    return made


def decide(found: "Open", *, by_id: int, outcome: str, level: int | None, reply: str, at: datetime) -> bool:
    """Decide about a disputed line; False when the same person had decided so before.

    What is changed or struck is taken back, and a new level counts in its place: figures move back by themselves.
    """
    _check_decision(found, by_id, outcome, level, reply)
    level = level if outcome == "changed" else None
    values = {"decided_at": at, "decided_by_id": by_id, "outcome": outcome, "level": level, "reply": reply.strip()}
    still = (Dispute.id == found.id) & Dispute.decided_at.is_(None)
    if db.session.execute(update(Dispute).where(still).values(**values).returning(Dispute.id)).scalar() is None:
        stands = db.session.execute(select(Dispute.decided_by_id, Dispute.outcome, Dispute.level).where(Dispute.id == found.id)).one()
        if tuple(stands) == (by_id, outcome, level):
            return False
        raise Refusal(_("This has been decided already."))
    if outcome != "kept":
        _take_back(found, by_id, level, at)
        planned.settle(found.person_id, [found.skill])
    audit.note(by_id, "decide dispute", f"dispute/{found.id}", at, outcome=outcome)
    return True


def _check_decision(found: "Open", by_id: int, outcome: str, level: int | None, reply: str) -> None:
    if by_id == found.person_id or by_id in found.graders:
        raise Forbidden(_("Whoever scored this contact does not decide about it."))
    if outcome not in OUTCOMES:
        raise Refusal(_("Please choose what is decided."), 422, "outcome")
    if outcome == "changed" and level not in (1, 2, 3, 4):
        raise Refusal(_("Please choose the level that fits."), 422, "level")
    if outcome == "changed" and level == _marked(found):
        raise Refusal(_("It was marked with that level. Choose another one, or let the mark stand."), 422, "level")
    if not reply.strip():
        raise Refusal(_("Please write why; both of them read it."), 422, "reply")


def _marked(found: "Open") -> int | None:
    """The level the line was marked with; of one with a critical error none, because every level is another judgement than that."""
    line = (ObservationLine.observation_id == found.observation_id) & (ObservationLine.skill_key == found.skill)
    return db.session.execute(select(ObservationLine.level).where(line, ObservationLine.critical.is_(None))).scalar()


def _take_back(found: "Open", by_id: int, level: int | None, at: datetime) -> None:
    """Retract what the line counted as, and write what counts instead: the level that was decided, in the place of the mark.

    It is the same observation with another level: what is known of the observer's severity is taken off as before, and it weighs as much. So a
    level that was raised never helps less than the mark did, and one that was lowered never more.

    Of a line that two scored the row stays one, with the decided level beside the other's mark; where the line was struck the other's
    stands by itself.
    """
    decided = queries.rulings(found.person_id, found.contact).get(found.skill, ())
    others = [one for one in found.others if one != found.observation_id]
    doubles = {receipt: other for other in others for receipt in double_receipts(found.observation_id, other, found.skill, decided)}
    rows = evidence.standing([*single_receipts(found.observation_id, found.skill, decided), *doubles])
    new: list[Showing] = []
    for receipt, row in rows.items():
        profile.retract(row.id, f"dispute/{found.id}", at, by_id)
        other = queries.standing_mark(doubles[receipt], found.skill) if receipt in doubles else None
        if level is None and other is not None:
            new.append(_alone(other, found))
        # Where one person has decided about both marks, that is one judgement and not two.
        elif level is not None and other is not None and other.actor_id != by_id:
            mine, beside = Mark(found.observation_id, found.observer_id, level), Mark(other.observation_id, other.observer_id, other.level)
            new.append(doubled(found.person_id, found.skill, found.seen_at, mine, beside, found.id))
        elif level is not None:
            new.append(_decided(found, by_id, level))
    profile.record(new, at)


def _decided(found: "Open", by_id: int, level: int) -> Showing:
    return Showing(
        person_id=found.person_id,
        skill=found.skill,
        source=source_of(found.licensed),
        score=score_of(level),
        item=observer_item(found.observer_id, found.skill),
        occurred_at=found.seen_at,
        receipt=decided_receipt(line_receipt(found.observation_id, found.skill), found.id),
        detail={"observation": found.observation_id, "level": level, "dispute": found.id},
        actor_id=by_id,
    )


def _alone(other: Any, found: "Open") -> Showing:
    return Showing(
        person_id=found.person_id,
        skill=found.skill,
        source=source_of(other.licensed),
        score=score_of(other.level),
        item=observer_item(other.observer_id, found.skill),
        occurred_at=other.seen_at,
        receipt=alone_receipt(other.observation_id, found.skill, found.id),
        detail={"observation": other.observation_id, "level": other.level},
        actor_id=other.actor_id,
    )


# Who decides -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """A dispute with what is needed to decide it, and to say who is asked."""

    id: int
    observation_id: int
    person_id: int
    skill: str
    contact: str
    # Who saw it, and whether she had a licence then.
    observer_id: int
    licensed: bool
    seen_at: datetime
    raised_at: datetime
    decide_by: date
    decided_at: datetime | None
    # Whoever scored this contact, and the observations they made of it.
    graders: frozenset[int]
    others: tuple[int, ...]
    # Who stands above the person today and did not score, nearest first; those asked so far.
    above: tuple[int, ...] = ()

    def asked(self, today: date) -> tuple[int, ...]:
        """Whom it is put to: the nearest above who did not score, and with every term that passes one more."""
        if not self.above:
            return ()
        steps, by = 1, self.decide_by
        while today > by and steps < len(self.above):
            steps, by = steps + 1, by + TERM
        return self.above[:steps]

    def beside(self, people: Sequence[int]) -> list[int]:
        """Those of these who have nothing to do with it so far: who neither scored nor was asked, and whom it is not about."""
        return [who for who in people if who != self.person_id and who not in self.graders and who not in self.above]

    def beyond(self, today: date) -> bool:
        """Whether nobody above is left to ask: there is none, or each has let her term pass."""
        return not self.above or today > self.decide_by + TERM * (len(self.above) - 1)


def _rows(*conditions: Any) -> list[Any]:
    columns = (
        Dispute.id,
        Dispute.observation_id,
        Observation.person_id,
        Dispute.skill_key.label("skill"),
        Observation.contact,
        Observation.observer_id,
        Observation.licensed,
        Observation.seen_at,
        Dispute.raised_at,
        Dispute.decide_by,
        Dispute.decided_at,
    )
    wanted = select(*columns).join(Observation, Observation.id == Dispute.observation_id).where(*conditions)
    return list(db.session.execute(wanted.order_by(Dispute.decide_by, Dispute.id)))


@cache
def _scored() -> Select[Any]:
    """Who scored the contacts of these observations. Made once, because making two aliases of a wide table takes longer than the answer does."""
    own, same = aliased(Observation), aliased(Observation)
    contact = or_(same.id == own.id, (same.person_id == own.person_id) & (same.contact == own.contact) & (own.contact != ""))
    scored = select(own.id.label("own"), same.id, same.observer_id).join(same, contact)
    return scored.where(own.id.in_(bindparam("observations", expanding=True))).order_by(same.id)


def _opened(rows: Sequence[Any]) -> list[Open]:
    """These disputes with their graders and who stands above; two statements, however many there are."""
    if not rows:
        return []
    graders: dict[int, list[tuple[int, int]]] = {}
    for row in db.session.execute(_scored(), {"observations": [row.observation_id for row in rows]}):
        graders.setdefault(row.own, []).append((row.id, row.observer_id))
    leaders = leaders_of(row.person_id for row in rows)
    found = []
    for row in rows:
        who = frozenset(observer for _number, observer in graders[row.observation_id])
        others = tuple(number for number, _observer in graders[row.observation_id])
        line = tuple(one.id for one in leaders[row.person_id] if one.direct and one.active and one.id not in who)
        found.append(Open(**row._mapping, graders=who, others=others, above=line))
    return found


def opened(dispute_id: int) -> Open:
    """A dispute by its number, whoever asks; IndexError when there is none."""
    return _opened(_rows(Dispute.id == dispute_id))[0]


def everybody_in_hr() -> list[int]:
    """Who is in HR and here. One statement."""
    held = select(Person.id).join(RoleHeld, RoleHeld.person_id == Person.id).where(RoleHeld.role == "hr", Person.disabled_at.is_(None))
    return list(db.session.scalars(held.order_by(Person.id)))


def open_disputes() -> list[Open]:
    """Every dispute that is not decided, whoever is asked. Three statements."""
    return _opened(_rows(Dispute.decided_at.is_(None)))


def dispute_or_404(dispute_id: int, who: Viewer) -> Open:
    """A dispute, for its two sides and whoever may decide it. Two statements and what the viewer's line takes."""
    found = _opened(_rows(Dispute.id == dispute_id))
    if not found or not (who.id == found[0].person_id or who.id in found[0].graders or _knows(who, found[0])):
        raise NotFound
    return found[0]


def _knows(who: Viewer, found: Open) -> bool:
    return who.holds("hr", "admin", "trainer") or leads(who, found.person_id)


def may_decide(who: Viewer, found: Open) -> bool:
    """Whether this viewer may decide: somebody above the person or a licensed trainer who did not score; HR when nobody else is left."""
    return bool(_decides(who, [found]))


def _decides(who: Viewer, found: Sequence[Open]) -> set[int]:
    """Which of these disputes this viewer may decide, by their numbers. Three statements at most, however many there are."""
    others = [one for one in found if who.id != one.person_id and who.id not in one.graders]
    if not others:
        return set()
    if who.holds("trainer") and counts_in_full(who.id):
        return {one.id for one in others}
    led = _led(who, {one.person_id for one in others})
    left = [one for one in others if not one.above] if who.holds("hr") else []
    trainers = who_counts_in_full("trainer") if left else set()
    return {one.id for one in others if one.person_id in led} | {one.id for one in left if not trainers - one.graders - {one.person_id}}


def _led(who: Viewer, person_ids: set[int]) -> set[int]:
    if not who.holds("supervisor"):
        return set()
    return set(db.session.scalars(select(Person.id).where(Person.id.in_(person_ids), Person.id.in_(below(who.id)))))


def require_decider(who: Viewer, found: Open) -> None:
    """Forbidden, in a sentence, unless the viewer may decide this dispute."""
    if who.id in found.graders:
        raise Forbidden(_("Whoever scored this contact does not decide about it."))
    if not may_decide(who, found):
        raise Forbidden(_("This is for somebody else to decide."))


def waiting_for(who: Viewer, at: datetime) -> list[Open]:
    """The open disputes this viewer is asked to decide, the most urgent first. Trainers and HR are asked when nobody above is left to ask."""
    if not who.holds("supervisor", "trainer", "hr"):
        return []
    mine = Observation.person_id.in_(below(who.id))
    wide = who.holds("trainer", "hr")
    found = _opened(_rows(Dispute.decided_at.is_(None), *(() if wide else (mine,))))
    today = local_date(at, who.time_zone)
    asked = {one.id for one in found if who.id in one.asked(today)}
    asked |= _decides(who, [one for one in found if one.id not in asked and one.beyond(today)])
    return [one for one in found if one.id in asked]


def disputes_of(observation_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What is or was disputed of those observations, by observation and skill. One statement."""
    found: dict[int, dict[str, Any]] = {number: {} for number in observation_ids}
    for row in db.session.execute(select(*Dispute.__table__.columns).where(Dispute.observation_id.in_(observation_ids))):
        found[row.observation_id][row.skill_key] = row
    return found

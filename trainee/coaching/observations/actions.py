"""Observing and acknowledging."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from trainee import profile
from trainee.coaching.observations.models import CHANNELS, Observation, ObservationLine
from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.profile import Showing
from trainee.skills import framework

MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """What was seen of one skill: a level 1..4, or None for 'not seen'; a note; perhaps a critical error of the framework."""

    skill: str
    level: int | None
    note: str = ""
    critical: str | None = None

    @property
    def counts_as(self) -> int | None:
        """The level as evidence: a critical error overrides whatever was chosen."""
        return 1 if self.critical else self.level


def observe(
    *, observer_id: int, person_id: int, seen_at: datetime, channel: str, lines: Sequence[Line], shared: str, receipt: str, at: datetime
) -> int:
    """Keep what was seen of somebody at work and make evidence of it; the observation's id. The same receipt again changes nothing.

    Refusal (422) when it is oneself, lies ahead, is of no known channel, has no line that was seen, or lacks the note that level 1, level 4 and a
    critical error need. Who may observe whom is the caller's question (`queries.require_observer`).
    """
    _check_observation(observer_id, person_id, seen_at, channel, lines, at)
    values = {
        "observer_id": observer_id,
        "person_id": person_id,
        "seen_at": seen_at,
        "recorded_at": at,
        "channel": channel,
        "shared": shared.strip(),
        "acknowledged_at": None,
        "receipt": receipt,
    }
    made = insert_once(Observation, values, ["receipt"])
    if made is None:
        return _known(receipt, observer_id)
    rows = [{"observation_id": made, "skill_key": one.skill, "level": one.level, "note": one.note.strip(), "critical": one.critical} for one in lines]
    db.session.execute(insert(ObservationLine), rows)
    profile.record([_showing(made, observer_id, person_id, seen_at, one) for one in lines if one.counts_as is not None], at)
    audit.note(observer_id, "observe", f"observation/{made}", at, person=person_id)
    return made


def _known(receipt: str, observer_id: int) -> int:
    found = db.session.execute(select(Observation.id).where(Observation.receipt == receipt, Observation.observer_id == observer_id)).scalar()
    if found is None:
        raise Refusal(_("This form was used before. Please open a new one."))
    return found


def _showing(observation_id: int, observer_id: int, person_id: int, seen_at: datetime, line: Line) -> Showing:
    level = line.counts_as or 1
    detail: dict[str, object] = {"observation": observation_id, "level": level}
    if line.critical:
        detail["critical"] = line.critical
    return Showing(
        person_id=person_id,
        skill=line.skill,
        source="observation_line",
        score=(level - 1) / 3,
        item=f"observer/{observer_id}/{line.skill}",
        occurred_at=seen_at,
        receipt=f"observation_line/{observation_id}/{line.skill}",
        detail=detail,
        actor_id=observer_id,
    )


def _check_observation(observer_id: int, person_id: int, seen_at: datetime, channel: str, lines: Sequence[Line], at: datetime) -> None:
    if observer_id == person_id:
        raise Refusal(_("Nobody observes herself. Ask a colleague who may."), 422, "oneself")
    if seen_at > at:
        raise Refusal(_("That moment has not come yet. Please look at the date and the time."), 422, "seen_at")
    if channel not in CHANNELS:
        raise Refusal(_("Please choose the channel."), 422, "channel")
    if not 1 <= len(lines) <= MOST_LINES or len({one.skill for one in lines}) < len(lines):
        raise Refusal(_("Choose one to %(most)s skills, each once.", most=MOST_LINES), 422, "lines")
    for one in lines:
        _check_line(one)
    if all(one.counts_as is None for one in lines):
        raise Refusal(_("None of these skills was seen. Mark at least one, or leave the form."), 422, "lines")


def _check_line(line: Line) -> None:
    book = framework()
    if line.skill not in book or line.level not in (None, 1, 2, 3, 4) or (line.critical and line.critical not in book.critical_errors):
        raise Refusal(_("Choose a skill and a level from 1 to 4."), 422, "lines")
    if line.counts_as in (1, 4) and not line.note.strip():
        raise Refusal(note_missing(), 422, f"note_{line.skill}")


def note_missing() -> str:
    """What is said when a mark that needs a note has none."""
    return str(_("Please write what you saw or heard: a low mark, a top mark and a critical error need it."))


def acknowledge(observation: Observation, at: datetime) -> bool:
    """The observed person has read it; False when she had said so before."""
    if observation.acknowledged_at is not None:
        return False
    observation.acknowledged_at = at
    audit.note(observation.person_id, "acknowledge", f"observation/{observation.id}", at)
    return True

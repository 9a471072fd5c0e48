"""Which replies wait for a look, what was found, and who may look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _, language
from trainee.modules.roleplays.play import Step
from trainee.modules.roleplays.queries import Run, run_or_404
from trainee.modules.roleplays.replies.models import OfferedReply
from trainee.modules.roleplays.scenes.typed import Criterion, TypedScene
from trainee.people import Person, Viewer, below, leads, may_see

MOST: Final = 50
LATELY: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed reply as it was given: its scene, the words, and the ids of the points that were suggested and that its author ticked."""

    step: Step
    scene: TypedScene
    text: str
    suggested: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def rubric(self) -> tuple[Criterion, ...]:
        """What a good reply does there."""
        return self.scene.rubric

    def shares(self, met: Sequence[str]) -> dict[str, float]:
        """The share of the points per skill, when the reply meets these."""
        outcome = self.scene.outcome({"confirmed": list(met)}, self.step.before, self.step.draft)
        return {skill: points.share for skill, points in outcome.points.items()}


def typed(run: Run) -> dict[int, Typed]:
    """The replies typed in this very run, by the number of the move that confirmed them; what a replay copied belongs to the run before."""
    found = {}
    for step in run.new_steps:
        if isinstance(step.scene, TypedScene) and step.draft is not None:
            own = tuple(step.answer["confirmed"])
            found[step.last] = Typed(step, step.scene, step.draft.text, tuple(step.draft.suggested), own)
    return found


def _rows() -> Any:
    person, looker = aliased(Person), aliased(Person)
    return (
        select(*OfferedReply.__table__.columns, person.name.label("person"), looker.name.label("looker"))
        .join(person, person.id == OfferedReply.person_id)
        .outerjoin(looker, looker.id == OfferedReply.looked_by_id)
    )


def of_run(run_id: int) -> dict[int, Any]:
    """What was offered of one run, by the number of the move; rows with the names of both sides. One statement."""
    return {row.seq: row for row in db.session.execute(_rows().where(OfferedReply.run_id == run_id))}


@dataclass(frozen=True, slots=True)
class Shown:
    """One typed reply in the look back: whether it waits for a look (None: shown to nobody), who looked, her words, each point as both saw it."""

    waiting: bool | None
    looker: str = ""
    looked_at: datetime | None = None
    words: str = ""
    points: tuple[tuple[str, bool, bool], ...] = ()


def shown_replies(run: Run) -> dict[int, Shown]:
    """The replies typed in a finished run, by the number of the move, with what came of showing them. One statement where something was typed."""
    replies = typed(run)
    asked = of_run(run.id) if replies else {}
    return {seq: _shown(reply, asked.get(seq)) for seq, reply in replies.items()}


def _shown(reply: Typed, row: Any) -> Shown:
    if row is None or row.looked_at is None:
        return Shown(None if row is None else True)
    points = tuple((one.label.of(language()), one.id in reply.own, one.id in row.met) for one in reply.rubric)
    return Shown(False, row.looker, row.looked_at, row.words, points)


def _of_line(who: Viewer) -> Any:
    return _rows().where(OfferedReply.person_id.in_(below(who.id)), OfferedReply.person_id != who.id).limit(MOST)


def waiting(who: Viewer) -> list[Any]:
    """The replies that people of this viewer's line want looked at, the longest waiting first. One statement."""
    return list(db.session.execute(_of_line(who).where(OfferedReply.looked_at.is_(None)).order_by(OfferedReply.offered_at, OfferedReply.id)))


def looked_at(who: Viewer, at: datetime) -> list[Any]:
    """Those of her line that were looked at within ninety days, the newest first. One statement."""
    lately = _of_line(who).where(OfferedReply.looked_at > at - LATELY)
    return list(db.session.execute(lately.order_by(OfferedReply.looked_at.desc(), OfferedReply.id.desc())))


def offered_or_404(reply_id: int, who: Viewer) -> Any:
    """One offered reply with both names, for those who lead its author.

    Forbidden for herself, who finds it in the look back, and for who may know of her and does not lead her; NotFound for everybody else.
    """
    found = db.session.execute(_rows().where(OfferedReply.id == reply_id)).one_or_none()
    if found is None:
        raise NotFound
    if found.person_id == who.id:
        raise Forbidden(_("Nobody confirms her own reply. What your supervisor says of it stands in the look back at the role-play."))
    if leads(who, found.person_id):
        return found
    if may_see(who, found.person_id):
        raise Forbidden(_("A reply is looked at by those who lead the person, and read by nobody else."))
    raise NotFound


def reply_of(offered: Any) -> tuple[Run, Typed]:
    """The run and the reply that was offered of it. One statement."""
    run = run_or_404(offered.run_id, offered.person_id)
    return run, typed(run)[offered.seq]

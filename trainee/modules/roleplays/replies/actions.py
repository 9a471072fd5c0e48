"""Offering a typed reply for a look, and saying which points it meets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update

from trainee import evidence, profile
from trainee.evidence import Showing
from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _
from trainee.modules.roleplays.queries import run_or_404
from trainee.modules.roleplays.replies.models import OFFERED, OfferedReply
from trainee.modules.roleplays.replies.queries import reply_of, typed

LONGEST: Final = 600
WHY: Final = "looked at by a supervisor"


def offer(run_id: int, person_id: int, seq: int, at: datetime) -> int:
    """Ask that a typed reply of a finished run be looked at; the offer's id. The same reply again changes nothing.

    NotFound when the run is not this person's; Refusal when it is not finished or no reply was typed there.
    """
    run = run_or_404(run_id, person_id)
    if not run.state.ended:
        raise Refusal(_("Finish this role-play first; then you can show a reply."))
    if seq not in typed(run):
        raise Refusal(_("There is no reply of your own there. Choose one from the look back."), status=422)
    values = {"person_id": person_id, "run_id": run_id, "seq": seq, "offered_at": at, "looked_at": None, "looked_by_id": None, "met": [], "words": ""}
    made = insert_once(OfferedReply, values, ["run_id", "seq"])
    if made is not None:
        audit.note(person_id, "offer reply", f"offered_reply/{made}", at)
        return made
    return db.session.execute(select(OfferedReply.id).where(OfferedReply.run_id == run_id, OfferedReply.seq == seq)).scalar_one()


def confirm(reply_id: int, *, by_id: int, met: Sequence[str], words: str, at: datetime) -> None:
    """Say which points of its rubric a reply meets. Its author's own ticks are taken back as evidence and these count instead, from the same moment.

    The same again changes nothing. Forbidden for one's own reply; Refusal when it was looked at otherwise before, and (422) when it is seen otherwise
    than its author saw it and no words say why. Who may look is the caller's question (`queries.offered_or_404`).
    """
    offered = db.session.execute(select(*OFFERED.c).where(OFFERED.c.id == reply_id)).one()
    if offered.person_id == by_id:
        raise Forbidden(_("Nobody confirms her own reply. What your supervisor says of it stands in the look back at the role-play."))
    _run, reply = reply_of(offered)
    found = [criterion.id for criterion in reply.rubric if criterion.id in met]
    said = words.strip()
    if len(said) > LONGEST:
        raise Refusal(_("That is a little long: %(most)s characters at most.", most=LONGEST), 422, "words")
    if set(found) != set(reply.own) and not said:
        raise Refusal(_("You see it otherwise than your colleague. Please say in a sentence what you read; it is shown with it."), 422, "words")
    mine = {"looked_at": at, "looked_by_id": by_id, "met": found, "words": said}
    first = update(OFFERED).where(OFFERED.c.id == reply_id, OFFERED.c.looked_at.is_(None)).values(**mine).returning(OFFERED.c.id)
    if db.session.execute(first).scalar() is None:
        _require_same(reply_id, by_id, found, said)
        return
    _count(offered, reply.shares(found), found, by_id, at)
    audit.note(by_id, "look at reply", f"offered_reply/{reply_id}", at, person=offered.person_id)


def _require_same(reply_id: int, by_id: int, met: Sequence[str], words: str) -> None:
    stands = db.session.execute(select(*OFFERED.c).where(OFFERED.c.id == reply_id)).one()
    if (stands.looked_by_id, list(stands.met), stands.words) != (by_id, list(met), words):
        raise Refusal(_("This reply has been looked at already, and what was said first counts."))


def _count(offered: Any, shares: dict[str, float], met: Sequence[str], by_id: int, at: datetime) -> None:
    """Put what the supervisor found in the place of what the author found, as far as that still stands."""
    own = {f"roleplay_choice/{offered.run_id}/{offered.seq}/{skill}": skill for skill in shares}
    standing = evidence.standing(list(own))
    showings = []
    for receipt, row in sorted(standing.items()):
        profile.retract(row.id, WHY, at, by_id)
        showings.append(
            Showing(
                person_id=offered.person_id,
                skill=row.skill,
                source="typed_reply_confirmed",
                score=shares[own[receipt]],
                item=row.item,
                # She showed it when she wrote it; that we know better now is what `recorded_at` says.
                occurred_at=row.occurred_at,
                # The same sitting as the run's other choices, and another turn than the one taken back.
                receipt=f"roleplay_choice/{offered.run_id}/{offered.seq}-looked/{row.skill}",
                detail={"run": offered.run_id, "seq": offered.seq, "reply": offered.id, "met": list(met)},
                actor_id=by_id,
            )
        )
    profile.record(showings, at)

"""Which suggestions wait for whom, and what came of the others."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from trainee.coaching.suggestions.models import Suggestion
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.people import Person, Viewer, below, visible_to

PAGE = 30


def suggestion_or_404(suggestion_id: int, who: Viewer) -> Suggestion:
    """A suggestion, for its author, her line, HR and whoever is to answer."""
    readable = Suggestion.author_id.in_(visible_to(who)) | (Suggestion.responder_id == who.id)
    found = db.session.execute(select(Suggestion).where(Suggestion.id == suggestion_id, readable)).scalars().first()
    if found is None:
        raise NotFound
    return found


def may_answer(who: Viewer, suggestion: Suggestion) -> bool:
    """Whether this viewer may answer: the responder, or anybody above the author, so that nothing is stuck when the responder is away."""
    if suggestion.author_id == who.id:
        return False
    if suggestion.responder_id == who.id:
        return True
    return (
        who.holds("supervisor")
        and db.session.execute(select(Person.id).where(Person.id == suggestion.author_id, Person.id.in_(below(who.id)))).first() is not None
    )


def require_answer(who: Viewer, suggestion: Suggestion) -> None:
    """Forbidden, in a sentence, unless the viewer may answer this suggestion."""
    if not may_answer(who, suggestion):
        raise Forbidden(_("This suggestion is for somebody else to answer."))


def _suggestions() -> Select[Any]:
    author, responder = aliased(Person), aliased(Person)
    columns = (
        Suggestion.id,
        Suggestion.title,
        Suggestion.asked_at,
        Suggestion.answer_by,
        Suggestion.answered_at,
        Suggestion.decision,
        Suggestion.effect,
    )
    return (
        select(*columns, author.name.label("author"), responder.name.label("responder"))
        .join(author, author.id == Suggestion.author_id)
        .join(responder, responder.id == Suggestion.responder_id)
    )


def suggestions_of(author_id: int) -> list[Any]:
    """What somebody suggested, the newest first."""
    return list(
        db.session.execute(_suggestions().where(Suggestion.author_id == author_id).order_by(Suggestion.asked_at.desc(), Suggestion.id.desc()))
    )


def suggestions_to_answer(responder_id: int) -> list[Any]:
    """What waits for somebody's answer, the most urgent first."""
    waiting = _suggestions().where(Suggestion.responder_id == responder_id, Suggestion.answered_at.is_(None))
    return list(db.session.execute(waiting.order_by(Suggestion.answer_by, Suggestion.id)))


def suggestions_answered(responder_id: int, limit: int = PAGE) -> list[Any]:
    """What somebody has been asked and is answered, the newest answers first."""
    done = _suggestions().where(Suggestion.responder_id == responder_id, Suggestion.answered_at.is_not(None))
    return list(db.session.execute(done.order_by(Suggestion.answered_at.desc(), Suggestion.id.desc()).limit(limit)))

"""Which suggestions wait for whom, and what came of the others."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import aliased

from trainee.coaching.suggestions.models import Suggestion, SuggestionCredit
from trainee.kit.db import db
from trainee.kit.errors import Forbidden, NotFound
from trainee.kit.i18n import _
from trainee.people import Person, ReportingLine, Viewer, below, visible_to

PAGE = 30


def _above(who: Viewer) -> Any:
    """Ids of those this viewer supervises directly: what they leave unanswered climbs to her, and no further."""
    return select(ReportingLine.person_id).where(ReportingLine.supervisor_id == who.id, ReportingLine.kind == "direct", ReportingLine.until.is_(None))


def _climbed(who: Viewer, day: date) -> Any:
    """Whether a suggestion waits for this viewer because the responder's date has passed, or because she is no longer here. Never stored."""
    gone = select(Person.id).where(Person.disabled_at.is_not(None))
    late = (Suggestion.answer_by < day) | Suggestion.responder_id.in_(gone)
    return late & Suggestion.responder_id.in_(_above(who)) & (Suggestion.author_id != who.id)


def _credited(who: Viewer) -> Any:
    mine = select(SuggestionCredit.suggestion_id).where(SuggestionCredit.person_id == who.id)
    return (Suggestion.decision == "adopted") & Suggestion.id.in_(mine)


def suggestion_or_404(suggestion_id: int, who: Viewer, day: date) -> Suggestion:
    """A suggestion, for its author, her line, HR, whoever is to answer, whom it climbed to, and those credited once it is adopted."""
    readable = Suggestion.author_id.in_(visible_to(who)) | (Suggestion.responder_id == who.id) | _climbed(who, day) | _credited(who)
    found = db.session.execute(select(Suggestion).where(Suggestion.id == suggestion_id, readable)).scalars().first()
    if found is None:
        raise NotFound
    return found


def may_answer(who: Viewer, suggestion: Suggestion, day: date) -> bool:
    """Whether this viewer may answer: the responder, whom it climbed to, or anybody above the author, so that nothing is stuck."""
    if suggestion.author_id == who.id:
        return False
    if suggestion.responder_id == who.id:
        return True
    if not who.holds("supervisor"):
        return False
    theirs = Suggestion.author_id.in_(below(who.id)) | _climbed(who, day)
    return db.session.execute(select(Suggestion.id).where(Suggestion.id == suggestion.id, theirs)).first() is not None


def require_answer(who: Viewer, suggestion: Suggestion, day: date) -> None:
    """Forbidden, in a sentence, unless the viewer may answer this suggestion."""
    if not may_answer(who, suggestion, day):
        raise Forbidden(_("This suggestion is for somebody else to answer."))


def climbed_to(suggestion: Suggestion, day: date) -> str | None:
    """Who has an unanswered suggestion now that its date has passed: the responder's own supervisor, by name. None while the date holds."""
    if suggestion.answered_at is not None:
        return None
    gone = select(Person.id).where(Person.id == suggestion.responder_id, Person.disabled_at.is_not(None)).exists()
    late = literal(suggestion.answer_by < day)
    above = (
        select(Person.name)
        .join(ReportingLine, ReportingLine.supervisor_id == Person.id)
        .where(ReportingLine.person_id == suggestion.responder_id, ReportingLine.kind == "direct", ReportingLine.until.is_(None), late | gone)
        .where(Person.id != suggestion.author_id)
    )
    found: str | None = db.session.execute(above).scalar()
    return found


def credits_of(suggestion_id: int) -> list[Any]:
    """Who else took part in an idea, by name: rows of (id, name)."""
    statement = select(Person.id, Person.name).join(SuggestionCredit, SuggestionCredit.person_id == Person.id)
    return list(db.session.execute(statement.where(SuggestionCredit.suggestion_id == suggestion_id).order_by(Person.name_sort)))


@cache
def _suggestions() -> Select[Any]:
    # Made once: two aliases of a wide table take longer to make than the answer does, and Today asks with every page.
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


def suggestions_to_answer(who: Viewer, day: date) -> list[Any]:
    """What waits for somebody's answer, her own and what climbed to her, the most urgent first. One statement."""
    hers = (Suggestion.responder_id == who.id) | _climbed(who, day)
    waiting = _suggestions().where(hers, Suggestion.answered_at.is_(None))
    return list(db.session.execute(waiting.order_by(Suggestion.answer_by, Suggestion.id)))


def suggestions_answered(responder_id: int, limit: int = PAGE) -> list[Any]:
    """What somebody has been asked and is answered, the newest answers first."""
    done = _suggestions().where(Suggestion.responder_id == responder_id, Suggestion.answered_at.is_not(None))
    return list(db.session.execute(done.order_by(Suggestion.answered_at.desc(), Suggestion.id.desc()).limit(limit)))

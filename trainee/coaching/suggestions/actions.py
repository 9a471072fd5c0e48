"""Suggesting and answering."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update

from trainee.coaching.suggestions.models import DECISIONS, Suggestion, SuggestionCredit
from trainee.kit import audit
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_many_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.notices import tell
from trainee.people import Person, colleagues_of, supervisors_of

ANSWER_WITHIN = timedelta(days=7)


def suggest(*, author_id: int, title: str, problem: str, idea: str, receipt: str, at: datetime, with_ids: Collection[int] = ()) -> int:
    """Put an idea to the author's supervisor, who is to answer within a week; the suggestion's id. The same receipt again changes nothing.

    `with_ids` are colleagues of the author's team who took part; they are named when the idea is adopted. Refusal (422) for anybody else.
    """
    if not all(text.strip() for text in (title, problem, idea)):
        raise Refusal(_("Please give it a title, and write what is in the way and what would help."), 422)
    above = supervisors_of(author_id)
    # The direct supervisor comes first; somebody who has only a dotted line is answered by that one.
    responder = next(iter(above), None)
    if responder is None:
        raise Refusal(_("Nobody is entered as your supervisor, so nobody could answer. Please tell HR."))
    zone = db.session.execute(select(Person.time_zone).where(Person.id == responder.id)).scalar_one()
    values = {
        "author_id": author_id,
        "title": title.strip(),
        "problem": problem.strip(),
        "idea": idea.strip(),
        "responder_id": responder.id,
        "asked_at": at,
        "answer_by": local_date(at + ANSWER_WITHIN, zone),
        "answered_at": None,
        "answered_by_id": None,
        "decision": None,
        "reply": None,
        "effect": None,
        "receipt": receipt,
    }
    made, new = keep_once(Suggestion, values, "author_id")
    if new:
        _credit(made, author_id, with_ids)
        audit.note(author_id, "suggest", f"suggestion/{made}", at)
        tell("suggestion_unanswered", [responder.id], at)
    return made


def _credit(suggestion_id: int, author_id: int, with_ids: Collection[int]) -> None:
    if not set(with_ids) <= set(colleagues_of(author_id)):
        raise Refusal(_("Please choose colleagues of your own team."), 422, "together")
    insert_many_once(
        SuggestionCredit, [{"suggestion_id": suggestion_id, "person_id": number} for number in sorted(set(with_ids))], ["suggestion_id", "person_id"]
    )


def answer(suggestion_id: int, *, by_id: int, decision: str, reply: str, at: datetime) -> bool:
    """Decide on a suggestion, with words; False when the same person had decided so before. Refusal when it was answered otherwise."""
    if decision not in DECISIONS:
        raise Refusal(_("Please choose what is decided."), 422, "decision")
    if not reply.strip():
        raise Refusal(_("Please write why; it is the answer your colleague reads."), 422, "reply")
    values = {"answered_at": at, "answered_by_id": by_id, "decision": decision, "reply": reply.strip()}
    open_one = (Suggestion.id == suggestion_id) & Suggestion.answered_at.is_(None)
    if db.session.execute(update(Suggestion).where(open_one).values(**values).returning(Suggestion.id)).scalar() is not None:
        audit.note(by_id, "answer", f"suggestion/{suggestion_id}", at, decision=decision)
        return True
    stands = db.session.execute(select(Suggestion.answered_by_id, Suggestion.decision).where(Suggestion.id == suggestion_id)).one()
    if (stands.answered_by_id, stands.decision) == (by_id, decision):
        return False
    raise Refusal(_("This suggestion has been answered already."))


def note_effect(suggestion_id: int, *, by_id: int, effect: str, at: datetime) -> None:
    """Write down what an adopted suggestion changed; may be written anew when more is known."""
    if not effect.strip():
        raise Refusal(_("Please write what has changed, with a figure if there is one."), 422, "effect")
    adopted = (Suggestion.id == suggestion_id) & (Suggestion.decision == "adopted")
    if db.session.execute(update(Suggestion).where(adopted).values(effect=effect.strip()).returning(Suggestion.id)).scalar() is None:
        raise Refusal(_("Only a suggestion that was adopted can have an effect."))
    audit.note(by_id, "note effect", f"suggestion/{suggestion_id}", at)

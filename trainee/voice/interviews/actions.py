"""Writing an interview down, and coding what was said."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from trainee.kit import audit
from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.skills import framework
from trainee.voice.interviews.models import CONSENTS, SIDES, InterviewGuide, InterviewQuote, InterviewTalk
from trainee.voice.interviews.writing import LANGUAGES
from trainee.voice.masking import masked

LONGEST = 2000


def begin(
    *, guide: Mapping[str, Any], by_id: int, held_on: date, whom: str, consent: str, receipt: str, at: datetime, language: str | None = None
) -> int:
    """Begin an interview with a copy of its guide; its id. Without consent to notes there is none. The same receipt again changes nothing.

    A guide that was written here brings its row's number along (`guide_id`) and is not changed from now on.
    """
    if consent not in CONSENTS:
        raise Refusal(_("Ask first, and note what was agreed to. Without it nothing is written down."), 422, "consent")
    if not whom.strip():
        raise Refusal(_("Please say in general words whom you talk with, without a name."), 422, "whom")
    if held_on > at.date():
        raise Refusal(_("That day lies ahead. An interview is written down when it is held."), 422, "held_on")
    guide_id = guide.get("guide_id")
    if guide_id is not None:
        db.session.execute(select(InterviewGuide.id).where(InterviewGuide.id == guide_id).with_for_update())
    spoken = language if language in LANGUAGES else None
    values = {"guide_key": guide["key"], "guide": dict(guide), "guide_id": guide_id, "language": spoken, "interviewer_id": by_id}
    values |= {"held_on": held_on, "whom": masked(whom)[:300]}
    values |= {"consent": consent, "notes": {}, "revision": 1, "made_at": at, "receipt": receipt}
    made, new = keep_once(InterviewTalk, values, "interviewer_id")
    if new:
        audit.note(by_id, "begin interview", f"interview_talk/{made}", at, guide=guide["key"])
    return made


def write(talk: InterviewTalk, notes: Mapping[str, str], revision: int) -> None:
    """Keep the notes to each question. Refusal where they were changed in another window meanwhile."""
    asked = {one["id"] for one in talk.guide["questions"]}
    kept = {key: masked(words)[:LONGEST] for key, words in notes.items() if key in asked and words.strip()}
    mine = (InterviewTalk.id == talk.id) & (InterviewTalk.revision == revision)
    changed = update(InterviewTalk).where(mine).values(notes=kept, revision=revision + 1).returning(InterviewTalk.id)
    if db.session.execute(changed).scalar() is None:
        raise Refusal(_("These notes were changed in another window meanwhile. Please open them again; nothing was written over them."))


def code(talk: InterviewTalk, *, words: str, side: str, skill: str | None, quality: str | None, by_id: int, receipt: str, at: datetime) -> int:
    """Code one thing that was said; its id. Word for word only where that was agreed to, else it counts as a summary of the interviewer's."""
    if not words.strip():
        raise Refusal(_("Please write what was said."), 422, "words")
    if side not in SIDES:
        raise Refusal(_("Please choose whether it is a strength or a weakness."), 422, "side")
    book = framework()
    if skill and skill not in {one.key for one in book.skills}:
        raise Refusal(_("There is no such skill."), 422, "skill")
    if quality and quality not in book.qualities:
        raise Refusal(_("There is no such quality."), 422, "quality")
    values = {"talk_id": talk.id, "words": masked(words)[:LONGEST], "verbatim": talk.consent == "quotes", "side": side, "skill_key": skill or None}
    values |= {"quality": quality or None, "coded_by_id": by_id, "coded_at": at, "receipt": receipt}
    return keep_once(InterviewQuote, values, "coded_by_id")[0]


def drop(quote_id: int, talk_id: int) -> None:
    """Take a coded saying out again."""
    db.session.execute(delete(InterviewQuote).where(InterviewQuote.id == quote_id, InterviewQuote.talk_id == talk_id))

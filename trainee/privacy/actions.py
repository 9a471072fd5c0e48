"""Asking for a correction, and deciding on it."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from trainee.kit import audit
from trainee.kit.clock import local_date
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.notices import tell
from trainee.people import Person
from trainee.privacy.models import DECISIONS, CorrectionRequest, PrivacyNotice, PrivacyReading

# KVKK art. 13 and GDPR art. 12: without delay, at the latest within thirty days.
ANSWER_WITHIN = timedelta(days=30)


def ask_correction(*, person_id: int, what: str, why: str, receipt: str, at: datetime) -> int:
    """Ask that something held about oneself be put right; the request's id. The same receipt again changes nothing."""
    if not what.strip():
        raise Refusal(_("Please write what is wrong."), 422, "what")
    if not why.strip():
        raise Refusal(_("Please write how it should read, and why."), 422, "why")
    zone = db.session.execute(select(Person.time_zone).where(Person.id == person_id)).scalar_one()
    values = {
        "person_id": person_id,
        "what": what.strip(),
        "why": why.strip(),
        "asked_at": at,
        "due_on": local_date(at + ANSWER_WITHIN, zone),
        "decided_at": None,
        "decided_by_id": None,
        "decision": None,
        "answer": None,
        "receipt": receipt,
    }
    made, new = keep_once(CorrectionRequest, values, "person_id")
    if new:
        audit.note(person_id, "ask correction", f"correction_request/{made}", at)
    return made


def decide(request_id: int, *, by_id: int, decision: str, answer: str, at: datetime) -> bool:
    """Decide on a request, with an answer; False when the same person had decided so before.

    Forbidden for one's own request; Refusal when it was decided otherwise. What is corrected is corrected where it is kept: this is the record of it.
    """
    if decision not in DECISIONS:
        raise Refusal(_("Please choose what is decided."), 422, "decision")
    if not answer.strip():
        raise Refusal(_("Please write the answer; it is what your colleague reads."), 422, "answer")
    stands = db.session.execute(select(CorrectionRequest).where(CorrectionRequest.id == request_id)).scalar_one()
    if stands.person_id == by_id:
        raise Forbidden(_("This is your own request. Somebody else has to decide on it."))
    values = {"decided_at": at, "decided_by_id": by_id, "decision": decision, "answer": answer.strip()}
    open_one = (CorrectionRequest.id == request_id) & CorrectionRequest.decided_at.is_(None)
    if db.session.execute(update(CorrectionRequest).where(open_one).values(**values).returning(CorrectionRequest.id)).scalar() is not None:
        audit.note(by_id, "decide correction", f"correction_request/{request_id}", at, decision=decision)
        return True
    if (stands.decided_by_id, stands.decision) == (by_id, decision):
        return False
    raise Refusal(_("This request has been decided already."))


def publish_notice(words_tr: str, words_en: str, *, by_id: int, receipt: str, at: datetime) -> int:
    """Publish what people are told about their data as its next version; the version's number. The same receipt again changes nothing."""
    for name, words in (("words_tr", words_tr), ("words_en", words_en)):
        if not words.strip():
            raise Refusal(_("Please write it in both languages."), 422, name)
    values = {"words_tr": words_tr.strip(), "words_en": words_en.strip(), "published_at": at, "published_by_id": by_id, "receipt": receipt}
    made = insert_once(PrivacyNotice, values, ["receipt"])
    if made is None:
        return int(db.session.scalars(select(PrivacyNotice.number).where(PrivacyNotice.receipt == receipt)).one())
    audit.note(by_id, "publish_notice", f"privacy_notice/{made}", at)
    tell("privacy_notice", db.session.scalars(select(Person.id).where(Person.disabled_at.is_(None))).all(), at)
    return made


def read_notice(number: int, person_id: int, at: datetime) -> bool:
    """Somebody says that she read this version; False when she had said so before."""
    return insert_once(PrivacyReading, {"number": number, "person_id": person_id, "read_at": at}, ["number", "person_id"]) is not None

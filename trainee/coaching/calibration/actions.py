"""Making a case, scoring it blind, closing it, and the licence that comes of it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import insert, update

from trainee.coaching.calibration import drift, queries
from trainee.coaching.calibration.models import CalibrationCase, CalibrationMark, CalibrationSheet, ObserverLicence
from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _
from trainee.kit.receipts import keep_once
from trainee.skills import scorecards

_LEVELS = (None, 1, 2, 3, 4)
LONGEST_REASON = 400
# Written where a licence lapsed by itself; pages say it in words.
DRIFT = "drift"
NO_NOTES: Mapping[str, str] = {}


def make_case(
    *,
    title: str,
    card_id: int,
    text: str,
    reference: Mapping[str, int | None],
    made_by_id: int,
    receipt: str,
    at: datetime,
    channel: str | None = None,
) -> int:
    """Put a contact up to be scored blind; the case's id. The same receipt again makes nothing new.

    With a `reference` (a level or None for every line of the card) whoever made it does not score it.
    """
    card = scorecards.card(card_id)
    if not title.strip() or not text.strip():
        raise Refusal(_("Please write a title, and the contact itself."), 422, "text")
    if reference and (set(reference) != set(card.skills) or any(level not in _LEVELS for level in reference.values()) or not any(reference.values())):
        raise Refusal(_("Give a level or 'not seen' to every line, or to none."), 422, "text")
    values = {
        "title": title.strip(),
        "channel": channel or card.channel,
        "card_id": card_id,
        "text": text.strip(),
        "reference": dict(reference),
        "made_by_id": made_by_id,
        "made_at": at,
        "closed_at": None,
        "agreed": "",
        "receipt": receipt,
    }
    made, new = keep_once(CalibrationCase, values, "made_by_id")
    if new:
        audit.note(made_by_id, "make calibration case", f"calibration_case/{made}", at)
    return made


def score(
    case: CalibrationCase,
    observer_id: int,
    levels: Mapping[str, int | None],
    at: datetime,
    notes: Mapping[str, str] = NO_NOTES,
    *,
    knows_basics: bool = True,
) -> bool:
    """Give one's marks, once and for all, before one sees anybody else's; False when they were given before.

    The third within one level earns the licence of whoever `knows_basics`; the caller says whether she does (`plans.lacking`).
    """
    if case.closed_at is not None:
        raise Refusal(_("This case is closed: its marks lie open."))
    if case.reference and observer_id == case.made_by_id:
        raise Refusal(_("You gave the reference of this case, so you do not score it."))
    wanted = scorecards.card(case.card_id).skills
    if set(levels) != set(wanted) or any(level not in _LEVELS for level in levels.values()):
        raise Refusal(_("Please give every line a level, or 'not seen'."), 422, "lines")
    if insert_once(CalibrationSheet, {"case_id": case.id, "observer_id": observer_id, "given_at": at}, ["case_id", "observer_id"]) is None:
        return False
    rows = [
        {"case_id": case.id, "observer_id": observer_id, "skill_key": skill, "level": levels[skill], "note": notes.get(skill, "").strip()}
        for skill in wanted
    ]
    db.session.execute(insert(CalibrationMark), rows)
    audit.note(observer_id, "score calibration case", f"calibration_case/{case.id}", at)
    if knows_basics:
        license_if_earned(observer_id, at)
    return True


def close(case: CalibrationCase, agreed: str, by_id: int, at: datetime, lacking: Collection[int] = ()) -> bool:
    """End the scoring, write down what was agreed for next time, and grant what was earned by the consensus; False when it was closed before.

    Those in `lacking` do not know the basics yet and are granted nothing.
    """
    still = (CalibrationCase.id == case.id) & CalibrationCase.closed_at.is_(None)
    values = {"closed_at": at, "agreed": agreed.strip()}
    if db.session.execute(update(CalibrationCase).where(still).values(**values).returning(CalibrationCase.id)).scalar() is None:
        return False
    db.session.refresh(case)
    audit.note(by_id, "close calibration case", f"calibration_case/{case.id}", at)
    for observer_id in queries.who_scored(case.id):
        if observer_id not in lacking:
            license_if_earned(observer_id, at)
    return True


def license_if_earned(observer_id: int, at: datetime) -> bool:
    """Grant the licence to whoever scored three cases within one level; whether it was granted now. Whether she knows the basics the caller asks."""
    if queries.holds_licence(observer_id):
        return False
    earned = queries.passed(observer_id)
    if len(earned) < queries.CASES_FOR_A_LICENCE:
        return False
    cases = earned[: queries.CASES_FOR_A_LICENCE]
    nothing = {"ended_at": None, "ended_by_id": None, "why": ""}
    # Whatever unique key stands in the way: of one person one licence stands.
    granted = insert_once(ObserverLicence, {"person_id": observer_id, "granted_at": at, "cases": cases, **nothing}, []) is not None
    if granted:
        audit.note(observer_id, "earn observer's licence", f"person/{observer_id}", at, cases=cases)
    return granted


def withdraw(observer_id: int, *, by_id: int, why: str, at: datetime) -> bool:
    """Take somebody's licence back, with the reason; False when it does not stand (any more). What she saw before counts as it did."""
    if observer_id == by_id:
        raise Forbidden(_("Nobody withdraws her own licence. Ask a colleague who may."))
    if not why.strip():
        raise Refusal(_("Please write why; your colleague reads it."), 422, "why")
    return _end(observer_id, by_id, why.strip()[:LONGEST_REASON], at)


def lapse_drifted(at: datetime) -> int:
    """End the licence of everybody whose marks have drifted by more than half a level; how many. What she saw before counts as it did."""
    return sum(_end(observer_id, None, DRIFT, at) for observer_id in drift.drifted(at))


def _end(observer_id: int, by_id: int | None, why: str, at: datetime) -> bool:
    stands = (ObserverLicence.person_id == observer_id) & ObserverLicence.ended_at.is_(None)
    values = {"ended_at": at, "ended_by_id": by_id, "why": why}
    if db.session.execute(update(ObserverLicence).where(stands).values(**values).returning(ObserverLicence.id)).scalar() is None:
        return False
    if by_id is None:
        audit.note(None, "licence lapses", f"person/{observer_id}", at)
    else:
        audit.note(by_id, "withdraw licence", f"person/{observer_id}", at, why=why)
    return True

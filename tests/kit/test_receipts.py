"""What is sent twice is kept once, and nobody is handed somebody else's row."""

import pytest
from sqlalchemy import func, select

from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.receipts import keep_once
from trainee.privacy import CorrectionRequest


def values(person_id, at, **change):
    nothing = dict.fromkeys(("decided_at", "decided_by_id", "decision", "answer"))
    return {**nothing, "person_id": person_id, "what": "A date", "why": "The 2nd", "asked_at": at, "due_on": at.date(), "receipt": "once", **change}


def test_the_same_receipt_again_gives_the_same_row(cast, at):
    made = keep_once(CorrectionRequest, values(cast.amir, at), "person_id")
    assert made[1]
    assert keep_once(CorrectionRequest, values(cast.amir, at, what="Another"), "person_id") == (made[0], False)
    assert db.session.execute(select(func.count()).select_from(CorrectionRequest)).scalar() == 1


def test_somebody_elses_receipt_is_refused(cast, at):
    keep_once(CorrectionRequest, values(cast.amir, at), "person_id")
    with pytest.raises(Refusal, match="used before"):
        keep_once(CorrectionRequest, values(cast.beth, at), "person_id")

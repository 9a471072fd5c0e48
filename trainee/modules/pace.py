"""How long an answer took, from when its question was shown, and whether that was long for her.

Measured by the server's clock: the page carries the signed moment at which it was made, and the answer before this one ends the time of that
one. Seconds decide only how soon a question comes back; they are no evidence and are shown nowhere.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import exp, log
from statistics import median
from typing import Final

from flask import current_app
from itsdangerous import BadSignature, Signer

from trainee.modules.questions.kind import Form

# Whoever takes longer was called away: that says nothing of the question.
_AWAY: Final = timedelta(minutes=5)
# What is usual is told from so many of her last answers to questions of that type, and not from fewer than the second number.
LAST: Final = 30
FEWEST: Final = 8
# Times are lopsided, so they are compared as logarithms: so many robust standard deviations above the median.
_BEYOND: Final = 2.0
_ROBUST: Final = 1.4826
# Who always takes the same time is not slow for a second more: deviations count as at least so much, and so many seconds are never slow.
_LEAST_SPREAD: Final = 0.25
_NEVER_SLOW: Final = 10


def stamp(what: str, at: datetime) -> str:
    """The moment at which `what` (an attempt, a set) was shown, signed for its forms."""
    return _signer(what).sign(str(int(at.timestamp()))).decode()


def taken(form: Form, what: str, at: datetime, before: datetime | None) -> int | None:
    """The whole seconds an answer took, sent at `at`; `before` is when the answer before it came.

    None where nobody can say: the form is not one of ours, it waited on the phone for a line, or the person was away.
    """
    token = form.get("shown")
    if not token or form.get("waited"):
        return None
    try:
        shown = datetime.fromtimestamp(int(_signer(what).unsign(token)), UTC)
    except BadSignature:
        return None
    took = at - (shown if before is None else max(shown, before))
    return int(took.total_seconds()) if timedelta(0) <= took <= _AWAY else None


def slow(seconds: int | None, before: Sequence[int]) -> bool | None:
    """Whether that is long for somebody who took so many seconds `before`; None while too little is known of her."""
    if seconds is None or len(before) < FEWEST:
        return None
    logs = [log(max(one, 1)) for one in before]
    middle = median(logs)
    spread = max(_ROBUST * median(abs(one - middle) for one in logs), _LEAST_SPREAD)
    return seconds > max(exp(middle + _BEYOND * spread), _NEVER_SLOW)


def _signer(what: str) -> Signer:
    secret = current_app.secret_key
    assert secret is not None
    return Signer(secret, salt=f"trainee.pace/{what}")

"""Amounts of money as people write them: with the marks of either language, and in whole lira."""

import re

from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, number

MOST = 10**9
# Groups of three with one and the same mark between them, or plain digits; then perhaps the other mark with the kuruş.
_AMOUNT = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<mark>[.,' \u00a0\u202f\u2019])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]{1,15})(?:(?P<point>[.,])(?P<small>[0-9]{1,2}))?"
)
_CURRENCY = re.compile(r"^(?:₺|TL|TRY)\s*|\s*(?:₺|TL|TRY|lira)$", re.IGNORECASE)


def whole_amount(written: str, most: int = MOST) -> int:
    """The whole lira of an amount as it is written in Turkish or in English (2900, 2.900, 2.900,00, 2,900.00, with TL or ₺), 0 to `most`.

    Refusal (422, code "amount") for anything else; kuruş other than 00 are refused, because they would be lost.
    """
    found = _AMOUNT.fullmatch(_CURRENCY.sub("", written.strip()))
    # 2.900.00 may have been meant either way.
    if found is None or (found["point"] and found["point"] == found["mark"]):
        raise Refusal(_("Please write an amount like %(one)s or %(two)s.", one=number(2900), two=number(2900, 2)), 422, "amount")
    if (found["small"] or "").strip("0"):
        raise Refusal(_("Please write whole lira, without kuruş."), 422, "amount")
    amount = int(re.sub(r"\D", "", found["whole"]))
    if amount > most:
        raise Refusal(_("That is more than %(most)s TL. Please look at it again.", most=number(most)), 422, "amount")
    return amount

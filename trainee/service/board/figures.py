"""A figure of a card as its reader writes numbers, whoever wrote it down."""

import re
from typing import Final

from trainee.kit.i18n import counted, number

# One number, a share or not, with how many it rests on: 4,8 (n 238), %71, +12.5 (n=40). Three digits after the mark may be thousands: these stay.
_FIGURE: Final = re.compile(
    r"(?P<sign>[+\-−]?)(?P<before>%?) ?(?P<whole>[0-9]{1,6})(?:[.,](?P<part>[0-9]{1,2}))?(?P<after> ?%)?(?: *\(n *=? *(?P<many>[0-9]{1,9})\))?"
)


def read_as(written: str, lang: str) -> str:
    """The same figure in `lang`, where it is one number and can be read in one way only; else as it was written."""
    found = _FIGURE.fullmatch(written.strip())
    if found is None or (found["before"] and found["after"]):
        return written
    value = number(float(f"{found['whole']}.{found['part'] or 0}"), len(found["part"] or ""))
    if found["before"] or found["after"]:
        value = f"%{value}" if lang == "tr" else f"{value}%"
    many = f" ({counted(int(found['many']))})" if found["many"] else ""
    return f"{found['sign'].replace('-', '−')}{value}{many}"

"""How assignments and certificates stand, in words and in the tone of a badge."""

from typing import Final

from trainee.kit.i18n import _l

ASSIGNED: Final = {
    "open": (_l("to do"), "accent"),
    "overdue": (_l("overdue"), "warn"),
    "done": (_l("done"), "good"),
    "excused": (_l("excused"), "quiet"),
    "withdrawn": (_l("taken back"), "quiet"),
    "left": (_l("no longer needed"), "quiet"),
}
CERTIFIED: Final = {
    "valid": (_l("valid"), "good"),
    "window": (_l("to be renewed"), "warn"),
    "expired": (_l("expired"), "bad"),
    "withdrawn": (_l("withdrawn"), "bad"),
    "begun": (_l("not certified yet"), "accent"),
}

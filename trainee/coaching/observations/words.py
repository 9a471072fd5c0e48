"""How what became of a dispute is told to the two it is between."""

from typing import Final

from trainee.kit.i18n import _l

OUTCOMES_TOLD: Final = {
    "kept": _l("The dispute is decided, and the mark stays as it is."),
    "changed": _l("The dispute is decided: another level fits better."),
    "struck": _l("The dispute is decided, and the line does not count."),
}

"""How gaps and the status of what is expected are said, wherever they stand."""

from typing import Final

from trainee.kit.i18n import _l

# What a gap asks for.
DIAGNOSES: Final = {
    "knowledge": _l("To learn"),
    "practice": _l("To practise"),
    "transfer": _l("To bring to work"),
    "impact": _l("To look at together"),
    "unknown": _l("Not enough evidence yet"),
}
# How it stands with what is expected, what asks for help first.
STATUS_NAMES: Final = {
    "at_risk": _l("At risk"),
    "missed": _l("Not reached in time"),
    "on_track": _l("On track"),
    "reached": _l("Reached"),
    "unknown": _l("Not enough evidence yet"),
}

"""How the states of a session are said."""

from typing import Final

from trainee.kit.i18n import _l

# The words and the tone of a badge, by state.
STATES: Final = {
    "promised": (_l("Promised"), "accent"),
    "missed": (_l("Promised and not held"), "warn"),
    "cancelled": (_l("Cancelled"), "quiet"),
    "agreed": (_l("Agreed, being tried"), "accent"),
    "due": (_l("Follow-up observation due"), "warn"),
    "early": (_l("Too early to tell"), "accent"),
    "closed": (_l("Loop closed"), "good"),
}

"""What states, reasons and frequencies are called."""

from collections.abc import Mapping
from typing import Any

from trainee.kit.i18n import _, _l

FREQUENCY_NAMES: Mapping[str, Any] = {
    "at_once": _l("at once"),
    "daily": _l("with the day's digest"),
    "weekly": _l("with the week's digest"),
    "site": _l("in the site only"),
    "off": _l("not at all"),
}
STATE_NAMES: Mapping[str, Any] = {
    "planned": _l("planned"),
    "held_back": _l("held back"),
    "sent": _l("told in the site"),
    "cancelled": _l("cancelled"),
    "failed": _l("told here, the mail given up"),
}
# What becomes of a message, besides its states.
STEP_NAMES: Mapping[str, Any] = {**STATE_NAMES, "mailed": _l("mailed"), "left_out": _l("left out of the mail")}
DAY_NAMES = (_l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"))
WHY: Mapping[str, Any] = {
    "silent_first_run": _l("It was so before this installation could know of it, and nobody is told old news."),
    "too_late": _l("There was no hour left at which it would have been of use."),
    "left": _l("The account was closed before."),
    "stopped": _l("It was no longer so, or no longer news: done, decided, taken back, or too long ago."),
    "told_together": _l("A later message about the same thing was told at the same moment and says it."),
    "not_wished": _l("Messages of this kind are not wished."),
}
_PROBLEMS: Mapping[str, Any] = {
    "refused": _l("their mail server refused it for good"),
    "put_off": _l("their mail server put it off again and again"),
    "gave_up": _l("it could not be handed over for three working days"),
    "sign_in_refused": _l("our mail server did not let us in"),
    "sender_refused": _l("our mail server refused our sender's address or our sign-in"),
    "bad_address": _l("what stands as the address is none"),
}


def step_words(state: str, why: str | None) -> str:
    """One step of a message, with its reason where it had one."""
    name = str(STEP_NAMES.get(state, state))
    reason = problem_words(why) if state == "failed" else why_words(why)
    return f"{name} ({reason.rstrip('.')})" if reason else name


def why_words(why: str | None) -> str:
    """Why a message was held back or cancelled."""
    return str(WHY.get(why or "", ""))


def problem_words(problem: str | None) -> str:
    """What hindered a mail, with the server's code where it gave one."""
    word, _space, rest = (problem or "").partition(" ")
    said = str(_PROBLEMS.get(word, _("it could not be handed over")))
    return f"{said} {rest}" if rest.startswith("(") and rest[1:-1].isdecimal() else said

"""The measures there are: how each is called, asked, counted and written."""

from dataclasses import dataclass
from typing import Any, Final

from trainee.kit.i18n import _, _l, number, percent, signed
from trainee.service import model
from trainee.voice import arithmetic
from trainee.voice.arithmetic import Change, Figure
from trainee.voice.queries import LEAST


@dataclass(frozen=True, slots=True)
class Measure:
    """How one measure is called, asked, counted and written."""

    name: Any
    asks: Any
    help: Any
    low: float
    high: float

    def say(self, key: str, value: float | None) -> str:
        """A value in the reader's language."""
        if value is None:
            return "—"
        if key == "nps":
            return signed(round(value), 0)
        return number(value, 1) if key == "ces" else percent(value / 100)

    def way(self, key: str, value: float) -> str:
        """A distance in the reader's language: a share's are points."""
        return number(value, 1 if key == "ces" else 0)


_TOP_TWO = _l("The share of 4 and 5 among all answers. It is not the mean, and it cannot be compared with houses that count otherwise.")
MEASURES: Final = {
    "csat": Measure(_l("Satisfaction (CSAT)"), _l("How satisfied are you with this contact? 1 to 5"), _TOP_TWO, 0, 100),
    "ces": Measure(
        _l("Ease (CES)"),
        _l("We made it easy for you to settle your matter. 1 to 7"),
        _l("The mean of agreement from 1 to 7. Effort drives customers away more surely than delight keeps them."),
        1,
        7,
    ),
    "nps": Measure(
        _l("Recommending (NPS)"),
        _l("How likely are you to recommend us? 0 to 10"),
        _l(
            "Promoters (9 and 10) less detractors (0 to 6), each as a share of all answers; passives (7 and 8) are among all. It lies between"
            " −100 and +100 and ends there: dividing the difference by the detractors' share is a common mistake. 60 of 100 who promote and 20 who"
            " detract make +40, and not 2."
        ),
        -100,
        100,
    ),
    "promise": Measure(_l("Promises kept"), _l("Did we keep what we promised? 1 to 5"), _TOP_TWO, 0, 100),
    "return": Measure(_l("Would come again"), _l("Would you come to us again? 1 to 5"), _TOP_TWO, 0, 100),
}
_CHANGES: Final = {
    "falls": _l("Three falls in a row, from %(before)s to %(after)s, further than chance goes. Look at what changed, the process first."),
    "lower": _l("Lower than the year before: %(after)s now, %(before)s then. That is further than chance goes."),
    "higher": _l("Higher than the year before: %(after)s now, %(before)s then. That is further than chance goes."),
    "steady": _l("No clear change: %(after)s now, %(before)s in the year before."),
    "too_few": _l("Too few answers to see a trend: it takes %(least)s now and %(least)s before."),
}


# How the share of customers who found it easy is written: the mean is what CES is, and a satisfied customer is known by a share.
EASY: Final = Measure(_l("Found it easy"), MEASURES["ces"].asks, _l("The share of 5, 6 and 7 among all answers."), 0, 100)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in words."""

    value: str
    interval: str
    n: int


def shown(key: str, measure: Measure, found: Figure) -> Shown:
    """A figure with what it lies between; a dash where too few answered."""
    if found.n < LEAST or found.value is None:
        return Shown("–", "", found.n)
    return Shown(measure.say(key, found.value), _("%(low)s to %(high)s", low=measure.say(key, found.low), high=measure.say(key, found.high)), found.n)


def standing(found: Figure, good: float) -> str:
    """How a figure stands to the one from which on it is called good, in words: its interval decides."""
    if found.n < LEAST or found.value is None:
        return str(_("too few answers to tell"))
    if found.low >= good:
        return str(_("reached"))
    return str(_("not reached")) if found.high < good else str(_("not clear whether it is reached"))


def reached(key: str, found: Figure) -> str:
    """From where on the company calls a customer satisfied by this measure and whether that is reached, in words; empty where it does not go by it.

    `found` is a share in hundredths, of recommending the NPS.
    """
    good = model.good_from(key)
    if good is None:
        return ""
    return str(
        _(
            "good from %(good)s on, as “How we serve” says: %(standing)s",
            good=EASY.say("nps" if key == "nps" else "", good),
            standing=standing(found, good),
        )
    )


def change_words(key: str, measure: Measure, found: Change) -> str:
    """What a look says, in a sentence."""
    before = measure.say(key, found.before.value) if found.before else ""
    after = measure.say(key, found.after.value) if found.after else ""
    return str(_CHANGES[found.kind]) % {"before": before, "after": after, "least": arithmetic.TREND}

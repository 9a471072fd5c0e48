"""The questions customers answer about a contact, and what each says about a skill."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from trainee.kit.i18n import LazyString, _l

# A care item of 1 or 2 means that a customer felt nobody cared: somebody has to see to it.
CONCERN: Final = "concern"
WORRYING: Final = 2
# So many of them open a task of their own that come by one code from one address within so long; what comes besides stands with these.
CONCERNS_AT_ONCE, GATHERED = 3, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Question:
    """One question with a scale from `lowest` to `highest`; an answer of `good` or more is a good one.

    `skill` is None when it tells of no single skill.
    """

    key: str
    instrument: str
    words: LazyString
    # For a list of figures: "said so" in a few words.
    short: LazyString
    highest: int
    good: int
    skill: str | None
    # What the two ends of the scale say.
    ends: tuple[LazyString, LazyString]
    lowest: int = 1
    # Which measure counts it, if any: nps, csat or ces.
    measure: str = ""

    @property
    def item(self) -> str:
        """What evidence calls it."""
        return f"survey/{self.instrument}/{self.key}"

    def score(self, value: int) -> float:
        """An answer as 0..1."""
        return (value - self.lowest) / (self.highest - self.lowest)


_SATISFIED = (_l("not at all"), _l("very much"))
_AGREE = (_l("not at all"), _l("completely"))
_LIKELY = (_l("not at all likely"), _l("extremely likely"))

# What the instruments in a file of ratings are, for who has never heard of them; every question of one has the same scale.
INSTRUMENTS: Final = {
    "csat": _l(
        "Satisfaction (CSAT): how content the customer was, or how far she agrees, as a whole number from %(low)s (not at all)"
        " to %(high)s (completely)."
    ),
    "ces": _l(
        "Ease (CES): how far the customer agrees that it was easy to settle her matter, as a whole number from %(low)s (not at all) to %(high)s"
        " (completely)."
    ),
    "nps": _l(
        "Recommending (NPS): how likely the customer is to recommend us, as a whole number from %(low)s (not at all likely)"
        " to %(high)s (extremely likely)."
    ),
}

# CSAT counts the top two of five, CES the mean of seven (domain frameworks: agreement that it was easy), NPS promoters minus detractors.
QUESTIONS = {
    question.key: question
    for question in (
        Question("satisfied", "csat", _l("How satisfied are you with this contact?"), _l("Satisfied"), 5, 4, None, _SATISFIED, measure="csat"),
        Question("kept_promise", "csat", _l("Did we keep what we promised?"), _l("Promise kept"), 5, 4, "reliability", _AGREE, measure="promise"),
        Question("listened", "csat", _l("Did the person who served you listen and understand?"), _l("Felt understood"), 5, 4, "empathy", _AGREE),
        Question("easy", "ces", _l("We made it easy for you to settle your matter."), _l("It was easy"), 7, 5, "flexibility", _AGREE, measure="ces"),
        Question("attention", "csat", _l("Did you get the attention you needed?"), _l("Attention"), 5, 4, "greeting", _AGREE),
        Question(CONCERN, "csat", _l("Did you feel that your worry mattered to us?"), _l("Concern"), 5, 4, "empathy", _AGREE),
        Question("comfort", "csat", _l("Did you feel at ease with us?"), _l("At ease"), 5, 4, None, _AGREE),
        # How trust feels to a customer: that doing it once more would be comfortable.
        Question(
            "buy_again", "csat", _l("Would you be comfortable buying from us again?"), _l("Comfortable to buy again"), 5, 4, "trust-building", _AGREE
        ),
        Question("return_intent", "csat", _l("Would you come to us again?"), _l("Would come again"), 5, 4, None, _AGREE, measure="return"),
        Question(
            "recommend",
            "nps",
            _l("How likely are you to recommend us to a friend or colleague?"),
            _l("Would recommend"),
            10,
            9,
            None,
            _LIKELY,
            lowest=0,
            measure="nps",
        ),
    )
}


def instruments() -> dict[str, str]:
    """Each instrument of a file of ratings: what it asks and which values it has, in a sentence."""
    scales = {one.instrument: {"low": one.lowest, "high": one.highest} for one in QUESTIONS.values()}
    return {key: str(words) % scales[key] for key, words in INSTRUMENTS.items()}

"""The questions customers answer about a contact, and what each says about a skill."""

from dataclasses import dataclass

from flask_babel import LazyString

from trainee.kit.i18n import _l


@dataclass(frozen=True, slots=True)
class Question:
    """One question with a scale from 1 to `highest`; an answer of `good` or more is a good one. `skill` is None when it tells of no single skill."""

    key: str
    instrument: str
    words: LazyString
    # For a list of figures: "said so" in a few words.
    short: LazyString
    highest: int
    good: int
    skill: str | None

    @property
    def item(self) -> str:
        """What evidence calls it."""
        return f"survey/{self.instrument}/{self.key}"

    def score(self, value: int) -> float:
        """An answer as 0..1."""
        return (value - 1) / (self.highest - 1)


# CSAT counts the top two of five, CES the top three of seven (domain frameworks: agreement that it was easy).
QUESTIONS = {
    question.key: question
    for question in (
        Question("satisfied", "csat", _l("How satisfied are you with this contact?"), _l("Satisfied"), 5, 4, None),
        Question("kept_promise", "csat", _l("Did we keep what we promised?"), _l("Promise kept"), 5, 4, "reliability"),
        Question("listened", "csat", _l("Did the person who served you listen and understand?"), _l("Felt understood"), 5, 4, "empathy"),
        Question("easy", "ces", _l("We made it easy for you to settle your matter."), _l("It was easy"), 7, 5, "flexibility"),
    )
}

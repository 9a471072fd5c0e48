"""What a kind of evidence says about itself."""

from enum import IntEnum
from typing import ClassVar, Final

from trainee.kit.i18n import LazyString, percent

# The lines a profile is drawn in, in the order of the chain from training to customer; a source of line "none" is shown and never counted.
LINES = ("knowledge", "practice", "observed", "customers")


# How hard a mark is to earn, by the anchors of the levels, and how far observers differ in that: mean and variance on the logit scale.
ANCHOR: Final = (0.65, 0.16)


class Miller(IntEnum):
    """How near to real work a piece of evidence is (Miller's pyramid); TELLS is what a person says about herself."""

    TELLS = 0
    KNOWS = 1
    KNOWS_HOW = 2
    SHOWS_HOW = 3
    DOES = 4


class Source:
    """A kind of evidence: what it is called, what it stands for and how far an estimate may lean on it.

    `loading`, `weight` and `guessing` are the skill model's a, w and c: policy, never stored with a row. Changing one
    changes the policy's key, and every figure is then folded anew.
    """

    key: ClassVar[str]
    title: ClassVar[LazyString]
    # The sentence for a timeline; %(share)s is the score as a percentage.
    words: ClassVar[LazyString]
    miller: ClassVar[Miller]
    line: ClassVar[str]
    loading: ClassVar[float] = 1.0
    weight: ClassVar[float] = 1.0
    # The chance to guess is this divided by the number of choices.
    guessing: ClassVar[float] = 0.0
    teaches: ClassVar[bool] = False
    # Whether a person can come to know the item itself; only for items whose wording is fixed.
    remembered: ClassVar[bool] = False
    # Whether several pieces come from one sitting, in which a person may be in good or in bad form: the choices of one run of a role-play.
    sits: ClassVar[bool] = False
    # Whether what is asked was chosen by how the person answered it before: such answers are no sample of how hard it is.
    chosen: ClassVar[bool] = False
    # How hard an item is before anything was learned of it: the mean and the variance on the logit scale; None is the filter's own.
    anchor: ClassVar[tuple[float, float] | None] = None

    @property
    def counts(self) -> bool:
        """Whether it moves a profile at all."""
        return self.line in LINES

    def chance(self, choices: int) -> float:
        """The probability of being right by guessing among that many choices; 0 choices is an open answer."""
        return self.guessing / choices if choices > 1 else 0.0

    def difficulty_key(self, item: str, actor_id: int | None) -> str:
        """Whose difficulty the filter reads; an observed item is as hard as the observer who scores it is severe."""
        return item

    def says_how_hard(self, item: str, actor_id: int | None) -> bool:
        """Whether a row says anything of how hard its item is."""
        return True

    def memory_key(self, item: str, actor_id: int | None) -> str | None:
        """What the person may have come to know beside the skill; None when there is nothing of the kind."""
        return item if self.remembered else None

    def sitting(self, receipt: str) -> str:
        """Which sitting a receipt <kind>/<sitting>/<turn>/<skill> belongs to; empty when it comes from none or does not say."""
        return receipt.rsplit("/", 2)[0] if self.sits else ""

    def sentence(self, score: float) -> str:
        """What happened, for a timeline, in the reader's language."""
        return str(self.words) % {"share": percent(score)}


class ObservedSource(Source):
    """Somebody watched and scored: the observer's leniency is the item's difficulty, her inclination towards this person a memory.

    An item observer/<id>/<skill> names through whose eyes it was seen. That is not the actor where somebody else decided the level afterwards.
    An item contempt/<id>/<skill> is a line of a contact without respect: level 1 by the rule and not by the mark.

    A mark is given by the anchors of the levels and has to keep their meaning. Levels two to three give a third, two thirds of the points, and
    begin elsewhere on the scale of a typical task: 0.65 logits harder than that, a mark says of a person what its anchor says. Observers
    differ by little around it (docs/measurements.md).
    """

    miller = Miller.DOES
    line = "observed"
    anchor = ANCHOR

    def difficulty_key(self, item: str, actor_id: int | None) -> str:
        """The line as this observer scores it."""
        return f"{item}@{_observer(item, actor_id) or 0}"

    def says_how_hard(self, item: str, actor_id: int | None) -> bool:
        """A level that somebody else decided in a dispute, or that the rule gave, is no mark of the observer's, and says nothing of her severity."""
        return not by_rule(item) and (actor_id is None or _observer(item, actor_id) in (None, actor_id))

    def memory_key(self, item: str, actor_id: int | None) -> str | None:
        """This observer's inclination towards the person; unknown observers have none."""
        who = _observer(item, actor_id)
        return f"@{who}" if who else None


def by_rule(item: str) -> bool:
    """Whether a line is at level 1 because the whole contact was without respect."""
    return item.startswith("contempt/")


def _observer(item: str, actor_id: int | None) -> int | None:
    """Through whose eyes an item was seen: the observer it names, or else whoever scored it."""
    kind, _slash, rest = item.partition("/")
    named = rest.partition("/")[0]
    return int(named) if kind in ("observer", "contempt") and named.isdecimal() else actor_id

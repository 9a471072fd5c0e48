"""A role-play at a fitting difficulty."""

from trainee.kit.i18n import _, language
from trainee.plans.recommendation import Advice, Chances, Recommendation
from trainee.plans.recommendations import recommendations
from trainee.plans.training import Part
from trainee.profile import Gap

BEST = 3


@recommendations.register
class PlayRoleplay(Recommendation):
    """A role-play as hard as her level asks; one that has not had its best ending comes before one that has."""

    key = "play_roleplay"
    gains = {"practice": 0.35, "transfer": 0.12, "unknown": 0.5}
    shown_by = "roleplay_choice"

    def advise(self, gap: Gap, chances: Chances) -> Advice | None:
        """The role-play to play."""
        wanted = min(gap.level.level or 1, BEST)

        def fit(part: Part) -> tuple[bool, int]:
            return chances.ranks.get(part.values["story"], 0) >= BEST, abs(part.difficulty - wanted)

        part = min(chances.of_kind("roleplay"), key=fit, default=None)
        if part is None:
            return None
        title = part.title.of(language())
        if part.values["story"] in chances.ranks:
            words = _("Play “%(title)s” again", title=title)
            sentence = _("Another way through it may end better.")
        else:
            words = _("Play “%(title)s”", title=title)
            sentence = _("A talk with a customer, where a mistake costs no customer anything.")
        return self.step(gap, chances, str(words), str(sentence), part.minutes, part)

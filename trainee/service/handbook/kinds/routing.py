"""Who handles which complaint."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from trainee.kit.i18n import _, _l, _n
from trainee.service.fields import Field, Options, choice
from trainee.service.handbook.kind import Kind, Lack
from trainee.service.handbook.kinds import kinds
from trainee.service.words import causes, severities

# Stands in a line for every cause, or however serious it is, that no line of its own names.
OTHER = "other"


def key_for(cause: str, severity: str) -> str:
    """Under which key the line for a cause and severity stands."""
    return f"{cause}-{severity}"


def keys_for(cause: str, severity: str) -> tuple[str, ...]:
    """Under which keys its line may stand, the nearest first: its own, the cause's, that of how serious it is, and the last one."""
    return tuple(key_for(*pair) for pair in ((cause, severity), (cause, OTHER), (OTHER, severity), (OTHER, OTHER)))


def _causes() -> Options:
    return [*causes(), (OTHER, _l("Every other cause"))]


def _severities() -> Options:
    return [*severities(), (OTHER, _l("However serious"))]


@kinds.register
class Routing(Kind):
    """For one cause and severity: exactly one owner, until when, and to whom it goes when she cannot solve it."""

    key = "routing"
    title = _l("Who handles which complaint")
    add = _l("Add a line")
    lead = _l(
        "For each cause and how serious it is: one owner, one deadline, and who comes next. Whatever has no line of its own goes to the last one."
    )
    icon = "list-checks"
    place = 40
    name = "cause"
    columns = ("cause", "severity", "owner", "hours", "next")
    last = key_for(OTHER, OTHER)
    fields = (
        choice("cause", _l("Cause"), _causes),
        choice("severity", _l("How serious"), _severities),
        Field("owner", _l("Owner"), "line", hint=_l("One job, for instance: duty manager.")),
        Field("hours", _l("Answer within, in hours"), "number", both=False),
        Field("next", _l("If it is not solved: to whom"), "line"),
        Field("first", _l("First step"), required=False),
    )

    def key_of(self, values: Mapping[str, Any]) -> str:
        """The pair itself, so that no pair can have two owners."""
        return key_for(values["cause"], values["severity"])

    def title_of(self, values: Mapping[str, Any], lang: str) -> str:
        """The pair in words."""
        return " · ".join(self.field(name).told(values[name], lang) for name in ("cause", "severity"))

    def lacks(self, found: Sequence[Mapping[str, Any]], lang: str) -> Sequence[Lack]:
        """The pairs that no line stands for."""
        keys = {self.key_of(one) for one in found}
        pairs = [{"cause": cause, "severity": severity} for (cause, _name), (severity, _how) in product(causes(), severities())]
        return [Lack(self.title_of(one, lang), one) for one in pairs if not keys.intersection(keys_for(**one))]

    def lacking(self, many: int) -> tuple[str, str]:
        """So many pairs have no owner."""
        return (
            _n("%(num)d pair has no owner", "%(num)d pairs have no owner", many),
            _(
                "Until a line stands for it, a complaint of such a kind goes to the supervisor of whoever writes it down, or to HR, with a day to "
                "answer it. One line for every other cause, however serious, catches them all."
            ),
        )

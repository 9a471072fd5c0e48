"""Who handles which complaint."""

from collections.abc import Mapping
from typing import Any

from trainee.kit.i18n import _l
from trainee.service.fields import Field, choice
from trainee.service.handbook.kind import Kind
from trainee.service.handbook.kinds import kinds
from trainee.service.words import causes, severities


@kinds.register
class Routing(Kind):
    """For one cause and severity: exactly one owner, until when, and to whom it goes when she cannot solve it."""

    key = "routing"
    title = _l("Who handles which complaint")
    add = _l("Add a line")
    lead = _l("For each cause and how serious it is: one owner, one deadline, and who comes next.")
    icon = "list-checks"
    place = 40
    name = "cause"
    columns = ("cause", "severity", "owner", "hours", "next")
    fields = (
        choice("cause", _l("Cause"), causes),
        choice("severity", _l("How serious"), severities),
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


def key_for(cause: str, severity: str) -> str:
    """Under which key the line for a cause and severity stands."""
    return f"{cause}-{severity}"

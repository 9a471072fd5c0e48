"""What may be given to put something right."""

from collections.abc import Mapping
from typing import Any

from trainee.kit.i18n import _, _l
from trainee.service.fields import Field, Options, choice
from trainee.service.handbook.kind import Kind
from trainee.service.handbook.kinds import kinds

SORTS = (
    ("refund", _l("Refund")),
    ("credit", _l("Account credit")),
    ("coupon", _l("Coupon")),
    ("product", _l("Product or replacement")),
    ("installation", _l("Installation or a service")),
    ("costs", _l("Costs paid back")),
)
# What the law may give: money back, a replacement, a service done anew.
RIGHTS = frozenset({"refund", "product", "installation"})


def sorts() -> Options:
    """The kinds of remedy."""
    return SORTS


@kinds.register
class Remedy(Kind):
    """One remedy: when it fits, up to what amount whom it needs, and what the law gives the customer anyway."""

    key = "remedy"
    title = _l("Remedies and limits")
    add = _l("Add a remedy")
    lead = _l("What may be given to put something right, by whom up to what amount. What the law gives is no remedy and has no limit.")
    icon = "heart-handshake"
    place = 50
    columns = ("name", "sort", "employee", "leader", "conditions")
    fields = (
        Field("name", _l("Remedy"), "line"),
        choice("sort", _l("Kind"), sorts),
        Field("employee", _l("Limit of an employee, in TL"), "money", both=False, hint=_l("0: only with somebody's approval.")),
        Field("leader", _l("Limit of a team leader or duty manager, in TL"), "money", both=False),
        Field("conditions", _l("When it fits")),
        Field("floor", _l("What the law gives anyway"), hint=_l("Nobody may offer less than this.")),
    )

    def wrong(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Who leads may give at least as much."""
        employee, leader = values.get("employee"), values.get("leader")
        if isinstance(employee, int) and isinstance(leader, int) and leader < employee:
            return {"leader": _("A team leader's limit is at least the employee's.")}
        return {}

"""A channel customers reach us by, with its greeting standard."""

from collections.abc import Mapping
from typing import Any

from trainee.kit.i18n import _, _l
from trainee.service.fields import Field, choice
from trainee.service.handbook.kind import Kind
from trainee.service.handbook.kinds import kinds
from trainee.service.words import channels


@kinds.register
class Channel(Kind):
    """Where and when we are reached, what we promise there, what it costs, who answers for it, and how a customer is greeted."""

    key = "channel"
    title = _l("Channels and greeting")
    add = _l("Add a channel")
    lead = _l("How customers reach us: hours, what is promised, what it costs them, and how we greet there.")
    icon = "phone"
    place = 10
    columns = ("name", "hours", "promise", "cost", "within")
    fields = (
        Field("name", _l("Name"), "line"),
        choice("sort", _l("Kind of channel"), channels),
        Field("where", _l("Number or address"), "line", both=False, hint=_l("As customers read it.")),
        Field("hours", _l("Hours"), "line"),
        Field("promise", _l("What we promise"), "line", hint=_l("Within what time somebody answers, and solves it.")),
        Field("cost", _l("What it costs the customer"), "line", required=False, hint=_l("Always for a phone number: free, or a local call.")),
        Field("owner", _l("Who answers for it"), "line"),
        Field("who", _l("Who greets"), "line"),
        Field("within", _l("Within how long"), "line"),
        Field("sample", _l("How it may sound"), hint=_l("An example, not a script.")),
        Field("never", _l("What we do not say")),
    )

    def wrong(self, values: Mapping[str, Any]) -> dict[str, str]:
        """A phone number says what a call costs."""
        cost = values.get("cost") or {}
        if values.get("sort") == "phone" and not (cost.get("tr") and cost.get("en")):
            return {"cost_tr": _("Please say what a call costs the customer.")}
        return {}

"""A point at which a customer meets us."""

from trainee.kit.i18n import _l
from trainee.service.fields import Field, choice
from trainee.service.handbook.kind import Kind
from trainee.service.handbook.kinds import kinds
from trainee.service.words import channels, priorities, qualities, stages


@kinds.register
class Touchpoint(Kind):
    """What a customer meets on the way, by which channel, who answers for it, what quality counts there, and how pressing it is to work on."""

    key = "touchpoint"
    title = _l("Touchpoints along the journey")
    add = _l("Add a touchpoint")
    lead = _l("Every point at which a customer meets us, from finding us to coming back. Each has one owner.")
    icon = "map"
    place = 20
    columns = ("stage", "name", "channel", "owner", "quality", "score", "priority")
    fields = (
        Field("name", _l("What the customer meets"), "line"),
        choice("stage", _l("Stage of the journey"), stages),
        choice("channel", _l("Channel"), channels),
        Field("owner", _l("Owner"), "line", hint=_l("One job or team, not a committee.")),
        choice("quality", _l("Quality that counts most here"), qualities),
        Field("score", _l("How it stands now, 1 to 5"), "number", both=False, required=False, lowest=1, highest=5),
        choice("priority", _l("How pressing to work on"), priorities),
    )

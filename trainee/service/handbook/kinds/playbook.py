"""What happens after the sale, by class of product."""

from trainee.kit.i18n import _l
from trainee.service.fields import Field
from trainee.service.handbook.kind import Kind
from trainee.service.handbook.kinds import kinds


@kinds.register
class Playbook(Kind):
    """For one class of product: delivery and installation, first follow-up, support, guarantee, and what to do when it goes wrong."""

    key = "playbook"
    title = _l("After the sale, by product")
    add = _l("Add a class of product")
    lead = _l("What a customer who has bought may count on: delivery, installation, support, guarantee, and a call.")
    icon = "book-open"
    place = 30
    columns = ("name", "installation", "follow_up")
    fields = (
        Field("name", _l("Class of product"), "line"),
        Field("installation", _l("Delivery and installation")),
        Field("follow_up", _l("First follow-up"), hint=_l("When somebody calls or writes, and what is asked.")),
        Field("support", _l("Technical support")),
        Field("guarantee", _l("Guarantee and repair")),
        Field("trouble", _l("When it goes wrong")),
    )

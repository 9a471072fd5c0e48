"""What happens after the sale, by class of product."""

from collections.abc import Mapping
from typing import Any

from trainee.kit import trtext
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
        Field(
            "products",
            _l("Products of this class"),
            required=False,
            hint=_l("With commas between them. A complaint that names one of them, or the class, finds this page by itself."),
        ),
        Field("installation", _l("Delivery and installation")),
        Field("follow_up", _l("First follow-up"), hint=_l("When somebody calls or writes, and what is asked.")),
        Field("support", _l("Technical support")),
        Field("guarantee", _l("Guarantee and repair"), hint=_l("{{card:key}} becomes a link to a policy card, by its title.")),
        Field("trouble", _l("When it goes wrong")),
    )


def names_one_of(product: str, values: Mapping[str, Any]) -> bool:
    """Whether what was written as the product is the class itself or one of its products, in either language and whatever is said beside it."""
    said = " ".join(["", *trtext.fold(product).split(), ""])
    known = [values["name"].values(), *(words.split(",") for words in (values.get("products") or {}).values())]
    return any(f" {' '.join(name)} " in said for name in (trtext.fold(one).split() for group in known for one in group) if name)

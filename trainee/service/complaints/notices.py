"""Telling who may agree to a remedy that one waits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from trainee.kit.i18n import _, _l, number
from trainee.notices import Kind, Occasion, Reader, kinds
from trainee.service.complaints.queries import approvers, leaders_limits, waiting_remedies


@kinds.register
class RemedyToApprove(Kind):
    """A remedy above its chooser's limit: no amount is named to the customer until somebody agrees, so she waits."""

    key = "remedy_to_approve"
    title = _l("A remedy waits for your approval")
    timing = _l("When it is chosen above the limit of who chose it.")
    stops = _l("It stops when somebody has agreed, another remedy is chosen, or the complaint is closed.")
    icon = "heart-handshake"
    urgent = True
    roles = frozenset({"supervisor", "executive"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """Each that waits, for those who are asked to agree. Four statements, one while nothing waits."""
        waiting = waiting_remedies()
        if not waiting:
            return []
        asked = approvers(waiting, leaders_limits())
        return [
            Occasion(
                one.id,
                f"complaint/{remedy.complaint_id}",
                f"{remedy.chosen_at:%Y-%m-%dT%H:%M:%S}",
                remedy.chosen_at,
                {"id": remedy.complaint_id, "title": dict(remedy.title), "amount": remedy.amount, "by": remedy.by_id},
            )
            for remedy in waiting
            for one in asked[remedy.complaint_id]
            if people is None or one.id in people
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """What for how much, and who chose it."""
        words = {"remedy": reader.text(reason["title"]), "amount": number(reason["amount"]), "name": reader.name(reason["by"])}
        return str(_("%(name)s has chosen “%(remedy)s” for %(amount)s TL for a complaint, and needs your approval.", **words))

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The complaint."""
        return "complaints.complaint", {"complaint_id": reason["id"]}

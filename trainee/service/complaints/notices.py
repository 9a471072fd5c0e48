"""Telling who may agree to a remedy that one waits, who has which complaint, and HR for which no line stands."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from trainee.kit.i18n import _, _l, _n, number
from trainee.notices import Kind, Occasion, Reader, kinds
from trainee.service.complaints.queries import approvers, held, keepers, lacking, leaders_limits, waiting_remedies
from trainee.service.words import CAUSE_OF, SEVERITIES


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


@kinds.register
class ComplaintHeld(Kind):
    """Open complaints that are somebody's: she has the job that the handbook names for them, or has them because it names none or nobody has it."""

    key = "complaint_held"
    title = _l("A complaint has come to you")
    timing = _l("When one is taken in that the handbook gives to your job, or for which it names nobody who is here; those of a day in one message.")
    stops = _l("It stops when the complaint is closed or the handbook gives it to somebody else.")
    icon = "heart-handshake"
    urgent = True

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """For each who has any, one for the day of the newest, or on which one came to her from somebody who left. One statement."""
        return [
            Occasion(
                one.person_id,
                "complaints",
                f"{one.newest:%Y-%m-%d}",
                one.newest,
                {"many": one.many, "lined": one.lined, "id": one.first, "due": one.due.isoformat()},
            )
            for one in held()
            if people is None or one.person_id in people
        ]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """How many, why she has them, and until when the first is to be answered."""
        words = {"day": reader.moment_day(reason["due"]), "hour": reader.hour(reason["due"])}
        if reason.get("lined"):
            return str(
                _n(
                    "%(num)d complaint is with you; its page says why. The customer is to have an answer by %(day)s, %(hour)s.",
                    "%(num)d complaints are with you; their pages say why. The first is to be answered by %(day)s, %(hour)s.",
                    reason["many"],
                    **words,
                )
            )
        return str(
            _n(
                "%(num)d complaint has come to you, since the handbook names nobody for it. The customer is to have an answer by %(day)s, %(hour)s.",
                "%(num)d complaints have come to you, since the handbook names nobody for them. The first is to be answered by %(day)s, %(hour)s.",
                reason["many"],
                **words,
            )
        )

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The one, or the list."""
        return ("complaints.complaint", {"complaint_id": reason["id"]}) if reason["many"] == 1 else ("complaints.complaints", {})


@kinds.register
class LineMissing(Kind):
    """Complaints came in of a cause and severity for which the handbook has no line: whoever looks after it is told where to write one."""

    key = "line_missing"
    title = _l("A line for complaints is missing")
    timing = _l("When a complaint is taken in for which the handbook has no line; those of a day in one message.")
    stops = _l("It stops when the line is written or no such complaint is open.")
    icon = "list-checks"
    roles = frozenset({"hr", "admin"})

    def occasions(self, at: datetime, people: Collection[int] | None = None) -> Sequence[Occasion]:
        """For HR, else the administrators, one for the day of the newest. Two statements, one where no line is missing."""
        found = lacking()
        if not found:
            return []
        newest = found[0].newest
        reason = {"cause": found[0].cause, "severity": found[0].severity, "kinds": len(found), "many": sum(one.many for one in found)}
        return [Occasion(one, "routing", f"{newest:%Y-%m-%d}", newest, reason) for one in keepers() if people is None or one in people]

    def sentence(self, reason: Mapping[str, Any], reader: Reader) -> str:
        """For what, and who has them meanwhile."""
        kind = f"{CAUSE_OF[reason['cause']].name} · {dict(SEVERITIES)[reason['severity']]}"
        if reason["kinds"] == 1:
            return str(
                _n(
                    "The handbook has no line for %(kind)s. Until it has one, %(num)d open complaint is with a supervisor or with HR.",
                    "The handbook has no line for %(kind)s. Until it has one, %(num)d open complaints are with supervisors or with HR.",
                    reason["many"],
                    kind=kind,
                )
            )
        words = {"kinds": number(reason["kinds"]), "many": number(reason["many"]), "kind": kind}
        return str(
            _(
                "The handbook lacks %(kinds)s lines, the last for %(kind)s. Until then %(many)s open complaints are with supervisors or with HR.",
                **words,
            )
        )

    def place(self, reason: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Where the line is written, or where all that are missing stand."""
        if reason["kinds"] > 1:
            return "handbook.book", {"kind_key": "routing"}
        return "handbook.new_entry", {"kind_key": "routing", "cause": reason["cause"], "severity": reason["severity"]}

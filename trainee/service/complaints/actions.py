"""Taking in complaints, handling them step by step, and choosing what puts them right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from trainee.kit import audit
from trainee.kit.db import db, insert_once, upsert
from trainee.kit.errors import Forbidden, Refusal
from trainee.kit.i18n import _
from trainee.kit.masking import masked
from trainee.people import Viewer
from trainee.service import stored
from trainee.service.complaints.method import STEP_OF, STEPS
from trainee.service.complaints.models import BOOK, Complaint, ComplaintRemedy, ContactCount
from trainee.service.complaints.queries import HANDED_ON, UNROUTED, Owners, leaders_limits, may_approve, passed_on, remedy_of
from trainee.service.handbook import Entry
from trainee.service.handbook.kinds.playbook import names_one_of
from trainee.service.handbook.kinds.remedy import RIGHTS
from trainee.service.handbook.kinds.routing import keys_for
from trainee.service.handbook.queries import entries, nearest

# While the handbook has no line for it, a complaint is answered within a day.
DEADLINE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Heard:
    """A complaint as it comes in."""

    received_at: datetime
    channel: str
    cause: str
    severity: str
    words: str
    product: str = ""
    # The playbook's key; where none is given, it is recognised by what is written as the product.
    product_class: str = ""
    # Where another system says that it is closed already.
    closed_at: datetime | None = None


def route(cause: str, severity: str) -> Entry | None:
    """The handbook's one line for this cause and severity: its own, else the one for whatever has none; None where the book lacks that, too."""
    return nearest("routing", keys_for(cause, severity))


def class_of(product: str) -> str | None:
    """The key of the playbook for such a product; None where no class names it."""
    found = entries("playbook") if product.strip() else []
    return next((one.key for one in found if names_one_of(product, one.values)), None)


def take(heard: Heard, system: str, external_id: str, *, at: datetime, by_id: int | None, owners: Owners | None = None) -> int | None:
    """Keep a complaint and give it to its one owner, with a date; its id. None when that system's number is known already.

    The handbook's line names a job: one person who holds it has the complaint, else somebody above whoever takes it in. So it is where the handbook
    has no line for it, until one is written, with a day to answer it. A file that brings many asks for their `owners` together.
    """
    known = select(Complaint.id).where(Complaint.system == system, Complaint.external_id == external_id)
    if db.session.scalar(known) is not None:
        return None
    line, holder = route(heard.cause, heard.severity), None
    if heard.closed_at is None:
        owners = owners or Owners(by_id)
        holder = (owners.of(line.values["owner"]) if line is not None else None) or owners.otherwise
    values: dict[str, Any] = {
        "system": system,
        "external_id": external_id,
        "received_at": heard.received_at,
        "channel": heard.channel,
        "cause": heard.cause,
        "severity": heard.severity,
        "product": heard.product,
        "product_class": heard.product_class or class_of(heard.product),
        "words": masked(heard.words),
        "owner": line.values["owner"] if line is not None else None,
        "held_by_id": holder,
        "due_at": heard.received_at + (timedelta(hours=line.values["hours"]) if line is not None else DEADLINE),
        "steps": {},
        "revision": 0,
        "closed_at": heard.closed_at,
        "closed_by_id": None,
    }
    made = insert_once(Complaint, values, ["system", "external_id"])
    if made is not None:
        audit.note(by_id, "take complaint", f"complaint/{made}", at)
    return made


def route_open(*, at: datetime, by_id: int | None) -> int:
    """Give every open complaint that came in before the handbook had a line for it to the owner it has now; how many.

    The hours count from when it was received: the customer has waited since then. Whose holder has left, or has none, goes on first, as `hand_on`
    does it. Two statements where none waits.
    """
    hand_on(at=at, by_id=by_id)
    waiting = list(db.session.execute(select(Complaint).where(*UNROUTED).order_by(Complaint.id)).scalars())
    lines = {pair: route(*pair) for pair in dict.fromkeys((one.cause, one.severity) for one in waiting)}
    found = [(one, line) for one in waiting if (line := lines[one.cause, one.severity]) is not None]
    owners = {who: Owners(who) for who in {one.held_by_id for one, _line in found}}
    for one, line in found:
        due = one.received_at + timedelta(hours=line.values["hours"])
        owner = line.values["owner"]
        _change(one, one.revision, owner=owner, held_by_id=owners[one.held_by_id].of(owner) or one.held_by_id, due_at=due)
        audit.note(by_id, "route complaint", f"complaint/{one.id}", at)
    return len(found)


def hand_on(*, at: datetime, by_id: int | None) -> int:
    """Give every open complaint whose holder has left, and every one with a line and without anybody, to who has it now; how many.

    Doing it again changes nothing. One statement where there is none.
    """
    heirs = passed_on()
    for number, who in heirs.items():
        one = db.session.get_one(Complaint, number)
        _change(one, one.revision, held_by_id=who)
        audit.note(by_id, HANDED_ON, f"complaint/{number}", at)
    return len(heirs)


def count_contacts(system: str, day: date, channel: str, contacts: int) -> None:
    """Keep how many contacts a day had in one channel; the same day once more replaces it."""
    values = {"system": system, "day": day, "channel": channel, "contacts": contacts}
    upsert(ContactCount, values, ["day", "channel", "system"], ["contacts"])


def do_step(complaint: Complaint, step: str, *, why_not: str, revision: int, at: datetime, by_id: int) -> None:
    """Note that a step was done, or, with a reason, that it was left out. The same once more changes nothing."""
    if step not in STEP_OF:
        raise Refusal(_("There is no such step."), 422)
    _require_open(complaint)
    if step in complaint.steps:
        return
    done = {**complaint.steps, step: {"at": at.isoformat(), "by": by_id, "why": why_not.strip()[:400]}}
    _change(complaint, revision, steps=done)
    audit.note(by_id, "leave out step" if why_not.strip() else "do step", f"complaint/{complaint.id}", at, step=step)


def close_as_told(system: str, external_id: str, closed_at: datetime, *, at: datetime, by_id: int | None) -> bool:
    """Close an open complaint because the system it comes from says that it is closed; whether it was open here.

    Nobody here closed it, and its steps stay as they are. Refusal (422) while its remedy waits for approval.
    """
    known = (Complaint.system == system) & (Complaint.external_id == external_id)
    found = db.session.execute(select(Complaint).where(known, Complaint.closed_at.is_(None))).scalar_one_or_none()
    if found is None:
        return False
    _require_agreed(found)
    _change(found, found.revision, closed_at=max(closed_at, found.received_at))
    audit.note(by_id, "close complaint by file", f"complaint/{found.id}", at)
    return True


def _require_agreed(complaint: Complaint) -> None:
    remedy = remedy_of(complaint.id)
    if remedy is not None and remedy.above_limit and remedy.approved_at is None:
        raise Refusal(_("The remedy still waits for approval."), 422, "remedy")


def _require_open(complaint: Complaint) -> None:
    if complaint.closed_at is not None:
        raise Refusal(_("This complaint is closed."))


def _change(complaint: Complaint, revision: int, **values: Any) -> None:
    same = (Complaint.id == complaint.id) & (Complaint.revision == revision)
    done = db.session.execute(update(Complaint).where(same).values(**values, revision=revision + 1).returning(Complaint.id)).first()
    if done is None:
        raise Refusal(_("Somebody changed this while you were writing. Look at it again, and then make your change."))
    db.session.refresh(complaint)


def limit_of(remedy: Mapping[str, Any], who: Viewer) -> int:
    """Up to what amount somebody may give a remedy alone."""
    return int(remedy["leader"] if who.holds("supervisor", "executive") else remedy["employee"])


def choose(
    complaint: Complaint, entry: Entry, *, amount: int, benefit: str, reason: str, who: Viewer, at: datetime, right_by: str | None = None
) -> bool:
    """Choose what puts it right; whether it waits for somebody's approval, being above the chooser's limit.

    With `right_by`, the key of a policy card that gives a right, or BOOK, it is the customer's right: no limit applies. Refusal (422) without what it
    does for the customer and why it fits her case, and where the law gives no such right.
    """
    _require_open(complaint)
    if not benefit.strip():
        raise Refusal(_("Please write what it does for the customer."), 422, "benefit")
    if not reason.strip():
        raise Refusal(_("Please write why this remedy, for this customer."), 422, "reason")
    if right_by and entry.values["sort"] not in RIGHTS:
        raise Refusal(
            _("The law gives no right to this. Only money back, a replacement or a service done anew can be the customer's right."), 422, "right_by"
        )
    if right_by and right_by != BOOK and ((card := stored.cards().get(right_by)) is None or card.retired or not card.gives_right):
        raise Refusal(_("Please choose one of these."), 422, "right_by")
    standing = remedy_of(complaint.id)
    if standing is not None and standing.approved_at is not None:
        raise Refusal(_("The remedy is approved already."))
    above = not right_by and amount > limit_of(entry.values, who)
    values = {
        "complaint_id": complaint.id,
        "remedy": entry.key,
        "title": entry.values["name"],
        "amount": amount,
        "benefit": masked(benefit),
        "reason": masked(reason),
        "by_id": who.id,
        "chosen_at": at,
        "above_limit": above,
        "right_by": right_by or None,
        "approved_by_id": None,
        "approved_at": None,
    }
    upsert(ComplaintRemedy, values, ["complaint_id"], [name for name in values if name != "complaint_id"])
    db.session.expire_all()
    audit.note(who.id, "choose remedy", f"complaint/{complaint.id}", at, remedy=entry.key, amount=amount, above_limit=above, right_by=right_by or "")
    return above


def approve(complaint: Complaint, *, who: Viewer, at: datetime) -> None:
    """Agree to a remedy above its chooser's limit; somebody else than the chooser, whose own limit it holds, or an executive."""
    remedy = remedy_of(complaint.id)
    if remedy is None or not remedy.above_limit or remedy.approved_at is not None:
        raise Refusal(_("Nothing waits for approval here."))
    if remedy.by_id == who.id:
        raise Forbidden(_("Somebody else has to agree to what you chose."))
    if not may_approve(remedy, leaders_limits().get(remedy.remedy), who.id, who.roles):
        raise Forbidden(_("This is above your own limit, too. An executive decides."))
    remedy.approved_by_id, remedy.approved_at = who.id, at
    db.session.flush()
    audit.note(who.id, "approve remedy", f"complaint/{complaint.id}", at)


def close(complaint: Complaint, *, revision: int, at: datetime, by_id: int) -> None:
    """Close a complaint whose steps were all done or left out for a reason. Refusal while one is open or a remedy waits for approval."""
    if complaint.closed_at is not None:
        return
    waiting = [str(one.title) for one in STEPS if one.key not in complaint.steps]
    if waiting:
        words = _("Some steps are still open: %(steps)s. Do them, or say why one is left out.", steps=", ".join(waiting))
        raise Refusal(words, 422, "steps")
    _require_agreed(complaint)
    _change(complaint, revision, closed_at=at, closed_by_id=by_id)
    audit.note(by_id, "close complaint", f"complaint/{complaint.id}", at)

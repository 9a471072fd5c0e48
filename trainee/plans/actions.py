"""Giving assignments and excusing from them."""

from datetime import date, datetime

from trainee.kit import audit
from trainee.kit.db import db, insert_once
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _
from trainee.modules.library import module_or_404
from trainee.plans.models import Assignment


def assign(
    person_id: int, module_key: str, *, at: datetime, given_by_id: int | None, why: str, due_on: date | None = None, accepts_earlier: bool = False
) -> int | None:
    """Ask a person to do a module; the new assignment's id, or None when this very one was given before. Refusal without a reason."""
    if not why.strip():
        raise Refusal(_("Please say in a sentence why; it is shown with the assignment."), 422)
    module_or_404(module_key)
    values = {
        "person_id": person_id,
        "module_key": module_key,
        "given_by_id": given_by_id,
        "given_at": at,
        "due_on": due_on,
        "why": why.strip(),
        "accepts_earlier": accepts_earlier,
        "excused_at": None,
        "excuse": None,
    }
    made = insert_once(Assignment, values, ["person_id", "module_key", "given_at"])
    if made is not None:
        audit.note(given_by_id, "assign", f"assignment/{made}", at, module=module_key)
    return made


def excuse(assignment_id: int, reason: str, at: datetime, by_id: int) -> None:
    """Excuse somebody from an assignment, with a reason; who is excused already stays so, with the first reason."""
    if not reason.strip():
        raise Refusal(_("Please write the reason."), 422)
    one = db.session.get_one(Assignment, assignment_id)
    if one.excused_at is not None:
        return
    one.excused_at, one.excuse = at, reason.strip()
    audit.note(by_id, "excuse", f"assignment/{assignment_id}", at)

"""What WTForms offers and its published types do not know yet, and how a refusal finds its place in a form."""

from typing import Any

from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # The stubs describe WTForms 3.2.

from trainee.kit.db import db
from trainee.kit.errors import Refusal

__all__ = ["SelectChoice", "beside"]


def beside(form: Any, refusal: Refusal) -> None:
    """Take back what was begun, and put the sentence beside the field it is about; what no field can mend is raised again, as a page of its own."""
    db.session.rollback()
    if refusal.status != 422 or refusal.code not in form:
        raise refusal
    form[refusal.code].errors = [refusal.message]

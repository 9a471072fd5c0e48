"""What WTForms offers and its published types do not know yet, and how a refusal finds its place in a form."""

from typing import Any

from wtforms import validators
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # The stubs describe WTForms 3.2.

from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _

__all__ = ["Length", "SelectChoice", "beside", "complaints"]


class Length(validators.Length):
    """At most so many characters; the sentence names what is too long. WTForms itself calls everything a field."""

    def __init__(self, max: int) -> None:
        super().__init__(max=max)

    def __call__(self, form: Any, field: Any) -> None:
        try:
            super().__call__(form, field)
        except validators.ValidationError:
            words = _(
                "“%(name)s” has %(now)s characters, and %(most)s are the most. Please shorten it.",
                name=field.label.text,
                now=len(field.data),
                most=self.max,
            )
            raise validators.ValidationError(words) from None


def complaints(form: Any) -> list[tuple[str, str]]:
    """What is wrong with a form, for its head: each field that complains with its first sentence."""
    return [(field.id, str(field.errors[0])) for field in form if field.errors]


def beside(form: Any, refusal: Refusal) -> None:
    """Take back what was begun, and put the sentence beside the field it is about; what no field can mend is raised again, as a page of its own."""
    db.session.rollback()
    if refusal.status != 422 or refusal.code not in form:
        raise refusal
    form[refusal.code].errors = [refusal.message]

"""What WTForms offers and its published types do not know yet, and how a refusal finds its place in a form."""

from typing import Any, Final, TypeVar

from wtforms import FloatField, validators
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # The stubs describe WTForms 3.2.
from wtforms.widgets import TextInput

from trainee.kit.db import db
from trainee.kit.errors import Refusal
from trainee.kit.i18n import _, number

__all__ = ["REVISIONS", "Length", "NumberField", "SelectChoice", "beside", "both_stand", "complaints", "whole"]

# The greatest number that a text's revision is counted to.
REVISIONS: Final = 10**8
Other = TypeVar("Other")


def whole(sent: str | None, most: int, other: Other) -> int | Other:
    """The whole number from 0 to `most` that was sent, in ASCII digits; `other` for everything else, however long it is."""
    typed = (sent or "").strip()
    if not (typed.isascii() and typed.isdigit()):
        return other
    digits = typed.lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(most)) and int(digits) <= most else other


class NumberField(FloatField):
    """A number as the reader writes it: 0,5 or 0.5, with a minus of either kind. It stands there again as the site writes numbers.

    Its box takes words: a browser's own box for numbers leaves out whatever is written with a comma, and sends nothing in its place.
    """

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; where it is no number, it stays as it was typed."""
        if valuelist and valuelist[0].strip():
            try:
                self.data = float(valuelist[0].strip().replace("\u2212", "-").replace(",", "."))
            except ValueError:
                self.data = None
                raise ValueError(_("“%(words)s” is no number. Please write it like %(one)s.", words=valuelist[0][:40], one=number(1.5, 1))) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}".replace(".", number(0.5, 1)[1])


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


def both_stand(form: Any, stands: Any) -> None:
    """Say beside each field what somebody else saved there meanwhile, where that is something else; `stands` is the same form filled with it."""
    for field in form:
        here = stands[field.name].data if field.name in stands else None
        if field.type in ("HiddenField", "CSRFTokenField") or (here or "") == (field.data or ""):
            continue
        words = {one.value: one.label for one in field.choices}.get(here, "—") if hasattr(field, "choices") else here or "—"
        field.errors = [_("Here now stands: “%(words)s”. If you save again, yours takes its place.", words=words)]

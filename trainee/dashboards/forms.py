"""What a supervisor fills in for somebody."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from trainee.kit.forms import SelectChoice
from trainee.kit.i18n import _, _l


class AssignmentForm(FlaskForm):
    """A module for one person: until when, and why. `asked_at` is when the page was opened, so that pressing twice asks once."""

    module = SelectField(_l("Module"), [InputRequired(_l("Please choose a module."))])
    due_on = DateField(_l("Until when"), [Optional()], description=_l("A date gives a friendly reminder; leave it empty for “when there is time”."))
    why = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Please say in a sentence why; it is shown with the assignment.")), Length(max=500)],
        description=_l("The person reads this sentence with the assignment."),
    )
    asked_at = HiddenField()

    # Set by the view: the date where the person lives.
    earliest: date | None = None

    def offer(self, modules: list[tuple[str, str]], earliest: date) -> None:
        """Fill in the modules there are and the first date that makes sense."""
        self.module.choices = [SelectChoice("", _("Choose a module")), *[SelectChoice(key, title) for key, title in modules]]
        self.earliest = earliest

    def validate_due_on(self, field: Any) -> None:
        """A date that has passed helps nobody."""
        if field.data is not None and self.earliest is not None and field.data < self.earliest:
            raise ValidationError(_("That day has passed. Choose today or a later day."))

    def validate_why(self, field: Any) -> None:
        """Blanks are no reason."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please say in a sentence why; it is shown with the assignment."))


class ExcuseForm(FlaskForm):
    """Why somebody need not do an assignment."""

    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Please write the reason.")), Length(max=500)])

    def validate_reason(self, field: Any) -> None:
        """Blanks are no reason."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please write the reason."))

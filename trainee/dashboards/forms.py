"""What a supervisor fills in for somebody."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from trainee.kit.forms import SelectChoice
from trainee.kit.i18n import _, _l


def whole(value: Any) -> int | str:
    """A number of a list, or nothing; what is neither is not in the list."""
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else str(value)


class AssignmentForm(FlaskForm):
    """Something to do for one person: until when, and why. `asked_at` is when the page was opened, so that pressing twice asks once."""

    what = SelectField(_l("What"), [InputRequired(_l("Please choose what is to be done."))])
    due_on = DateField(_l("Until when"), [Optional()], description=_l("A date gives a friendly reminder; leave it empty for “when there is time”."))
    why = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Please say in a sentence why; it is shown with the assignment.")), Length(max=500)],
        description=_l("The person reads this sentence with the assignment."),
    )
    accepts_earlier = BooleanField(
        _l("What was done before counts too"),
        description=_l("Without this tick only what is done from now on counts, also when it was done before."),
    )
    ending = SelectField(_l("A role-play counts with"), coerce=whole, default="")
    asked_at = HiddenField()
    # The skill whose gap it answers, when it was given from one.
    skill = HiddenField()

    # Set by the view: the date where the person lives.
    earliest: date | None = None

    def offer(self, tasks: list[tuple[str, str]], earliest: date) -> None:
        """Fill in what may be assigned and the first date that makes sense."""
        self.what.choices = [SelectChoice("", _("Choose what is to be done")), *[SelectChoice(key, title) for key, title in tasks]]
        endings = ((None, _("any ending")), (2, _("a middling ending or better")), (3, _("the best ending")))
        self.ending.choices = [SelectChoice("" if rank is None else rank, words) for rank, words in endings]
        self.earliest = earliest

    def validate_due_on(self, field: Any) -> None:
        """A date that has passed helps nobody."""
        if field.data is not None and self.earliest is not None and field.data < self.earliest:
            raise ValidationError(_("That day has passed. Choose today or a later day."))

    def validate_why(self, field: Any) -> None:
        """Blanks are no reason."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please say in a sentence why; it is shown with the assignment."))


class AssignManyForm(AssignmentForm):
    """The same for many people at once."""

    whom = SelectField(_l("To whom"), [InputRequired(_l("Please choose to whom."))])

    def offer(self, tasks: list[tuple[str, str]], earliest: date, whom: list[tuple[str, str]] | None = None) -> None:
        """Fill in what may be assigned, from when on, and to whom."""
        super().offer(tasks, earliest)
        self.whom.choices = [SelectChoice("", _("Choose to whom")), *[SelectChoice(key, words) for key, words in whom or []]]


class ExcuseForm(FlaskForm):
    """Why somebody need not do an assignment."""

    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Please write the reason.")), Length(max=500)])

    def validate_reason(self, field: Any) -> None:
        """Blanks are no reason."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please write the reason."))

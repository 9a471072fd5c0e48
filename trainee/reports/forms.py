"""What is filled in to have a report sent by itself."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from trainee.kit.forms import SelectChoice
from trainee.kit.i18n import _, _l
from trainee.reports.formats.format import Format

MONTH = "month"


def whens() -> list[tuple[str, str]]:
    """When a report can come: (value, words)."""
    days = (_("every Monday"), _("every Tuesday"), _("every Wednesday"), _("every Thursday"), _("every Friday"))
    return [(MONTH, _("on the first of every month")), *[(str(place), words) for place, words in enumerate(days, start=1)]]


class ScheduleForm(FlaskForm):
    """A report that comes by itself: when, as which file, and to whom."""

    when = SelectField(_l("When it comes"), [InputRequired(_l("Please choose when it comes."))])
    format = SelectField(_l("Kind of file"), [InputRequired(_l("Please choose the kind of file."))])
    last_period = BooleanField(_l("Only of the week, or the month, before"))
    readers = SelectMultipleField(
        _l("To whom"),
        [InputRequired(_l("Please choose to whom it goes."))],
        coerce=int,
        description=_l("Each gets it in her own language, and of those she may see herself; who loses the role or leaves gets nothing any more."),
    )
    find = StringField(_l("Find somebody"))
    receipt = HiddenField()

    def offer(self, formats: list[Format], readers: list[tuple[int, str]]) -> None:
        """Fill in what can be chosen."""
        self.when.choices = [SelectChoice(value, words) for value, words in whens()]
        self.format.choices = [SelectChoice(one.key, str(one.title)) for one in formats]
        self.readers.choices = [SelectChoice(number, name) for number, name in readers]

    @property
    def weekday(self) -> int | None:
        """The weekday that was chosen; None for the first of the month."""
        return None if self.when.data == MONTH else int(self.when.data)

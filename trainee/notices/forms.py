"""How somebody wishes her messages."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError

from trainee.kit.forms import SelectChoice
from trainee.kit.i18n import _, _l
from trainee.notices.words import DAY_NAMES


class WishForm(FlaskForm):
    """Hours, days and whether mails come at all; the kinds are beside it, by their keys."""

    mails = BooleanField(_l("Send me mails"))
    opens = SelectField(_l("Not before"), choices=[SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)], validators=[InputRequired()])
    closes = SelectField(_l("Not after"), choices=[SelectChoice(str(hour), f"{hour:02}:00") for hour in range(1, 25)], validators=[InputRequired()])
    days = SelectMultipleField(
        _l("My working days"),
        choices=[SelectChoice(str(number), name) for number, name in enumerate(DAY_NAMES, 1)],
        validators=[InputRequired(_l("Please choose one day at least."))],
    )

    def validate_closes(self, field: Any) -> None:
        """There must be an hour between; an earlier time than the first is one of the next day."""
        if field.data == self.opens.data:
            raise ValidationError(_("Please choose another time than the first one. From 00:00 to 24:00 is the whole day."))


def chosen(form: Mapping[str, str], keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The frequency chosen for each of these kinds (key: its choices), as the page sends them; what makes no sense is left as it is."""
    return {key: form[f"kind-{key}"] for key, choices in keys.items() if form.get(f"kind-{key}") in choices}

"""What a draw is made from."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from trainee.coaching.draws.actions import MOST_WANTED
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l

KIND_NAMES = {
    "references": _l("From a list of contacts"),
    "hours": _l("From the hours of some days"),
    "shifts": _l("From their shifts on the duty roster"),
}


class DrawForm(FlaskForm):
    """A pool, and how many contacts are to be taken from it."""

    kind = RadioField(
        _l("What is drawn from?"),
        [InputRequired(_l("Please choose what is drawn from."))],
        choices=[SelectChoice(key, KIND_NAMES[key]) for key in KIND_NAMES],
        default="references",
    )
    references = TextAreaField(_l("Numbers of the contacts, one a line"), [Length(max=200_000)])
    first = DateField(_l("From"), [Optional()])
    last = DateField(_l("Until"), [Optional()])
    begins = IntegerField(_l("From hour"), [Optional(), NumberRange(0, 23, _l("Hours are 0 to 24."))], default=9)
    ends = IntegerField(_l("Until hour"), [Optional(), NumberRange(1, 24, _l("Hours are 0 to 24."))], default=18)
    weekends = BooleanField(_l("Weekends too"))
    wanted = IntegerField(_l("How many?"), [InputRequired(_l("Please say how many.")), NumberRange(1, MOST_WANTED, _l("One to ten."))], default=3)
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])


class ReplacementForm(FlaskForm):
    """Why a drawn contact cannot be observed."""

    reason = TextAreaField(_l("Why not this one?"), [InputRequired(_l("Please write why this one cannot be observed.")), Length(max=500)])

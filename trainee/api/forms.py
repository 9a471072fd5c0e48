"""What is filled in for a token."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange

from trainee.api.resources import SCOPES
from trainee.api.tokens import LONGEST_DAYS
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l
from trainee.plans.noted import SCOPES as SCOPE_NAMES


class TokenForm(FlaskForm):
    """Leave for one program: what it is called, what it may read, and for how long."""

    name = StringField(_l("What is it for?"), [InputRequired(_l("Please give it a name.")), Length(max=120)], description=_l("Such as: payroll."))
    scopes = SelectMultipleField(_l("What may it read?"), [InputRequired(_l("Please choose what it may read."))])
    days = IntegerField(
        _l("For how many days?"),
        [
            InputRequired(_l("Choose 1 to %(most)s days.", most=LONGEST_DAYS)),
            NumberRange(1, LONGEST_DAYS, _l("Choose 1 to %(most)s days.", most=LONGEST_DAYS)),
        ],
    )
    receipt = HiddenField()

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.scopes.choices = [SelectChoice(key, f"{key}: {SCOPE_NAMES[key]}") for key in SCOPES]

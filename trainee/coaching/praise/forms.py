"""What is filled in to praise somebody."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from trainee.coaching.praise.actions import LONGEST
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l


class PraiseForm(FlaskForm):
    """A few words, what they are for, and whether the team reads them."""

    reason = RadioField(_l("What for?"), [InputRequired(_l("Please choose what it is for: something that was seen, played or suggested lately."))])
    words = TextAreaField(_l("In your words"), [InputRequired(_l("Please write what was done well.")), Length(max=LONGEST)])
    to_team = BooleanField(_l("The team may read it too"))
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, reasons: list[tuple[str, str]]) -> None:
        """What there is to praise for."""
        self.reason.choices = [SelectChoice(key, words) for key, words in reasons]

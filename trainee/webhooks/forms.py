"""What is filled in for a webhook."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l
from trainee.webhooks.actions import EVENTS


class WebhookForm(FlaskForm):
    """Where somebody wants to be told, and of what."""

    name = StringField(_l("What is it called?"), [InputRequired(_l("Please give it a name.")), Length(max=120)])
    url = StringField(
        _l("Where to?"),
        [InputRequired(_l("Please write the address.")), Length(max=500)],
        description=_l("An address that begins with https://. It is called with POST and JSON; docs/webhooks.md says how to check the signature."),
    )
    events = SelectMultipleField(_l("What is it told of?"), [InputRequired(_l("Please choose what it is told of."))])
    receipt = HiddenField()

    def offer(self) -> None:
        """Fill in what can be chosen."""
        self.events.choices = [SelectChoice(key, str(words)) for key, words in EVENTS.items()]

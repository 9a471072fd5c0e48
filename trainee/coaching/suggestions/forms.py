"""What is filled in when an idea is put forward or answered."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from trainee.coaching.suggestions.models import DECISIONS
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l

DECISION_NAMES = {"adopted": _l("Adopted"), "declined": _l("Not adopted"), "later": _l("Later")}


class SuggestionForm(FlaskForm):
    """An idea."""

    title = StringField(_l("In a few words"), [InputRequired(_l("Please give it a title.")), Length(max=120)])
    problem = TextAreaField(_l("What is in the way?"), [InputRequired(_l("Please write what is in the way.")), Length(max=4000)])
    idea = TextAreaField(_l("What would help?"), [InputRequired(_l("Please write what would help.")), Length(max=4000)])
    together = SelectMultipleField(_l("Who took part?"))
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, colleagues: Mapping[int, str]) -> None:
        """The colleagues of the author's team."""
        self.together.choices = [SelectChoice(str(number), name) for number, name in colleagues.items()]


class ReplyForm(FlaskForm):
    """The answer to an idea."""

    decision = RadioField(
        _l("Decision"), [InputRequired(_l("Please choose what is decided."))], choices=[SelectChoice(key, DECISION_NAMES[key]) for key in DECISIONS]
    )
    reply = TextAreaField(_l("Your answer, with the reason"), [InputRequired(_l("Please write the reason.")), Length(max=4000)])


class EffectForm(FlaskForm):
    """What came of an idea that was adopted."""

    effect = TextAreaField(_l("What has changed?"), [InputRequired(_l("Please write what has changed.")), Length(max=4000)])

"""What is filled in to ask for a correction, and to decide on it."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l
from trainee.plans.noted import CORRECTED, GROUNDS
from trainee.privacy.models import DECISIONS


class CorrectionForm(FlaskForm):
    """What is wrong and how it should read."""

    what = TextAreaField(_l("What is wrong?"), [InputRequired(_l("Please write what is wrong.")), Length(max=4000)])
    why = TextAreaField(_l("How should it read, and why?"), [InputRequired(_l("Please write how it should read, and why.")), Length(max=4000)])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])


class DecisionForm(FlaskForm):
    """What becomes of a request."""

    decision = RadioField(
        _l("Decision"), [InputRequired(_l("Please choose what is decided."))], choices=[SelectChoice(key, CORRECTED[key]) for key in DECISIONS]
    )
    answer = TextAreaField(_l("The answer your colleague reads"), [InputRequired(_l("Please write the answer.")), Length(max=4000)])


class NoticeForm(FlaskForm):
    """What people are told about their data, in both languages."""

    words_tr = TextAreaField(_l("In Turkish"), [InputRequired(_l("Please write it in both languages.")), Length(max=20_000)])
    words_en = TextAreaField(_l("In English"), [InputRequired(_l("Please write it in both languages.")), Length(max=20_000)])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])


class AnonymityForm(FlaskForm):
    """On what ground somebody is made anonymous, and her user name, so that it does not happen by mistake."""

    ground = RadioField(
        _l("On what ground"),
        [InputRequired(_l("Please choose the ground."))],
        choices=[SelectChoice(key, words) for key, words in GROUNDS.items()],
    )
    typed = StringField(_l("Type the user name"), [InputRequired(_l("Please type the user name, so that it does not happen by mistake."))])


class ReasonForm(FlaskForm):
    """Why HR opens everything that is held about somebody."""

    reason = StringField(_l("Why do you open it?"), [DataRequired(_l("Please write why; the person reads it.")), Length(max=200)])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

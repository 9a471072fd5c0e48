"""What is filled in to ask for a correction, and to decide on it."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l
from trainee.privacy.models import DECISIONS

DECISION_NAMES = {"corrected": _l("Corrected"), "partly": _l("Corrected in part"), "declined": _l("Not corrected")}


class CorrectionForm(FlaskForm):
    """What is wrong and how it should read."""

    what = TextAreaField(_l("What is wrong?"), [InputRequired(_l("Please write what is wrong.")), Length(max=4000)])
    why = TextAreaField(_l("How should it read, and why?"), [InputRequired(_l("Please write how it should read, and why.")), Length(max=4000)])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])


class DecisionForm(FlaskForm):
    """What becomes of a request."""

    decision = RadioField(
        _l("Decision"), [InputRequired(_l("Please choose what is decided."))], choices=[SelectChoice(key, DECISION_NAMES[key]) for key in DECISIONS]
    )
    answer = TextAreaField(_l("The answer your colleague reads"), [InputRequired(_l("Please write the answer.")), Length(max=4000)])

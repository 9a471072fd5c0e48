"""What is filled in to offer an opportunity and to say what came of it."""

from typing import Final

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from trainee.coaching.growth.actions import LONGEST
from trainee.coaching.growth.models import KINDS
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l

# Each kind's name and what it is, for whom it is offered to.
KIND_NAMES: Final = {
    "stretch_task": (_l("Stretch task"), _l("Take on the difficult contact, or a small project that asks more than the job does.")),
    "shadowing": (_l("Shadowing"), _l("Spend half a shift beside a colleague of another team or channel.")),
    "peer_coach": (_l("Peer coach"), _l("Sit beside a colleague who is learning this; who explains it finds out what she does without thinking.")),
}


class OfferForm(FlaskForm):
    """An opportunity for somebody."""

    skill = SelectField(_l("Skill"), [InputRequired(_l("Please choose a skill and what is offered."))])
    kind = RadioField(
        _l("What do you offer?"),
        [InputRequired(_l("Please choose a skill and what is offered."))],
        choices=[SelectChoice(kind, KIND_NAMES[kind][0]) for kind in KINDS],
    )
    words = TextAreaField(_l("In your words"), [Length(max=LONGEST)])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, skills: list[tuple[str, str]]) -> None:
        """The skills there are."""
        self.skill.choices = [SelectChoice(key, name) for key, name in skills]


class OutcomeForm(FlaskForm):
    """What came of it."""

    outcome = TextAreaField(_l("What came of it?"), [InputRequired(_l("Please write what came of it.")), Length(max=LONGEST)])

"""What is filled in to begin an interview, and to code what was said."""

from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _, _l
from trainee.voice.interviews.actions import LONGEST
from trainee.voice.interviews.models import CONSENTS, SIDES

CONSENT_NAMES: Final = {
    "notes": _l("that notes are taken, for us alone"),
    "quotes": _l("that what was said may be passed on word for word, without a name"),
}
SIDE_NAMES: Final = {"strength": _l("A strength"), "weakness": _l("A weakness")}


class BeginForm(FlaskForm):
    """Along which guide, with whom, and what was agreed to."""

    guide = SelectField(_l("Guide"), [InputRequired(_l("Please choose."))])
    held_on = DateField(_l("Held on"), [InputRequired(_l("Please write the date."))])
    whom = StringField(
        _l("With whom, without a name"), [InputRequired(_l("Please say in general words whom you talk with, without a name.")), Length(max=300)]
    )
    consent = RadioField(
        _l("She agreed"),
        [InputRequired(_l("Ask first, and note what was agreed to. Without it nothing is written down."))],
        choices=[SelectChoice(one, CONSENT_NAMES[one]) for one in CONSENTS],
    )
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, guides: list[tuple[str, str]]) -> None:
        """The guides there are."""
        self.guide.choices = [SelectChoice(key, title) for key, title in guides]


class QuoteForm(FlaskForm):
    """One thing that was said."""

    words = TextAreaField(_l("What was said"), [InputRequired(_l("Please write what was said.")), Length(max=LONGEST)])
    side = RadioField(
        _l("It tells of"),
        [InputRequired(_l("Please choose whether it is a strength or a weakness."))],
        choices=[SelectChoice(one, SIDE_NAMES[one]) for one in SIDES],
    )
    skill = SelectField(_l("Skill it tells of"))
    quality = SelectField(_l("Quality it tells of"))
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, skills: list[tuple[str, str]], qualities: list[tuple[str, str]]) -> None:
        """The skills and the qualities there are, or none."""
        none: list[Any] = [SelectChoice("", _("none in particular"))]
        self.skill.choices = none + [SelectChoice(key, name) for key, name in skills]
        self.quality.choices = none + [SelectChoice(key, name) for key, name in qualities]

"""What is filled in to say which points a reply meets."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, TextAreaField

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l
from trainee.modules.roleplays.replies.actions import LONGEST


class LookForm(FlaskForm):
    """The points of the rubric, and a few words."""

    met = SelectMultipleField(_l("What does this reply do?"))
    words = TextAreaField(_l("In your words"), [Length(max=LONGEST)])

    def offer(self, criteria: Sequence[tuple[str, str]]) -> None:
        """The points there are to tick."""
        self.met.choices = [SelectChoice(key, words) for key, words in criteria]

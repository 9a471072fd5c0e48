"""What is filled in about measures: a target, and what a comment is about."""

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.validators import Optional

from trainee.kit.forms import NumberField, SelectChoice
from trainee.kit.i18n import _l
from trainee.voice.themes import THEMES


class TargetForm(FlaskForm):
    """What a measure should reach; empty takes the target back."""

    value = NumberField(_l("Target"), [Optional()])


class ThemesForm(FlaskForm):
    """What a comment is about."""

    themes = SelectMultipleField(_l("About"), choices=[SelectChoice(key, name) for key, name in THEMES.items()])

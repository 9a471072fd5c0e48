"""What is filled in about ratings: a reply, what was done about a worry, a file."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Regexp

from trainee.kit.forms import Length
from trainee.kit.i18n import _l
from trainee.voice.actions import LONGEST


class ReplyForm(FlaskForm):
    """How somebody sees a comment herself."""

    words = TextAreaField(_l("How you see it"), [Length(max=LONGEST)])


class ConcernForm(FlaskForm):
    """What was done."""

    done = TextAreaField(_l("What was done?"), [InputRequired(_l("Please write what was done; the team learns from it.")), Length(max=LONGEST)])


class ImportForm(FlaskForm):
    """A file of ratings."""

    file = FileField(_l("File"))
    system = StringField(
        _l("What the other system is called"),
        [
            InputRequired(_l("Please name the system; with its numbers it makes each answer unique.")),
            Length(max=40),
            Regexp(r"[\w .-]+\Z", message=_l("Letters, digits, blanks, dots and dashes, please.")),
        ],
        default="crm",
    )

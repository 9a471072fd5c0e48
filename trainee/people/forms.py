"""What people fill in about themselves and others."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import EqualTo, InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from trainee.kit.errors import Refusal
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import LANGUAGES, _l
from trainee.people import actions
from trainee.people.queries import Place

LANGUAGE_CHOICES = [SelectChoice(key, name) for key, name in LANGUAGES.items()]
ROLE_NAMES = {
    "employee": _l("Employee"),
    "supervisor": _l("Supervisor"),
    "trainer": _l("Trainer"),
    "hr": _l("HR"),
    "admin": _l("Administrator"),
    "executive": _l("Executive"),
}


class SignInForm(FlaskForm):
    """Name and password."""

    login = StringField(_l("User name or e-mail"), [InputRequired(_l("Please write your user name or e-mail address.")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Please write your password.")), Length(max=800)])
    remember = BooleanField(_l("Keep me signed in on this device"))


class ForgotForm(FlaskForm):
    """Whose link is asked for."""

    login = StringField(_l("User name or e-mail"), [InputRequired(_l("Please write your user name or e-mail address.")), Length(max=254)])


class NewPasswordForm(FlaskForm):
    """A new password, twice."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Please write a new password.")), Length(max=800)])
    again = PasswordField(_l("The same once more"), [EqualTo("password", _l("The two passwords are not the same."))])


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    old = PasswordField(_l("Present password"), [InputRequired(_l("Please write your present password.")), Length(max=800)])


class ProfileForm(FlaskForm):
    """What a person may change about herself."""

    name = StringField(_l("Name"), [InputRequired(_l("Please write your name.")), Length(max=120)])
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    time_zone = StringField(_l("Time zone"), [InputRequired(_l("Please choose a time zone.")), Length(max=60)])


class PersonForm(FlaskForm):
    """A new person, or changes to one; `person_id` is hers then. All that is wrong is told at once."""

    person_id: int | None = None
    name = StringField(_l("Name"), [InputRequired(_l("Please write the name.")), Length(max=120)])
    username = StringField(_l("User name"), [InputRequired(_l("Please write a user name.")), Length(max=120)])
    email = StringField(_l("E-mail (if there is one)"), [Length(max=254)])
    employee_no = StringField(_l("Employee number (if there is one)"), [Length(max=40)])
    job = StringField(_l("Job title"), [InputRequired(_l("Please write the job title.")), Length(max=120)])
    team_id = SelectField(_l("Team"), coerce=int)
    supervisor_id = SelectField(_l("Supervisor"), coerce=int)
    dotted_id = SelectField(_l("Second supervisor (dotted line)"), coerce=int)
    hired_on = DateField(_l("First working day"), [Optional()])
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    roles = SelectMultipleField(
        _l("Roles"),
        choices=[SelectChoice(role, name) for role, name in ROLE_NAMES.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def validate_username(self, field: StringField) -> None:
        """A name that can be typed and is nobody else's."""
        try:
            actions.require_free_username((field.data or "").strip(), self.person_id)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from None

    def validate_email(self, field: StringField) -> None:
        """An address, when one is given, that is nobody else's."""
        try:
            actions.require_free_email(field.data, self.person_id)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from None

    def offer(self, teams: list[Any], supervisors: list[tuple[int, str]]) -> None:
        """Fill the choices of teams and supervisors; 0 means none."""
        self.team_id.choices = [SelectChoice(0, "—"), *[SelectChoice(team.id, f"{team.name} · {team.unit}") for team in teams]]
        self.supervisor_id.choices = self.dotted_id.choices = [SelectChoice(0, "—"), *[SelectChoice(number, name) for number, name in supervisors]]


class UnitForm(FlaskForm):
    """A unit and what it lies in."""

    name = StringField(_l("Name"), [InputRequired(_l("Please write a name.")), Length(max=120)])
    parent_id = SelectField(_l("Lies in"), coerce=int)

    def offer(self, units: list[Place], but: int | None = None) -> None:
        """Fill the choices; 0 means at the top."""
        self.parent_id.choices = [SelectChoice(0, _l("nothing; it stands at the top")), *_indented(units, but)]


class TeamForm(FlaskForm):
    """A team, its unit and who leads it."""

    name = StringField(_l("Name"), [InputRequired(_l("Please write a name.")), Length(max=120)])
    unit_id = SelectField(_l("Unit"), coerce=int)
    supervisor_id = SelectField(_l("Led by"), coerce=int)

    def offer(self, units: list[Place], supervisors: list[tuple[int, str]]) -> None:
        """Fill the choices; 0 means nobody yet."""
        self.unit_id.choices = _indented(units)
        self.supervisor_id.choices = [SelectChoice(0, "—"), *[SelectChoice(number, name) for number, name in supervisors]]


def _indented(units: list[Place], but: int | None = None) -> list[SelectChoice]:
    return [SelectChoice(one.id, "\u2003" * one.depth + one.name) for one in units if one.id != but]

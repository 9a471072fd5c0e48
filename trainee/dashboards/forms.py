"""What a supervisor fills in for somebody."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, IntegerField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, NumberRange, Optional, ValidationError

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _, _l
from trainee.people.forms import LANGUAGE_CHOICES
from trainee.plans.noted import EXISTING


def whole(value: Any) -> int | str:
    """A number of a list, or nothing; what is neither is not in the list."""
    return int(value) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else str(value)


def endings() -> tuple[tuple[int | None, str], ...]:
    """How well a role-play has to end, the least first."""
    return (None, _("any ending")), (2, _("a middling ending or better")), (3, _("the best ending"))


class AssignmentForm(FlaskForm):
    """Something to do for one person: until when, and why. `asked_at` is when the page was opened, so that pressing twice asks once."""

    what = SelectField(_l("What"), [InputRequired(_l("Please choose what is to be done."))])
    due_on = DateField(_l("Until when"), [Optional()], description=_l("A date gives a friendly reminder; leave it empty for “when there is time”."))
    why = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Please say in a sentence why; it is shown with the assignment.")), Length(max=500)],
        description=_l("The person reads this sentence with the assignment."),
    )
    accepts_earlier = BooleanField(
        _l("What was done before counts too"),
        description=_l("Without this tick only what is done from now on counts, also when it was done before."),
    )
    ending = SelectField(_l("A role-play counts with"), coerce=whole, default="")
    asked_at = HiddenField()
    # The skill whose gap it answers, when it was given from one, and what the reason was prepared of.
    skill = HiddenField()
    prepared = HiddenField()
    # "team" when it was opened from the list of the team, where one then goes on.
    came_from = HiddenField()

    # Set by the view: the date where the person lives.
    earliest: date | None = None

    def offer(self, tasks: list[tuple[str, str]], earliest: date) -> None:
        """Fill in what may be assigned and the first date that makes sense."""
        self.what.choices = [SelectChoice("", _("Choose what is to be done")), *[SelectChoice(key, title) for key, title in tasks]]
        self.ending.choices = [SelectChoice("" if rank is None else rank, words) for rank, words in endings()]
        self.earliest = earliest

    def validate_due_on(self, field: Any) -> None:
        """A date that has passed helps nobody."""
        if field.data is not None and self.earliest is not None and field.data < self.earliest:
            raise ValidationError(_("That day has passed. Choose today or a later day."))

    def validate_why(self, field: Any) -> None:
        """Blanks are no reason."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please say in a sentence why; it is shown with the assignment."))


class AssignManyForm(AssignmentForm):
    """The same for many people at once."""

    whom = SelectField(_l("To whom"), [InputRequired(_l("Please choose to whom."))])

    def offer(self, tasks: list[tuple[str, str]], earliest: date, whom: list[tuple[str, str]] | None = None) -> None:
        """Fill in what may be assigned, from when on, and to whom."""
        super().offer(tasks, earliest)
        self.whom.choices = [SelectChoice("", _("Choose to whom")), *[SelectChoice(key, words) for key, words in whom or []]]


class RuleForm(FlaskForm):
    """A rule: what, for whom, until when and why. It gives nothing before it is switched on."""

    title = StringField(_l("Name of the rule"), [InputRequired(_l("Please give the rule a name.")), Length(max=100)])
    what = SelectField(_l("What"), [InputRequired(_l("Please choose what is to be done."))])
    team_id = SelectField(_l("Whoever joins this team"), coerce=whole, default="")
    unit_id = SelectField(_l("Or a team of this unit"), coerce=whole, default="")
    job = SelectField(_l("With this job"), default="")
    joined_from = DateField(_l("Who joined on this day or later"), [Optional()])
    due_days = IntegerField(_l("Days to do it, from the day of joining"), [Optional(), NumberRange(0, 730, _l("Write a number of days up to 730."))])
    due_on = DateField(_l("Or until this day"), [Optional()])
    why = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Please say in a sentence why; it is shown with the assignment.")), Length(max=500)],
        description=_l("The person reads this sentence with the assignment."),
    )
    accepts_earlier = BooleanField(_l("What was done before counts too"))
    ending = SelectField(_l("A role-play counts with"), coerce=whole, default="")
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(
        self, tasks: list[tuple[str, str]], teams: list[tuple[int, str]], units: list[tuple[int, str]], jobs: list[str], all_teams: bool
    ) -> None:
        """Fill in what there is to choose; without `all_teams` a team has to be chosen."""
        self.what.choices = [SelectChoice("", _("Choose what is to be done")), *[SelectChoice(key, title) for key, title in tasks]]
        none = _("any team") if all_teams else _("Choose a team")
        self.team_id.choices = [SelectChoice("", none), *[SelectChoice(number, name) for number, name in teams]]
        self.team_id.flags.required = not all_teams
        self.unit_id.choices = [SelectChoice("", _("any unit")), *[SelectChoice(number, name) for number, name in units]]
        self.job.choices = [SelectChoice("", _("any job")), *[SelectChoice(job, job) for job in jobs]]
        self.ending.choices = [SelectChoice("" if rank is None else rank, words) for rank, words in endings()]

    def validate_due_on(self, field: Any) -> None:
        """One kind of date is enough."""
        if field.data is not None and self.due_days.data is not None:
            raise ValidationError(_("Choose days after joining or a date, and not both."))


class CertificationForm(RuleForm):
    """What is certified, for how long, and the rule that asks for it."""

    title_en = StringField(
        _l("Its name in English"), [Length(max=100)], description=_l("For the paper in English. Left empty, the name above stands there too.")
    )
    months = IntegerField(
        _l("Valid for so many months"), [InputRequired(_l("Please write for how many months.")), NumberRange(1, 120, _l("Write 1 to 120 months."))]
    )
    window_days = IntegerField(
        _l("To be renewed within so many days before the end"),
        [InputRequired(_l("Please write how many days before.")), NumberRange(0, 365, _l("Write up to 365 days."))],
    )
    short = BooleanField(
        _l("Who passes the quiz first need not read the lessons again"),
        description=_l("When renewing. Who does not pass at the first try does it all."),
    )


class BeginRuleForm(FlaskForm):
    """What becomes of those who are here already when a rule is switched on."""

    existing = RadioField(
        _l("Those who are here already"),
        [InputRequired(_l("Please choose what becomes of those who are here already."))],
        choices=[SelectChoice(key, words) for key, words in EXISTING.items()],
        default="leave",
    )


class EndRuleForm(FlaskForm):
    """What becomes of what a rule gave when it ends."""

    take_back = BooleanField(_l("Take back what is still to be done"))


class ExcuseForm(FlaskForm):
    """Why somebody need not do an assignment."""

    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Please write the reason.")), Length(max=500)])

    def validate_reason(self, field: Any) -> None:
        """Blanks are no reason."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please write the reason."))


class BeginForm(FlaskForm):
    """The start code and the first administrator."""

    code = StringField(_l("Start code"), [InputRequired(_l("Please write the start code.")), Length(max=40)])
    name = StringField(_l("Your name"), [InputRequired(_l("Please write your name.")), Length(max=120)])
    username = StringField(_l("User name"), [InputRequired(_l("Please write a user name.")), Length(max=120)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Please write a new password.")), Length(max=800)])
    again = PasswordField(_l("The same once more"), [EqualTo("password", _l("The two passwords are not the same."))])


class NameForm(FlaskForm):
    """What the organisation is called and reads."""

    name = StringField(_l("Name of the organisation"), [InputRequired(_l("Please write what your organisation is called.")), Length(max=120)])
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)

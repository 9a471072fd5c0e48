"""What is filled in to expect something, in two steps, to end it, to object and to answer."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from trainee.expectations.actions import Terms, missing
from trainee.expectations.models import AUDIENCES, RHYTHMS, WAYS, Scope
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _, _l
from trainee.skills import Framework

WAY_NAMES = {
    "observation": _l("Observations at work"),
    "customers": _l("Customers' answers"),
    "roleplay": _l("Role-plays"),
    "quiz": _l("Quizzes"),
}
RHYTHM_NAMES = {
    "weekly": _l("Every week"),
    "fortnightly": _l("Twice a month"),
    "monthly": _l("Once a month"),
    "quarterly": _l("Every three months"),
}
AUDIENCE_NAMES = {"nobody": _l("Nobody else"), "trainer": _l("The trainers too"), "team": _l("The whole team")}
_WORDS = 1000


class WhomForm(FlaskForm):
    """The first step: for whom, which skill, which level, from when and until when. `offer` fills in what there is to choose."""

    whom = SelectField(_l("For whom"), [InputRequired(_l("Please choose for whom."))])
    skill = SelectField(_l("Skill"), [InputRequired(_l("Please choose a skill."))])
    level = RadioField(_l("Level to reach"), [InputRequired(_l("Please choose a level."))])
    starts_on = DateField(_l("First day"), [InputRequired(_l("Please choose the first day."))])
    ends_on = DateField(_l("Last day"), [Optional()])
    receipt = HiddenField(validators=[Length(max=64)])
    revision = HiddenField(validators=[Length(max=12)])

    def offer(self, whom: Sequence[tuple[Scope, str]], book: Framework, lang: str) -> None:
        """Fill in those she may set for, the skills and the levels."""
        heads = {"team": _("Team"), "job": _("Everybody in the job")}
        named = [(str(scope), f"{heads[scope.kind]}: {name}" if scope.kind in heads else name) for scope, name in whom]
        self.whom.choices = [SelectChoice("", _("Choose")), *(SelectChoice(word, name) for word, name in named)]
        families = {family.key: family.name.of(lang) for family in book.families}
        skills = [SelectChoice(one.key, f"{one.name.of(lang)} ({families[one.family]})") for one in book.skills]
        self.skill.choices = [SelectChoice("", _("Choose")), *skills]
        self.level.choices = [SelectChoice(str(number), term.name.of(lang)) for number, term in book.levels.items()]

    def validate_ends_on(self, field: Any) -> None:
        """The end lies after the beginning."""
        if field.data is not None and self.starts_on.data is not None and field.data <= self.starts_on.data:
            raise ValidationError(_("It has to end after it begins."))

    def columns(self) -> dict[str, Any]:
        """What was chosen, as a draft keeps it; only after the form was found to be in order."""
        scope = Scope.read(self.whom.data or "")
        assert scope is not None  # It was one of those offered.
        dates = {"starts_on": self.starts_on.data, "ends_on": self.ends_on.data}
        return scope.columns | {"skill": self.skill.data, "level": int(self.level.data)} | dates


class TermsForm(FlaskForm):
    """The second step: why, how it is monitored, how often, who sees it, and own wording. A draft may leave out any of it."""

    why = TextAreaField(_l("Why"), [Length(max=_WORDS)])
    ways = SelectMultipleField(_l("How it is monitored"), choices=[SelectChoice(key, WAY_NAMES[key]) for key in WAYS])
    monitored = StringField(_l("In your own words"), [Length(max=400)])
    rhythm = RadioField(_l("How often somebody looks"), [Optional()], choices=[SelectChoice(key, RHYTHM_NAMES[key]) for key in RHYTHMS])
    how_often = StringField(_l("In your own words"), [Length(max=200)])
    audience = RadioField(_l("Who else sees it"), [Optional()], choices=[SelectChoice(key, AUDIENCE_NAMES[key]) for key in AUDIENCES])
    seen_by = StringField(_l("In your own words"), [Length(max=200)])
    words_tr = TextAreaField(_l("Own wording in Turkish"), [Length(max=_WORDS)])
    words_en = TextAreaField(_l("Own wording in English"), [Length(max=_WORDS)])
    revision = HiddenField(validators=[InputRequired(), Length(max=12)])

    def columns(self) -> dict[str, Any]:
        """What was written, as a draft keeps it."""
        texts = {name: (self[name].data or "").strip() for name in ("why", "monitored", "how_often", "seen_by", "words_tr", "words_en")}
        return texts | {"ways": self.ways.data or [], "rhythm": self.rhythm.data or "", "audience": self.audience.data or ""}

    def is_whole(self, terms: Terms) -> bool:
        """Whether it may be issued; what is missing or cannot be watched is noted beside its field."""
        wrong = missing(terms)
        for name, sentence in wrong.items():
            self[name].errors = [*self[name].errors, sentence]
        return not wrong

    def written_over(self, saved: Any) -> list[tuple[str, str, str]]:
        """The texts that differ from what somebody else saved meanwhile: (label, theirs, mine)."""
        mine = self.columns()
        texts = [name for name in ("why", "monitored", "how_often", "seen_by", "words_tr", "words_en") if mine[name] != getattr(saved, name)]
        found = [(str(self[name].label.text), getattr(saved, name) or "—", mine[name] or "—") for name in texts]
        for name, names in (("rhythm", RHYTHM_NAMES), ("audience", AUDIENCE_NAMES)):
            if mine[name] != getattr(saved, name):
                found.append((str(self[name].label.text), _named(names, [getattr(saved, name)]), _named(names, [mine[name]])))
        if sorted(mine["ways"]) != sorted(saved.ways):
            found.append((str(self.ways.label.text), _named(WAY_NAMES, saved.ways), _named(WAY_NAMES, mine["ways"])))
        return found


def _named(names: dict[str, Any], keys: Sequence[str]) -> str:
    return ", ".join(str(names[key]) for key in keys if key in names) or "—"


class EndForm(FlaskForm):
    """Why something is no longer expected."""

    reason = TextAreaField(_l("Why it ends"), [InputRequired(_l("Please write why it ends; those concerned read it.")), Length(max=_WORDS)])


class ObjectionForm(FlaskForm):
    """What a person objects to."""

    note = TextAreaField(
        _l("What do you object to, and what would be right?"),
        [InputRequired(_l("Please write what you object to; somebody will answer you.")), Length(max=_WORDS)],
    )
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])


class AnswerForm(FlaskForm):
    """The answer to an objection."""

    reply = TextAreaField(_l("Your answer"), [InputRequired(_l("Please write your answer.")), Length(max=_WORDS)])

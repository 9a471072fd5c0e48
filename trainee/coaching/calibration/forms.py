"""What a calibration case is made of, and what is given to it."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from trainee.coaching.calibration.actions import LONGEST_REASON
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l
from trainee.skills import Framework
from trainee.skills.scorecards import Card

NOT_SEEN = "0"


class CaseForm(FlaskForm):
    """A contact to be scored blind; `case_form` adds the reference of each line."""

    title = StringField(_l("Title"), [InputRequired(_l("Please give it a title.")), Length(max=120)])
    text = TextAreaField(_l("The contact"), [InputRequired(_l("Please paste the words of the contact, or describe it.")), Length(max=20_000)])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])
    skills: tuple[str, ...] = ()

    def reference(self) -> dict[str, int | None]:
        """The marks agreed on beforehand, by skill; nothing when none was chosen."""
        chosen = {skill: (self[f"level_{skill}"].data or "").strip() for skill in self.skills}
        if not any(chosen.values()):
            return {}
        return {skill: int(level) or None for skill, level in chosen.items() if level}


def case_form(card: Card, book: Framework, lang: str) -> CaseForm:
    """A form with a reference for each line of the card."""
    levels = [SelectChoice("", "—"), *(SelectChoice(str(number), f"{number} · {term.name.of(lang)}") for number, term in book.levels.items())]
    made: dict[str, Any] = {"skills": card.skills}
    for skill in card.skills:
        choices = [*levels, SelectChoice(NOT_SEEN, _l("Not seen"))]
        made[f"level_{skill}"] = SelectField(book.skill(skill).name.of(lang), [Optional()], choices=choices, default="")
    form: CaseForm = type("CaseFormOfCard", (CaseForm,), made)()
    return form


class SheetForm(FlaskForm):
    """One's marks; `sheet_form` adds a level and a note for each line."""

    skills: tuple[str, ...] = ()

    def levels(self) -> dict[str, int | None]:
        """The level of each line, None for 'not seen'."""
        return {skill: int(self[f"level_{skill}"].data) or None for skill in self.skills}

    def notes(self) -> dict[str, str]:
        """What was written beside them."""
        return {skill: self[f"note_{skill}"].data or "" for skill in self.skills}


def sheet_form(card: Card, book: Framework, lang: str) -> SheetForm:
    """A form with a level and a note for each line of the card."""
    levels = [SelectChoice(str(number), term.name.of(lang)) for number, term in book.levels.items()]
    made: dict[str, Any] = {"skills": card.skills}
    for skill in card.skills:
        chosen = InputRequired(_l("Please choose a level, or 'not seen'."))
        made[f"level_{skill}"] = RadioField(book.skill(skill).name.of(lang), [chosen], choices=[*levels, SelectChoice(NOT_SEEN, _l("Not seen"))])
        made[f"note_{skill}"] = TextAreaField(_l("On which words or acts does it rest?"), [Length(max=1000)])
    form: SheetForm = type("SheetFormOfCard", (SheetForm,), made)()
    return form


class ClosureForm(FlaskForm):
    """What was agreed when the marks were compared."""

    agreed = TextAreaField(_l("What was agreed for next time?"), [Length(max=4000)])


class WithdrawalForm(FlaskForm):
    """Whose licence is withdrawn, and why."""

    observer = SelectField(_l("Whose licence?"), [InputRequired(_l("Please choose whose licence is withdrawn."))])
    why = TextAreaField(_l("Why is it withdrawn?"), [InputRequired(_l("Please write why; your colleague reads it.")), Length(max=LONGEST_REASON)])

    def offer(self, observers: Sequence[tuple[int, str]]) -> None:
        """Those whose licence stands."""
        self.observer.choices = [SelectChoice("", "—"), *(SelectChoice(str(number), name) for number, name in observers)]

"""What is filled in when somebody was observed, when she says how she saw it herself, and when they do not agree."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from trainee.coaching.observations.actions import LONGEST_WAIT, Around, Line, conduct_missing, note_missing, too_long
from trainee.coaching.observations.models import CHANNELS
from trainee.coaching.scorecards.forms import BEYOND, CHANNEL_NAMES, TEAM
from trainee.kit.forms import Length, SelectChoice, whole
from trainee.kit.i18n import _l
from trainee.skills import Framework
from trainee.skills.scorecards import Card, CardLine

NOT_SEEN = "0"
YES, NO = "yes", "no"
# Where a customer stands, rings or writes and waits for a first word within the minute.
WAITING = frozenset({"shop", "phone", "chat"})
# The step that every contact has: its line cannot be passed over with the others.
FIRST_STEP = "greet"
UNMARKED = _l("Please choose a level, or 'not seen'.")
UNMARKED_FIRST = _l("Every contact begins somehow: please mark this one, or tap 'not seen'.")
_KEPT = [SelectChoice(YES, _l("Yes")), SelectChoice(NO, _l("No")), SelectChoice(NOT_SEEN, _l("Not seen"))]
_BEYOND = [*(SelectChoice(str(number), words) for number, words in enumerate(BEYOND)), SelectChoice("", _l("Not seen"))]
_KEPT_OR_NOT = {YES: True, NO: False}


def _number(chosen: str | None) -> int | None:
    """A level that was chosen, None for 'not seen' and for nothing; blanks are nothing, as for the validators."""
    return int((chosen or "").strip() or NOT_SEEN) or None


class ObservationForm(FlaskForm):
    """An observation; `observation_form` adds the fields of its card."""

    seen_at = DateTimeLocalField(_l("When was it?"), [InputRequired(_l("Please write the date and the time."))], format="%Y-%m-%dT%H:%M")
    channel = SelectField(_l("Channel"), choices=[SelectChoice(key, CHANNEL_NAMES[key]) for key in CHANNELS])
    contact = StringField(_l("Number of the contact"), [Length(max=120)])
    opening = RadioField(_l("The first thirty seconds"), [Optional()])
    first_seconds = StringField(_l("Seconds until the first word"), [Length(max=10)])
    beyond = RadioField(_l("Beyond the product"), [Optional()], choices=_BEYOND)
    professional = RadioField(_l("Professional throughout"), [Optional()], choices=_KEPT)
    respectful = RadioField(_l("Respectful throughout"), [Optional()], choices=_KEPT)
    conduct = TextAreaField(_l("What was said or done?"), [Length(max=2000)])
    shared = TextAreaField(_l("What you want to tell your colleague"), [Length(max=4000)])
    rest = BooleanField(_l("The lines I left out were not seen"))
    self_review = BooleanField(_l("Ask first for their own view"))
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])
    pick = HiddenField(validators=[Optional(), Length(max=20)])
    card: Card

    def level(self, skill: str) -> Any:
        """The field with the level of that skill."""
        return self[f"level_{skill}"]

    def note(self, skill: str) -> Any:
        """The field with what was seen of that skill."""
        return self[f"note_{skill}"]

    def wants_note(self, skill: str) -> bool:
        """Whether what is marked of that skill needs a note."""
        return bool(self.level(skill).data in ("1", "4") or self.critical(skill).data)

    def critical(self, skill: str) -> Any:
        """The field with a critical error in that skill."""
        return self[f"critical_{skill}"]

    def lines(self) -> list[Line]:
        """What was filled in, line by line; one that was left out counts as not seen."""
        return [
            Line(
                one.skill,
                _number(self.level(one.skill).data),
                (self.note(one.skill).data or "").strip(),
                self.critical(one.skill).data or None,
            )
            for one in self.card.lines
        ]

    def around(self, pick_id: int | None) -> Around:
        """What was noted beside the lines."""
        return Around(
            contact=self.contact.data or "",
            pick_id=pick_id,
            opening=_number(self.opening.data),
            first_seconds=int(written) if (written := (self.first_seconds.data or "").strip()) else None,
            beyond=int(marked) if self.bonds and (marked := (self.beyond.data or "").strip()) else None,
            professional=_KEPT_OR_NOT.get(self.professional.data or ""),
            respectful=_KEPT_OR_NOT.get(self.respectful.data or ""),
            conduct=self.conduct.data or "",
        )

    def moment(self, time_zone: str) -> datetime:
        """When it was, as somebody who lives in `time_zone` means it."""
        return cast(datetime, self.seen_at.data).replace(tzinfo=ZoneInfo(time_zone))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also each line that has no mark, and each mark that needs a note, beside its skill."""
        fine = bool(super().validate(extra_validators))
        for one in self.card.lines:
            fine = self._marked(one) and self._noted(one) and fine
        if not self._counted():
            self.first_seconds.errors = [too_long()]
            fine = False
        if NO in (self.professional.data, self.respectful.data) and not (self.conduct.data or "").strip():
            self.conduct.errors = [conduct_missing()]
            fine = False
        return fine

    @property
    def waits(self) -> bool:
        """Whether somebody waits for a first word where this card is used."""
        return self.card.channel in WAITING

    @property
    def bonds(self) -> bool:
        """Whether there is a customer with whom a relation can go beyond the product."""
        return self.card.channel != TEAM

    def _counted(self) -> bool:
        """Whether the seconds, where any are written, are some that can be waited."""
        typed = (self.first_seconds.data or "").strip()
        return not typed or whole(typed, LONGEST_WAIT, None) is not None

    def _marked(self, one: CardLine) -> bool:
        field = self.level(one.skill)
        if (field.data or "").strip() or field.errors or self.critical(one.skill).data or (self.rest.data and one.step != FIRST_STEP):
            return not field.errors
        field.errors = [UNMARKED_FIRST if self.rest.data else UNMARKED]
        return False

    def _noted(self, one: CardLine) -> bool:
        if self.wants_note(one.skill) and not (self.note(one.skill).data or "").strip():
            self.note(one.skill).errors = [note_missing()]
            return False
        return True


def observation_form(card: Card, book: Framework, lang: str, fields: Any = None) -> ObservationForm:
    """A form with the level, the note and the critical error of each line of the card; filled in with `fields` when there are some."""
    levels = [SelectChoice(str(number), term.name.of(lang)) for number, term in book.levels.items()]
    errors = [SelectChoice("", "—"), *(SelectChoice(key, book.critical_errors[key].name.of(lang)) for key in card.critical)]
    made: dict[str, Any] = {"card": card}
    for one in card.lines:
        name = book.skill(one.skill).name.of(lang)
        made[f"level_{one.skill}"] = RadioField(name, [Optional()], choices=[*levels, SelectChoice(NOT_SEEN, _l("Not seen"))])
        made[f"note_{one.skill}"] = TextAreaField(_l("What did you see or hear?"), [Length(max=2000)])
        made[f"critical_{one.skill}"] = SelectField(_l("Critical error"), choices=errors, default="")
    kind = type("ObservationFormOfCard", (ObservationForm,), made)
    form: ObservationForm = kind() if fields is None else kind(formdata=fields)
    form.opening.choices = levels
    return form


def complaints_of(form: FlaskForm) -> list[tuple[str, str]]:
    """What a form complains of, field by field, for its head."""
    wrong = [field for field in cast("Mapping[str, Field]", form._fields).values() if field.errors]
    return [(field.id, f"{field.label.text}: {field.errors[0]}") for field in wrong if field.type not in ("HiddenField", "CSRFTokenField")]


class SelfReviewForm(FlaskForm):
    """How the person saw the contact herself; `self_review_form` adds a level for each line."""

    note = TextAreaField(_l("What would you do again, and what differently?"), [Length(max=2000)])
    skills: tuple[str, ...] = ()

    def levels(self) -> dict[str, int | None]:
        """Her levels by skill; None where it did not come up."""
        return {skill: _number(self[f"level_{skill}"].data) for skill in self.skills}


def self_review_form(skills: tuple[str, ...], book: Framework, lang: str) -> SelfReviewForm:
    """A form with a level for each of these lines."""
    levels = [SelectChoice(str(number), term.name.of(lang)) for number, term in book.levels.items()]
    made: dict[str, Any] = {"skills": skills}
    for one in skills:
        choices = [*levels, SelectChoice(NOT_SEEN, _l("Did not come up"))]
        made[f"level_{one}"] = RadioField(book.skill(one).name.of(lang), [Optional()], choices=choices)
    form: SelfReviewForm = type("SelfReviewFormOfCard", (SelfReviewForm,), made)()
    return form


class DisputeForm(FlaskForm):
    """Why somebody sees a line differently."""

    skill = HiddenField(validators=[InputRequired(), Length(max=120)])
    reason = TextAreaField(_l("Why do you see it differently?"), [InputRequired(_l("Please write why you see it differently.")), Length(max=2000)])


OUTCOME_NAMES = {
    "kept": _l("The mark stays as it is"),
    "changed": _l("Another level fits better"),
    "struck": _l("The line does not count"),
}


class DecisionForm(FlaskForm):
    """What is decided about a disputed line."""

    outcome = RadioField(
        _l("What is decided?"),
        [InputRequired(_l("Please choose what is decided."))],
        choices=[SelectChoice(key, OUTCOME_NAMES[key]) for key in OUTCOME_NAMES],
    )
    level = SelectField(_l("The level that fits"), [Optional()], default="")
    reply = TextAreaField(_l("Your reason, for both of them"), [InputRequired(_l("Please write why; both of them read it.")), Length(max=2000)])

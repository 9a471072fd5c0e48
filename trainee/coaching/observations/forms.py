"""What is filled in when somebody was observed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from trainee.coaching.observations.actions import Line, note_missing
from trainee.coaching.observations.models import CHANNELS
from trainee.kit.forms import SelectChoice
from trainee.kit.i18n import _l
from trainee.skills import Framework, Skill

CHANNEL_NAMES = {
    "phone": _l("Phone"),
    "chat": _l("Chat"),
    "email": _l("E-mail"),
    "social": _l("Social media"),
    "shop": _l("Shop"),
    "visit": _l("At the customer's"),
}
NOT_SEEN = "0"


class ObservationForm(FlaskForm):
    """An observation; `observation_form` adds the fields of its skills."""

    seen_at = DateTimeLocalField(_l("When was it?"), [InputRequired(_l("Please write the date and the time."))], format="%Y-%m-%dT%H:%M")
    channel = SelectField(_l("Channel"), choices=[SelectChoice(key, CHANNEL_NAMES[key]) for key in CHANNELS])
    shared = TextAreaField(_l("What you want to tell your colleague"), [Length(max=4000)])
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])
    skills: Sequence[Skill] = ()

    def level(self, skill: str) -> Any:
        """The field with the level of that skill."""
        return self[f"level_{skill}"]

    def note(self, skill: str) -> Any:
        """The field with what was seen of that skill."""
        return self[f"note_{skill}"]

    def critical(self, skill: str) -> Any:
        """The field with a critical error in that skill."""
        return self[f"critical_{skill}"]

    def lines(self) -> list[Line]:
        """What was filled in, skill by skill."""
        return [
            Line(one.key, int(self.level(one.key).data) or None, (self.note(one.key).data or "").strip(), self.critical(one.key).data or None)
            for one in self.skills
        ]

    def moment(self, time_zone: str) -> datetime:
        """When it was, as somebody who lives in `time_zone` means it."""
        return cast(datetime, self.seen_at.data).replace(tzinfo=ZoneInfo(time_zone))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also each mark that needs a note, beside its skill."""
        fine = bool(super().validate(extra_validators))
        for one in self.skills:
            wanting = self.level(one.key).data in ("1", "4") or self.critical(one.key).data
            if wanting and not (self.note(one.key).data or "").strip():
                self.note(one.key).errors = [note_missing()]
                fine = False
        return fine


def observation_form(skills: Sequence[Skill], book: Framework, lang: str) -> ObservationForm:
    """A form with the level, the note and the critical error of each of these skills."""
    levels = [SelectChoice(str(number), term.name.of(lang)) for number, term in book.levels.items()]
    errors = [SelectChoice("", "—"), *(SelectChoice(term.key, term.name.of(lang)) for term in book.critical_errors.values())]
    fields: dict[str, Any] = {"skills": skills}
    for one in skills:
        name = one.name.of(lang)
        chosen = InputRequired(_l("Please choose a level, or 'not seen'."))
        fields[f"level_{one.key}"] = RadioField(name, [chosen], choices=[*levels, SelectChoice(NOT_SEEN, _l("Not seen"))])
        fields[f"note_{one.key}"] = TextAreaField(_l("What did you see or hear?"), [Length(max=2000)])
        fields[f"critical_{one.key}"] = SelectField(_l("Critical error"), choices=errors, default="")
    made: ObservationForm = type("ObservationFormOfSkills", (ObservationForm,), fields)()
    return made

"""What is filled in before, during and after a session."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from trainee.coaching.sessions.actions import LONGEST, LONGEST_ACTION, LONGEST_REASON
from trainee.coaching.sessions.models import PARTS
from trainee.kit import trtext
from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _, _l

_MINUTES = "%Y-%m-%dT%H:%M"


def _moment(form: Any) -> datetime:
    """The moment of a form as somebody who lives in `form.time_zone` means it."""
    return cast(datetime, form.promised_at.data).replace(tzinfo=ZoneInfo(form.time_zone))


class ArrangeForm(FlaskForm):
    """Promising a session: about which skill, and when."""

    skill = SelectField(_l("About which skill?"), [InputRequired(_l("Please choose the skill the session is about."))])
    promised_at = DateTimeLocalField(_l("When?"), [InputRequired(_l("Please write the date and the time."))], format=_MINUTES)
    receipt = HiddenField(validators=[InputRequired(), Length(max=64)])
    time_zone = "UTC"

    def offer(self, skills: list[tuple[str, str]], time_zone: str) -> None:
        """The skills there is evidence on, and the zone the writer lives in."""
        self.skill.choices = [SelectChoice(key, name) for key, name in skills]
        self.time_zone = time_zone

    def moment(self) -> datetime:
        """When, aware."""
        return _moment(self)


def _reason(label: Any) -> StringField:
    return StringField(label, [InputRequired(_l("Please write the reason; the other side reads it.")), Length(max=LONGEST_REASON)])


class MoveForm(FlaskForm):
    """Another moment, with the reason."""

    promised_at = DateTimeLocalField(_l("New date and time"), [InputRequired(_l("Please write the date and the time."))], format=_MINUTES)
    reason = _reason(_l("Why is it moved?"))
    time_zone = "UTC"

    def moment(self) -> datetime:
        """When, aware."""
        return _moment(self)


class CancelForm(FlaskForm):
    """The reason why a session does not take place."""

    why = _reason(_l("Why is it cancelled?"))


class AgreementForm(FlaskForm):
    """The one thing that was agreed, until when, and when it is looked at again."""

    action = StringField(_l("One thing to try"), [InputRequired(_l("Please write the one thing that was agreed.")), Length(max=LONGEST_ACTION)])
    # Asked for where nothing was written of what was seen: a talk is about something that happened.
    seen = TextAreaField(_l("What was seen or heard?"), [Length(max=LONGEST["behaviour"])])
    action_by = DateField(_l("Until when"), [InputRequired(_l("Please choose the day until which it is tried."))])
    follow_up_on = DateField(_l("Follow-up observation on"), [InputRequired(_l("Please choose the day of the follow-up observation."))])
    # Set where what was agreed is put right.
    mend = HiddenField()


class PartForm(FlaskForm):
    """What one side writes, or both together; `version` is what stood there when the page was opened."""

    version = IntegerField(validators=[InputRequired(), NumberRange(0, 1_000_000)])
    part = ""

    def words(self) -> dict[str, str]:
        """What was typed, field by field."""
        return {name: self[name].data or "" for name in FIELDS[self.part]}


def _area(label: Any, name: str) -> TextAreaField:
    return TextAreaField(label, [Length(max=LONGEST[name])])


class CoachForm(PartForm):
    """The supervisor's side: what to talk about, and what was seen as situation, behaviour and impact."""

    part = "coach"
    agenda = _area(_l("What I would like to talk about"), "agenda")
    situation = _area(_l("Situation: when and where was it?"), "situation")
    behaviour = _area(_l("Behaviour: what was done or said?"), "behaviour")
    impact = _area(_l("Impact: what did it bring about?"), "impact")


class PersonForm(PartForm):
    """The coached person's side: what to talk about, and how she saw it."""

    part = "person"
    agenda = _area(_l("What I would like to talk about"), "agenda")
    view = _area(_l("How I saw it"), "view")


class TalkForm(PartForm):
    """The conversation itself, written by either: goal, reality, options, will."""

    part = "talk"
    goal = _area(_l("Goal: what would be good to reach?"), "goal")
    reality = _area(_l("Reality: how is it now, and what was tried?"), "reality")
    options = _area(_l("Options: what could be done, and what else?"), "options")
    will = _area(_l("Will: what of it, and how surely?"), "will")


class PrivateForm(PartForm):
    """Notes for oneself."""

    part = "private"
    note = _area(_l("My notes"), "note")


FORMS: Final = {form.part: form for form in (CoachForm, PersonForm, TalkForm, PrivateForm)}
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {**PARTS, "private": ("note",)}

# Words that judge a person instead of telling what was done, in both languages, folded.
_VERDICTS = frozenset(
    (
        *("always", "never", "lazy", "careless", "rude", "unmotivated", "attitude"),
        *("daima", "asla", "hep", "ilgisiz", "tembel", "ozensiz", "kaba", "isteksiz", "tavri"),
    )
)


# Words that begin one more thing, in both languages, folded; and those that stand between two steps of one and the same.
_ONE_MORE = frozenset(("also", "additionally", "second", "secondly", "thirdly", "ayrica", "ikincisi", "ikinci", "ucuncu", "bunun yaninda"))
_STEPS = frozenset(("first", "then", "finally", "once", "sonra", "ardindan", "son olarak", "en son"))
_LISTED = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+\S", re.MULTILINE)


def several(action: str) -> bool:
    """Whether what was agreed reads like a list of things instead of one; some sentences about one thing do not."""
    words = f" {' '.join(re.findall(r'[a-z0-9]+', trtext.fold(action)))} "
    more, steps = (sum(words.count(f" {one} ") for one in some) for some in (_ONE_MORE, _STEPS))
    return bool(more) or steps > 2 or len(_LISTED.findall(action)) > 1


def hints(words: Mapping[str, str]) -> list[str]:
    """What would make a note on situation, behaviour and impact more useful; empty when nothing was begun or nothing is wanting. Never a refusal."""
    situation, behaviour, impact = (words.get(name, "").strip() for name in ("situation", "behaviour", "impact"))
    if not (situation or behaviour or impact):
        return []
    found = []
    if not behaviour:
        found.append(str(_("The behaviour is still open: what would a camera have seen or heard?")))
    if not impact:
        found.append(str(_("The impact is still open: what did it bring about for the customer, the colleague or the day?")))
    if not situation:
        found.append(str(_("The situation is still open: when and where was it, so that both remember the same moment?")))
    verdicts = [word for word in f"{behaviour} {impact}".split() if trtext.fold(word.strip(".,;:!?\"'“”")) in _VERDICTS]
    if verdicts:
        found.append(str(_("“%(word)s” sounds like a verdict. What was seen this one time is easier to talk about.", word=verdicts[0])))
    return found

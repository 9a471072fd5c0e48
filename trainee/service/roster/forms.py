"""What is filled in to put somebody on the roster."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from trainee.kit.forms import Length, SelectChoice
from trainee.kit.i18n import _l
from trainee.service.roster.models import CALL, GREET

_MOMENT = "%Y-%m-%dT%H:%M"


class ShiftForm(FlaskForm):
    """Who stands by for what, from when until when, under which number."""

    person_id = SelectField(_l("Who"), coerce=int)
    area = StringField(_l("For which area"), [InputRequired(_l("Please say for which area.")), Length(max=120)])
    duty = RadioField(
        _l("What for"),
        [Optional()],
        choices=[SelectChoice(CALL, _l("to be called")), SelectChoice(GREET, _l("to greet at the door"))],
        default=CALL,
    )
    rank = RadioField(
        _l("Place in the order of calls"),
        [InputRequired(_l("Please choose."))],
        choices=[SelectChoice("1", _l("call first")), SelectChoice("2", _l("as backup"))],
    )
    phone = StringField(_l("Phone"), [Length(max=30)])
    starts = DateTimeLocalField(_l("From when"), [InputRequired(_l("Please write the date and the time."))], format=_MOMENT)
    ends = DateTimeLocalField(_l("Until when"), [InputRequired(_l("Please write the date and the time."))], format=_MOMENT)

    def offer(self, people: list[Any]) -> None:
        """Fill the choice of people; 0 stands for nobody and is refused."""
        self.person_id.choices = [SelectChoice(0, "—"), *[SelectChoice(row.id, row.name) for row in people]]

    def shift(self, time_zone: str) -> dict[str, Any]:
        """What was filled in, as `add_shift` takes it; times as somebody who lives in `time_zone` means them."""
        zone = ZoneInfo(time_zone)
        starts, ends = cast(datetime, self.starts.data), cast(datetime, self.ends.data)
        return {
            "person_id": self.person_id.data,
            "area": self.area.data or "",
            "duty": self.duty.data or CALL,
            "rank": int(self.rank.data),
            "phone": self.phone.data or "",
            "starts_at": starts.replace(tzinfo=zone),
            "ends_at": ends.replace(tzinfo=zone),
        }
